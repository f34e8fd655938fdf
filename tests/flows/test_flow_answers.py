"""A message to the chat that an answer waits: to whoever wants it, in constant words, and to nobody else."""

import asyncio
import json
import re
from functools import partial

import pytest
from sqlalchemy import select, update

from bot import demo
from bot.desk.waiting import offer
from bot.storage.tables import delivery, vault_chat, vault_entry
from bot.tokens import Signer
from bot.wire import Incoming, Via
from school.sensitive import Sensitive
from tests.flows.rig import MONDAY, PUPIL, SAM, button_of
from tests.flows.test_flow_danger import CANARY, DANGER, MINUTE, at, receipt_in, said

REPLY = "Can you tell me a little more about the man?"
WANT, NOT_HERE = "Write to me here when there is an answer", "Don't write to me here"
WAITS = "Something is waiting for you"


async def reported(rig) -> str:
    """Sam's report has arrived; his receipt."""
    told = await said(rig, CANARY)
    await rig.tap(SAM, "Yes, pass it on")
    await rig.tap(SAM, "No, or it is about me or another pupil")
    await rig.until(lambda: "We have passed it on" in rig.chat(SAM)[-1])
    return receipt_in(told)


async def replied(rig, person: str = "dilys", words: str = REPLY) -> str:
    """Somebody writes to whoever reported, in their own session; what they are shown of it."""
    house = rig.product.house
    with house.units.read("oakfield") as unit:
        key = house.vault.unlock(unit.concerns.wrapped_keys(person), Sensitive(demo.PASSPHRASE))
        (concern,) = unit.concerns.for_reader(person)
    answer = await rig.product.counter.ask(
        Incoming(
            school="oakfield",
            via=Via.WEB,
            sender=person,
            verb="inbox.reply.send",
            args={"ref": concern.reference},
            words={"words": Sensitive(words)},
            key=key,
        )
    )
    await rig.settle()
    return str(answer.document)


def nudges(rig) -> list[str]:
    return [each for each in rig.chat(SAM) if WAITS in each]


@pytest.mark.clause(41)
async def test_sam_who_wants_it_is_told_that_something_is_waiting_and_not_what(school):
    async with school() as rig:
        receipt = await reported(rig)
        await rig.tap(SAM, WANT)
        await rig.until(lambda: "We will write here when something is waiting" in rig.chat(SAM)[-1])
        assert str(SAM).encode() not in b"".join(sealed_entries(rig))

        assert "They are told in their chat" in await replied(rig)
        await rig.until(lambda: nudges(rig))

        (nudge,) = nudges(rig)
        for secret in (REPLY, "LP-", receipt, "Dilys", "report"):
            assert secret not in nudge.replace("/report/receipt", "")
        assert "has written to you" in await said(rig, receipt)
        assert REPLY.encode() not in rig.everything_on_disk()
        await at(rig, 2 * MINUTE)
        assert left_of_chats(rig) == []
        assert str(SAM) not in ledger_of(rig)


@pytest.mark.clause(41)
async def test_sam_who_says_nothing_is_never_written_to(school):
    async with school() as rig:
        await reported(rig)

        assert "They have not asked to be told" in await replied(rig)
        await rig.settle()

        assert nudges(rig) == []
        assert sealed_entries(rig, kind="chat") == []


@pytest.mark.clause(41)
async def test_sam_changes_his_mind_with_his_receipt(school):
    async with school() as rig:
        receipt = await reported(rig)
        await rig.tap(SAM, WANT)
        await rig.until(lambda: "We will write here" in rig.chat(SAM)[-1])
        await said(rig, receipt)
        await rig.tap(SAM, NOT_HERE)
        await rig.until(lambda: "We won't write to you here" in rig.chat(SAM)[-1])
        await replied(rig)
        assert nudges(rig) == []

        await said(rig, receipt)
        await rig.tap(SAM, WANT)
        await rig.until(lambda: "We will write here" in rig.chat(SAM)[-1])
        await replied(rig)
        await rig.until(lambda: len(nudges(rig)) == 1)


@pytest.mark.clause(41)
async def test_sam_whose_words_went_by_themselves_is_told_for_nobody_could_ask_him(school):
    async with school() as rig:
        await said(rig, DANGER)
        await at(rig, 5 * MINUTE)

        await replied(rig, "hannah")

        await rig.until(lambda: len(nudges(rig)) == 1)


async def test_a_sam_who_has_blocked_the_bot_holds_nothing_up_and_is_forgotten(school):
    async with school() as rig:
        await reported(rig)
        await rig.tap(SAM, WANT)
        await rig.until(lambda: "We will write here" in rig.chat(SAM)[-1])
        rig.telegram.block(SAM)

        await replied(rig)
        await at(rig, 2 * MINUTE)

        with rig.product.engines.reading() as connection:
            pages = select(delivery.c.page, delivery.c.state).where(delivery.c.to_kind == "chat")
            assert connection.execute(pages).all() == [("answer-waits", "failed")]
        assert left_of_chats(rig) == []


@pytest.mark.clause(41)
async def test_two_answers_that_are_in_doubt_go_again_and_say_so(school):
    async with school() as rig:
        await reported(rig)
        await rig.tap(SAM, WANT)
        await rig.until(lambda: "We will write here" in rig.chat(SAM)[-1])
        await replied(rig)
        await rig.until(lambda: len(nudges(rig)) == 1)
        with rig.product.engines.writing() as connection:
            connection.execute(update(delivery).where(delivery.c.page == "answer-waits").values(state="sending"))
            connection.commit()
        rig.product.ledger.recover(rig.product.house.machine_clock.now(), all_of_it=True)

        await rig.settle()

        await rig.until(lambda: len(nudges(rig)) == 2)
        assert "This may be a repeat" in nudges(rig)[-1]


