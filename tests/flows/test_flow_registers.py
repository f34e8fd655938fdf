"""From Slack to the inbox: a low-level concern that Hannah alone reads, and an account that two people uncover."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot import demo
from tests.flows.rig import AMARA, HANNAH, PUPIL, Rig, button_of

UNEASE = "He took pictures with his own phone, magpie teapot canary"
DANGER = "I am on the bridge and I can't go on, magpie lantern canary"
WHY = "They wrote from a bridge, magpie ladder canary"
ADULT = "Ellis Wardmagpie"


def clear(rig: Rig, *words: str) -> None:
    """None of it stands anywhere in the clear."""
    kept, logged = rig.everything_on_disk(), rig.logs.getvalue()
    for each in words:
        assert each.encode() not in kept
        assert each not in logged
        assert each not in str(rig.slack.calls)


@asynccontextmanager
async def signed_in(rig: Rig, person: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of their own."""
    base = str(rig.web.base_url)
    async with httpx.AsyncClient(base_url=base, headers={"Origin": base}) as browser:
        entered = await browser.post("/inbox/sign-in", data={"person": person, "passphrase": demo.PASSPHRASE})
        assert entered.status_code == 303, entered.text
        yield browser


async def press(browser: httpx.AsyncClient, page: str, label: str, **typed: str) -> str:
    """The form whose button says so, with what is typed into it; the page that comes of it."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        if f">{label}</button>" in " ".join(html.unescape(form).split()).replace("> ", ">").replace(" <", "<"):
            fields = dict(re.findall(r'<(?:input type="hidden"|button)[^>]*name="([^"]+)" value="([^"]*)"', form))
            answer = await browser.post("/inbox", data={**fields, **typed})
            assert answer.status_code == 200, answer.text
            return html.unescape(answer.text)
    raise AssertionError(f"no button {label!r} in {page}")


@pytest.mark.clause(40)
async def test_amara_finds_the_register_above_the_form_of_report_and_hannah_alone_reads_what_she_wrote(school):
    async with school() as rig:
        await rig.slack.slash(AMARA, "/report")
        await rig.until(lambda: rig.slack.modal(AMARA))
        above = rig.slack.modal(AMARA).definition["blocks"]
        kinds = [block["type"] for block in above]
        assert kinds.index("actions") < kinds.index("input"), "met before anything is typed"
        await rig.slack.press_in_view(AMARA, *button_of(above, "Log a low-level concern about an adult"))
        await rig.until(lambda: "made you uneasy" in str(rig.slack.snapshot(AMARA)["modal"]))

        await rig.slack.submit(AMARA, values={"whom": "adult", "words": UNEASE})
        await rig.until(lambda: "Please write the name" in str(rig.slack.snapshot(AMARA)["modal"]))
        await rig.slack.submit(AMARA, values={"whom": "adult", "name": ADULT, "words": UNEASE})
        await rig.until(lambda: "It is in the register" in str(rig.slack.snapshot(AMARA)["modal"]))
        await rig.settle()

        async with signed_in(rig, "dilys") as dilys:
            listed = (await dilys.get("/inbox")).text
            assert "LP-" not in listed
            assert "Low-level concerns about adults" not in listed
        async with signed_in(rig, "hannah") as hannah:
            listed = await press(hannah, (await hannah.get("/inbox")).text, "Low-level concerns about adults")
            reference = re.search(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}", listed)
            assert reference, listed
            assert ADULT not in listed
            opened = await press(hannah, listed, f"Open {reference[0]}")
            assert UNEASE in opened
            assert ADULT in opened
            assert "Amara Okafor" in opened
        clear(rig, UNEASE, ADULT)


@pytest.mark.clause(41)
async def test_dilys_and_hannah_uncover_together_which_account_wrote_and_nobody_does_alone(school):
    async with school() as rig:
        await rig.slack.slash(PUPIL, "/report")
        await rig.until(lambda: rig.slack.modal(PUPIL))
        await rig.slack.submit(PUPIL, values={"year": "12"})
        await rig.until(lambda: "Send it safely" in str(rig.slack.snapshot(PUPIL)["modal"]))
        assert "Two adults together can unlock it" in str(rig.slack.snapshot(PUPIL)["modal"])
        await rig.slack.submit(PUPIL, values={"about": "pupil", "words": DANGER})
        await rig.until(lambda: "Your receipt" in str(rig.slack.snapshot(PUPIL)["modal"]))

        async with signed_in(rig, "dilys") as dilys, signed_in(rig, "hannah") as hannah:
            listed = (await dilys.get("/inbox")).text
            reference = re.search(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}", listed)
            assert reference, listed
            case = await press(dilys, listed, f"Open {reference[0]}")
            assert PUPIL not in case
            asking = await press(dilys, case, "Somebody is in danger: find out who wrote")
            await press(dilys, asking, "Ask a second person", **{"w-words": WHY})
            await rig.settle()
            await rig.until(lambda: "somebody may be in danger" in str(rig.slack.dm_messages("U0HANNAH")).lower())

            waiting = await press(hannah, (await hannah.get("/inbox")).text, "A colleague asks for your agreement")
            look = await press(hannah, waiting, "Look at what is asked")
            assert WHY in look
            assert DANGER not in look
            assert PUPIL not in look
            assert PUPIL in await press(hannah, look, "I agree: show who wrote")

            case = await press(dilys, (await dilys.get("/inbox")).text, f"Open {reference[0]}")
            assert PUPIL in await press(dilys, case, "See who wrote, once")
            case = await press(dilys, (await dilys.get("/inbox")).text, f"Open {reference[0]}")
            assert "See who wrote, once" not in case
            assert "Hannah Lewis agreed and saw who wrote" in case
        clear(rig, DANGER, WHY)


@pytest.mark.clause(42)
async def test_amara_reports_a_message_and_dilys_is_told_which_and_where_it_stands(school):
    async with school() as rig:
        await rig.slack.say(HANNAH, "C0OAK", "Look at this, magpie kettle canary")
        chosen = next(each for each in rig.slack.messages("C0OAK") if "kettle" in each.text)
        await rig.slack.message_shortcut(AMARA, "report_message", "C0OAK", chosen.ts)
        await rig.until(lambda: rig.slack.modal(AMARA))
        await rig.slack.submit(AMARA, values={"about": "pupil", "words": DANGER})
        await rig.until(lambda: "Your receipt" in str(rig.slack.snapshot(AMARA)["modal"]))

        async with signed_in(rig, "dilys") as dilys:
            listed = (await dilys.get("/inbox")).text
            reference = re.search(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}", listed)
            assert reference, listed
            case = await press(dilys, listed, f"Open {reference[0]}")
        assert f"Slack message {chosen.ts} in the channel C0OAK, " in case
        assert "Written in" not in case, "it was typed into a form, which is no message"
        clear(rig, DANGER)
        assert f"{chosen.ts} 20".encode() not in rig.everything_on_disk(), "sealed with the words, in no column"
