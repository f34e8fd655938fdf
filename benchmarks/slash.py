"""A slash command to its ack, 50 at once: the whole product beside a bare Bolt app, both in process over ASGI."""

import asyncio
import hashlib
import hmac
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from benchmarks.figures import Row, figure
from bot import demo
from bot.channels.slack.channel import SlackChannel, SlackSettings
from bot.main import build
from bot.playground.serving import serve
from bot.playground.slack import SlackWorld, slack_routes

AT_ONCE, PER_ROUND, ROUNDS = 50, 200, 5
SECRET = "standin-signing-secret"


def rows() -> Iterator[Row]:
    """Two figures: p50 and p99 in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        ours, peer = asyncio.run(_measure(Path(folder)))
    for name, place in (("p50", 49), ("p99", 98)):
        yield figure(
            f"slash.{name}",
            [statistics.quantiles(times, n=100)[place] for times in ours],
            [statistics.quantiles(times, n=100)[place] for times in peer],
            peer_name="a bare Bolt AsyncApp with one command",
            unit="ms",
            better="lower",
        )


async def _measure(folder: Path) -> tuple[list[list[float]], list[list[float]]]:
    slack, _ = demo.worlds()
    outer = Starlette(routes=[Mount("/playground/slack", routes=slack_routes(slack))])
    async with serve(outer) as base:
        api = f"{base}/playground/slack/api/"
        slack.base_url = f"{base}/playground/slack"
        product = build(demo.prepare(folder, int(base.rpartition(":")[2])))
        settings = SlackSettings(bot_token="xoxb-standin-bot-token", api_url=api, signing_secret=SECRET)
        house = product.house
        channel = SlackChannel(settings, "oakfield", product.counter, house.signers["oakfield"], house.machine_clock)
        await channel.start()
        whole, bare = Starlette(routes=channel.routes()), _bare(slack, api)
        ours, peer = [], []
        for _ in range(ROUNDS):
            ours.append(await _round(whole, slack))
            peer.append(await _round(bare, slack))
            await channel.drained()
        await channel.stop()
        product.counter.close()
        product.engines.close()
    return ours, peer


def _bare(slack: SlackWorld, api: str) -> ASGIApp:
    from_slack = AsyncApp(token=slack.bot_token, signing_secret=SECRET, process_before_response=True)
    from_slack.client.base_url = api

    async def lesson(ack: AsyncAck) -> None:
        await ack("Here it is.")

    from_slack.command("/lesson")(lesson)
    handler = AsyncSlackRequestHandler(from_slack)
    return Starlette(routes=[Route("/slack/events", handler.handle, methods=["POST"])])


async def _round(app: ASGIApp, slack: SlackWorld) -> list[float]:
    times: list[float] = []
    gate = asyncio.Semaphore(AT_ONCE)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:

        async def one(number: int) -> None:
            async with gate:
                times.append(await _timed(client.post, slack, number))

        await asyncio.gather(*(one(number) for number in range(PER_ROUND)))
    return times


async def _timed(post: Callable[..., Awaitable[httpx.Response]], slack: SlackWorld, number: int) -> float:
    body = urlencode(
        {
            "command": "/lesson",
            "text": "Oak",
            "user_id": "U0AMARA",
            "team_id": slack.team_id,
            "channel_id": "C0OAK",
            "trigger_id": f"{time.monotonic_ns()}.{number}",
            "response_url": slack.new_response_url("U0AMARA", "C0OAK"),
        },
    )
    stamp = str(int(time.time()))
    signed = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={signed}",
    }
    began = time.perf_counter()
    answer = await post("/slack/events", content=body, headers=headers)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        msg = f"the ack was {answer.status_code}"
        raise RuntimeError(msg)
    return took
