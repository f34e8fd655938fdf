import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from slack_double import ADA, TEAM, FakeDesk, RecordingSlack, button, command, message, submission
from starlette.applications import Starlette

from bot.channels.slack.channel import SlackChannel, SlackSettings, SlackTokenError, SlackUnreachableError
from bot.clock import MachineClock, SetClock
from bot.playground.serving import serve
from bot.tokens import Signer
from bot.wire import Answer, Choice, Form, FormField, Kind, Option, Show
from pages.document import Document, Tone, note, paragraph
from school.words import Text

CANARY = "the grey heron stood on one leg behind the bike shed"
SIGNER = Signer("oak", [(1, b"k" * 32)])
TODAY = datetime(2026, 11, 24, 9, tzinfo=UTC)
SECRET = "signing-secret"


def says(words: str, **more: Any) -> Answer:
    return Answer(document=Document("Lollipop", (note(Text(words)),)), **more)


FORM = Answer(
    form=Form(
        title=Text("Tell us"),
        submit=Text("Send"),
        verb="report.send",
        args={"about": "self"},
        fields=(
            FormField(name="words", label=Text("What happened?"), kind=Kind.LONG_TEXT, private=True),
            FormField(
                name="safe",
                label=Text("Are you safe?"),
                kind=Kind.CHOICE,
                options=(Option(value="y", label=Text("Yes")), Option(value="n", label=Text("No"))),
            ),
        ),
    ),
    show=Show.FORM,
)
SENT = {
    "words": {"private": {"type": "plain_text_input", "value": CANARY}},
    "safe": {"open": {"type": "radio_buttons", "selected_option": {"value": "n", "text": {}}}},
}


