import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.clock import SetClock
from bot.delivery import DeliveryLoop, MailRoom, Route
from bot.storage import Engines, Ledger, Pacing, Posting, SqlUnits, new_id, open_engines, upgrade
from bot.storage.tables import delivery
from bot.wire import Drawn, Outgoing, SendFailed, Via, drawn_of
from pages import Document, paragraph
from school.notices import Doubt, Lane, Notice, To

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HERE = "ashgrove"
UNSURE = SendFailed("timed out", in_doubt=True)


@dataclass
class Scripted:
    """A channel that fails as it was told to, address by address, and remembers what went out."""

    script: dict[str, list[SendFailed]] = field(default_factory=lambda: defaultdict(list))
    tried: list[str] = field(default_factory=list)
    went: list[str] = field(default_factory=list)
    via = Via.SLACK

    async def send(self, message: Outgoing) -> str:
        self.tried.append(message.address)
        if self.script[message.address]:
            raise self.script[message.address].pop(0)
        self.went.append(message.address)
        return f"sent-{len(self.went)}"

    def draw(self, document: Document, *, lang: str) -> Drawn:
        return drawn_of([f"{lang}: {document!r}".encode()])

    async def post(self, address: str, drawn: Drawn, *, key: str = "") -> str:
        return await self.send(Outgoing(address=address, document=Document(drawn.digest)))

    def pacing_keys(self, address: str) -> tuple[str, ...]:
        return ("scripted:all", f"scripted:{address}")


@dataclass
class Room:
    """The loop over a real ledger. `before_composing` is run in place of nothing, just before a page is made."""

    engines: Engines
    units: SqlUnits
    clock: SetClock
    channel: Scripted = field(default_factory=Scripted)
    said_goodbye: list[tuple[str, str]] = field(default_factory=list)
    before_composing: object = None

    def loop(self, route=None) -> DeliveryLoop:
        return DeliveryLoop(
            deliveries=Ledger(self.engines),
            pacer=Pacing(self.engines),
            channels=lambda _school: {Via.SLACK: self.channel, Via.TELEGRAM: self.channel},
            route=route or (lambda row: Route(address=row.recipient)),
            compose=self._compose,
            gone=lambda row, failure: self.said_goodbye.append((row.recipient, failure.reason)),
            in_thread=asyncio.to_thread,
            school_clock=self.clock,
            machine_clock=self.clock,
            sleep=self._sleep,
        )

    def _compose(self, row, lang) -> Document:
        if self.before_composing:
            self.before_composing(row)
        if row.page == "torn":
            raise LookupError(row.page)
        return Document("", (paragraph("Hello"),))

    async def _sleep(self, seconds: float) -> None:
        self.pass_time(seconds)

    def pass_time(self, seconds: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))

    def leave(self, *recipients: str, **rest) -> None:
        given = {"to": To.PERSON, "page": "concern-notice", **rest}
        with self.units.write(HERE) as unit:
            for recipient in recipients:
                assert unit.outbox.leave(Notice(key=recipient, recipient=recipient, **given))
            unit.commit()

    def states(self) -> dict[str, str]:
        return {key: state for key, (state, _) in self.rows().items()}

    def rows(self) -> dict[str, tuple[str, str]]:
        with self.engines.reading() as connection:
            rows = connection.execute(select(delivery.c.key, delivery.c.state, delivery.c.reason)).all()
        return {row.key: (row.state, row.reason) for row in rows}


@pytest.fixture
def room(tmp_path):
    url = f"sqlite:///{tmp_path / 'loop.db'}"
    upgrade(url, home=tmp_path)
    engines = open_engines(url, home=tmp_path)
    clock = SetClock(NOW)
    units = SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock))
    assert units.add_school(HERE)
    yield Room(engines, units, clock)
    engines.close()


