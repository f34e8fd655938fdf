"""Bad input in a chat: what the desk does not know, codes and buttons that are old, forged or pressed twice."""

import asyncio
import copy
import itertools
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import demo
from bot.clock import MachineClock
from bot.commands.groups import invitation_link
from bot.commands.house import Where, stores
from bot.storage.tables import invitation
from bot.tokens import BUTTON, LINK, Signer
from tests.flows.rig import AMARA, MONDAY, button_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

NUMBERS = itertools.count(1)
NOT_KNOWN = "That isn't something I know."
NOT_OURS = "That link or button isn't one of ours. Please use the newest one you were given."
TOO_OLD = "That button is from an old message. Please ask again to get a fresh one."
UNKNOWN_CODE = (
    "We don't know that invitation. Please use the link or poster from the school, or ask the office for a new one."
)
REPLACED = "That invitation has been replaced. Please ask the school office for the new link."
GONE = "Our copy is gone."
WELCOME = "To join, use the link or poster from the school."
FOR_STAFF = "That is for school staff whose account the office has set up. If that is you, please ask the office."


def _somebody(rig) -> int:
    """A person on Telegram whom Lollipop has never met."""
    number = 8000 + next(NUMBERS)
    return rig.telegram.add_person(number, f"Person {number}", "en").id


def _pupil(rig) -> str:
    """A pupil on Slack whom Lollipop has never met."""
    number = next(NUMBERS)
    return rig.slack.add_user(f"U1SEEN{number:03}", f"Pupil {number}", is_pupil=True).id


def _signer(rig) -> Signer:
    return rig.product.house.signers["oakfield"]


def _today():
    return MachineClock().now().date()


async def _told(rig, person: int, sentence: str) -> None:
    """The newest thing that the bot has said to somebody, once it has."""
    await rig.until(lambda: rig.chat(person) and sentence in rig.chat(person)[-1], seconds=30)


async def _told_in_slack(rig, person: str, sentence: str) -> None:
    def newest() -> str:
        messages = [each for each in rig.slack.dm_messages(person) if each.by_bot]
        return str(messages[-1].blocks) if messages else ""

    await rig.until(lambda: sentence in newest() or sentence in newest().replace("\\'", "'"), seconds=30)


def _families(rig, person: int) -> list[object]:
    with rig.product.house.units.read("oakfield") as unit:
        found = unit.families.by_address(via="telegram", address=str(person))
    return [found] if found else []


async def _invited(rig, class_name: str) -> str:
    """A class's code, as the office gets it from its command."""

    def made() -> str:
        with stores(Where(rig.settings.school_file), settings=rig.settings) as at:
            return invitation_link(at, at.school.class_named(class_name), bot_name=demo.BOT_NAME)[1]

    return await asyncio.to_thread(made)


def _take_back(rig, code: str) -> None:
    content, _ = _signer(rig).read(LINK, code)
    with rig.product.engines.write.begin() as connection:
        connection.execute(
            update(invitation).where(invitation.c.code == content.decode()).values(revoked=MONDAY),
        )


async def test_amara_types_a_class_that_is_not_there_and_reads_which_there_are(open_school):
    rig = open_school

    await rig.slack.slash(AMARA, "/lesson", "Willow")

    await _told_in_slack(rig, AMARA, "There is no class called “Willow”. The classes are: Oak, Elm.")


async def test_amara_types_what_lollipop_does_not_know_and_reads_what_it_does(open_school):
    rig = open_school

    await rig.slack.slash(AMARA, "/lollipop", "nonsense")

    await _told_in_slack(rig, AMARA, NOT_KNOWN)
    await _told_in_slack(rig, AMARA, "/lesson Oak")


async def test_a_pupil_types_what_lollipop_does_not_know_and_reads_how_to_tell_someone(open_school):
    rig, pupil = open_school, _pupil(open_school)

    await rig.slack.slash(pupil, "/lollipop", "nonsense")

    await _told_in_slack(rig, pupil, "If you want to tell someone about a worry, type /report.")


