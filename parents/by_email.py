"""Joining by e-mail: one letter to whoever's address was typed, and nothing more before the tap in it.

Anybody can type any address, so typing subscribes nobody.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from parents.families import Family, FamilyStore
from parents.joining import confirm, invitation
from school.evidence import EvidenceBook
from school.notices import Notice, Outbox, To
from school.school import School
from school.sensitive import Sensitive
from school.words import Refusal, Text

# How long an address waits for the tap, and how many letters one address gets in a day that nobody answers.
WAITS = timedelta(hours=48)
A_DAY = timedelta(days=1)
LETTERS_A_DAY = 3
# The page of the letter.
JOIN_LETTER = "join-letter"
# As long as the column, and no character that has a meaning of its own in a letter's head (RFC 5322 3.4).
LONGEST_ADDRESS = 200
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]\\]+@[^\s@<>(),;:\"\[\]\\.]+(\.[^\s@<>(),;:\"\[\]\\.]+)+")


class NotAnAddressError(Refusal):
    """Something typed that no letter could go to."""

    text = Text("That doesn't look like an e-mail address. Please check it. It looks like this: name@example.org")


class NotWaitingError(Refusal):
    """A link in a letter that was used, or is older than two days."""

    text = Text("That link was used already, or it is more than two days old. To get a new one, please ask again.")


@dataclass(frozen=True, kw_only=True)
class Pending:
    """An address that somebody typed, until the tap. `code` is of the invitation; `address` is in small letters."""

    id: UUID
    address: str
    lang: str
    code: str
    asked: datetime


class PendingStore(Protocol):
    """Addresses of one school that wait."""

    def add(self, pending: Pending) -> None:
        """Keep it."""

    def get(self, pending_id: UUID) -> Pending | None:
        """By our own id."""

    def since(self, when: datetime, *, address: str) -> int:
        """How often an address that still waits was typed after an instant."""

    def forget(self, address: str) -> None:
        """Delete all of an address."""

    def forget_old(self, *, before: datetime, limit: int) -> int:
        """Delete up to so many that were typed before, oldest first; how many there were."""


def address_of(typed: Sensitive) -> str:
    """The address as it is kept: in small letters, so that one mailbox is one family. Raises NotAnAddressError."""
    address = typed.reveal().strip().lower()
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise NotAnAddressError
    return address


def ask_by_email(
    code: str,
    *,
    typed: Sensitive,
    school: School,
    families: FamilyStore,
    pendings: PendingStore,
    outbox: Outbox,
    via: str,
    lang: str,
    pending_id: UUID,
    now: datetime,
) -> bool:
    """Leave the letter that asks for the tap; False where the address had enough of them. The caller commits.

    Whoever typed is told the same either way. Somebody who was erased gets one letter in two days at most: it is their
    only way back. Raises NotAnAddressError, and as `invitation`.
    """
    invitation(code, school=school, families=families)
    address = address_of(typed)
    forgotten = families.forgotten(via=via, address=address)
    since, most = (now - WAITS, 1) if forgotten else (now - A_DAY, LETTERS_A_DAY)
    if pendings.since(since, address=address) >= most:
        return False
    pendings.add(Pending(id=pending_id, address=address, lang=lang, code=code, asked=now))
    notice = Notice(
        key=f"join:{pending_id}",
        to=To.PENDING,
        recipient=str(pending_id),
        page=JOIN_LETTER,
        not_after=now + WAITS,
        via=via,
    )
    return outbox.leave(notice)


def waiting(pending_id: UUID, *, pendings: PendingStore, now: datetime) -> Pending:
    """What a letter's link is about. Raises NotWaitingError."""
    found = pendings.get(pending_id)
    if found is None or now - found.asked > WAITS:
        raise NotWaitingError
    return found


def confirm_by_email(
    pending: Pending,
    *,
    school: School,
    families: FamilyStore,
    pendings: PendingStore,
    evidence: EvidenceBook,
    via: str,
    wording: str,
    family_id: UUID,
    now: datetime,
) -> tuple[Family, bool]:
    """The tap in the letter; as `confirm`. The caller commits."""
    joined = confirm(
        pending.code,
        school=school,
        families=families,
        evidence=evidence,
        via=via,
        address=pending.address,
        lang=pending.lang,
        wording=wording,
        family_id=family_id,
        now=now,
    )
    pendings.forget(pending.address)
    return joined


def forget_waiting(*, pendings: PendingStore, now: datetime, limit: int) -> int:
    """Delete what nobody said yes to in time; how many. The caller commits."""
    return pendings.forget_old(before=now - WAITS, limit=limit)
