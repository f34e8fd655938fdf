"""Messages that nobody has just asked for: what the delivery loop sends."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.render import Message, Mint, messages
from bot.languages import translator
from bot.wire import Choices, Drawn, Outgoing, SendFailed, Via, drawn_of
from pages.document import Document

# docs.slack.dev/reference/methods/chat.postMessage and conversations.open: errors that no second try mends, each with
# the word that bot.wire.SendFailed has for it on every channel.
FINAL: Mapping[str, str] = {
    "is_archived": "archived",
    "not_in_channel": "not_in_channel",
    "user_disabled": "deactivated",
    "channel_not_found": "not_found",
    "user_not_found": "not_found",
    "user_not_visible": "not_found",
    "users_not_found": "not_found",
    "cannot_dm_bot": "not_found",
    "messages_tab_disabled": "forbidden",
    "no_permission": "forbidden",
    "restricted_action": "forbidden",
    "ekm_access_denied": "forbidden",
    "access_denied": "forbidden",
    "invalid_blocks": "refused",
    "msg_blocks_too_long": "refused",
    "msg_too_long": "refused",
    "no_text": "empty",
}
# The same pages: of our token, and of no message. What waits is not lost; it goes once the school has mended that.
WITHOUT_US: Mapping[str, str] = {
    "invalid_auth": "token",
    "not_authed": "token",
    "token_expired": "token",
    "token_revoked": "token",
    "missing_scope": "token",
    "not_allowed_token_type": "token",
    "team_access_not_granted": "workspace_gone",
}
# "Authentication token is for a deleted user or workspace" (the same pages). What is said of a recipient who has left
# is not documented; where it is this too, auth.test tells the one from the other.
EITHER = "account_inactive"
# "It's possible some aspect of the operation succeeded before the error was raised" (same pages)
IN_DOUBT = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
TRIES = 3
BETWEEN_PARTS = 1.0  # seconds: one message a second in one channel (docs.slack.dev/apis/web-api/rate-limits)
LONGEST_WAIT = 60.0  # seconds


def error_of(error: SlackApiError) -> str:
    """Slack's word for what went wrong, or empty."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, Mapping) else ""


def wait_asked(headers: Mapping[str, str]) -> float:
    """Seconds of a Retry-After header; one where it is missing or not a number."""
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(asked) if asked.isascii() and asked.replace(".", "", 1).isdigit() else 1.0


def sorted_failure(error: Exception, *, sending: bool) -> SendFailed:
    """What a failure means; `sending` where the call that failed was the one that shows words to somebody."""
    match error:
        case SlackApiError():
            return _refused(error, sending=sending)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return SendFailed("unreachable")  # nothing left the machine
        case aiohttp.ClientError() | TimeoutError() | OSError():
            return SendFailed("network", in_doubt=sending)
        case _:
            return SendFailed("not_understood", in_doubt=sending)


def _refused(error: SlackApiError, *, sending: bool) -> SendFailed:
    reason, status = error_of(error), error.response.status_code
    if status == 429 or reason in {"ratelimited", "rate_limited"}:
        return SendFailed("ratelimited", retry_after=timedelta(seconds=wait_asked(error.response.headers)))
    if status >= 500 or reason in IN_DOUBT:
        return SendFailed(reason or f"http_{status}", in_doubt=sending)
    if reason in WITHOUT_US:
        return SendFailed(WITHOUT_US[reason])
    return SendFailed(FINAL.get(reason, reason) or f"http_{status}", permanent=reason in FINAL)


class SlackSender:
    """Implements bot.wire.Channel. An address is a user's id (a direct message is opened) or a channel's."""

    via = Via.SLACK

    def __init__(
        self,
        client: AsyncWebClient,
        mint: Mint,
        team: Callable[[], str],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._mint = mint
        self._team = team
        self._pause = pause
        self._opened: dict[str, str] = {}

    async def send(self, message: Outgoing, *, key: str = "") -> str:
        """Send, and give `<channel>:<ts>` of the first part.

        `key` travels in the message's metadata, so that a message in doubt can be looked for. Raises SendFailed; once
        the first of several parts is out, a failure is in doubt whatever it was.
        """
        return await self._send(message.address, self._drawn(message), key)

    def draw(self, document: Document, *, lang: str, choices: Choices = ()) -> Drawn:
        """Each part is the JSON of a message's text and blocks. Raises SendFailed."""
        drawn = self._drawn(Outgoing(address="", document=document, choices=choices, lang=lang))
        return drawn_of([json.dumps(asdict(message)).encode() for message in drawn])

    async def post(self, address: str, drawn: Drawn, *, key: str = "") -> str:
        """As `send`, with what was drawn."""
        # Decoded again, for the SDK encodes the whole call: nothing to a channel that takes one message a second.
        return await self._send(address, [Message(**json.loads(part)) for part in drawn.parts], key)

    def _drawn(self, message: Outgoing) -> Sequence[Message]:
        try:
            drawn = messages(
                message.document,
                message.choices,
                translate=translator(message.lang),
                mint=self._mint,
            )
        except ValueError as error:
            raise SendFailed("unrenderable", permanent=True) from error
        if not drawn:
            raise SendFailed("empty", permanent=True)
        return drawn

    async def _send(self, address: str, drawn: Sequence[Message], key: str) -> str:
        channel = await self._channel(address)
        metadata = {"event_type": "lollipop_delivery", "event_payload": {"key": key}} if key else None
        first = await self._post(channel, drawn[0], metadata)
        for part in drawn[1:]:
            await self._pause(BETWEEN_PARTS)
            await self._post_later_part(channel, part)
        return first

    def pacing_keys(self, address: str) -> tuple[str, ...]:
        """The workspace's limit, and the channel's own."""
        team = f"sl:{self._team()}"
        return (team, f"{team}:chan:{address}")

    async def _channel(self, address: str) -> str:
        if not address.startswith(("U", "W")):
            return address
        if address not in self._opened:
            try:
                answer = await self._client.conversations_open(users=address)
                self._opened[address] = str(answer["channel"]["id"])
            except Exception as error:
                raise await self._sorted(error, sending=False) from error
        return self._opened[address]

    async def _sorted(self, error: Exception, *, sending: bool) -> SendFailed:
        if not isinstance(error, SlackApiError) or error_of(error) != EITHER:
            return sorted_failure(error, sending=sending)
        try:
            await self._client.auth_test()
        except SlackApiError as of_us:
            if error_of(of_us) == EITHER:
                return SendFailed("workspace_gone")
            found = sorted_failure(of_us, sending=False)
            return found if found.retry_after is None else SendFailed(EITHER)  # a 429 of auth.test is not the chat's
        except Exception:  # noqa: BLE001 - whatever it was, it is not known whose account it is: ask again next time
            return SendFailed(EITHER)
        return SendFailed("deactivated", permanent=True)

    async def _post(self, channel: str, message: Message, metadata: dict[str, Any] | None = None) -> str:
        try:
            answer = await self._client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=message.blocks,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
            )
        except Exception as error:
            raise await self._sorted(error, sending=True) from error
        return f"{answer['channel']}:{answer['ts']}"

    async def _post_later_part(self, channel: str, message: Message) -> None:
        for left in reversed(range(TRIES)):
            try:
                await self._post(channel, message)
            except SendFailed as failed:
                if failed.retry_after is None or not left:
                    raise SendFailed(failed.reason, in_doubt=True) from failed
                await self._pause(min(failed.retry_after.total_seconds(), LONGEST_WAIT))
            else:
                return
