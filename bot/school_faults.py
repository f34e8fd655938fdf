"""What no single field of a school file can show, and the line on which whatever is wrong stands."""

import contextlib
import difflib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from bot.approver_file import named_by_id
from bot.event_file import days_out_of_reach
from school.people import ANSWERING_ROLES, LANGUAGES, Role, YearGroup

FEW = 8
_HEAD = re.compile(r"\s*\[\[?\s*[A-Za-z0-9_.-]+\s*\]\]?\s*(#.*)?$")
Loc = tuple[str | int, ...]
Told = tuple[Loc, str]
Table = tuple[Loc, Mapping[str, Any]]


def cross_faults(values: Mapping[str, Any]) -> list[Told]:
    """What no single field can show. It reads the file as it is written, so that a fault elsewhere hides none of it."""
    classes, people = _tables(values, "classes"), _tables(values, "people")
    class_ids, ids = _said(classes, "id"), _said(people, "id")
    return [
        *(
            ((*loc, "id"), f"there are two {name} with the id {twice!r}: give one of them another")
            for name, tables in (("classes", classes), ("people", people), ("events", _tables(values, "events")))
            for loc, twice in _twice(tables, "id")
        ),
        *(
            ((*loc, "slack"), f"two people have the Slack id {twice!r}: look up whose it is")
            for loc, twice in _twice(people, "slack")
        ),
        *(
            (
                (*loc, "classes"),
                f"{person.get('id', 'somebody')} teaches {name!r}, which is not a class{nearest(name, class_ids)}",
            )
            for loc, person in people
            for name in _list(person, "classes")
            if name not in class_ids
        ),
        *_event_faults(_tables(values, "events"), class_ids),
        *days_out_of_reach(_tables(values, "events"), _tables(values.get("calendar"), "terms", "calendar")),
        *_leave_faults(_tables(values, "leave"), ids),
        *(
            (
                ("curriculum", "assemblies_by"),
                f"{name!r} leads assemblies and is not one of the people{nearest(name, ids)}",
            )
            for name in _list(_table(values, "curriculum"), "assemblies_by")
            if name not in ids
        ),
        *(
            (loc, f"{name!r} {what} and is not one of the people{nearest(name, ids)}")
            for loc, name, what in named_by_id(values)
            if name not in ids
        ),
        *_terms_in_order(_tables(values.get("calendar"), "terms", "calendar")),
        *_role_faults(people),
        *_routing_faults(_tables(values, "routing"), people, classes),
        *_language_faults(_list(values, "languages") or ["en"]),
    ]


def _event_faults(events: list[Table], class_ids: list[str]) -> Iterator[Told]:
    for loc, event in events:
        for name in _list(event, "classes"):
            if name not in class_ids:
                near = nearest(name, class_ids)
                yield (*loc, "classes"), f"{event.get('id', 'an event')!r} is for {name!r}, which is not a class{near}"


def _leave_faults(leave: list[tuple[Loc, Mapping[str, Any]]], ids: list[str]) -> Iterator[Told]:
    for loc, absence in leave:
        person, first, last = absence.get("person"), absence.get("first"), absence.get("last")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            yield (*loc, "last"), f"leave of {person!r} ends before it begins, on {first}"
        if isinstance(person, str) and person not in ids:
            near = nearest(person, ids)
            yield (*loc, "person"), f"leave is given for {person!r}, who is not one of the people{near}"


def _role_faults(people: list[tuple[Loc, Mapping[str, Any]]]) -> Iterator[Told]:
    held = {role for _, person in people for role in _list(person, "roles")}
    for role in (Role.DSL, Role.HEAD, Role.CHAIR_OF_GOVERNORS) if people else ():
        if role not in held:
            cure = f'give one of the people roles = ["{role}"], or reports would have nobody to go to'
            yield ("people",), f"nobody is the {role}: {cure}"


def _routing_faults(routing: list[Table], people: list[Table], classes: list[Table]) -> Iterator[Told]:
    """Whoever reads for a year is named twice on purpose: `roles` alone says who may sign in to the inbox at all."""
    roles = {name: _list(person, "roles") for _, person in people if isinstance(name := person.get("id"), str)}
    years = {year for _, klass in classes for year in _years(klass)}
    for loc, row in routing:
        for year in sorted(_years(row) - years):
            there = ", ".join(each.code for each in sorted(years))
            yield (*loc, "years"), f"routing names year {year.code}, which no class is for; the years are {there}"
        for name in _list(row, "also"):
            if name not in roles:
                yield (*loc, "also"), f"routing names {name!r}, who is not one of the people{nearest(name, [*roles])}"
            elif Role.YEAR_LEAD not in roles[name]:
                cure = "add it to their roles, or take them out here (the lead and the deputies read every year)"
                yield (*loc, "also"), f"routing names {name!r}, who is no {Role.YEAR_LEAD}: {cure}"
    named = {name for _, row in routing for name in _list(row, "also")}
    for loc, person in people:
        name, held = str(person.get("id")), _list(person, "roles")
        if Role.YEAR_LEAD not in held:
            continue
        if name not in named:
            cure = "name them under [[routing]] with their years, or take the role away"
            yield (*loc, "roles"), f"{name!r} is a {Role.YEAR_LEAD} of no year: {cure}"
        if office := sorted(ANSWERING_ROLES.intersection(held)):
            cure = "leave one of them out, for the office decides what its holder reads"
            yield (*loc, "roles"), f"{name!r} is {office[0]} and {Role.YEAR_LEAD}: {cure}"


