"""Requests: what staff ask for and two or three others decide, and what they tell of and somebody ends.

Their words are staff's own, and stand in no log, notice or piece of evidence: there a kind and a reference is all.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from school.people import Role
from school.school import School
from school.words import Refusal, Text
from staff.approving import Roles, Vote

# Characters, of what is asked for and of why.
SUBJECT_LENGTH, WHY_LENGTH = 120, 500
# A request that nobody decides ends by itself after so many days, or earlier where it is of no use any more.
LAPSES_AFTER = timedelta(days=14)
# A site may be open, and a topic may be searched for, at most about a term.
LONGEST_OPEN = timedelta(weeks=13)
# Of a filter that is to be off as soon as it is granted: what it has for its `choice`, and how long that may take.
AS_SOON, AS_SOON_WITHIN = "as_soon", timedelta(hours=4)
LONGEST_OFF, EARLY = timedelta(minutes=120), timedelta(minutes=10)
# From when a breach was noticed. Source: UK GDPR, article 33(1); ico.org.uk, "Personal data breaches: a guide".
ICO_HOURS = 72
# So long the head is asked what was decided about it; after that the leads are as well, and may say so.
DECIDED_BY_HEAD = timedelta(hours=48)
_LONG_DIGITS = re.compile(r"(?:\d[ ./-]?){7,}")
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


class Ask(StrEnum):
    """What kind of request."""

    UNBLOCK = "unblock"
    FILTER_OFF = "filter_off"
    INSTALL = "install"
    RESEARCH = "research"
    FILTER_FAULT = "filter_fault"
    BREACH = "breach"


# The clause that each is evidence for.
CLAUSE: dict[Ask, str] = {
    Ask.UNBLOCK: "C36",
    Ask.FILTER_OFF: "C37",
    Ask.INSTALL: "C43",
    Ask.RESEARCH: "C14",
    Ask.FILTER_FAULT: "C38",
    Ask.BREACH: "C33",
}
# Those that nobody's yes is needed for: they are told of.
TOLD_OF = frozenset({Ask.FILTER_FAULT, Ask.BREACH})
# Those that are undone when their time is over: a day for a site and a topic, minutes for the filter.
UNDONE = frozenset({Ask.UNBLOCK, Ask.RESEARCH})
# Who may ask for the filter to be off, and who looks after the filter, the devices and what becomes of requests.
MAY_SWITCH = (Role.TECHNICIAN, Role.HEAD)
LOOKING_AFTER = (Role.TECHNICIAN, Role.ESAFETY_LEAD, Role.HEAD)
OVERSEEING = (*LOOKING_AFTER, Role.DSL)


class RequestState(StrEnum):
    """WAITING for a decision; GRANTED and still to be done or undone; RUNNING: the filter is off; OPEN: told of.

    REFUSED, LAPSED (nobody decided, or nobody used it, in time) and CLOSED are ends.
    """

    WAITING = "waiting"
    GRANTED = "granted"
    RUNNING = "running"
    OPEN = "open"
    REFUSED = "refused"
    LAPSED = "lapsed"
    CLOSED = "closed"


GOING_ON = frozenset({RequestState.WAITING, RequestState.GRANTED, RequestState.RUNNING, RequestState.OPEN})


class Fault(StrEnum):
    """What a filter does that it should not."""

    LETS_THROUGH = "lets_through"
    BLOCKS = "blocks"
    DOWN = "down"


class Breach(StrEnum):
    """What may have happened."""

    LOST = "lost"
    SENT_WRONG = "sent_wrong"
    LOGIN = "login"
    SEEN = "seen"
    MALWARE = "malware"
    OTHER = "other"


class Personal(StrEnum):
    """Whether personal data may be involved."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"


class Reported(StrEnum):
    """What was decided about telling the Information Commissioner's Office."""

    REPORTED = "reported"
    NOT_REPORTED = "not_reported"


@dataclass(frozen=True, kw_only=True)
class StaffRequest:
    """One request. What is of no use for its kind is empty or None.

    `subject` is an address, a program's name or a topic; `why` and `more` (devices, safe sources) are words. `choice`
    is a Fault, a Breach or AS_SOON, `personal` a Personal. `starts` and `ends` are the time that it is for; a breach
    `starts` when it was noticed. `lapses` is when it ends undecided or unused. `begun` says that the filter was
    switched off; `told` is when somebody was last reminded of it, and how often that was is `times`. `outcome` is a
    Reported, `said` what it was closed or not reported with.
    """

    id: UUID
    reference: str
    kind: Ask
    asked_by: str
    asked: datetime
    state: RequestState
    subject: str = ""
    why: str = ""
    more: str = ""
    class_id: str = ""
    choice: str = ""
    personal: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    lapses: datetime | None = None
    decided: datetime | None = None
    begun: datetime | None = None
    begun_by: str = ""
    told: datetime | None = None
    times: int = 0
    outcome: str = ""
    said: str = ""
    closed: datetime | None = None
    closed_by: str = ""


class RequestStore(Protocol):
    """Where a school's requests and the votes on them are kept. The caller commits."""

    def add(self, request: StaffRequest) -> None:
        """A new one."""

    def by_reference(self, reference: str) -> StaffRequest | None:
        """One by its mark."""

    def going_on(self) -> tuple[StaffRequest, ...]:
        """All that have not ended, the oldest first."""

    def newest(self, *, limit: int, asked_by: str = "") -> tuple[StaffRequest, ...]:
        """Those that have not ended first, then the rest; the newest of each on top. Of one person, or of all."""

    def hold(self, request_id: UUID, *, was: RequestState) -> bool:
        """Nobody else changes it until the caller commits; False where it is not in that state any more."""

    def save(self, request: StaffRequest, *, was: StaffRequest) -> bool:
        """What is different from what it `was`; False, and nothing is changed, where that holds no more.

        It holds while its state and its outcome are the same: a reminder meanwhile takes nobody's tap away.
        """

    def vote(self, request_id: UUID, vote: Vote) -> None:
        """What somebody says, in place of what they said before."""

    def votes(self, request_id: UUID) -> tuple[Vote, ...]:
        """What everybody said, oldest first."""


