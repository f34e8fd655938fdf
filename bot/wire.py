"""What crosses between the edges and the desk: an Incoming in, an Answer out; and what a channel can do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol, TypeVar

from bot.keydesk import KeyDesk
from lessons import Deck
from pages import Block, Document, Grid, QuizItem
from school.messages import ChatMessage
from school.sensitive import SecretKey, Sensitive
from school.words import Refusal, Text

Value = TypeVar("Value")

# A platform's connection that has rested so long is not used again. Servers hang up after five idle seconds (uvicorn,
# Node, Apache) or later, and what is sent at that very moment is lost without a word: nobody can say whether it went.
IDLE_SECONDS = 3.0


class Via(StrEnum):
    """How somebody reached the desk, or is reached."""

    SLACK = "slack"
    TELEGRAM = "telegram"
    WEB = "web"
    EMAIL = "email"
    SHELL = "shell"


# They deliver again what was not confirmed, in another life of this process too. A page shows its own answer, or none.
DELIVER_AGAIN = frozenset({Via.SLACK, Via.TELEGRAM})


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One thing that somebody did.

    `sender` is the platform's address (Slack user id, Telegram chat id; a person's id of ours on the web when signed
    in; empty on the open form). `verb` is a key of the desk's VERBS. `args` never hold a person's own words: those
    are in `words`, wrapped. `transport_id` and `semantic_id` recognise a redelivery; either may be absent.
    `called` is the name by which the platform knows the sender, where it tells; it goes under a seal or nowhere.
    `key` opens the vault for a signed-in recipient. `place` is the channel or chat it happened in.
    `correlation` joins inbox, desk, ledger and log. `flood`: it is one of more than people send, so that a report is
    held for sorting apart from the others. `message` is the one that `words` were typed in, where they were in one.
    """

    school: str
    via: Via
    sender: str
    verb: str
    args: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Sensitive] = field(default_factory=dict)
    called: Sensitive | None = None
    key: SecretKey | None = None
    transport_id: str | None = None
    semantic_id: str | None = None
    place: str = ""
    lang: str = "en"
    correlation: str = ""
    flood: bool = False
    message: ChatMessage | None = None


class Look(StrEnum):
    """How a choice is dressed."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"
    # A line of words above everything else; on the web alone.
    QUIET = "quiet"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A button. It leads to a verb with arguments, or to an address when `href` is given.

    For Telegram's 64 bytes, verb and arguments together stay within 30 characters of ASCII.
    """

    label: Text
    verb: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    look: Look = Look.PLAIN
    href: str | None = None


class Kind(StrEnum):
    """What a form field takes."""

    LONG_TEXT = "long_text"
    CHOICE = "choice"
    NUMBER = "number"


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer of a CHOICE field."""

    value: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One question. `private` words travel as Sensitive and are never put back on a page; lengths in characters.

    `above` is shown before it: the heading of the fields that follow, for instance. A `compact` choice is drawn as a
    list to pull down, where a page has that. `missing` is said where a page gets it back empty, instead of a sentence
    made of the label. A `folded` choice need not be read by everybody: a page shows its label, and the rest on a tap.
    What is `known` stands in a list that its reader sees anyway: it is shown again, though what is typed is private.
    """

    name: str
    label: Text
    kind: Kind
    options: tuple[Option, ...] = ()
    hint: Text | None = None
    optional: bool = False
    private: bool = False
    max_length: int = 20_000
    initial: str = ""
    above: Document | None = None
    compact: bool = False
    missing: Text | None = None
    folded: bool = False
    known: bool = False


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form, defined once and rendered by each channel. It comes back as `verb` with `args` and the fields' values.

    `also` are further buttons that send it, to another verb; `more` is folded away between the intro and the fields,
    for whoever wants to know more first. Only web pages have either.
    """

    title: Text
    submit: Text
    verb: str
    fields: tuple[FormField, ...]
    args: Mapping[str, str] = field(default_factory=dict)
    intro: Document | None = None
    more: Document | None = None
    also: tuple[Choice, ...] = ()


class Show(StrEnum):
    """Where an answer goes. REPLACE is the message or view that was acted on; SILENT is nothing at all."""

    REPLY = "reply"
    REPLACE = "replace"
    FORM = "form"
    HOME = "home"
    TOAST = "toast"
    SILENT = "silent"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How much of something is done; `label` says of what, for who cannot see the bar."""

    done: int
    of: int
    label: Text


