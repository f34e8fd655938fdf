"""Messages that nobody has just asked for: what the delivery loop sends."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.render import Message, Mint, messages
from bot.languages import translator
from bot.wire import Outgoing, SendFailed, Via

# docs.slack.dev/reference/methods/chat.postMessage and conversations.open, errors that no second try mends
PERMANENT = frozenset(
    {
        "access_denied",
        "account_inactive",
        "cannot_dm_bot",
        "channel_not_found",
        "ekm_access_denied",
        "invalid_auth",
        "invalid_blocks",
        "is_archived",
        "messages_tab_disabled",
        "missing_scope",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_permission",
        "no_text",
        "not_authed",
        "not_in_channel",
        "restricted_action",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
    }
)
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
    return float(asked) if asked.replace(".", "", 1).isdigit() else 1.0


def sorted_failure(error: Exception, *, sending: bool) -> SendFailed:
    """What a failure means; `sending` where the call that failed was the one that shows words to somebody."""
    match error:
        case SlackApiError():
            return _refused(error, sending=sending)
        case aiohttp.ClientConnectorError():
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
    return SendFailed(reason or f"http_{status}", permanent=reason in PERMANENT)


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
        drawn = messages(
            message.document,
            message.choices,
            translate=translator(message.lang),
            mint=self._mint,
        )
        if not drawn:
            raise SendFailed("no_text", permanent=True)
        channel = await self._channel(message.address)
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
                raise sorted_failure(error, sending=False) from error
        return self._opened[address]

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
            raise sorted_failure(error, sending=True) from error
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
