"""Intake: a child's words are sealed, somebody is told, and the reporter has a receipt, all in one commit."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from safeguarding.concerns import (
    Concern,
    ConcernStore,
    Drafts,
    Guards,
    NewConcern,
    NothingToSendError,
    State,
    TooLongError,
)
from safeguarding.guards import Identity, guarded
from safeguarding.logbook import LOLLIPOP, SENDER, Act
from safeguarding.receipts import Receipt, without_receipts
from safeguarding.routing import About, Arrangement, arrange, arrange_for_any, year_said
from safeguarding.topics import answers_hurry
from safeguarding.triage import goes_by_itself, is_urgent
from safeguarding.watching import A_RUNG, AN_ALARM, FLOOD_PAGE, due, tell
from school.evidence import Evidence, EvidenceBook
from school.notices import Chat, Outbox
from school.school import School
from school.sensitive import Sensitive
from school.words import Refusal, Text

# The web form's limit; every channel's own is below it.
LONGEST_WORDS = 20_000
DRAFT_KEPT = timedelta(hours=24)
# How long a draft with a sign of danger in it waits for its sender's word before it goes by itself.
SILENCE = timedelta(minutes=5)
# Reports of one flood with a sign of danger that somebody is told of one by one, before they have opened any.
RISEN = 20
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
    """What the reporter may be told. `reference` is for a button alone; `goes_at` is when a draft goes by itself."""

    receipt: str
    reference: str = ""
    goes_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a reporter gave. `details` are their other answers, sealed along with the words.

    `by` is the member of staff who logs it for a child; empty where a sender of their own does. `identity` is what the
    platform said of a sender, where it did: sealed under a key that nobody holds alone. `flood`: more
    came at once than people send, so that it is held for sorting; never refused. An alert of a system has the mark that
    it is known by again and the import it came with; of those only the first `tells` anybody.
    """

    about: About
    words: Sensitive
    via: str
    details: tuple[tuple[str, str], ...] = ()
    sent_from: str = ""
    by: str = ""
    alert_mark: str = ""
    batch: UUID | None = None
    tells: bool = True
    identity: Identity | None = None
    flood: bool = False


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
    """Take a report. The caller commits. A receipt in its words is taken out of them, by whatever way they came.

    Raises NothingToSendError, TooLongError or NobodyToReceiveError; then nothing is kept.
    """
    refuse_unfit(report.words)
    urgent = is_urgent(report.words) or answers_hurry(report.details)
    way = arrange(
        report.about,
        school=school,
        on=school.calendar.today(now),
        keys=_with_keys(school, concerns),
        urgent=urgent,
        year=year_said(report.details),
    )
    if not way.readers:
        raise NobodyToReceiveError
    concerns.add(
        NewConcern(
            id=concern_id,
            reference=reference,
            about=report.about,
            via=report.via,
            state=State.NEW,
            received=now,
            urgent=urgent,
            words=without_receipts(report.words),
            details=report.details,
            routed=concerns.recipients([person.id for person in way.readers]),
            reserve=concerns.recipients([person.id for person in way.reserve]),
            rungs=way.rungs,
            watch_at=_next_telling(way, urgent=urgent, flood=report.flood, school=school, concerns=concerns, now=now),
            watch_rung=way.next_rung,
            receipt=receipt,
            alert_mark=report.alert_mark,
            batch=report.batch,
            identity=report.identity,
            guards=_guards(report, report.about, school=school, concerns=concerns, now=now),
            flood=report.flood,
        )
    )
    if report.batch is None:
        _tell_of_it(way, reference=reference, urgent=urgent, flood=report.flood, concerns=concerns, outbox=outbox)
        _evidence(evidence, via=report.via, now=now)
    elif report.tells:
        tell(way.told, reference=reference, page="alerts-notice", mark="", outbox=outbox)
    act = Act.RECEIVED if report.batch is None else Act.BROUGHT_IN
    concerns.log.write(act, actor=report.by or SENDER, now=now, subject=reference)
    return Received(receipt=receipt.shown, reference=reference)


def hold(
    report: Report,
    *,
    school: School,
    concerns: ConcernStore,
    drafts: Drafts,
    chat: Chat,
    receipt: Receipt,
    concern_id: UUID,
    reference: str,
    now: datetime,
) -> Received:
    """Keep words that were typed without a command, sealed, until their sender says what to do with them.

    Nobody has asked yet whom they are about, so they are locked for everybody whom they might go to, and no one can
    open them while they are a draft; `report.about` tells nothing. Where a sign of danger stands in them, they go by
    themselves after a silence, with whatever else of this sender's is undecided; `chat` is where that is said then.
    Raises as `receive`. The caller commits.
    """
    refuse_unfit(report.words)
    locked_for = arrange_for_any(school=school, on=school.calendar.today(now), keys=_with_keys(school, concerns))
    if not locked_for:
        raise NobodyToReceiveError
    concerns.add(
        NewConcern(
            id=concern_id,
            reference=reference,
            about=report.about,
            via=report.via,
            state=State.DRAFT,
            received=now,
            urgent=is_urgent(report.words),
            words=without_receipts(report.words),
            details=report.details,
            routed=concerns.recipients([person.id for person in locked_for]),
            receipt=receipt,
            sent_from=report.sent_from,
            destroy_after=now + DRAFT_KEPT,
            identity=report.identity,
            # Until it is known whom it is about, each answer has guards of its own; the store keeps those of the one.
            guards=_guards(report, *About, school=school, concerns=concerns, now=now),
            flood=report.flood,
        )
    )
    concerns.log.write(Act.HELD, actor=SENDER, now=now, subject=reference)
    goes_at = _goes_at(report, drafts=drafts, chat=chat, now=now)
    return Received(receipt=receipt.shown, reference=reference, goes_at=goes_at)


