"""The school file: `school.toml` as people write it, checked all at once, with the line and the cure of each fault."""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from school.calendar import Calendar, HalfTerm
from school.people import LANGUAGES, LocalService, Person, Reporting, Role, SchoolClass, YearGroup
from school.roles import Leave
from school.school import School
from school.words import Refusal, Text

FEW = 8
_HEAD = re.compile(r"\s*\[\[?\s*[A-Za-z0-9_.-]+\s*\]\]?\s*(#.*)?$")


class SchoolFileError(Refusal):
    """A school file that cannot be used; every fault is listed."""

    text = Text("The school file needs mending:\n{faults}")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Term(_Strict):
    id: str
    first: date
    last: date

    @field_validator("last")
    @classmethod
    def _in_order(cls, last: date, info: Any) -> date:
        if "first" in info.data and last < info.data["first"]:
            msg = "ends before it begins"
            raise ValueError(msg)
        return last


class _Calendar(_Strict):
    timezone: str = "Europe/London"
    terms: tuple[_Term, ...] = Field(min_length=1)
    inset: frozenset[date] = frozenset()
    closed: frozenset[date] = frozenset()
    quiet_from: time = time(20, 0)
    quiet_until: time = time(7, 30)
    open_from: time = time(8, 30)
    open_until: time = time(16, 0)

    @field_validator("timezone")
    @classmethod
    def _known(cls, zone: str) -> str:
        if zone not in available_timezones():
            msg = f"there is no time zone {zone!r}: write one such as Europe/London"
            raise ValueError(msg)
        return zone

    @field_validator("open_until")
    @classmethod
    def _after_opening(cls, until: time, told: ValidationInfo) -> time:
        if until <= told.data.get("open_from", time.min):
            msg = "the school closes before it opens"
            raise ValueError(msg)
        return until


class _Class(_Strict):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,15}$")
    name: str = Field(min_length=1, max_length=40)
    years: tuple[str | int, ...] = Field(min_length=1)
    slack_channel: str | None = None

    @field_validator("years")
    @classmethod
    def _years(cls, years: tuple[str | int, ...]) -> tuple[str | int, ...]:
        for year in years:
            YearGroup.parse(year)
        return years


class _Person(_Strict):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    name: str = Field(min_length=1, max_length=80)
    roles: frozenset[Role] = Field(min_length=1)
    slack: str | None = None
    email: str | None = None
    classes: tuple[str, ...] = ()


class _Leave(_Strict):
    person: str
    first: date
    last: date


class _Service(_Strict):
    id: str
    name: str
    phone: str
    hours: str = ""


class _Reporting(_Strict):
    dm_years: frozenset[int] = frozenset({12, 13})
    out_of_hours_phone: str = ""
    record_system: str = "CPOMS"

    @field_validator("dm_years")
    @classmethod
    def _years(cls, years: frozenset[int]) -> frozenset[int]:
        for year in years:
            YearGroup(year)
        return years


class SchoolFile(_Strict):
    """What may stand in the file. A pupil is never named in it."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    name: str = Field(min_length=1, max_length=80)
    languages: tuple[str, ...] = ("en",)
    calendar: _Calendar
    classes: tuple[_Class, ...] = Field(min_length=1)
    people: tuple[_Person, ...] = Field(min_length=1)
    leave: tuple[_Leave, ...] = ()
    services: tuple[_Service, ...] = ()
    reporting: _Reporting = _Reporting()
    campaigns: dict[str, date] = {}

    def school(self) -> School:
        """As rooms know it."""
        zone = ZoneInfo(self.calendar.timezone)
        return School(
            id=self.id,
            name=self.name,
            calendar=Calendar(
                zone=zone,
                half_terms=tuple(HalfTerm(**term.model_dump()) for term in self.calendar.terms),
                inset=self.calendar.inset,
                closed=self.calendar.closed,
                quiet_from=self.calendar.quiet_from,
                quiet_until=self.calendar.quiet_until,
                open_from=self.calendar.open_from,
                open_until=self.calendar.open_until,
            ),
            classes=tuple(
                SchoolClass(
                    id=klass.id,
                    name=klass.name,
                    years=tuple(YearGroup.parse(year) for year in klass.years),
                    slack_channel=klass.slack_channel,
                )
                for klass in self.classes
            ),
            people=tuple(Person(**person.model_dump()) for person in self.people),
            languages=tuple(LANGUAGES[code] for code in self.languages),
            reporting=Reporting(
                dm_years=frozenset(YearGroup(year) for year in self.reporting.dm_years),
                out_of_hours_phone=self.reporting.out_of_hours_phone,
                record_system=self.reporting.record_system,
            ),
            leave=tuple(Leave(**absence.model_dump()) for absence in self.leave),
            services=tuple(LocalService(**service.model_dump()) for service in self.services),
            campaigns=dict(self.campaigns),
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read and check a file. Raises SchoolFileError with every fault, each with its line where it has one."""
        try:
            text = path.read_text("utf-8-sig")
            values = tomllib.loads(text)
        except FileNotFoundError as error:
            raise SchoolFileError(faults=f"{path} is not there. Make one with: lollipop init") from error
        except OSError as error:
            raise SchoolFileError(faults=f"{path} can't be read. Check what it is and who may read it.") from error
        except UnicodeDecodeError as error:
            raise SchoolFileError(faults=f"{path} is not UTF-8 text. Save it as UTF-8.") from error
        except tomllib.TOMLDecodeError as error:
            raise SchoolFileError(faults=f"{path}: {error}") from error
        lines = text.splitlines()
        beside = [f"{_where(path, lines, loc)}: {said}" for loc, said in _cross_faults(values)]
        try:
            read = cls.model_validate(values)
        except ValidationError as error:
            faults = [_fault(path, lines, fault) for fault in error.errors()]
            raise SchoolFileError(faults="\n".join([*faults, *beside])) from error
        if beside:
            raise SchoolFileError(faults="\n".join(beside))
        return read