@pytest.mark.clause(41)
async def test_a_pupil_on_slack_wants_it_and_is_told_there(school):
    async with school() as rig:
        await rig.slack.say(PUPIL, text=CANARY)
        for label in ("Yes, pass it on", "No, or it is about me or another pupil", WANT):
            await rig.until(lambda label=label: _with(rig, label))
            message = _with(rig, label)
            action, value = button_of(message.blocks, label)
            await rig.slack.press(PUPIL, rig.slack.dm(PUPIL).id, message.ts, action, value)
        await rig.until(lambda: _with(rig, "We will write here"))

        await replied(rig)

        await rig.until(lambda: _with(rig, WAITS))
        assert "LP-" not in json.dumps(_with(rig, WAITS).blocks)


@pytest.mark.clause(41)
async def test_whoever_reports_on_the_web_is_told_to_come_back(school):
    async with school() as rig:
        page = await rig.web.get("/report")
        go, once = (re.search(f'name="{name}" value="([^"]+)"', page.text)[1] for name in ("go", "once"))
        filled = {"go": go, "once": once, "f-about": "pupil", "w-words": CANARY}
        thanks = await rig.web.post("/report", data=filled)

        assert "please come back with your receipt" in thanks.text
        assert WANT not in thanks.text


@pytest.mark.clause(41)
async def test_whoever_presses_add_twice_adds_once_and_reads_the_same_page(school):
    async with school() as rig:
        receipt = await reported(rig)
        page = (await rig.web.post("/report/receipt", data={"w-receipt": receipt})).text
        once = re.search('name="once" value="([^"]+)"', page)[1]
        filled = {"w-receipt": receipt, "w-words": "He wrote again.", "once": once}

        first, second = await asyncio.gather(*(rig.web.post("/report/receipt", data=filled) for _ in range(2)))
        third = await rig.web.post("/report/receipt", data=filled)

        assert "He wrote again." in first.text
        assert first.text == second.text == third.text
        assert len(sealed_entries(rig, "from sender")) == 1
        fresh = re.search('name="once" value="([^"]+)"', third.text)[1]
        assert fresh != once
        await rig.web.post("/report/receipt", data={**filled, "once": fresh})
        assert len(sealed_entries(rig, "from sender")) == 2


@pytest.mark.clause(41)
async def test_what_was_added_and_not_taken_is_given_back_with_its_mark(school):
    async with school() as rig:
        receipt = await reported(rig)
        filled = {"w-receipt": receipt[:-1], "w-words": "He wrote again.", "once": "a" * 43}
        forged = await rig.web.post("/report/receipt", data=filled)
        mark = re.search('name="once" value="([^"]+)"', forged.text)[1]
        assert mark != filled["once"]
        filled["once"] = mark

        refused = await rig.web.post("/report/receipt", data=filled)
        assert refused.status_code == 422
        assert "He wrote again." in refused.text
        assert f'name="once" value="{mark}"' in refused.text
        taken = await rig.web.post("/report/receipt", data={**filled, "w-receipt": receipt})

        assert taken.status_code == 200
        assert len(sealed_entries(rig, "from sender")) == 1


@pytest.mark.clause(41)
async def test_a_pupil_says_in_slack_s_form_that_they_want_it(school):
    async with school() as rig:
        desk, ask = rig.product.counter, partial(Incoming, school="oakfield", via=Via.SLACK, sender=PUPIL)
        form = (await desk.ask(ask(verb="report.year", args={"year": "13"}))).form
        assert [(each.name, each.initial) for each in form.fields][-1] == ("tell", "no")
        said = {"words": Sensitive(CANARY)}
        sent = await desk.ask(ask(verb="report.send", args={"about": "pupil", "tell": "yes"}, words=said))
        assert "We will write here" in str(sent.document)

        await replied(rig)

        await rig.until(lambda: _with(rig, WAITS))


def test_a_button_for_three_reports_fits_where_telegram_has_room():
    _, rows = offer(["LP-7KQ4-M2", "LP-8KQ4-M2", "LP-9KQ4-M2", "LP-0LD0-ES"])
    (choice,) = rows[0]

    assert choice.args == {"r": "7KQ4M2,8KQ4M2,9KQ4M2"}
    for verb in ("report.tell", "report.hush"):
        token = Signer("oakfield", ((1, b"k" * 32),)).button(verb, choice.args, on=MONDAY.date())
        assert len(token) <= 64


def _with(rig, words: str):
    return next((each for each in reversed(rig.slack.dm_messages(PUPIL)) if words in json.dumps(each.blocks)), None)


def sealed_entries(rig, kind: str = "") -> list[bytes]:
    with rig.product.engines.reading() as connection:
        rows = connection.execute(select(vault_entry.c.kind, vault_entry.c.sealed)).all()
    return [sealed for its, sealed in rows if kind in {"", its}]


def left_of_chats(rig) -> list[object]:
    with rig.product.engines.reading() as connection:
        return list(connection.execute(select(vault_chat)).all())


def ledger_of(rig) -> str:
    with rig.product.engines.reading() as connection:
        return str(connection.execute(select(delivery.c.key, delivery.c.recipient, delivery.c["values"])).all())