def _years(table: Mapping[str, Any]) -> set[YearGroup]:
    """Those that are spelt as years; whatever is none is left to the model to refuse."""
    found = set()
    listed = table.get("years")
    for each in listed if isinstance(listed, list) else ():
        with contextlib.suppress(ValueError, TypeError):
            found.add(YearGroup.parse(each))
    return found


def _language_faults(languages: list[str]) -> Iterator[Told]:
    for code in languages:
        if code not in LANGUAGES:
            yield ("languages",), f"languages: there is no {code!r}; the languages are {', '.join(LANGUAGES)}"
    if "en" not in languages:
        yield ("languages",), 'languages must have "en" among them: it is what others fall back to'


def _terms_in_order(terms: list[tuple[Loc, Mapping[str, Any]]]) -> Iterator[Told]:
    for loc, twice in _twice(terms, "id"):
        yield (*loc, "id"), f"there are two terms with the id {twice!r}: give one of them another"
    for (_, earlier), (loc, later) in pairwise(terms):
        first, ended = later.get("first"), earlier.get("last")
        if isinstance(first, date) and isinstance(ended, date) and first <= ended:
            yield (
                (*loc, "first"),
                (
                    f"term {later.get('id')!r} begins on {first}, before {earlier.get('id')!r} has ended: "
                    "write the terms in order"
                ),
            )


def _tables(values: Any, name: str, *above: str) -> list[tuple[Loc, Mapping[str, Any]]]:
    """The tables of a list, each with its place; whatever is none is left to the model to refuse."""
    found = values.get(name) if isinstance(values, Mapping) else None
    listed = found if isinstance(found, list) else []
    return [((*above, name, number), table) for number, table in enumerate(listed) if isinstance(table, Mapping)]


def _table(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = values.get(name)
    return found if isinstance(found, Mapping) else {}


def _said(tables: list[tuple[Loc, Mapping[str, Any]]], key: str) -> list[str]:
    return [table[key] for _, table in tables if isinstance(table.get(key), str)]


def _list(table: Mapping[str, Any], key: str) -> list[str]:
    found = table.get(key)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _twice(tables: list[tuple[Loc, Mapping[str, Any]]], key: str) -> Iterator[tuple[Loc, str]]:
    """Where a name stands for the second time."""
    seen: dict[str, int] = {}
    for loc, table in tables:
        name = table.get(key)
        if isinstance(name, str) and name:
            seen[name] = seen.get(name, 0) + 1
            if seen[name] == 2:
                yield loc, name


def nearest(name: str, known: list[str]) -> str:
    """The name that was meant, or else those that there are, where they are few enough to read."""
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f" (did you mean {near[0]!r}?)"
    return f"; there are: {', '.join(known)}" if 0 < len(known) <= FEW else ""


def place_of(file: str, lines: list[str], loc: Loc) -> str:
    """The file, and the line of a key where it can be told."""
    line = _line(lines, loc)
    return f"{file}:{line}" if line else file


def _line(lines: list[str], loc: Loc) -> int | None:
    """The line of a key, within the n-th table of its list where it is in one; of the table where it is missing."""
    names = [part for part in loc if isinstance(part, str)]
    if not names:
        return None
    heads = [at for at, line in enumerate(lines) if _HEAD.match(line)]
    ours = [at for at in heads if re.match(rf"\s*\[\[?\s*{re.escape(names[0])}\s*\]", lines[at])]
    number = loc[1] if len(loc) > 1 and isinstance(loc[1], int) else 0
    start = ours[min(number, len(ours) - 1)] if ours else _find(lines, names[0], 0, min(heads, default=len(lines)))
    if start is None or len(loc) == 1:
        return None if start is None else start + 1
    end = next((at for at in heads if at > start), len(lines))
    found = _find(lines, names[-1], start, end)
    if found is None and len(names) > 1:
        # A table on one line, in a list: the n-th line with a brace after the list's name.
        parent = _find(lines, names[-2], start, end)
        item = next((part for part in reversed(loc) if isinstance(part, int)), 0)
        braces = [at for at in range(start if parent is None else parent, end) if "{" in lines[at]]
        found = braces[min(item, len(braces) - 1)] if braces else parent
    return (start if found is None else found) + 1


def _find(lines: list[str], key: str, start: int, end: int) -> int | None:
    return next((at for at in range(start, end) if re.match(rf"\s*{re.escape(key)}\s*=", lines[at])), None)
