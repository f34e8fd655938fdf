"""A school's own policy: its text as it was loaded, who agreed to that very text, and when it is looked at again."""

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from school.calendar import Calendar
from school.evidence import Evidence, EvidenceBook
from school.notices import Notice, Outbox, To
from school.people import Person, Role
from school.school import School
from school.words import Refusal, Text
from staff.checks import Check, all_checks
from staff.nudges import calm_day
from staff.policy import CONTENT, Clause, PolicyFault, load_clauses
from staff.policy_faults import cross_faults, schema_faults, sense_faults, toml_fault

# Both have to agree: two people, each in one of these offices.
OFFICES = (Role.HEAD, Role.CHAIR_OF_GOVERNORS)
YEARLY = timedelta(days=365)
# Days before a policy is a year old on which somebody is reminded; after that every four weeks.
AHEAD = (60, 30, 7)
OVERDUE_EVERY = 28
WAITS, REVIEW, NONE_YET = "policy-waits", "policy-review", "policy-none"
MOST_BYTES = 400_000


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    clause: tuple[Clause, ...]
    check: tuple[Check, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What a school promises: its clauses, and the checks that it asks for, ours and its own."""

    clauses: tuple[Clause, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, kw_only=True)
class Yes:
    """Somebody agreed to a version, in the offices that they held then."""

    number: int
    person: str
    offices: frozenset[Role]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of a school's policy: the text as it was loaded, and who has agreed to it. `number` begins at 1."""

    number: int
    text: str
    loaded: datetime
    loaded_by: str
    yeses: tuple[Yes, ...] = ()

    @property
    def digest(self) -> str:
        """Of the text: SHA-256 in hexadecimal. Whoever agrees, agrees to this."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def short(self) -> str:
        """So much of the digest as somebody compares by eye."""
        return self.digest[:12]

    @property
    def agreed(self) -> datetime | None:
        """Since when the head and the chair have both agreed, as two people; None until then."""
        instants = [
            max(one.at, other.at)
            for one in self.yeses
            for other in self.yeses
            if one.person != other.person and Role.HEAD in one.offices and Role.CHAIR_OF_GOVERNORS in other.offices
        ]
        return min(instants, default=None)


class PolicyStore(Protocol):
    """The versions of a school's policy. Only added to; the caller commits."""

    def add(self, version: Version) -> bool:
        """A new one; False where its number is taken."""

    def newest(self) -> Version | None:
        """The last that was loaded, with who has agreed to it."""

    def every(self) -> tuple[Version, ...]:
        """All of them, the newest first."""

    def agree(self, yes: Yes) -> bool:
        """Somebody agrees; False where they had. Two at one moment wait for each other until the caller commits."""


class NoPolicyError(Refusal):
    """Nothing was loaded yet."""

    text = Text("There is no policy to agree to yet. Load one first: lollipop policy load FILE")


class AnotherVersionError(Refusal):
    """A newer text was loaded since the card was drawn."""

    text = Text("A newer version was loaded since. Nothing was agreed. Open /lollipop policy again and read it first.")


class NotYourOfficeError(Refusal):
    """Somebody else than the head or the chair of governors."""

    text = Text("The policy is agreed by the head and the chair of governors. Nothing was changed.")


class AgreedAlreadyError(Refusal):
    """They have said yes to this version."""

    text = Text("You have agreed to this version already.")


class SamePolicyError(Refusal):
    """The very text that is the newest already."""

    text = Text("This is the text of version {number} already. Nothing was changed.")


class LoadedMeanwhileError(Refusal):
    """Somebody else loaded a version at the same moment."""

    text = Text("Another version was loaded at this very moment, so this one was not kept. Look at it, and load again.")


class PolicyNotReadError(Refusal):
    """A file that is no policy."""

    text = Text("The policy needs mending:\n{faults}\nNothing was changed.")


def default_text() -> str:
    """The sixty-nine clauses that come with Lollipop, as a school would load them."""
    return (CONTENT / "clauses.toml").read_text("utf-8")


@lru_cache(maxsize=64)
def read_policy(text: str) -> Policy:
    """A policy from its text. Raises PolicyFault with every fault: a school mends them in one go."""
    found = _parsed(text)
    if faults := cross_faults(text, found.clause, found.check):
        raise PolicyFault(faults)
    # A check of ours for clauses that the school has dropped is not asked. Where a later release has one by the name of
    # the school's own, the school's stays: see read_new_policy.
    known, own = {clause.id for clause in found.clause}, {check.id for check in found.check}
    kept = tuple(check for check in all_checks() if not known.isdisjoint(check.clauses) and check.id not in own)
    return Policy(clauses=found.clause, checks=(*kept, *found.check))


def _parsed(text: str) -> _File:
    try:
        return _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PolicyFault(toml_fault(text, error)) from error
    except ValidationError as error:
        raise PolicyFault(schema_faults(text, error)) from error


def read_new_policy(text: str) -> Policy:
    """As read_policy, of a text that nobody has agreed to: what would mean nothing is a fault as well."""
    found = _parsed(text)
    both = (cross_faults(text, found.clause, found.check), sense_faults(text, found.clause, found.check))
    if any(both):
        raise PolicyFault("\n".join(filter(None, both)))
    return read_policy(text)


def in_force(policies: PolicyStore) -> Version | None:
    """The newest version that both have agreed to; None where there is none."""
    return next((each for each in policies.every() if each.agreed), None)


@cache
def _ours() -> Policy:
    """What comes with us, read once: every line of a list asks for it."""
    return Policy(clauses=load_clauses(), checks=all_checks())


def policy_of(policies: PolicyStore) -> Policy:
    """What the school promises now: the version in force, or what comes with us until two have agreed to one."""
    version = in_force(policies)
    return read_policy(version.text) if version else _ours()


def load_version(
    text: str, *, by: str, school: School, policies: PolicyStore, outbox: Outbox, now: datetime, again: bool = False
) -> Version:
    """Keep a new version, and ask the head and the chair to agree. The caller commits.

    `again` takes the same text for another year, as a review that changes nothing does. Raises PolicyNotReadError,
    SamePolicyError or LoadedMeanwhileError.
    """
    if len(text.encode()) > MOST_BYTES:
        raise PolicyNotReadError(faults="it is larger than a policy can be. Is it another file?")
    try:
        _ = read_policy(text) if again else read_new_policy(text)
    except PolicyFault as fault:
        raise PolicyNotReadError(faults=str(fault)) from fault
    newest = policies.newest()
    if newest is not None and newest.text == text and not again:
        raise SamePolicyError(number=newest.number)
    version = Version(number=newest.number + 1 if newest else 1, text=text, loaded=now, loaded_by=by)
    if not policies.add(version):
        raise LoadedMeanwhileError
    for person in {each.id: each for role in OFFICES for each in school.holders(role)}.values():
        outbox.leave(
            Notice(
                key=f"{WAITS}:{version.number}:{version.short}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page=WAITS,
                values={"number": str(version.number), "digest": version.short},
                due=school.calendar.next_open(now),
            )
        )
    return version


def agree_to(
    number: int, short: str, *, person: Person, policies: PolicyStore, evidence: EvidenceBook, now: datetime
) -> Version:
    """Somebody agrees to the text that they were shown; the version as it is now. The caller commits.

    It is agreed once the head and the chair have, as two people: somebody in both offices counts once. Raises
    NoPolicyError, NotYourOfficeError, AnotherVersionError or AgreedAlreadyError.
    """
    if not person.holds(*OFFICES):
        raise NotYourOfficeError
    newest = policies.newest()
    if newest is None:
        raise NoPolicyError
    if (newest.number, newest.short) != (number, short):
        raise AnotherVersionError
    offices = frozenset(role for role in OFFICES if person.holds(role))
    if not policies.agree(Yes(number=number, person=person.id, offices=offices, at=now)):
        raise AgreedAlreadyError
    agreed = policies.newest() or newest
    what = f"Version {number}, {short}"
    evidence.write(Evidence(clause="C2", kind="policy.agreed", when=now, what=what, by=person.id))
    if agreed.agreed and not newest.agreed:
        for clause in ("C2", "C3"):
            evidence.write(Evidence(clause=clause, kind="policy.approved", when=now, what=what, by=person.id))
    return agreed


def review_by(policies: PolicyStore, *, calendar: Calendar) -> date | None:
    """The last day of the year for which the policy was agreed; None where none was."""
    version = in_force(policies)
    return calendar.today(version.agreed + YEARLY) if version and version.agreed else None


def tell_of_review(*, school: School, policies: PolicyStore, outbox: Outbox, now: datetime) -> int:
    """Remind of the yearly review at 60, 30 and 7 days, and of one that is overdue; how many notices.

    Before: the head and the e-safety leads. Overdue: the chair of governors as well, and again every four weeks. Of a
    school that has agreed to none yet, the head once a month. On a school day, when it is calm. The caller commits.
    """
    due = calm_day(school.calendar, now=now)
    if due is None:
        return 0
    day, last = school.calendar.today(due), review_by(policies, calendar=school.calendar)
    if last is None:
        people = school.first_present(Role.HEAD, Role.ESAFETY_LEAD, on=day)
        return _leave(NONE_YET, f"{day:%Y-%m}", people, {}, outbox=outbox, due=due)
    left, roles = (last - day).days, [Role.HEAD, Role.ESAFETY_LEAD]
    if left >= 0:
        reached = [ahead for ahead in AHEAD if left <= ahead]
        if not reached:
            return 0
        mark, part = f"{last}:{min(reached)}", "ahead"
    else:
        mark, part = f"{last}:over:{-left // OVERDUE_EVERY}", "over"
        roles.append(Role.CHAIR_OF_GOVERNORS)
    people = tuple({each.id: each for role in roles for each in school.holders(role)}.values())
    return _leave(REVIEW, mark, people, {"day": f"{last:%d/%m/%Y}"}, outbox=outbox, due=due, part=part)


def _leave(
    page: str,
    mark: str,
    people: Sequence[Person],
    values: dict[str, str],
    *,
    outbox: Outbox,
    due: datetime,
    part: str = "",
) -> int:
    return sum(
        outbox.leave(
            Notice(
                key=f"{page}:{mark}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page=page,
                part=part,
                values=values,
                due=due,
            )
        )
        for person in people
    )
