"""What the stand-in keeps: bots, people, chats and messages, and how each looks in the JSON of the Bot API."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.playground.telegram.entities import Entity
from bot.playground.telegram.updates import UpdateQueue

ChatType = Literal["private", "group", "supergroup"]
Json = dict[str, Any]


def unix(instant: datetime) -> int:
    """Whole seconds since 1970, as the Bot API writes a date."""
    return int(instant.timestamp())


@dataclass
class Person:
    """A person with an account; the id is also that of the private chat with any bot."""

    id: int
    first_name: str
    language_code: str = "en"
    deactivated: bool = False

    def json(self) -> Json:
        """https://core.telegram.org/bots/api#user."""
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "language_code": self.language_code,
        }


@dataclass
class Message:
    """One message; `text` and `entities` are those of the caption where there is a medium.

    `date` is the protocol's, and `shown` what a person reads beside it. `voted` is what each user chose in a poll.
    """

    message_id: int
    sender: Json
    date: datetime
    by_bot: bool
    shown: datetime
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    sent_as: str = ""
    kind: str = "text"
    medium: Json = field(default_factory=dict)
    markup: Json | None = None
    reply_to: "Message | None" = None
    extra: Json = field(default_factory=dict)
    edited: datetime | None = None
    deleted: datetime | None = None
    voted: dict[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def inline_keyboard(self) -> list[list[Json]]:
        """The rows of buttons under the message; empty where there is none."""
        return list((self.markup or {}).get("inline_keyboard", []))

    def json(self, chat: "Chat", *, nested: bool = False) -> Json:
        """https://core.telegram.org/bots/api#message; a nested one does not say what it replies to."""
        body: Json = {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": chat.json(),
            "date": unix(self.date),
        }
        if self.reply_to and not nested:
            body["reply_to_message"] = self.reply_to.json(chat, nested=True)
        if self.edited:
            body["edit_date"] = unix(self.edited)
        if self.kind != "text":
            body |= self.medium
        if self.text:
            body["text" if self.kind == "text" else "caption"] = self.text
        if self.entities:
            body["entities" if self.kind == "text" else "caption_entities"] = self.entities
        if self.inline_keyboard:
            body["reply_markup"] = self.markup
        return body | self.extra


@dataclass
class Chat:
    """A chat as one bot sees it."""

    id: int
    type: ChatType
    title: str
    person: Person | None = None
    members: set[int] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)
    started: bool = False
    blocked: bool = False
    bot_removed: bool = False
    bot_is_admin: bool = False
    migrated_to: int | None = None
    reply_keyboard: Json | None = None
    action: str | None = None

    def json(self) -> Json:
        """https://core.telegram.org/bots/api#chat."""
        name = "first_name" if self.type == "private" else "title"
        return {"id": self.id, "type": self.type, name: self.title}


@dataclass
class CallbackQuery:
    """A tap that waits for its answer."""

    id: str
    user_id: int
    message_id: int
    at: datetime
    answered: bool = False


@dataclass
class StoredFile:
    """A file a bot uploaded or a person sent; what a person sends has no content here."""

    file_id: str
    name: str
    mime_type: str
    content: bytes


@dataclass
class Bot:
    """A bot: who it is, its chats, its updates and what it has set about itself."""

    id: int
    token: str
    username: str
    name: str
    updates: UpdateQueue
    chats: dict[int, Chat] = field(default_factory=dict)
    next_message_id: int = 1
    callbacks: dict[str, CallbackQuery] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int | None, Json] = field(default_factory=dict)
    toasts: dict[int, list[Json]] = field(default_factory=dict)

    def json(self) -> Json:
        """https://core.telegram.org/bots/api#user."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def number_message(self) -> int:
        """The next message id of this bot's chats."""
        number = self.next_message_id
        self.next_message_id += 1
        return number

    def commands_for(self, user_id: int, language: str) -> list[Json]:
        """The list a person sees (https://core.telegram.org/bots/api#determining-list-of-commands)."""
        for scope in (f"chat:{user_id}", "all_private_chats", "default"):
            for spoken in (language, ""):
                if found := self.commands.get((scope, spoken)):
                    return found
        return []

    def menu_button_for(self, user_id: int) -> Json:
        """https://core.telegram.org/bots/api#menubutton."""
        return self.menu_buttons.get(user_id) or self.menu_buttons.get(None) or {"type": "default"}


@dataclass(frozen=True)
class CallRecord:
    """One call a bot made and how it ended; `code` is the HTTP status, 0 where the connection was dropped."""

    bot_id: int
    method: str
    fields: Json
    code: int
    description: str
    at: datetime
