"""What becomes of a message that did not go, and when a channel is left alone. Pure."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bot.delivery.breaker import ENOUGH, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, TRY_SECONDS, Breaker
from bot.delivery.verdicts import TRIES, backoff, not_made, of_the_channel, verdict
from bot.storage import MOVED, PERHAPS_A_REPEAT, DeliveryRow, DeliveryState
from bot.wire import SendFailed
from school.notices import Lane, To

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
GONE = ["blocked", "deactivated", "archived", "not_in_channel", "refused"]


def row(*, lane: Lane = Lane.BULK, **rest: object) -> DeliveryRow:
    given = {
        "id": UUID(int=7),
        "school": "ashgrove",
        "channel": "slack",
        "to": To.PERSON,
        "recipient": "marta",
        "page": "news",
        "part": "",
        "values": {},
        "attempts": 0,
        "repeat": False,
        "mailing": "",
        "correlation": "",
    }
    return DeliveryRow(lane=lane, **{**given, **rest})


@pytest.mark.parametrize("reason", GONE)
def test_marta_is_written_to_no_more_after_a_final_no(reason: str) -> None:
    end = verdict(row(), SendFailed(reason, permanent=True), machine_now=NOW)

    assert (end.state, end.reason, end.not_before) == (DeliveryState.FAILED, reason, None)


def test_marta_waits_exactly_as_long_as_the_platform_says_however_often() -> None:
    told = SendFailed("too many", retry_after=timedelta(seconds=30))

    for attempts in (0, TRIES + 3):
        end = verdict(row(attempts=attempts), told, machine_now=NOW)
        assert (end.state, end.not_before) == (DeliveryState.PLANNED, NOW + timedelta(seconds=30))


def test_marta_is_followed_to_her_new_chat_once_whatever_else_was_tried_before() -> None:
    moved = SendFailed("moved", moved_to="-100501")

    for attempts in (0, 1, TRIES + 4):
        end = verdict(row(attempts=attempts), moved, machine_now=NOW)
        assert (end.state, end.reason, end.not_before) == (DeliveryState.PLANNED, MOVED, NOW)
    assert verdict(row(attempts=1, moved=True), moved, machine_now=NOW).state is DeliveryState.FAILED


def test_marta_is_in_doubt_and_dilys_is_told_again_when_nobody_knows() -> None:
    unsure = SendFailed("timed out", in_doubt=True)

    marta = verdict(row(), unsure, machine_now=NOW)
    dilys = verdict(row(lane=Lane.SAFEGUARDING), unsure, machine_now=NOW)

    assert (marta.state, marta.reason) == (DeliveryState.UNKNOWN, "timed out")
    assert (dilys.state, dilys.reason) == (DeliveryState.PLANNED, PERHAPS_A_REPEAT)
    assert dilys.not_before > NOW


def test_marta_is_given_up_on_after_a_few_tries_and_dilys_never() -> None:
    down = SendFailed("server_error")

    for attempts in range(TRIES - 1):
        assert verdict(row(attempts=attempts), down, machine_now=NOW).state is DeliveryState.PLANNED
    assert verdict(row(attempts=TRIES - 1), down, machine_now=NOW).state is DeliveryState.FAILED
    urgent = row(lane=Lane.SAFEGUARDING, attempts=99)
    assert verdict(urgent, down, machine_now=NOW).state is DeliveryState.PLANNED
    assert not_made(urgent, machine_now=NOW).state is DeliveryState.PLANNED
    assert not_made(row(), machine_now=NOW).state is DeliveryState.FAILED


@pytest.mark.parametrize("reason", ["unreachable", "token", "workspace_gone", "login"])
def test_marta_is_not_given_up_on_because_her_channel_is_down(reason: str) -> None:
    end = verdict(row(attempts=TRIES * 9), SendFailed(reason), machine_now=NOW)

    assert (end.state, end.reason) == (DeliveryState.PLANNED, reason)


def test_marta_and_sam_who_failed_together_do_not_come_back_together() -> None:
    ids = [UUID(int=number) for number in range(0, 0xFFFF, 101)]

    first = {backoff(0, each) for each in ids}

    assert len(first) > 600
    assert timedelta(seconds=24) <= min(first)
    assert max(first) <= timedelta(seconds=36)
    assert backoff(1, ids[0]) > max(first)
    assert backoff(2, ids[0]) == backoff(99, ids[0])


def test_marta_s_own_trouble_is_none_of_the_channel_s() -> None:
    assert of_the_channel(SendFailed("unreachable"))
    assert of_the_channel(SendFailed("timed out", in_doubt=True))
    assert not of_the_channel(SendFailed("blocked", permanent=True))
    assert not of_the_channel(SendFailed("too many", retry_after=timedelta(seconds=1)))
    assert not of_the_channel(SendFailed("moved", moved_to="1"))


def opened() -> Breaker:
    breaker = Breaker()
    assert [breaker.failed(0.0) for _ in range(ENOUGH)] == [*[False] * (ENOUGH - 1), True]
    return breaker


def test_sam_s_channel_rests_after_a_few_failures_and_one_message_tries() -> None:
    breaker = opened()

    assert breaker.wait(1.0) == FIRST_PAUSE_SECONDS - 1
    assert breaker.wait(FIRST_PAUSE_SECONDS) == 0
    assert breaker.wait(FIRST_PAUSE_SECONDS) > 0, "one is on its way already"
    assert breaker.succeeded()
    assert not breaker.is_open
    assert breaker.wait(FIRST_PAUSE_SECONDS) == 0


def test_sam_s_channel_rests_twice_as_long_each_time_up_to_a_limit() -> None:
    breaker, now, pauses = opened(), FIRST_PAUSE_SECONDS, []
    for _ in range(8):
        assert breaker.wait(now) == 0
        assert not breaker.failed(now), "it was open all along"
        pauses.append(breaker.wait(now))
        now += pauses[-1]

    assert pauses[:3] == [10, 20, 40]
    assert pauses[-1] == LONGEST_PAUSE_SECONDS


def test_sam_s_channel_is_not_blamed_while_most_goes_out() -> None:
    breaker = Breaker()

    for _ in range(40):
        assert not breaker.succeeded()
        assert not breaker.failed(0.0)

    assert not breaker.is_open


def test_sam_s_channel_is_tried_again_when_nothing_was_heard_of_the_try() -> None:
    breaker = opened()
    assert breaker.wait(FIRST_PAUSE_SECONDS) == 0

    assert breaker.wait(FIRST_PAUSE_SECONDS + TRY_SECONDS - 1) > 0
    assert breaker.wait(FIRST_PAUSE_SECONDS + TRY_SECONDS) == 0


def test_sam_s_channel_rests_no_longer_for_what_was_on_its_way_when_it_began() -> None:
    breaker = opened()

    assert not breaker.failed(3.0)

    assert breaker.wait(FIRST_PAUSE_SECONDS) == 0
