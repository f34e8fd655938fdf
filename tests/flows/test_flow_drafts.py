"""What is typed straight into a chat: locked away, asked about, and given to those it should go to and nobody else."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import demo
from bot.storage.tables import delivery, vault_concern, vault_key, vault_wrap
from safeguarding import About
from school.sensitive import Sensitive
from tests.flows.rig import DILYS, MONDAY, PUPIL, SAM, button_of

CANARY = "zebra umbrella seventeen lighthouse"
GONE = "We have tried to remove your message from this chat."
ANSWERS = {
    About.PUPIL: "No, or it is about me or another pupil",
    About.ADULT: "Yes, a teacher or another adult at school",
    About.HEAD: "Yes, the headteacher",
    About.LEAD: "Yes, the safeguarding lead",
    About.NOT_SURE: "I'm not sure",
}
GOES_TO = {
    About.PUPIL: {"dilys", "femi"},
    About.ADULT: {"hannah"},
    About.HEAD: {"grace"},
    About.LEAD: {"hannah"},
    About.NOT_SURE: {"hannah", "grace"},
}
# Who is told at once, and who holds a key for when nobody before them opens it.
TOLD = {**GOES_TO, About.PUPIL: {"dilys"}}
IN_RESERVE = {About.PUPIL: {"hannah"}, About.ADULT: {"grace"}, About.LEAD: {"grace"}}


def _kept(rig) -> list[str]:
    with rig.product.engines.reading() as connection:
        return list(connection.execute(select(vault_concern.c.state)).scalars())


def _locked_for(rig) -> set[str]:
    with rig.product.engines.reading() as connection:
        return set(connection.execute(select(vault_wrap.c.person)).scalars())


def _told(rig) -> set[str]:
    """Of a report: the head hears each day where the log stands, whatever stands in it."""
    with rig.product.engines.reading() as connection:
        return set(connection.execute(select(delivery.c.recipient).where(delivery.c.page != "vault-mark")).scalars())


def _read_by(rig, person: str) -> list[tuple[str, About]]:
    """What somebody can open, out of everything that there is, with their own key."""
    house, found = rig.product.house, []
    with house.units.read("oakfield") as unit:
        key = house.vault.unlock(unit.concerns.wrapped_keys(person), Sensitive(demo.PASSPHRASE))
        for concern in unit.concerns.for_reader(person):
            opened = unit.concerns.open(concern.id, person=person, key=key)
            found.append((opened.words.reveal(), opened.about))
    return found


def _everything_sam_sees(rig) -> str:
    return json.dumps(rig.telegram.snapshot(SAM), ensure_ascii=False)


@pytest.mark.clause(40)
@pytest.mark.parametrize("about", list(About))
async def test_sam_says_whom_it_is_about_and_it_goes_to_those_alone(school, about):
    async with school() as rig:
        rig.telegram.say(SAM, CANARY)
        await rig.until(lambda: rig.chat(SAM))
        assert _locked_for(rig) == {"dilys", "femi", "hannah", "grace"}
        await rig.tap(SAM, "Yes, pass it on")
        await rig.until(lambda: ANSWERS[about] in rig.buttons(SAM))
        assert "No one at school has your words yet." in rig.chat(SAM)[-1]
        assert (_kept(rig), _told(rig)) == (["draft"], set())
        assert [_read_by(rig, person) for person in ("dilys", "femi", "hannah", "grace")] == [[], [], [], []]

        await rig.tap(SAM, ANSWERS[about])
        await rig.until(lambda: "We have passed it on" in rig.chat(SAM)[-1])

        assert _kept(rig) == ["new"]
        assert _locked_for(rig) == GOES_TO[about] | IN_RESERVE.get(about, set())
        assert _told(rig) == TOLD[about]
        for person in ("dilys", "femi", "hannah", "grace"):
            assert _read_by(rig, person) == ([(CANARY, about)] if person in GOES_TO[about] else [])
        assert CANARY.encode() not in rig.everything_on_disk()
        assert CANARY not in rig.logs.getvalue()


@pytest.mark.clause(40)
async def test_the_lead_whom_sam_names_is_told_nothing_and_finds_nothing(school):
    async with school() as rig:
        rig.telegram.say(SAM, CANARY)
        await rig.until(lambda: rig.chat(SAM))
        await rig.tap(SAM, "Yes, pass it on")
        await rig.until(lambda: "Yes, the safeguarding lead" in rig.buttons(SAM))
        await rig.tap(SAM, "Yes, the safeguarding lead")
        await rig.settle()
        await rig.until(lambda: rig.slack.dm_messages("U0HANNAH"))

        assert not rig.slack.dm_messages(DILYS)
        entered = await rig.web.post(
            "/inbox/sign-in",
            data={"person": "dilys", "passphrase": demo.PASSPHRASE},
            follow_redirects=True,
        )
        assert "There is nothing to read." in entered.text


@pytest.mark.clause(40)
async def test_sam_stops_at_the_question_and_nobody_ever_has_his_words(school):
    async with school() as rig:
        rig.telegram.say(SAM, CANARY)
        await rig.until(lambda: rig.chat(SAM))
        receipt = re.search(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", rig.chat(SAM)[-1])
        assert receipt
        await rig.tap(SAM, "Yes, pass it on")
        await rig.until(lambda: "I'm not sure" in rig.buttons(SAM))
        await rig.settle()
        assert (_kept(rig), _told(rig)) == (["draft"], set())
        status = await rig.web.post("/report/receipt", data={"w-receipt": receipt[0]})
        assert "nobody has been given them yet" in status.text

        rig.clock.move_to(MONDAY + timedelta(hours=25))
        await rig.settle()

        assert (_kept(rig), _told(rig), _locked_for(rig)) == ([], set(), set())
        await rig.tap(SAM, "I'm not sure")
        await rig.until(lambda: "Nothing is waiting here now." in rig.chat(SAM)[-1])
        assert _kept(rig) == []


@pytest.mark.clause(40)
async def test_sam_taps_two_answers_and_the_first_one_counts(school):
    async with school() as rig:
        rig.telegram.say(SAM, CANARY)
        await rig.until(lambda: rig.chat(SAM))
        receipt = rig.chat(SAM)[-1]
        await rig.tap(SAM, "Yes, pass it on")
        await rig.until(lambda: "I'm not sure" in rig.buttons(SAM))
        buttons = rig.buttons(SAM)
        for label in ("Yes, the headteacher", "No, or it is about me or another pupil", "No, throw it away"):
            rig.telegram.tap(SAM, *buttons[label])

        await rig.until(lambda: sum("Nothing is waiting here now." in each for each in rig.chat(SAM)) == 2)

        assert _kept(rig) == ["new"]
        assert _locked_for(rig) == _told(rig) == {"grace"}
        assert receipt in rig.chat(SAM)
        assert any("We have passed it on" in each for each in rig.chat(SAM))


@pytest.mark.clause(40)
async def test_sam_writes_twice_and_both_go_to_the_same_people(school):
    async with school() as rig:
        for count, words in enumerate((CANARY, f"{CANARY} again"), start=1):
            rig.telegram.say(SAM, words)
            await rig.until(lambda count=count: len(rig.chat(SAM)) == count)
        await rig.tap(SAM, "Yes, pass it on")
        await rig.until(lambda: "I'm not sure" in rig.buttons(SAM))
        await rig.tap(SAM, "Yes, the headteacher")
        await rig.until(lambda: _kept(rig) == ["new", "new"])

        assert {words for words, _ in _read_by(rig, "grace")} == {CANARY, f"{CANARY} again"}
        assert _locked_for(rig) == {"grace"}


@pytest.mark.clause(40)
async def test_sam_throws_it_away_at_the_question(school):
    async with school() as rig:
        rig.telegram.say(SAM, CANARY)
        await rig.until(lambda: rig.chat(SAM))
        await rig.tap(SAM, "Yes, pass it on")
        await rig.until(lambda: "I'm not sure" in rig.buttons(SAM))
        await rig.tap(SAM, "No, throw it away")
        await rig.until(lambda: "We have thrown it away" in rig.chat(SAM)[-1])

        assert (_kept(rig), _locked_for(rig), _told(rig)) == ([], set(), set())


@pytest.mark.clause(40)
async def test_sam_names_an_adult_but_nobody_it_would_go_to_has_a_key_and_it_stays_a_draft(school):
    async with school() as rig:
        with rig.product.engines.writing() as connection:
            connection.execute(vault_key.delete().where(vault_key.c.person.in_(["hannah", "grace"])))
            connection.commit()
        rig.telegram.say(SAM, CANARY)
        await rig.until(lambda: rig.chat(SAM))
        await rig.tap(SAM, "Yes, pass it on")
        await rig.until(lambda: "I'm not sure" in rig.buttons(SAM))
        await rig.tap(SAM, "Yes, the safeguarding lead")
        await rig.until(lambda: "Nobody has your words yet." in rig.chat(SAM)[-1])
        assert (_kept(rig), _told(rig)) == (["draft"], set())
        assert "0800 1111" in rig.chat(SAM)[-1]

        await rig.tap(SAM, "No, or it is about me or another pupil")
        await rig.until(lambda: _kept(rig) == ["new"])

        assert _told(rig) == {"dilys"}


@pytest.mark.clause(40)
async def test_sams_caught_words_are_taken_out_of_the_chat_and_he_is_told_so(school):
    async with school() as rig:
        rig.telegram.say(SAM, CANARY)

        await rig.until(lambda: rig.chat(SAM) and CANARY not in _everything_sam_sees(rig))
        assert GONE in rig.chat(SAM)[-1]


@pytest.mark.clause(40)
async def test_sam_writes_his_trouble_over_an_old_message_and_it_is_taken_out_too(school):
    async with school() as rig:
        rig.telegram.say(SAM, "/help")
        await rig.until(lambda: rig.chat(SAM))
        (own,) = [each for each in rig.telegram.snapshot(SAM)["messages"] if not each["from_bot"]]
        rig.telegram.edit(SAM, own["message_id"], CANARY)

        await rig.until(lambda: _kept(rig) == ["draft"] and CANARY not in _everything_sam_sees(rig))
        await rig.until(lambda: GONE in rig.chat(SAM)[-1])


async def _pressed(rig, label: str) -> None:
    message = next(each for each in reversed(rig.slack.dm_messages(PUPIL)) if label in json.dumps(each.blocks))
    action, value = button_of(message.blocks, label)
    await rig.slack.press(PUPIL, rig.slack.dm(PUPIL).id, message.ts, action, value)


@pytest.mark.clause(40)
async def test_a_pupil_on_slack_is_asked_and_told_that_the_message_stays(school):
    def newest() -> str:
        return str(rig.slack.dm_messages(PUPIL)[-1])

    async with school() as rig:
        await rig.slack.say(PUPIL, text=CANARY)
        await rig.until(lambda: "Yes, pass it on" in newest())
        assert "We can't remove your message from this chat. You may delete it yourself." in newest()
        await _pressed(rig, "Yes, pass it on")
        await rig.until(lambda: "No one at school has your words yet." in newest())
        assert (_kept(rig), _told(rig)) == (["draft"], set())
        await _pressed(rig, "Yes, the headteacher")
        await rig.until(lambda: "We have passed it on" in newest())

        assert _read_by(rig, "grace") == [(CANARY, About.HEAD)]
        assert _locked_for(rig) == _told(rig) == {"grace"}


@pytest.mark.parametrize("words", ["\u200b\u2063", "\x07\x1b", "\u3164"], ids=["nothing drawn", "controls", "filler"])
async def test_sam_sends_nothing_that_can_be_seen_and_is_asked_kindly(school, words):
    async with school() as rig:
        rig.telegram.say(SAM, words)

        await rig.until(lambda: rig.chat(SAM))
        assert "We couldn't see any words in that message" in rig.chat(SAM)[-1]
        assert "0800 1111" in rig.chat(SAM)[-1]
        assert _kept(rig) == []
