import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from slack_building import CANARY, FORM, SENT, SIGNER, TODAY, Building, building, drawn_form, says
from slack_double import ADA, TEAM, button, command, message, submission

from bot.wire import Answer, Choice, Show
from pages.document import Document, Tone, note, paragraph
from school.words import Text


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
            "wobble www.example.org please",
            "lollipop",
            {"topic": "wobble", "rest": "www.example.org please"},
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


async def test_a_refused_form_stays_open_with_its_words(house: Building) -> None:
    refused = Answer(document=Document("Lollipop", (note(Text("Please choose one."), Tone.URGENT),)), refused=True)
    house.desk.answers["report.send"] = refused

    acknowledged = await house.sends("interactive", submission(drawn_form(), SENT))

    assert acknowledged == {"response_action": "errors", "errors": {"safe": "Please choose one."}}


async def test_an_urgent_answer_that_is_no_refusal_takes_the_place_of_the_form(house: Building) -> None:
    urgent = Answer(document=Document("Lollipop", (note(Text("Kept. Ring 999 now."), Tone.URGENT),)))
    house.desk.answers["report.send"] = urgent

    acknowledged = await house.sends("interactive", submission(drawn_form(), SENT))

    assert acknowledged["response_action"] == "update"
    assert "Kept. Ring 999 now." in json.dumps(acknowledged["view"])


async def test_a_form_that_the_desk_failed_on_stays_open_and_names_childline(house: Building) -> None:
    house.desk.raising["report.send"] = OSError("disk full")

    acknowledged = await house.sends("interactive", submission(drawn_form(), SENT))

    assert acknowledged["response_action"] == "errors"
    assert "0800 1111" in acknowledged["errors"]["safe"]


async def test_a_form_whose_token_was_forged_is_not_handled(house: Building) -> None:
    view = drawn_form() | {"private_metadata": "AQEB" + "A" * 30}

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
    await house.sends("interactive", submission(drawn_form(), {}) | {"type": "view_closed"})

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

    assert [dict(asked.args) for asked in house.desk.asked] == [
        {},
        {"message": "3.3 1970-01-01T00:00:03+00:00 - C0OAK"},
    ]
    assert len(house.slack.of("views.open")) == len(house.slack.responses) == 1
    assert CANARY not in house.shown()


@pytest.mark.parametrize(
    "channel",
    [
        {"id": "D0ADA", "name": "directmessage"},
        {"id": "C0FEW", "name": "privategroup"},
        {"id": "C0FEW", "name": "mpdm-ada--grace-1"},
        {"id": "G0OLD"},
    ],
)
async def test_a_message_that_few_can_read_is_reported_without_saying_where_it_is(
    house: Building, channel: dict[str, str]
) -> None:
    house.desk.answers["report.start"] = says("Who is it about?")
    about = {"user": {"id": ADA}, "team": {"id": TEAM}, "trigger_id": "t", "channel": channel}
    chosen = {"message": {"ts": "3.3", "edited": {"ts": "5.0"}}, "response_url": f"{house.base}/respond"}

    await house.sends("interactive", about | chosen | {"type": "message_action", "callback_id": "report_message"})

    (asked,) = house.desk.asked
    assert asked.args == {"message": "3.3 1970-01-01T00:00:03+00:00 1970-01-01T00:00:05+00:00 -"}


async def test_what_ada_types_comes_with_its_number_and_times_and_a_form_with_none(house: Building) -> None:
    changed = {"user": ADA, "text": "worse", "ts": "7.7", "edited": {"ts": "9.0"}}
    await house.sends("events_api", message(text="hello", ts="1795514400.000200"))
    await house.sends(
        "events_api",
        message("Ev2", subtype="message_changed", message=changed, previous_message={"text": "bad"}),
    )
    await house.sends("events_api", message("Ev3", text="hello", ts="soon"))
    await house.sends("interactive", submission(drawn_form(), SENT))

    assert [asked.message and asked.message.spelt() for asked in house.desk.asked] == [
        "1795514400.000200 2026-11-24T10:00:00+00:00 - -",
        "7.7 1970-01-01T00:00:07+00:00 1970-01-01T00:00:09+00:00 -",
        None,
        None,
    ]


async def test_the_home_tab_is_published(house: Building) -> None:
    house.desk.answers["home"] = says("Good morning", show=Show.HOME)
    event = {"type": "app_home_opened", "user": ADA, "channel": "D0ADA", "tab": "home"}

    await house.sends("events_api", {"type": "event_callback", "team_id": TEAM, "event_id": "E", "event": event})

    (published,) = house.slack.of("views.publish")
    assert published["user_id"] == ADA


async def test_a_desk_that_takes_too_long_still_gets_its_answer_into_the_open_form() -> None:
    async with building(patience=0.0) as house:
        house.desk.answers["report.send"] = Answer(document=Document("Thanks", (paragraph("Kept."),)))

        await house.sends("interactive", submission(drawn_form(), SENT))

        assert house.slack.of("views.update")[0]["view_id"] == "V1"


async def test_the_handle_of_an_account_travels_wrapped_where_slack_tells_it(house: Building) -> None:
    named = {"user": {"id": ADA, "username": "ada.lovelace", "name": "ada"}}
    await house.sends("slash_commands", command("/report", base=house.base) | {"user_name": "ada.lovelace"})
    await house.sends("interactive", button(SIGNER.button("help", {}, on=TODAY.date()), base=house.base) | named)
    await house.sends("interactive", submission(drawn_form(), {}) | named)
    await house.sends("events_api", message(text="hello"))

    told = [asked.called.reveal() if asked.called else None for asked in house.desk.asked]
    assert told == ["ada.lovelace"] * 3 + [None]
    assert "lovelace" not in repr(house.desk.asked)
