"""Our whole delivery as a contender: `python -m benchmarks.ledgered KIND PORT [DATABASE]`.

`free`: newsletters through the ledger to a Bot API that limits nothing, a hundred at once. `drain`: the same with a
sender that does nothing. `raw`: the rows' changes alone, as bare statements on the same table. Without a DATABASE it is
an SQLite of its own.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import bindparam, select, update

from benchmarks.loops import CLOCK, FREE, SCHOOL, SIGNER, Nothing, Unlimited, bot_at, delivery_loop, leave, units_of
from benchmarks.rounds import AT_ONCE, answer
from bot.storage import Engines, open_engines, upgrade
from bot.storage.tables import delivery
from bot.wire import Channel

RAW_CHUNK = 500


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
    async with bot_at(port) as bot:
        yield Unlimited(bot=bot, bot_id="700100", signer=SIGNER, clock=CLOCK)


async def _main(kind: str, port: int, database: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(url)
        engines = open_engines(url)
        units = units_of(engines)
        units.add_school(SCHOOL)
        async with sender_of(kind, port) as channel:
            loop = delivery_loop(engines, lambda _: channel, free=5 * AT_ONCE if kind == "drain" else FREE)

            async def whole_round(count: int) -> None:
                if kind == "raw":
                    await asyncio.to_thread(raw_drain, engines, count)
                    return
                handled = await loop.turn()
                if handled != count:
                    msg = f"{handled} of {count} were handled"
                    raise RuntimeError(msg)

            await answer(whole_round, before=lambda count: asyncio.to_thread(leave, units, SCHOOL, count))
        engines.close()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None))
