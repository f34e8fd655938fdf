"""One call of a bot: its fields, read and checked against what the method takes."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.playground.telegram.entities import Entity, parse, utf16_length
from bot.playground.telegram.errors import bad
from bot.playground.telegram.keyboards import check_markup, refuse_unknown
from bot.playground.telegram.model import Bot, Chat, Json, Message
from bot.playground.telegram.state import State

MAX_TEXT = 4096
MAX_CAPTION = 1024
"""Characters after entities were parsed, counted in UTF-16 code units."""
_ENTITY = {"type", "offset", "length", "url", "user", "language", "custom_emoji_id", "unix_time", "date_time_format"}
_REPLY = {
    "message_id",
    "chat_id",
    "allow_sending_without_reply",
    "quote",
    "quote_parse_mode",
    "quote_entities",
    "quote_position",
}


@dataclass(frozen=True)
class Upload:
    """A file that came as a part of a multipart body."""

    name: str
    mime_type: str
    content: bytes


@dataclass
class Call:
    """The values are as they came: strings from a form, JSON values from a JSON body."""

    state: State
    bot: Bot
    values: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.values.get(name, default)
        if isinstance(value, str):
            return value
        if isinstance(value, int | float):
            return str(value)
        raise bad(f'field "{name}" must be of type String')

    def number(self, name: str, default: int | None = None) -> int | None:
        """A whole number."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad(f'field "{name}" must be a Number') from None

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A truth value."""
        value = self.values.get(name, default)
        if isinstance(value, bool):
            return value
        if str(value).lower() in {"true", "1", "false", "0"}:
            return str(value).lower() in {"true", "1"}
        raise bad(f'field "{name}" must be of type Boolean')

    def list_of(self, name: str) -> list[Any] | None:
        """A JSON array, or None where it was not sent."""
        value = self._json(name)
        if value is not None and not isinstance(value, list):
            raise bad(f'field "{name}" must be of type Array')
        return value

    def object_of(self, name: str) -> dict[str, Any] | None:
        """A JSON object, or None where it was not sent."""
        value = self._json(name)
        if value is not None and not isinstance(value, dict):
            raise bad(f'field "{name}" must be of type Object')
        return value

    def _json(self, name: str) -> Any:
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def chat_id(self) -> int | str:
        """What `chat_id` names: a number, or an @name as it was sent."""
        value = self.values.get("chat_id")
        if value is None or value == "":
            raise bad("chat_id is empty")
        try:
            return int(str(value))
        except ValueError:
            return str(value)

    def chat(self) -> Chat:
        """The chat to send into, once the flood limiter has agreed."""
        chat = self.state.open_chat(self.bot, self.chat_id())
        if self.state.flood:
            self.state.flood.admit(self.bot.id, chat.id)
        return chat

    def words(self, name: str, entities: str, limit: int, too_long: str) -> tuple[str, list[Entity]]:
        """A text or caption with its entities, within its limit."""
        source = self.text(name)
        given = self.list_of(entities)
        for entity in given or []:
            whole = isinstance(entity, dict) and "type" in entity
            if not whole or not all(isinstance(entity.get(name), int) for name in ("offset", "length")):
                raise bad(f'field "{entities}" must hold MessageEntity objects')
            refuse_unknown(entity, _ENTITY, "MessageEntity")
        text, found = parse(source, self.text("parse_mode") or None, given)
        if utf16_length(text) > limit:
            raise bad(too_long)
        return text, found

    def markup(self, *, inline_only: bool = False) -> Json | None:
        """The checked `reply_markup`."""
        return check_markup(self.object_of("reply_markup"), inline_only=inline_only)

    def replied(self, chat: Chat) -> Message | None:
        """The message that `reply_parameters` names."""
        told = self.object_of("reply_parameters")
        if not told:
            return None
        refuse_unknown(told, _REPLY, "ReplyParameters")
        number = told.get("message_id")
        message = chat.messages.get(number) if isinstance(number, int) else None
        if message is None or message.deleted:
            if told.get("allow_sending_without_reply"):
                return None
            raise bad("message to be replied not found")
        return message


Handler = Callable[[Call], Any] | Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True)
class Method:
    """A method of the Bot API: the fields it takes here and what it does."""

    name: str
    fields: frozenset[str]
    handler: Handler


METHODS: dict[str, Method] = {}
"""By name in lower case, for names of methods are case-insensitive."""


def method(name: str, fields: str = "") -> Callable[[Handler], Handler]:
    """Register a handler; `fields` are the names it takes, apart by spaces. Any other field is refused."""

    def register(handler: Handler) -> Handler:
        METHODS[name.lower()] = Method(name, frozenset(fields.split()), handler)
        return handler

    return register
