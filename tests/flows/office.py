"""A school's office at its shell: `lollipop` as a program of its own, on real files, and what it said."""

import asyncio
import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.commands.sample import SCHOOL

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Said:
    """How a command ended, and everything that the office saw of it."""

    code: int
    words: str


@dataclass(frozen=True)
class Running:
    """A `lollipop run` of its own; `seen` is what it has said so far."""

    process: asyncio.subprocess.Process
    web: httpx.AsyncClient
    log: Path

    @property
    def seen(self) -> str:
        return self.log.read_text("utf-8")


def new_school(folder: Path, database: Path | None = None, **settings: str) -> Path:
    """A school's folder: the sample's school file, `.env`, and a migrated database copied from `database`."""
    (folder / "var").mkdir(parents=True, mode=0o700)
    (folder / "school.toml").write_text(SCHOOL.format(id="oakfield", name="Oakfield Primary School"), "utf-8")
    (folder / ".env").write_text("".join(f"LOLLIPOP_{name}={value}\n" for name, value in settings.items()), "utf-8")
    if database:
        shutil.copyfile(database, folder / "var" / "lollipop.db")
    return folder


def _command(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "bot", "--school-file", str(folder / "school.toml"), *words]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LOLLIPOP_")}


def lollipop(folder: Path, *words: str) -> Said:
    """Type a command and wait for its end. No traceback is ever shown to an office."""
    done = subprocess.run(
        _command(folder, *words),
        cwd=ROOT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert "Traceback" not in done.stdout, done.stdout
    return Said(done.returncode, done.stdout)


async def until(true: Callable[[], object], *, seconds: float = PATIENCE_SECONDS) -> None:
    """Let everything else run until something holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def running(folder: Path, port: int) -> AsyncIterator[Running]:
    """`lollipop run` until the block ends; it stops politely and showed no traceback."""
    with (folder / ".env").open("a", encoding="utf-8") as settings:
        settings.write(f"LOLLIPOP_BIND=127.0.0.1:{port}\n")
    log = folder / "shown.txt"
    with log.open("wb") as shown:
        process = await asyncio.create_subprocess_exec(
            *_command(folder, "run"), cwd=ROOT, env=_environment(), stdout=shown, stderr=shown
        )
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS) as web:
        here = Running(process, web, log)
        try:
            await until(lambda: "is up on" in here.seen or process.returncode is not None)
            assert process.returncode is None, here.seen
            yield here
        finally:
            if process.returncode is None:
                process.terminate()
            assert await process.wait() == 0, here.seen
    assert "Traceback" not in here.seen, here.seen


async def report_on_the_web(web: httpx.AsyncClient, words: str, *, form: str = "") -> httpx.Response:
    """Open the form, or take one that was open, and send some words as a browser would."""
    page = form or (await web.get("/report")).text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    origin = {"Origin": str(web.base_url).rstrip("/")}
    return await web.post("/report", data={**hidden, "f-about": "pupil", "w-words": words}, headers=origin)
