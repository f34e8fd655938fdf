"""Routing: who may read a concern, by whom it is about. Whoever is named never gets a key nor a notice.

Source: Keeping Children Safe in Education, part four (allegations go to the head; about the head, to the chair of
governors), as read in reference material of November 2026.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from school.people import Person, Role, YearGroup
from school.school import School

# The name of the year among a report's other answers, which are sealed along with its words.
YEAR_GROUP = "year_group"


class About(StrEnum):
    """Whom a concern is about, as the reporter is asked first."""

    PUPIL = "pupil"
    ADULT = "adult"
    HEAD = "head"
    LEAD = "lead"
    NOT_SURE = "not_sure"


@dataclass(frozen=True, kw_only=True)
class Way:
    """Who is told, rung by rung, until a person has opened it. Holders of the first `readers` rungs may read at once.

    Those further up hold a key in reserve, which they may use once they are told. Whoever holds a role that is
    `left_out` gets no key of either kind and is told nothing, by whatever other role.
    """

    rungs: tuple[tuple[Role, ...], ...]
    readers: int = 1
    left_out: tuple[Role, ...] = ()


TABLE: dict[About, Way] = {
    About.PUPIL: Way(rungs=((Role.DSL,), (Role.DEPUTY_DSL,), (Role.HEAD,)), readers=2),
    About.ADULT: Way(rungs=((Role.HEAD,), (Role.CHAIR_OF_GOVERNORS,))),
    About.HEAD: Way(rungs=((Role.CHAIR_OF_GOVERNORS,),), left_out=(Role.HEAD,)),
    About.LEAD: Way(rungs=((Role.HEAD,), (Role.CHAIR_OF_GOVERNORS,)), left_out=(Role.DSL, Role.DEPUTY_DSL)),
    About.NOT_SURE: Way(rungs=((Role.HEAD, Role.CHAIR_OF_GOVERNORS),)),
}


def year_said(answers: Sequence[tuple[str, str]]) -> YearGroup | None:
    """The pupil's year, by a report's other answers; None where it is not said, or not as one year."""
    said = {value for name, value in answers if name == YEAR_GROUP}
    try:
        (year,) = {YearGroup.parse(value) for value in said}
    except ValueError:
        return None
    return year


def beside(about: About, *, school: School, year: YearGroup | None) -> tuple[Person, ...]:
    """Who reads it for the pupil's year beside those of TABLE, for whom they change nothing; never without them."""
    return school.year_leads(year) if about is About.PUPIL else ()


def route(about: About, *, school: School) -> tuple[Person, ...]:
    """Everybody who may read it at once by office, whether or not they are away today; no one twice.

    Where those who are left out leave nobody, as in a small school whose head is the lead too, it goes to the chair of
    governors.
    """
    way = TABLE[about]
    found = _holders(school, tuple(role for rung in way.rungs[: way.readers] for role in rung), way.left_out)
    if found or about is About.PUPIL:
        return found
    return _holders(school, (Role.CHAIR_OF_GOVERNORS,), way.left_out)


def ladder(about: About, *, school: School) -> tuple[tuple[Person, ...], ...]:
    """Who is told, rung by rung; no one twice, and no rung empty."""
    way = TABLE[about]
    known: set[str] = set()
    rungs = []
    for roles in way.rungs:
        rung = tuple(person for person in _holders(school, roles, way.left_out) if person.id not in known)
        known.update(person.id for person in rung)
        rungs.append(rung)
    # Where those it would go to are left out, whoever reads it instead is told.
    if not any(rungs):
        rungs.append(route(about, school=school))
    return tuple(rung for rung in rungs if rung)


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """Who gets which key to a report that has just come, and who is told of it now.

    `readers` may read it at once; `reserve` may once they are told. `rungs` is each one's rung, by id; `next_rung` is
    told next, and may be beyond the last. `alarm`: nobody on the ladder is in.
    """

    readers: tuple[Person, ...]
    reserve: tuple[Person, ...]
    told: tuple[Person, ...]
    rungs: Mapping[str, int]
    next_rung: int
    alarm: bool


def arrange(
    about: About,
    *,
    school: School,
    on: date,
    keys: Collection[str],
    urgent: bool = False,
    year: YearGroup | None = None,
) -> Arrangement:
    """For a report that comes on a day; `keys` are the ids of those whom it can be sealed to, `year` is the pupil's.

    Whoever is away gets no key and no notice, unless everybody is: then all of them do, for somebody must. Where it is
    urgent, the lead and the deputies are told together.
    """
    rungs = [[person for person in rung if person.id in keys] for rung in ladder(about, school=school)]
    away = school.away(on)
    here = [[person for person in rung if person.id not in away] for rung in rungs]
    if not any(here):
        here = rungs
        told = Told(people=tuple(person for rung in rungs for person in rung), next_rung=len(rungs), alarm=True)
    else:
        together = TABLE[about].readers if urgent else 1
        told = climb(here, start=0, school=school, on=on, keys=keys, together=together)
    may_read = {person.id for person in (*route(about, school=school), *told.people)}
    everybody = [(person, number) for number, rung in enumerate(here) for person in rung]
    leads = [each for each in beside(about, school=school, year=year) if each.id in keys and each.id not in away]
    also = tuple(leads) if everybody else ()
    return Arrangement(
        readers=tuple(person for person, _ in everybody if person.id in may_read) + also,
        reserve=tuple(person for person, _ in everybody if person.id not in may_read),
        told=told.people + also,
        # On the first rung, which is never climbed anew: nobody further up is passed over because a year lead is in.
        rungs={person.id: number for person, number in everybody} | {person.id: 0 for person in also},
        next_rung=told.next_rung,
        alarm=told.alarm,
    )


def arrange_for_any(*, school: School, on: date, keys: Collection[str]) -> tuple[Person, ...]:
    """Everybody who would get a key to some report today, no one twice: words are locked for them until it is known."""
    ways = [arrange(about, school=school, on=on, keys=keys) for about in About]
    return tuple({person.id: person for way in ways for person in (*way.readers, *way.reserve)}.values())


def _holders(school: School, wanted: tuple[Role, ...], left_out: tuple[Role, ...]) -> tuple[Person, ...]:
    found = {person.id: person for role in wanted for person in school.holders(role) if not person.holds(*left_out)}
    return tuple(found.values())


@dataclass(frozen=True, kw_only=True)
class Told:
    """Who is told now, and the rung that is next, which may be beyond the last. `alarm`: none of them is in."""

    people: tuple[Person, ...]
    next_rung: int
    alarm: bool = False


def climb(
    rungs: Sequence[Sequence[Person]],
    *,
    start: int,
    school: School,
    on: date,
    keys: Collection[str],
    together: int = 1,
) -> Told:
    """Those of the first rung from `start` on who are in and hold one of the `keys`; whoever is away is passed over.

    `together`: so many rungs at once. Where nobody is in, everybody with a key is told, and that is an alarm.
    """
    away = school.away(on)
    told: list[Person] = []
    rung = start
    while rung < len(rungs) and (not told or rung < start + together):
        told += [person for person in rungs[rung] if person.id not in away and person.id in keys]
        rung += 1
    if told:
        return Told(people=tuple(told), next_rung=rung)
    everybody = tuple(person for each in rungs for person in each if person.id in keys)
    return Told(people=everybody, next_rung=max(rung, len(rungs)), alarm=True)
