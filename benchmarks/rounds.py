"""One contender in a process of its own: a number of messages comes in on a line, its figures go out on one.

Only the standard library, for a peer's environment has nothing of ours.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

AT_ONCE = 100
TEXT = "<b>This week in Oak Class</b>\n\n" + "Who can see what we share? Ask your child to show you. " * 4
TOKEN = "700100:AAF-standin_standin_standin_standin"

Send = Callable[[int], Awaitable[object]]


async def all_at_once(send: Send, count: int) -> None:
    """Send to so many people, AT_ONCE at any moment."""
    left = iter(range(count))

    async def worker() -> None:
        for number in left:
            await send(number)

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


async def nothing(count: int) -> None:
    """No preparation."""


async def answer(
    whole_round: Callable[[int], Awaitable[None]], *, before: Callable[[int], Awaitable[None]] = nothing
) -> None:
    """Until standard input ends. What `before` does is not measured."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        count = int(line)
        await before(count)
        began, cpu = time.perf_counter(), time.process_time()
        await whole_round(count)
        took, spent = time.perf_counter() - began, time.process_time() - cpu
        figures = {"per_s": count / took, "cpu_s_per_1000": spent / count * 1000, "peak_rss_mb": peak_rss_mb()}
        print(json.dumps(figures), flush=True)


def peak_rss_mb() -> float:
    """This program's own: getrusage(2) gives what stood in the process before exec, where that was more."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) / 1024 for line in status.open() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024)  # bytes on macOS, which has no /proc


async def sending(send: Send) -> None:
    """Rounds of a sender."""
    await answer(lambda count: all_at_once(send, count))
