"""What a workspace is made of."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]
"""A JSON object as Slack sends or takes it."""


@dataclass
class User:
    """A person of the workspace. `emoji` and `colour` (`#rrggbb`) are for the page that shows them.

    `locale` is the language they read Slack in, such as `pl-PL`.
    """

    id: str
    name: str
    emoji: str = "🙂"
    colour: str = "#4a5568"
    is_pupil: bool = False
    deleted: bool = False
    is_bot: bool = False
    locale: str = "en-GB"

    @property
    def handle(self) -> str:
        """The name as Slack's payloads give it: lower case, without spaces."""
        return self.name.lower().replace(" ", ".")


@dataclass
class Message:
    """A message; `ephemeral_for` is the one person who sees it, where it is ephemeral."""

    channel: str
    ts: str
    user: str
    text: str
    at: datetime
    by_bot: bool = False
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    entered: dict[tuple[str, str], Json] = field(default_factory=dict)
    metadata: Json | None = None
    ephemeral_for: str | None = None
    edited: str | None = None
    thread_ts: str | None = None
    client_msg_id: str | None = None


@dataclass
class Channel:
    """A public channel, or the direct messages of one person with the bot (then `user` is that person)."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    user: str | None = None
    archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def is_im(self) -> bool:
        """Whether it is direct messages."""
        return self.user is not None


@dataclass
class View:
    """A modal or a Home tab: the definition with every id filled in, and what a person has entered."""

    id: str
    user: str
    definition: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    entered: dict[tuple[str, str], Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class Trigger:
    """A trigger id: good for one opening, until `expires` on the monotonic clock in seconds."""

    user: str
    expires: float
    view_id: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """Where an app may answer an interaction: 5 posts, until `expires` on the monotonic clock in seconds."""

    user: str
    channel: str
    expires: float
    message_ts: str | None = None
    uses: int = 0


@dataclass(frozen=True)
class Toast:
    """What Slack's own window tells a person when an app has failed."""

    code: str
    text: str
    about: str


@dataclass(frozen=True)
class CallRecord:
    """One call of the Web API or of a response URL (then `method` is `response_url`), refused ones as well."""

    method: str
    arguments: Json
    status: int
    error: str | None


@dataclass(frozen=True)
class Ack:
    """What the app answered to what a person did.

    Attributes:
        status: the HTTP status; 200 for an acknowledgement by socket; None where there was no answer.
        body: the JSON that came with it, or a text; None where it was empty.
        error: why there was none: `operation_timeout`, `dispatch_failed` (nobody is connected),
            `http_service_error` (any status but 200) or `connection_lost`.
    """

    status: int | None
    body: Any = None
    error: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the app acknowledged in time."""
        return self.error is None


@dataclass
class Delivery:
    """An event, and how its deliveries went."""

    envelope_type: str
    body: Json
    acks: list[Ack] = field(default_factory=list)

    @property
    def event_id(self) -> str:
        """Slack's id of the event, the same for each retry."""
        return str(self.body["event_id"])

    @property
    def confirmed(self) -> bool:
        """Whether one of the deliveries was acknowledged."""
        return any(ack.ok for ack in self.acks)
