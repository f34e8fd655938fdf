"""Teaching: a lesson is marked, the class's position moves on, and the class channel gets its card."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from curriculum import ASIDES, Hands, Outcome, ProgressStore, Taught
from pages import LessonFront, Page
from school.evidence import Evidence, EvidenceBook
from school.notices import Lane, Notice, Outbox, To
from school.people import SchoolClass

# The clauses that a taught lesson is evidence for, by strand; C6 (a planned programme) is every lesson's.
CLAUSES: dict[str, tuple[str, ...]] = {
    "self-image-and-identity": ("C46",),
    # Both teach to ask before a picture of somebody else is taken or passed on (C50).
    "online-relationships": ("C46", "C50", "C56"),
    "online-reputation": ("C45", "C46", "C50"),
    "online-bullying": ("C54", "C56"),
    "managing-online-information": ("C8", "C65"),
    "privacy-and-security": ("C32", "C46", "C56"),
    "health-wellbeing-and-lifestyle": ("C4",),
}


def clauses_of(front: LessonFront) -> tuple[str, ...]:
    """What a lesson that was taught is evidence for."""
    return ("C6", *CLAUSES.get(front.strand, ()))


def entry_of(
    page: Page,
    front: LessonFront,
    klass: SchoolClass,
    *,
    turn: int,
    outcome: Outcome,
    hands: Sequence[Hands],
    by: str,
    now: datetime,
) -> Taught:
    """A class's turn with a lesson as it is written down: which version, by whom, and what the hands said."""
    return Taught(
        class_id=klass.id,
        turn=turn,
        lesson=page.id,
        version=page.version,
        strand=front.strand,
        outcome=outcome,
        hands=tuple(hands),
        by=by,
        when=now,
        content_hash=page.content_hash,
    )


def turn_now(turn: int, klass: SchoolClass, *, progress: ProgressStore, asides: Collection[Outcome]) -> int:
    """A button's turn as it is today: what was noted beside it meanwhile does not make the button old."""
    since = [entry for entry in progress.taught(klass.id) if entry.turn >= turn]
    return turn + len(since) if all(entry.outcome in asides for entry in since) else turn


def note_aside(entry: Taught, *, progress: ProgressStore) -> None:
    """Write down what is no lesson's turn at the first turn that is free, whatever its own says. The caller commits."""
    turn = len(progress.taught(entry.class_id))
    while not progress.record(replace(entry, turn=turn)):
        turn += 1


def mark(
    page: Page,
    front: LessonFront,
    *,
    klass: SchoolClass,
    turn: int,
    outcome: Outcome,
    hands: Sequence[Hands],
    by: str,
    progress: ProgressStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    now: datetime,
) -> bool:
    """Record what became of a lesson; False where this turn of the class was taken already. The caller commits."""
    turn = turn_now(turn, klass, progress=progress, asides=ASIDES)
    if not progress.record(entry_of(page, front, klass, turn=turn, outcome=outcome, hands=hands, by=by, now=now)):
        return False
    if outcome is Outcome.TAUGHT:
        for clause in clauses_of(front):
            what = f"{page.id} with {klass.name}"
            evidence.write(Evidence(clause=clause, kind="lesson.taught", when=now, what=what, by=by))
        if klass.slack_channel:
            outbox.leave(
                Notice(
                    key=f"class-post:{klass.id}:{turn}",
                    to=To.CLASS,
                    recipient=klass.id,
                    page=page.id,
                    part="class-post",
                    lane=Lane.REPLIES,
                ),
            )
    return True
