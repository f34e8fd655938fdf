"""The [[people]] tables of a school file as text: one taken out, changed or added, and no other line touched.

`tomllib` says where a table or a value ends, and holds the whole against what was wanted: a file that is laid out in a
way this does not follow is refused, never guessed at.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from school.words import Refusal, Text

People = Mapping[str, Any]
_HEAD = re.compile(r"\s*\[")
_PERSON = re.compile(r"""\s*\[\[\s*(["']?)people\1\s*\]\]\s*(#.*)?$""")


class PeopleLayoutError(Refusal):
    """A file that is good TOML, and yet not as this can change it."""

    text = Text(
        "The people in {place} don't each stand under a [[people]] of their own, so they can't be changed from a list "
        "without touching the rest. Write them so by hand first. Nothing was changed.",
    )


def rewritten(text: str, wanted: Sequence[People], *, place: str) -> str:
    """The same file with these people, each a table as TOML has it, those who are known in the order they are there.

    Comments inside a person's table, or right below it, go with the person; one above it stays. Raises
    PeopleLayoutError.
    """
    lines = text.split("\n")
    values = tomllib.loads(text)
    known = values.get("people", [])
    spans = _spans(lines, known, place=place)
    ids = {person["id"]: person for person in wanted}
    there = {str(person.get("id")) for person in known}
    fresh = [line for person in wanted if person["id"] not in there for line in ("", *_table(person))]
    after = spans[-1][1] + 1 if spans else _last(lines, 0, len(lines)) + 1
    lines[after:after] = fresh
    for (start, end), person in zip(reversed(spans), reversed(known), strict=True):
        if person.get("id") not in ids:
            _take_out(lines, start, end)
        elif person != (after_it := ids[person["id"]]):
            lines[start : end + 1] = _changed(lines[start : end + 1], person, after_it)
    made = "\n".join(lines)
    if "\r\n" in text and not re.search(r"(?<!\r)\n", text):
        made = re.sub(r"(?<!\r)\n", "\r\n", made)
    _hold(made, {**values, "people": list(wanted)}, place=place)
    return made


def _hold(made: str, expected: Mapping[str, Any], *, place: str) -> None:
    """Raises PeopleLayoutError where the text says anything else than was wanted."""
    try:
        says = tomllib.loads(made)
    except tomllib.TOMLDecodeError:
        says = {}
    if says != expected:
        raise PeopleLayoutError(place=place)


def _spans(lines: Sequence[str], known: Sequence[People], *, place: str) -> list[tuple[int, int]]:
    """The first and the last line of each person's table, with the comments right below it."""
    heads = [at for at, line in enumerate(lines) if _HEAD.match(line)]
    found = []
    for at in heads:
        if _PERSON.match(lines[at]):
            end = next((head for head in heads if head > at), len(lines))
            found.append((at, end))
    if len(found) != len(known) or any(
        _read(lines[start:end]) != {"people": [person]} for (start, end), person in zip(found, known, strict=True)
    ):
        raise PeopleLayoutError(place=place)
    return [(start, _body(lines, start, end)) for start, end in found]


def _body(lines: Sequence[str], start: int, end: int) -> int:
    """The last line that is a person's own: comments right above the next table are that one's."""
    last = _last(lines, start, end)
    below = last + 1
    while below < end and lines[below].strip().startswith("#"):
        below += 1
    return below - 1 if below == len(lines) or not lines[below].strip() else last


def _last(lines: Sequence[str], start: int, end: int) -> int:
    """The last line with something else than a comment on it; the one before `start` where there is none."""
    said = (at for at in range(end - 1, start - 1, -1) if lines[at].strip() and not lines[at].strip().startswith("#"))
    return next(said, start - 1)


def _take_out(lines: list[str], start: int, end: int) -> None:
    """With one of the empty lines round it, so that none is there twice."""
    above = start == 0 or not lines[start - 1].strip()
    if above and end + 1 < len(lines) and not lines[end + 1].strip() and end + 2 < len(lines):
        end += 1
    del lines[start : end + 1]


def _changed(body: Sequence[str], before: People, after: People) -> list[str]:
    """A table with those keys otherwise that are; what stands beside and above a value stays."""
    lines = list(body)
    for key in dict.fromkeys([*before, *after]):
        if before.get(key) == after.get(key):
            continue
        start, end = _value(lines, key)
        above = [line for line in lines[start:end] if line.strip().startswith("#")]
        beside = _beside(lines[start:end])
        new = [f"{key} = {_toml(after[key])}{beside}"] if key in after else []
        lines[start:end] = [*above, *new]
    return lines


def _value(lines: Sequence[str], key: str) -> tuple[int, int]:
    """From which line a key's value stands to which, that one not included; below the others, where it is new."""
    for at, line in enumerate(lines):
        if re.match(rf"""\s*(["']?){key}\1\s*=""", line):
            end = next((upto for upto in range(at + 1, len(lines) + 1) if _read(lines[at:upto])), at)
            return at, end
    last = _last(lines, 0, len(lines)) + 1
    return last, last


def _beside(lines: Sequence[str]) -> str:
    """The comment at the end of a value's last line, with the space before it."""
    last = lines[-1].rstrip() if lines else ""
    for mark in re.finditer(r"\s*#", last):
        if _read([*lines[:-1], last[: mark.start()]]):
            return last[mark.start() :]
    return ""


def _read(lines: Sequence[str]) -> dict[str, Any]:
    try:
        return tomllib.loads("\n".join([*lines, ""]))
    except tomllib.TOMLDecodeError:
        return {}


def _table(person: People) -> list[str]:
    return ["[[people]]", *(f"{key} = {_toml(value)}" for key, value in person.items())]


def _toml(value: Any) -> str:
    """Words and lists of words: as JSON spells them, TOML reads them."""
    return json.dumps(value, ensure_ascii=False)
