"""One call of the Web API: its arguments read as Slack reads them, and the table of methods."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.playground.slack.errors import SlackError
from bot.playground.slack.model import Channel, Json, User
from bot.playground.slack.world import SlackWorld

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000


@dataclass
class Call:
    """The arguments of a call; those of a form are all text, those of JSON have their types."""

    world: SlackWorld
    method: str
    arguments: Json = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A text. Raises SlackError `invalid_arguments`, where it is no text."""
        value = self.arguments.get(name)
        if value is None:
            return default
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            raise SlackError("invalid_arguments", [f"must be a string [json-pointer:/{name}]"])
        return str(value)

    def flag(self, name: str) -> bool | None:
        """A boolean, also as `1`, `0`, `true` or `false`; None where it is not given."""
        value = self.arguments.get(name)
        if value is None or isinstance(value, bool):
            return value
        known = {"1": True, "true": True, "0": False, "false": False}
        if str(value).lower() not in known:
            raise SlackError("invalid_arguments", [f"must be a boolean [json-pointer:/{name}]"])
        return known[str(value).lower()]

    def data(self, name: str, refusal: str = "invalid_arguments") -> Any:
        """A JSON value, also as a text. Raises SlackError `refusal`, where the text is no JSON."""
        value = self.arguments.get(name)
        if isinstance(value, str):
            try:
                return json.loads(value)
            except ValueError:
                raise SlackError(refusal, [f"must be JSON [json-pointer:/{name}]"]) from None
        return value

    def channel(self, name: str = "channel") -> Channel:
        """The conversation that is named by its id, by `#name`, or by a person's id (their direct messages).

        Raises:
            SlackError: `channel_not_found`.
        """
        wanted, world = self.text(name), self.world
        if wanted in world.channels:
            return world.channels[wanted]
        if wanted in world.users and wanted != world.bot.id:
            return world.dm(wanted)
        for channel in world.channels.values():
            if not channel.is_im and wanted.removeprefix("#") == channel.name:
                return channel
        raise SlackError("channel_not_found")

    def user(self, name: str = "user") -> User:
        """A person. Raises SlackError `user_not_found`."""
        found = self.world.users.get(self.text(name))
        if found is None:
            raise SlackError("user_not_found")
        return found

    def page(self, items: list[Any]) -> tuple[list[Any], Json]:
        """The part of a list that `cursor` and `limit` ask for, and the answer's `response_metadata`.

        Source: https://docs.slack.dev/apis/web-api/pagination.
        """
        try:
            start, limit = int(self.text("cursor", "0") or 0), int(self.text("limit") or DEFAULT_LIMIT)
        except ValueError:
            raise SlackError("invalid_cursor") from None
        if not 0 <= start <= len(items) or not 0 < limit <= MAX_LIMIT:
            raise SlackError("invalid_cursor" if start else "invalid_limit")
        following = str(start + limit) if start + limit < len(items) else ""
        return items[start : start + limit], {"response_metadata": {"next_cursor": following}}


Handler = Callable[[Call], Json]


@dataclass(frozen=True)
class Method:
    """A method: what may be given, what must be, and the scope it asks for."""

    name: str
    handler: Handler
    allowed: frozenset[str]
    required: tuple[str, ...]
    scope: str | None = None
    app_level: bool = False


METHODS: dict[str, Method] = {}
EVERYWHERE = frozenset({"team_id"})
"""What slack-sdk adds to every call of a client that Bolt made for a workspace."""


def method(
    name: str, allowed: str = "", *, required: str = "", scope: str | None = None, app_level: bool = False
) -> Callable[[Handler], Handler]:
    """Enter a handler into the table; the names are set apart by spaces, the required ones count as allowed."""

    def enter(handler: Handler) -> Handler:
        must = tuple(required.split())
        METHODS[name] = Method(
            name, handler, frozenset(allowed.split()) | set(must) | EVERYWHERE, must, scope, app_level
        )
        return handler

    return enter


def check(found: Method, call: Call) -> None:
    """Refuse what the method does not have, and what it lacks.

    Stricter than the real server, which passes over arguments it does not know.

    Raises:
        SlackError: `invalid_arguments`, which names each, or `team_not_found`.
    """
    faults = [
        f"unknown argument: {name} [json-pointer:/{name}]" for name in call.arguments if name not in found.allowed
    ]
    faults += [f"missing required field: {name}" for name in found.required if call.arguments.get(name) in (None, "")]
    if faults:
        raise SlackError("invalid_arguments", faults)
    if call.text("team_id", call.world.team_id) != call.world.team_id:
        raise SlackError("team_not_found")