class NoSuchRequestError(Refusal):
    """There is none by that reference, or it is for other eyes."""

    text = Text("There is no request by that reference that you can open. Look at the list again.")


class OverError(Refusal):
    """It is decided, done or over."""

    text = Text("This has been decided, done or ended already, so your tap changed nothing. Open it again to see how.")


class NotYoursToDecideError(Refusal):
    """Whoever has no seat, or asked themselves."""

    text = Text("Your yes or no isn't asked for here. Whoever asks never decides, and each role decides once.")


class NoReasonGivenError(Refusal):
    """Nothing was written where a reason is needed."""

    text = Text("Please write a few words in each field that asks for them: nothing was sent.")


class TooManyWordsError(Refusal):
    """More characters than are kept."""

    text = Text("That is too long: {length} characters, and there is room for {most}. Nothing was sent.")


class LongNumberError(Refusal):
    """A long number, which may be somebody's."""

    text = Text("Please leave out the long number: it may be a telephone's or a pupil's. Nothing was sent.")


class LinkError(Refusal):
    """A link where none is of use."""

    text = Text("Please write it without a link. An address belongs in the field for it, where there is one.")


class WrongTimesError(Refusal):
    """A time that is missing, over, or too long."""

    text = Text("These times don't fit together: choose an end after the beginning, and not further off than offered.")


class NotTheTimeError(Refusal):
    """The filter may be off at the time that was agreed, and at no other."""

    text = Text("The filter may be off only at the time that was agreed. For another time, ask again.")


class NotYoursToSwitchError(Refusal):
    """The technician and the head switch, and ask for it."""

    text = Text("Only the technician and the head ask for the filter to be off, and say that it is off and on again.")


class NotYoursToReportError(Refusal):
    """Whoever is neither the head nor the contact for data protection."""

    text = Text(
        "The head or the contact for data protection says what was decided about the ICO. A safeguarding or e-safety "
        "lead can, where no head is in or two days have gone."
    )


class NobodyCanDecideError(Refusal):
    """A role has neither a holder nor a deputy who may decide."""

    text = Text(
        "This can't be granted as things are: nobody can say yes as {roles}. Whoever looks after the school file can "
        "give somebody the role, or name another deputy under [approvers.deputies]. Nothing was sent."
    )


def wanted_for(kind: Ask, *, school: School) -> tuple[Roles, ...]:
    """Whose yes a kind needs: for each seat the roles that can fill it. Nobody's for what is told of."""
    match kind:
        case Ask.UNBLOCK:
            return tuple((role,) for role in school.approvers.unblock)
        case Ask.INSTALL:
            return tuple((role,) for role in school.approvers.install)
        case Ask.RESEARCH:
            return tuple((role,) for role in school.approvers.research)
        case Ask.FILTER_OFF:
            return (Role.HEAD,), (Role.ESAFETY_LEAD, Role.TECHNICIAN)
        case _:
            return ()


def plain_words(typed: str, *, most: int = WHY_LENGTH, needed: bool = True, links: bool = False) -> str:
    """Staff's words as they are kept, on one line. `links`: an address may stand among them.

    Raises NoReasonGivenError, TooManyWordsError, LongNumberError or LinkError.
    """
    said = " ".join(typed.split())
    if needed and not said:
        raise NoReasonGivenError
    if len(said) > most:
        raise TooManyWordsError(length=len(said), most=most)
    if _LONG_DIGITS.search(said):
        raise LongNumberError
    if not links and _LINK.search(said):
        raise LinkError
    return said


def lapses_on(kind: Ask, *, asked: datetime, ends: datetime | None) -> datetime | None:
    """When it ends undecided; None for what is told of, which somebody has to end."""
    if kind in TOLD_OF:
        return None
    return min(asked + LAPSES_AFTER, ends) if ends else asked + LAPSES_AFTER


def checked_times(request: StaffRequest) -> None:
    """Raises WrongTimesError where a kind lacks its times, or they are over, the wrong way round or too long."""
    starts, ends = request.starts or request.asked, request.ends
    match request.kind:
        case Ask.UNBLOCK | Ask.RESEARCH:
            fits = ends is not None and request.asked < ends and starts < ends <= request.asked + LONGEST_OPEN
        case Ask.FILTER_OFF:
            # A start that was chosen as "now" is a minute old by now.
            early = starts >= request.asked - EARLY
            fits = ends is not None and early and timedelta() < ends - starts <= LONGEST_OFF
        case Ask.BREACH:
            fits = request.starts is not None and request.starts <= request.asked
        case _:
            fits = True
    if not fits:
        raise WrongTimesError


def has_clock(request: StaffRequest) -> bool:
    """Whether the 72 hours run: personal data may be involved, and nobody has decided about a report yet."""
    return (
        request.kind is Ask.BREACH
        and request.state is RequestState.OPEN
        and request.personal != Personal.NO
        and not request.outcome
    )


def all_going_on(requests: RequestStore, kinds: Sequence[Ask]) -> tuple[StaffRequest, ...]:
    """Those of some kinds that have not ended, the oldest first."""
    return tuple(each for each in requests.going_on() if each.kind in kinds)
