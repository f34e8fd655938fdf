"""The stand-in for Slack, by the real slack-sdk: what it refuses, what it keeps, and the trouble it makes on order."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_kit import AMINA, BEN, YEAR4, Workspace, button, linked, modal, options, words, workspace
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, HeaderBlock, SectionBlock
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import Drop, RateLimiter, Refuse, ServerError, Stall, TooMany

Block = dict[str, Any]
ASK = {"type": "input", "label": words("?")}


def section(text: str = "Hello", **more: Any) -> Block:
    return {"type": "section", "text": words(text, "mrkdwn"), **more}


def asking(**element: Any) -> Block:
    return {**ASK, "element": {"action_id": "a", **element}}


REFUSED = {
    "section text": [section("x" * 3001)],
    "section without words": [{"type": "section"}],
    "fields": [{"type": "section", "fields": [words("x")] * 11}],
    "header": [{"type": "header", "text": words("x" * 151)}],
    "header in mrkdwn": [{"type": "header", "text": words("x", "mrkdwn")}],
    "empty text": [section("")],
    "context": [{"type": "context", "elements": [words("x")] * 11}],
    "actions": [{"type": "actions", "elements": [button(f"a{n}") for n in range(26)]}],
    "no actions": [{"type": "actions", "elements": []}],
    "button text": [{"type": "actions", "elements": [button(text=words("x" * 76))]}],
    "button value": [{"type": "actions", "elements": [button(value="x" * 2001)]}],
    "button style": [{"type": "actions", "elements": [button(style="green")]}],
    "action id": [{"type": "actions", "elements": [button("x" * 256)]}],
    "twin action ids": [{"type": "actions", "elements": [button(), button()]}],
    "block id": [section(block_id="x" * 256)],
    "twin block ids": [section(block_id="one"), section(block_id="one")],
    "select options": [asking(type="static_select", options=options(*(f"o{n}" for n in range(101))))],
    "option value": [asking(type="static_select", options=options("x" * 151))],
    "options and groups": [asking(type="static_select")],
    "radio options": [asking(type="radio_buttons", options=options(*(f"o{n}" for n in range(11))))],
    "checkboxes": [asking(type="checkboxes", options=options(*(f"o{n}" for n in range(11))))],
    "initial option": [asking(type="radio_buttons", options=options("a"), initial_option=options("b")[0])],
    "input length": [asking(type="plain_text_input", max_length=3001)],
    "number input": [asking(type="number_input")],
    "label": [{**asking(type="plain_text_input"), "label": words("x" * 2001)}],
    "hint": [{**asking(type="plain_text_input"), "hint": words("x", "mrkdwn")}],
    "a button as input": [asking(type="button", text=words("x"))],
    "unknown block": [{"type": "marquee"}],
    "unknown key": [section(colour="red")],
    "markdown": [{"type": "markdown", "text": "x" * 12_001}],
    "51 blocks": [section()] * 51,
    "uneven table": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * n for n in (1, 2)]}],
}


@pytest.fixture
async def here() -> AsyncIterator[Workspace]:
    async with workspace() as opened:
        opened.world.base_url = opened.base
        yield opened


@pytest.mark.parametrize("name", REFUSED)
async def test_blocks_beyond_the_limits_are_refused_and_named(here: Workspace, name: str) -> None:
    error = await here.complaint("chat.postMessage", channel=YEAR4, text="x", blocks=REFUSED[name])

    assert error.response["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks" in error.response["response_metadata"]["messages"][0]
    assert here.world.messages(YEAR4) == []


async def test_blocks_at_the_limits_are_taken(here: Workspace) -> None:
    fields = [words("x" * 2000)] + [words("x")] * 9
    full = [
        section("x" * 3000, block_id="b" * 255),
        {"type": "section", "fields": fields},
        {"type": "header", "text": words("x" * 150)},
        {"type": "actions", "elements": [button(f"a{n}", value="v" * 2000) for n in range(25)]},
        asking(type="radio_buttons", options=options(*(f"o{n}" for n in range(10)))),
        asking(type="number_input", is_decimal_allowed=False, min_value="1"),
    ]
    made = [SectionBlock(text="*Hello*"), HeaderBlock(text="Now"), ActionsBlock(elements=[ButtonElement(text="Go")])]

    await here.client.chat_postMessage(channel=YEAR4, text="x", blocks=full)
    await here.client.chat_postMessage(channel=YEAR4, text="x", blocks=made)
    await here.client.chat_postMessage(channel="#year-4", text="x", blocks=[section()] * 50)

    assert await here.refused("chat.postMessage", channel=YEAR4, text="x", blocks=[section("x" * 2700)] * 5) == (
        "msg_blocks_too_long"
    )


@pytest.mark.parametrize(
    ("fault", "view"),
    [
        ("/view/title", modal(title=words("x" * 25))),
        ("/view/submit", modal(submit=words("x" * 25))),
        ("/view/close", modal(close=words("x" * 25))),
        ("/view/private_metadata", modal(private_metadata="x" * 3001)),
        ("/view/blocks", modal(blocks=[section()] * 101)),
        ("submit is required", modal(submit=None)),
        ("unknown field: hash", modal(hash="1.2")),
        ("/view/blocks/0/text", modal(blocks=[section("x" * 3001)])),
    ],
)
async def test_views_beyond_the_limits_are_refused_and_named(here: Workspace, fault: str, view: Block) -> None:
    trigger = here.world.new_trigger(AMINA)

    error = await here.complaint("views.open", trigger_id=trigger, view=view)

    assert error.response["error"] == "invalid_arguments"
    assert fault in error.response["response_metadata"]["messages"][0]
    await here.client.views_open(trigger_id=trigger, view=modal())


async def test_a_home_tab_has_no_submit_button(here: Workspace) -> None:
    assert await here.refused("views.publish", user_id=AMINA, view=modal()) == "invalid_arguments"
    home = {"type": "home", "blocks": [section()] * 100}
    first = await here.client.views_publish(user_id=AMINA, view=home)
    await here.client.views_publish(user_id=AMINA, view=home, hash=first["view"]["hash"])
    assert await here.refused("views.publish", user_id=AMINA, view=home, hash=first["view"]["hash"]) == "hash_conflict"


async def test_an_updated_form_keeps_what_was_written(here: Workspace) -> None:
    opened = (await here.client.views_open(trigger_id=here.world.new_trigger(AMINA), view=modal()))["view"]
    await here.world.press_in_view(AMINA, "said", "A boat")

    longer = modal(blocks=[section(), *modal()["blocks"]])
    updated = (await here.client.views_update(view_id=opened["id"], view=longer, hash=opened["hash"]))["view"]

    assert updated["state"]["values"]["what"]["said"]["value"] == "A boat"
    assert await here.refused("views.update", view_id=opened["id"], view=longer, hash=opened["hash"]) == "hash_conflict"
    assert await here.refused("views.update", view_id="V1", view=longer) == "not_found"


async def test_what_slack_does_not_know_is_refused_by_name(here: Workspace) -> None:
    assert await here.refused("chat.shout") == "unknown_method"
    error = await here.complaint("chat.postMessage", channel=YEAR4, text="x", colour="red")
    assert error.response["error"] == "invalid_arguments"
    assert "unknown argument: colour" in error.response["response_metadata"]["messages"][0]
    assert await here.refused("chat.postMessage", text="x") == "invalid_arguments"
    assert await here.refused("chat.postMessage", channel=YEAR4, blocks=[section()]) == "no_text"
    assert [call.error for call in here.world.calls_of("chat.postMessage")] == ["invalid_arguments"] * 2 + ["no_text"]


@pytest.mark.parametrize(
    ("token", "code"),
    [("", "not_authed"), ("xoxb-no", "invalid_auth"), ("xapp-standin-app-token", "not_allowed_token_type")],
)
async def test_a_wrong_token_is_refused(here: Workspace, token: str, code: str) -> None:
    client = AsyncWebClient(token=token, base_url=f"{here.base}/api/")
    client.proxy = None
    with pytest.raises(SlackApiError, match=code):
        await client.auth_test()


async def test_a_token_can_lose_its_workspace_or_a_scope(here: Workspace) -> None:
    here.world.scopes = {"im:write"}
    error = await here.complaint("chat.postMessage", channel=YEAR4, text="x")
    assert (error.response["error"], error.response["needed"]) == ("missing_scope", "chat:write")
    here.world.token_error = "account_inactive"
    assert await here.refused("auth.test") == "account_inactive"


async def test_a_message_goes_only_where_the_app_may_write(here: Workspace) -> None:
    world = here.world
    world.add_channel("C0STAFF", "staff", [AMINA], with_bot=False)
    world.add_channel("C0OLD", "old", [AMINA]).archived = True

    assert await here.refused("chat.postMessage", channel="C0NONE", text="x") == "channel_not_found"
    assert await here.refused("chat.postMessage", channel="C0STAFF", text="x") == "not_in_channel"
    assert await here.refused("chat.postMessage", channel="C0OLD", text="x") == "is_archived"
    assert await here.refused("chat.postEphemeral", channel=YEAR4, user="U0NONE", text="x") == "user_not_in_channel"
    world.deactivate(BEN)
    assert await here.refused("conversations.open", users=BEN) == "user_disabled"
    assert await here.refused("chat.postMessage", channel=BEN, text="x") == "account_inactive"


async def test_a_message_in_doubt_is_found_by_its_metadata(here: Workspace) -> None:
    key = {"event_type": "lollipop_delivery", "event_payload": {"key": "k1"}}
    room = (await here.client.conversations_open(users=AMINA))["channel"]["id"]
    here.world.faults.next("chat.postMessage", Drop(carried_out=True))
    with pytest.raises(aiohttp.ClientError):
        await here.client.chat_postMessage(channel=room, text="x", metadata=key)

    found = await here.client.conversations_history(channel=room, include_all_metadata=True, oldest="0", limit=10)
    plain = await here.client.conversations_history(channel=room)

    assert [message["metadata"] for message in found["messages"]] == [key]
    assert "metadata" not in plain["messages"][0]
    assert await here.refused("chat.postMessage", channel=room, text="x", metadata={"key": 1}) == (
        "invalid_metadata_format"
    )


async def test_only_the_apps_own_messages_can_be_changed_or_taken_back(here: Workspace) -> None:
    await here.world.say(AMINA, YEAR4, "mine")
    theirs = here.world.messages(YEAR4)[0].ts
    own = (await here.client.chat_postMessage(channel=YEAR4, text="x", blocks=[section()]))["ts"]

    await here.client.chat_update(channel=YEAR4, ts=own, text="y")
    shown = here.world.snapshot(AMINA)["channels"][0]["messages"][-1]
    assert (shown["text"], shown["blocks"], shown["edited"]) == ("y", [], True)
    assert await here.refused("chat.update", channel=YEAR4, ts=theirs, text="y") == "cant_update_message"
    assert await here.refused("chat.delete", channel=YEAR4, ts=theirs) == "cant_delete_message"
    assert await here.refused("chat.update", channel=YEAR4, ts="1.2", text="y") == "message_not_found"
    link = await here.client.chat_getPermalink(channel=YEAR4, message_ts=own)
    assert link["permalink"].endswith(f"/{YEAR4}/p{own.replace('.', '')}")
    await here.client.reactions_add(channel=YEAR4, name="lollipop", timestamp=own)
    await here.client.chat_delete(channel=YEAR4, ts=own)
    assert [message.text for message in here.world.messages(YEAR4)] == ["mine"]


async def test_people_and_places_can_be_looked_up(here: Workspace) -> None:
    client = here.client
    assert (await client.users_info(user=AMINA))["user"]["real_name"] == "Amina Begum"
    assert await here.refused("users.info", user="U0NONE") == "user_not_found"
    here.world.add_user("U0MARTA", "Marta", locale="pl-PL")
    assert (await client.users_info(user="U0MARTA", include_locale=True))["user"]["locale"] == "pl-PL"
    assert "locale" not in (await client.users_info(user="U0MARTA"))["user"]
    assert await here.refused("users.info", user="U0MARTA", with_locale=True) == "invalid_arguments"
    here.world.users.pop("U0MARTA")
    first = await client.users_list(limit=2)
    rest = await client.users_list(limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert [user["id"] for user in [*first["members"], *rest["members"]]] == [here.world.bot.id, AMINA, BEN]
    assert (await client.conversations_info(channel=YEAR4, include_num_members=True))["channel"]["num_members"] == 3
    assert (await client.conversations_members(channel=YEAR4))["members"] == [AMINA, BEN, here.world.bot.id]
    assert (await client.team_info())["team"]["id"] == here.world.team_id
    assert (await client.bots_info(bot=here.world.bot_id))["bot"]["user_id"] == here.world.bot.id


async def test_trouble_comes_as_it_was_ordered(here: Workspace) -> None:
    faults = here.world.faults
    faults.next("chat.postMessage", TooMany(30))
    faults.next("chat.postMessage", ServerError(503))
    faults.next("*", Refuse("fatal_error"))

    slow = await here.complaint("chat.postMessage", channel=YEAR4, text="x")
    assert (slow.response.status_code, slow.response.headers["Retry-After"]) == (429, "30")
    assert slow.response["error"] == "ratelimited"
    assert (await here.complaint("chat.postMessage", channel=YEAR4, text="x")).response.status_code == 503
    assert await here.refused("chat.postMessage", channel=YEAR4, text="x") == "fatal_error"
    assert here.world.messages(YEAR4) == []


async def test_a_stalled_call_goes_on_when_it_is_let(here: Workspace) -> None:
    here.world.faults.next("chat.postMessage", Stall())
    sending = asyncio.create_task(here.client.chat_postMessage(channel=YEAR4, text="x"))
    await here.world.wait_until(lambda: here.world.faults.stalled == 1)
    assert here.world.messages(YEAR4) == []

    here.world.faults.release()
    assert (await sending)["ok"]


async def test_the_pace_of_a_channel_can_be_kept(here: Workspace) -> None:
    here.world.limiter = RateLimiter(lambda: here.hand.seconds, burst=2)
    for _ in range(2):
        await here.client.chat_postMessage(channel=YEAR4, text="x")
    assert await here.refused("chat.postMessage", channel=YEAR4, text="x") == "ratelimited"
    await here.client.chat_postMessage(channel=AMINA, text="x")
    here.hand.later(2)
    await here.client.chat_postMessage(channel=YEAR4, text="x")


async def test_ten_connections_are_the_most(here: Workspace) -> None:
    async with linked(here, times=10):
        with pytest.raises(SlackApiError, match="too_many_websockets"):
            await here.client.apps_connections_open(app_token=here.world.app_token)
