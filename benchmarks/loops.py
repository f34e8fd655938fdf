"""Delivery as the product builds it, and what a benchmark puts in the place of a school: everybody can be reached."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeVar

from telegram import Bot

from benchmarks.rounds import AT_ONCE, TEXT, TOKEN
from bot.channels.telegram.send import TelegramSender
from bot.channels.telegram.transport import AiohttpRequest
from bot.clock import MachineClock
from bot.delivery import DeliveryLoop, Drawings, Post, Route
from bot.storage import DeliveryRow, Engines, Leases, Ledger, Pacing, Posting, SqlUnits, new_id
from bot.tokens import Signer
from bot.turns import SENDING, SENDING_LENGTH, LeasedTurns
from bot.wire import Channel, Choice, Drawn, Outgoing, Via
from pages import Document, paragraph
from school.notices import Lane, Mailing

SCHOOL = "bench"
PAGE = Document("This week in Oak Class", (paragraph(TEXT.partition("\n\n")[2]),))
CLOCK = MachineClock()
SIGNER = Signer(SCHOOL, [(1, b"k" * 32)])
# News may have four fifths of the places, and a hundred at once is what its peers have.
FREE = AT_ONCE * 5 // 4

Value = TypeVar("Value")


class Nothing:
    """A channel whose messages arrive at once."""

    via = Via.TELEGRAM

    def draw(self, document: Document, *, lang: str, choices: Sequence[Sequence[Choice]] = ()) -> Drawn:  # noqa: ARG002
        """See Channel."""
        return Drawn(parts=(b"",), digest="")

    async def post(self, address: str, drawn: Drawn, *, key: str = "") -> str:  # noqa: ARG002
        """See Channel."""
        return "1"

    async def send(self, message: Outgoing) -> str:  # noqa: ARG002
        """See Channel."""
        return "1"

    def pacing_keys(self, address: str) -> tuple[str, ...]:  # noqa: ARG002
        """See Channel."""
        return ()


class Unlimited(TelegramSender):
    """Telegram, were it to limit nothing."""

    def pacing_keys(self, address: str) -> tuple[str, ...]:  # noqa: ARG002
        """See Channel."""
        return ()


@asynccontextmanager
async def bot_at(port: int, *, at_once: int = AT_ONCE) -> AsyncIterator[Bot]:
    """A bot of the stub's, over our transport."""
    request = AiohttpRequest(at_once=at_once)
    await request.initialize()
    yield Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request, get_updates_request=request)
    await request.shutdown()


def delivery_loop(
    engines: Engines, channel_of: Callable[[str], Channel], *, free: int = FREE, shared: bool = False
) -> DeliveryLoop:
    """The loop for any number of schools. `shared`: another process may be at work on the same database."""
    pools = {lane: ThreadPoolExecutor(4) for lane in Lane}

    async def in_thread(lane: Lane, work: Callable[[], Value]) -> Value:
        return await asyncio.get_running_loop().run_in_executor(pools[lane], work)

    def routes(rows: Sequence[DeliveryRow]) -> list[Route]:
        return [Route(address=str(row.id.int % 10**9)) for row in rows]

    turns = LeasedTurns(
        leases=Leases(engines),
        name=SENDING,
        length=SENDING_LENGTH,
        in_thread=in_thread,
        clock=CLOCK,
        alone=not shared,
    )
    return DeliveryLoop(
        deliveries=Ledger(engines),
        pacer=Pacing(engines),
        post=Post(
            channels=lambda school: {Via.TELEGRAM: channel_of(school)},
            routes=routes,
            drawings=Drawings(compose=lambda _row, _lang: PAGE, today=lambda _school: CLOCK.now().date()),
            gone=lambda _row, _failure: None,
            late=lambda _school: None,
        ),
        in_thread=in_thread,
        school_clock=CLOCK,
        machine_clock=CLOCK,
        free=free,
        turns=turns,
    )


def units_of(engines: Engines) -> SqlUnits:
    """Every school's stores."""
    return SqlUnits(engines, Posting(school_clock=CLOCK, machine_clock=CLOCK))


def leave(units: SqlUnits, school: str, count: int) -> None:
    """A newsletter for so many families of a school that is there, in one transaction."""
    now = CLOCK.now()
    mailing = Mailing(id=f"newsletter:{new_id(now)}", campaign="", page="news", due=now - timedelta(minutes=1))
    with units.write(school) as unit:
        unit.mailings.open(mailing, now=now)
        unit.mailings.freeze(mailing, expected=count, now=now)
        families = [(new_id(now), Via.TELEGRAM.value) for _ in range(count)]
        unit.mailings.lay(mailing, families, excluded=0, after=None, upto=None, done=True)
        unit.commit()
