"""Messages out: one sender, its failures sorted, and the answers to whoever just acted."""

import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, TypeVar

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram.asked import ask
from bot.channels.telegram.render import Rendered, render, spelt_out
from bot.channels.telegram.transport import Encoded, NeverLeftError
from bot.clock import Clock
from bot.tokens import Signer
from bot.wire import Choice, Choices, Drawn, Outgoing, SendFailed, Via, drawn_of
from pages import Document

Shown = TypeVar("Shown")
Sleep = Callable[[float], Awaitable[object]]

# core.telegram.org/bots/api#making-requests promises no wording; these are what python-telegram-bot passes on.
FORBIDDEN: Final = {"blocked": "blocked", "deactivated": "deactivated", "initiate": "not_started", "kicked": "removed"}
GONE: Final = ("chat not found", "peer_id_invalid", "user not found", "chat_id_invalid")
UNEDITABLE: Final = ("can't be edited", "to edit not found", "message_id_invalid")
UNCHANGED: Final = ("message is not modified",)
BAD_LINK: Final = ("button url", "button_url", "wrong http url")
# The fields of every message; an object within one is JSON in a string, as python-telegram-bot sends it.
SHOWN: Final = {"link_preview_options": json.dumps({"is_disabled": True}), "parse_mode": str(ParseMode.HTML)}
NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


@contextmanager
def sorted_failures(*, begun: bool = False) -> Iterator[None]:
    """Turn what python-telegram-bot raises into SendFailed. `begun`: an earlier part of the message is out already."""
    try:
        yield
    except TelegramError as error:
        failed = _sorted(error)
        if begun and failed.moved_to is None:
            raise SendFailed("partly_sent", in_doubt=True) from error
        raise failed from error


def _sorted(error: TelegramError) -> SendFailed:
    said = error.message.lower()
    match error:
        case RetryAfter():
            wait = error.retry_after
            return SendFailed("flood", retry_after=wait if isinstance(wait, timedelta) else timedelta(seconds=wait))
        case ChatMigrated():
            return SendFailed("moved", moved_to=str(error.new_chat_id))
        case Forbidden():
            reason = next((reason for words, reason in FORBIDDEN.items() if words in said), "forbidden")
            return SendFailed(reason, permanent=True)
        case InvalidToken():
            return SendFailed("token")
        case BadRequest():
            return SendFailed(_bad_request(error), permanent=True)
        case NetworkError() if isinstance(error.__cause__, NeverLeftError):
            return SendFailed("unreachable")
        case _:
            return SendFailed("in_doubt", in_doubt=True)


def _says(error: TelegramError, any_of: Sequence[str]) -> bool:
    said = error.message.lower()
    return any(words in said for words in any_of)


def _bad_request(error: BadRequest) -> str:
    reasons = {"not_found": GONE, "uneditable": UNEDITABLE, "unchanged": UNCHANGED}
    return next((reason for reason, words in reasons.items() if _says(error, words)), "refused")


