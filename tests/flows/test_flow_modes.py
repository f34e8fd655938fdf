from dataclasses import replace

import pytest

from bot import demo
from tests.flows.rig import AMARA, SAM, school_up


@pytest.fixture
def set_up_with(monkeypatch):
    """Other settings than the demo's for the school that is brought up next."""
    prepare = demo.prepare

    def change(**settings) -> None:
        monkeypatch.setattr(demo, "prepare", lambda home, port: replace(prepare(home, port), **settings))

    return change


async def _amara_asks_for_the_assembly(rig) -> None:
    def newest() -> str:
        oak = next(each for each in rig.slack.snapshot(AMARA)["channels"] if each["id"] == "C0OAK")
        return str(oak["messages"][-1:])

    ack = await rig.slack.slash(AMARA, "/assembly", "", "C0OAK")
    assert ack.ok
    await rig.until(lambda: "School week" in newest())


async def test_amara_gets_her_answer_by_socket_mode(tmp_path):
    async with school_up(tmp_path) as rig:
        assert rig.slack.sockets.connections
        await _amara_asks_for_the_assembly(rig)


async def test_amara_gets_her_answer_by_signed_http(tmp_path, set_up_with):
    set_up_with(slack_app_token="", slack_signing_secret="standin-signing-secret")
    async with school_up(tmp_path) as rig:
        rig.slack.request_url = f"{rig.settings.address}/slack/events"
        assert (await rig.slack.verify_url()).ok
        assert not rig.slack.sockets.connections
        await _amara_asks_for_the_assembly(rig)


async def test_amara_is_not_heard_where_somebody_else_signed_for_her(tmp_path, set_up_with):
    set_up_with(slack_app_token="", slack_signing_secret="standin-signing-secret")
    async with school_up(tmp_path) as rig:
        rig.slack.request_url = f"{rig.settings.address}/slack/events"
        rig.slack.signing_secret = "somebody-else"
        ack = await rig.slack.slash(AMARA, "/assembly", "", "C0OAK")
        assert ack.status == 401


async def test_sam_gets_his_answer_by_polling(tmp_path):
    async with school_up(tmp_path) as rig:
        rig.telegram.say(SAM, "/help")
        await rig.until(lambda: rig.chat(SAM))
        assert "/report" in rig.chat(SAM)[-1]
        assert rig.telegram.calls_of("getUpdates")


async def test_sam_gets_his_answer_by_webhook(tmp_path, set_up_with):
    set_up_with(telegram_mode="webhook")
    async with school_up(tmp_path) as rig:
        rig.telegram.say(SAM, "/help")
        (delivered,) = await rig.telegram.deliver_webhook()
        assert delivered.confirmed
        await rig.until(lambda: rig.chat(SAM))
        assert "/report" in rig.chat(SAM)[-1]
        assert rig.telegram.calls_of("getUpdates") == []


async def test_sam_is_not_heard_where_the_webhook_comes_without_its_secret(tmp_path, set_up_with):
    set_up_with(telegram_mode="webhook")
    async with school_up(tmp_path) as rig:
        rig.telegram.bot(None).updates.webhook.secret_token = "somebody-else"
        rig.telegram.say(SAM, "/help")
        (refused,) = await rig.telegram.deliver_webhook()
        assert refused.status is not None
        assert not refused.confirmed
        assert rig.chat(SAM) == []