@dataclass(frozen=True)
class Card:
    """One thing of a list, with its own buttons below it."""

    document: Document
    choices: tuple[tuple[Choice, ...], ...] = ()
    progress: Progress | None = None


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What is taken away as a file: `document` to be read, or `rows` under `head` to be sorted and imported.

    `name` is that of the file without its ending, and is safe on a screen that others see. Only web pages hand it out.
    A `grid` stands on one sheet across, below the paragraphs of the document; as a `picture` where that is asked for.
    What comes `after` it goes on to sheets of its own. A `deck` is slides, and nothing else then.
    """

    name: str
    document: Document | None = field(default=None, repr=False)
    head: tuple[Text, ...] = ()
    rows: tuple[tuple[str | Text, ...], ...] = field(default=(), repr=False)
    grid: Grid | None = None
    picture: bool = False
    after: tuple[Block, ...] = field(default=(), repr=False)
    deck: Deck | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What whoever just acted is shown, and nobody else.

    Sent by the edge after the commit. `choices` are rows of buttons; at `both_ends` of a long document where that is
    said, but for a keyboard, which stands by itself. `delete_incoming` asks the channel to remove what the person sent,
    where the platform lets a bot do that. `refused` says that nothing was done, so that a form stays open with what was
    typed and a page has a status of 4xx. `cards` and a `grid` come after the document; only web pages show them, and
    Slack's home tab cards. `buttons_spent` takes the buttons, not the words, off the message that was tapped or that
    the form was opened from, once this is shown. `lang` is given only where the answer is in another language than its
    reader's, as when they choose one; otherwise the desk says which that is. `paper` is handed out instead of a page.
    `go_on` is what the rest is asked with, where a thing is done in parts so that none of them holds up a child.
    A `quiz` comes after the document, and the choices below it; only Telegram shows it, as a poll without names.
    """

    document: Document | None = None
    cards: tuple[Card, ...] = ()
    grid: Grid | None = None
    choices: tuple[tuple[Choice, ...], ...] = ()
    both_ends: bool = False
    form: Form | None = None
    show: Show = Show.REPLY
    delete_incoming: bool = False
    refused: bool = False
    buttons_spent: bool = False
    lang: str = ""
    paper: Paper | None = None
    go_on: Mapping[str, str] = field(default_factory=dict)
    quiz: QuizItem | None = None


SILENCE = Answer(show=Show.SILENT)


class NotNowError(Refusal):
    """The desk cannot just now, through no fault of what came: let it come again, however often that takes."""