@dataclass
class Building:
    slack: RecordingSlack
    desk: FakeDesk
    channel: SlackChannel
    base: str
    pauses: list[float] = field(default_factory=list)

    async def sends(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        """One payload over Socket Mode; its acknowledgement, once every answer has been shown."""
        acknowledged = await self.slack.envelope(kind, payload)
        await self.channel.drained()
        return acknowledged

    def shown(self) -> str:
        return json.dumps([self.slack.calls, self.slack.responses], ensure_ascii=False)


@asynccontextmanager
async def building(*, patience: float = 2.5, **settings: Any) -> AsyncIterator[Building]:
    slack, desk, pauses = RecordingSlack(), FakeDesk(), []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async with serve(slack.app()) as base:
        slack.base = base
        given = SlackSettings(bot_token="xoxb-bot", api_url=f"{base}/api/", **({"app_token": "xapp-app"} | settings))
        channel = SlackChannel(given, "oak", desk, SIGNER, SetClock(TODAY), patience=patience, pause=pause)
        await channel.start()
        try:
            yield Building(slack, desk, channel, base, pauses)
        finally:
            await channel.stop()


@pytest.fixture
async def house() -> AsyncIterator[Building]:
    async with building() as built:
        yield built


@pytest.mark.parametrize(
    ("typed", "text", "verb", "args"),
    [
        ("/lesson", "Oak", "lesson", {"class": "Oak"}),
        ("/lesson", "", "lesson", {}),
        ("/assembly", "", "assembly", {}),
        (
            "/lollipop",
            "unblock www.example.org please",
            "lollipop",
            {"topic": "unblock", "rest": "www.example.org please"},
        ),
        ("/lolipop", "help", "unknown", {"typed": "/lolipop"}),
    ],
)
async def test_what_ada_types_becomes_a_verb(
    house: Building, typed: str, text: str, verb: str, args: dict[str, str]
) -> None:
    acknowledged = await house.sends("slash_commands", command(typed, text, base=house.base))

    (asked,) = house.desk.asked
    assert acknowledged == {}
    assert (asked.verb, dict(asked.args), asked.sender, asked.place) == (verb, args, ADA, "C0OAK")
    assert asked.transport_id
    assert asked.correlation


async def test_an_answer_to_a_command_is_for_ada_alone(house: Building) -> None:
    house.desk.answers["lesson"] = says("Oak's next lesson", choices=((Choice(label=Text("Go"), verb="lesson.step"),),))

    await house.sends("slash_commands", command("/lesson", "Oak", base=house.base))

    (shown,) = house.slack.responses
    assert shown["response_type"] == "ephemeral"
    assert shown["replace_original"] is False
    assert not house.slack.of("chat.postMessage")


async def test_a_form_is_open_before_the_acknowledgement(house: Building) -> None:
    house.desk.answers["report.start"] = FORM

    await house.slack.envelope("slash_commands", command("/report", base=house.base))

    (opened,) = house.slack.of("views.open")
    assert opened["trigger_id"] == "trigger/report"


async def test_a_slow_opening_of_a_form_loses_no_acknowledgement() -> None:
    async with building(patience=0.05) as house:
        house.desk.answers["report.start"] = FORM
        house.slack.waits["views.open"] = asyncio.Event()

        acknowledged = await house.slack.envelope("slash_commands", command("/report", base=house.base))

        assert acknowledged == {}
        house.slack.waits["views.open"].set()
        await house.channel.drained()
        assert len(house.slack.of("views.open")) == 1


async def test_a_form_that_opened_too_late_asks_to_try_again(house: Building) -> None:
    house.desk.answers["report.start"] = FORM
    house.slack.fail("views.open", error="expired_trigger_id")

    await house.sends("slash_commands", command("/report", base=house.base))

    assert "took too long to open" in house.slack.responses[0]["text"]
    assert house.slack.responses[0]["response_type"] == "ephemeral"


@pytest.mark.parametrize(
    ("verb", "typed", "childline"), [("lesson", "/lesson", False), ("report.start", "/report", True)]
)
async def test_when_the_desk_fails_the_acknowledgement_goes_out_and_ada_is_told(
    house: Building, verb: str, typed: str, childline: bool
) -> None:
    house.desk.raising[verb] = RuntimeError(f"database on fire at /var/x: {CANARY}")

    acknowledged = await house.sends("slash_commands", command(typed, base=house.base))

    assert acknowledged == {}
    assert [one.verb for one in house.desk.given_up] == [verb]
    told = house.slack.responses[0]["text"]
    assert "nothing was saved; please try again" in told
    assert ("0800 1111" in told and "999" in told) is childline
    assert "fire" not in house.shown()


async def test_a_form_comes_back_with_its_verb_and_private_words_wrapped(house: Building) -> None:
    house.desk.answers |= {"report.start": FORM, "report.send": says("Thank you. Your code is 12")}
    await house.sends("slash_commands", command("/report", base=house.base))
    opened = house.slack.of("views.open")[0]["view"]
    view = json.loads(opened) if isinstance(opened, str) else opened

    acknowledged = await house.sends("interactive", submission(view, SENT))

    asked = house.desk.asked[-1]
    assert (asked.verb, dict(asked.args)) == ("report.send", {"about": "self", "safe": "n"})
    assert asked.words["words"].reveal() == CANARY
    assert asked.semantic_id == "view:V1:h1"
    assert acknowledged["response_action"] == "update"
    assert "Your code is 12" in json.dumps(acknowledged["view"])
    assert CANARY not in json.dumps(house.slack.raw)


def drawn_form(building: Building) -> dict[str, Any]:
    token = SIGNER.button("report.send", {"about": "self"}, on=TODAY.date())
    return {
        "type": "modal",
        "callback_id": "form",
        "private_metadata": token,
        "blocks": [{"type": "input", "block_id": "words"}, {"type": "input", "block_id": "safe"}],
    }


async def test_a_refused_form_stays_open_with_its_words(house: Building) -> None:
    refused = Answer(document=Document("Lollipop", (note(Text("Please choose one."), Tone.URGENT),)))
    house.desk.answers["report.send"] = refused

    acknowledged = await house.sends("interactive", submission(drawn_form(house), SENT))

    assert acknowledged == {"response_action": "errors", "errors": {"safe": "Please choose one."}}


async def test_a_form_that_the_desk_failed_on_stays_open_and_names_childline(house: Building) -> None:
    house.desk.raising["report.send"] = OSError("disk full")

    acknowledged = await house.sends("interactive", submission(drawn_form(house), SENT))

    assert acknowledged["response_action"] == "errors"
    assert "0800 1111" in acknowledged["errors"]["safe"]


async def test_a_form_whose_token_was_forged_is_not_handled(house: Building) -> None:
    view = drawn_form(house) | {"private_metadata": "AQEB" + "A" * 30}

    acknowledged = await house.sends("interactive", submission(view, SENT))

    assert house.desk.asked == []
    assert "isn't one of ours" in acknowledged["errors"]["safe"]


async def test_a_button_leads_to_its_verb_and_replaces_what_only_ada_saw(house: Building) -> None:
    house.desk.answers["lesson.step"] = says("Step 2", show=Show.REPLACE)
    token = SIGNER.button("lesson.step", {"l": "y4", "n": "2"}, on=TODAY.date())

    await house.sends("interactive", button(token, base=house.base))

    assert house.desk.asked[0].args == {"l": "y4", "n": "2"}
    assert house.slack.responses[0]["replace_original"] is True


async def test_a_message_that_others_see_is_not_replaced_by_adas_answer(house: Building) -> None:
    house.desk.answers["lesson.step"] = says("Only for you", show=Show.REPLACE)
    token = SIGNER.button("lesson.step", {}, on=TODAY.date())
    container = {"type": "message", "message_ts": "5.5", "channel_id": "C0OAK", "is_ephemeral": False}

    await house.sends("interactive", button(token, base=house.base, container=container))

    assert house.slack.responses[0]["replace_original"] is False
    assert house.slack.responses[0]["response_type"] == "ephemeral"
    assert not house.slack.of("chat.update")


async def test_a_button_in_a_direct_message_changes_that_message(house: Building) -> None:
    house.desk.answers["lesson.step"] = says("Step 2", show=Show.REPLACE)
    token = SIGNER.button("lesson.step", {}, on=TODAY.date())
    container = {"type": "message", "message_ts": "5.5", "channel_id": "D0ADA", "is_ephemeral": False}

    await house.sends("interactive", button(token, base=house.base, channel="D0ADA", container=container))

    assert house.slack.of("chat.update")[0]["ts"] == "5.5"


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        (SIGNER.button("lesson", {}, on=(TODAY - timedelta(days=365)).date()), "from an old message"),
        ("AQEB" + "A" * 30, "isn't one of ours"),
        ("", "isn't one of ours"),
    ],
)
async def test_a_year_old_or_forged_button_gets_a_sentence(house: Building, token: str, sentence: str) -> None:
    acknowledged = await house.sends("interactive", button(token, base=house.base))

    assert acknowledged == {}
    assert house.desk.asked == []
    assert sentence in house.slack.responses[0]["text"]


