from datetime import UTC, datetime, timedelta

import pytest

from bot.tokens import CHILD
from parents import ask_class, children_of, give_out
from tests.flows.rig import AMARA, MARTA, SAM, button_of


def _titles(rig) -> list[str]:
    return [said.partition("\n")[0] for said in rig.chat(MARTA)]


@pytest.mark.clause(15, 16, 18, 19)
async def test_marta_joins_in_two_taps_gets_the_news_and_a_campaign_step_and_stops_at_once(school):
    async with school() as rig:
        rig.telegram.start(MARTA, rig.invite)
        await rig.until(lambda: rig.chat(MARTA))
        assert "Oak" in rig.chat(MARTA)[-1]
        await rig.tap(MARTA, "English")
        await rig.until(lambda: "Yes, join" in rig.buttons(MARTA))
        await rig.tap(MARTA, "Yes, join")

        rig.clock.move_to(datetime(2026, 12, 1, 16, 30, tzinfo=UTC))
        await rig.settle()
        await rig.until(lambda: len(rig.chat(MARTA)) > 1)
        assert _titles(rig) == ["Thank you for joining", "New devices and games: a calm start"]
        after_news = len(rig.chat(MARTA))

        rig.clock.move_to(datetime(2027, 2, 9, 17, 30, tzinfo=UTC))
        await rig.settle()
        await rig.until(lambda: len(rig.chat(MARTA)) > after_news)
        assert _titles(rig)[after_news:] == ["Today is Safer Internet Day"]

        rig.telegram.say(MARTA, "/stop")
        await rig.until(lambda: "stop" in rig.chat(MARTA)[-1].lower())
        said = len(rig.chat(MARTA))
        rig.clock.move_to(datetime(2027, 2, 12, 17, 30, tzinfo=UTC))
        await rig.settle()
        assert len(rig.chat(MARTA)) == said


@pytest.mark.clause(15)
async def test_marta_hears_the_same_day_what_oak_learned_and_only_once(school):
    async with school() as rig:
        rig.telegram.start(MARTA, rig.invite)
        await rig.until(lambda: "Yes, join" in rig.buttons(MARTA) or "English" in rig.buttons(MARTA))
        await rig.tap(MARTA, "English")
        await rig.until(lambda: "Yes, join" in rig.buttons(MARTA))
        await rig.tap(MARTA, "Yes, join")
        await rig.until(lambda: "Thank you for joining" in str(rig.chat(MARTA)))
        for _ in range(2):
            await rig.slack.slash(AMARA, "/lesson", "Oak", "C0OAK")
            await rig.until(lambda: button_of(_newest(rig)["blocks"], "Mark as taught"))
            action, value = button_of(_newest(rig)["blocks"], "Mark as taught")
            await rig.slack.press(AMARA, "C0OAK", _newest(rig)["ts"], action, value)
            await rig.until(lambda: rig.slack.snapshot(AMARA)["modal"])
            await rig.slack.submit(AMARA, values={"h0_0": "20"})
            await rig.settle()

        with rig.product.house.units.read("oakfield") as unit:
            assert len(unit.progress.taught("oak")) == 2
        before = len(rig.chat(MARTA))
        rig.clock.move_to(datetime(2026, 11, 23, 16, 1, tzinfo=UTC))
        await rig.settle()
        await rig.until(lambda: len(rig.chat(MARTA)) >= before + 2)

        told = _titles(rig)[before:]
        assert told == [
            "Keep it yours: private things and strong passwords",
            "Know, like, trust: friends on and off the screen",
        ]
        assert "Oak learned this today." in rig.chat(MARTA)[before]
        rig.clock.move_to(datetime(2026, 11, 23, 17, 30, tzinfo=UTC))
        await rig.settle()
        assert len(rig.chat(MARTA)) == before + 2


def _newest(rig):
    return next(each for each in rig.slack.snapshot(AMARA)["channels"] if each["id"] == "C0OAK")["messages"][-1]


# Marta's Telegram is in Polish, and so is what she is told before she has chosen a language.
NO_CODE = (
    "Witamy\n\nℹ️ Uwaga: Dzień dobry! To szkolne wiadomości o bezpieczeństwie w internecie. "
    "Aby dołączyć, użyj linku lub plakatu ze szkoły. Aby powiedzieć komuś o tym, co Cię martwi, wpisz /report."
)
FORGED = "Lollipop\n\n⚠️ Ważne: Ten link lub przycisk nie pochodzi od nas. Prosimy użyć najnowszego."


