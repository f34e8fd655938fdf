"""One sending process, as `lollipop worker` is one: `python -m benchmarks.worker DATABASE PORT`.

It sends until nothing is pending. Every school has a bot of its own, all of them over one transport. One JSON line says
what it handled, what it cost, and when it let each message go and had its answer, by its own clock.
"""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.loops import CLOCK, SIGNER, bot_at, delivery_loop
from benchmarks.rounds import peak_rss_mb
from bot.channels.telegram.send import TelegramSender
from bot.storage import Ledger, open_engines
from bot.wire import Drawn

AT_ONCE = 400


@dataclass(frozen=True, kw_only=True)
class Noting(TelegramSender):
    """Telegram, with a note of when each message went and when it was answered."""

    went: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)

    async def post(self, address: str, drawn: Drawn, *, key: str = "") -> str:
        """See Channel."""
        self.went.append(CLOCK.now().timestamp())
        external = await super().post(address, drawn, key=key)
        self.answered.append(CLOCK.now().timestamp())
        return external


def worked_off(url: str, port: str, *, processes: int) -> list[dict[str, Any]]:
    """What is due in a database, sent by so many processes at once; what each of them says of itself."""
    command = [sys.executable, "-m", "benchmarks.worker", url, port]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    said = [each.communicate()[0] for each in started]
    if any(each.returncode for each in started):
        msg = f"{command} gave up"
        raise RuntimeError(msg)
    return [json.loads(each.splitlines()[-1]) for each in said]


async def _work(url: str, port: int) -> None:
    engines = open_engines(url)
    ledger = Ledger(engines)
    senders: dict[str, Noting] = {}
    went: list[float] = []
    answered: list[float] = []
    async with bot_at(port, at_once=AT_ONCE) as bot:

        def channel_of(school: str) -> Noting:
            if school not in senders:
                senders[school] = Noting(
                    bot=bot, bot_id=school, signer=SIGNER, clock=CLOCK, went=went, answered=answered
                )
            return senders[school]

        loop = delivery_loop(engines, channel_of, shared=not url.startswith("sqlite"))
        running = asyncio.create_task(loop.run())
        pending = 1
        while pending:
            await asyncio.sleep(1)
            states = (await asyncio.to_thread(ledger.counts)).states
            pending = states["planned"] + states["claimed"] + states["sending"]
        await loop.stop()
        await running
    engines.close()
    cost = {"cpu_s": round(time.process_time(), 1), "rss_mb": round(peak_rss_mb(), 1)}
    print(json.dumps({"handled": loop.handled, "went": went, "answered": answered, **cost}), flush=True)


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1], int(sys.argv[2])))
