"""What still stands in a school file from the example that `lollipop init` writes."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.commands.sample import SCHOOL
from school.people import SAFEGUARDING_ROLES


@dataclass(frozen=True)
class Placeholder:
    """One thing of the example. `line` counts from 1; `value` is what stands there; `cure` is what to write."""

    line: int
    value: str
    what: str
    cure: str


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """All that still stands in a school file's text, in its order; nothing where it is no TOML, which others report."""
    try:
        written = tomllib.loads(text)
    except ValueError:
        return ()
    example = tomllib.loads(SCHOOL.format(id="example", name="Example"))
    found = (look(written, example, text) for look in (_people, _classes, _events))
    return tuple(sorted((left for each in found for left in each), key=lambda it: it.line))


def _people(written: dict[str, Any], example: dict[str, Any], text: str) -> Iterator[Placeholder]:
    made_up = {person["id"]: person for person in example["people"]}
    slack_ids = {person["slack"] for person in example["people"]}
    for person in _tables(written, "people"):
        name, slack = str(person.get("name")), str(person.get("slack"))
        if slack in slack_ids:
            what = f"{name} ({slack}) is not a person of yours: both stand there as an example."
            cure = "Write the name and the Slack member id of who it is at your school, or take the person out."
            yield Placeholder(_line(text, slack), slack, what, cure)
        elif _is_of_the_example(person, made_up):
            what = f"{name} is not a person of yours: the name stands there as an example."
            yield Placeholder(_line(text, name), name, what, "Write the name of who it is at your school.")


def _is_of_the_example(person: dict[str, Any], made_up: dict[str, Any]) -> bool:
    """By id and name. A lead, head or chair of that name may well be theirs: they are the first to be typed in."""
    own = made_up.get(person.get("id", ""))
    return own is not None and own["name"] == person.get("name") and not SAFEGUARDING_ROLES.intersection(own["roles"])


def _classes(written: dict[str, Any], example: dict[str, Any], text: str) -> Iterator[Placeholder]:
    channels = {klass["slack_channel"] for klass in example["classes"]}
    for klass in _tables(written, "classes"):
        channel = str(klass.get("slack_channel"))
        if channel in channels:
            what = f"{channel} is not a channel of yours: it stands there as an example for {klass.get('name')}."
            cure = "Write the id of the class's own Slack channel, or take the line out."
            yield Placeholder(_line(text, channel), channel, what, cure)


def _events(written: dict[str, Any], example: dict[str, Any], text: str) -> Iterator[Placeholder]:
    """Families would be told of it."""
    made_up = {event["id"]: event for event in example["events"]}
    for event in _tables(written, "events"):
        if made_up.get(event.get("id", "")) == event and not event.get("cancelled"):
            name = str(event.get("name"))
            what = f"{name} is not an event of yours: it stands there as an example, and families would hear of it."
            yield Placeholder(_line(text, name), name, what, "Write your own event in its place, or take it out.")


def _tables(written: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = written.get(key, [])
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _line(text: str, value: object) -> int:
    lines = text.splitlines()
    return next((at for at, line in enumerate(lines, start=1) if f'"{value}"' in line), 1)
