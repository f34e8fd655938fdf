"""So many people who sign in at once: `python -m benchmarks.signing_in PEOPLE`. Prints seconds and peak memory."""

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from bot.storage.keys import make_pair, unlock
from bot.storage.slow import Costs, SlowHash
from school.sensitive import Sensitive

PASSPHRASE = Sensitive("correct horse battery staple")
# What ru_maxrss counts in: KiB on Linux, bytes on macOS (getrusage(2) of each).
UNIT = 1024 if sys.platform != "darwin" else 1


def main(people: int) -> None:
    """Each in a thread of their own, so that nothing but the hash's own bound holds them back."""
    slow = SlowHash(Costs())
    pair = make_pair(PASSPHRASE, person="dsl", key_id=UUID(int=1), slow=slow)
    began = time.perf_counter()
    with ThreadPoolExecutor(max(1, people)) as pool:
        opened = list(pool.map(lambda _: unlock(pair, PASSPHRASE, slow=slow), range(people)))
    seconds = time.perf_counter() - began
    assert len(opened) == people
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT / 2**20
    print(json.dumps({"seconds": seconds, "peak_rss_mb": peak}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
