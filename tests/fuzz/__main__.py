"""`make fuzz`: a million inputs at every parser that the world can reach, within a budget that is printed first.

A line of JSON a parser, and one of all. Ends with 1 where a parser raised what it should not have, or the budget was
too small for the inputs.
"""

import argparse
import json
import logging
import math
import secrets
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.fuzz.doors import DOORS
from tests.fuzz.plain import PLAIN
from tests.fuzz.throwing import opened, throw

# How the inputs are shared out: a door is a whole request, and a school file a hundred lines.
SHARE = {
    **dict.fromkeys(DOORS, 0.25),
    "receipts typed": 30,
    "receipts spelt": 60,
    "codes typed": 25,
    "tokens": 20,
    "words": 25,
    "alerts": 5,
    "letters": 5,
    "school files": 1,
    "settings": 3,
}


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz")
    asked.add_argument("--inputs", type=int, default=1_000_000, help="in all")
    asked.add_argument("--minutes", type=float, default=45.0, help="at most, in all")
    asked.add_argument("--seed", type=int, default=None)
    asked.add_argument("--only", default="", help="names that begin with this")
    told = asked.parse_args()
    logging.disable(logging.CRITICAL)
    seed = secrets.randbelow(2**31) if told.seed is None else told.seed
    targets = [name for name in (*DOORS, *PLAIN) if name.startswith(told.only)]
    whole = sum(SHARE[name] for name in targets)
    end = time.monotonic() + told.minutes * 60
    print(
        json.dumps({"inputs": told.inputs, "minutes_at_most": told.minutes, "seed": seed, "parsers": len(targets)}),
        flush=True,
    )
    done, failed = 0, 0
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as tries:
        for number, name in enumerate(targets):
            inputs = math.ceil(told.inputs * SHARE[name] / whole)
            try:
                left = end - time.monotonic()
                thrown = throw(name, inputs=inputs, seconds=left, tries=tries, number=seed + 1_000_000 * number)
            except Exception:  # noqa: BLE001 - the next parser is tried as well
                failed += 1
                print(json.dumps({"parser": name, "failed": traceback.format_exc(limit=-6)}), flush=True)
                continue
            done += thrown.inputs
            line = {"parser": name, "inputs": thrown.inputs, "seconds": round(thrown.seconds, 1)}
            print(json.dumps(line), flush=True)
    print(json.dumps({"parser": "all", "inputs": done, "failed": failed, "enough": done >= told.inputs}), flush=True)
    return 1 if failed or done < told.inputs else 0


if __name__ == "__main__":
    sys.exit(main())
