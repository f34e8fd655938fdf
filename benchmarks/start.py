"""Cold start: a fresh process until the product is built and answers, beside importing the SDKs alone."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from benchmarks.figures import Row, figure

TIMES = 5
OURS = """
import sys
from pathlib import Path
from bot import demo
from bot.main import build
build(demo.prepare(Path(sys.argv[1]), 1))
"""
PEER = "import slack_bolt.async_app, telegram.ext, sqlalchemy, starlette.applications, uvicorn, apscheduler"


def rows() -> Iterator[Row]:
    """One figure: milliseconds from process start to a built product with a migrated database."""
    with tempfile.TemporaryDirectory() as folder:
        _run(OURS, folder)
        ours = [_run(OURS, folder) for _ in range(TIMES)]
        peer = [_run(PEER, folder) for _ in range(TIMES)]
    yield figure("start.cold", ours, peer, peer_name="importing the same libraries", unit="ms", better="lower")


def _run(code: str, folder: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, folder], check=True)
    return (time.perf_counter() - began) * 1000
