"""The webhook against the stand-in, which posts as Telegram does."""

import json
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from telegram_double import AMINA, SECRET, Stage, says, staged

from bot.channels.telegram.channel import TelegramWebhookError
from bot.playground.telegram import SECRET_HEADER

PUBLIC = "https://school.example"


# What no parser of the library's refuses: a language that is true.
TALKS_NO_LANGUAGE = json.dumps(
    {
        "update_id": 7,
        "message": {
            "message_id": 1,
            "date": 1,
            "text": "x",
            "chat": {"id": 1, "type": "group"},
            "from": {"id": 1, "is_bot": False, "first_name": "A", "language_code": True},
        },
    }
).encode()


@asynccontextmanager
async def reachable():
    """A stage in webhook mode, started, whose posts reach the routes."""
    async with staged(mode="webhook", public_url=PUBLIC, webhook_secret=SECRET) as stage:
        await stage.channel.start()
        app = Starlette(routes=list(stage.channel.routes()))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC) as client:
            yield stage, client


async def delivered(stage: Stage, client: httpx.AsyncClient) -> list[int | None]:
    return [attempt.status for attempt in await stage.world.deliver_webhook(client=client)]


async def test_an_update_is_confirmed_once_it_is_committed():
    async with reachable() as (stage, client):
        stage.desk.answers["start"] = says("Welcome")
        stage.world.start(AMINA, "CODE-1")

        assert await delivered(stage, client) == [200]
        await stage.until(stage.shown)

        assert stage.desk.handled[0].args == {"code": "CODE-1"}
        assert stage.shown() == ["Lollipop\n\nWelcome"]
        assert stage.world.bot().updates.waiting_ids() == []
        assert stage.world.bot().updates.webhook.url == f"{PUBLIC}/telegram/primary"
        assert stage.channel.healthy


async def test_a_failure_is_sent_again_until_it_is_parked():
    async with reachable() as (stage, client):
        stage.desk.failing["news"] = 3
        stage.world.say(AMINA, "/news")

        statuses = [await delivered(stage, client) for _ in range(3)]
        await stage.until(stage.shown)

        assert statuses == [[500], [500], [200]]
        assert "ولم نتمكن من حفظ ما أرسلتموه" in stage.shown()[0]


async def test_the_same_post_twice_is_handled_once():
    async with reachable() as (stage, client):
        update = stage.world.say(AMINA, "hello")
        await delivered(stage, client)
        stage.world.redeliver(update)

        assert await delivered(stage, client) == [200]

        assert stage.desk.verbs == ["words"]
        assert len(stage.desk.asked) == 2


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: "é"}, {SECRET_HEADER: ""}])
async def test_a_post_without_the_secret_is_refused_unread(headers):
    async with reachable() as (stage, client):
        raw = {name: value.encode() for name, value in headers.items()}
        answer = await client.post("/telegram/primary", json={"update_id": 1}, headers=raw)

        assert answer.status_code == 401
        assert stage.desk.asked == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        *((b"{", 200), (b"[]", 200), (b'{"update_id": 7, "message": {"nonsense": 1}}', 200), (b"x" * 1_000_001, 413)),
        (b'{"update_id": 8, "message": {"message_id": 1, "date": 1, "chat": {"id": 1}, "from": {"id": 1}}}', 200),
        (TALKS_NO_LANGUAGE, 200),
        (b'{"update_id": 9, "my_chat_member": {}}', 200),
    ],
)
async def test_what_cannot_be_read_does_not_come_back_for_ever(body, status):
    async with reachable() as (stage, client):
        answer = await client.post("/telegram/primary", content=body, headers={SECRET_HEADER: SECRET})

        assert answer.status_code == status
        assert stage.desk.asked == []


@pytest.mark.parametrize(
    "settings", [{"webhook_secret": SECRET}, {"public_url": PUBLIC}, {"public_url": PUBLIC, "webhook_secret": "a b"}]
)
async def test_a_webhook_without_what_it_needs_is_a_clear_sentence(settings):
    async with staged(mode="webhook", **settings) as stage:
        with pytest.raises(TelegramWebhookError, match="or use polling"):
            await stage.channel.start()

        app = Starlette(routes=list(stage.channel.routes()))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC) as client:
            refused = await client.post("/telegram/primary", json={}, headers={SECRET_HEADER: ""})
        assert refused.status_code == 401


async def test_polling_takes_a_webhook_away_and_serves_none():
    async with reachable() as (stage, _):
        await stage.channel.stop()
        await stage.rebuilt(mode="polling").start()

        assert stage.world.bot().updates.webhook.url == ""
        assert stage.channel.routes() == ()
