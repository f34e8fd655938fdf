"""The product's own senders, each to a stand-in for its platform."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot

from bot.channels.email.send import EmailSender, Smtp
from bot.channels.slack.line import new_client, new_session
from bot.channels.slack.send import SlackSender
from bot.channels.telegram.send import TelegramSender
from bot.channels.telegram.transport import AiohttpRequest
from bot.clock import MachineClock
from bot.tokens import Signer
from bot.wire import Channel, Choice, Via
from tests.crash.office import SCHOOL

TOKEN = "1000001:a-token-that-opens-only-the-stand-in"
CLOCK = MachineClock()


@asynccontextmanager
async def _telegram(server: str, read_seconds: float) -> AsyncIterator[TelegramSender]:
    request = AiohttpRequest(at_once=100, read_seconds=read_seconds, pool_seconds=30.0)
    await request.initialize()
    try:
        yield TelegramSender(
            bot=Bot(TOKEN, base_url=f"{server}/bot", request=request),
            bot_id="1000001",
            signer=Signer(SCHOOL.id, [(1, bytes(32))]),
            clock=CLOCK,
        )
    finally:
        await request.shutdown()


def _no_button(choice: Choice) -> str:
    raise AssertionError(choice)


@asynccontextmanager
async def _slack(server: str, _read_seconds: float) -> AsyncIterator[SlackSender]:
    client = new_client(f"{server}/api/", "xoxb-that-opens-only-the-stand-in")
    async with new_session() as client.session:
        yield SlackSender(client, _no_button, lambda: "T0SCHOOL")


@asynccontextmanager
async def _email(server: str, _read_seconds: float) -> AsyncIterator[EmailSender]:
    yield EmailSender(
        smtp=Smtp.parse(server), sender_name=SCHOOL.name, sender_address="bot@school.example", clock=CLOCK
    )


OPENED = {Via.TELEGRAM: _telegram, Via.SLACK: _slack, Via.EMAIL: _email}


@asynccontextmanager
async def sender_of(via: Via, server: str, *, read_seconds: float) -> AsyncIterator[Channel]:
    """Ready to post until the end of the block."""
    async with OPENED[via](server, read_seconds) as sender:
        yield sender
