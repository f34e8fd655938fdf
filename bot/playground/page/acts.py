"""What the page may ask for: people's acts in both worlds, and moving the clock."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.playground.slack import CannotActError as SlackCannotActError
from bot.playground.slack import SlackError, SlackWorld
from bot.playground.telegram import CannotActError as TelegramCannotActError
from bot.playground.telegram import TelegramWorld

Json = dict[str, Any]
Kinds = Mapping[str, tuple[type, ...]]
"""The arguments of an act, each with the JSON types it may have."""

_TEXT: tuple[type, ...] = (str,)
_MAYBE: tuple[type, ...] = (str, type(None))
_ANY: tuple[type, ...] = (str, int, list, type(None))
_WHOLE: tuple[type, ...] = (int,)

SLACK_ACTS: Mapping[str, Kinds] = {
    "slash": {"command": _TEXT, "text": _TEXT, "channel": _MAYBE},
    "press": {"channel": _TEXT, "ts": _TEXT, "action_id": _TEXT, "value": _ANY, "block_id": _MAYBE},
    "press_in_view": {"action_id": _TEXT, "value": _ANY, "view_id": _MAYBE, "block_id": _MAYBE},
    "submit": {"view_id": _MAYBE, "values": (dict,)},
    "close_view": {"everything": (bool,)},
    "open_home": {"tab": _TEXT},
    "say": {"channel": _MAYBE, "text": _TEXT, "files": _WHOLE},
    "shortcut": {"callback_id": _TEXT},
    "message_shortcut": {"callback_id": _TEXT, "channel": _TEXT, "ts": _TEXT},
    "clear_toasts": {},
}
TELEGRAM_ACTS: Mapping[str, Kinds] = {
    "say": {"text": _TEXT, "chat": (int, type(None))},
    "start": {"payload": _TEXT},
    "tap": {"message_id": _WHOLE, "button": (int, str, type(None)), "chat": (int, type(None))},
    "vote": {"message_id": _WHOLE, "options": (list,), "chat": (int, type(None))},
    "send_photo": {"caption": _TEXT},
    "send_voice": {},
    "send_document": {"file_name": _TEXT, "caption": _TEXT},
    "send_sticker": {},
    "block": {},
    "unblock": {},
    "clear_toasts": {},
}
MAX_FILES = 10
MAX_DAYS = 400
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class BadActError(ValueError):
    """An act that cannot be done; the message is a sentence for whoever asked."""


class MovableClock(Protocol):
    """The school's clock."""

    def now(self) -> datetime:
        """The instant, aware."""

    def move_to(self, instant: datetime, /) -> None:
        """Show this instant from now on."""


@dataclass(frozen=True)
class Stage:
    """Both worlds and the clock; `zone` is the school's."""

    slack: SlackWorld
    telegram: TelegramWorld
    clock: MovableClock
    zone: ZoneInfo

    async def act(self, asked: Any) -> None:
        """Do what the page asked for.

        Raises:
            BadActError: it is no act, or it cannot be done now.
        """
        if not isinstance(asked, dict):
            raise BadActError("An act is a JSON object with where, user and act.")
        match asked.get("where"):
            case "slack":
                await self._person(self.slack, SLACK_ACTS, self.slack.users, asked)
            case "telegram":
                await self._person(self.telegram, TELEGRAM_ACTS, self.telegram.people, asked)
            case "clock":
                self._move(asked)
            case other:
                raise BadActError(f"where is slack, telegram or clock, not {other!r}.")

    async def _person(
        self, world: SlackWorld | TelegramWorld, acts: Mapping[str, Kinds], people: Mapping[Any, Any], asked: Json
    ) -> None:
        name, user = asked.get("act"), asked.get("user")
        if not isinstance(name, str) or name not in acts:
            raise BadActError(f"There is no act {name!r}; there are {', '.join(acts)}.")
        if isinstance(user, bool) or not isinstance(user, str | int) or user not in people:
            raise BadActError(f"There is nobody with the id {user!r}.")
        given = {key: value for key, value in asked.items() if key not in {"where", "user", "act"}}
        _check(name, acts[name], given)
        method = getattr(world, name)
        try:
            inspect.signature(method).bind(user, **given)
        except TypeError as error:
            raise BadActError(f"{name} is not complete: {error}.") from None
        try:
            done = method(user, **given)
            if inspect.isawaitable(done):
                await done
        except (SlackCannotActError, TelegramCannotActError) as error:
            raise BadActError(str(error)) from error
        except SlackError as error:
            raise BadActError(f"Slack refuses: {error.code}.") from error
        except (KeyError, TypeError, ValueError) as error:
            raise BadActError(f"{name} cannot be done with these values.") from error
        except RuntimeError as error:
            raise BadActError("Lollipop is not connected yet. Wait a moment and try again.") from error

    def _move(self, asked: Json) -> None:
        here = self.clock.now().astimezone(self.zone)
        match asked:
            case {"act": "forward", "hours": int(hours)} if 0 < hours <= MAX_DAYS * 24:
                there = self.clock.now() + timedelta(hours=hours)
            case {"act": "forward", "days": int(days)} if 0 < days <= MAX_DAYS:
                there = here + timedelta(days=days)
            case {"act": "next", "weekday": str(weekday), "at": str(at)} if weekday in _WEEKDAYS:
                there = _following(here, _WEEKDAYS.index(weekday), _read_time(at))
            case {"act": "set", "to": str(to)}:
                there = _read_instant(to, self.zone)
            case _:
                raise BadActError("The clock can go forward by hours or days, to the next weekday, or be set.")
        self.clock.move_to(there.astimezone(UTC))


def _check(name: str, kinds: Kinds, given: Json) -> None:
    for key, value in given.items():
        if key not in kinds:
            raise BadActError(f"{name} does not take {key!r}; it takes {', '.join(kinds) or 'nothing'}.")
        if not isinstance(value, kinds[key]) or (isinstance(value, bool) and bool not in kinds[key]):
            raise BadActError(f"{key!r} of {name} has the wrong type.")
    if not 0 <= given.get("files", 0) <= MAX_FILES:
        raise BadActError(f"At most {MAX_FILES} files go at once.")


def _following(here: datetime, weekday: int, at: time) -> datetime:
    """The first such moment after `here`, by the school's clock on the wall."""
    days = (weekday - here.weekday()) % 7
    there = datetime.combine(here.date() + timedelta(days=days), at, here.tzinfo)
    return there if there > here else datetime.combine(there.date() + timedelta(days=7), at, here.tzinfo)


def _read_time(text: str) -> time:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise BadActError(f"{text!r} is no time such as 16:00.") from None


def _read_instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise BadActError(f"{text!r} is no date and time such as 2027-02-09T16:00.") from None
    if not 2000 <= read.year <= 2100:
        raise BadActError("The year must lie between 2000 and 2100.")
    return read if read.tzinfo else read.replace(tzinfo=zone)
