"""Intake: a child's words are sealed, somebody is told, and the reporter has a receipt, all in one commit."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from safeguarding.concerns import Concern, ConcernStore, NewConcern, NothingToSendError, State, TooLongError
from safeguarding.receipts import Receipt
from safeguarding.routing import About, any_route, route, to_be_told
from safeguarding.triage import is_urgent
from school.evidence import Evidence, EvidenceBook
from school.notices import Doubt, Lane, Notice, Outbox, To
from school.people import Person
from school.school import School
from school.sensitive import Sensitive
from school.words import Refusal, Text

# The web form's limit; every channel's own is below it.
LONGEST_WORDS = 20_000
DRAFT_KEPT = timedelta(hours=24)
# Letters and symbols that are drawn as nothing: fillers of Hangul, and the empty pattern of Braille.
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Control and format characters, and separators of all kinds (unicode.org/reports/tr44, General_Category). Half of a
# surrogate pair and what this Python's tables do not know yet may be a face, and a face says something.
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})


class NobodyToReceiveError(Refusal):
    """No one that the concern may go to has a key yet, so it cannot be sealed and is not taken."""

    text = Text(
        "This form can't take your words yet, so please tell an adult you trust today. "
        "If anyone is in danger now, call 999. You can talk to Childline at any time, free: 0800 1111.",
    )


class NobodyForThisAnswerError(NobodyToReceiveError):
    """A draft that nobody holds a key to of those it would go to. It stays a draft."""

    text = Text(
        "Nobody has your words yet. The adults they would go to can't open them here. You can give another answer, "
        "or tell an adult you trust today. If anyone is in danger now, call 999. "
        "You can talk to Childline at any time, free: 0800 1111.",
    )


@dataclass(frozen=True, kw_only=True)
class Received:
    """What the reporter may be told: a reference is not among it."""

    receipt: str
    held: bool = False


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a reporter gave. `details` are their other answers, sealed along with the words."""

    about: About
    words: Sensitive
    via: str
    details: tuple[tuple[str, str], ...] = ()
    sent_from: str = ""


def receive(
    report: Report,
    *,
    school: School,
    concerns: ConcernStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    receipt: Receipt,
    concern_id: UUID,
    reference: str,
    now: datetime,
) -> Received:
    """Take a report. The caller commits.

    Raises NothingToSendError, TooLongError or NobodyToReceiveError; then nothing is kept.
    """
    routed = route(report.about, school=school)
    concern = _concern(
        report,
        routed=routed,
        concerns=concerns,
        receipt=receipt,
        concern_id=concern_id,
        reference=reference,
        now=now,
    )
    concerns.add(concern)
    readers = {recipient.person for recipient in concern.routed}
    _tell(reference, routed=routed, readers=readers, school=school, outbox=outbox, now=now)
    _evidence(evidence, via=report.via, now=now)
    return Received(receipt=receipt.shown)


def hold(
    report: Report,
    *,
    school: School,
    concerns: ConcernStore,
    receipt: Receipt,
    concern_id: UUID,
    reference: str,
    now: datetime,
) -> Received:
    """Keep words that were typed without a command, sealed, until their sender says what to do with them.

    Nobody has asked yet whom they are about, so they are locked for everybody whom they might go to, and no one can
    open them while they are a draft; `report.about` tells nothing. Raises as `receive`. The caller commits.
    """
    concerns.add(
        _concern(
            report,
            routed=any_route(school),
            concerns=concerns,
            receipt=receipt,
            concern_id=concern_id,
            reference=reference,
            now=now,
            draft=True,
        ),
    )
    return Received(receipt=receipt.shown, held=True)


def pass_on(
    draft: Concern,
    *,
    about: About,
    school: School,
    concerns: ConcernStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    via: str,
    now: datetime,
) -> bool:
    """Turn a draft into a concern for those it should go to, and take it from all others for ever.

    False where it already is one. Raises NobodyForThisAnswerError; then it stays a draft. The caller commits.
    """
    if draft.state is not State.DRAFT:
        return False
    routed = route(about, school=school)
    readers = {person.id for person in routed}.intersection(draft.readers)
    if not readers:
        raise NobodyForThisAnswerError
    if not concerns.hand_over(draft.id, about=about, to=readers):
        return False
    _tell(draft.reference, routed=routed, readers=readers, school=school, outbox=outbox, now=now)
    _evidence(evidence, via=via, now=now)
    return True


def discard(draft: Concern, *, concerns: ConcernStore) -> bool:
    """Destroy a draft at its sender's wish; False where it has been passed on already. The caller commits."""
    return draft.state is State.DRAFT and concerns.destroy(draft.id)


def says_nothing(words: Sensitive) -> bool:
    """Whether there is not one character to be seen: only spaces, controls, and marks that show nothing."""
    return all(letter in BLANKS or unicodedata.category(letter) in UNSEEN for letter in words.reveal())


def _concern(
    report: Report,
    *,
    routed: tuple[Person, ...],
    concerns: ConcernStore,
    receipt: Receipt,
    concern_id: UUID,
    reference: str,
    now: datetime,
    draft: bool = False,
) -> NewConcern:
    if says_nothing(report.words):
        raise NothingToSendError
    if len(report.words) > LONGEST_WORDS:
        raise TooLongError(length=len(report.words), most=LONGEST_WORDS)
    recipients = concerns.recipients([person.id for person in routed])
    if not recipients:
        raise NobodyToReceiveError
    return NewConcern(
        id=concern_id,
        reference=reference,
        about=report.about,
        via=report.via,
        state=State.DRAFT if draft else State.NEW,
        received=now,
        urgent=is_urgent(report.words),
        words=report.words,
        details=report.details,
        routed=recipients,
        receipt=receipt,
        sent_from=report.sent_from if draft else "",
        destroy_after=now + DRAFT_KEPT if draft else None,
    )


def _tell(
    reference: str,
    *,
    routed: tuple[Person, ...],
    readers: Collection[str],
    school: School,
    outbox: Outbox,
    now: datetime,
) -> None:
    for person in to_be_told(routed, school=school, on=school.calendar.today(now), readers=readers):
        outbox.leave(
            Notice(
                key=f"concern:{reference}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page="concern-notice",
                values={"reference": reference},
                lane=Lane.SAFEGUARDING,
                doubt=Doubt.REPEAT,
            ),
        )


def _evidence(evidence: EvidenceBook, *, via: str, now: datetime) -> None:
    evidence.write(Evidence(clause="C40", kind="concern.received", when=now, what=f"A concern was received by {via}"))
