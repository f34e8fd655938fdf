import json
import logging
from collections.abc import AsyncIterator

import pytest
from slack_building import CANARY, SENT, Building, building, drawn_form, says
from slack_double import ADA, TEAM, command, message, submission


@pytest.fixture
async def house() -> AsyncIterator[Building]:
    async with building() as built:
        yield built


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


async def test_a_form_that_slack_let_grow_past_its_limit_is_taken_whole(house: Building) -> None:
    longer = CANARY * 100
    house.desk.answers["report.send"] = says("Thank you")

    await house.sends(
        "interactive",
        submission(drawn_form(), {"words": {"private": {"type": "plain_text_input", "value": longer}}}),
    )

    assert len(longer) > 3000
    assert house.desk.asked[0].words["words"].reveal() == longer


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
    assert {name for name, _ in house.slack.calls} == {"auth.test", "apps.connections.open", "users.info"}


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
    await house.sends("interactive", submission(drawn_form(), SENT))
    await house.sends("slash_commands", command("/report", CANARY, base=house.base))
    await house.sends("interactive", {"type": "unheard_of", "text": CANARY, "user": {"id": ADA}})

    assert len(house.desk.asked) == 5
    assert house.desk.asked[-1].words["words"].reveal() == CANARY
    assert "heron" not in caplog.text
    assert not any("heron" in str(vars(record)) for record in caplog.records)
    assert "heron" not in json.dumps(house.slack.raw)


async def test_a_payload_that_breaks_a_listener_loses_no_acknowledgement(house: Building) -> None:
    broken = {"type": "app_home_opened", "tab": "home"}  # Slack always names a user

    event = await house.sends("events_api", {"type": "event_callback", "event_id": "E", "event": broken})
    typed = await house.sends("slash_commands", {"command": "/lesson", "trigger_id": "t"})
    form = await house.sends(
        "interactive", {"type": "view_submission", "view": {"type": "modal", "callback_id": "form"}}
    )

    assert event == typed == form == {}
    assert house.desk.asked == []