async def test_amara_waits_as_long_as_the_platform_asks_and_dilys_does_not_wait_for_her(room):
    room.channel.script["amara"] = [SendFailed("too many", retry_after=timedelta(seconds=30))]
    room.leave("amara", "dilys")
    loop = room.loop()

    await loop.turn()
    assert room.states() == {"amara": "planned", "dilys": "sent"}
    with room.units.write(HERE) as unit:
        unit.outbox.leave(Notice(key="second", to=To.PERSON, recipient="amara", page="concern-notice"))
        unit.commit()
    await loop.turn()
    assert room.channel.tried.count("amara") == 1

    room.pass_time(31)
    await loop.turn()
    room.pass_time(2)
    await loop.turn()
    assert set(room.states().values()) == {"sent"}
    assert sorted(room.channel.went) == ["amara", "amara", "dilys"]
    assert room.channel.tried.count("amara") == 3


async def test_marta_who_blocked_the_bot_is_written_to_once_and_the_mail_room_hears_of_it(room):
    room.channel.script["marta"] = [SendFailed("blocked", permanent=True)]
    room.leave("marta", "sam")
    loop = room.loop()

    await loop.turn()
    room.pass_time(3600)
    assert await loop.turn() == 0

    assert room.rows()["marta"] == ("failed", "blocked")
    assert room.states()["sam"] == "sent"
    assert room.said_goodbye == [("marta", "blocked")]
    assert room.channel.tried.count("marta") == 1


async def test_marta_never_gets_a_newsletter_twice_when_nobody_knows_whether_the_first_arrived(room):
    room.channel.script["marta"] = [UNSURE]
    room.leave("marta", lane=Lane.BULK)
    loop = room.loop()

    await loop.turn()
    room.pass_time(3600)
    assert await loop.turn() == 0

    assert room.rows()["marta"] == ("unknown", "timed out")
    assert room.channel.tried == ["marta"]


async def test_dilys_is_told_again_when_nobody_knows_whether_she_heard_of_a_concern(room):
    room.channel.script["dilys"] = [UNSURE]
    room.leave("dilys", lane=Lane.SAFEGUARDING, doubt=Doubt.REPEAT)
    loop = room.loop()

    await loop.turn()
    assert room.states() == {"dilys": "planned"}
    room.pass_time(31)
    await loop.turn()

    assert room.states() == {"dilys": "sent"}
    assert room.channel.tried == ["dilys", "dilys"]


async def test_sam_gets_his_page_although_the_one_for_marta_cannot_be_made(room):
    room.leave("marta", page="torn")
    room.leave("sam")

    await room.loop().turn()

    assert room.rows()["marta"] == ("failed", "could not be made")
    assert room.states()["sam"] == "sent"
    assert room.channel.tried == ["sam"]


async def test_dilys_is_not_given_up_on_when_her_page_cannot_be_made_yet(room):
    room.leave("dilys", page="torn", lane=Lane.SAFEGUARDING)
    loop = room.loop()

    for _ in range(7):
        assert await loop.turn() == 1
        room.pass_time(601)

    assert room.states() == {"dilys": "planned"}


async def test_marta_who_leaves_while_her_page_is_being_made_is_not_written_to(room):
    def stops(row) -> None:
        with room.units.write(HERE) as unit:
            assert unit.outbox.withdraw(to=To.PERSON, recipient=row.recipient) == 1
            unit.commit()

    room.before_composing = stops
    room.leave("marta")

    await room.loop().turn()

    assert room.channel.tried == []
    assert room.rows()["marta"] == ("skipped", "withdrawn")


async def test_a_family_that_is_not_subscribed_is_skipped(room):
    mail_room = MailRoom(schools={HERE: None}, units=room.units, shelf=None, clock=room.clock, public_url="")
    stranger = str(new_id(NOW))
    room.leave(stranger, to=To.FAMILY, lane=Lane.BULK)

    with room.engines.reading() as connection:
        assert connection.execute(select(delivery.c.state)).scalar_one() == "planned"
    await room.loop(mail_room.route).turn()

    assert room.rows()[stranger] == ("skipped", "not subscribed")
    assert room.channel.tried == []
