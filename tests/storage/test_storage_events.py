"""Events through the round and the ledger: who is told what, once, whatever becomes of the school file."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.scheduling.event_round import event_lays, forget_events
from bot.storage import new_id
from bot.storage.event_tables import event_reply
from bot.storage.tables import delivery
from parents import (
    Comes,
    EventGoneError,
    Family,
    FamilyState,
    Frequency,
    RevokedInvitationError,
    confirm,
    give_out,
    invite,
    invite_anew,
    leave,
    redeem,
    replayed,
    reply,
    standing_of,
)
from school.calendar import Calendar, HalfTerm
from school.events import EventKind, SchoolEvent
from school.people import LANGUAGES, SchoolClass, YearGroup
from school.school import School
from tests.storage.conftest import HERE, NOW, Storage

PLAY = SchoolEvent(
    id="play", name="The play", day=date(2026, 12, 15), starts=time(14), kind=EventKind.PHOTOS, classes=("oak",)
)
DUE = datetime(2026, 12, 8, 16, tzinfo=UTC)
DAY = timedelta(days=1)


def school(*events: SchoolEvent) -> School:
    term = HalfTerm(id="autumn-2", first=date(2026, 11, 2), last=date(2026, 12, 18))
    classes = (
        SchoolClass(id="oak", name="Oak", years=(YearGroup(4),)),
        SchoolClass(id="elm", name="Elm", years=(YearGroup(1),)),
    )
    return School(
        id=HERE,
        name="Ashgrove",
        people=(),
        classes=classes,
        calendar=Calendar(zone=ZoneInfo("Europe/London"), half_terms=(term,)),
        languages=(LANGUAGES["en"],),
        events=events,
    )


def join(storage: Storage, *numbers: int, **rest: object) -> None:
    with storage.units.write(HERE) as unit:
        for number in numbers:
            known = Family(
                id=UUID(int=number),
                via="telegram",
                address=str(number),
                lang="en",
                classes=("oak",),
                state=FamilyState.ACTIVE,
                joined=NOW,
            )
            unit.families.save(replace(known, **rest))
        unit.commit()


def minute(storage: Storage, now: datetime, *events: SchoolEvent, agreed: set[tuple[str, str]] | None = None) -> None:
    """What the round does at a minute, to its end: in a process that just started, or one that remembers."""
    storage.clock.move_to(now)
    for _ in range(2):
        with storage.units.read(HERE) as unit:
            todo = event_lays(unit, school=school(*events), now=now, agreed=set() if agreed is None else agreed)
        for each in todo:
            done = False
            while not done:
                with storage.units.write(HERE) as unit:
                    done = each(unit).done
                    unit.commit()


def told(storage: Storage) -> list[tuple[int, str, str]]:
    """To whom, which page, which day; in the order in which it was laid."""
    with storage.engines.reading() as connection:
        rows = connection.execute(select(delivery).order_by(delivery.c.created, delivery.c.id)).all()
    return [(UUID(row.recipient).int, row.page, row.values["day"]) for row in rows]


@pytest.mark.clause(47)
def test_families_of_the_class_are_told_once_then_the_new_day_and_then_that_it_is_off(storage: Storage) -> None:
    join(storage, 1)
    join(storage, 2, classes=("elm",))
    join(storage, 3, frequency=Frequency.NEWSLETTER)
    minute(storage, DUE - DAY, PLAY)
    assert told(storage) == []

    for later in (timedelta(0), timedelta(minutes=1), DAY):
        minute(storage, DUE + later, PLAY)
    assert told(storage) == [(1, "event-photos", "2026-12-15")]
    with storage.units.read(HERE) as unit:
        assert len(unit.evidence.trails(limit=9, clause="C47")["C47"]) == 1
    sent(storage)

    # Marta had it and reads the new day first; Sam came since, and gets the notice with it.
    join(storage, 4)
    moved = replace(PLAY, day=date(2026, 12, 16))
    minute(storage, DUE + DAY, moved)
    minute(storage, DUE + DAY + timedelta(minutes=1), moved)
    assert told(storage)[1:] == [(1, "event-moved", "2026-12-16"), (4, "event-photos", "2026-12-16")]
    sent(storage)

    minute(storage, DUE + 2 * DAY)
    minute(storage, DUE + 2 * DAY + timedelta(minutes=1))
    assert sorted(told(storage)[3:]) == [(1, "event-off", "2026-12-16"), (4, "event-off", "2026-12-16")]


def test_a_worker_that_still_has_the_old_file_does_not_tell_the_old_day_again(storage: Storage) -> None:
    join(storage, 1)
    worker: set[tuple[str, str]] = set()
    minute(storage, DUE, PLAY, agreed=worker)
    minute(storage, DUE, PLAY, agreed=worker)
    sent(storage)
    moved, started_anew = replace(PLAY, day=date(2026, 12, 16)), set[tuple[str, str]]()

    for step in range(1, 4):
        minute(storage, DUE + DAY + step * timedelta(minutes=2), moved, agreed=started_anew)
        minute(storage, DUE + DAY + step * timedelta(minutes=2, seconds=30), PLAY, agreed=worker)

    assert told(storage)[1:] == [(1, "event-moved", "2026-12-16")]


def sent(storage: Storage) -> None:
    """Whatever was laid down has gone out."""
    with storage.engines.writing() as connection:
        connection.execute(delivery.update().values(state="sent"))
        connection.commit()


def test_what_comes_to_be_in_quiet_hours_waits_for_the_morning(storage: Storage) -> None:
    join(storage, 1)
    night = DUE.replace(hour=22)

    minute(storage, night, PLAY)
    assert told(storage) == []

    minute(storage, night + timedelta(hours=10), PLAY)
    assert [who for who, *_ in told(storage)] == [1]


def bind(storage: Storage, number: int) -> None:
    with storage.units.write(HERE) as unit:
        code = f"ABCDEF{number:02}"
        ids = [new_id(NOW)]
        give_out(
            [f"OAK-{number}"],
            class_id="oak",
            adults=1,
            codes=[code],
            ids=ids,
            children=unit.children,
            now=NOW,
        )
        redeem(
            code,
            school=school(),
            families=unit.families,
            children=unit.children,
            evidence=unit.evidence,
            via="telegram",
            address=str(number),
            lang="en",
            wording="child-ask:1:en",
            family_id=UUID(int=number),
            now=NOW,
        )
        unit.commit()


@pytest.mark.clause(17)
def test_who_said_yes_is_reminded_and_a_place_of_somebody_who_left_goes_to_the_next(storage: Storage) -> None:
    evening = replace(PLAY, kind=EventKind.PARENTS_EVENING, rsvp=True, places=2)
    for number in (1, 2, 3):
        bind(storage, number)
    for number, adults in ((1, 2), (2, 1), (3, 0)):
        with storage.units.write(HERE) as unit:
            family = unit.families.get(UUID(int=number))
            assert family
            reply(
                evening,
                family=family,
                pupil=f"OAK-{number}",
                adults=adults,
                school=school(evening),
                children=unit.children,
                events=unit.events,
                outbox=unit.outbox,
                evidence=unit.evidence,
                now=NOW + number * timedelta(minutes=1),
            )
            unit.commit()
    with storage.units.write(HERE) as unit:
        first = unit.families.get(UUID(int=1))
        assert first
        leave(first, families=unit.families, outbox=unit.outbox, now=NOW + DAY, source="telegram:/stop")
        unit.commit()

    minute(storage, NOW + 2 * DAY, evening)

    with storage.units.read(HERE) as unit:
        assert [(each.pupil, each.comes) for each in unit.events.replies("play")] == [
            ("OAK-2", Comes.YES),
            ("OAK-3", Comes.NO),
        ]
    assert told(storage) == [(2, "event-place", "2026-12-15")]

    minute(storage, DUE, evening)
    sent(storage)
    minute(storage, datetime(2026, 12, 14, 16, 1, tzinfo=UTC), evening)
    assert [each for each in told(storage) if each[1] == "event-eve"] == [(2, "event-eve", "2026-12-15")]


def test_an_event_is_forgotten_with_its_replies_a_month_later(storage: Storage) -> None:
    bind(storage, 1)
    minute(storage, DUE, PLAY)
    with storage.units.write(HERE) as unit:
        family = unit.families.get(UUID(int=1))
        assert family
        reply(
            replace(PLAY, rsvp=True),
            family=family,
            pupil="OAK-1",
            adults=1,
            school=school(PLAY),
            children=unit.children,
            events=unit.events,
            outbox=unit.outbox,
            evidence=unit.evidence,
            now=DUE,
        )
        over = datetime(2026, 12, 15, 12, tzinfo=UTC) + 30 * DAY
        assert forget_events(unit, school=school(), now=over, limit=9) == 0
        assert forget_events(unit, school=school(), now=over + DAY, limit=9) == 1
        unit.commit()
    with storage.engines.reading() as connection:
        assert connection.execute(select(event_reply)).all() == []


def joins(unit, code: str, *events: SchoolEvent, number: int = 1):
    return confirm(
        code,
        school=school(*events),
        families=unit.families,
        evidence=unit.evidence,
        via="telegram",
        address=str(number),
        lang="en",
        wording="join-ask:1:en",
        family_id=UUID(int=number),
        now=NOW,
    )


@pytest.mark.clause(16)
@pytest.mark.parametrize(
    ("event", "classes", "years"),
    [
        (PLAY, ("oak",), ()),
        (replace(PLAY, classes=("oak", "elm")), ("oak", "elm"), ()),
        (replace(PLAY, classes=(), years=(YearGroup(1), YearGroup(4))), (), (YearGroup(1), YearGroup(4))),
        (replace(PLAY, classes=()), (), ()),
    ],
)
def test_an_event_s_link_joins_its_news_with_a_source_of_its_own(storage: Storage, event, classes, years) -> None:
    with storage.units.write(HERE) as unit:
        of_class = invite(school().classes[0], families=unit.families, code="CLASS001", now=NOW)
        of_event = invite(None, families=unit.families, code="EVENT001", now=NOW, event=event)
        assert invite(None, families=unit.families, code="EVENT002", now=NOW, event=event) == of_event
        assert unit.families.invitation_for("oak") == of_class
        assert unit.families.invitation_for("") is None

        family, fresh = joins(unit, of_event.code, event)
        assert fresh
        assert joins(unit, of_event.code, event) == (family, False)

        assert (family.classes, family.years) == (classes, years)
        log = unit.families.events(family.id)
        assert {each.source for each in log} == {"telegram:event:play:EVENT001"}
        assert replayed(log) == standing_of(family)

        newer = invite_anew(None, families=unit.families, code="EVENT003", now=NOW, event=event)
        with pytest.raises(RevokedInvitationError):
            joins(unit, of_event.code, event, number=2)
        with pytest.raises(EventGoneError, match="off or long over"):
            joins(unit, newer.code, number=2)
        assert unit.families.invitation_for("oak") == of_class


def test_an_event_s_link_narrows_nobody_s_news(storage: Storage) -> None:
    whole, of_years = replace(PLAY, id="all", classes=()), replace(PLAY, classes=(), years=(YearGroup(1),))
    with storage.units.write(HERE) as unit:
        first = invite(None, families=unit.families, code="EVENT001", now=NOW, event=whole)
        second = invite(None, families=unit.families, code="EVENT002", now=NOW, event=of_years)
        joins(unit, first.code, whole, of_years)

        family, fresh = joins(unit, second.code, whole, of_years)

        assert (family.years, fresh) == ((), False)
