"""One app in two workspaces: each school's payloads reach its own desk, and nobody else's reach any."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from slack_building import CANARY
from slack_double import TEAM, FakeDesk, RecordingSlack, command, message
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from test_slack_http import SECRET, signed

from bot.channels.slack import http
from bot.channels.slack.channel import SlackChannel, SlackSettings
from bot.channels.slack.exchange import Exchange, WorkspaceTakenError
from bot.clock import MachineClock
from bot.playground.serving import serve
from bot.tokens import Signer

ASH, BEECH, NOBODY = TEAM, "T0BEECH", "T0NOBODY"
TEAMS = {"Bearer xoxb-ash": ASH, "Bearer xoxb-beech": BEECH}


class TwoWorkspaces(RecordingSlack):
    """The bot token says which workspace auth.test is asked of."""

    async def called(self, request: Request) -> Response:
        answer = await super().called(request)
        if request.path_params["method"] != "auth.test" or not json.loads(bytes(answer.body))["ok"]:
            return answer
        team = TEAMS.get(request.headers.get("authorization", ""))
        return JSONResponse(json.loads(bytes(answer.body)) | {"team_id": team})


@dataclass
class Trust:
    """Two schools of one app."""

    slack: TwoWorkspaces
    ash: SlackChannel
    beech: SlackChannel
    posts: Exchange
    ash_desk: FakeDesk
    beech_desk: FakeDesk

    def verbs(self, channel: SlackChannel) -> list[str]:
        desk = self.ash_desk if channel is self.ash else self.beech_desk
        return [asked.verb for asked in desk.asked]


@asynccontextmanager
async def a_trust(*, start: bool = True, **settings: Any) -> AsyncIterator[Trust]:
    slack, desks = TwoWorkspaces(), (FakeDesk(), FakeDesk())
    async with serve(slack.app()) as base:
        slack.base = base
        posts = Exchange()
        given = [
            SlackSettings(bot_token=f"xoxb-{name}", api_url=f"{base}/api/", **settings) for name in ("ash", "beech")
        ]
        line = given[0].line()
        shared = posts if line is None else None
        ash, beech = (
            SlackChannel(each, name, desk, Signer(name, [(1, b"k" * 32)]), MachineClock(), line=line, posts=shared)
            for each, name, desk in zip(given, ("ash", "beech"), desks, strict=True)
        )
        trust = Trust(slack, ash, beech, posts, *desks)
        try:
            if start:
                await asyncio.gather(ash.start(), beech.start())
            yield trust
        finally:
            await ash.stop()
            await beech.stop()


def of_team(payload: dict[str, Any], team: str) -> dict[str, Any]:
    return {**payload, "team_id": team}


async def test_two_schools_share_one_socket_and_each_hears_its_own_workspace_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with a_trust(app_token="xapp-trust") as trust:
        assert len(trust.slack.of("apps.connections.open")) == 1

        await trust.slack.envelope("events_api", of_team(message(text=CANARY), BEECH))
        await trust.slack.envelope("slash_commands", of_team(command("/lesson", "Oak", base=trust.slack.base), ASH))
        await trust.slack.envelope("events_api", of_team(message("Ev2", text=CANARY), NOBODY))

        assert trust.verbs(trust.ash) == ["lesson"]
        assert trust.verbs(trust.beech) == ["words"]
        assert [asked.school for asked in trust.beech_desk.asked] == ["beech"]
        assert [each.fields["event"] for each in caplog.records if hasattr(each, "fields")] == ["slack.unknown_team"]
        assert "heron" not in caplog.text


async def test_a_school_that_stops_leaves_the_line_to_the_other() -> None:
    async with a_trust(app_token="xapp-trust") as trust:
        await trust.ash.stop()

        await trust.slack.envelope("events_api", of_team(message(text=CANARY), BEECH))

        assert trust.beech.healthy
        assert not trust.ash.healthy
        assert trust.verbs(trust.beech) == ["words"]


async def test_a_wrong_bot_token_of_one_school_keeps_no_other_off_the_line() -> None:
    async with a_trust(start=False, app_token="xapp-trust") as trust:
        trust.slack.fail("auth.test", error="invalid_auth")
        with pytest.raises(Exception, match="invalid_auth"):
            await trust.ash.start()

        await trust.beech.start()

        await trust.slack.envelope("events_api", of_team(message(text=CANARY), BEECH))
        assert trust.verbs(trust.beech) == ["words"]


async def test_two_schools_of_one_workspace_are_refused_by_name() -> None:
    TEAMS["Bearer xoxb-beech"] = ASH
    try:
        async with a_trust(start=False, app_token="xapp-trust") as trust:
            await trust.ash.start()
            with pytest.raises(WorkspaceTakenError, match="beech and ash are connected to the same Slack workspace"):
                await trust.beech.start()

            await trust.slack.envelope("events_api", of_team(message(text=CANARY), ASH))
            assert trust.verbs(trust.ash) == ["words"]
    finally:
        TEAMS["Bearer xoxb-beech"] = BEECH


async def test_posts_for_two_workspaces_come_in_at_one_address_and_only_when_signed() -> None:
    async with a_trust(signing_secret=SECRET) as trust:
        assert trust.ash.routes() == []
        app = Starlette(routes=http.routes(trust.posts, open_=lambda: True))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://school") as client:

            async def post(payload: dict[str, Any], *, secret: str = SECRET) -> httpx.Response:
                body = json.dumps(payload).encode()
                headers = signed(body, at=MachineClock().now(), secret=secret)
                return await client.post("/slack/events", content=body, headers=headers)

            to_beech = await post(of_team(message(text=CANARY), BEECH))
            to_nobody = await post(of_team(message("Ev2", text=CANARY), NOBODY))
            forged = await post(of_team(message("Ev3", text=CANARY), BEECH), secret="guess")
            forged_nobody = await post(of_team(message("Ev4", text=CANARY), NOBODY), secret="guess")
            hello = await post({"type": "url_verification", "challenge": "c1"})
            forged_hello = await post({"type": "url_verification", "challenge": "c1"}, secret="guess")
            await trust.ash.stop()
            to_ash = await post(of_team(message("Ev5", text=CANARY), ASH))

    assert [one.status_code for one in (to_beech, to_nobody, forged, forged_nobody)] == [200, 200, 401, 401]
    assert hello.json() == {"challenge": "c1"}
    assert forged_hello.status_code == 401
    assert to_ash.status_code == 503, "Slack sends it again once the school is back"
    assert (trust.verbs(trust.ash), trust.verbs(trust.beech)) == ([], ["words"])


async def test_nothing_is_dropped_while_a_school_has_not_said_hello_yet() -> None:
    async with a_trust(start=False, signing_secret=SECRET) as trust:
        await trust.beech.start()
        app = Starlette(routes=http.routes(trust.posts, open_=lambda: True))
        body = json.dumps(of_team(message(text=CANARY), ASH)).encode()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://school") as client:
            early = await client.post("/slack/events", content=body, headers=signed(body, at=MachineClock().now()))
            await trust.ash.start()
            again = await client.post("/slack/events", content=body, headers=signed(body, at=MachineClock().now()))

    assert (early.status_code, again.status_code) == (503, 200)
    assert trust.verbs(trust.ash) == ["words"]