class SendFailed(Exception):  # noqa: N818 - what happened to a message, not a fault of the program
    """A message that did not go out, sorted at the edge.

    `permanent`: trying again is useless, and `reason` says why in one word:
    `blocked`, `deactivated`, `not_started`, `removed`, `not_found`, `forbidden`: of the person or the chat;
    `archived`, `not_in_channel`: of a channel on Slack;
    `refused`, `unrenderable`, `empty`: of the message.
    Not `permanent`, though nothing goes out by this channel before somebody mends it: `token` and `workspace_gone`
    (nobody at the platform knows us any more), `login` (of a mail server). `unreachable` is the network's.
    `retry_after`: the platform's own wish; it holds for the key it came from only.
    `in_doubt`: it may have gone out.
    `moved_to`: the address it should go to instead, once.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after: timedelta | None = None,
        in_doubt: bool = False,
        moved_to: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.in_doubt = in_doubt
        self.moved_to = moved_to


# Rows of buttons.
Choices = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One rendered-to-be message for one address."""

    address: str
    document: Document
    choices: tuple[tuple[Choice, ...], ...] = ()
    lang: str = "en"
    quiz: QuizItem | None = None


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A page drawn and encoded once for a channel and a language, to be posted to any number of addresses.

    `parts` are the channel's own bytes; `digest` names the content. `own` is an address that is one recipient's alone,
    put in before it is posted, where the channel is one whose letters have that.
    """

    parts: tuple[bytes, ...]
    digest: str
    own: str = field(default="", repr=False)


def drawn_of(parts: Sequence[bytes]) -> Drawn:
    """The parts with their digest: the same in every process and on every day."""
    lengths = ",".join(str(len(part)) for part in parts)  # so that two parts are never taken for one
    return Drawn(parts=tuple(parts), digest=sha256(b"".join((lengths.encode(), b":", *parts))).hexdigest())


@dataclass(frozen=True)
class Bucket:
    """How far a pacing key is booked, in seconds since 1970 by the machine's clock.

    `tat` is when its next message would be exactly on time; nothing goes before `blocked_until`, a platform's own wish.
    """

    tat: float = 0.0
    blocked_until: float | None = None


class Channel(Protocol):
    """What the delivery loop needs of a platform."""

    @property
    def via(self) -> Via:
        """Which platform."""

    def draw(self, document: Document, *, lang: str, choices: Choices = ()) -> Drawn:
        """Draw and encode a page once, with buttons that are the same for everybody.

        Raises SendFailed where it cannot be drawn.
        """

    async def post(self, address: str, drawn: Drawn, *, key: str = "") -> str:
        """Send what was drawn; the platform's id. Raises SendFailed, and nothing else that is anticipated.

        `key` is the delivery's, and travels with the message where the platform has a place for it.
        """

    async def send(self, message: Outgoing) -> str:
        """Draw and send one message, with its buttons; the platform's id. Raises as `post`."""

    def pacing_keys(self, address: str) -> tuple[str, ...]:
        """The keys of every limit that a message to this address counts against."""


class Pace(Protocol):
    """How an answer keeps to a platform's limits together with everything else that goes there."""

    async def turn(self, keys: Sequence[str]) -> None:
        """Wait for the answer's turn on every key, for about a second at most. Raises nothing."""

    async def told_to_wait(self, keys: Sequence[str], wait: timedelta) -> None:
        """The platform said 429: nothing else goes on the narrowest of these keys, the last, before then."""


class Unpaced:
    """No limits: for tests, and for an edge that stands alone."""

    async def turn(self, keys: Sequence[str]) -> None:
        """At once."""

    async def told_to_wait(self, keys: Sequence[str], wait: timedelta) -> None:
        """Nobody else is told."""


class FrontDesk(Protocol):
    """What an edge knows of the desk: it asks, and gets an answer after the commit."""

    async def ask(self, incoming: Incoming) -> Answer:
        """Handle one Incoming in one transaction, in a thread of its lane.

        Anticipated refusals come back as answers. A redelivery comes back as SILENCE, unless its answer was lost with
        the process that made it: then the answer is made anew, and nothing is done twice. Anything else is raised
        after everything was undone; nothing of it is kept but a count.
        """

    def answered(self, incoming: Incoming, *, sent: bool = True) -> None:
        """The platform has the answer; or, where not `sent`, it never will, and may be asked for again.

        Said of every answer but SILENCE. It returns at once and never raises: it is written a little later.
        """

    async def give_up(self, incoming: Incoming) -> bool:
        """Count a failure of handling; True where it has failed three times and is now parked without its words."""

    async def keys(self, work: Callable[[KeyDesk], Value]) -> Value:
        """Do something at the desk for keys, in a thread. Raises Refusal, and nothing else that is anticipated."""
