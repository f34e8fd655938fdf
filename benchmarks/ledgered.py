"""Our whole delivery as a contender: `python -m benchmarks.ledgered KIND PORT [DATABASE]`.

`free`: newsletters through the ledger to a Bot API that limits nothing, a hundred at once. `drain`: the same with a
sender that does nothing. `raw`: the rows' changes alone, as bare statements on the same table. `paced`: at the limit.
Without a DATABASE it is an SQLite of its own.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import bindparam, select, update
from telegram import Bot

from benchmarks.rounds import AT_ONCE, TEXT, TOKEN, answer
from bot.channels.telegram.send import TelegramSender
from bot.channels.telegram.transport import AiohttpRequest
from bot.clock import MachineClock
from bot.delivery import DeliveryLoop, Drawings, Post, Route
from bot.storage import DeliveryRow, Engines, Ledger, Pacing, Posting, SqlUnits, new_id, open_engines, upgrade
from bot.storage.tables import delivery
from bot.tokens import Signer
from bot.wire import Channel, Drawn, Outgoing, Via
from pages import Document, paragraph
from school.notices import Lane, Mailing

SCHOOL = "bench"
PAGE = Document("This week in Oak Class", (paragraph(TEXT.partition("\n\n")[2]),))
CLOCK = MachineClock()
# News may have four fifths of the places, and a hundred at once is what its peers have.
FREE = AT_ONCE * 5 // 4
RAW_CHUNK = 500

Value = TypeVar("Value")


class Nothing:
    """A channel whose messages arrive at once."""

    via = Via.TELEGRAM

    def draw(self, document: Document, *, lang: str) -> Drawn:  # noqa: ARG002
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


def telegram(bot: Bot, *, paced: bool) -> TelegramSender:
    """A sender over a bot."""
    kind = TelegramSender if paced else Unlimited
    return kind(bot=bot, bot_id="700100", signer=Signer(SCHOOL, [(1, b"k" * 32)]), clock=CLOCK)


def delivery_loop(engines: Engines, channel: Channel, *, free: int = FREE) -> DeliveryLoop:
    """The loop as the product builds it, with everybody reachable."""
    pools = {lane: ThreadPoolExecutor(4) for lane in Lane}

    async def in_thread(lane: Lane, work: Callable[[], Value]) -> Value:
        return await asyncio.get_running_loop().run_in_executor(pools[lane], work)

    def routes(rows: Sequence[DeliveryRow]) -> list[Route]:
        return [Route(address=str(row.id.int % 10**9)) for row in rows]

    return DeliveryLoop(
        deliveries=Ledger(engines),
        pacer=Pacing(engines),
        post=Post(
            channels=lambda _school: {Via.TELEGRAM: channel},
            routes=routes,
            drawings=Drawings(compose=lambda _row, _lang: PAGE, today=lambda _school: CLOCK.now().date()),
            gone=lambda _row, _failure: None,
        ),
        in_thread=in_thread,
        school_clock=CLOCK,
        machine_clock=CLOCK,
        free=free,
    )


def leave(engines: Engines, count: int) -> None:
    """A newsletter for so many families, in one transaction."""
    units = SqlUnits(engines, Posting(school_clock=CLOCK, machine_clock=CLOCK))
    units.add_school(SCHOOL)
    now = CLOCK.now()
    mailing = Mailing(id=f"newsletter:{new_id(now)}", campaign="", page="news", due=now - timedelta(minutes=1))
    with units.write(SCHOOL) as unit:
        unit.mailings.open(mailing, now=now)
        unit.mailings.freeze(mailing, expected=count, now=now)
        families = [(new_id(now), Via.TELEGRAM.value) for _ in range(count)]
        unit.mailings.lay(mailing, families, excluded=0, after=None, upto=None, done=True)
        unit.commit()


def raw_drain(engines: Engines, count: int) -> None:
    """What the ledger writes, as bare statements and without a question asked: the floor under any ledger like it."""
    by_id = delivery.c.id == bindparam("b_id")
    sent = update(delivery).where(by_id).values(state="sent", external_id=bindparam("b_external"), lease_until=None)
    sending = update(delivery).where(by_id).values(state="sending", attempts=delivery.c.attempts + 1)
    claimed = update(delivery).where(by_id).values(state="claimed", lease_until=CLOCK.now())
    with engines.reading() as connection:
        chosen = select(delivery.c.id).where(delivery.c.state == "planned").limit(count)
        ids = list(connection.execute(chosen).scalars())
    for start in range(0, len(ids), RAW_CHUNK):
        chunk = [{"b_id": each} for each in ids[start : start + RAW_CHUNK]]
        for statement, rows in (
            (claimed, chunk),
            (sending, chunk),
            (sent, [{**each, "b_external": "1"} for each in chunk]),
        ):
            with engines.writing() as connection:
                connection.execute(statement, rows)
                connection.commit()


@asynccontextmanager
async def sender_of(kind: str, port: int) -> AsyncIterator[Channel]:
    """The channel of a kind, open."""
    if kind in {"drain", "raw"}:
        yield Nothing()
        return
    request = AiohttpRequest(at_once=AT_ONCE)
    bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request, get_updates_request=request)
    await request.initialize()
    yield telegram(bot, paced=kind == "paced")
    await request.shutdown()


async def _main(kind: str, port: int, database: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(url)
        engines = open_engines(url)
        async with sender_of(kind, port) as channel:
            loop = delivery_loop(engines, channel, free=5 * AT_ONCE if kind == "drain" else FREE)

            async def whole_round(count: int) -> None:
                if kind == "raw":
                    await asyncio.to_thread(raw_drain, engines, count)
                    return
                handled = await loop.turn()
                if handled != count:
                    msg = f"{handled} of {count} were handled"
                    raise RuntimeError(msg)

            await answer(whole_round, before=lambda count: asyncio.to_thread(leave, engines, count))
        engines.close()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None))
