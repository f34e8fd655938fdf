"""The roll: Hannah sees who has signed, reminds the others once a day, and keeps what was signed on paper."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.storage.tables import delivery
from school.people import Person, Role
from school.roles import Leave
from staff import DutyState
from tests.desk.conftest import read
from tests.desk.test_desk_revisits import buttons
from tests.desk.test_desk_signing import GOVERNORS, STAFF, TITLE, on_day, signatures, signs, with_school, with_version
from tests.desk.test_desk_todo import MORNING, evidence, holder, round_on, school_of, tap, told

REMIND, PAPER = "Remind whoever has not signed", "Somebody signed on paper"


def roll(desk, person):
    return desk("roll", sender=person.slack, lang="en", topic="roll")


def reminders(desk):
    chosen = select(delivery).where(delivery.c.page == "signs-waiting").order_by(delivery.c.key)
    with desk.product.engines.reading() as connection:
        return [(each.recipient, each.values["documents"]) for each in connection.execute(chosen).all()]


def on_paper(desk, person, who, day):
    return desk("roll.paper.send", sender=person.slack, lang="en", who=who, day=day)


def test_hannah_sees_who_has_signed_who_has_not_and_who_is_late(front_desk):
    hannah, ben = holder(front_desk, Role.HEAD), holder(front_desk, Role.TECHNICIAN)
    round_on(front_desk, MORNING)
    signs(front_desk, ben)

    seen = read(roll(front_desk, hannah))
    assert "1 of 5 have signed version 1" in seen
    assert f"Signed: {ben.name} (24/11/2026)" in seen
    assert "Not yet: Amara Okafor, Dilys Morgan, Femi Adeyemi, Hannah Lewis" in seen
    on_day(front_desk, MORNING + timedelta(days=16))

    assert "Late: Amara Okafor, Dilys Morgan, Femi Adeyemi, Hannah Lewis" in read(roll(front_desk, hannah))


@pytest.mark.clause(68)
@pytest.mark.clause(50)
def test_a_class_is_on_the_roll_by_the_day_and_the_number_of_names(front_desk):
    hannah, amara = holder(front_desk, Role.HEAD), holder(front_desk, Role.ESAFETY_LEAD)
    assert "Oak has not signed it yet this school year." in read(roll(front_desk, hannah))
    sheet = front_desk("agreement", sender=amara.slack, lang="en", **{"class": "Oak"})
    assert "I ask before I take, change or share a picture of anyone" in read(sheet)

    front_desk("agreement.signed", sender=amara.slack, lang="en", c="oak", l="aua-ks2", t="0", names="27")

    assert "Oak signed it on 24/11/2026: 27 names are on the sheet." in read(roll(front_desk, hannah))
    for clause in ("C50", "C68"):
        assert evidence(front_desk, clause) == [("agreement.signed", "aua-ks2 version 1 with Oak, 27 names")]


@pytest.mark.clause(67)
def test_one_tap_reminds_whoever_has_not_signed_and_a_second_one_nobody_twice(front_desk):
    hannah = holder(front_desk, Role.HEAD)
    gail = Person(id="gail", name="Gail Day", roles=frozenset({Role.GOVERNOR}))
    desk = with_school(front_desk, people=(*school_of(front_desk).people, gail))
    signs(desk, holder(desk, Role.TECHNICIAN))

    once = tap(desk, hannah.slack, roll(desk, hannah), REMIND)
    twice = tap(desk, hannah.slack, once, REMIND)

    assert "Reminded: Amara Okafor, Dilys Morgan, Femi Adeyemi, Hannah Lewis, Grace Chen" in read(once)
    assert "Not on Slack, so give them the paper: Gail Day" in read(once)
    assert "Reminded once for 24/11/2026, and not twice: Amara Okafor" in read(twice)
    asked = dict(reminders(desk))
    assert sorted(asked) == ["amara", "dilys", "femi", "grace", "hannah"]
    assert asked["grace"] == "What governors agree about data and life online"
    # On Saturday it is said when they hear of it: on Monday, and on that day once.
    on_day(desk, MORNING + timedelta(days=12))
    assert "Reminded on 30/11/2026, when staff are in: Amara" in read(
        tap(desk, hannah.slack, roll(desk, hannah), REMIND)
    )
    on_day(desk, MORNING + timedelta(days=14))
    tap(desk, hannah.slack, roll(desk, hannah), REMIND)
    assert len(reminders(desk)) == 10


def test_a_governor_without_slack_signs_on_paper_and_the_day_is_the_paper_s(front_desk):
    hannah = holder(front_desk, Role.HEAD)
    gail = Person(id="gail", name="Gail Day", roles=frozenset({Role.GOVERNOR}))
    desk = with_school(front_desk, people=(*school_of(front_desk).people, gail))
    form = tap(desk, hannah.slack, roll(desk, hannah), PAPER).form
    who, day = form.fields
    assert who.options[0].value == f"gail/{GOVERNORS}"
    assert "hannah" not in str([each.value for each in who.options])

    for typed in ("25/11/2026", "31/02/2026", "01/09/2025", "yesterday", ""):
        refused = on_paper(desk, hannah, who.options[0].value, typed)
        assert refused.refused, typed
        assert refused.form.fields[1].name == day.name
    kept = on_paper(desk, hannah, who.options[0].value, "20/11/2026")

    assert "Signed on paper: Gail Day (20/11/2026)" in read(kept)
    duty = signatures(desk, GOVERNORS)["gail", 1]
    assert (duty.said, duty.said_by) == (DutyState.DONE, hannah.id)
    assert [what.rpartition(": ")[2] for _, what in evidence(desk, "C44")] == ["signed on paper"]
    assert on_paper(desk, hannah, f"gail/{GOVERNORS}", "20/11/2026").refused
    assert len(evidence(desk, "C44")) == 1


def test_a_paper_from_before_a_version_is_no_signature_under_it(front_desk):
    hannah = holder(front_desk, Role.HEAD)
    round_on(front_desk, MORNING)
    desk = with_version(front_desk, STAFF, 2)
    day = MORNING + timedelta(days=9)
    desk.product.house.school_clock.instant = day
    round_on(desk, day)

    before = on_paper(desk, hannah, f"ben/{STAFF}", f"{day - timedelta(days=1):%d/%m/%Y}")

    assert before.refused
    assert f"from {day:%d/%m/%Y}" in read(before)
    assert signatures(desk)["ben", 2].said is DutyState.OPEN
    assert not on_paper(desk, hannah, f"ben/{STAFF}", f"{day:%d/%m/%Y}").refused
    assert signatures(desk)["ben", 2].said is DutyState.DONE


def test_hannah_can_t_vouch_for_herself_and_the_roll_is_not_ben_s_to_see(front_desk):
    hannah, ben = holder(front_desk, Role.HEAD), holder(front_desk, Role.TECHNICIAN)
    round_on(front_desk, MORNING)

    own = on_paper(front_desk, hannah, f"hannah/{STAFF}", "20/11/2026")
    assert "Your own signature is yours to give" in read(own)

    assert "Amara" not in read(roll(front_desk, ben))
    assert REMIND not in buttons(roll(front_desk, ben))
    assert "Kept" not in read(on_paper(front_desk, ben, f"amara/{STAFF}", "20/11/2026"))
    assert {duty.said for duty in signatures(front_desk).values()} == {DutyState.OPEN}


def test_somebody_on_leave_is_left_in_peace(front_desk):
    hannah = holder(front_desk, Role.HEAD)
    away = Leave(person="femi", first=date(2026, 11, 23), last=date(2026, 11, 27))
    desk = with_school(front_desk, leave=(away,))

    told = tap(desk, hannah.slack, roll(desk, hannah), REMIND)

    assert "Away, and left in peace: Femi Adeyemi" in read(told)
    assert "femi" not in dict(reminders(desk))


def test_whoever_minds_the_roll_hears_of_those_who_are_long_late(front_desk):
    on_day(front_desk, MORNING)
    for role in (Role.TECHNICIAN, Role.DEPUTY_DSL, Role.HEAD, Role.ESAFETY_LEAD):
        front_desk("sign", sender=holder(front_desk, role).slack, lang="en")
    signs(front_desk, holder(front_desk, Role.DSL))

    round_on(front_desk, MORNING)
    round_on(front_desk, MORNING + timedelta(days=30))

    late = {person: said for person, said in told(front_desk, "duties-late") if TITLE in said}
    assert set(late) == {"amara", "hannah"}
    assert f"{TITLE} (4 colleagues)" in late["hannah"]
