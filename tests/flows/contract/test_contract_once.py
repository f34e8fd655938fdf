"""What is said is heard once and kept whole, in each of the four ways of being connected."""

from datetime import timedelta

import pytest

from bot import demo
from bot.clock import MachineClock
from bot.tokens import ForgedTokenError, OldTokenError
from safeguarding import read
from school.sensitive import Sensitive
from tests.flows.contract.slack_lines import SignedHttp, SocketMode

pytestmark = pytest.mark.asyncio(loop_scope="module")
CANARY = "zebra umbrella seventeen lighthouse"
YES, NO = "Yes, pass it on", "No, throw it away"
PUPIL = "No, or it is about me or another pupil"
SLACK = pytest.mark.parametrize("line", [SocketMode, SignedHttp], indirect=True, ids=lambda kind: kind.name)


async def _somebody_else_is_answered(line) -> None:
    """Whatever was going to come of what was done before has come by then."""
    other = line.newcomer()
    await line.ask_for_help(other)
    await line.heard_from(other)


async def _pass_on(line, person, *, times: int = 1) -> None:
    """Yes, and whom it is about where that is asked; each button is pressed so often at once."""
    await line.press(person, YES, times=times)
    await line.rig.until(lambda: not line.kept(person) or PUPIL in str(line.heard(person)), seconds=30)
    if line.kept(person):
        await line.press(person, PUPIL, times=times)
    await line.rig.until(lambda: not line.kept(person), seconds=30)


async def _read_by_the_lead(line, references) -> list[str]:
    product = line.rig.product
    told = {"school": "oakfield", "person": "dilys", "passphrase": Sensitive(demo.PASSPHRASE)}
    key = await product.counter.keys(lambda desk: desk.unlock(**told))
    found = []
    with product.house.units.write("oakfield") as unit:
        for reference in references:
            now = product.house.school_clock.now()
            school = product.house.schools["oakfield"]
            opened = read(reference, school=school, concerns=unit.concerns, person="dilys", key=key, now=now)
            found.append(opened.words.reveal())
    return found


async def test_sam_types_a_command_and_is_answered_once(line):
    sam = line.newcomer()

    await line.ask_for_help(sam)

    await line.heard_from(sam)
    await _somebody_else_is_answered(line)
    assert len(line.heard(sam)) == 1
    assert "/report" in line.heard(sam)[0]


async def test_sam_is_answered_once_although_his_command_comes_twice(line):
    sam = line.newcomer()
    sent = await line.ask_for_help(sam)
    await line.heard_from(sam)

    await line.again(sent)

    await _somebody_else_is_answered(line)
    assert len(line.heard(sam)) == 1


@pytest.mark.clause(40)
async def test_sams_words_are_sealed_once_although_they_are_delivered_three_times(line):
    sam = line.newcomer()
    sent = await line.say(sam, CANARY)
    assert line.confirmed(sent)
    await line.heard_from(sam)

    await line.again(sent)
    await line.again(sent)

    await _somebody_else_is_answered(line)
    assert len(line.kept(sam)) == 1
    assert len(line.heard(sam)) == 1
    assert CANARY.encode() not in line.rig.everything_on_disk()


@SLACK
async def test_a_pupils_words_are_sealed_once_although_slack_tells_of_them_under_a_second_id(line):
    # Telegram's update_id is one and the same for ever; Slack sends an event under a new event_id now and then.
    pupil = line.newcomer()
    sent = await line.say(pupil, CANARY)
    await line.heard_from(pupil)

    assert (await line.slack.redeliver(same_event_id=False, delivery=sent)).ok

    await _somebody_else_is_answered(line)
    assert len(line.kept(pupil)) == 1
    assert len(line.heard(pupil)) == 1


async def test_sam_presses_twice_at_once_and_his_words_are_passed_on_once(line):
    sam = line.newcomer()
    await line.say(sam, CANARY)
    await line.heard_from(sam)

    (kept,) = line.kept(sam)

    await _pass_on(line, sam, times=2)

    await _somebody_else_is_answered(line)
    assert line.kept(sam) == []
    told = line.notices_of(kept.reference)
    assert len(told) == len(set(told)) > 0
    assert await _read_by_the_lead(line, [kept.reference]) == [CANARY]


async def test_sam_presses_a_button_that_nobody_of_ours_made_and_is_told_so(line):
    sam = line.newcomer()
    await line.say(sam, CANARY)
    await line.heard_from(sam)
    (before,) = line.kept(sam)
    minted = line.rig.product.house.signers["oakfield"].button("draft.drop", {}, on=MachineClock().now().date())
    line.tamper(sam, YES, minted[:-2] + ("AA" if minted[-2:] != "AA" else "BB"))

    await line.press(sam, YES)

    await line.rig.until(lambda: str(ForgedTokenError.text)[:20] in line.told(sam))
    assert line.kept(sam) == [before]


async def test_sam_presses_a_button_from_a_year_ago_and_is_asked_to_get_a_fresh_one(line):
    sam = line.newcomer()
    await line.say(sam, CANARY)
    await line.heard_from(sam)
    (before,) = line.kept(sam)
    a_year_ago = MachineClock().now().date() - timedelta(days=365)
    line.tamper(sam, NO, line.rig.product.house.signers["oakfield"].button("draft.drop", {}, on=a_year_ago))

    await line.press(sam, NO)

    await line.rig.until(lambda: str(OldTokenError.text) in line.told(sam))
    assert line.kept(sam) == [before]


@pytest.mark.clause(40)
@pytest.mark.parametrize(
    "words",
    [
        "شخص ما يزعجني كل يوم على الإنترنت",
        "\N{CRYING FACE}\N{BROKEN HEART}",
        "he\x07 said\x1b[31m \u202estop\u2066 it\x7f",
        "a < b & c > d &amp; \\n *bold* <script>",
        "zebra " * 3_333 + "!!",
    ],
    ids=["Arabic", "emoji alone", "control characters", "signs", "20,000 characters"],
)
async def test_sams_words_arrive_whole_whatever_they_are_made_of(line, words):
    sam = line.newcomer()
    # Telegram's app cuts what is longer than 4,096 characters into several messages; each is kept.
    parts = [words[at : at + line.longest] for at in range(0, len(words), line.longest)]
    for number, part in enumerate(parts, start=1):
        await line.say(sam, part)
        await line.heard_from(sam, number)
    references = [row.reference for row in line.kept(sam)]
    assert len(references) == len(parts)

    await _pass_on(line, sam)

    assert sorted(await _read_by_the_lead(line, references)) == sorted(part.strip() for part in parts)
