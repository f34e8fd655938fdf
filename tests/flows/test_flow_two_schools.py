"""Two schools in one process: what is one's never reaches the other, and neither can hold up the other."""

import re
from datetime import UTC, datetime

import pytest

from bot import demo
from bot.clock import MachineClock
from tests.flows.trust import AMARA, ASH, BEECH, DILYS, NAMES, PARENT, PUPIL, trust_up

CANARY = "nine purple herons behind the bike shed"
NOT_OURS = "That link or button isn't one of ours."
OTHER = {ASH: BEECH, BEECH: ASH}


@pytest.fixture
def trust(tmp_path, database_url):
    return lambda **given: trust_up(tmp_path, database_url=database_url, **given)


async def _report(at, school):
    page = (await at.web.get(f"/s/{school}/report")).text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    answer = await at.web.post(f"/s/{school}/report", data={**hidden, "f-about": "pupil", "w-words": CANARY})
    assert answer.status_code == 200, answer.text
    return re.search(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", answer.text)[0]


async def _signs_in(at, school):
    entered = {"person": "dilys", "passphrase": demo.PASSPHRASE}
    return await at.web.post(f"/s/{school}/inbox/sign-in", data=entered, follow_redirects=True)


async def test_a_parent_of_each_school_gets_the_news_of_their_own_and_of_no_other(trust):
    async with trust() as at:
        ash, beech = at.schools[ASH], at.schools[BEECH]
        await at.joins(ASH)
        at.clock.move_to(datetime(2026, 12, 1, 16, 30, tzinfo=UTC))
        await at.settle()
        await at.until(lambda: at.sent(ASH) == 1)
        assert (at.sent(BEECH), beech.chat()) == (0, [])

        await at.joins(BEECH)
        ash.telegram.say(PARENT, "/stop")
        await at.until(lambda: "stop" in ash.chat()[-1].lower())
        said = ash.chat()
        at.clock.move_to(datetime(2027, 2, 9, 17, 30, tzinfo=UTC))
        await at.settle()

        await at.until(lambda: at.sent(BEECH) >= 1)
        assert (at.sent(ASH), ash.chat()) == (1, said)
        for school in at.schools.values():
            whole = str(school.telegram.calls)
            assert NAMES[school.id] in whole
            assert NAMES[OTHER[school.id]] not in whole
            assert f"/s/{OTHER[school.id]}" not in whole


async def test_a_report_at_one_school_is_nothing_at_the_other(trust):
    async with trust() as at:
        receipt = await _report(at, ASH)
        await at.settle()
        await at.until(lambda: at.schools[ASH].slack.dm_messages(DILYS))
        notice = str(at.schools[ASH].slack.dm_messages(DILYS)[-1])
        reference = re.search(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}", notice)[0]

        own = await _signs_in(at, ASH)
        cookie = at.web.cookies.get("lollipop")
        button = re.search(r'name="go" value="([^"]+)"', own.text)[1]
        carried = await at.web.get(f"/s/{BEECH}/inbox")
        pressed = await at.web.post(f"/s/{BEECH}/inbox", data={"go": button, "csrf": "anything"})
        known = await at.web.post(f"/s/{ASH}/report/receipt", data=await _receipt_form(at, ASH, receipt))
        asked = await at.web.post(f"/s/{BEECH}/report/receipt", data=await _receipt_form(at, BEECH, receipt))
        at.web.cookies.clear()
        theirs = await _signs_in(at, BEECH)
        csrf = re.search(r'name="csrf" value="([^"]+)"', theirs.text)[1]
        signed_in = await at.web.post(f"/s/{BEECH}/inbox", data={"go": button, "csrf": csrf})

        assert f"/s/{ASH}/inbox" in notice
        assert cookie
        assert reference in own.text
        assert reference not in carried.text
        assert "passphrase" in carried.text
        assert pressed.status_code == 403
        assert known.status_code == 200
        assert asked.status_code != 200
        assert reference not in theirs.text
        assert NOT_OURS in signed_in.text.replace("&#39;", "'")
        assert at.schools[BEECH].slack.dm_messages(DILYS) == []
        assert CANARY not in at.logs.getvalue()


async def _receipt_form(at, school, receipt):
    page = (await at.web.get(f"/s/{school}/report/receipt")).text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    return {**hidden, "w-receipt": receipt, "receipt": receipt}


async def test_codes_and_buttons_of_one_school_do_nothing_at_the_other(trust):
    async with trust() as at:
        ash, beech = at.schools[ASH], at.schools[BEECH]
        beech.telegram.start(PARENT, ash.invite)
        await at.until(beech.chat)
        await beech.slack.say(PUPIL, text=CANARY)
        await at.until(lambda: beech.slack.dm_messages(PUPIL)[-1].by_bot)
        asked = beech.slack.dm_messages(PUPIL)[-1]
        buttons = [each for block in asked.blocks if block["type"] == "actions" for each in block["elements"]]
        today = MachineClock().now().date()
        buttons[0]["value"] = at.product.house.signers[ASH].button("draft.pass", {}, on=today)

        await beech.slack.press(PUPIL, beech.slack.dm(PUPIL).id, asked.ts, buttons[0]["action_id"])

        await at.until(lambda: NOT_OURS in str([each.blocks for each in beech.slack.dm_messages(PUPIL)]))
        assert NOT_OURS in beech.chat()[-1]
        for school in (ASH, BEECH):
            with at.product.house.units.read(school) as unit:
                assert list(unit.families.active()) == []
                assert unit.concerns.for_reader("dilys") == ()


async def test_an_enrolment_code_of_one_school_gives_nobody_a_key_at_the_other(trust):
    async with trust() as at:
        code = demo.Sensitive("HG7K22PM9XQ4")
        with at.product.house.units.write(ASH) as unit:
            unit.enrolments.invite(code=code, person="dilys", now=MachineClock().now())
            unit.commit()
        chosen = {
            "code": code.reveal(),
            "passphrase": "five calm yellow umbrellas",
            "again": "five calm yellow umbrellas",
        }

        answer = await at.web.post(f"/s/{BEECH}/inbox/enrol", data=chosen)

        assert answer.status_code in {403, 422}
        with at.product.house.units.read(BEECH) as unit:
            assert len(unit.concerns.wrapped_keys("dilys")) == 1


async def test_a_school_with_wrong_tokens_keeps_no_other_from_its_work(trust):
    wrong = {"BEECHWOOD_BOT": "xoxb-nobodys", "BEECHWOOD_TELEGRAM": "9999999:a-token-that-nobody-was-ever-given"}
    async with trust(wrong=wrong) as at:
        await at.until(lambda: all(at.product.connected[ASH].healthy.values()))
        await at.until(lambda: at.logs.getvalue().count('"channel.off"') >= 2)
        await at.joins(ASH)
        await at.schools[ASH].slack.slash(AMARA, "/lesson", "Oak", "C0OAK")
        await at.until(lambda: "first lesson" in str(at.schools[ASH].slack.messages("C0OAK")))
        await _report(at, BEECH)
        ready, ash, beech = [(await at.web.get(f"/readyz{which}")) for which in ("", f"/{ASH}", f"/{BEECH}")]
        metrics = (await at.web.get("/metrics")).text

        assert [each.status_code for each in (ready, ash, beech)] == [200, 200, 503]
        assert ready.json()["schools"][BEECH] == {"slack": False, "telegram": False}
        assert 'lollipop_channel_up{school="beechwood",channel="slack"} 0.0' in metrics
        said = at.logs.getvalue()
        assert "Slack refused BEECHWOOD_BOT (invalid_auth)" in said
        assert not any(value in said for value in wrong.values())


@pytest.mark.parametrize("one_app", [False, True], ids=["an app each", "one app in both workspaces"])
async def test_slack_posts_reach_the_school_whose_workspace_they_are_from(trust, one_app):
    async with trust(by_post=True, one_app=one_app) as at:
        for school in (ASH, BEECH):
            assert (await at.schools[school].slack.slash(AMARA, "/lesson", "Oak", "C0OAK")).ok
        await at.schools[BEECH].slack.say(PUPIL, text=CANARY)
        await at.until(lambda: at.schools[BEECH].slack.dm_messages(PUPIL)[-1].by_bot)
        for school in (ASH, BEECH):
            await at.until(lambda school=school: "first lesson" in str(at.schools[school].slack.messages("C0OAK")))

        assert at.schools[ASH].slack.dm_messages(PUPIL) == []
        if one_app:
            stray = await at.stray.say(PUPIL, text=CANARY)
            assert stray.ok
            assert "slack.unknown_team" in at.logs.getvalue()
            assert CANARY not in at.logs.getvalue()


async def test_posts_signed_for_one_schools_app_are_nothing_at_the_others_address(trust):
    async with trust(by_post=True) as at:
        ash = at.schools[ASH].slack
        ash.request_url = f"{at.base}/slack/{BEECH}/events"

        refused = await ash.slash(AMARA, "/lesson", "Oak", "C0OAK")

        assert not refused.ok
        assert refused.status == 401