async def test_sam_types_a_command_that_there_is_not_and_reads_which_there_are(open_school):
    rig, sam = open_school, _somebody(open_school)

    rig.telegram.say(sam, "/nonsense")

    await _told(rig, sam, NOT_KNOWN)
    assert "/report" in rig.chat(sam)[-1]
    assert "999" in rig.chat(sam)[-1]


@pytest.mark.clause(40)
async def test_sam_types_his_trouble_after_a_command_that_there_is_not_and_it_is_caught(open_school):
    rig, sam = open_school, _somebody(open_school)

    rig.telegram.say(sam, "/nonsense zebra umbrella seventeen")

    await rig.until(lambda: "Yes, pass it on" in rig.buttons(sam), seconds=30)
    await _told(rig, sam, NOT_KNOWN)
    assert b"zebra umbrella seventeen" not in rig.everything_on_disk()


async def test_marta_starts_without_a_code_and_reads_where_to_find_one(open_school):
    rig, marta = open_school, _somebody(open_school)

    rig.telegram.start(marta)

    await _told(rig, marta, WELCOME)
    assert "type /report" in rig.chat(marta)[-1]
    assert _families(rig, marta) == []


async def test_marta_starts_with_a_forged_code_and_is_told_so(open_school):
    rig = open_school
    another = Signer("oakfield", ((1, b"another school's key, of 32 byte"),))
    forged = {
        "signed by another": another.mint(LINK, b"abcd1234", on=_today()),
        "one letter changed": rig.invite[:-1] + ("A" if rig.invite[-1] != "A" else "Q"),
        "a button's token": _signer(rig).mint(BUTTON, b"join", on=_today()),
        "nonsense": "nonsense",
    }

    for code in forged.values():
        marta = _somebody(rig)
        rig.telegram.start(marta, code)

        await _told(rig, marta, NOT_OURS)
        assert _families(rig, marta) == []


async def test_marta_starts_with_a_code_that_the_school_no_longer_has_and_is_sent_to_the_office(open_school):
    rig, marta = open_school, _somebody(open_school)

    rig.telegram.start(marta, _signer(rig).mint(LINK, b"gone1234", on=_today()))

    await _told(rig, marta, UNKNOWN_CODE)
    assert _families(rig, marta) == []


async def test_marta_whose_code_is_taken_back_is_told_at_the_link_and_at_her_last_tap(open_school):
    rig, marta, late = open_school, _somebody(open_school), _somebody(open_school)
    code = await _invited(rig, "Elm")
    rig.telegram.start(marta, code)
    await rig.tap(marta, "English")
    await rig.until(lambda: "Yes, join" in rig.buttons(marta), seconds=30)

    _take_back(rig, code)
    rig.telegram.start(late, code)
    await rig.tap(marta, "Yes, join")

    await _told(rig, late, REPLACED)
    await _told(rig, marta, REPLACED)
    assert _families(rig, marta) == _families(rig, late) == []


async def test_marta_with_an_old_poster_of_an_invitation_still_in_force_joins_all_the_same(open_school):
    rig, marta = open_school, _somebody(open_school)
    content, _ = _signer(rig).read(LINK, rig.invite)

    rig.telegram.start(marta, _signer(rig).mint(LINK, content, on=_today() - timedelta(days=200)))
    await rig.tap(marta, "English")
    await rig.tap(marta, "Yes, join")

    await rig.until(lambda: _families(rig, marta), seconds=30)


async def test_marta_taps_yes_twice_and_is_told_that_nothing_was_changed(open_school):
    rig, marta = open_school, _somebody(open_school)
    rig.telegram.start(marta, rig.invite)
    await rig.tap(marta, "English")
    await rig.until(lambda: "Yes, join" in rig.buttons(marta), seconds=30)
    message, data = rig.buttons(marta)["Yes, join"]

    rig.telegram.tap(marta, message, data)
    rig.telegram.tap(marta, message, data)

    await rig.until(lambda: "You had joined already. Nothing was changed." in str(rig.chat(marta)), seconds=30)
    (family,) = _families(rig, marta)
    with rig.product.house.units.read("oakfield") as unit:
        assert len(unit.families.events(family.id)) == 1


