"""Low-level concerns about adults: a register of its own, which the head alone can read; about the head, the chair.

Not every unease about an adult is an allegation. What falls short of harm is written down all the same, because small
things that come again may together be harm. Who it is about, who wrote it and what they wrote lie under the seal, so
nobody but its reader can count by person. An entry has no clock and no end of its own: its reader ends it, or makes it
an allegation, and then it is a concern about an adult like any other.

Source: Keeping Children Safe in Education on low-level concerns (paragraphs 423 to 426 of a school's copy), as read in
reference material of November 2026. The caller of every function commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from safeguarding.concerns import ConcernStore, Recipient
from safeguarding.intake import Report, receive, refuse_unfit, says_nothing
from safeguarding.logbook import SENDER, Act
from safeguarding.receipts import Receipt
from safeguarding.routing import About
from school.calendar import BeyondTheCalendarError
from school.evidence import Evidence, EvidenceBook
from school.notices import Doubt, Lane, Notice, Outbox, To
from school.people import Person, Role
from school.school import School
from school.sensitive import SecretKey, Sensitive
from school.words import Refusal, Text

LONGEST_NAME = 120
TITLES = frozenset({"dr", "madam", "miss", "mr", "mrs", "ms", "mx", "prof", "revd", "sir", "the"})
HEADS_OFFICE = frozenset({"head", "headteacher", "headmaster", "headmistress", "principal", "head teacher"})


class Whom(StrEnum):
    """Whom a low-level concern is about, as its writer is asked."""

    ADULT = "adult"
    HEAD = "head"
    MYSELF = "myself"


class NoNameError(Refusal):
    """An adult without a name: the register could never show that it is the same one again."""

    text = Text("Please write the name of the adult. Only the person who reads the register can see it.")


class NameTooLongError(Refusal):
    """More than a name."""

    text = Text("That is longer than a name ({length} characters; the most is {most}). Please write the rest below.")


class NobodyReadsError(Refusal):
    """Its reader has no key yet, so that it cannot be sealed and is not taken."""

    text = Text(
        "This can't be kept here yet: the person who should read it has no key. Please tell them in person today. That "
        "is the headteacher, or the chair of governors if it is about the headteacher.",
    )


class NotInYourRegisterError(Refusal):
    """An entry that does not exist, or that the asker holds no key to: the two look alike on purpose."""

    text = Text("There is no low-level concern with that reference that you can open.")


@dataclass(frozen=True, kw_only=True)
class Account:
    """What lies under the seal. `name` is as it was typed, or the head's or the writer's own; `by` is an id of ours."""

    whom: Whom
    name: Sensitive
    by: str
    via: str
    words: Sensitive


@dataclass(frozen=True, kw_only=True)
class LowLevel:
    """An entry without what is in it. `opened` is None until its reader has read it."""

    id: UUID
    reference: str
    logged: datetime
    opened: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OpenedLowLevel:
    """An entry with its account; None where the row was changed since it was written."""

    entry: LowLevel
    account: Account | None


class LowLevelStore(Protocol):
    """Seals a copy to each reader, and keeps nothing that says whom an entry is about."""

    def add(self, entry: LowLevel, account: Account, *, readers: Sequence[Recipient]) -> None:
        """Seal and keep."""

    def for_reader(self, person: str) -> tuple[LowLevel, ...]:
        """Those that the person holds a copy of, newest first."""

    def open(self, entry_id: UUID, *, person: str, key: SecretKey) -> Account | None:
        """The person's copy; None where it does not open: a wrong key, or a changed row."""

    def readers(self, entry_id: UUID) -> tuple[str, ...]:
        """Who holds a copy."""

    def let_in(self, entry_id: UUID, account: Account, *, reader: Recipient) -> None:
        """A copy for one more reader, by somebody who has just opened theirs."""

    def note_opened(self, entry_id: UUID, *, now: datetime) -> None:
        """Its reader has read it; the first time is kept."""

    def destroy(self, entry_id: UUID) -> bool:
        """Every copy, then the rest; False where it was gone."""


def keepers(account: Account, *, school: School) -> tuple[Person, ...]:
    """Who reads it: the head; the chair of governors where it is about a head, however that was said.

    Where the two are one person, nobody does, and it is refused with a sentence.
    """
    heads = school.holders(Role.HEAD)
    if not _about_a_head(account, school=school):
        return heads
    return tuple(person for person in school.holders(Role.CHAIR_OF_GOVERNORS) if person not in heads)


