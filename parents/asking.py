"""Asking a class: one notice to each adult who may answer, and two more to those who have not."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from pages import Shelf
from parents.agreements import AnswerStore, Asking, Sheet, heard, sheets_of, still_open
from parents.children import ChildStore, FamilyCode
from parents.families import FamilyState, FamilyStore
from school.evidence import Evidence, EvidenceBook
from school.notices import Lane, Notice, Outbox, To
from school.people import SchoolClass
from school.school import School

# School days after the day of asking.
STAGES = (0, 5, 10)
# About one child, and nothing of it on a lock screen: a page whose name begins so goes only to who may still answer.
ABOUT_CHILD = "about-child-"
OPENED, REMINDED = f"{ABOUT_CHILD}asked", f"{ABOUT_CHILD}reminder"
# What is later than that is asked by the next notice, or by paper.
GOOD_FOR = timedelta(days=3)


def ask_class(
    klass: SchoolClass, names: Sequence[str], *, school: School, shelf: Shelf, answers: AnswerStore, now: datetime
) -> Asking | None:
    """Open pages for a class; None where it was asked these versions in this school year. The caller commits.

    The notices go with the next round, and never in quiet hours. Raises NothingAskedYetError.
    """
    sheets = sheets_of(klass, names, shelf=shelf)
    pages = tuple(f"{each.name}@{each.version}" for each in sheets)
    year = str(school.calendar.year_began(school.calendar.today(now)))
    told = "\0".join((klass.id, year, *(f"{each.page}@{each.version}" for each in sheets)))
    asking = Asking(
        id=hashlib.blake2s(told.encode(), digest_size=8).hexdigest(), class_id=klass.id, pages=pages, opened=now
    )
    return asking if answers.ask(asking) else None


def ask_families(
    asking: Asking,
    *,
    school: School,
    shelf: Shelf,
    families: FamilyStore,
    children: ChildStore,
    answers: AnswerStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    now: datetime,
) -> int:
    """Leave the notices of the stage that is due; how many. The caller commits, in the same transaction.

    In quiet hours nothing is done: what waits then goes after them. A stage that was missed for days is left out.
    """
    calendar = school.calendar
    if asking.stage >= len(STAGES) or calendar.is_quiet(now):
        return 0
    opened = calendar.today(asking.opened)
    days = STAGES[asking.stage]
    due = calendar.at(calendar.add_school_days(opened, days), calendar.open_until) if days else asking.opened
    if now < due:
        return 0
    answers.go_on(asking.id, stage=asking.stage + 1)
    klass = next((klass for klass in school.classes if klass.id == asking.class_id), None)
    if klass is None or now - due > GOOD_FOR:
        return 0
    sheets = sheets_of(klass, asking.names, shelf=shelf)
    waits = _who_has_not_answered(children.listed(klass.id), sheets, answers=answers)
    known = families.get_many([each.family for each in waits if each.family])
    left = 0
    for family in {each.id: each for each in known.values() if each.state is FamilyState.ACTIVE}.values():
        left += outbox.leave(
            Notice(
                key=f"ask:{asking.id}:{days}:{family.id}",
                to=To.FAMILY,
                recipient=str(family.id),
                page=REMINDED if days else OPENED,
                lane=Lane.BULK,
                due=now,
                not_after=now + GOOD_FOR,
                via=family.via,
            ),
        )
    if left:
        what = f"{', '.join(asking.pages)}: {left} adults of {klass.name} were asked, {days} school days on"
        evidence.write(Evidence(clause="C69", kind="family.asked", when=now, what=what))
    return left


def _who_has_not_answered(
    codes: Sequence[FamilyCode], sheets: Sequence[Sheet], *, answers: AnswerStore
) -> list[FamilyCode]:
    bound, log = [each for each in codes if each.binds], heard(codes, answers=answers)
    return [
        each for each in bound if any(still_open(sheet, log, pupil=each.pupil, adult=each.adult) for sheet in sheets)
    ]
