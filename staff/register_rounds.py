"""What regularly happens to the registers: owners hear of a review, then the head; who left has nothing any more."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from school.notices import Notice, Outbox, To
from school.people import Role
from school.school import School
from staff.named_parts import tell_of_vacancies
from staff.nudges import calm_day
from staff.registers import Did, Entry, Happening, NewId, Register, RegisterStore

DUE_PAGE, LATE_PAGE, LEFT_PAGE = "register-due", "register-late", "register-left"
# Days before or after a review's day on which its owner is told: ahead, as it is due, and as it is late. Then the head.
STAGES = (-14, 0, 7)
MINDED = 21
MOST = 6


def registers_round(*, school: School, registers: RegisterStore, outbox: Outbox, now: datetime) -> int:
    """Whoever has to look at something hears of it; how many notices. The caller commits."""
    told = tell_of_reviews(school=school, registers=registers, outbox=outbox, now=now)
    return told + tell_of_vacancies(school=school, outbox=outbox, now=now)


def stage_of(entry: Entry, *, on: date) -> int:
    """How often somebody should have been told of its review by a day: up to 3 its owner, 4 the head."""
    if entry.due is None:
        return 0
    late = (on - entry.due).days
    return sum(late >= days for days in (*STAGES, MINDED))


def tell_of_reviews(*, school: School, registers: RegisterStore, outbox: Outbox, now: datetime) -> int:
    """Leave a notice for each owner to whom a review is near, due or late, and one for the head; how many.

    Once a stage; on a school day, when it is calm. Where nobody owns it, the head is told. The caller commits.
    """
    due = calm_day(school.calendar, now=now)
    if due is None:
        return 0
    day = school.calendar.today(due)
    away = school.away(day)
    owners: dict[str, list[Entry]] = defaultdict(list)
    late: list[Entry] = []
    told: dict[int, list[Entry]] = defaultdict(list)
    for entry in (each for register in (Register.RISK, Register.POLICY) for each in registers.open(register)):
        stage = stage_of(entry, on=day)
        minded = stage > len(STAGES) or school.person(entry.holder) is None
        if stage <= entry.stage or (entry.holder in away and not minded):
            continue
        (late if minded else owners[entry.holder]).append(entry)
        told[stage].append(entry)
    for stage, entries in told.items():
        registers.tell([each.id for each in entries], stage=stage)
    left = sum(_leave(DUE_PAGE, person, found, day=day, due=due, outbox=outbox) for person, found in owners.items())
    heads = school.first_present(Role.HEAD, Role.ESAFETY_LEAD, Role.DSL, on=day) if late else ()
    return left + sum(_leave(LATE_PAGE, head.id, late, day=day, due=due, outbox=outbox) for head in heads)


def look_after_registers(
    *, school: School, registers: RegisterStore, outbox: Outbox, new_id: NewId, now: datetime
) -> int:
    """Whoever has left owns nothing any more: what they owned is the head's, and of their devices somebody is told.

    How many entries. On a school day. The caller commits.
    """
    calendar = school.calendar
    day = calendar.today(now)
    due = calm_day(calendar, now=now)
    if due is None:
        return 0
    heads = school.holders(Role.HEAD)
    gone, missing = 0, []
    for entry in (each for register in Register for each in registers.open(register)):
        if not entry.holder or school.person(entry.holder) is not None:
            continue
        device = entry.register is Register.DEVICE
        heir = heads[0].id if heads and not device else ""
        if registers.change(replace(entry, holder=heir, stage=0), was=entry.version):
            registers.note(Happening(id=new_id(now), entry=entry.id, at=now, by="", did=Did.LEFT))
            gone += 1
            missing += [entry] if device else []
    told = {person.id for role in (Role.TECHNICIAN, Role.HEAD) for person in school.first_present(role, on=day)}
    for person in sorted(told) if missing else ():
        _leave(LEFT_PAGE, person, missing, day=day, due=due, outbox=outbox)
    return gone


def _leave(page: str, person: str, found: Sequence[Entry], *, day: date, due: datetime, outbox: Outbox) -> int:
    notice = Notice(
        key=f"{page}:{day}:{person}",
        to=To.PERSON,
        recipient=person,
        page=page,
        values={"entries": _listed(found)},
        due=due,
        not_after=due + timedelta(days=7),
    )
    return outbox.leave(notice)


def _listed(found: Sequence[Entry]) -> str:
    names = [f"{each.title} ({each.due:%d/%m/%Y})" if each.due else each.title for each in found]
    more = len(names) - MOST
    return "; ".join([*names[:MOST], *([f"and {more} more"] if more > 0 else [])])
