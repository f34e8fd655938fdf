"""The loop over a real ledger, with a channel that does as it was told and a clock that only sleeping moves."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.clock import SetClock
from bot.delivery import DeliveryLoop, Drawings, Post, Rate, Route, rate_of
from bot.storage import DeliveryRow, Engines, Ledger, Pacing, SqlUnits
from bot.storage.tables import delivery
from bot.unit import Late
from bot.wire import Choices, Drawn, Outgoing, SendFailed, Via, drawn_of
from pages import Document, paragraph
from school.notices import Notice, To

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HERE = "ashgrove"
UNSURE = SendFailed("timed out", in_doubt=True)


def told(seconds: float) -> SendFailed:
    return SendFailed("too many", retry_after=timedelta(seconds=seconds))


@dataclass
class Scripted:
    """A channel that fails as it was told to, address by address, and remembers what went out and how much at once."""

    clock: SetClock
    script: dict[str, list[SendFailed]] = field(default_factory=lambda: defaultdict(list))
    limited: bool = True
    tried: list[str] = field(default_factory=list)
    went: list[str] = field(default_factory=list)
    at: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    drawings: list[str] = field(default_factory=list)
    hold: asyncio.Event | None = None
    inside: int = 0
    most: int = 0
    via = Via.SLACK

    async def send(self, message: Outgoing) -> str:
        raise NotImplementedError(message.address)

    def draw(self, document: Document, *, lang: str, choices: Choices = ()) -> Drawn:
        self.drawings.append(lang)
        return drawn_of([f"{lang}: {document!r}".encode()])

    async def post(self, address: str, drawn: Drawn, *, key: str = "") -> str:
        self.tried.append(address)
        self.at[address].append((self.clock.now() - NOW).total_seconds())
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            if self.hold is not None:
                await self.hold.wait()
            else:
                await asyncio.sleep(0)
        finally:
            self.inside -= 1
        if self.script[address]:
            raise self.script[address].pop(0)
        self.went.append(address)
        return f"sent-{len(self.went)}"

    def pacing_keys(self, address: str) -> tuple[str, ...]:
        return ("tg:1", f"tg:1:chat:{address}") if self.limited else ()


@dataclass
class Room:
    """One school. `composing` is called just before a page is made, `moved` is where chats have moved to."""

    engines: Engines
    units: SqlUnits
    clock: SetClock
    channel: Scripted
    heard: list[tuple[str, str]] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)
    composing: Callable[[DeliveryRow], None] | None = None
    gone_faults: list[Exception] = field(default_factory=list)

    def loop(self, *, deliveries: object = None, rates: Callable[[str], Rate] = rate_of, **more) -> DeliveryLoop:
        return DeliveryLoop(
            deliveries=deliveries or Ledger(self.engines),
            pacer=Pacing(self.engines),
            post=Post(
                channels=lambda _school: {Via.SLACK: self.channel, Via.TELEGRAM: self.channel},
                routes=more.pop("routes", self._routes),
                drawings=Drawings(compose=self._compose, today=lambda _school: NOW.date()),
                gone=self._gone,
                late=self._late,
                quiet=more.pop("quiet", lambda _school: False),
            ),
            in_thread=lambda _lane, work: asyncio.to_thread(work),
            school_clock=self.clock,
            machine_clock=self.clock,
            sleep=self.sleep,
            rates=rates,
            **more,
        )

    def _routes(self, rows) -> list[Route]:
        return [
            Route(skip="not subscribed")
            if row.recipient in self.skipped
            else Route(address=self.moved.get(row.recipient, row.recipient))
            for row in rows
        ]

    def _gone(self, row: DeliveryRow, failure: SendFailed) -> None:
        if self.gone_faults:
            raise self.gone_faults.pop(0)
        self.heard.append((row.recipient, failure.reason))
        if failure.moved_to is not None:
            self.moved[row.recipient] = failure.moved_to

    def _late(self, school: str) -> None:
        with self.units.write(school) as unit:
            self.late += unit.deliveries.expire(now=self.clock.now(), limit=2)[1]
            unit.commit()

    def _compose(self, row: DeliveryRow, lang: str) -> Document:
        if self.composing:
            self.composing(row)
        if row.page == "torn":
            raise LookupError(row.page)
        return Document("", (paragraph("Hello"),), lang)

    async def sleep(self, seconds: float) -> None:
        """Whoever sleeps beside another sleeps through the same time."""
        until = self.clock.now() + timedelta(seconds=seconds)
        await asyncio.sleep(0)
        self.clock.move_to(max(self.clock.now(), until))

    def pass_time(self, seconds: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))

    async def go_on(self, loop: DeliveryLoop, seconds: float) -> None:
        """Turn by turn, until so many seconds have gone by."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while self.clock.now() < end:
            await loop.turn()
            self.pass_time(0.6)

    def leave(self, *recipients: str, **rest: object) -> None:
        given = {"to": To.PERSON, "page": "concern-notice", **rest}
        with self.units.write(HERE) as unit:
            for recipient in recipients:
                assert unit.outbox.leave(Notice(**{"key": recipient, "recipient": recipient, **given}))
            unit.commit()

    def rows(self) -> dict[str, tuple[str, str]]:
        """Key to state and reason."""
        with self.engines.reading() as connection:
            rows = connection.execute(select(delivery.c.key, delivery.c.state, delivery.c.reason)).all()
        return {row.key: (row.state, row.reason) for row in rows}

    def states(self) -> dict[str, str]:
        return {key: state for key, (state, _) in self.rows().items()}


async def until(true: Callable[[], object]) -> None:
    """Let everything else run until something holds; it is a fault if that takes ten real seconds."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - what it waits for happens in threads and in a database
            await asyncio.sleep(0)
