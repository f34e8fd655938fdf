"""HTTP mode: one signed address for events, commands and interactions.

Bolt checks the signature and the five minutes of the timestamp
(docs.slack.dev/authentication/verifying-requests-from-slack).
"""

import logging
import re
from collections.abc import Callable

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.slack.exchange import CLOSED, Exchange
from bot.channels.slack.quiet import log_failure
from bot.logs import log
from bot.wire import Via

PATH = "/slack/events"
LONGEST_BODY = 1_000_000  # bytes; Slack's own payloads stay far below
# Of ASCII digits alone, and no more of them than LONGEST_BODY has: “²” is a digit too, and is no number.
_LENGTH = re.compile(r"[0-9]{1,7}")
REFUSED = "This request was not signed by Slack with this school's signing secret, or is older than five minutes."


def path_of(school: str) -> str:
    """Where Slack posts what is for one of several schools that has an app of its own."""
    return f"/slack/{school}/events"


def routes(posts: Exchange, *, open_: Callable[[], bool], path: str = PATH) -> list[BaseRoute]:
    """The one route. While the channel is not `open_` Slack is asked to come again, for nothing could be answered."""
    handler = AsyncSlackRequestHandler(posts)  # type: ignore[arg-type]

    async def received(request: Request) -> Response:
        if not open_():
            return JSONResponse({"error": CLOSED}, status_code=503)
        announced = request.headers.get("content-length", "")
        if not _LENGTH.fullmatch(announced) or int(announced) > LONGEST_BODY:
            return JSONResponse({"error": "That is more than Slack ever sends."}, status_code=413)
        try:
            answer = await handler.handle(request)
        except Exception as error:  # noqa: BLE001 - a body that is not Slack's must not be quoted by a traceback
            log_failure("a request could not be read", error)
            return JSONResponse({"error": "That could not be read as a request of Slack's."}, status_code=400)
        if answer.status_code == 401:
            log("slack.refused", level=logging.WARNING, via=Via.SLACK, outcome="a wrong signature or an old timestamp")
            return JSONResponse({"error": REFUSED}, status_code=401)
        return answer

    return [Route(path, received, methods=["POST"])]
