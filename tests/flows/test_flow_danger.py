"""Words with a sign of danger, typed straight into a chat: they go by themselves, and a no holds."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import demo
from bot.storage.tables import delivery, vault_chat, vault_concern, vault_going, vault_log, vault_wrap
from safeguarding import About, Act
from school.sensitive import Sensitive
from tests.flows.rig import DILYS, MONDAY, PUPIL, SAM

CANARY = "zebra umbrella seventeen lighthouse"
DANGER = f"{CANARY} I want to die"
MINUTE = timedelta(minutes=1)
SOON, WENT, STAYS = "An adult will see this soon", "We have passed it on", "We have not sent it"


def kept(rig) -> list[str]:
    with rig.product.engines.reading() as connection:
        return list(connection.execute(select(vault_concern.c.state).order_by(vault_concern.c.received)).scalars())


def held_by(rig) -> set[str]:
    with rig.product.engines.reading() as connection:
        return set(connection.execute(select(vault_wrap.c.person)).scalars())


def left(rig) -> list[tuple[str, str]]:
    """Which page was left for whom, the daily marks apart; a chat has no name."""
    with rig.product.engines.reading() as connection:
        rows = connection.execute(select(delivery.c.page, delivery.c.to_kind, delivery.c.recipient)).all()
    return sorted((page, "" if kind == "chat" else who) for page, kind, who in rows if page != "vault-mark")


def acts(rig) -> list[str]:
    with rig.product.engines.reading() as connection:
        return list(connection.execute(select(vault_log.c.act).order_by(vault_log.c.number)).scalars())


def chats_kept(rig) -> int:
    with rig.product.engines.reading() as connection:
        sealed = connection.execute(select(vault_going.c.sealed)).scalars().all()
        return len([each for each in sealed if each]) + len(connection.execute(select(vault_chat)).all())


def read_by(rig, person: str) -> list[tuple[str, About]]:
    house, found = rig.product.house, []
    with house.units.read("oakfield") as unit:
        key = house.vault.unlock(unit.concerns.wrapped_keys(person), Sensitive(demo.PASSPHRASE))
        for concern in unit.concerns.for_reader(person):
            opened = unit.concerns.open(concern.id, person=person, key=key)
            found.append((opened.words.reveal(), opened.about))
    return found


async def said(rig, words: str) -> str:
    """What Sam is answered."""
    before = len(rig.chat(SAM))
    rig.telegram.say(SAM, words)
    await rig.until(lambda: len(rig.chat(SAM)) > before)
    return rig.chat(SAM)[-1]


async def at(rig, later: timedelta) -> None:
    rig.clock.move_to(MONDAY + later)
    await rig.settle()


def receipt_in(text: str) -> str:
    found = re.search(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", text)
    assert found
    return found[0]


@pytest.mark.clause(40)
async def test_sam_says_nothing_more_and_his_words_reach_the_head_and_the_chair_after_five_minutes(school):
    async with school() as rig:
        told = await said(rig, DANGER)
        assert SOON in told
        assert "In five minutes we pass it on" in told
        assert "Don't send it" in rig.buttons(SAM)
        await at(rig, 4 * MINUTE)
        assert (kept(rig), left(rig)) == (["draft"], [])
        assert "In a few minutes they go" in await said(rig, receipt_in(told))

        await at(rig, 5 * MINUTE)
        await rig.until(lambda: WENT in rig.chat(SAM)[-1])

        assert kept(rig) == ["new"]
        assert held_by(rig) == {"hannah", "grace"}
        assert read_by(rig, "hannah") == [(DANGER, About.NOT_SURE)]
        assert left(rig) == [("concern-notice", "grace"), ("concern-notice", "hannah"), ("draft-went", "")]
        assert Act.WENT in acts(rig)
        assert "Nobody has opened it yet" in await said(rig, receipt_in(told))
        assert CANARY.encode() not in rig.everything_on_disk()
        assert CANARY not in json.dumps(rig.telegram.snapshot(SAM)) + rig.logs.getvalue()


@pytest.mark.clause(40)
async def test_sam_is_told_once_and_where_he_wrote_from_is_forgotten_with_it(school):
    async with school() as rig:
        await said(rig, DANGER)
        assert chats_kept(rig) == 1

        for minute in (5, 6, 7, 60):
            await at(rig, minute * MINUTE)

        assert sum(WENT in each for each in rig.chat(SAM)) == 1
        assert chats_kept(rig) == 0
        assert str(SAM) not in str(left(rig))


@pytest.mark.clause(40)
@pytest.mark.parametrize("how", ["tapped", "typed"])
async def test_sam_says_no_and_nobody_ever_has_his_words(school, how):
    async with school() as rig:
        await said(rig, DANGER)
        if how == "tapped":
            await rig.tap(SAM, "Don't send it")
        else:
            rig.telegram.say(SAM, "No, don’t send it!")
        await rig.until(lambda: STAYS in rig.chat(SAM)[-1])
        assert (kept(rig), chats_kept(rig)) == (["draft"], 0)
        assert {page for page, _ in left(rig)} == {"draft-kept-back"}

        await at(rig, 10 * MINUTE)
        assert kept(rig) == ["draft"]
        await at(rig, timedelta(hours=25))

        assert (kept(rig), held_by(rig)) == ([], set())
        assert {page for page, _ in left(rig)} == {"draft-kept-back"}
        await rig.until(lambda: rig.slack.dm_messages(DILYS))
        (notice,) = rig.slack.dm_messages(DILYS)
        assert "We have no words and no name to give you." in json.dumps(notice.blocks)
        assert "LP-" not in json.dumps(notice.blocks)


@pytest.mark.clause(40)
async def test_sam_says_no_and_then_yes_after_all(school):
    async with school() as rig:
        await said(rig, DANGER)
        await rig.tap(SAM, "Don't send it")
        await rig.tap(SAM, "Send it after all")
        await rig.tap(SAM, "No, or it is about me or another pupil")
        await rig.until(lambda: WENT in rig.chat(SAM)[-1])

        assert kept(rig) == ["new"]
        assert read_by(rig, "dilys") == [(DANGER, About.PUPIL)]


@pytest.mark.clause(40)
async def test_sam_wipes_it_at_his_second_no(school):
    async with school() as rig:
        await said(rig, DANGER)
        await rig.tap(SAM, "Don't send it")
        await rig.tap(SAM, "Wipe it now")
        await rig.until(lambda: "We have thrown it away" in rig.chat(SAM)[-1])

        assert (kept(rig), held_by(rig)) == ([], set())


@pytest.mark.clause(40)
async def test_sam_writes_in_pieces_and_they_all_go_but_not_what_he_kept_back(school):
    async with school() as rig:
        await said(rig, DANGER)
        await rig.tap(SAM, "Don't send it")
        await rig.until(lambda: STAYS in rig.chat(SAM)[-1])
        assert "Do you want us to pass this on?" in await said(rig, "my uncle came round")
        assert SOON in await said(rig, "he touched me")
        assert SOON in await said(rig, "after school")

        await at(rig, 6 * MINUTE)
        await rig.until(lambda: WENT in rig.chat(SAM)[-1])

        assert sorted(words for words, _ in read_by(rig, "hannah")) == [
            "after school",
            "he touched me",
            "my uncle came round",
        ]
        assert sorted(kept(rig)) == ["draft", "new", "new", "new"]
        assert sum(WENT in each for each in rig.chat(SAM)) == 1


@pytest.mark.clause(40)
async def test_sam_stops_at_the_question_whom_it_is_about_and_it_goes_all_the_same(school):
    async with school() as rig:
        await said(rig, DANGER)
        await rig.tap(SAM, "Send it now")
        await rig.until(lambda: "it goes by itself, as we said" in rig.chat(SAM)[-1])

        await at(rig, 6 * MINUTE)

        assert held_by(rig) == {"hannah", "grace"}


@pytest.mark.clause(40)
async def test_an_old_button_does_not_wipe_words_with_a_sign_of_danger_at_the_first_tap(school):
    async with school() as rig:
        await said(rig, CANARY)
        await rig.until(lambda: "No, throw it away" in rig.buttons(SAM))
        old = rig.buttons(SAM)["No, throw it away"]
        await said(rig, DANGER)
        rig.telegram.tap(SAM, *old)
        await rig.until(lambda: STAYS in rig.chat(SAM)[-1])

        assert kept(rig) == ["draft", "draft"]


@pytest.mark.clause(40)
async def test_words_that_only_say_when_wait_for_a_yes(school):
    async with school() as rig:
        assert "Do you want us to pass this on?" in await said(rig, "see you at football tonight")

        await at(rig, timedelta(hours=1))

        assert (kept(rig), left(rig), chats_kept(rig)) == (["draft"], [], 0)


@pytest.mark.clause(40)
async def test_a_server_that_was_off_for_two_days_hands_over_and_destroys_nothing(school):
    async with school() as rig:
        await said(rig, DANGER)

        await at(rig, timedelta(hours=49))

        assert kept(rig) == ["new"]
        assert held_by(rig) == {"hannah", "grace"}


@pytest.mark.clause(40)
async def test_ok_is_no_answer_and_sam_is_asked_again(school):
    async with school() as rig:
        await said(rig, DANGER)

        assert SOON in await said(rig, "ok")


@pytest.mark.clause(40)
async def test_a_pupil_on_slack_is_told_there(school):
    def newest() -> str:
        return str(rig.slack.dm_messages(PUPIL)[-1])

    async with school() as rig:
        await rig.slack.say(PUPIL, text=DANGER)
        await rig.until(lambda: SOON in newest())
        await at(rig, 5 * MINUTE)

        await rig.until(lambda: WENT in newest())
        assert held_by(rig) == {"hannah", "grace"}
