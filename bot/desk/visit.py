"""A visit: one Incoming with everything that its handler may use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from bot.clock import Clock
from bot.languages import page_in
from bot.limits import Senders
from bot.tokens import Signer
from bot.unit import Unit, Units, Vault
from bot.wire import Answer, Choice, Incoming, Look, Show
from curriculum import Framework, Planned
from pages import Document, Shelf, Tone, note
from parents import Campaign
from safeguarding import AskedAbout, Receipt
from school.people import Person
from school.school import School
from school.sensitive import SecretKey, Sensitive
from school.words import Refusal, Text


@dataclass(frozen=True, kw_only=True)
class House:
    """What the desk was built with: the same for every visit.

    `senders` are those who write in chats, with how much each of them sent lately. `open_web` says that other machines
    reach the web pages, so that a link to them is of use in a chat; `letters`, that e-mail goes out.
    """

    schools: Mapping[str, School]
    units: Units
    vault: Vault
    shelf: Shelf
    framework: Framework
    plan: tuple[Planned, ...]
    campaigns: Mapping[str, Campaign]
    signers: Mapping[str, Signer]
    school_clock: Clock
    machine_clock: Clock
    new_id: Callable[[datetime], UUID]
    public_url: str
    senders: Senders
    # How many messages a page is for a family that reads a language: the channel's own renderer says.
    parts: Callable[[Document, str], int]
    open_web: bool = True
    letters: bool = False


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One Incoming inside its transaction. `person` is the member of staff behind it, if it is one.

    `asked` is the receipt that was said in a chat; `halves` are its own, or those of one that came in a field of its
    own: finding it and deriving them is slow and holds up no writer.
    """

    incoming: Incoming
    house: House
    school: School
    unit: Unit
    person: Person | None
    now: datetime
    receipt: Receipt | None = None
    asked: AskedAbout | None = None
    halves: tuple[bytes, SecretKey] | None = None

    @property
    def today(self) -> date:
        """The school's date."""
        return self.school.calendar.today(self.now)

    def halves_of(self, typed: Sensitive) -> tuple[bytes, SecretKey]:
        """What finds a report by its receipt, and what opens it. Raises UnknownReceiptError, at once for no receipt."""
        return self.halves or self.house.vault.halves(self.school.id, typed)

    def page(self, page_id: str, *, lang: str = "") -> Document:
        """A page's document in the visitor's language or a given one; in English it owns up to it."""
        reads = lang or self.incoming.lang
        return page_in(self.house.shelf, page_id, reads)

    def address(self, path: str) -> str:
        """A page of this school's on the web."""
        base = self.house.public_url.rstrip("/")
        within = f"/s/{self.school.id}" if len(self.house.schools) > 1 else ""
        return f"{base}{within}{path}"


Handler = Callable[[Visit], Answer]


def id_carried(visit: Visit, name: str) -> UUID | None:
    """The id that a button carries by a short name; None where it carries none, or something else."""
    try:
        return UUID(visit.incoming.args.get(name, ""))
    except ValueError:
        return None


def says_only(words: Text, *, title: Text | None = None, tone: Tone = Tone.CALM, show: Show = Show.REPLY) -> Answer:
    """An answer of one sentence."""
    return Answer(document=Document(title or Text("Lollipop"), (note(words, tone),)), show=show)


def name_of(visit: Visit, person: str) -> str | Text:
    """What a member of staff is called, by an id of ours."""
    found = visit.school.person(person)
    return found.name if found else Text("somebody who is no longer in the school file")


def day_of(visit: Visit, at: datetime) -> str:
    """The day of an instant as the school's wall shows it."""
    return f"{visit.school.calendar.local(at):%d/%m/%Y}"


def once_more(asked: Answer, refusal: Refusal) -> Answer:
    """A form again, which keeps what was typed, and above it what could not be taken."""
    title = asked.form.title if asked.form else Text("Lollipop")
    return replace(asked, document=Document(title, (note(refusal.text, Tone.URGENT),)), refused=True)


def button(label: Text, verb: str, look: Look = Look.PLAIN, args: Mapping[str, str] | None = None) -> Choice:
    """A choice that leads to a verb."""
    return Choice(label=label, verb=verb, args=dict(args or {}), look=look)
