"""What the tests of the Slack stand-in share: a school's workspace, served on loopback, and the real Bolt beside it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from bot.playground.serving import serve
from bot.playground.slack import SlackWorld, slack_routes

AMINA, BEN, YEAR4 = "U0AMINA", "U0BEN", "C0YEAR4"


@dataclass
class Hand:
    """Both clocks, moved by hand."""

    at: datetime = field(default_factory=lambda: datetime(2027, 2, 9, 8, 30, tzinfo=UTC))
    seconds: float = 0.0

    def later(self, seconds: float) -> None:
        self.seconds += seconds
        self.at += timedelta(seconds=seconds)


@dataclass
class Workspace:
    world: SlackWorld
    hand: Hand
    base: str
    client: AsyncWebClient
    app: AsyncApp

    async def refused(self, method: str, **arguments: Any) -> str:
        """The code with which a call is refused."""
        return str((await self.complaint(method, **arguments)).response["error"])

    async def complaint(self, method: str, **arguments: Any) -> SlackApiError:
        try:
            await self.client.api_call(method, json=arguments)
        except SlackApiError as error:
            return error
        raise AssertionError(f"{method} was not refused")


def words(text: str, most: str = "plain_text") -> dict[str, Any]:
    return {"type": most, "text": text}


def button(action_id: str = "go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": words("Go"), **more}


def options(*values: str) -> list[dict[str, Any]]:
    return [{"text": words(value.title()), "value": value} for value in values]


def modal(**more: Any) -> dict[str, Any]:
    """A form with a text of at most 20 characters and a choice."""
    return {
        "type": "modal",
        "callback_id": "worry",
        "title": words("A worry"),
        "submit": words("Send"),
        "private_metadata": "kept",
        "blocks": [
            {
                "type": "input",
                "block_id": "what",
                "label": words("What happened?"),
                "element": {"type": "plain_text_input", "action_id": "said", "max_length": 20},
            },
            {
                "type": "input",
                "block_id": "safe",
                "optional": True,
                "label": words("Are you safe?"),
                "element": {"type": "radio_buttons", "action_id": "pick", "options": options("yes", "no")},
            },
        ],
        **more,
    }


def new_world(hand: Hand, ack_seconds: float) -> SlackWorld:
    world = SlackWorld(lambda: hand.at, lambda: hand.seconds, ack_seconds=ack_seconds)
    world.add_user(AMINA, "Amina Begum", emoji="🦊")
    world.add_user(BEN, "Ben", is_pupil=True)
    world.add_channel(YEAR4, "year-4", [AMINA, BEN])
    return world


@asynccontextmanager
async def workspace(*, ack_seconds: float = 3.0) -> AsyncIterator[Workspace]:
    """A served world with an app that is not connected yet."""
    hand = Hand()
    world = new_world(hand, ack_seconds)
    async with serve(Starlette(routes=[Mount("/playground/slack", routes=slack_routes(world))])) as url:
        base = f"{url}/playground/slack"
        client = AsyncWebClient(token=world.bot_token, base_url=f"{base}/api/")
        client.proxy = None
        app = AsyncApp(client=client, signing_secret=world.signing_secret, process_before_response=True)
        yield Workspace(world, hand, base, client, app)


@asynccontextmanager
async def linked(here: Workspace, *, times: int = 1) -> AsyncIterator[None]:
    """Connect the app by Socket Mode, perhaps several times."""
    async with AsyncExitStack() as closing:
        for _ in range(times):
            handler = AsyncSocketModeHandler(here.app, here.world.app_token, web_client=here.client)
            handler.client.proxy = None
            await handler.connect_async()  # type: ignore[no-untyped-call]
            closing.push_async_callback(handler.close_async)
        await here.world.wait_until_connected(times)
        yield


@asynccontextmanager
async def posted(here: Workspace) -> AsyncIterator[None]:
    """Serve the app over HTTP, and let the world post to it."""
    handler = AsyncSlackRequestHandler(here.app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    async with serve(Starlette(routes=[Route("/slack/events", events, methods=["POST"])])) as url:
        here.world.request_url = f"{url}/slack/events"
        here.world.base_url = here.base
        yield
