"""Slack's people are answered in their own language, and nobody waits until it is known."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from slack_building import FORM, SENT, TODAY, Building, building, drawn_form, says
from slack_double import ADA, command, message, submission

from bot.languages import spoken, translator
from bot.tokens import ForgedTokenError
from school.words import Text


@pytest.fixture
async def house() -> AsyncIterator[Building]:
    async with building() as built:
        built.slack.locales[ADA] = "pl-PL"
        yield built


async def test_adas_form_is_open_in_english_before_slack_has_told_her_language(house: Building) -> None:
    house.desk.answers["report.start"] = FORM
    house.slack.waits["users.info"] = asyncio.Event()

    acknowledged = await house.slack.envelope("slash_commands", command("/report", base=house.base))

    assert acknowledged == {}
    assert len(house.slack.of("views.open")) == 1
    assert house.desk.asked[0].lang == "en"
    house.slack.waits["users.info"].set()
    await house.channel.drained()


async def test_ada_is_asked_about_once_and_answered_in_polish_from_then_on(house: Building) -> None:
    assert FORM.form is not None
    safely = Text("Send it safely")
    house.desk.answers["report.start"] = replace(FORM, form=replace(FORM.form, submit=safely))
    polish = translator("pl")(safely)

    for _ in range(3):
        await house.sends("slash_commands", command("/report", base=house.base))

    views = [
        json.loads(each["view"]) if isinstance(each["view"], str) else each["view"]
        for each in house.slack.of("views.open")
    ]
    assert [asked.lang for asked in house.desk.asked] == ["en", "pl", "pl"]
    assert [view["submit"]["text"] for view in views] == [safely.msgid, polish, polish]
    assert polish != safely.msgid
    assert [asked["user"] for asked in house.slack.of("users.info")] == [ADA]


async def test_ada_is_refused_in_polish_when_a_form_cannot_be_taken(house: Building) -> None:
    await house.sends("events_api", message(text="hello"))

    acknowledged = await house.sends("interactive", submission(drawn_form() | {"private_metadata": "AQEB"}, SENT))

    assert acknowledged["errors"] == {"safe": translator("pl")(ForgedTokenError.text)}
    assert "isn't one of ours" not in acknowledged["errors"]["safe"]


async def test_a_lookup_that_fails_costs_ada_nothing_and_is_not_tried_at_every_word(house: Building) -> None:
    house.desk.answers["words"] = says("Thank you")
    house.slack.fail("users.info", error="missing_scope")

    await house.sends("events_api", message("Ev1", text="one"))
    await house.sends("events_api", message("Ev2", text="two"))
    house.clock.move_to(TODAY + timedelta(minutes=6))
    await house.sends("events_api", message("Ev3", text="three"))
    await house.sends("events_api", message("Ev4", text="four"))

    assert [asked.lang for asked in house.desk.asked] == ["en", "en", "en", "pl"]
    assert len(house.slack.of("chat.postMessage")) == 4
    assert len(house.slack.of("users.info")) == 2


async def test_ada_who_changes_her_language_is_answered_in_it_within_the_hour(house: Building) -> None:
    await house.sends("events_api", message("Ev1", text="one"))
    house.slack.locales[ADA] = "ro-RO"
    house.clock.move_to(TODAY + timedelta(minutes=61))
    house.slack.fail("users.info", error="ratelimited", status=429, headers={"Retry-After": "9"})
    await house.sends("events_api", message("Ev2", text="two"))
    house.clock.move_to(TODAY + timedelta(minutes=67))

    await house.sends("events_api", message("Ev3", text="three"))
    await house.sends("events_api", message("Ev4", text="four"))

    assert [asked.lang for asked in house.desk.asked] == ["en", "pl", "pl", "ro"]


async def test_a_whole_school_fits_and_whoever_came_first_is_forgotten_first(house: Building) -> None:
    languages = house.channel.languages
    languages._people = 2

    for user in ("U1", "U2", "U3"):
        house.slack.locales[user] = "ur-PK"
        languages.of(user)
        await house.channel.drained()

    assert set(languages._known) == {"U2", "U3"}


@pytest.mark.parametrize(
    ("locale", "lang"),
    [("pl-PL", "pl"), ("en-US", "en"), ("ar", "ar"), ("ro_RO", "ro"), ("ja-JP", "en"), ("", "en"), ("../pl", "en")],
)
def test_a_person_whose_language_we_lack_is_spoken_to_in_english(locale: str, lang: str) -> None:
    assert spoken(locale) == lang