Loc = tuple[str | int, ...]
Told = tuple[Loc, str]


def _cross_faults(values: Mapping[str, Any]) -> list[Told]:
    """What no single field can show. It reads the file as it is written, so that a fault elsewhere hides none of it."""
    classes, people = _tables(values, "classes"), _tables(values, "people")
    class_ids, ids = _said(classes, "id"), _said(people, "id")
    return [
        *(
            ((*loc, "id"), f"there are two {name} with the id {twice!r}: give one of them another")
            for name, tables in (("classes", classes), ("people", people))
            for loc, twice in _twice(tables, "id")
        ),
        *(
            ((*loc, "slack"), f"two people have the Slack id {twice!r}: look up whose it is")
            for loc, twice in _twice(people, "slack")
        ),
        *(
            (
                (*loc, "classes"),
                f"{person.get('id', 'somebody')} teaches {name!r}, which is not a class{_nearest(name, class_ids)}",
            )
            for loc, person in people
            for name in _list(person, "classes")
            if name not in class_ids
        ),
        *_leave_faults(_tables(values, "leave"), ids),
        *_terms_in_order(_tables(values.get("calendar"), "terms", "calendar")),
        *_role_faults(people),
        *_language_faults(_list(values, "languages") or ["en"]),
    ]


def _leave_faults(leave: list[tuple[Loc, Mapping[str, Any]]], ids: list[str]) -> Iterator[Told]:
    for loc, absence in leave:
        person, first, last = absence.get("person"), absence.get("first"), absence.get("last")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            yield (*loc, "last"), f"leave of {person!r} ends before it begins, on {first}"
        if isinstance(person, str) and person not in ids:
            near = _nearest(person, ids)
            yield (*loc, "person"), f"leave is given for {person!r}, who is not one of the people{near}"


def _role_faults(people: list[tuple[Loc, Mapping[str, Any]]]) -> Iterator[Told]:
    held = {role for _, person in people for role in _list(person, "roles")}
    for role in (Role.DSL, Role.HEAD, Role.CHAIR_OF_GOVERNORS) if people else ():
        if role not in held:
            cure = f'give one of the people roles = ["{role}"], or reports would have nobody to go to'
            yield ("people",), f"nobody is the {role}: {cure}"


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


def _nearest(name: str, known: list[str]) -> str:
    """The name that was meant, or else those that there are, where they are few enough to read."""
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f" (did you mean {near[0]!r}?)"
    return f"; there are: {', '.join(known)}" if 0 < len(known) <= FEW else ""


def _fault(path: Path, lines: list[str], fault: Any) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    key = str(fault["loc"][-1]) if fault["loc"] else ""
    where = _where(path, lines, fault["loc"])
    if fault["type"] == "extra_forbidden":
        return (
            f"{where}: {place}: there is no such key{_nearest(key, _keys())}. Take it out or spell it as in the guide."
        )
    if fault["type"] == "missing":
        return f"{where}: {place} is missing. Add it."
    return f"{where}: {place}: {fault['msg'].removeprefix('Value error, ')}"


def _keys() -> list[str]:
    models: tuple[type[BaseModel], ...] = (SchoolFile, _Calendar, _Class, _Person, _Leave, _Service, _Reporting, _Term)
    return sorted({name for model in models for name in model.model_fields})


def _where(path: Path, lines: list[str], loc: Loc) -> str:
    line = _line(lines, loc)
    return f"{path}:{line}" if line else f"{path}"


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
