"""Several processes on one database go by its clock."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import NOTHING_MUCH, SetClock, SharedClock

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("by", [timedelta(0), 90 * SECOND, -90 * SECOND])
def test_marta_is_not_written_to_too_fast_by_a_machine_whose_clock_is_wrong(by: timedelta) -> None:
    machine = SetClock(NOW + by)
    clock = SharedClock(machine, lambda: NOW)

    assert clock.now() == NOW + by, "it has not asked yet"
    clock.align()
    assert clock.now() == NOW

    machine.move_to(machine.now() + SECOND)
    assert clock.now() == NOW + SECOND


def test_a_slow_answer_is_taken_for_the_middle_of_the_question() -> None:
    machine = SetClock(NOW)

    def told() -> datetime:
        machine.move_to(NOW + 4 * SECOND)
        return NOW + 12 * SECOND

    clock = SharedClock(machine, told)
    clock.align()

    assert clock.now() == NOW + 14 * SECOND


@pytest.mark.parametrize("told", [lambda: None, lambda: NOW + NOTHING_MUCH, lambda: NOW - NOTHING_MUCH])
def test_one_machine_s_figures_do_not_tremble(told) -> None:
    clock = SharedClock(SetClock(NOW), told, skew=timedelta(0))
    clock.align()

    assert clock.now() == NOW


def test_a_clock_that_was_set_right_meanwhile_is_believed_again() -> None:
    machine = SetClock(NOW + 90 * SECOND)
    clock = SharedClock(machine, lambda: NOW)
    clock.align()
    machine.move_to(NOW)
    clock.align()

    assert clock.now() == NOW
