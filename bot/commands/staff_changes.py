"""What a list of staff would make of a school file: who comes, who is otherwise, who goes, and why that may not be."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from bot.commands.people_tables import rewritten
from bot.commands.staff_csv import COLUMNS, Listed, StaffListError, plain
from bot.school_faults import cross_faults, place_of
from bot.school_file import SchoolFile
from safeguarding import Holding
from school.people import ANSWERING_ROLES, SAFEGUARDING_ROLES, Person, Role
from school.roles import without_cover
from school.school import School

Entry = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Written:
    """A school file as it stands. `place` is what its faults call it."""

    text: str
    place: str

    @property
    def values(self) -> dict[str, Any]:
        """As TOML has them. It may have faults that the list mends, such as a role that nobody has."""
        return tomllib.loads(self.text)

    @property
    def people(self) -> list[dict[str, Any]]:
        """As they stand there; nothing is known yet of what stands in each."""
        listed = self.values.get("people")
        return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What is to become of a school file. `lines` are those of the list, by a person's id."""

    before: Written
    people: tuple[Entry, ...]
    lines: Mapping[str, int]
    file: str

    @property
    def old(self) -> dict[str, Entry]:
        """Who stands there, by id."""
        return {str(each.get("id")): each for each in self.before.people}

    @property
    def new(self) -> dict[str, Entry]:
        """Who is to stand there, by id."""
        return {str(each["id"]): each for each in self.people}

    @property
    def any(self) -> bool:
        """Whether anything would be otherwise."""
        return self.old != self.new

    @property
    def leavers(self) -> tuple[str, ...]:
        """The ids of those who go."""
        return tuple(each for each in self.old if each not in self.new)

    def had(self) -> tuple[Person, ...]:
        """Those who stand there now, as far as roles go; the file may have faults that the list mends."""
        known = frozenset(map(str, Role))
        return tuple(
            Person(id=id_, name=id_, roles=frozenset(Role(role) for role in _list(each, "roles") if role in known))
            for id_, each in self.old.items()
        )

    def spoken(self) -> Iterator[str]:
        """A line for each who comes, is otherwise or goes, by ids and names."""
        old, new = self.old, self.new
        yield from (f"comes    {_who(each)}: {_facts(each)}" for id_, each in new.items() if id_ not in old)
        for id_, each in new.items():
            if id_ in old and each != old[id_]:
                what = [
                    f"{key} {_words(old[id_].get(key)) or 'none'} -> {_words(each.get(key)) or 'none'}"
                    for key in COLUMNS
                    if old[id_].get(key) != each.get(key)
                ]
                yield f"changes  {_who(each)}: {'; '.join(what)}"
        yield from (f"goes     {_who(old[id_])}: {_facts(old[id_])}" for id_ in self.leavers)

    def text(self) -> str:
        """The school file as it would be. Raises PeopleLayoutError, SchoolFileError, StaffListError with all faults."""
        values = {**self.before.values, "people": list(self.people)}
        if faults := list(self._faults(values)):
            raise StaffListError.of(faults)
        made = rewritten(self.before.text, self.people, place=self.before.place)
        SchoolFile.parse(made, place=self.before.place)
        return made

    def _faults(self, values: dict[str, Any]) -> Iterator[str]:
        """As `lollipop check` has them; what is wrong with a person is said of the line of the list."""
        lines, gone = self.before.text.splitlines(), self.leavers
        for loc, said in [*cross_faults(values), *_shape(values)]:
            if loc == ("people",) and (
                role := next((each for each in ANSWERING_ROLES if f"the {each}:" in said), None)
            ):
                had = [id_ for id_, each in self.old.items() if role in _list(each, "roles")]
                was = f" ({', '.join(had)} had the role, and would not any more)" if had else ""
                yield f"{self.file}: {said}{was}"
            elif loc[:1] == ("people",):
                number = loc[1] if len(loc) > 1 and isinstance(loc[1], int) else 0
                yield f"{self.file}:{self.lines.get(str(self.people[number]['id']), 1)}: {said}"
            else:
                mine = next((each for each in gone if repr(each) in said), "")
                told = f". {mine} goes by this list: take them out there first" if mine else ""
                yield f"{place_of(self.before.place, lines, loc)}: {said}{told}"


