"""Who wrote a report, uncovered in danger: one person asks with a reason, a second agrees in a session of their own.

Each holds one half of the key. Whoever asks passes their half on, sealed to those who hold the other; one of these puts
the two together, sees the identity, and leaves it sealed for the one who asked, who sees it once as well. A request
holds for a day, and whatever was passed on goes with it. The caller of every function commits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from safeguarding.concerns import Concern, ConcernStore, EntryKind, Recipient
from safeguarding.followup import readable
from safeguarding.guards import Identity
from safeguarding.intake import refuse_unfit
from safeguarding.logbook import LOLLIPOP, Act
from safeguarding.watching import tell
from school.evidence import Evidence, EvidenceBook
from school.notices import Outbox
from school.people import ANSWERING_ROLES, Person
from school.school import School
from school.sensitive import SecretKey, Sensitive
from school.words import Refusal, Text

A_REQUEST_HOLDS = timedelta(hours=24)


class NoIdentityError(Refusal):
    """Nothing is kept of who wrote, or the asker holds no half of its key: the two look alike on purpose."""

    text = Text("You can't find out here who wrote this report.")


class AlreadyAskedError(Refusal):
    """Somebody has asked, and it is still open."""

    text = Text("Somebody has asked for this already. A second person has to agree first.")


class NothingAskedError(Refusal):
    """There is no request to agree to: taken back, refused, answered, too old, or one's own."""

    text = Text("There is nothing here for you to agree to. It may have been taken back, or be more than a day old.")


class SeenError(Refusal):
    """It was shown already, or its day is over."""

    text = Text("There is nothing more to show here: it is shown once. Ask again if somebody is still in danger.")


class DamagedError(Refusal):
    """The two halves open nothing: a row was changed, or sealed to a key that is no longer used."""

    text = Text(
        "This can't be opened: it was changed, or sealed to a key that is no longer used. If somebody is in danger, "
        "call the police on 999.",
    )


@dataclass(frozen=True, kw_only=True)
class Uncovering:
    """A request. `half` is 0 or 1, the asker's own; `agreed_by` is empty until a second person agrees."""

    concern_id: UUID
    reference: str
    asked_by: str
    asked: datetime
    half: int
    agreed_by: str = ""
    agreed: datetime | None = None


class IdentityStore(Protocol):
    """Keeps the sealed identity, the halves of its key, and at most one request a report."""

    def holders(self, concern_id: UUID) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who holds the first half, and who the second; nobody where nothing is kept, and of a draft."""

    def request(self, concern_id: UUID) -> Uncovering | None:
        """What was asked and is still there."""

    def requests(self, *, holder: str = "", asked_before: datetime | None = None) -> tuple[Uncovering, ...]:
        """Those that were passed on to a person, or all; of these only those that are as old as that."""

    def ask(
        self,
        concern_id: UUID,
        *,
        person: str,
        key: SecretKey,
        reason: Sensitive,
        to: Sequence[Recipient],
        now: datetime,
    ) -> bool:
        """Open the person's half and seal it with the reason to the others; False where it does not open.

        Raises AlreadyAskedError where somebody was quicker.
        """

    def reason(self, concern_id: UUID, *, person: str, key: SecretKey) -> Sensitive | None:
        """Why it was asked, for somebody to whom it was passed on."""

    def agree(
        self, concern_id: UUID, *, person: str, key: SecretKey, asker: Recipient, now: datetime
    ) -> Identity | None:
        """Put the halves together; a copy is sealed for the asker, and what was passed on is destroyed.

        None, and nothing changed, where they open nothing.
        """

    def take(self, concern_id: UUID, *, person: str, key: SecretKey) -> Identity | None:
        """The asker's copy, which is destroyed with its request; None where it does not open."""

    def withdraw(self, concern_id: UUID) -> bool:
        """As `end`, but False, and nothing changed, where a second person has agreed meanwhile."""

    def end(self, concern_id: UUID) -> None:
        """Destroy a request with all that was passed on. The identity and its halves stay."""


