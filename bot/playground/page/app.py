"""The playground as one ASGI application, to serve by itself or to mount under any prefix."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.playground.page.acts import BadActError, MovableClock, Stage
from bot.playground.slack import SlackWorld, slack_routes
from bot.playground.telegram import TelegramWorld, telegram_routes

STATIC = Path(__file__).parent / "static"
POLL_SECONDS = 20.0
MAX_BODY_BYTES = 256 * 1024
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Revisions:
    """One number that rises whenever either world changes or the clock is moved."""

    def __init__(self, slack: SlackWorld, telegram: TelegramWorld) -> None:
        self._slack, self._telegram = slack, telegram
        self._moves = 1
        self._moved = asyncio.Event()

    def now(self) -> int:
        """The number."""
        return self._slack.revision + self._telegram.revision + self._moves

    def clock_moved(self) -> None:
        """Raise the number and wake whoever waits."""
        self._moves += 1
        self._moved.set()
        self._moved = asyncio.Event()

    async def wait(self, since: int, seconds: float) -> None:
        """Wait while the number is `since`; a `since` from before a restart does not wait."""
        if self.now() != since:
            return
        waiting = [
            asyncio.ensure_future(self._slack.wait_for_change(self._slack.revision)),
            asyncio.ensure_future(self._telegram.wait_for_change(self._telegram.revision)),
            asyncio.ensure_future(self._moved.wait()),
        ]
        try:
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*waiting, return_exceptions=True)


class Files(StaticFiles):
    """The page's scripts and style, checked for a newer version each time."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, under the page's headers."""
        response = super().file_response(*args, **kwargs)
        response.headers.update(HEADERS)
        return response


def create_playground(
    *,
    slack: SlackWorld,
    telegram: TelegramWorld,
    clock: MovableClock,
    links: Mapping[str, str],
    note: str = "",
    timezone: str = "Europe/London",
    poll_seconds: float = POLL_SECONDS,
) -> Starlette:
    """Both stand-ins and the page.

    Args:
        slack: served under `/slack`.
        telegram: served under `/telegram`.
        clock: the school's.
        links: `invite` (a start payload), `inbox` and `report` (addresses). Who is shown first, where it is not the
            first who fits: `teacher`, `lead`, `pupil` and `parent` (ids). `shortcut:<callback id>` and
            `message_shortcut:<callback id>` (labels) make Slack's shortcuts appear.
        note: a sentence under the title.
        timezone: the school's, in which the clock is shown and set.
        poll_seconds: how long `/state` waits for news.
    """
    about = {"links": dict(links), "note": note, "timezone": timezone}
    pages = _Pages(slack, telegram, clock, ZoneInfo(timezone), about, poll_seconds)
    return Starlette(
        routes=[
            Route("/", pages.page),
            Route("/state", pages.state),
            Route("/act", pages.act, methods=["POST"]),
            Mount("/static", Files(directory=STATIC)),
            Mount("/slack", routes=slack_routes(slack)),
            Mount("/telegram", routes=telegram_routes(telegram)),
        ]
    )


class _Pages:
    """The page, what it shows, and what it asks for."""

    def __init__(
        self,
        slack: SlackWorld,
        telegram: TelegramWorld,
        clock: MovableClock,
        zone: ZoneInfo,
        about: Mapping[str, object],
        poll_seconds: float,
    ) -> None:
        self._slack, self._telegram, self._clock = slack, telegram, clock
        self._zone, self._about, self._poll_seconds = zone, about, poll_seconds
        self._stage = Stage(slack, telegram, clock, zone)
        self._revisions = Revisions(slack, telegram)

    async def page(self, _: Request) -> Response:
        """The page itself."""
        return FileResponse(STATIC / "index.html", headers=HEADERS)

    async def state(self, request: Request) -> Response:
        """Both worlds as each person sees them, as soon as there is news."""
        try:
            since = int(request.query_params.get("since", "0"))
        except ValueError:
            return _refused("since is a number.")
        await self._revisions.wait(since, self._poll_seconds)
        now = self._clock.now().astimezone(self._zone)
        slack, telegram = self._slack, self._telegram
        people = [user.id for user in slack.users.values() if not user.is_bot and not user.deleted]
        # A snapshot opens a chat on first sight, which may raise the revision: ask for the number afterwards.
        seen_slack = {user: slack.snapshot(user) for user in people}
        seen_telegram = {str(user): telegram.snapshot(user) for user in telegram.people} if telegram.bots else {}
        body = {
            "rev": self._revisions.now(),
            "clock": now.isoformat(timespec="seconds"),
            "slack": seen_slack,
            "telegram": seen_telegram,
            "about": self._about,
        }
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    async def act(self, request: Request) -> Response:
        """Do what somebody on the page did."""
        # JSON alone: a form of another site cannot send it without asking first.
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _refused("An act is sent as application/json.")
        try:
            asked = json.loads(await _body(request))
            await self._stage.act(asked)
        except BadActError as error:
            return _refused(str(error))
        except (ValueError, RecursionError):
            return _refused("This is not JSON.")
        if asked["where"] == "clock":
            self._revisions.clock_moved()
        return JSONResponse({"ok": True, "rev": self._revisions.now()})


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise BadActError(f"An act has at most {MAX_BODY_BYTES} bytes.")
    return body


def _refused(why: str) -> Response:
    return JSONResponse({"ok": False, "error": why}, status_code=400)
