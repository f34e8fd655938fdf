"""Follow-up: a recipient reads and acknowledges; a reporter asks how it stands; stale drafts are destroyed."""

from collections.abc import Sequence
from datetime import datetime

from safeguarding.concerns import Concern, ConcernStore, Entry, NotForYouError, Opened, State
from safeguarding.logbook import LOLLIPOP, SENDER, Act
from safeguarding.receipts import UnknownReceiptError
from school.evidence import Evidence, EvidenceBook
from school.people import ANSWERING_ROLES
from school.school import School
from school.sensitive import SecretKey


def read(
    reference: str, *, school: School, concerns: ConcernStore, person: str, key: SecretKey, now: datetime
) -> Opened:
    """Open a concern for a recipient; the reading is recorded. Raises NotForYouError. The caller commits.

    A year lead's look does not stop the clock, for whoever answers for it may not have seen it; taking it on does.
    """
    concern = readable(reference, concerns=concerns, person=person)
    opened = concerns.open(concern.id, person=person, key=key)
    concerns.log.write(Act.READ, actor=person, now=now, subject=concern.reference)
    reader = school.person(person)
    if concern.state is State.NEW and reader is not None and reader.holds(*ANSWERING_ROLES):
        concerns.mark(concern.id, state=State.OPENED, by=person, now=now)
    concerns.note_reading(concern.id, person=person, now=now)
    return opened


def acknowledge(
    reference: str,
    *,
    concerns: ConcernStore,
    evidence: EvidenceBook,
    person: str,
    now: datetime,
) -> bool:
    """A recipient has taken it on; False where somebody already had. Raises NotForYouError. The caller commits."""
    concern = readable(reference, concerns=concerns, person=person)
    if concern.state not in {State.NEW, State.OPENED}:
        return False
    concerns.mark(concern.id, state=State.ACKNOWLEDGED, by=person, now=now)
    concerns.log.write(Act.ACKNOWLEDGED, actor=person, now=now, subject=concern.reference)
    evidence.write(
        Evidence(clause="C41", kind="concern.acknowledged", when=now, what="A concern was acknowledged", by=person),
    )
    return True


def status_of(
    lookup: bytes, *, concerns: ConcernStore, wrapping: SecretKey, now: datetime
) -> tuple[State, tuple[Entry, ...]]:
    """How a report stands and what was written both ways, for whoever has its receipt. Raises UnknownReceiptError.

    The caller commits: that somebody asked is recorded.
    """
    concern = concerns.by_receipt(lookup)
    if concern is None:
        raise UnknownReceiptError
    concerns.log.write(Act.ASKED, actor=SENDER, now=now, subject=concern.reference)
    if concern.state is State.DRAFT:
        return concern.state, ()
    return concern.state, concerns.open_by_receipt(concern.id, wrapping=wrapping)


def destroy_stale_drafts(*, concerns: ConcernStore, now: datetime) -> int:
    """Destroy drafts that nobody passed on in time; how many. The caller commits."""
    return destroy_each(concerns.stale_drafts(now), concerns=concerns, now=now)


def destroy_each(found: Sequence[Concern], *, concerns: ConcernStore, now: datetime) -> int:
    """Those of them that may still be destroyed; how many that was."""
    gone = [concern for concern in found if concerns.destroy(concern.id)]
    for concern in gone:
        concerns.log.write(Act.DESTROYED, actor=LOLLIPOP, now=now, subject=concern.reference)
    return len(gone)


def readable(reference: str, *, concerns: ConcernStore, person: str) -> Concern:
    """A concern that somebody may read now. Raises NotForYouError."""
    concern = concerns.by_reference(reference)
    if concern is None or concern.state is State.DRAFT or person not in concern.readers:
        raise NotForYouError
    return concern