def may_ask(concern: Concern, *, identities: IdentityStore, person: str) -> bool:
    """Whether a reader of a report holds a half, and there is somebody who holds the other."""
    holders = identities.holders(concern.id)
    return all(holders) and person in {*holders[0], *holders[1]}


def ask_who_wrote(
    reference: str,
    *,
    reason: Sensitive,
    school: School,
    concerns: ConcernStore,
    identities: IdentityStore,
    outbox: Outbox,
    person: str,
    key: SecretKey,
    now: datetime,
) -> None:
    """A reader who holds a half asks. The reason stands in the case as a note, and is told to whoever may agree.

    Raises NotForYouError, NoIdentityError, AlreadyAskedError, DamagedError, NothingToSendError, TooLongError.
    """
    concern = readable(reference, concerns=concerns, person=person)
    refuse_unfit(reason)
    if not may_ask(concern, identities=identities, person=person):
        raise NoIdentityError
    if standing(concern, identities=identities, now=now) is not None:
        raise AlreadyAskedError
    identities.end(concern.id)
    holders = identities.holders(concern.id)
    others = _serving(holders[1 if person in holders[0] else 0], school=school)
    to = concerns.recipients([other.id for other in others])
    if not to:
        raise NoIdentityError
    if not identities.ask(concern.id, person=person, key=key, reason=reason, to=to, now=now):
        raise DamagedError
    concerns.add_entry(concern.id, kind=EntryKind.NOTE, author=person, words=reason, now=now)
    concerns.log.write(Act.IDENTITY_ASKED, actor=person, now=now, subject=concern.reference)
    _tell(_in(others, school=school, now=now), concern, page="identity-asked", outbox=outbox, at=now)


def standing(concern: Concern, *, identities: IdentityStore, now: datetime) -> Uncovering | None:
    """What was asked about a report, where its day is not over."""
    found = identities.request(concern.id)
    return None if found is None or _is_over(found, now) else found


def asked_of(
    reference: str, *, concerns: ConcernStore, identities: IdentityStore, person: str, now: datetime
) -> Uncovering:
    """A request that this person may agree to now. Raises NothingAskedError."""
    concern = concerns.by_reference(reference)
    found = standing(concern, identities=identities, now=now) if concern is not None else None
    if concern is None or found is None or found.agreed or found.asked_by == person:
        raise NothingAskedError
    if person not in identities.holders(concern.id)[1 - found.half]:
        raise NothingAskedError
    return found


def agree_to_uncover(
    reference: str,
    *,
    school: School,
    concerns: ConcernStore,
    identities: IdentityStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    person: str,
    key: SecretKey,
    now: datetime,
) -> Identity:
    """The second person agrees, and sees who wrote. Raises NothingAskedError, DamagedError."""
    found = asked_of(reference, concerns=concerns, identities=identities, person=person, now=now)
    concern = concerns.by_reference(reference)
    asker = concerns.recipients([found.asked_by])
    if concern is None or not asker:
        raise NothingAskedError
    identity = identities.agree(concern.id, person=person, key=key, asker=asker[0], now=now)
    if identity is None:
        raise DamagedError
    concerns.log.write(Act.UNCOVERED, actor=person, now=now, subject=concern.reference)
    _tell(_people((found.asked_by,), school), concern, page="identity-agreed", outbox=outbox, at=now)
    others = _known(concern, identities) - {person, found.asked_by}
    told = _in(_serving(sorted(others), school=school), school=school, now=now, rather_all=False)
    _tell(told, concern, page="identity-uncovered", outbox=outbox, at=now)
    what = "Two people uncovered who wrote a report"
    evidence.write(Evidence(clause="C41", kind="identity.uncovered", when=now, what=what, by=person))
    return identity


