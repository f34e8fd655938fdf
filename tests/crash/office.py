"""A school whose post is being killed: its pages, its families, its newsletters and its notices."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, make_url, select, text, update

from bot.clock import Clock, MachineClock
from bot.delivery.distributed import DistributedKicks, prepare
from bot.storage import Engines, Kicks, NoKicks, Posting, SqlUnits, new_id, open_engines
from bot.storage.tables import delivery, mailing
from bot.wire import Via
from pages import Document, Shelf, Told, paragraph
from pages.front_matter import Front, Reader, WordingFront
from pages.page import Body, Page
from parents import Family, FamilyState
from school.calendar import Calendar
from school.notices import Doubt, Lane, Mailing, Notice, To
from school.people import LANGUAGES
from school.school import School

SCHOOL = School(
    id="ashgrove",
    name="Ashgrove Primary School",
    calendar=Calendar(zone=ZoneInfo("Europe/London"), half_terms=()),
    classes=(),
    people=(),
    languages=(LANGUAGES["en"],),
    second_person=False,
)
CLOCK = MachineClock()
NOTICE = "notice"
STOPPED = "stopped while sending"
FIRST_CHAT = 5_000_001


def page_of(front: Front, words: str) -> Page:
    """A page of one sentence."""
    document = Document(front.title, (paragraph(words),))
    return Page(
        front.id, front.kind, "en", front, Body(lambda: (document, {})), Path("none"), front.version, front.id, ""
    )


class _Issues(Shelf):
    """As many newsletters as one asks for, each with its own number in its words; a notice's number is a value."""

    def get(self, page_id: str, lang: str) -> Page:
        words = "Number {reference}." if page_id == NOTICE else f"Number {page_id}."
        front = WordingFront(id=page_id, kind="wording", title="From school", version=1, reader=Reader.PARENT)
        return page_of(front, words)

    def told(self, page_id: str, lang: str) -> Told:
        page = self.get(page_id, lang)
        return Told(page.front.title, page.document)


PAGES = _Issues(())


def units_of(engines: Engines, clock: Clock = CLOCK, kicks: Kicks | None = None) -> SqlUnits:
    return SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock), kicks or NoKicks())


def address_of(database: str) -> str:
    """A PostgreSQL's address as its driver alone reads it."""
    return make_url(database).set(drivername="postgresql").render_as_string(hide_password=False)


def as_seen(database: str, name: str) -> str:
    """A PostgreSQL's address for a process that it is to know by name."""
    return make_url(database).update_query_dict({"application_name": name}).render_as_string(hide_password=False)


@dataclass(frozen=True)
class Line:
    """One row of the ledger; `number` is what its message says."""

    id: str
    chat: str
    number: str
    news: bool
    state: str
    reason: str


class Office:
    """What staff do meanwhile, over connections of their own; where workers are to be `kicked`, that kicks them."""

    def __init__(self, database: str, clock: Clock = CLOCK, *, kicked: bool = False) -> None:
        self.engines = open_engines(database)
        self._clock = clock
        if kicked:
            prepare(address_of(database))
        self.units = units_of(self.engines, clock, DistributedKicks(address_of(database)) if kicked else None)
        self.units.add_school(SCHOOL.id)
        self._chats: dict[str, str] = {}
        self.laid = 0

    def families(self, count: int, *, via: Via = Via.TELEGRAM, addresses: str = "{}") -> list[Family]:
        now, made = self._clock.now(), []
        with self.units.write(SCHOOL.id) as unit:
            for _ in range(count):
                chat = addresses.format(FIRST_CHAT + len(self._chats))
                family = Family(
                    id=new_id(now),
                    via=via,
                    address=chat,
                    lang="en",
                    classes=(),
                    state=FamilyState.ACTIVE,
                    joined=now,
                )
                unit.families.save(family)
                self._chats[str(family.id)] = chat
                made.append(family)
            unit.commit()
        return made

    def newsletter(self, number: str, families: Sequence[Family]) -> None:
        """A newsletter's rows, laid down under a frozen header as the rounds do it."""
        now = self._clock.now()
        mailing = Mailing(id=number, campaign=number, page=number, due=now)
        recipients: list[tuple[UUID, str]] = [(each.id, each.via) for each in families]
        with self.units.write(SCHOOL.id) as unit:
            unit.mailings.open(mailing, now=now)
            unit.mailings.freeze(mailing, expected=len(families), now=now)
            unit.mailings.lay(mailing, recipients, excluded=0, after=None, upto=None, done=True)
            unit.commit()
        self.laid += len(families)

    def notice(self, reference: str, family: Family) -> None:
        with self.units.write(SCHOOL.id) as unit:
            left = Notice(
                key=reference,
                to=To.FAMILY,
                recipient=str(family.id),
                page=NOTICE,
                values={"reference": reference},
                lane=Lane.SAFEGUARDING,
                doubt=Doubt.REPEAT,
            )
            assert unit.outbox.leave(left)
            unit.commit()
        self.laid += 1

    def ledger(self) -> list[Line]:
        columns = (delivery.c[name] for name in ("id", "recipient", "page", "values", "state", "reason"))
        with self.engines.reading() as connection:
            rows = connection.execute(select(*columns)).all()
        return [
            Line(
                str(row.id),
                self._chats[row.recipient],
                row[3].get("reference", row.page),
                row.page != NOTICE,
                row.state,
                row.reason,
            )
            for row in rows
        ]

    def count(self, *states: str) -> int:
        """How many rows are in these states."""
        with self.engines.reading() as connection:
            return connection.execute(select(func.count()).where(delivery.c.state.in_(states))).scalar_one()

    def news_being_sent(self) -> list[str]:
        """Rows of newsletters that may be on their way."""
        wanted = select(delivery.c.id).where(delivery.c.state == "sending", delivery.c.page != NOTICE)
        with self.engines.reading() as connection:
            return [str(each) for each in connection.execute(wanted).scalars()]

    def stopped(self) -> list[str]:
        """Rows of which a dead process left it open whether they went out."""
        wanted = select(delivery.c.id).where(delivery.c.state == "unknown", delivery.c.reason == STOPPED)
        with self.engines.reading() as connection:
            return [str(each) for each in connection.execute(wanted).scalars()]

    def over(self) -> bool:
        """Whether nothing is pending, and every mailing is finished."""
        if self.count("planned", "claimed", "sending"):
            return False
        with self.engines.reading() as connection:
            return set(connection.execute(select(mailing.c.state)).scalars()) <= {"finished"}

    def balanced(self) -> bool:
        """Whether every candidate of every mailing is in exactly one state."""
        with self.units.read(SCHOOL.id) as unit:
            return all(each.balanced for each in unit.deliveries.progress(limit=10_000))

    def has_lost(self, name: str) -> bool:
        """Whether the database has noticed that a process died: what it had not committed is undone."""
        with self.engines.reading() as connection:
            left = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :name")
            return connection.execute(left, {"name": name}).scalar() == 0

    def half_a_minute_later(self) -> None:
        """What waits for another try need not wait any longer: the same as if time had gone by."""
        waiting = update(delivery).where(delivery.c.state == "planned", delivery.c.not_before.is_not(None))
        with self.engines.writing() as connection:
            connection.execute(waiting.values(not_before=None))
            connection.commit()

    def close(self) -> None:
        self.engines.close()


@contextmanager
def office(database: str, clock: Clock = CLOCK, *, kicked: bool = False) -> Iterator[Office]:
    one = Office(database, clock, kicked=kicked)
    try:
        yield one
    finally:
        one.close()
