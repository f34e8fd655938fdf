"""Cold start: a fresh process until it answers, beside a bare Starlette app that only imports the same libraries."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.figures import Row, figure
from bot import demo

TIMES = 5
PATIENCE_SECONDS = 60.0
LOLLIPOP = str(Path(sys.executable).with_name("lollipop"))
PEER_NAME = "a bare Starlette and uvicorn app that imports the same libraries"
PEER = """
import sys
import apscheduler, slack_bolt.async_app, sqlalchemy, telegram.ext, uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def up(request):
    return PlainTextResponse("ok")

uvicorn.run(Starlette(routes=[Route("/healthz", up)]), port=int(sys.argv[1]), log_level="critical")
"""


def rows() -> Iterator[Row]:
    """Two figures, in milliseconds: `lollipop run` until /healthz is 200, `lollipop demo` until /playground/ is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo.prepare(folder, 1)
        run = [LOLLIPOP, "--school-file", str(folder / "school.toml"), "run"]
        show = [LOLLIPOP, "demo", "--folder", name, "--port"]
        ours: dict[str, list[float]] = {"start.cold": [], "start.demo": []}
        peer = []
        # The first round makes keys and warms the disk for all three alike, and is not counted.
        for counted in (False, *[True] * TIMES):
            times = (
                _until_up(run, "/healthz"),
                _until_up(show, "/playground/", port_last=True),
                _until_up([sys.executable, "-c", PEER], "/healthz", port_last=True),
            )
            if counted:
                ours["start.cold"].append(times[0])
                ours["start.demo"].append(times[1])
                peer.append(times[2])
    for row, took in ours.items():
        yield figure(row, took, peer, peer_name=PEER_NAME, unit="ms", better="lower")


def _until_up(command: Sequence[str], path: str, *, port_last: bool = False) -> float:
    """Milliseconds from before the process is made until the path answers with 200."""
    port = _free_port()
    words = [*command, str(port)] if port_last else command
    ours = {name: value for name, value in os.environ.items() if not name.startswith("LOLLIPOP_")}
    began = time.perf_counter()
    process = subprocess.Popen(
        words, env={**ours, "LOLLIPOP_BIND": f"127.0.0.1:{port}"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _answers(f"http://127.0.0.1:{port}{path}"):
            if process.poll() is not None or time.perf_counter() - began > PATIENCE_SECONDS:
                msg = f"{words[0]} did not come up"
                raise RuntimeError(msg)
            time.sleep(0.005)
        return (time.perf_counter() - began) * 1000
    finally:
        process.terminate()
        process.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS) as answer:
            return int(answer.status) == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def _free_port() -> int:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        port: int = there.getsockname()[1]
    return port
