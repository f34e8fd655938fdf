"""Bad input at the start: no tokens, a wrong token, an unreachable API, and settings that cannot be."""

import asyncio
import json

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bot import demo
from bot.commands.house import Where
from bot.main import build
from bot.playground.serving import serve
from bot.playground.slack import Refuse as SlackRefuse
from bot.playground.slack import slack_routes
from bot.playground.telegram import ApiError, Refuse, telegram_routes
from tests.databases import sqlite_template
from tests.flows.office import lollipop, new_school, running, until
from tests.flows.rig import MARTA, give_keys

__all__ = ["sqlite_template"]

WRONG = "1234567:a-token-that-nobody-was-ever-given-00"
TELEGRAM_WRONG = "Telegram does not accept the bot's token. Copy it from @BotFather again: it looks like 123456:ABC-…."


def _standins():
    slack, telegram = demo.worlds()
    routes = [
        Mount("/playground/slack", routes=slack_routes(slack)),
        Mount("/playground/telegram", routes=telegram_routes(telegram)),
    ]
    return slack, telegram, serve(Starlette(routes=routes))


def _faults(said) -> dict[str, str]:
    """Without those that a school of the sample's people, with nobody's key and no number of its own, always has."""
    faults = json.loads(said.words)["faults"]
    assert all(each["cure"] for each in faults)
    of_the_sample = {"keys", "school file"}
    return {
        each["where"]: each["what"]
        for each in faults
        if each["severity"] == "fault" and each["where"] not in of_the_sample
    }


async def test_an_office_without_tokens_is_told_what_is_off_and_a_child_can_report(
    tmp_path, sqlite_template, unused_tcp_port
):
    school = new_school(tmp_path / "school", sqlite_template)
    await asyncio.to_thread(give_keys, Where(school / "school.toml").settings())

    checked = await asyncio.to_thread(lollipop, school, "check")
    async with running(school, unused_tcp_port) as here:
        shown = here.seen
        form = await here.web.get("/report")
        ready = await here.web.get("/readyz")

    assert "Slack: has no token, so it is off.\n    Put LOLLIPOP_SLACK_BOT_TOKEN into .env" in checked.words
    assert "Telegram: has no token, so it is off.\n    Put LOLLIPOP_TELEGRAM_TOKEN into .env" in checked.words
    assert "Without a token, so switched off: Slack and Telegram." in shown
    assert "Still from the example in school.toml: C0OAK, C0ELM, U0AMARA, U0DILYS" in shown
    assert form.status_code == ready.status_code == 200
    assert "Send it safely" in form.text


async def test_an_office_with_wrong_tokens_is_told_by_check_which_to_copy_again(tmp_path, sqlite_template):
    _, telegram, served = _standins()
    async with served as base:
        addresses = {
            "TELEGRAM_API_URL": f"{base}/playground/telegram",
            "SLACK_API_URL": f"{base}/playground/slack/api/",
            "SLACK_APP_TOKEN": "xapp-standin-app-token",
        }
        wrong = {"TELEGRAM_TOKEN": WRONG, "SLACK_BOT_TOKEN": "xoxb-not-ours"}
        right = {"TELEGRAM_TOKEN": demo.TELEGRAM_TOKEN, "SLACK_BOT_TOKEN": "xoxb-standin-bot-token"}
        school = new_school(tmp_path / "wrong", sqlite_template, **addresses, **wrong)
        half = new_school(tmp_path / "half", sqlite_template, **{**addresses, **right, "SLACK_APP_TOKEN": "xapp-no"})
        whole = new_school(tmp_path / "whole", sqlite_template, **addresses, **right)
        telegram.say(MARTA, "Waiting for the bot")

        said = await asyncio.to_thread(lollipop, school, "check", "--json")
        half_said = await asyncio.to_thread(lollipop, half, "check", "--json")
        whole_said = await asyncio.to_thread(lollipop, whole, "check", "--json")

    sentence = "Slack refused {} (invalid_auth). Please copy the token again from api.slack.com/apps."
    assert _faults(said) == {
        "Telegram": TELEGRAM_WRONG,
        "Slack": sentence.format("LOLLIPOP_SLACK_BOT_TOKEN"),
    }
    assert said.code == half_said.code == 1
    assert _faults(half_said) == {"Slack": sentence.format("LOLLIPOP_SLACK_APP_TOKEN")}
    assert _faults(whole_said) == {}
    assert WRONG not in said.words
    assert "xoxb-not-ours" not in said.words
    assert telegram.calls_of("getUpdates") == [], "a check takes no message from the queue"


