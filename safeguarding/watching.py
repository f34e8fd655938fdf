"""The clock on a new report: until a person has opened it, the next people up the ladder are told, rung by rung.

In school hours a rung lasts a quarter of an hour. Out of hours a report waits for the morning, unless a sign of danger
stood in it: then the ladder is climbed by the wall clock. Where the ladder ends, everybody on it is told again, hour by
hour: that nobody can be reached is itself an alarm.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from safeguarding.concerns import Concern, ConcernStore
from safeguarding.logbook import LOLLIPOP, Act
from safeguarding.routing import climb
from school.calendar import BeyondTheCalendarError, Calendar
from school.evidence import Evidence, EvidenceBook
from school.notices import Doubt, Lane, Notice, Outbox, To
from school.people import ANSWERING_ROLES, SAFEGUARDING_ROLES, Person, Role
from school.school import School

A_RUNG = timedelta(minutes=15)
AN_ALARM = timedelta(hours=1)
FLOOD_PAGE = "concern-flood"


def due(now: datetime, wait: timedelta, *, urgent: bool, calendar: Calendar) -> datetime:
    """When the next are told: after so much school time, or so much time where it is urgent.

    Where no school day is known to come nobody would ever be told, so that it is taken for urgent.
    """
    if urgent:
        return now + wait
    try:
        return calendar.staffed_after(now, wait)
    except BeyondTheCalendarError:
        return now + wait


def tell(
    people: Iterable[Person],
    *,
    reference: str,
    page: str,
    mark: str,
    outbox: Outbox,
) -> None:
    """Leave each a notice that carries a reference and nothing else; `mark` tells one telling from the next."""
    for person in people:
        outbox.leave(
            Notice(
                key=f"concern:{reference}:{mark}{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page=page,
                values={"reference": reference},
                lane=Lane.SAFEGUARDING,
                doubt=Doubt.REPEAT,
            ),
        )


def tell_of_more(
    concern: Concern,
    *,
    number: int,
    urgent: bool,
    school: School,
    concerns: ConcernStore,
    outbox: Outbox,
    now: datetime,
) -> None:
    """Something was added: whose case it is hears of it, or all who may read it, or whoever is next on the ladder.

    Where it is `urgent`, for a sign of danger stands in it, all who may read it do, whosever case it is.

    Whoever has left the school or the role cannot sign in, and whoever is away does not look: where none of the readers
    is there, those in reserve who are may read it from now on. Where nobody on the ladder is there, all that are left
    are told as of an alarm. A year lead who is in hears of it, and counts for nobody else. And where nobody is left who
    could open it, the chair of governors is told, from whom no report is ever kept (TABLE). `number` is the addition's.
    """
    away = school.away(school.calendar.today(now))
    readers = _still_there(concern.readers, school)
    here = [person for person in readers if person.id not in away]
    theirs = [person for person in here if person.id == concern.assigned and not urgent]
    mark = f"added-{number}:"
    if theirs or any(person.holds(*ANSWERING_ROLES) for person in here):
        tell(theirs or here, reference=concern.reference, page="concern-added", mark=mark, outbox=outbox)
        return
    reserve = _still_there(concern.reserve, school)
    next_up = [person for person in reserve if person.id not in away]
    told = [*here, *next_up] if next_up else [*readers, *reserve]
    if told:
        let_in = [person.id for person in told]
        concerns.watch(concern.id, rung=concern.watch_rung, at=concern.watch_at, let_in=let_in)
    page = ("concern-added" if next_up else "concern-alarm") if told else "concern-orphaned"
    nobody = school.holders(Role.CHAIR_OF_GOVERNORS) or school.holders(Role.HEAD)
    tell(told or nobody, reference=concern.reference, page=page, mark=mark, outbox=outbox)
    act = Act.ESCALATED if next_up else Act.ALARMED
    concerns.log.write(act, actor=LOLLIPOP, now=now, subject=concern.reference)


def _still_there(people: Iterable[str], school: School) -> list[Person]:
    """Those who can sign in: they are in the school file and hold a safeguarding role."""
    known = [person for each in people if (person := school.person(each))]
    return [person for person in known if person.holds(*SAFEGUARDING_ROLES)]


def climb_on(
    *,
    school: School,
    concerns: ConcernStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    now: datetime,
) -> int:
    """Tell the next people of every report that nobody has opened in time; how many reports. The caller commits."""
    late = concerns.watched(now)
    told: set[tuple[str, bool]] = set()
    for together in _groups(late):
        _go_up(together, school=school, concerns=concerns, outbox=outbox, now=now, told=told)
        evidence.write(
            Evidence(clause="C41", kind="concern.escalated", when=now, what="A concern was passed up, unopened"),
        )
    return len(late)


def _groups(late: Iterable[Concern]) -> list[list[Concern]]:
    """Each by itself; but what came in a flood, or in one import of alerts, and stands alike goes up in one."""
    groups: dict[object, list[Concern]] = {}
    for concern in late:
        many = concern.flood or concern.batch is not None
        alike = (concern.batch, concern.ladder, concern.watch_rung, concern.urgent) if many else concern.id
        groups.setdefault(alike, []).append(concern)
    return list(groups.values())


def _go_up(
    together: Sequence[Concern],
    *,
    school: School,
    concerns: ConcernStore,
    outbox: Outbox,
    now: datetime,
    told: set[tuple[str, bool]],
) -> None:
    """`told`: whom this round has told of a flood already, with danger in it or without."""
    concern = together[0]
    people = {person.id: person for person in school.people}
    # Whom it is about is sealed; the rungs stand beside the keys.
    rungs = [[people[each] for each in rung if each in people] for rung in concern.ladder]
    keys = {each for rung in concern.ladder for each in rung}
    next_ = climb(rungs, start=concern.watch_rung, school=school, on=school.calendar.today(now), keys=keys)
    wait = AN_ALARM if next_.alarm else A_RUNG
    concerns.watch(
        *(each.id for each in together),
        # An alarm has a number of its own each time: whoever was told an hour ago is told anew.
        rung=max(next_.next_rung, concern.watch_rung + 1),
        at=due(now, wait, urgent=concern.urgent, calendar=school.calendar),
        let_in=[person.id for person in next_.people],
    )
    new = [person for person in next_.people if not concern.flood or (person.id, concern.urgent) not in told]
    if concern.flood:
        told |= {(person.id, concern.urgent) for person in new}
    page = FLOOD_PAGE if concern.held else "concern-alarm" if next_.alarm else "concern-waiting"
    tell(new, reference=concern.reference, page=page, mark=f"{concern.watch_rung}:", outbox=outbox)
    act = Act.ALARMED if next_.alarm else Act.ESCALATED
    concerns.log.write(act, actor=LOLLIPOP, now=now, subject=concern.reference)
