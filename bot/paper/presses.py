"""The presses: each draws one file in a process of its own, and ends with it."""

import subprocess
import sys
import threading
from pathlib import Path

from school.words import Refusal, Text

HERE = Path(__file__).parent
LONGEST_SECONDS = 30
# Each takes about 50 MB for half a second.
_AT_ONCE = threading.BoundedSemaphore(2)


class NoPaperError(Refusal):
    """The engine could not draw it, by any care, or took too long."""

    text = Text("The PDF could not be made just now. Please download the CSV, or copy the words from the page.")


def pressed(press: Path, told: bytes, *, begins: bytes, how: tuple[str, ...] = ()) -> bytes | None:
    """What the press made; None where it could not. Its errors are read by nobody: they would hold the words.

    `how` are words of ours that it is told on its command line, which others on the machine may see.
    """
    with _AT_ONCE:
        try:
            run = subprocess.run(  # noqa: S603 - our own file, and every word on its standard input
                [sys.executable, "-I", str(press), *how],
                input=told,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=press.parent,
                env={},  # it has no use for tokens
                timeout=LONGEST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            # Not chained: what was printed so far is in the error.
            raise NoPaperError from None
    return run.stdout if run.returncode == 0 and run.stdout.startswith(begins) else None
