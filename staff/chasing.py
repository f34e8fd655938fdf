"""Chasing: whoever has something to do hears of it, twice more if it waits, and then whoever minds it does."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from school.calendar import BeyondTheCalendarError
from school.notices import Notice, Outbox, To
from school.people import Person
from school.school import School
from staff.duties import Duty, DutyStore, minders
from staff.nudges import calm_day

YOURS, LATE, WRONG = "duties-yours", "duties-late", "duties-wrong"
# School days after the last day in time on which somebody is told again: as it is over, and a week on. After that
# whoever minds it is told, once.
AGAIN, MINDED = (0, 5), 10
# The last stage at which it is between them and us.
THEIRS = len(AGAIN) + 1
# More than so many are not read in a message; the list has them all.
MOST = 5

Titled = Callable[[Duty], str]


def tell_of_duties(*, school: School, duties: DutyStore, titled: Titled, outbox: Outbox, now: datetime) -> int:
    """Leave a notice for each person to whom something is new or late, and one for the minders; how many notices.

    On a school day, when it is calm; one notice a person and day, whatever it is about. The caller commits.
    """
    due = calm_day(school.calendar, now=now)
    if due is None:
        return 0
    day = school.calendar.today(due)
    theirs: dict[str, list[Duty]] = defaultdict(list)
    minded: list[Duty] = []
    told: dict[int, list[UUID]] = defaultdict(list)
    away, seeing_to_it = school.away(day), minders(school, on=day)
    for duty in duties.waiting():
        stage = stage_on(duty, day=day, school=school)
        if duty.stage == 0 and duty.person not in away:
            # Late work that was handed to somebody: nobody is told of them before they have heard of it.
            stage = min(stage, THEIRS)
        if stage > THEIRS and not seeing_to_it:
            # Nobody is in who could see to it: they hear of it when somebody is.
            continue
        if stage > duty.stage and (duty.person not in away or stage > THEIRS):
            (minded if stage > THEIRS else theirs[duty.person]).append(duty)
            told[stage].append(duty.id)
    for stage, ids in told.items():
        duties.tell(ids, stage=stage)
    left = sum(
        _leave(YOURS, person, found, titled=titled, day=day, due=due, outbox=outbox)
        for person, found in theirs.items()
        if school.person(person)
    )
    if minded:
        for person in seeing_to_it:
            left += _leave(LATE, person.id, minded, titled=titled, day=day, due=due, outbox=outbox, school=school)
    return left


def tell_of_wrong(duty: Duty, *, title: str, by: Person, school: School, outbox: Outbox, now: datetime) -> int:
    """Whoever minds the checks hears that something is wrong, and not what; how many notices. The caller commits."""
    try:
        due = school.calendar.next_staffed(now)
    except BeyondTheCalendarError:
        due = now
    whom = [each for each in minders(school, on=school.calendar.today(due)) if each != by]
    return sum(
        outbox.leave(
            Notice(
                key=f"{WRONG}:{duty.id}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page=WRONG,
                values={"duties": title},
                due=due,
            )
        )
        for person in whom
    )


def stage_on(duty: Duty, *, day: date, school: School) -> int:
    """How often somebody should have been told of it by a day: 1 as it is new, up to 4, when its minders are."""
    stage = 1
    for late in (*AGAIN, MINDED):
        try:
            reached = day > school.calendar.add_school_days(duty.due, late)
        except BeyondTheCalendarError:
            break
        stage += reached
    return stage


def _leave(
    page: str,
    person: str,
    found: Sequence[Duty],
    *,
    titled: Titled,
    day: date,
    due: datetime,
    outbox: Outbox,
    school: School | None = None,
) -> int:
    return outbox.leave(
        Notice(
            key=f"{page}:{day}:{person}",
            to=To.PERSON,
            recipient=person,
            page=page,
            values={"duties": _said(found, titled, school)},
            due=due,
        )
    )


def _said(found: Iterable[Duty], titled: Titled, school: School | None) -> str:
    """Titles; for the minders with whose it is, or of how many where several colleagues have the same."""
    theirs: dict[str, list[Duty]] = defaultdict(list)
    for duty in found:
        theirs[titled(duty)].append(duty)
    names = [_line(title, waiting, school) for title, waiting in theirs.items()]
    more = len(names) - MOST
    return "; ".join([*names[:MOST], *([f"and {more} more"] if more > 0 else [])])


def _line(title: str, waiting: Sequence[Duty], school: School | None) -> str:
    if school is None:
        return title
    if len(waiting) > 1:
        return f"{title} ({len(waiting)} colleagues)"
    person = school.person(waiting[0].person)
    return f"{title} ({person.name})" if person else title
