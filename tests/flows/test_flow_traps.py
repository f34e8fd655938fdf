import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select

from bot.playground.telegram.faults import TooMany
from bot.storage.tables import delivery, vault_concern
from parents import FamilyState
from school.notices import To
from tests.flows.rig import DILYS, MARTA, PUPIL, SAM

CANARY = "zebra umbrella seventeen lighthouse"
NEWS_DAY = datetime(2026, 12, 1, 16, 30, tzinfo=UTC)


async def _marta_joins(rig, *, taps: int = 1) -> None:
    rig.telegram.start(MARTA, rig.invite)
    await rig.until(lambda: rig.chat(MARTA))
    await rig.tap(MARTA, "English")
    await rig.until(lambda: "Yes, join" in rig.buttons(MARTA))
    message, data = rig.buttons(MARTA)["Yes, join"]
    before = len(rig.telegram.calls_of("answerCallbackQuery"))
    for _ in range(taps):
        rig.telegram.tap(MARTA, message, data)
    await rig.until(lambda: len(rig.telegram.calls_of("answerCallbackQuery")) == before + taps)


def _family(rig):
    with rig.product.house.units.read("oakfield") as unit:
        return unit.families.by_address(via="telegram", address=str(MARTA))


def _states(rig) -> dict[str, int]:
    """Of families: the staff of the demo have steps of their own on these days."""
    counted = select(delivery.c.state, func.count()).where(delivery.c.to_kind == To.FAMILY.value)
    with rig.product.engines.reading() as connection:
        return dict(connection.execute(counted.group_by(delivery.c.state)).all())


def _drafts(rig) -> int:
    with rig.product.engines.reading() as connection:
        return connection.execute(
            select(func.count()).select_from(vault_concern).where(vault_concern.c.state == "draft")
        ).scalar_one()


@pytest.mark.clause(18)
async def test_marta_gets_the_news_once_although_telegram_first_says_too_many(school):
    async with school() as rig:
        await _marta_joins(rig)
        said = len(rig.chat(MARTA))
        tried = len(rig.telegram.calls_of("sendMessage"))
        rig.telegram.faults.next("sendMessage", TooMany(1))
        rig.clock.move_to(NEWS_DAY)
        await rig.settle()

        await rig.until(lambda: _states(rig) == {"sent": 1})
        assert len(rig.chat(MARTA)) == said + 1
        assert len(rig.telegram.calls_of("sendMessage")) == tried + 2


async def test_marta_blocks_the_bot_and_hears_nothing_more(school):
    async with school() as rig:
        await _marta_joins(rig)
        tried = len(rig.telegram.calls_of("sendMessage"))

        rig.telegram.block(MARTA)
        await rig.until(lambda: _family(rig).state is FamilyState.UNREACHABLE)
        rig.clock.move_to(NEWS_DAY)
        await rig.settle()

        assert len(rig.telegram.calls_of("sendMessage")) == tried
        assert "sent" not in _states(rig)


async def test_marta_taps_yes_twice_and_has_joined_once(school):
    async with school() as rig:
        await _marta_joins(rig, taps=2)

        with rig.product.house.units.read("oakfield") as unit:
            (family,) = unit.families.active()
            assert len(unit.families.events(UUID(str(family.id)))) == 1


async def test_sam_is_answered_once_although_telegram_delivers_his_words_twice(school):
    async with school() as rig:
        number = rig.telegram.say(SAM, CANARY)
        await rig.until(lambda: rig.chat(SAM))
        queue = rig.telegram.bot(None).updates
        await rig.until(lambda: number not in queue.pending)

        rig.telegram.redeliver(number)
        await rig.until(lambda: not queue.again)
        rig.telegram.say(SAM, "/help")
        await rig.until(lambda: len(rig.chat(SAM)) == 2)

        assert _drafts(rig) == 1
        assert sum("Yes, pass it on" in str(each) for each in rig.telegram.snapshot(SAM)["messages"]) == 1


@pytest.mark.clause(40)
async def test_sam_sends_a_photo_with_words_and_the_words_alone_are_kept(school):
    async with school() as rig:
        rig.telegram.send_photo(SAM, CANARY)

        await rig.until(lambda: len(rig.chat(SAM)) == 2)
        assert "Report Remove" in " ".join(rig.chat(SAM))
        assert "Yes, pass it on" in str(rig.telegram.snapshot(SAM)["messages"])
        assert _drafts(rig) == 1
        assert rig.telegram.file_requests == []
        assert rig.telegram.calls_of("getFile") == []
        assert CANARY.encode() not in rig.everything_on_disk()
        assert CANARY not in rig.logs.getvalue()


@pytest.mark.clause(40)
@pytest.mark.parametrize(
    "words",
    [
        "شخص ما يزعجني كل يوم على الإنترنت",
        "\N{CRYING FACE}\N{BROKEN HEART}",
        "he\x07 said\x1b[31m \u202estop\u2066 it\x7f",
        ("zebra " * 683)[:4096],
    ],
    ids=["Arabic", "emoji alone", "control characters", "4,096 characters"],
)
async def test_sam_is_caught_whatever_his_words_are_made_of(school, words):
    async with school() as rig:
        rig.telegram.say(SAM, words)

        await rig.until(lambda: rig.chat(SAM))
        assert "Yes, pass it on" in rig.buttons(SAM)
        assert _drafts(rig) == 1
        assert words.strip().encode() not in rig.everything_on_disk()
        assert words.strip() not in rig.logs.getvalue()


@pytest.mark.clause(40, 41)
async def test_a_pupil_reports_in_slack_and_the_lead_is_told_a_reference_alone(school):
    async with school() as rig:
        await rig.slack.slash(PUPIL, "/report")
        await rig.until(lambda: rig.slack.modal(PUPIL))
        await rig.slack.submit(PUPIL, values={"year": "12"})
        await rig.until(lambda: "Send it safely" in str(rig.slack.snapshot(PUPIL)["modal"]))
        await rig.slack.submit(PUPIL, values={"about": "pupil", "words": CANARY})
        await rig.until(lambda: "Your receipt" in str(rig.slack.snapshot(PUPIL)["modal"]))
        thanks = str(rig.slack.snapshot(PUPIL)["modal"])
        receipt = re.search(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", thanks)
        assert receipt, thanks
        await rig.settle()
        await rig.until(lambda: rig.slack.dm_messages(DILYS))

        with rig.product.engines.reading() as connection:
            told = connection.execute(select(delivery.c["values"])).scalars().all()
        assert all(list(each) == ["reference"] for each in told)
        values = told[0]
        notice = str(rig.slack.dm_messages(DILYS)[-1])
        assert values["reference"] in notice
        assert all(each not in notice for each in (CANARY, receipt[0], PUPIL, "Year 12"))
        assert CANARY not in str(rig.slack.calls)
        assert CANARY not in str([rig.slack.snapshot(user) for user in (PUPIL, DILYS)])
        assert CANARY not in rig.logs.getvalue()
        assert receipt[0] not in rig.logs.getvalue()
        metrics = await rig.metrics()
        assert CANARY not in metrics
        assert receipt[0] not in metrics
        on_disk = rig.everything_on_disk()
        assert CANARY.encode() not in on_disk
        assert receipt[0].encode() not in on_disk
