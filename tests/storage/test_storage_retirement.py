"""What has been kept long enough is deleted by the rounds, in one school and not in another."""

from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from bot.commands.sample import SCHOOL
from bot.scheduling import Rounds
from bot.scheduling.rounds import CHUNK
from bot.school_file import SchoolFile
from bot.storage import Pacing
from bot.storage.tables import conversation, inbox
from bot.unit import CONVERSATION_KEPT, INBOX_KEPT, PACING_KEPT, Conversation
from bot.wire import Bucket
from pages import load_shelf
from tests.storage.conftest import ELSEWHERE, HERE, NOW, SetClock, Storage

MINUTE = timedelta(minutes=1)


@pytest.fixture
def machine_clock() -> SetClock:
    """It stays where it is; `storage.clock` is the school's, which a demo may move."""
    return SetClock(NOW)


@pytest.fixture
def rounds(storage: Storage, machine_clock: SetClock, tmp_path: Path) -> Rounds:
    file = tmp_path / "school.toml"
    file.write_text(SCHOOL.format(id=HERE, name="Ashgrove"), "utf-8")
    # Staff are asked for nothing, so that nothing but what is put away is counted.
    school = replace(SchoolFile.read(file).school(), asks_staff=False)
    return Rounds({HERE: school}, storage.units, load_shelf([]), {}, storage.clock, machine_clock)


def arrive(storage: Storage, name: str, *, age: timedelta, school: str = HERE) -> None:
    with storage.units.write(school) as unit:
        assert unit.inbox.first_time(via="slack", transport_id=name, semantic_id=None, now=NOW - age)
        unit.commit()


def begin(storage: Storage, address: str, *, age: timedelta, school: str = HERE) -> None:
    standing = Conversation(flow="report", step="words", held={"about": "pupil"}, touched=NOW - age)
    with storage.units.write(school) as unit:
        unit.conversations.keep(via="telegram", address=address, conversation=standing)
        unit.commit()


def arrivals(storage: Storage) -> set[str]:
    with storage.engines.reading() as connection:
        return set(connection.execute(select(inbox.c.transport_id)).scalars())


def standing(storage: Storage) -> set[str]:
    with storage.engines.reading() as connection:
        return set(connection.execute(select(conversation.c.address)).scalars())


def test_what_sam_sent_is_forgotten_90_days_after_it_arrived_and_not_a_minute_before(
    storage: Storage, rounds: Rounds, machine_clock: SetClock
) -> None:
    arrive(storage, "sam-1", age=INBOX_KEPT - MINUTE)
    arrive(storage, "sam-2", age=timedelta(0))

    assert rounds.go() == 0
    assert arrivals(storage) == {"sam-1", "sam-2"}

    machine_clock.move_to(NOW + 2 * MINUTE)
    storage.clock.move_to(NOW + timedelta(days=1))
    assert rounds.go() == 1
    assert arrivals(storage) == {"sam-2"}
    assert timedelta(days=90) == INBOX_KEPT


def test_what_failed_or_was_parked_is_forgotten_as_well(storage: Storage, rounds: Rounds) -> None:
    long_ago = NOW - INBOX_KEPT - MINUTE
    with storage.units.write(HERE) as unit:
        unit.inbox.failed(via="telegram", transport_id="failed", now=long_ago)
    with storage.units.write(HERE) as unit:
        unit.inbox.failed(via="telegram", transport_id="parked", now=long_ago)
        unit.inbox.park(via="telegram", transport_id="parked", now=long_ago)
        unit.commit()
    assert arrivals(storage) == {"failed", "parked"}

    assert rounds.go() == 2
    assert arrivals(storage) == set()


def test_a_school_whose_clock_was_moved_for_a_demo_still_knows_what_it_handled(
    storage: Storage, rounds: Rounds
) -> None:
    arrive(storage, "sam-1", age=timedelta(0))
    storage.clock.move_to(NOW + 2 * INBOX_KEPT)

    assert rounds.go() == 0
    assert arrivals(storage) == {"sam-1"}


def test_the_rounds_of_one_school_forget_nothing_of_another(storage: Storage, rounds: Rounds) -> None:
    for school in (HERE, ELSEWHERE):
        arrive(storage, f"old-{school}", age=2 * INBOX_KEPT, school=school)
        begin(storage, f"left-{school}", age=2 * CONVERSATION_KEPT, school=school)

    assert rounds.go() == 2
    assert (arrivals(storage), standing(storage)) == ({f"old-{ELSEWHERE}"}, {f"left-{ELSEWHERE}"})


def test_how_fast_marta_s_chat_may_be_written_to_is_forgotten_a_day_after_the_last_message(
    storage: Storage, rounds: Rounds, machine_clock: SetClock
) -> None:
    tat = (NOW - PACING_KEPT + MINUTE).timestamp()
    Pacing(storage.engines).settle(
        ["tg:1:chat:501"], school=HERE, decide=lambda _: ({"tg:1:chat:501": Bucket(tat=tat)}, 0)
    )

    assert rounds.go() == 0
    machine_clock.move_to(NOW + 2 * MINUTE)
    storage.clock.move_to(NOW + timedelta(days=1))
    assert rounds.go() == 1
    assert Pacing(storage.engines).buckets(HERE) == {}


def test_a_busy_term_is_forgotten_a_chunk_at_a_time(storage: Storage, rounds: Rounds) -> None:
    with storage.units.write(HERE) as unit:
        for number in range(2 * CHUNK + 1):
            unit.inbox.first_time(via="slack", transport_id=f"Ev{number}", semantic_id=None, now=NOW - 2 * INBOX_KEPT)
        unit.commit()
    arrive(storage, "today", age=timedelta(0))
    left: list[int] = []

    @event.listens_for(storage.engines.write, "commit")
    def count(connection) -> None:
        left.append(connection.execute(select(func.count()).select_from(inbox)).scalar_one())

    assert rounds.go() == 2 * CHUNK + 1
    assert [number for number, _ in groupby(left)] == [2 * CHUNK + 2, CHUNK + 2, 2, 1]
    assert arrivals(storage) == {"today"}


def test_a_report_that_sam_began_and_left_is_forgotten_after_a_week(storage: Storage, rounds: Rounds) -> None:
    begin(storage, "sam", age=CONVERSATION_KEPT + MINUTE)
    begin(storage, "marta", age=CONVERSATION_KEPT - MINUTE)

    assert rounds.go() == 1
    assert standing(storage) == {"marta"}
    assert timedelta(days=7) == CONVERSATION_KEPT