def refuse_to_uncover(
    reference: str,
    *,
    school: School,
    concerns: ConcernStore,
    identities: IdentityStore,
    outbox: Outbox,
    person: str,
    now: datetime,
) -> None:
    """The second person does not agree, and whoever asked hears so. Raises NothingAskedError."""
    found = asked_of(reference, concerns=concerns, identities=identities, person=person, now=now)
    if not identities.withdraw(found.concern_id):
        raise NothingAskedError
    concerns.log.write(Act.IDENTITY_REFUSED, actor=person, now=now, subject=found.reference)
    concern = concerns.by_reference(reference)
    if concern is not None:
        _tell(_people((found.asked_by,), school), concern, page="identity-refused", outbox=outbox, at=now)


def take_back(reference: str, *, concerns: ConcernStore, identities: IdentityStore, person: str, now: datetime) -> None:
    """Whoever asked needs it no more. Raises NotForYouError, NothingAskedError."""
    concern = readable(reference, concerns=concerns, person=person)
    found = identities.request(concern.id)
    if found is None or found.asked_by != person or not identities.withdraw(concern.id):
        raise NothingAskedError
    concerns.log.write(Act.IDENTITY_ENDED, actor=person, now=now, subject=concern.reference)


def see_who_wrote(
    reference: str, *, concerns: ConcernStore, identities: IdentityStore, person: str, key: SecretKey, now: datetime
) -> Identity:
    """Whoever asked sees it, once. Raises SeenError, DamagedError."""
    concern = concerns.by_reference(reference)
    found = standing(concern, identities=identities, now=now) if concern is not None else None
    if concern is None or found is None or found.asked_by != person or not found.agreed:
        raise SeenError
    identity = identities.take(concern.id, person=person, key=key)
    if identity is None:
        raise DamagedError
    concerns.log.write(Act.IDENTITY_SEEN, actor=person, now=now, subject=concern.reference)
    return identity


def end_old_requests(*, concerns: ConcernStore, identities: IdentityStore, now: datetime) -> int:
    """What was passed on or left to be seen a day ago is destroyed; how many requests."""
    old = identities.requests(asked_before=now - A_REQUEST_HOLDS)
    over = [found for found in old if _is_over(found, now)]
    for found in over:
        identities.end(found.concern_id)
        concerns.log.write(Act.IDENTITY_ENDED, actor=LOLLIPOP, now=now, subject=found.reference)
    return len(over)


def waiting_for(person: str, *, identities: IdentityStore, now: datetime) -> tuple[Uncovering, ...]:
    """The requests that a person may agree to."""
    return tuple(
        found
        for found in identities.requests(holder=person)
        if not found.agreed and not _is_over(found, now) and found.asked_by != person
    )


def _is_over(found: Uncovering, now: datetime) -> bool:
    return now - (found.agreed or found.asked) >= A_REQUEST_HOLDS


def _known(concern: Concern, identities: IdentityStore) -> set[str]:
    """Everybody who may know of the report: whoever it is about is not among them."""
    first, second = identities.holders(concern.id)
    return {*first, *second, *concern.readers, *concern.reserve}


def _people(ids: Iterable[str], school: School) -> list[Person]:
    return [person for each in ids if (person := school.person(each))]


def _serving(ids: Iterable[str], *, school: School) -> list[Person]:
    """Those who answer for reports still."""
    return [person for person in _people(ids, school) if person.holds(*ANSWERING_ROLES)]


def _in(people: Sequence[Person], *, school: School, now: datetime, rather_all: bool = True) -> Sequence[Person]:
    """Those who are not away today; where nobody is left and somebody has to be told, all of them."""
    away = school.away(school.calendar.today(now))
    here = [person for person in people if person.id not in away]
    return here or (people if rather_all else [])


def _tell(people: Iterable[Person], concern: Concern, *, page: str, outbox: Outbox, at: datetime) -> None:
    tell(people, reference=concern.reference, page=page, mark=f"{page}:{at:%Y%m%d%H%M%S}:", outbox=outbox)
