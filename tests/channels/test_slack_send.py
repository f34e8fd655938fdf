import socket
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml
from http_double import http, listening
from slack_building import building, says
from slack_double import ADA, TEAM, FakeDesk, RecordingSlack, command
from starlette.responses import PlainTextResponse

from bot.channels.slack.channel import SlackChannel, SlackSettings
from bot.channels.slack.line import new_client, new_session
from bot.channels.slack.manifest import manifest, manifest_text
from bot.clock import SetClock
from bot.playground.serving import serve
from bot.tokens import Signer
from bot.wire import Choice, Outgoing, SendFailed, Via
from pages.document import Document, paragraph
from school.words import Text

SIGNER = Signer("oak", [(1, b"k" * 32)])
TODAY = datetime(2026, 11, 24, 9, tzinfo=UTC)
CARD = Document("Oak Class", (paragraph("This week: privacy."),))
PAUSES: list[float] = []


async def pause(seconds: float) -> None:
    PAUSES.append(seconds)


@pytest.fixture
def slack() -> RecordingSlack:
    PAUSES.clear()
    return RecordingSlack()


@pytest.fixture
async def channel(slack: RecordingSlack) -> AsyncIterator[SlackChannel]:
    async with serve(slack.app()) as base:
        settings = SlackSettings(bot_token="xoxb-bot", api_url=f"{base}/api/")
        channel = SlackChannel(settings, "oak", FakeDesk(), SIGNER, SetClock(TODAY), pause=pause)
        await channel.start()
        yield channel
        await channel.stop()


def to(address: str, document: Document = CARD, **more: Any) -> Outgoing:
    return Outgoing(address=address, document=document, **more)


async def test_a_card_goes_to_a_channel_with_its_key_and_a_button_that_is_signed(
    slack: RecordingSlack, channel: SlackChannel
) -> None:
    choices = ((Choice(label=Text("Open"), verb="lesson", args={"class": "oak"}),),)

    sent = await channel.sender.send(to("C0OAK", choices=choices), key="delivery-7")

    (said,) = slack.of("chat.postMessage")
    assert sent.startswith("C0OAK:1.")
    assert said["metadata"] == {"event_type": "lollipop_delivery", "event_payload": {"key": "delivery-7"}}
    assert SIGNER.read_button(said["blocks"][-1]["elements"][0]["value"], on=TODAY.date()) == (
        "lesson",
        {"class": "oak"},
    )
    assert "This week: privacy." in said["text"]


async def test_calls_and_response_addresses_share_their_connections() -> None:
    async with building() as house:
        house.desk.answers["lesson"] = says("Oak's lesson")

        for number in range(4):
            await house.sends("slash_commands", command("/lesson", str(number), base=house.base))
            await house.channel.sender.send(to("C0OAK"))

        assert len(house.slack.responses) == 4
        assert {"auth.test", "apps.connections.open", "chat.postMessage"} <= {name for name, _ in house.slack.calls}
        # Her language is looked up beside the answer; and an app's socket, which schools may share, has its own.
        assert len(house.slack.lines) <= 3
        assert house.channel.app.client.session is house.channel._client.session


async def test_a_direct_message_is_opened_once(slack: RecordingSlack, channel: SlackChannel) -> None:
    await channel.sender.send(to(ADA))
    await channel.sender.send(to(ADA))

    assert len(slack.of("conversations.open")) == 1
    assert [said["channel"] for said in slack.of("chat.postMessage")] == ["D0ADA", "D0ADA"]


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        ({"error": "channel_not_found"}, ("not_found", True, None, False)),
        ({"error": "is_archived"}, ("archived", True, None, False)),
        ({"error": "user_disabled"}, ("deactivated", True, None, False)),
        ({"error": "account_inactive"}, ("deactivated", True, None, False)),
        ({"error": "not_in_channel"}, ("not_in_channel", True, None, False)),
        ({"error": "restricted_action"}, ("forbidden", True, None, False)),
        ({"error": "msg_blocks_too_long"}, ("refused", True, None, False)),
        ({"error": "invalid_auth"}, ("token", False, None, False)),
        ({"error": "token_revoked"}, ("token", False, None, False)),
        ({"error": "team_access_not_granted"}, ("workspace_gone", False, None, False)),
        ({"error": "something_new"}, ("something_new", False, None, False)),
        ({"error": "fatal_error"}, ("fatal_error", False, None, True)),
        ({"error": "", "status": 503}, ("http_503", False, None, True)),
        (
            {"error": "ratelimited", "status": 429, "headers": {"Retry-After": "12"}},
            ("ratelimited", False, timedelta(seconds=12), False),
        ),
    ],
)
async def test_every_failure_is_sorted(
    slack: RecordingSlack, channel: SlackChannel, trouble: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    slack.fail("chat.postMessage", **trouble)

    with pytest.raises(SendFailed) as failed:
        await channel.sender.send(to("C0OAK"))

    found = failed.value
    assert (found.reason, found.permanent, found.retry_after, found.in_doubt) == expected
    assert len(slack.of("chat.postMessage")) == 1


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ({"error": "account_inactive"}, "workspace_gone"),
        ({"error": "invalid_auth"}, "token"),
        ({"error": "ratelimited", "status": 429}, "account_inactive"),
        ({"error": "", "status": 503}, "http_503"),
    ],
)
async def test_a_word_that_may_mean_the_person_or_the_workspace_is_asked_about_and_nothing_is_given_up_for_the_latter(
    slack: RecordingSlack, channel: SlackChannel, trouble: dict[str, Any], reason: str
) -> None:
    slack.fail("chat.postMessage", error="account_inactive")
    slack.fail("auth.test", **trouble)

    with pytest.raises(SendFailed) as failed:
        await channel.sender.send(to(ADA))

    found = failed.value
    assert (found.reason, found.permanent, found.retry_after, found.in_doubt) == (reason, False, None, False)