async def test_an_office_that_invites_families_is_given_the_name_that_telegram_has_for_its_bot(
    tmp_path, sqlite_template
):
    _, telegram, served = _standins()
    async with served as base:
        api = {"TELEGRAM_API_URL": f"{base}/playground/telegram"}
        school = new_school(tmp_path / "school", sqlite_template, **api, TELEGRAM_TOKEN=demo.TELEGRAM_TOKEN)
        wrong = new_school(tmp_path / "wrong", sqlite_template, **api, TELEGRAM_TOKEN=WRONG)

        said = await asyncio.to_thread(lollipop, school, "parents", "invite", "Oak")
        refused = await asyncio.to_thread(lollipop, wrong, "parents", "invite", "Oak")

    assert said.code == 0
    assert said.words.startswith(f"https://t.me/{demo.BOT_NAME}?start=")
    assert telegram.calls_of("getUpdates") == [], "asking for a name takes no message from the queue"
    assert refused.code == 1
    assert "t.me" not in refused.words


async def test_an_office_whose_platforms_cannot_be_reached_is_told_where_we_looked(
    tmp_path, sqlite_template, unused_tcp_port
):
    nowhere = f"http://127.0.0.1:{unused_tcp_port}"
    school = new_school(
        tmp_path / "school",
        sqlite_template,
        TELEGRAM_TOKEN=WRONG,
        TELEGRAM_API_URL=nowhere,
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_APP_TOKEN="xapp-1",
        SLACK_API_URL=f"{nowhere}/api/",
    )

    said = await asyncio.to_thread(lollipop, school, "check", "--json")

    faults = _faults(said)
    assert said.code == 1
    assert faults["Telegram"].startswith(f"Telegram's server does not answer at {nowhere}. Check the network")
    assert faults["Slack"].startswith(f"Slack can't be reached at {nowhere}/api/. Please check the network")
    assert WRONG not in said.words


async def test_an_office_with_a_wrong_token_and_no_slack_keeps_its_pages_and_is_told_both(
    tmp_path, sqlite_template, unused_tcp_port_factory
):
    nowhere = f"http://127.0.0.1:{unused_tcp_port_factory()}/api/"
    _, _, served = _standins()
    async with served as base:
        school = new_school(
            tmp_path / "school",
            sqlite_template,
            TELEGRAM_TOKEN=WRONG,
            TELEGRAM_API_URL=f"{base}/playground/telegram",
            SLACK_BOT_TOKEN="xoxb-1",
            SLACK_APP_TOKEN="xapp-1",
            SLACK_API_URL=nowhere,
        )
        await asyncio.to_thread(give_keys, Where(school / "school.toml").settings())
        async with running(school, unused_tcp_port_factory()) as here:
            await until(lambda: here.seen.count("channel.off") >= 2)
            form = await here.web.get("/report")
            ready = await here.web.get("/readyz")
            shown = here.seen

    assert TELEGRAM_WRONG in shown
    assert f"Slack can't be reached at {nowhere}. Please check the network" in shown
    assert form.status_code == 200
    assert ready.status_code == 503
    assert WRONG not in shown
    assert "a-token-that-nobody" not in shown


async def test_a_platform_that_says_no_twice_is_tried_again_until_it_says_yes(tmp_path):
    slack, telegram, served = _standins()
    slack.faults.next("auth.test", SlackRefuse("invalid_auth"), times=2)
    telegram.faults.next("getMe", Refuse(ApiError(401, "Unauthorized")), times=2)
    async with served as base:
        settings = demo.prepare(tmp_path, int(base.rpartition(":")[2]))
        product = await asyncio.to_thread(build, settings)
        product.retry_seconds = 0.01
        async with product.running():
            await until(lambda: product.slack.healthy and product.telegram.healthy)

    assert len([call for call in slack.calls if call.method == "auth.test"]) >= 3
    assert len(telegram.calls_of("getMe")) == 3


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"BIND": "192.0.2.1:8000"}, "192.0.2.1 is not an address of this computer."),
        ({"DATABASE_URL": "oracle://somewhere"}, "LOLLIPOP_DATABASE_URL: write sqlite:////folder/lollipop.db or"),
        ({"HOME": "/dev/null/var"}, "Lollipop can't write to its folder /dev/null/var."),
    ],
    ids=["an address of somebody else", "a database nobody knows", "a home that cannot be"],
)
def test_an_office_with_a_setting_that_cannot_be_is_told_in_a_sentence(tmp_path, settings, sentence):
    school = new_school(tmp_path / "school", **{"BIND": "127.0.0.1:0", **settings})

    said = lollipop(school, "run")

    assert said.code == 1
    assert sentence in said.words


def test_an_office_that_saved_env_as_something_else_is_told_how_to_save_it(tmp_path):
    school = new_school(tmp_path / "school")
    (school / ".env").write_bytes("LOLLIPOP_TELEGRAM_TOKEN=1:sécret".encode("utf-16"))

    said = lollipop(school, "check")

    assert said.code == 1
    assert f"{school / '.env'}: is not UTF-8 text; save it as UTF-8" in said.words
    assert "cret" not in said.words.replace("secret", "")
