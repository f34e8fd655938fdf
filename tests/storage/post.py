"""Notices and mailings for the tests of the ledger, and what has become of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from bot.storage import Claim, DeliveryRow, DeliveryState, End, Ledger, Source
from bot.storage.tables import delivery
from parents import Family, FamilyState
from school.notices import Header, Lane, Mailing, MailingState, Notice, To
from tests.storage.conftest import HERE, NOW, Storage

LEASE = timedelta(seconds=90)
MINUTE = timedelta(minutes=1)
REPLIES = Source(school=HERE, lane=Lane.REPLIES)
SAFEGUARDING = Source(school=HERE, lane=Lane.SAFEGUARDING)
NEWS = Source(school=HERE, lane=Lane.BULK)
AUTUMN = Mailing(id="newsletter:autumn:1", campaign="autumn@1", page="autumn", due=NOW)
OF_AUTUMN = Source(school=HERE, lane=Lane.BULK, mailing=AUTUMN.id)


def notice(key: str, **rest: object) -> Notice:
    return Notice(**{"key": key, "to": To.PERSON, "recipient": key, "page": "concern-notice", **rest})


def leave(storage: Storage, *notices: Notice, school: str = HERE) -> None:
    with storage.units.write(school) as unit:
        for each in notices:
            unit.outbox.leave(each)
        unit.commit()


def claim(
    storage: Storage,
    source: Source = REPLIES,
    *,
    now: datetime = NOW,
    machine_now: datetime = NOW,
    limit: int = 10,
) -> list[DeliveryRow]:
    asked = Claim(source=source, now=now, machine_now=machine_now, limit=limit, lease=LEASE)
    return Ledger(storage.engines).claim(asked)


def begin(storage: Storage, *rows: DeliveryRow) -> frozenset[UUID]:
    return Ledger(storage.engines).write([row.id for row in rows], []).may_go


def end(storage: Storage, row: DeliveryRow, state: DeliveryState, **rest: object) -> None:
    Ledger(storage.engines).write([], [End(id=row.id, state=state, **rest)])


def states(storage: Storage) -> dict[str, tuple[str, str]]:
    """Recipient to state and reason."""
    with storage.engines.reading() as connection:
        rows = connection.execute(select(delivery.c.recipient, delivery.c.state, delivery.c.reason)).all()
    return {row.recipient: (row.state, row.reason) for row in rows}


def who(rows: Sequence[DeliveryRow]) -> list[str]:
    return [row.recipient for row in rows]


def family(number: int, *, joined: datetime = NOW, **rest: object) -> Family:
    known = Family(
        id=UUID(int=number),
        via="telegram",
        address=str(number),
        lang="en",
        classes=(),
        state=FamilyState.ACTIVE,
        joined=joined,
    )
    return replace(known, **rest)


def lay(
    storage: Storage,
    numbers: Sequence[int],
    *,
    mailing: Mailing = AUTUMN,
    done: bool = True,
    after: int | None = None,
    excluded: int = 0,
    school: str = HERE,
) -> Header:
    """Lay down one chunk for families that need not exist, and commit."""
    with storage.units.write(school) as unit:
        unit.mailings.open(mailing, now=NOW)
        unit.mailings.freeze(mailing, expected=len(numbers), now=NOW)
        unit.mailings.lay(
            mailing,
            [(UUID(int=number), "telegram") for number in numbers],
            excluded=excluded,
            after=UUID(int=after) if after else None,
            upto=UUID(int=max(numbers)) if numbers else None,
            done=done,
        )
        header = unit.mailings.open(mailing, now=NOW)
        unit.commit()
    return header


def header(storage: Storage, mailing: Mailing = AUTUMN) -> Header:
    with storage.units.read(HERE) as unit:
        (found,) = [each for each in unit.mailings.standings(limit=99) if each.mailing.id == mailing.id]
    return found


def set_state(storage: Storage, state: MailingState, *, of: str = AUTUMN.campaign) -> int:
    with storage.units.write(HERE) as unit:
        moved = unit.mailings.set_state(of, state, now=NOW)
        unit.commit()
    return moved