async def test_a_button_in_a_modal_and_one_on_the_home_tab_answer_in_a_view(house: Building) -> None:
    house.desk.answers["lesson"] = says("Oak's lesson", show=Show.REPLACE)
    token = SIGNER.button("lesson", {}, on=TODAY.date())
    pressed = button(token)
    for name in ("channel", "response_url"):
        del pressed[name]
    pressed["container"] = {"type": "view", "view_id": "V9"}

    await house.sends("interactive", pressed | {"view": {"id": "V9", "type": "modal", "hash": "h"}})
    await house.sends("interactive", pressed | {"view": {"id": "V8", "type": "home", "hash": "h"}, "trigger_id": "t2"})

    assert house.slack.of("views.update")[0]["view_id"] == "V9"
    assert house.slack.of("views.open")[0]["trigger_id"] == "t2"


async def test_a_link_button_and_a_closed_form_are_only_acknowledged(house: Building) -> None:
    pressed = button("")
    pressed["actions"] = [{"type": "button", "action_id": "link:go:0:0", "block_id": "b", "url": "https://example.org"}]

    await house.sends("interactive", pressed)
    await house.sends("interactive", submission(drawn_form(house), {}) | {"type": "view_closed"})

    assert house.desk.asked == []


async def test_the_shortcuts_begin_a_report(house: Building) -> None:
    house.desk.answers["report.start"] = says("Who is it about?")
    either = {"user": {"id": ADA}, "team": {"id": TEAM}, "trigger_id": "t"}
    message_too = {
        "channel": {"id": "C0OAK"},
        "message": {"ts": "3.3", "text": CANARY},
        "response_url": f"{house.base}/respond",
    }

    await house.sends("interactive", either | {"type": "shortcut", "callback_id": "report_concern"})
    await house.sends("interactive", either | message_too | {"type": "message_action", "callback_id": "report_message"})

    assert [dict(asked.args) for asked in house.desk.asked] == [{}, {"message": "C0OAK:3.3"}]
    assert len(house.slack.of("views.open")) == len(house.slack.responses) == 1
    assert CANARY not in house.shown()


async def test_the_home_tab_is_published(house: Building) -> None:
    house.desk.answers["home"] = says("Good morning", show=Show.HOME)
    event = {"type": "app_home_opened", "user": ADA, "channel": "D0ADA", "tab": "home"}

    await house.sends("events_api", {"type": "event_callback", "team_id": TEAM, "event_id": "E", "event": event})

    (published,) = house.slack.of("views.publish")
    assert published["user_id"] == ADA


LONG, ARABIC, EMOJI = "word " * 4000, "لقد أزعجني شخص ما", "😢😢😢"


@pytest.mark.parametrize("text", [CANARY, LONG, ARABIC, EMOJI, "a\x00b\x07", "R&amp;D &lt;3"])
async def test_what_a_pupil_types_reaches_the_desk_whole_and_wrapped(house: Building, text: str) -> None:
    house.desk.answers["words"] = says("Thank you for telling us")

    await house.sends("events_api", message(text=text, client_msg_id="m1"))

    (asked,) = house.desk.asked
    assert asked.verb == "words"
    assert asked.words["words"].reveal() == text.replace("&amp;", "&").replace("&lt;", "<")
    assert text not in repr(asked)
    assert (asked.transport_id, asked.semantic_id) == ("Ev1", f"{TEAM}:D0ADA:m1")
    assert house.slack.of("chat.postMessage")[0]["channel"] == "D0ADA"


