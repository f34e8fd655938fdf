"""The roll by person: what each of the staff has finished this school year, what is late and what has time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from school.people import Person
from school.school import School
from staff.duties import Duty, DutyState, DutyStore, Sort
from staff.signing import SignSheet


@dataclass(frozen=True, kw_only=True)
class RollItem:
    """One thing asked of somebody: a text to sign, a module or a meeting.

    `finished` is when; None while it waits. `due` is None where nobody has been asked yet. `met` is a meeting's day.
    """

    sort: Sort
    subject: str
    title: str
    due: date | None
    finished: datetime | None = None
    on_paper: bool = False
    met: date | None = None


@dataclass(frozen=True, kw_only=True)
class PersonRoll:
    """One person's. `late` and `to_come` have the first due on top."""

    person: Person
    finished: tuple[RollItem, ...]
    late: tuple[RollItem, ...]
    to_come: tuple[RollItem, ...]

    @property
    def asked(self) -> int:
        """Of how many."""
        return len(self.finished) + len(self.late) + len(self.to_come)


def roll_by_person(
    sheets: Iterable[SignSheet],
    *,
    title_of: Callable[[str], str],
    school: School,
    duties: DutyStore,
    on: date,
) -> tuple[PersonRoll, ...]:
    """Everybody who is asked for anything this school year: who is late comes first, then by name."""
    theirs: dict[str, list[RollItem]] = {}
    for person, item in (*_signed(sheets), *_learnt(title_of, school=school, duties=duties, on=on)):
        theirs.setdefault(person, []).append(item)
    rolls = [_of(person, theirs[person.id], on) for person in school.people if person.id in theirs]
    return tuple(sorted(rolls, key=lambda each: (not each.late, each.person.name.casefold(), each.person.id)))


def _of(person: Person, items: Iterable[RollItem], on: date) -> PersonRoll:
    # What nobody has been asked for yet stands last.
    ordered = sorted(items, key=lambda each: (each.due or date.max, each.title))
    waits = [each for each in ordered if each.finished is None]
    late = tuple(each for each in waits if each.due and each.due < on)
    return PersonRoll(
        person=person,
        finished=tuple(each for each in ordered if each.finished),
        late=late,
        to_come=tuple(each for each in waits if each not in late),
    )


def _signed(sheets: Iterable[SignSheet]) -> Iterator[tuple[str, RollItem]]:
    for sheet in sheets:
        for line in sheet.lines:
            yield (
                line.person.id,
                RollItem(
                    sort=Sort.SIGN,
                    subject=sheet.document.id,
                    title=sheet.document.title,
                    due=line.duty.due if line.duty else None,
                    finished=line.signed,
                    on_paper=line.on_paper,
                ),
            )


def _learnt(
    title_of: Callable[[str], str], *, school: School, duties: DutyStore, on: date
) -> Iterator[tuple[str, RollItem]]:
    """Modules of the year, and meetings since it began. Of a scenario or a survey nobody is called to account."""
    began = school.calendar.year_began(on)
    for duty in (*duties.of(Sort.MODULE), *duties.of(Sort.MEETING)):
        if duty.said is not DutyState.DROPPED and _this_year(duty, began):
            yield (
                duty.person,
                RollItem(
                    sort=duty.sort,
                    subject=duty.subject,
                    title=title_of(duty.subject),
                    due=duty.due,
                    finished=duty.said_at if duty.said is DutyState.DONE else None,
                    met=date.fromisoformat(duty.period) if duty.sort is Sort.MEETING else None,
                ),
            )


def _this_year(duty: Duty, began: date) -> bool:
    return duty.period >= began.isoformat() if duty.sort is Sort.MEETING else duty.period == str(began.year)
