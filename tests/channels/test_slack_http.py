import hashlib
import hmac
import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import httpx
import pytest
from slack_building import CANARY, SENT, SIGNER, building, drawn_form, says
from slack_double import FakeDesk, RecordingSlack, command, message, submission
from starlette.applications import Starlette

from bot.channels.slack.channel import SlackChannel, SlackSettings, SlackTokenError, SlackUnreachableError
from bot.clock import MachineClock
from bot.playground.serving import serve

SECRET = "signing-secret"


async def test_a_wrong_token_and_a_silent_slack_are_named() -> None:
    slack = RecordingSlack()
    async with serve(slack.app()) as base:
        slack.base = base
        settings = SlackSettings(bot_token="xoxb-1", app_token="xapp-1", api_url=f"{base}/api")
        channel = SlackChannel(settings, "oak", FakeDesk(), SIGNER, MachineClock())
        slack.fail("auth.test", error="invalid_auth")
        with pytest.raises(SlackTokenError, match="LOLLIPOP_SLACK_BOT_TOKEN"):
            await channel.start()
        slack.fail("apps.connections.open", error="invalid_auth")
        with pytest.raises(SlackTokenError, match="LOLLIPOP_SLACK_APP_TOKEN"):
            await channel.start()
        assert not channel.healthy
        await channel.start()
        assert channel.healthy
        await channel.stop()
    with pytest.raises(SlackUnreachableError, match="can't be reached"):
        await channel.start()
    assert not channel.healthy
    assert "xoxb" not in repr(settings)
    assert "xapp" not in repr(settings)


def signed(body: bytes, *, at: datetime, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": "application/json" if body.startswith(b"{") else "application/x-www-form-urlencoded",
    }


async def test_http_mode_takes_what_slack_signed_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    now = MachineClock().now()
    async with building(app_token=None, signing_secret=SECRET) as house:
        app = Starlette(routes=house.channel.routes())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://school") as client:

            async def post(body: bytes, headers: dict[str, str]) -> httpx.Response:
                answer = await client.post("/slack/events", content=body, headers=headers)
                await house.channel.drained()
                return answer

            typed = urlencode(command("/lesson", "Oak", base=house.base)).encode()
            event = json.dumps(message(text=CANARY)).encode()
            form = urlencode({"payload": json.dumps(submission(drawn_form(), SENT))}).encode()
            hello = json.dumps({"type": "url_verification", "challenge": "c1"}).encode()
            house.desk.answers["report.send"] = says("Thank you")
            house.desk.raising["words"] = RuntimeError("no")

            assert (await post(typed, signed(typed, at=now))).status_code == 200
            assert (await post(event, signed(event, at=now))).status_code == 200
            assert (await post(form, signed(form, at=now))).json()["response_action"] == "update"
            assert (await post(hello, signed(hello, at=now))).json() == {"challenge": "c1"}
            assert [asked.verb for asked in house.desk.asked] == ["lesson", "words", "report.send"]

            forged = await post(event, signed(event, at=now, secret="guess"))
            old = await post(event, signed(event, at=now - timedelta(minutes=6)))
            bare = await post(event, {"Content-Type": "application/json"})
            garbled = await post(b"\xff{", signed(b"\xff{", at=now))
            huge = await post(b"{" + b" " * 1_000_001, signed(b"{", at=now))
            odd = await post(b"{}", signed(b"{}", at=now) | {"Content-Length": b"\xb2"})

    assert [one.status_code for one in (forged, old, bare)] == [401, 401, 401]
    assert "older than five minutes" in forged.json()["error"]
    assert (garbled.status_code, huge.status_code, odd.status_code) == (400, 413, 413)
    assert len(house.desk.asked) == 3
    assert "heron" not in caplog.text


def test_without_a_signing_secret_there_is_no_route() -> None:
    settings = SlackSettings(bot_token="xoxb-1", app_token="xapp-1")
    channel = SlackChannel(settings, "oak", FakeDesk(), SIGNER, MachineClock())

    assert channel.routes() == []
    assert (
        len(SlackChannel(replace(settings, signing_secret="s"), "oak", FakeDesk(), SIGNER, MachineClock()).routes())
        == 1
    )
