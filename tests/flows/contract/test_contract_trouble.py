"""When something goes wrong nothing is lost and nothing doubled, in each of the four ways of being connected."""

import asyncio
import contextlib

import pytest

from bot.channels.slack.answers import WENT_WRONG, WENT_WRONG_URGENT
from bot.channels.slack.listeners import PATIENCE_SECONDS
from bot.channels.telegram.handlers import NOT_KEPT
from bot.desk.verbs import VERBS
from bot.playground.slack.state import ACK_SECONDS
from bot.wire import Via
from tests.flows.contract.lines import UNHURRIED_SECONDS
from tests.flows.contract.slack_lines import SignedHttp, SocketMode
from tests.flows.contract.telegram_lines import Polling, Webhook

pytestmark = pytest.mark.asyncio(loop_scope="module")
CANARY = "zebra umbrella seventeen lighthouse"
SORRY = {Via.SLACK: str(WENT_WRONG_URGENT), Via.TELEGRAM: str(NOT_KEPT)}
TRIES = 3


def _only(*kinds):
    return pytest.mark.parametrize("line", kinds, indirect=True, ids=lambda kind: kind.name)


@contextlib.contextmanager
def _failing(verb, *, times=1_000):
    """The verb's handler does its work and then fails, so often; afterwards it works. Yields what it was run for."""
    with pytest.MonkeyPatch.context() as patch:
        handler, ran = VERBS[verb], []

        def fails(visit):
            ran.append(visit.incoming.sender)
            answer = handler(visit)
            if len(ran) <= times:
                raise RuntimeError(f"the database is full: {visit.incoming.words}")
            return answer

        patch.setitem(VERBS, verb, fails)
        yield ran


async def _somebody_else_is_answered(line) -> None:
    """Whatever was going to come of what was done before has come by then."""
    other = line.newcomer()
    await line.ask_for_help(other)
    await line.heard_from(other)


@pytest.mark.clause(40)
async def test_sam_is_told_when_his_words_could_not_be_kept_and_nothing_half_done_is_left(line):
    sam = line.newcomer()
    with _failing("words") as ran:
        sent = await line.say(sam, CANARY)
        await line.until_given_up(sent)
        await line.heard_from(sam)

        await line.again(sent)
        await _somebody_else_is_answered(line)

    assert len(ran) == TRIES
    assert line.confirmed(sent)
    assert line.kept(sam) == []
    assert all(SORRY[line.via][:40] in each for each in line.heard(sam))


@pytest.mark.clause(40)
async def test_sams_words_are_in_no_log_at_debug_nor_is_any_token_although_the_desk_fails_over_them(line):
    # The fixture looks through the log after every test; here there is certainly something in it.
    sam = line.newcomer()
    with _failing("words"):
        await line.until_given_up(await line.say(sam, CANARY))
        await line.heard_from(sam)

    assert line.logged()
    assert line.secrets()
    assert [each for each in [CANARY, *line.secrets()] if each in line.logged()] == []


@pytest.mark.clause(40)
async def test_sam_says_it_again_after_a_failure_and_is_heard(line):
    sam = line.newcomer()
    with _failing("words"):
        sent = await line.say(sam, CANARY)
        await line.until_given_up(sent)
        await line.heard_from(sam)
    before = len(line.heard(sam))

    await line.say(sam, CANARY)

    await line.heard_from(sam, before + 1)
    assert len(line.kept(sam)) == 1


# Slack was acknowledged and the person told at once, so that nothing comes a second time of itself.
@_only(Polling, Webhook)
async def test_sam_never_hears_of_a_failure_that_the_second_try_mends(line):
    sam = line.newcomer()
    with _failing("words", times=2) as ran:
        await line.say(sam, CANARY)

    await line.heard_from(sam)
    await _somebody_else_is_answered(line)
    assert len(ran) == TRIES
    assert len(line.kept(sam)) == len(line.heard(sam)) == 1


# Telegram waits for no acknowledgement by the clock: it has an update until it was confirmed.
@_only(SocketMode, SignedHttp)
async def test_a_pupil_is_acknowledged_within_three_seconds_although_the_desk_fails(line):
    pupil = line.newcomer()
    line.slack.ack_seconds = ACK_SECONDS
    try:
        with _failing("lollipop"):
            await line.ask_for_help(pupil)
    finally:
        line.slack.ack_seconds = UNHURRIED_SECONDS

    await line.heard_from(pupil)
    assert [str(WENT_WRONG)[:40] in each for each in line.heard(pupil)] == [True]


@_only(SocketMode, SignedHttp)
async def test_a_pupil_is_acknowledged_within_three_seconds_although_the_desk_is_slow(line):
    assert PATIENCE_SECONDS < ACK_SECONDS
    pupil = line.newcomer()
    line.slack.ack_seconds = ACK_SECONDS
    try:
        with line.desk.held():
            await line.ask_for_help(pupil)
            assert line.heard(pupil) == []
    finally:
        line.slack.ack_seconds = UNHURRIED_SECONDS

    await line.heard_from(pupil)
    assert len(line.heard(pupil)) == 1


# A poll holds one update at a time: the same cannot come while it is in hand.
@_only(SocketMode, SignedHttp, Webhook)
async def test_sam_is_heard_once_although_the_platform_grows_impatient_with_a_slow_desk(line):
    sam = line.newcomer()
    before = len(line.desk.asked)
    with line.desk.held():
        first = asyncio.create_task(line.say(sam, CANARY))
        await line.desk.asked_again(before)
        second = asyncio.create_task(line.at_once_again())
        await line.desk.asked_again(before + 1)
    await first
    await second

    await line.heard_from(sam)
    await _somebody_else_is_answered(line)
    assert len(line.kept(sam)) == len(line.heard(sam)) == 1


async def test_sam_gets_his_answer_once_although_the_platform_says_too_many(line):
    sam = line.newcomer()
    before = len(line.waits)
    line.too_many(7)

    await line.say(sam, CANARY)

    await line.heard_from(sam)
    await _somebody_else_is_answered(line)
    assert len(line.kept(sam)) == len(line.heard(sam)) == 1
    assert [wait for wait in line.waits[before:] if 7 <= wait < 9]


async def test_sams_words_are_kept_although_the_platform_fails_to_show_the_answer(line):
    sam = line.newcomer()
    line.server_error()

    sent = await line.say(sam, CANARY)

    assert line.confirmed(sent)
    await line.heard_from(sam)
    assert len(line.kept(sam)) == len(line.heard(sam)) == 1


@pytest.mark.clause(40)
async def test_sams_words_are_kept_once_although_the_line_breaks_in_the_middle(line):
    sam = line.newcomer()

    sent = await line.say_as_line_breaks(sam, CANARY)

    await line.heard_from(sam)
    assert line.confirmed(sent)
    await _somebody_else_is_answered(line)
    assert len(line.kept(sam)) == len(line.heard(sam)) == 1


@pytest.mark.clause(40)
async def test_sam_is_answered_although_the_bot_is_being_stopped(line):
    sam = line.newcomer()

    sent = await line.say_to_closing_desk(sam, CANARY)

    await line.heard_from(sam)
    assert line.confirmed(sent)
    await _somebody_else_is_answered(line)
    assert len(line.kept(sam)) == len(line.heard(sam)) == 1


async def test_sam_is_heard_after_something_came_that_nobody_knows(line):
    before = len(line.desk.asked)
    assert await line.send_strange()
    assert len(line.desk.asked) == before

    await _somebody_else_is_answered(line)