async def test_amara_marks_a_lesson_twice_and_it_is_taught_once(open_school):
    rig = open_school
    await rig.slack.slash(AMARA, "/lesson", "Oak")
    await _told_in_slack(rig, AMARA, "Mark as taught")
    card = rig.slack.dm_messages(AMARA)[-1]
    action, value = button_of(card.blocks, "Mark as taught")
    shown = copy.deepcopy(card.blocks)

    for _ in range(2):
        card.blocks = copy.deepcopy(shown)  # her screen has not caught up: the button is gone once it was used
        await rig.slack.press(AMARA, rig.slack.dm(AMARA).id, card.ts, action, value)
        await rig.until(lambda: rig.slack.modal(AMARA), seconds=30)
        await rig.slack.submit(AMARA, values={"h0_0": "20"})
        said = str(rig.slack.snapshot(AMARA)["modal"])
        await rig.slack.close_view(AMARA, everything=True)

    assert "This one is already marked for Oak. Nothing was changed." in said
    with rig.product.house.units.read("oakfield") as unit:
        assert len(unit.progress.taught("oak")) == 1


def _strange_tokens(rig) -> dict[str, tuple[str, str]]:
    """What a button may hold that it should not, and what whoever pressed it reads."""
    another = Signer("oakfield", ((1, b"another school's key, of 32 byte"),))
    own = _signer(rig)
    return {
        "no token at all": ("draft.drop", NOT_OURS),
        "signed by another": (another.button("draft.drop", {}, on=_today()), NOT_OURS),
        "a link's token": (rig.invite, NOT_OURS),
        "a year old": (own.button("draft.drop", {}, on=_today() - timedelta(days=365)), TOO_OLD),
        "one for staff": (own.button("lesson.later", {"c": "oak", "l": "x", "t": "0"}, on=_today()), FOR_STAFF),
        "one for the inbox": (own.button("inbox.list", {}, on=_today()), FOR_STAFF),
    }


@pytest.mark.clause(40)
async def test_sam_taps_a_button_that_is_old_or_forged_and_his_words_wait_as_they_did(open_school):
    rig = open_school

    for token, sentence in _strange_tokens(rig).values():
        sam = _somebody(rig)
        rig.telegram.say(sam, "zebra umbrella seventeen")
        await rig.until(lambda sam=sam: "No, throw it away" in rig.buttons(sam), seconds=30)
        number, data = rig.buttons(sam)["No, throw it away"]
        message = next(each for each in rig.telegram.messages(sam) if each.message_id == number)
        key = next(key for row in message.inline_keyboard for key in row if key.get("callback_data") == data)
        key["callback_data"] = token

        rig.telegram.tap(sam, number, token)

        def seen(sam=sam) -> str:
            snapshot = rig.telegram.snapshot(sam)
            return " ".join([*rig.chat(sam), *(each["text"] for each in snapshot["toasts"])])

        await rig.until(lambda seen=seen, sentence=sentence: sentence in seen(), seconds=30)
        key["callback_data"] = data
        await rig.tap(sam, "No, throw it away")
        await rig.until(lambda sam=sam: GONE in str(rig.chat(sam)), seconds=30)


@pytest.mark.clause(40)
async def test_a_pupil_presses_a_button_that_is_old_or_forged_and_the_words_wait_as_they_did(open_school):
    rig = open_school

    for token, sentence in _strange_tokens(rig).values():
        pupil = _pupil(rig)
        await rig.slack.say(pupil, text="zebra umbrella seventeen")
        await _told_in_slack(rig, pupil, "No, throw it away")
        card = rig.slack.dm_messages(pupil)[-1]
        element = next(
            each
            for block in card.blocks
            if block["type"] == "actions"
            for each in block["elements"]
            if each["text"]["text"] == "No, throw it away"
        )
        true, element["value"] = element["value"], token

        await rig.slack.press(pupil, rig.slack.dm(pupil).id, card.ts, element["action_id"])

        await _told_in_slack(rig, pupil, sentence)
        element["value"] = true
        await rig.slack.press(pupil, rig.slack.dm(pupil).id, card.ts, element["action_id"])
        await rig.until(lambda pupil=pupil: GONE in str(rig.slack.snapshot(pupil)), seconds=30)
