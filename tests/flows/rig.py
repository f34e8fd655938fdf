"""The whole product against the stand-ins: the real SDKs over HTTP and WebSocket, a real database, clocks handed in."""

import asyncio
import contextlib
import functools
import io
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import inspect
from starlette.applications import Starlette
from starlette.routing import Mount

from bot import demo
from bot.clock import MachineClock, SetClock
from bot.commands.groups import invitation_link
from bot.commands.house import Where, stores
from bot.logs import configure
from bot.main import Library, Product, build, load_library
from bot.playground.serving import serve
from bot.playground.slack import SlackWorld, slack_routes
from bot.playground.telegram import TelegramWorld, telegram_routes
from bot.settings import Settings
from bot.storage import QUICK, SqlVault, new_id, upgrade
from school.sensitive import Sensitive
from tests.databases import Server

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MARTA, SAM = demo.MARTA, demo.SAM
AMARA, DILYS, HANNAH, PUPIL = "U0AMARA", "U0DILYS", "U0HANNAH", "U0PUPIL"
LOOK, NO_LOOK = 'second_person = "required"', 'second_person = "off"'


@dataclass
class Rig:
    """A running school. `clock` is the school's and may be moved; `logs` is everything that was logged at DEBUG."""

    product: Product
    settings: Settings
    slack: SlackWorld
    telegram: TelegramWorld
    clock: SetClock
    logs: io.StringIO
    invite: str
    web: httpx.AsyncClient
    server: Server | None = None

    async def until(self, true: Callable[[], object], *, seconds: float = 10.0) -> None:
        """Let everything else run until something holds; fail after so many seconds of real time."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not happen in time"
            await asyncio.sleep(0.01)

    async def settle(self) -> None:
        """The rounds go once, and all that is due is sent."""
        await self.product.look_after()
        while await self.product.loop.turn():
            pass

    def chat(self, person: int) -> list[str]:
        """What the bot has said to a person on Telegram, as plain text."""
        messages = self.telegram.snapshot(person)["messages"]
        return [message["text"] for message in messages if message["from_bot"]]

    def buttons(self, person: int) -> dict[str, tuple[int, str]]:
        """The newest message's buttons: label to message id and callback data."""
        messages = [each for each in self.telegram.snapshot(person)["messages"] if each["inline_keyboard"]]
        if not messages:
            return {}
        newest = messages[-1]
        return {
            key["text"]: (newest["message_id"], key["callback_data"])
            for row in newest["inline_keyboard"]
            for key in row
        }

    async def tap(self, person: int, label: str) -> None:
        """Tap a button of the newest message that has any, once it is there; wait until the tap has been answered."""
        await self.until(lambda: label in self.buttons(person))
        message, data = self.buttons(person)[label]
        before = len(self.telegram.calls_of("answerCallbackQuery"))
        self.telegram.tap(person, message, data)
        await self.until(lambda: len(self.telegram.calls_of("answerCallbackQuery")) > before)

    async def metrics(self) -> str:
        """What a monitoring system reads."""
        told = await self.web.get("/metrics")
        assert "lollipop_deliveries" in told.text
        return told.text

    def everything_on_disk(self) -> bytes:
        """Every byte of the home folder (database, WAL, log); on PostgreSQL, of every column and the server's files."""
        files = b"".join(path.read_bytes() for path in self.settings.home.rglob("*") if path.is_file())
        if self.settings.database_url.startswith("sqlite"):
            return files
        return files + self._every_column() + self.on_the_server()

    def on_the_server(self) -> bytes:
        """PostgreSQL's own files after a checkpoint, write-ahead log and all, where the tests started it themselves."""
        return self.server.on_disk(self.settings.database_url) if self.server else b""

    def _every_column(self) -> bytes:
        with self.product.engines.reading() as connection:
            tables = inspect(connection).get_table_names()
            assert "vault_concern" in tables
            quoted = [connection.dialect.identifier_preparer.quote(each) for each in tables]
            rows = [row for table in quoted for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]
        return b"\n".join(_bytes_of(value) for row in rows for value in row)