def log_low_level(
    account: Account,
    *,
    school: School,
    concerns: ConcernStore,
    register: LowLevelStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    entry_id: UUID,
    reference: str,
    now: datetime,
) -> None:
    """Keep an entry, and tell its reader that something waits.

    The notice is that of any report, and so says nothing of what it is. The log says that one came, and not who wrote
    it: that is under the seal.

    Raises NoNameError, NameTooLongError, NobodyReadsError, NothingToSendError, TooLongError.
    """
    refuse_unfit(account.words)
    if len(account.name) > LONGEST_NAME:
        raise NameTooLongError(length=len(account.name), most=LONGEST_NAME)
    if account.whom is Whom.ADULT and says_nothing(account.name):
        raise NoNameError
    people = keepers(account, school=school)
    readers = concerns.recipients([person.id for person in people])
    if not readers:
        raise NobodyReadsError
    # By the name of today: who is head then says nothing of whom it is about.
    account = replace(account, name=Sensitive(_name(account, school=school)))
    register.add(LowLevel(id=entry_id, reference=reference, logged=now), account, readers=readers)
    concerns.log.write(Act.LOW_LEVEL, actor=SENDER, now=now, subject=reference)
    for reader in readers:
        outbox.leave(_notice(reader.person, reference=reference, due=_when_staffed(school, now)))
    what = "A low-level concern was written into the register"
    evidence.write(Evidence(clause="C41", kind="lowlevel.logged", when=now, what=what))


def read_low_level(
    reference: str, *, concerns: ConcernStore, register: LowLevelStore, person: str, key: SecretKey, now: datetime
) -> OpenedLowLevel:
    """One entry, for its reader; the reading is recorded. Raises NotInYourRegisterError."""
    found = _theirs(reference, register=register, person=person)
    account = register.open(found.id, person=person, key=key)
    register.note_opened(found.id, now=now)
    concerns.log.write(Act.READ, actor=person, now=now, subject=found.reference)
    return OpenedLowLevel(entry=found, account=account)


def open_register(
    *, concerns: ConcernStore, register: LowLevelStore, person: str, key: SecretKey, now: datetime
) -> tuple[OpenedLowLevel, ...]:
    """All of a reader's entries at once, newest first: only so does it show who comes again. It is recorded."""
    entries = register.for_reader(person)
    concerns.log.write(Act.REGISTER_OPENED, actor=person, now=now)
    return tuple(OpenedLowLevel(entry=each, account=register.open(each.id, person=person, key=key)) for each in entries)


def fit_to_share(account: Account, *, to: Person, school: School) -> bool:
    """Whether it would go to this person, were it written today, and is not about them."""
    of_themselves = account.whom is Whom.MYSELF and account.by == to.id
    about_them = same_name(account.name.reveal()) == same_name(to.name)
    return to in keepers(account, school=school) and not of_themselves and not about_them


def share_register(
    to: str,
    *,
    school: School,
    concerns: ConcernStore,
    register: LowLevelStore,
    person: str,
    key: SecretKey,
    now: datetime,
) -> int:
    """A reader lets another head or chair read what is theirs to read too, as before a hand-over; how many entries.

    Nothing that is about them. Raises NobodyReadsError where they have no key.
    """
    other, recipients = school.person(to), concerns.recipients([to])
    if other is None or not recipients:
        raise NobodyReadsError
    shared = 0
    for entry in register.for_reader(person):
        account = register.open(entry.id, person=person, key=key)
        if account is None or to in register.readers(entry.id) or not fit_to_share(account, to=other, school=school):
            continue
        register.let_in(entry.id, account, reader=recipients[0])
        concerns.log.write(Act.SHARED, actor=person, now=now, subject=entry.reference)
        shared += 1
    return shared


def end_low_level(
    reference: str, *, concerns: ConcernStore, register: LowLevelStore, person: str, now: datetime
) -> None:
    """Its reader ends it, and it is destroyed. Raises NotInYourRegisterError."""
    found = _theirs(reference, register=register, person=person)
    register.destroy(found.id)
    concerns.log.write(Act.DESTROYED, actor=person, now=now, subject=found.reference)