def changes(before: Written, listed: Sequence[Listed], *, file: str) -> Changes:
    """Those who are known stay in the order they are there, and what a list has no column for stays as it is."""
    old = {str(each.get("id")): each for each in before.people}
    wanted = {each.id: _entry(each, old.get(each.id, {})) for each in listed}
    order = [id_ for id_ in old if id_ in wanted] + [id_ for id_ in wanted if id_ not in old]
    lines = {each.id: each.line for each in listed}
    return Changes(before=before, people=tuple(wanted[id_] for id_ in order), lines=lines, file=file)


def held_back(old: Sequence[Person], new: School, *, open_reports: Sequence[Holding], on: date) -> list[str]:
    """Why somebody can't go yet, or can't lose a role: with what has to be done first."""
    said = []
    for role in sorted(ANSWERING_ROLES):
        had = [each.id for each in old if each.holds(role)]
        if had and not any(each.holds(role) for each in new.people):
            cure = "Give the role to somebody else in the list first"
            if role is Role.DEPUTY_DSL:
                cure += "; if the school is to have none, take the role out of the school file by hand"
            said.append(f"{', '.join(had)}: nobody else is the {role}. {cure}.")
    away = set(without_cover(new.people, leave=new.leave, on=on)) - set(without_cover(old, leave=new.leave, on=on))
    said += [
        f"nobody who is the {role} would be in today. Give the role to somebody who is, or shorten the leave in the "
        "school file."
        for role in sorted(away)
        if any(each.holds(role) for each in new.people)
    ]
    after = _safeguarding(new.people)
    for person in sorted(_safeguarding(old) - after):
        said += _keys(person, after, open_reports)
    return said


def to_hand_over(old: Sequence[Person], new: School, *, open_reports: Sequence[Holding]) -> Iterator[str]:
    """What those who may go should do before, although nothing would be lost."""
    after = _safeguarding(new.people)
    for person in sorted(_safeguarding(old) - after):
        if count := sum(person in each.readers for each in open_reports):
            yield (
                f"{person} reads {count} of the open reports, and will not any more: their keys are taken from them "
                "within the hour. Let them hand over first what they know."
            )


def _safeguarding(people: Sequence[Person]) -> set[str]:
    return {each.id for each in people if each.holds(*SAFEGUARDING_ROLES)}


def _keys(person: str, after: set[str], open_reports: Sequence[Holding]) -> Iterator[str]:
    """Counts alone: which report, and whom it is about, is nobody's business at a shell."""
    held = [each for each in open_reports if person in each.readers | each.reserve]
    last = sum(not (each.readers | each.reserve) & after for each in held)
    alone = sum(person in each.readers and not each.readers & after for each in held) - last
    if last:
        yield (
            f"{person} goes, or has no safeguarding role any more, and nobody who stays holds a key to {last} of the "
            "open reports they can open. They have to press “Let a colleague read it” on each at /inbox first, or end "
            "it."
        )
    if alone > 0:
        yield (
            f"{person} goes, or has no safeguarding role any more, and of those who stay nobody reads {alone} of the "
            "open reports yet. They should press “Let a colleague read it” on each at /inbox first. If they can't any "
            "more, take them out of the school file by hand: then the next in reserve is let in, and told."
        )


def _shape(values: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    try:
        SchoolFile.model_validate(values)
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False):
            said = "there is no such key in the guide" if each["type"] == "extra_forbidden" else each["msg"]
            yield each["loc"], f"{'.'.join(map(str, each['loc']))}: {said.removeprefix('Value error, ')}"


def _entry(listed: Listed, old: Entry) -> dict[str, Any]:
    """As it is to stand in the file: a value that means the same stays as it was written."""
    made = dict(old)
    for key, value in listed.said.items():
        if _same(key, old.get(key), value):
            continue
        if value:
            made[key] = list(value) if isinstance(value, tuple) else value
        else:
            made.pop(key, None)
    return made


def _same(key: str, old: Any, value: str | tuple[str, ...]) -> bool:
    was = plain(old) if old else plain(value[:0])
    return set(was) == set(value) if key == "roles" else was == value


def _list(entry: Entry, key: str) -> list[Any]:
    found = entry.get(key)
    return found if isinstance(found, list) else []


def _who(entry: Entry) -> str:
    return f"{entry.get('id')} ({entry.get('name', '')})"


def _facts(entry: Entry) -> str:
    return "; ".join(_words(entry.get(key)) for key in COLUMNS[2:] if entry.get(key))


def _words(value: Any) -> str:
    said = plain(value)
    return said if isinstance(said, str) else ", ".join(said)