@pytest.mark.parametrize("document", [CARD, Document("Long", tuple(paragraph("word " * 500) for _ in range(12)))])
async def test_what_was_drawn_once_reaches_every_channel_as_it_would_have_been_sent(
    slack: RecordingSlack, channel: SlackChannel, document: Document
) -> None:
    sender = channel.sender
    drawn = sender.draw(document, lang="en")

    await sender.send(to("C0OAK", document), key="k1")
    await sender.post("C0OAK", drawn, key="k1")
    await sender.post(ADA, drawn, key="k2")

    said = slack.of("chat.postMessage")
    each = len(drawn.parts)
    assert len(said) == 3 * each
    assert said[:each] == said[each : 2 * each]
    assert {one["channel"] for one in said[2 * each :]} == {"D0ADA"}
    assert [one["metadata"]["event_payload"]["key"] for one in said if "metadata" in one] == ["k1", "k1", "k2"]
    assert sender.draw(document, lang="en") == drawn
    assert sender.draw(document, lang="pl").digest == sender.draw(document, lang="pl").digest


def test_nothing_to_say_cannot_be_drawn() -> None:
    settings = SlackSettings(bot_token="xoxb-bot", api_url="http://127.0.0.1:1/api/")
    channel = SlackChannel(settings, "oak", FakeDesk(), SIGNER, SetClock(TODAY))

    with pytest.raises(SendFailed, match="empty") as failed:
        channel.sender.draw(Document(" "), lang="en")

    assert failed.value.permanent


async def test_a_page_of_html_from_a_proxy_is_in_doubt(slack: RecordingSlack, channel: SlackChannel) -> None:
    slack.fail("chat.postMessage")
    slack.trouble["chat.postMessage"][0] = lambda: PlainTextResponse("<html>Bad gateway", status_code=502)

    with pytest.raises(SendFailed) as failed:
        await channel.sender.send(to("C0OAK"))

    assert failed.value.in_doubt


async def test_a_person_who_has_left_is_a_permanent_failure_before_anything_is_sent(
    slack: RecordingSlack, channel: SlackChannel
) -> None:
    slack.fail("conversations.open", error="user_disabled")

    with pytest.raises(SendFailed, match="deactivated") as failed:
        await channel.sender.send(to(ADA))

    assert failed.value.permanent
    assert slack.of("chat.postMessage") == []


async def test_nothing_listening_is_not_in_doubt() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = SlackSettings(bot_token="xoxb-bot", api_url=f"http://127.0.0.1:{port}/api/")
    channel = SlackChannel(settings, "oak", FakeDesk(), SIGNER, SetClock(TODAY))

    with pytest.raises(SendFailed) as failed:
        await channel.sender.send(to("C0OAK"))

    assert (failed.value.in_doubt, failed.value.permanent) == (False, False)


LONG = Document("Long", tuple(paragraph("word " * 500) for _ in range(12)))


async def test_later_parts_keep_the_pace_and_wait_out_a_429(slack: RecordingSlack, channel: SlackChannel) -> None:
    slack.succeed("chat.postMessage")
    slack.fail("chat.postMessage", error="ratelimited", status=429, headers={"Retry-After": "3"})

    await channel.sender.send(to("C0OAK", LONG))

    assert len(slack.of("chat.postMessage")) == 1 + 1 + 2
    assert PAUSES == [1.0, 3.0, 1.0]


async def test_a_failure_after_the_first_part_is_in_doubt(slack: RecordingSlack, channel: SlackChannel) -> None:
    slack.succeed("chat.postMessage")
    slack.fail("chat.postMessage", error="is_archived")

    with pytest.raises(SendFailed) as failed:
        await channel.sender.send(to("C0OAK", LONG))

    assert (failed.value.reason, failed.value.in_doubt, failed.value.permanent) == ("archived", True, False)


async def test_a_message_counts_against_its_workspace_and_its_channel(channel: SlackChannel) -> None:
    assert channel.sender.via is Via.SLACK
    assert channel.sender.pacing_keys("C0OAK") == (f"sl:{TEAM}", f"sl:{TEAM}:chan:C0OAK")


def test_the_manifest_asks_for_what_is_used_and_no_more() -> None:
    by_socket, by_http = manifest(), manifest(public_url="https://oak.example/")

    assert by_socket["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in str(by_socket)
    assert by_http["settings"]["event_subscriptions"]["request_url"] == "https://oak.example/slack/events"
    assert all(command["url"].endswith("/slack/events") for command in by_http["features"]["slash_commands"])
    assert yaml.safe_load(manifest_text(name="Oak")) == manifest(name="Oak")
    assert all(len(shortcut["name"]) <= 24 for shortcut in by_socket["features"]["shortcuts"])


@pytest.mark.parametrize(("rested", "lines"), [(1.0, [1, 1]), (4.5, [1, 2])])
async def test_a_connection_that_a_server_may_be_closing_just_now_is_not_used_again(
    rested: float, lines: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many hang up after five idle seconds; what goes out at that very moment is lost, and in doubt."""
    async with listening() as server, new_session() as session:
        server.always = http(200, {"ok": True})
        client = new_client(f"{server.url}/api/", "xoxb-bot")
        client.session = session
        await client.chat_postMessage(channel="C0OAK", text="The first")
        later = time.monotonic() + rested
        monkeypatch.setattr("aiohttp.connector.monotonic", lambda: later)

        await client.chat_postMessage(channel="C0OAK", text="The second")

    assert [heard.line for heard in server.heard] == lines