def make_allegation(
    reference: str,
    *,
    school: School,
    concerns: ConcernStore,
    register: LowLevelStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    receipt: Receipt,
    concern_id: UUID,
    new_reference: str,
    person: str,
    key: SecretKey,
    now: datetime,
) -> None:
    """It may be harm after all: an ordinary concern from now on, with its clock; the entry is gone from the register.

    Nobody is given the receipt, for whoever wrote it is known to the reader by name. Raises NotInYourRegisterError,
    also for an entry that does not open, and NobodyToReceiveError; then nothing has changed.
    """
    found = _theirs(reference, register=register, person=person)
    account = register.open(found.id, person=person, key=key)
    if account is None:
        raise NotInYourRegisterError
    receive(
        Report(
            about=About.HEAD if _about_a_head(account, school=school) else About.ADULT,
            words=account.words,
            via=account.via,
            details=(
                ("name_of_the_adult", account.name.reveal()),
                ("logged_by", account.by),
                ("logged_as_low_level", f"{school.calendar.local(found.logged):%d/%m/%Y %H:%M}"),
                ("reference_in_the_register", found.reference),
            ),
            by=person,
        ),
        school=school,
        concerns=concerns,
        outbox=outbox,
        evidence=evidence,
        receipt=receipt,
        concern_id=concern_id,
        reference=new_reference,
        now=now,
    )
    register.destroy(found.id)
    concerns.log.write(Act.ALLEGED, actor=person, now=now, subject=found.reference)


def same_name(name: str) -> str:
    """One spelling for a name, whatever its title, capitals, stops and spaces."""
    return " ".join(_parts(name))


def surname(name: str) -> str:
    """The last part of a name: by this entries are put together, since “Mr Ward” may be Ellis Ward."""
    return _parts(name)[-1] if _parts(name) else ""


def _name(account: Account, *, school: School) -> str:
    typed = " ".join(account.name.reveal().split())
    match account.whom:
        case Whom.MYSELF:
            writer = school.person(account.by)
            return writer.name if writer else typed
        case Whom.HEAD:
            return typed or ", ".join(head.name for head in school.holders(Role.HEAD))
        case Whom.ADULT:
            return typed


def _theirs(reference: str, *, register: LowLevelStore, person: str) -> LowLevel:
    wanted = reference.strip().upper()
    for entry in register.for_reader(person):
        if entry.reference == wanted:
            return entry
    raise NotInYourRegisterError


def _about_a_head(account: Account, *, school: School) -> bool:
    """Whoever chose “another adult” and then named the head has said so as well; in doubt it is the head."""
    heads = school.holders(Role.HEAD)
    match account.whom:
        case Whom.HEAD:
            return True
        case Whom.MYSELF:
            return account.by in {head.id for head in heads}
        case Whom.ADULT:
            named = _in_the_file(account.name, school)
            if named is not None:
                return named in heads
            typed = _parts(account.name.reveal())
            names = [_parts(head.name) for head in heads]
            return " ".join(typed) in HEADS_OFFICE or any(name[-1:] == [part] for name in names for part in typed)


def _in_the_file(name: Sensitive, school: School) -> Person | None:
    """Who it must be: everything typed is a part of one person's name, and of nobody else's."""
    typed = set(_parts(name.reveal()))
    found = [person for person in school.people if typed and typed <= set(_parts(person.name))]
    return found[0] if len(found) == 1 else None


def _parts(name: str) -> list[str]:
    letters = "".join(letter if letter.isalnum() or letter in "-'’" else " " for letter in name.casefold())
    return [part for part in letters.replace("’", "'").split() if part not in TITLES]


def _notice(person: str, *, reference: str, due: datetime) -> Notice:
    return Notice(
        key=f"concern:{reference}:{person}",
        to=To.PERSON,
        recipient=person,
        page="concern-notice",
        values={"reference": reference},
        lane=Lane.SAFEGUARDING,
        due=due,
        doubt=Doubt.REPEAT,
    )


def _when_staffed(school: School, now: datetime) -> datetime:
    """It waits for the morning: what is urgent is not low-level."""
    try:
        return school.calendar.next_staffed(now)
    except BeyondTheCalendarError:
        return now