@pytest.mark.parametrize(
    ("code", "told"), [("", NO_CODE), ("x" * 64, FORGED), ("AAECAwQFBg", FORGED), ("not-a-code", FORGED)]
)
async def test_marta_is_told_what_to_do_when_her_code_is_missing_or_forged(school, code, told):
    async with school() as rig:
        rig.telegram.start(MARTA, code)

        await rig.until(lambda: rig.chat(MARTA))
        assert rig.chat(MARTA) == [told]
        with rig.product.house.units.read("oakfield") as unit:
            assert list(unit.families.active()) == []


@pytest.mark.clause(16)
async def test_marta_scans_the_letter_from_the_office_and_nobody_else_can_use_it(school):
    async with school() as rig:
        with rig.product.house.units.write("oakfield") as unit:
            now = rig.clock.now()
            given = give_out(
                ["OAK-07"],
                class_id="oak",
                adults=1,
                codes=["K7QM4TXP"],
                ids=[rig.product.house.new_id(now)],
                children=unit.children,
                now=now,
            )
            unit.commit()
        assert [each.adult for each in given] == [1]
        link = rig.product.house.signers["oakfield"].mint(CHILD, b"K7QM4TXP", on=now.date())

        rig.telegram.start(MARTA, link)
        await rig.tap(MARTA, "English")
        await rig.tap(MARTA, "Yes, join")
        rig.telegram.say(MARTA, "/agree")
        await rig.until(lambda: "OAK-07" in rig.chat(MARTA)[-1])
        rig.telegram.say(SAM, "/agree K7QM-4TXP")
        await rig.until(lambda: rig.chat(SAM))

        assert "That code doesn't work." in rig.chat(SAM)[-1]
        with rig.product.house.units.read("oakfield") as unit:
            (family,) = unit.families.active()
            assert (family.address, [each.pupil for each in children_of(family, children=unit.children)]) == (
                str(MARTA),
                ["OAK-07"],
            )


@pytest.mark.clause(52, 69)
async def test_marta_is_asked_reads_agrees_and_says_no_to_photos_and_amara_looks_it_up(school):
    async with school() as rig:
        house, now = rig.product.house, rig.clock.now()
        oak = house.schools["oakfield"].class_named("Oak")
        with house.units.write("oakfield") as unit:
            rest = {"children": unit.children, "now": now}
            give_out(["OAK-07"], class_id="oak", adults=1, codes=["K7QM4TXP"], ids=[house.new_id(now)], **rest)
            unit.commit()
        rig.telegram.say(MARTA, "K7QM-4TXP")
        await rig.tap(MARTA, "English")
        await rig.tap(MARTA, "Yes, join")
        with house.units.write("oakfield") as unit:
            told = {"school": house.schools["oakfield"], "shelf": house.shelf, "answers": unit.answers, "now": now}
            assert ask_class(oak, ["pupil-agreement", "photo-consent"], **told)
            unit.commit()
        rig.clock.move_to(now + timedelta(minutes=16))
        await rig.settle()
        await rig.until(lambda: "School has something to ask you" in rig.chat(MARTA)[-1])
        assert "OAK-07" not in rig.chat(MARTA)[-1], "a screen may be lying open"

        rig.telegram.say(MARTA, "/agree")
        await rig.tap(MARTA, "Our agreement for life on screens: Years 3 to 6")
        await rig.tap(MARTA, "I have read it and I agree")
        await rig.tap(MARTA, "Back")
        await rig.tap(MARTA, "Photos and films of your child")
        await rig.tap(MARTA, "Website: no")
        await rig.tap(MARTA, "In school: yes")
        await rig.slack.slash(AMARA, "/lollipop", "photos OAK-07", "C0OAK")
        await rig.until(lambda: "Photos of OAK-07" in str(_newest(rig)))

        with house.units.read("oakfield") as unit:
            said = [(each.page, each.use, each.said) for each in unit.answers.of_pupils(["OAK-07"])]
        assert said == [
            ("aua-ks2", "", "shown"),
            ("aua-ks2", "", "agreed"),
            ("photo-consent", "", "shown"),
            ("photo-consent", "web", "no"),
            ("photo-consent", "school", "yes"),
        ]
