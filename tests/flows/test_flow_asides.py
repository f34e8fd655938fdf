"""What is still there to tap once it has been tapped; and a receipt that was sent into the chat."""

import json
import re

import pytest

from tests.flows.rig import AMARA, MARTA, PUPIL, SAM, button_of

CANARY = "zebra umbrella seventeen lighthouse"
RECEIPT = re.compile(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}")


def keyboards(rig, person: int) -> list[list[str]]:
    """The buttons under each message of the bot's, in order."""
    messages = [each for each in rig.telegram.snapshot(person)["messages"] if each["from_bot"]]
    return [[key["text"] for row in each["inline_keyboard"] for key in row] for each in messages]


async def test_sam_passes_it_on_and_the_old_message_keeps_its_receipt_and_loses_its_buttons(school):
    async with school() as rig:
        rig.telegram.say(SAM, CANARY)
        await rig.until(lambda: rig.chat(SAM))
        caught = rig.chat(SAM)[-1]
        await rig.tap(SAM, "Yes, pass it on")

        await rig.until(lambda: len(keyboards(rig, SAM)) == 2 and keyboards(rig, SAM)[0] == [])
        assert rig.chat(SAM)[0] == caught
        assert RECEIPT.search(caught)
        assert "I'm not sure" in keyboards(rig, SAM)[1]


async def test_a_pupil_on_slack_passes_it_on_and_the_old_message_keeps_its_receipt_and_loses_its_buttons(school):
    async with school() as rig:
        await rig.slack.say(PUPIL, text=CANARY)
        await rig.until(lambda: "Yes, pass it on" in json.dumps(rig.slack.dm_messages(PUPIL)[-1].blocks))
        message = rig.slack.dm_messages(PUPIL)[-1]
        receipt = RECEIPT.search(json.dumps(message.blocks))
        action, value = button_of(message.blocks, "Yes, pass it on")
        await rig.slack.press(PUPIL, rig.slack.dm(PUPIL).id, message.ts, action, value)

        await rig.until(
            lambda: "Yes, pass it on" not in json.dumps(rig.slack.message(message.channel, message.ts).blocks)
        )
        left = json.dumps(rig.slack.message(message.channel, message.ts).blocks)
        assert receipt
        assert receipt[0] in left
        assert "No, throw it away" not in left
        assert "No, throw it away" in json.dumps(rig.slack.dm_messages(PUPIL)[-1].blocks)


async def test_amara_marks_a_lesson_as_taught_and_the_card_beneath_says_so(school):
    def cards() -> str:
        return json.dumps([each.blocks for each in rig.slack.messages("C0OAK")])

    async with school() as rig:
        await rig.slack.slash(AMARA, "/lesson", "Oak", "C0OAK")
        await rig.until(lambda: "Mark as taught" in cards())
        card = rig.slack.messages("C0OAK")[-1]
        action, value = button_of(card.blocks, "Mark as taught")
        await rig.slack.press(AMARA, "C0OAK", card.ts, action, value)
        await rig.until(lambda: rig.slack.modal(AMARA))
        await rig.slack.submit(AMARA)

        await rig.until(lambda: "Mark as taught" not in cards())
        assert "What is next?" in cards()
        assert len(rig.slack.messages("C0OAK")) == 1


@pytest.mark.clause(40)
async def test_sam_sends_his_receipt_into_the_chat_and_it_is_answered_and_taken_out(school):
    async with school() as rig:
        rig.telegram.say(SAM, CANARY)
        await rig.until(lambda: rig.chat(SAM))
        receipt = RECEIPT.search(rig.chat(SAM)[-1])
        assert receipt
        assert "/report/receipt" in rig.chat(SAM)[-1]
        rig.telegram.say(SAM, f"my receipt is {receipt[0]}")

        await rig.until(lambda: "nobody has been given them yet" in rig.chat(SAM)[-1])
        await rig.until(lambda: all(each["from_bot"] for each in rig.telegram.snapshot(SAM)["messages"]))


async def test_marta_whose_phone_is_polish_is_asked_in_polish_and_says_no_thanks(school):
    async with school() as rig:
        rig.telegram.start(MARTA, rig.invite)
        await rig.until(lambda: rig.chat(MARTA))
        assert "Witamy" in rig.chat(MARTA)[-1]
        await rig.tap(MARTA, "Polski")
        await rig.until(lambda: "Nie, dziękuję" in rig.buttons(MARTA))
        await rig.tap(MARTA, "Nie, dziękuję")

        await rig.until(lambda: "nic nie zapisaliśmy" in rig.chat(MARTA)[-1])
        assert rig.buttons(MARTA) == {}
        with rig.product.house.units.read("oakfield") as unit:
            assert list(unit.families.active()) == []


@pytest.mark.clause(40)
async def test_a_child_finds_the_way_to_ask_on_the_form_and_on_its_thanks(school):
    async with school() as rig:
        form = (await rig.web.get("/report")).text
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        thanks = (await rig.web.post("/report", data={**hidden, "f-about": "pupil", "w-words": CANARY})).text

        assert all('href="/report/receipt"' in page for page in (form, thanks))
        assert f"{rig.product.house.public_url}/report/receipt" in thanks
