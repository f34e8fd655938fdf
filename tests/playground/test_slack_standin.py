"""The stand-in for Slack, by the real Bolt over a socket and over HTTP: what people do, and what comes of it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_kit import AMINA, BEN, YEAR4, Workspace, button, linked, modal, options, posted, words, workspace
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import CannotActError

Body = dict[str, Any]


def listen(app: AsyncApp, heard: list[Body]) -> None:
    """A small app that does each thing once."""
    listen_to_forms(app, heard)
    listen_to_the_rest(app, heard)


def listen_to_forms(app: AsyncApp, heard: list[Body]) -> None:
    @app.command("/report")
    async def report(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    @app.view("worry")
    async def worry(ack: AsyncAck, body: Body) -> None:
        heard.append(body)
        said = body["view"]["state"]["values"]["what"]["said"]["value"]
        if said == "?":
            await ack(response_action="errors", errors={"what": "Please say a little more."})
        elif said == "again":
            await ack(response_action="push", view=modal(title=words("More")))
        elif said == "no":
            await ack(response_action="clear")
        else:
            thanks = {"type": "section", "text": words("Thank you.")}
            await ack(response_action="update", view={"type": "modal", "title": words("Thanks"), "blocks": [thanks]})


def listen_to_the_rest(app: AsyncApp, heard: list[Body]) -> None:
    @app.command("/lesson")
    async def lesson(ack: AsyncAck, body: Body) -> None:
        heard.append(body)
        await ack("Passwords, for 4H")

    @app.action("go")
    async def go(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        heard.append(body)
        if "response_url" in body:
            await respond("Done.", replace_original=True)
        await ack()

    @app.action("pick")
    async def pick(ack: AsyncAck, body: Body) -> None:
        heard.append(body)
        await ack()

    @app.event("app_home_opened")
    async def home(body: Body, client: AsyncWebClient) -> None:
        heard.append(body)
        blocks = [{"type": "actions", "elements": [button(value="7")]}]
        await client.views_publish(user_id=body["event"]["user"], view={"type": "home", "blocks": blocks})

    @app.event("message")
    async def message(body: Body, client: AsyncWebClient) -> None:
        heard.append(body)
        await client.chat_postMessage(channel=body["event"]["channel"], text="Hello")

    @app.shortcut("report_concern")
    @app.shortcut("report_message")
    async def shortcut(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        heard.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()


@pytest.fixture
def heard() -> list[Body]:
    return []


@pytest.fixture(params=["socket", "http"])
async def here(request: pytest.FixtureRequest, heard: list[Body]) -> AsyncIterator[Workspace]:
    async with workspace() as opened:
        listen(opened.app, heard)
        async with linked(opened) if request.param == "socket" else posted(opened):
            yield opened


async def test_a_command_is_answered_to_the_one_who_typed_it(here: Workspace, heard: list[Body]) -> None:
    ack = await here.world.slash(AMINA, "/lesson", "4H", YEAR4)

    assert ack.ok
    assert heard[0]["text"] == "4H"
    assert heard[0]["channel_name"] == "year-4"
    mine, theirs = (here.world.snapshot(who)["channels"][0]["messages"] for who in (AMINA, BEN))
    assert [(each["text"], each["ephemeral"], each["from_bot"]) for each in mine] == [("Passwords, for 4H", True, True)]
    assert theirs == []


async def test_a_form_is_opened_corrected_sent_and_thanked_for(here: Workspace, heard: list[Body]) -> None:
    world = here.world
    await world.slash(AMINA, "/report")

    assert await world.submit(AMINA, values={"what": ""}) is None
    assert world.snapshot(AMINA)["modal"]["errors"] == {"what": "Please complete this required field."}
    assert await world.submit(AMINA, values={"what": "x" * 21}) is None
    assert heard == []

    await world.submit(AMINA, values={"what": "?", "safe": "yes"})
    assert world.snapshot(AMINA)["modal"]["errors"] == {"what": "Please say a little more."}
    first = heard[-1]["view"]
    assert first["private_metadata"] == "kept"
    assert first["state"]["values"]["safe"]["pick"]["selected_option"]["value"] == "yes"

    await world.submit(AMINA, values={"what": "A boat"})
    shown = world.snapshot(AMINA)["modal"]
    assert (shown["title"]["text"], shown["errors"], shown["id"]) == ("Thanks", {}, first["id"])
    assert shown["hash"] != first["hash"]
    await world.close_view(AMINA)
    assert world.snapshot(AMINA)["modal"] is None


async def test_a_pushed_form_lies_on_the_first_and_three_are_the_most(here: Workspace) -> None:
    world = here.world
    await world.slash(AMINA, "/report")
    await world.submit(AMINA, values={"what": "again"})
    await world.submit(AMINA, values={"what": "again"})
    top = world.snapshot(AMINA)["modal"]
    assert (top["depth"], top["title"]["text"]) == (3, "More")
    assert top["root_view_id"] != top["previous_view_id"] != top["id"]

    await world.submit(AMINA, values={"what": "again"})
    assert world.snapshot(AMINA)["modal"]["depth"] == 3
    assert "push_limit_reached" in world.snapshot(AMINA)["toasts"][0]["about"]

    await world.close_view(AMINA)
    assert world.snapshot(AMINA)["modal"]["depth"] == 2
    await world.submit(AMINA, values={"what": "no"})
    assert world.snapshot(AMINA)["modal"] is None


async def test_a_trigger_opens_one_form_and_only_for_three_seconds(here: Workspace, heard: list[Body]) -> None:
    await here.world.slash(AMINA, "/lesson")
    trigger = heard[0]["trigger_id"]
    here.hand.later(3.1)
    assert await here.refused("views.open", trigger_id=trigger, view=modal()) == "expired_trigger_id"

    await here.world.slash(AMINA, "/lesson")
    trigger = heard[1]["trigger_id"]
    await here.client.views_open(trigger_id=trigger, view=modal())
    assert await here.refused("views.open", trigger_id=trigger, view=modal()) == "exchanged_trigger_id"
    assert await here.refused("views.open", trigger_id="1.2.x", view=modal()) == "invalid_trigger_id"


async def test_a_button_answers_through_its_response_url(here: Workspace, heard: list[Body]) -> None:
    blocks = [{"type": "actions", "elements": [button(value="42")]}]
    sent = await here.client.chat_postMessage(channel=YEAR4, text="Ready?", blocks=blocks)

    await here.world.press(AMINA, YEAR4, sent["ts"], "go")

    action = heard[0]["actions"][0]
    assert (action["value"], action["type"], heard[0]["message"]["ts"]) == ("42", "button", sent["ts"])
    shown = here.world.snapshot(BEN)["channels"][0]["messages"]
    assert [(each["text"], each["blocks"]) for each in shown] == [("Done.", [])]


async def test_a_response_url_is_good_for_five_answers_and_half_an_hour(here: Workspace, heard: list[Body]) -> None:
    await here.world.slash(AMINA, "/lesson", "", YEAR4)
    respond = AsyncRespond(response_url=heard[0]["response_url"], proxy=None, ssl=None)
    assert [(await respond("More")).status_code for _ in range(6)] == [200] * 5 + [404]

    await here.world.slash(AMINA, "/lesson", "", YEAR4)
    here.hand.later(30 * 60 + 1)
    late = await AsyncRespond(response_url=heard[1]["response_url"], proxy=None, ssl=None)("Late")
    assert (late.status_code, "expired_url" in late.body) == (404, True)


async def test_a_home_tab_is_published_and_its_button_pressed(here: Workspace, heard: list[Body]) -> None:
    ack = await here.world.open_home(AMINA)
    await here.world.wait_until(lambda: AMINA in here.world.homes)
    await here.world.press_in_view(AMINA, "go")

    assert ack is not None
    assert ack.ok
    assert (heard[0]["event"]["tab"], heard[0]["authorizations"][0]["user_id"]) == ("home", here.world.bot.id)
    assert (heard[1]["view"]["type"], heard[1]["actions"][0]["value"]) == ("home", "7")
    assert here.world.snapshot(BEN)["home"] is None


async def test_a_word_to_the_app_a_file_and_a_correction_arrive_as_slack_sends_them(
    here: Workspace, heard: list[Body]
) -> None:
    await here.world.say(BEN, text="help")
    await here.world.say(BEN, text="look", files=1)
    first = here.world.dm_messages(BEN)[0]
    await here.world.edit(BEN, first.channel, first.ts, "help me")
    await here.world.say(BEN, YEAR4, "not for the app")
    await here.world.wait_until(lambda: len(here.world.calls_of("chat.postMessage")) == 3)

    said, shared, changed = (body["event"] for body in heard)
    assert (said["channel_type"], said["text"], said["user"], "subtype" in said) == ("im", "help", BEN, False)
    assert (shared["subtype"], shared["files"][0]["mimetype"]) == ("file_share", "image/png")
    assert shared["files"][0]["url_private"].startswith(here.base)
    assert (changed["subtype"], changed["message"]["text"]) == ("message_changed", "help me")
    assert changed["previous_message"]["text"] == "help"


async def test_both_kinds_of_shortcut_open_a_form(here: Workspace, heard: list[Body]) -> None:
    await here.world.say(BEN, YEAR4, "something unkind")
    unkind = here.world.messages(YEAR4)[0]

    await here.world.shortcut(AMINA, "report_concern")
    await here.world.close_view(AMINA)
    await here.world.message_shortcut(AMINA, "report_message", YEAR4, unkind.ts)

    assert [body["type"] for body in heard] == ["shortcut", "message_action"]
    assert heard[1]["message"]["text"] == "something unkind"
    assert here.world.snapshot(AMINA)["modal"]["callback_id"] == "worry"


async def test_a_choice_in_a_form_is_told_only_where_the_form_asks(here: Workspace, heard: list[Body]) -> None:
    await here.world.slash(AMINA, "/report")
    assert await here.world.press_in_view(AMINA, "pick", "no") is None

    element = {"type": "static_select", "action_id": "pick", "options": options("a", "b")}
    sent = await here.client.chat_postMessage(
        channel=YEAR4, text="?", blocks=[{"type": "section", "text": words("?"), "accessory": element}]
    )
    await here.world.press(BEN, YEAR4, sent["ts"], "pick", "b")
    assert heard[-1]["actions"][0]["selected_option"]["value"] == "b"
    with pytest.raises(CannotActError):
        await here.world.press(BEN, YEAR4, sent["ts"], "pick", "c")


async def test_an_event_can_come_twice_under_one_id_or_two(here: Workspace, heard: list[Body]) -> None:
    await here.world.say(BEN, text="help")
    await here.world.redeliver()
    await here.world.redeliver(same_event_id=False)
    await here.world.wait_until(lambda: len(here.world.calls_of("chat.postMessage")) == 3)

    ids = [body["event_id"] for body in heard]
    assert ids[0] == ids[1] != ids[2]
    assert len({body["event"]["client_msg_id"] for body in heard}) == 1
    assert await here.world.retry_events() == []


async def test_a_command_that_nobody_takes_leaves_a_toast() -> None:
    async with workspace(ack_seconds=0.05) as here, linked(here):
        ack = await here.world.slash(AMINA, "/nothing")

        assert (ack.ok, ack.error) == (False, "operation_timeout")
        assert here.world.snapshot(AMINA)["toasts"][0]["text"] == '/nothing failed with the error "operation_timeout"'


async def test_a_form_stays_open_when_the_app_is_gone() -> None:
    async with workspace() as here:
        listen(here.app, [])
        async with linked(here):
            await here.world.slash(AMINA, "/report")
        await here.world.submit(AMINA, values={"what": "A boat"})

        seen = here.world.snapshot(AMINA)
        assert (seen["connected"], seen["toasts"][0]["code"]) == (False, "dispatch_failed")
        assert seen["modal"]["state"]["values"]["what"]["said"]["value"] == "A boat"


async def test_an_event_unheard_is_sent_again_three_times_and_no_more(heard: list[Body]) -> None:
    async with workspace() as here:
        listen(here.app, heard)
        here.world.base_url = here.base
        await here.world.say(BEN, text="help")
        assert [ack.error for ack in await here.world.retry_events()] == ["dispatch_failed"]

        async with linked(here, times=2):
            acks = await here.world.retry_events()
            assert [ack.ok for ack in acks] == [True]
            assert await here.world.retry_events() == []
            await here.world.wait_until(lambda: len(here.world.calls_of("chat.postMessage")) == 1)

        await here.world.say(BEN, text="gone")
        assert [len(await here.world.retry_events()) for _ in range(4)] == [1, 1, 1, 0]


async def test_the_app_comes_again_when_slack_asks_it_to() -> None:
    async with workspace() as here:
        listen(here.app, [])
        async with linked(here):
            await here.world.disconnect_sockets()
            await here.world.wait_until(lambda: len(here.world.calls_of("apps.connections.open")) == 2)
            await here.world.wait_until_connected()
            assert (await here.world.slash(AMINA, "/lesson")).ok


async def test_posts_are_signed_and_the_address_proves_itself() -> None:
    async with workspace() as here, posted(here):
        listen(here.app, [])
        assert (await here.world.verify_url("abc")).body == {"challenge": "abc"}
        here.world.signing_secret = "another"
        assert (await here.world.slash(AMINA, "/lesson")).status == 401
