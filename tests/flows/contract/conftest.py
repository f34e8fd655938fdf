"""Two schools for each file of the contract: one that opens its lines itself, one that is posted to."""

import asyncio
import contextlib
import io
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

import bot.connecting
from bot import demo
from bot.channels.slack.channel import SlackChannel
from bot.channels.telegram.channel import TelegramChannel
from tests.flows.contract.lines import UNHURRIED_SECONDS, Desk, Line
from tests.flows.contract.slack_lines import SignedHttp, SocketMode
from tests.flows.contract.telegram_lines import Polling, Webhook
from tests.flows.rig import school_up

PATIENCE_SECONDS = 1.0
"""Before Slack is acknowledged without an answer; shorter than the product's, so that tests need not wait for it."""
LINES: tuple[type[Line], ...] = (SocketMode, SignedHttp, Polling, Webhook)


@dataclass
class School:
    """A running school, the gate before its desk, and the waits that its channels were asked for, in seconds."""

    rig: object
    desk: Desk
    waits: list[float]


@contextlib.asynccontextmanager
async def _up(folder: Path, *, posted_to: bool) -> AsyncIterator[School]:
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0.01)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bot.connecting, "SlackChannel", partial(SlackChannel, patience=PATIENCE_SECONDS, pause=pause))
        patch.setattr(bot.connecting, "TelegramChannel", partial(TelegramChannel, sleep=pause))
        if posted_to:
            apart = {"slack_app_token": "", "slack_signing_secret": "standin-signing-secret"}
            prepare = demo.prepare
            patch.setattr(demo, "prepare", lambda *at: replace(prepare(*at), telegram_mode="webhook", **apart))
        async with school_up(folder) as rig:
            rig.slack.ack_seconds = UNHURRIED_SECONDS
            rig.slack.base_url = f"{rig.settings.address}/playground/slack"
            if posted_to:
                rig.slack.request_url = f"{rig.settings.address}/slack/events"
            yield School(rig, Desk(rig), waits)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reaching_out(tmp_path_factory) -> AsyncIterator[School]:
    async with _up(tmp_path_factory.mktemp("reaching-out"), posted_to=False) as school:
        yield school


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def posted_to(tmp_path_factory, reaching_out) -> AsyncIterator[School]:
    assert reaching_out  # the log is whoever's was set up last: this one's holds both schools' lines
    async with _up(tmp_path_factory.mktemp("posted-to"), posted_to=True) as school:
        yield school


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`line` is every way of being connected, or those that the test itself names and says why."""
    if "line" not in metafunc.fixturenames:
        return
    if not any(each.args[0] == "line" for each in metafunc.definition.iter_markers("parametrize")):
        metafunc.parametrize("line", LINES, indirect=True, ids=lambda kind: kind.name)


def _since(logs: io.StringIO) -> Callable[[], str]:
    began = logs.tell()
    return lambda: logs.getvalue()[began:]


@pytest.fixture
def line(request: pytest.FixtureRequest) -> Iterator[Line]:
    """One way of being connected. Whatever a test does over it, no secret and no words of anybody's are logged."""
    kind: type[Line] = request.param
    schools = {name: request.getfixturevalue(name) for name in ("reaching_out", "posted_to")}
    school = schools["reaching_out" if issubclass(kind, SocketMode | Polling) else "posted_to"]
    made = kind(school.rig, school.desk, school.waits)
    made.logged = _since(schools["posted_to"].rig.logs)
    yield made
    logged = made.logged()
    hidden = [*made.secrets(), *made.said]
    assert [each for each in hidden if each in logged or json.dumps(each)[1:-1] in logged] == []