@contextlib.asynccontextmanager
async def school_up(
    folder: Path,
    *,
    database_url: str | None = None,
    server: Server | None = None,
    second_person: bool = False,
    duties: bool = False,
    smtp_url: str = "",
    begins: datetime = MONDAY,
) -> AsyncIterator[Rig]:
    """A school with both platforms, on one port. `server` is the PostgreSQL that `database_url` is on.

    Its clock shows `begins` at first. A school file that is there already is taken as it is. Its newsletters go by
    themselves, unless `second_person` has them wait for two people's yes; staff are asked for nothing without `duties`.
    """
    slack, telegram = demo.worlds()
    _library()  # before DEBUG: the Markdown library logs every rule that it tries
    logs = io.StringIO()
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    configure(logging.DEBUG, logs)
    try:
        async with _served(
            folder,
            database_url,
            slack,
            telegram,
            logs,
            second_person=second_person,
            duties=duties,
            smtp_url=smtp_url,
            clock=SetClock(begins),
        ) as rig:
            rig.server = server
            yield rig
    finally:
        root.handlers[:] = before
        root.setLevel(level)


@contextlib.asynccontextmanager
async def _served(
    folder: Path,
    database_url: str | None,
    slack: SlackWorld,
    telegram: TelegramWorld,
    logs: io.StringIO,
    *,
    second_person: bool,
    duties: bool,
    smtp_url: str,
    clock: SetClock,
) -> AsyncIterator[Rig]:
    outer = Starlette(
        routes=[
            Mount("/playground/slack", routes=slack_routes(slack)),
            Mount("/playground/telegram", routes=telegram_routes(telegram)),
        ],
    )
    async with serve(outer) as base:
        port = int(base.rpartition(":")[2])
        settings = replace(demo.prepare(folder, port), smtp_url=smtp_url)
        if not second_person:
            nobody_else_looks(settings.school_file)
        if not duties:
            nobody_is_asked(settings.school_file)
        if database_url:
            settings = replace(settings, database_url=database_url)
            await asyncio.to_thread(upgrade, database_url)
        token = await asyncio.to_thread(_set_up, settings)
        product = await asyncio.to_thread(
            lambda: build(
                settings,
                school_clock=clock,
                make_vault=lambda engines: SqlVault(engines, costs=QUICK),
                library=_library(),
            ),
        )
        outer.router.routes.append(Mount("/", product.app))
        async with product.running(), httpx.AsyncClient(base_url=base, headers={"Origin": base}) as web:
            rig = Rig(product, settings, slack, telegram, clock, logs, token, web)
            assert product.slack is not None
            assert product.telegram is not None
            await rig.until(lambda: product.slack.healthy and product.telegram.healthy)
            yield rig


def nobody_else_looks(school_file: Path) -> None:
    """The sample school, whose newsletters wait for nobody."""
    text = school_file.read_text("utf-8")
    assert LOOK in text or NO_LOOK in text
    school_file.write_text(text.replace(LOOK, NO_LOOK), "utf-8")


def nobody_is_asked(school_file: Path) -> None:
    """Staff are asked for nothing: what a flow is about comes alone."""
    text = school_file.read_text("utf-8")
    school_file.write_text(text.replace('\nask = "on"', '\nask = "off"'), "utf-8")


def _set_up(settings: Settings) -> str:
    give_keys(settings)
    with stores(Where(settings.school_file), settings=settings) as at:
        return invitation_link(at, at.school.class_named("Oak"), bot_name=demo.BOT_NAME)[1]


def give_keys(settings: Settings) -> None:
    """Everybody who may receive a concern has set a passphrase."""
    with stores(Where(settings.school_file), settings=settings) as at:
        now = MachineClock().now()
        vault = SqlVault(at.engines, costs=QUICK)
        for person in ("dilys", "femi", "hannah", "grace"):
            pair = vault.pair(person=person, key_id=new_id(now), passphrase=Sensitive(demo.PASSPHRASE))
            with at.units.write(at.school.id) as unit:
                unit.concerns.add_key(pair, now=now)
                unit.commit()


def _bytes_of(value: object) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    return (json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)).encode()


@functools.cache
def _library() -> Library:
    return load_library()


def button_of(blocks: list[dict[str, object]], label: str) -> tuple[str, str]:
    """A Block Kit button by its label: action id and value."""
    for block in blocks:
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            if element["text"]["text"] == label:
                return element["action_id"], element.get("value", "")
    raise AssertionError(f"no button {label!r} in {json.dumps(blocks)[:2000]}")