@dataclass(frozen=True, kw_only=True)
class TelegramSender:
    """Implements bot.wire.Channel over one bot."""

    bot: Bot = field(repr=False)
    bot_id: str
    signer: Signer = field(repr=False)
    clock: Clock
    via: Via = Via.TELEGRAM

    async def send(self, message: Outgoing) -> str:
        """Send, in one message if it fits; ids joined by commas. Raises SendFailed."""
        rendered = self._rendered(message)
        if message.quiz is None:
            shown = _preview(message.document)
            return await self._post_all(message.address, rendered.parts, rendered.keyboard, shown=shown)
        words = await self._post_all(message.address, rendered.parts, None)
        with sorted_failures(begun=bool(words)):
            asked = await ask(self.bot, message.address, message.quiz, rendered.keyboard)
        return f"{words},{asked}" if words else asked

    def draw(self, document: Document, *, lang: str, choices: Choices = ()) -> Drawn:
        """Each part is the body of a call without its opening brace and its chat. Raises SendFailed.

        The buttons are under the last part. They hold no address: Telegram refuses one within a school's own network,
        and what was drawn for many is not drawn again.
        """
        rows = tuple(kept for row in choices if (kept := tuple(each for each in row if each.href is None)))
        rendered = self._rendered(Outgoing(address="", document=document, choices=rows, lang=lang))
        bodies = [{"text": part, **SHOWN} for part in rendered.parts]
        if (shown := _preview(document)) is not NO_PREVIEW:
            bodies[0]["link_preview_options"] = shown.to_json()
        if rendered.keyboard is not None:
            bodies[-1]["reply_markup"] = rendered.keyboard.to_json()
        return drawn_of([json.dumps(body).encode()[1:] for body in bodies])

    async def post(self, address: str, drawn: Drawn, *, key: str = "") -> str:  # noqa: ARG002 - Telegram has no place
        """Send every part; ids joined by commas. Raises SendFailed.

        Not through Bot.send_message, which encodes again for each recipient and builds a Message nobody reads: through
        the request beneath it, whose `post` sorts Telegram's errors all the same.
        """
        to = b'{"chat_id": ' + json.dumps(address).encode() + b", "
        url = f"{self.bot.base_url}/sendMessage"
        ids: list[str] = []
        for part in drawn.parts:
            with sorted_failures(begun=bool(ids)):
                sent = await self.bot.request.post(url, Encoded(to + part))
                ids.append(_message_id(sent))
        return ",".join(ids)

    async def replace(self, message: Outgoing, *, message_id: int) -> None:
        """Put it in place of a message of the bot's; as a new one where that cannot be edited. Raises SendFailed."""
        rendered = self._rendered(message)
        first, rest = rendered.parts[0], rendered.parts[1:]

        async def edit(text: str, buttons: InlineKeyboardMarkup | None) -> None:
            await self.bot.edit_message_text(
                chat_id=message.address,
                message_id=message_id,
                text=text,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=buttons,
            )

        try:
            with sorted_failures():
                await _with_links(edit, first, None if rest else rendered.keyboard)
        except SendFailed as failed:
            if failed.reason == "uneditable":
                rest = rendered.parts
            elif failed.reason != "unchanged":
                raise
        if rest:
            await self._post_all(message.address, rest, rendered.keyboard, begun=rest != rendered.parts)

    def pacing_keys(self, address: str) -> tuple[str, ...]:
        """The bot's own limit and the chat's (core.telegram.org/bots/faq, broadcasting)."""
        return (f"tg:{self.bot_id}", f"tg:{self.bot_id}:chat:{address}")

    async def _post_all(
        self,
        chat: str,
        parts: Sequence[str],
        keyboard: InlineKeyboardMarkup | None,
        *,
        begun: bool = False,
        shown: LinkPreviewOptions = NO_PREVIEW,
    ) -> str:
        ids: list[str] = []

        async def post(text: str, buttons: InlineKeyboardMarkup | None) -> Message:
            return await self.bot.send_message(
                chat_id=chat,
                text=text,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW if ids else shown,
                reply_markup=buttons,
            )

        for number, part in enumerate(parts, start=1):
            with sorted_failures(begun=begun or number > 1):
                sent = await _with_links(post, part, keyboard if number == len(parts) else None)
            ids.append(str(sent.message_id))
        return ",".join(ids)

    def _mint(self, choice: Choice) -> str:
        return self.signer.button(choice.verb, choice.args, on=self.clock.now().date())

    def _rendered(self, message: Outgoing) -> Rendered:
        try:
            rendered = render(message.document, message.choices, lang=message.lang, mint=self._mint)
        except ValueError as error:
            raise SendFailed("unrenderable", permanent=True) from error
        if not rendered.parts and message.quiz is None:
            raise SendFailed("empty", permanent=True)
        return rendered


def _preview(document: Document) -> LinkPreviewOptions:
    """A picture above the words of one message, which has room for 4,096 characters where a caption has 1,024.

    core.telegram.org/bots/api#linkpreviewoptions: the address need not stand in the words. Telegram's own server
    fetches it, so that it has to be public; where it cannot, the words go out without.
    """
    picture = document.picture
    if picture is None or not picture.href.startswith("https://"):
        return NO_PREVIEW
    return LinkPreviewOptions(url=picture.href, prefer_large_media=True, show_above_text=True)


def _message_id(sent: object) -> str:
    """Raises TelegramError where an answer that says `ok` is no message: then it may be out."""
    try:
        return str(sent["message_id"])  # type: ignore[index]  # whatever it is, it came from outside
    except (TypeError, KeyError, IndexError):
        raise TelegramError("Invalid server response") from None


async def _with_links(
    show: Callable[[str, InlineKeyboardMarkup | None], Awaitable[Shown]],
    text: str,
    buttons: InlineKeyboardMarkup | None,
) -> Shown:
    """Show it; once more with addresses in the text where Telegram refuses one on a button."""
    try:
        return await show(text, buttons)
    except BadRequest as error:
        if buttons is None or not _says(error, BAD_LINK):
            raise
    return await show(*spelt_out(text, buttons))
