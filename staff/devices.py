"""The school's own devices: who has each, taken out and brought back in a tap, off site only as the policy lets it."""

from dataclasses import replace
from enum import StrEnum

from school.people import Person, Role
from school.words import Refusal, Text
from staff.register_hand import ChangedMeanwhileError, Hand
from staff.registers import Did, Entry, NoSuchEntryError, Register, may_keep

# What a list shows of those that colleagues have.
SEES_ALL = frozenset({Role.TECHNICIAN, Role.HEAD, Role.ESAFETY_LEAD})


class Where(StrEnum):
    """Where a device is. HERE: at its place in school; OUT: with somebody, in school; OFF: with somebody, off site."""

    HERE = "here"
    OUT = "out"
    OFF = "off"
    LOST = "lost"


class NotThereError(Refusal):
    """Somebody else has it, or it isn't where the tap supposed it."""

    text = Text("That has changed meanwhile: a colleague has it, or it is back. Look at the list again.")


class NotEncryptedError(Refusal):
    """It isn't encrypted, and nobody looked whether it is empty."""

    text = Text(
        "This one isn't encrypted, so nothing personal may leave school on it. Look at it first, and say that there "
        "is nothing personal on it. Or take one that is encrypted."
    )


def where_is(entry: Entry) -> Where:
    """HERE where nothing is said."""
    return Where(entry.fields.get("where", Where.HERE))


def may_see(entry: Entry, *, person: Person) -> bool:
    """Everybody sees what is here and what they have; whoever looks after them sees all."""
    return person.holds(*SEES_ALL) or where_is(entry) is Where.HERE or entry.holder == person.id


def take_out(entry: Entry, *, hand: Hand, off_site: bool = False, empty: bool = False) -> Entry:
    """Whoever acts has it now. Off site only where it is encrypted, or `empty`: somebody looked, and nothing is on it.

    One that somebody has in school may be taken off site by themselves. Raises NotThereError or NotEncryptedError.
    """
    mine = where_is(entry) is Where.OUT and entry.holder == hand.person.id
    if entry.register is not Register.DEVICE or not (where_is(entry) is Where.HERE or (mine and off_site)):
        raise NotThereError
    if off_site and not empty and entry.fields.get("encrypted") != "yes":
        raise NotEncryptedError
    return _moved(entry, Where.OFF if off_site else Where.OUT, hand, Did.OFF_SITE if off_site else Did.OUT)


def bring_back(entry: Entry, *, hand: Hand) -> Entry:
    """It is at its place again: said by whoever had it, or by a keeper. Raises NotThereError or NoSuchEntryError."""
    if where_is(entry) is Where.HERE:
        raise NotThereError
    _theirs(entry, hand)
    return _moved(entry, Where.HERE, hand, Did.BACK)


def lose(entry: Entry, *, hand: Hand) -> Entry:
    """It is lost or stolen; whoever had it stays named until it is found.

    Raises NotThereError or NoSuchEntryError.
    """
    if entry.register is not Register.DEVICE or where_is(entry) is Where.LOST:
        raise NotThereError
    _theirs(entry, hand)
    return _moved(entry, Where.LOST, hand, Did.LOST)


def _theirs(entry: Entry, hand: Hand) -> None:
    if entry.register is not Register.DEVICE:
        raise NotThereError
    if entry.holder != hand.person.id and not may_keep(hand.person, Register.DEVICE):
        raise NoSuchEntryError


def _moved(entry: Entry, to: Where, hand: Hand, did: Did) -> Entry:
    holder = {Where.HERE: "", Where.LOST: entry.holder}.get(to, hand.person.id)
    fields = {**entry.fields, "where": to.value, "since": hand.on.isoformat()}
    try:
        return hand.keep(replace(entry, fields=fields, holder=holder), did, was=entry.version)
    except ChangedMeanwhileError as error:
        raise NotThereError from error


def looked_over(*, hand: Hand) -> int:
    """Whoever looks after them went through all: updated, and at their place; how many. Raises NoSuchEntryError."""
    if not may_keep(hand.person, Register.DEVICE):
        raise NoSuchEntryError
    devices = hand.registers.open(Register.DEVICE)
    said = f"{len(devices)} devices looked over"
    # Nothing was looked at where there is nothing.
    for clause in ("C42", "C48") if devices else ():
        hand.prove(clause, "devices", said)
    return len(devices)
