"""`lollipop parents events`: what families are invited to, how many come, and each child's replies for the office."""

from pathlib import Path
from typing import Any

import click

from bot.clock import MachineClock
from bot.commands.house import Stores, Where, pass_where, say, say_json, stores
from bot.paper import csv_of
from bot.unit import Unit
from parents import Comes, Counted, Reply, clock_of, counted_of
from school.events import SchoolEvent
from school.school import School
from school.words import Refusal, Text

HEAD = ("pupil", "class", "adult", "reply", "adults", "since")
SAID = {Comes.YES: "coming", Comes.WAITS: "waiting", Comes.NO: "not coming"}


class NoSuchEventError(Refusal):
    """An event was named that the school file does not have."""

    text = Text("There is no event “{name}” in the school file. The events are: {events}.")


class NoEventsError(Refusal):
    """The school file has none."""

    text = Text("There is no event in the school file yet. Write one under [[events]], as the example shows.")


def event_named(school: School, name: str) -> SchoolEvent:
    """By id, or by name whatever the capitals. Raises NoSuchEventError or NoEventsError."""
    if not school.events:
        raise NoEventsError
    wanted = " ".join(name.split()).casefold()
    for event in school.events:
        if wanted in {event.id, event.name.casefold()}:
            return event
    raise NoSuchEventError(name=name[:60], events=", ".join(event.id for event in school.events))


@click.command("events", epilog="Example: lollipop parents events year-4-evening --csv evening.csv")
@click.argument("name", metavar="[ID]", default="")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option(
    "--csv", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the replies to ID as a table here."
)
@pass_where
def events(where: Where, name: str, as_json: bool, file: Path | None) -> None:  # noqa: FBT001
    """What families are invited to, and how many come. Of ID: the replies for each child, by the school's own code."""
    if file and not name:
        raise click.UsageError("Say of which event: lollipop parents events year-4-evening --csv evening.csv")
    with stores(where) as at, at.units.read(at.school.id) as unit:
        if not name:
            _all(at, unit, as_json=as_json)
            return
        event = event_named(at.school, name)
        rows = _rows(at, unit, event)
        if as_json:
            replies = [dict(zip(HEAD, row, strict=True)) for row in rows]
            say_json({"school": at.school.name, **_plain(at, unit, event), "rows": replies})
        elif file is None:
            say(csv_of(HEAD, rows).rstrip())
    if file is not None:
        file.write_text(csv_of(HEAD, rows), "utf-8-sig", newline="")
        click.echo(f"Wrote {file}.", err=True)


def _all(at: Stores, unit: Unit, *, as_json: bool) -> None:
    found = [_plain(at, unit, event) for event in sorted(at.school.events, key=lambda each: (each.day, each.id))]
    if as_json:
        say_json({"school": at.school.name, "events": found})
        return
    if not found:
        raise NoEventsError
    today = at.school.calendar.today(MachineClock().now())
    for each in found:
        when = f"{each['day']} {each['starts']}".strip()
        over = "over" if each["day"] < today.isoformat() else "off" if each["cancelled"] else ""
        places = f" of {each['places']}" if each["places"] else ""
        counts = f"coming {each['coming']}{places}, waiting {each['waiting']}, not coming {each['not_coming']}"
        said = counts if each["rsvp"] else "no replies asked for"
        say(f"{each['id']}  {when}  {each['name']}: {said}{f' ({over})' if over else ''}")


def _plain(at: Stores, unit: Unit, event: SchoolEvent) -> dict[str, Any]:
    found: Counted = counted_of(unit.events.replies(event.id))
    return {
        "id": event.id,
        "name": event.name,
        "day": event.day.isoformat(),
        "starts": clock_of(event),
        "kind": event.kind.value,
        "classes": [klass.name for klass in event.classes_among(at.school.classes)],
        "rsvp": event.rsvp,
        "places": event.places,
        "cancelled": event.cancelled,
        "replies": found.replies,
        "coming": found.coming,
        "waiting": found.waiting,
        "not_coming": found.not_coming,
    }


def _rows(at: Stores, unit: Unit, event: SchoolEvent) -> list[tuple[object, ...]]:
    """One for each adult's reply, by class and pupil: the two of a pupil stand together."""
    names = {klass.id: klass.name for klass in at.school.classes}
    adults = {(each.pupil, each.family): each.adult for each in unit.children.listed() if each.binds}

    def row(each: Reply) -> tuple[object, ...]:
        since = f"{at.school.calendar.local(each.since):%Y-%m-%d %H:%M}"
        adult = adults.get((each.pupil, each.family), "")
        return each.pupil, names.get(each.class_id, each.class_id), adult, SAID[each.comes], each.adults, since

    found = [row(each) for each in unit.events.replies(event.id)]
    return sorted(found, key=lambda cells: [str(cell) for cell in cells])