def _goes_at(report: Report, *, drafts: Drafts, chat: Chat, now: datetime) -> datetime | None:
    """One who is upset writes in pieces: what was said before and after the sign of danger goes along with it."""
    undecided = [each for each in drafts.of(report.sent_from) if not each.kept_back]
    ends = [each.goes_at for each in undecided if each.goes_at] + (
        [now + SILENCE] if goes_by_itself(report.words) else []
    )
    for each in undecided if ends else ():
        drafts.go(each.id, at=min(ends), chat=chat)
    return min(ends, default=None)


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
    by_itself: bool = False,
) -> bool:
    """Turn a draft into a concern for those it should go to, and take it from all others for ever.

    False where it already is one. Raises NobodyForThisAnswerError; then it stays a draft. The caller commits.
    """
    if draft.state is not State.DRAFT:
        return False
    way = arrange(
        about, school=school, on=school.calendar.today(now), keys={*draft.readers, *draft.reserve}, urgent=draft.urgent
    )
    if not way.readers:
        raise NobodyForThisAnswerError
    if not concerns.hand_over(
        draft.id,
        about=about,
        to=[person.id for person in way.readers],
        rungs=way.rungs,
        reserve=[person.id for person in way.reserve],
        watch_at=_next_telling(way, urgent=draft.urgent, flood=draft.flood, school=school, concerns=concerns, now=now),
        watch_rung=way.next_rung,
    ):
        return False
    _tell_of_it(
        way,
        reference=draft.reference,
        urgent=draft.urgent,
        flood=draft.flood,
        concerns=concerns,
        outbox=outbox,
    )
    act, actor = (Act.WENT, LOLLIPOP) if by_itself else (Act.PASSED_ON, SENDER)
    concerns.log.write(act, actor=actor, now=now, subject=draft.reference)
    _evidence(evidence, via=via, now=now)
    return True


def discard(draft: Concern, *, concerns: ConcernStore, now: datetime) -> bool:
    """Destroy a draft at its sender's wish; False where it has been passed on already. The caller commits."""
    if draft.state is not State.DRAFT or not concerns.destroy(draft.id):
        return False
    concerns.log.write(Act.DESTROYED, actor=SENDER, now=now, subject=draft.reference)
    return True


def says_nothing(words: Sensitive) -> bool:
    """Whether there is not one character to be seen: only spaces, controls, and marks that show nothing."""
    return all(letter in BLANKS or unicodedata.category(letter) in UNSEEN for letter in words.reveal())


def refuse_unfit(words: Sensitive) -> None:
    """Raises NothingToSendError or TooLongError."""
    if says_nothing(words):
        raise NothingToSendError
    if len(words) > LONGEST_WORDS:
        raise TooLongError(length=len(words), most=LONGEST_WORDS)


def _with_keys(school: School, concerns: ConcernStore) -> set[str]:
    return {recipient.person for recipient in concerns.recipients([person.id for person in school.people])}


def _guards(
    report: Report, *abouts: About, school: School, concerns: ConcernStore, now: datetime
) -> dict[About, Guards]:
    """Nobody's, where no platform said who it is."""
    if report.identity is None:
        return {}
    known = {each.person: each for each in concerns.recipients([person.id for person in school.people])}
    found = guarded(school=school, on=school.calendar.today(now), keys=known, abouts=abouts)
    return {
        about: (tuple(known[person.id] for person in first), tuple(known[person.id] for person in second))
        for about, (first, second) in found.items()
    }


def _next_telling(
    way: Arrangement, *, urgent: bool, flood: bool, school: School, concerns: ConcernStore, now: datetime
) -> datetime:
    """What comes in a flood goes up together with what waits already, so that the next people are told once."""
    alone = due(now, AN_ALARM if way.alarm else A_RUNG, urgent=urgent, calendar=school.calendar)
    together = concerns.flood_due(urgent=urgent) if flood else None
    return alone if together is None else min(alone, together)


def _tell_of_it(
    way: Arrangement, *, reference: str, urgent: bool, flood: bool, concerns: ConcernStore, outbox: Outbox
) -> None:
    """Of a flood each is told once, until they have opened what waits; of danger in it, of each of the first."""
    told, page = way.told, "concern-alarm" if way.alarm else "concern-notice"
    if flood:
        most = RISEN if urgent else 1
        told = tuple(person for person in told if concerns.flood_waits(person.id, urgent=urgent) <= most)
        page = page if urgent else FLOOD_PAGE
    tell(told, reference=reference, page=page, mark="", outbox=outbox)


def _evidence(evidence: EvidenceBook, *, via: str, now: datetime) -> None:
    evidence.write(Evidence(clause="C40", kind="concern.received", when=now, what=f"A concern was received by {via}"))