async def test_one_event_delivered_twice_has_one_transport_id(house: Building) -> None:
    await house.sends("events_api", message(text="hello"))
    await house.sends("events_api", message(text="hello"))

    first, second = house.desk.asked
    assert first.transport_id == second.transport_id
    assert first.semantic_id == second.semantic_id
    assert first.correlation != second.correlation


async def test_a_file_is_never_fetched_and_its_words_come_first(house: Building) -> None:
    files = [{"id": "F1", "mimetype": "image/png", "url_private": f"{house.base}/api/files.download"}]

    await house.sends("events_api", message(subtype="file_share", text=CANARY, files=files))

    assert [(asked.verb, asked.transport_id) for asked in house.desk.asked] == [
        ("words", "Ev1"),
        ("media", "Ev1:media"),
    ]
    assert house.desk.asked[1].args == {"kind": "image"}
    assert {name for name, _ in house.slack.calls} == {"auth.test", "apps.connections.open"}


async def test_an_edit_is_new_words_and_what_nobody_wrote_is_nothing(house: Building) -> None:
    before = {"user": ADA, "text": "one", "ts": "7.7", "client_msg_id": "m1"}
    after = before | {"text": "two", "edited": {"user": ADA, "ts": "8.8"}}

    await house.sends("events_api", message(subtype="message_changed", message=after, previous_message=before))
    await house.sends("events_api", message(subtype="message_changed", message=before, previous_message=before))
    await house.sends("events_api", message(subtype="message_deleted", previous_message=before, deleted_ts="7.7"))
    await house.sends("events_api", message(subtype="bot_message", text="beep", bot_id="B1"))
    await house.sends("events_api", message(text="beep", bot_id="B0BOT"))
    await house.sends("events_api", message(text="in a channel", channel="C0OAK", channel_type="channel"))
    await house.sends("events_api", message(type="team_rename", name="Oak"))

    (asked,) = house.desk.asked
    assert asked.words["words"].reveal() == "two"
    assert asked.semantic_id == f"{TEAM}:D0ADA:m1:8.8"


async def test_an_answer_waits_out_a_429_and_arrives(house: Building) -> None:
    house.desk.answers["words"] = says("Thank you")
    house.slack.fail("chat.postMessage", error="ratelimited", status=429, headers={"Retry-After": "7"})

    await house.sends("events_api", message(text="hello"))

    assert house.pauses == [7.0]
    assert len(house.slack.of("chat.postMessage")) == 2


async def test_a_bot_that_may_not_speak_in_a_channel_answers_by_direct_message(house: Building) -> None:
    house.desk.answers["lesson"] = says("Oak's lesson")
    house.slack.fail("respond", error="expired_url", status=404)
    house.slack.fail("chat.postEphemeral", error="not_in_channel")

    await house.sends("slash_commands", command("/lesson", base=house.base))

    assert house.slack.of("chat.postMessage")[0]["channel"] == ADA


async def test_no_words_are_logged_even_when_everything_is_logged_and_everything_fails(
    house: Building, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("slack_bolt", "slack_sdk", "lollipop", "aiohttp", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    house.desk.answers["words"] = says("Thank you")
    house.desk.raising |= {"report.send": ValueError(CANARY), "media": ValueError(CANARY)}
    house.slack.fail("chat.postMessage", error="fatal_error")

    await house.sends("events_api", message(text=CANARY))
    await house.sends("events_api", message("Ev2", subtype="file_share", text=CANARY, files=[{"mimetype": "x"}]))
    await house.sends("interactive", submission(drawn_form(house), SENT))
    await house.sends("slash_commands", command("/report", CANARY, base=house.base))
    await house.sends("interactive", {"type": "unheard_of", "text": CANARY, "user": {"id": ADA}})

    assert len(house.desk.asked) == 5
    assert house.desk.asked[-1].words["words"].reveal() == CANARY
    assert "heron" not in caplog.text
    assert not any("heron" in str(vars(record)) for record in caplog.records)
    assert "heron" not in json.dumps(house.slack.raw)


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
            form = urlencode({"payload": json.dumps(submission(drawn_form(house), SENT))}).encode()
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

    assert [one.status_code for one in (forged, old, bare)] == [401, 401, 401]
    assert "older than five minutes" in forged.json()["error"]
    assert (garbled.status_code, huge.status_code) == (400, 413)
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


async def test_a_desk_that_takes_too_long_still_gets_its_answer_into_the_open_form() -> None:
    async with building(patience=0.0) as house:
        house.desk.answers["report.send"] = Answer(document=Document("Thanks", (paragraph("Kept."),)))

        await house.sends("interactive", submission(drawn_form(house), SENT))

        assert house.slack.of("views.update")[0]["view_id"] == "V1"
