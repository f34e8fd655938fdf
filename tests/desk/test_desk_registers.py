"""The school's registers: Amara takes a camera, Hannah takes over a risk, and what is late or vacant is told."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.desk import Reception
from bot.storage.tables import delivery
from bot.wire import Incoming, Show, Via
from school.people import Role
from school.sensitive import Sensitive
from staff import Register, Where, where_is
from tests.desk.conftest import read
from tests.desk.test_desk_home import goes, lines, said
from tests.desk.test_desk_revisits import buttons
from tests.desk.test_desk_signing import with_school
from tests.desk.test_desk_todo import evidence, round_on, school_of, tap

AMARA, BEN, HANNAH, FEMI, GRACE = "U0AMARA", "U0BEN", "U0HANNAH", "U0FEMI", "U0GRACE"
MONDAY = datetime(2026, 11, 30, 9, 35, tzinfo=ZoneInfo("Europe/London"))
CAMERA = {"label": "Camera 2", "sort": "camera", "encrypted": "no", "place": "The office"}
LAPTOP = {"label": "Laptop 7", "sort": "laptop", "encrypted": "yes", "place": ""}
LINK = "https://www.example.org/policies/safeguarding.pdf"
POLICY = {
    "area": "safeguarding",
    "title": "Safeguarding and child protection",
    "link": LINK,
    "owner": "dilys",
    "approved": "10/12/2025",
    "review": "10/12/2026",
}
CHOSEN = frozenset({"sort", "encrypted", "likelihood", "impact", "legal", "owner", "area"})


def filled(desk, slack, form, /, **values):
    """A form comes back as Slack sends it: choices apart from words."""
    words = {name: Sensitive(value) for name, value in values.items() if name not in CHOSEN and name != "empty"}
    chosen = {name: value for name, value in values.items() if name not in words}
    asked = Incoming(
        school="oakfield",
        via=Via.SLACK,
        sender=slack,
        verb=form.verb,
        args={**form.args, **chosen},
        words=words,
        lang="en",
    )
    return Reception(desk.product.house).receive(asked)


def listed(desk, slack, topic):
    return desk(topic, sender=slack, lang="en", topic=topic)


def put_in(desk, slack, topic, tapped, /, **values):
    form = tap(desk, slack, listed(desk, slack, topic), tapped).form
    return filled(desk, slack, form, **values)


def entries(desk, register):
    with desk.product.house.units.read("oakfield") as unit:
        return unit.registers.open(register)


def notices(desk, page):
    chosen = select(delivery.c.recipient, delivery.c["values"]).where(delivery.c.page == page)
    with desk.product.engines.reading() as connection:
        return [(row.recipient, row.values) for row in connection.execute(chosen.order_by(delivery.c.due_at)).all()]


@pytest.mark.clause(48)
def test_amara_takes_a_camera_with_a_tap_and_brings_it_back_with_another(front_desk):
    added = put_in(front_desk, BEN, "devices", "Add a device", **CAMERA)
    assert "It is in the register." in read(added)

    taken = tap(front_desk, AMARA, listed(front_desk, AMARA, "devices"), "Take Camera 2")
    assert "You have Camera 2 now" in read(taken)
    assert "With Amara Okafor since 24/11/2026" in read(taken)
    assert taken.show is Show.REPLACE
    assert "Camera 2 – Camera, The office" in read(listed(front_desk, BEN, "devices"))
    femi = read(listed(front_desk, FEMI, "devices"))
    assert "1 more is with a colleague." in femi
    assert "Amara" not in femi

    back = tap(front_desk, AMARA, taken, "Camera 2 is back")
    assert "is back at its place" in read(back)
    assert where_is(entries(front_desk, Register.DEVICE)[0]) is Where.HERE
    said = [("register.device", f"Camera 2: {did}") for did in ("added", "out", "back")]
    assert sorted(evidence(front_desk, "C48")) == sorted(said)


def test_two_who_reach_for_one_camera_do_not_both_get_it(front_desk):
    put_in(front_desk, BEN, "devices", "Add a device", **CAMERA)
    shown = listed(front_desk, FEMI, "devices")
    tap(front_desk, AMARA, listed(front_desk, AMARA, "devices"), "Take Camera 2")

    late = tap(front_desk, FEMI, shown, "Take Camera 2")

    assert late.refused
    assert "a colleague has it" in read(late)
    assert entries(front_desk, Register.DEVICE)[0].holder == "amara"


@pytest.mark.clause(44)
def test_what_is_not_encrypted_leaves_school_only_when_somebody_has_looked_that_it_is_empty(front_desk):
    put_in(front_desk, BEN, "devices", "Add a device", **CAMERA)
    put_in(front_desk, BEN, "devices", "Add a device", **LAPTOP)

    form = tap(front_desk, AMARA, listed(front_desk, AMARA, "devices"), "Take Camera 2 off site").form
    unlooked = filled(front_desk, AMARA, form)
    assert unlooked.refused
    assert unlooked.form is not None
    assert "isn't encrypted" in read(unlooked)
    gone = filled(front_desk, AMARA, form, empty="empty")
    assert "Off site with Amara Okafor since 24/11/2026" in read(gone)

    laptop = tap(front_desk, AMARA, gone, "Take Laptop 7 off site")
    assert "It is encrypted" in read(laptop)
    assert sorted(evidence(front_desk, "C44")) == [
        ("register.device", "Camera 2: off site, nothing personal on it"),
        ("register.device", "Laptop 7: off site, encrypted"),
    ]


def test_a_lost_device_leads_to_the_breach_form(front_desk):
    put_in(front_desk, BEN, "devices", "Add a device", **LAPTOP)
    taken = tap(front_desk, AMARA, listed(front_desk, AMARA, "devices"), "Take Laptop 7 off site")

    lost = tap(front_desk, AMARA, taken, "Laptop 7 is lost")

    assert "Lost since 24/11/2026. Last with: Amara Okafor." in read(lost)
    assert buttons(lost)["Tell of a lost device"].verb == "breach"
    assert tap(front_desk, AMARA, lost, "Tell of a lost device").form is not None
    found = tap(front_desk, BEN, listed(front_desk, BEN, "devices"), "Laptop 7 is back")
    assert "is back at its place" in read(found)


@pytest.mark.clause(42)
def test_ben_says_that_he_has_looked_the_devices_over(front_desk):
    put_in(front_desk, BEN, "devices", "Add a device", **LAPTOP)

    said = tap(front_desk, BEN, listed(front_desk, BEN, "devices"), "I have looked them over")

    assert "you have looked over 1 device" in read(said)
    assert evidence(front_desk, "C42") == [("register.devices", "1 devices looked over")]
    assert "I have looked them over" not in buttons(listed(front_desk, FEMI, "devices"))


@pytest.mark.clause(42)
def test_an_empty_log_that_was_looked_over_proves_nothing(front_desk):
    tap(front_desk, BEN, listed(front_desk, BEN, "devices"), "I have looked them over")

    assert evidence(front_desk, "C42") == []


def test_a_name_is_no_label_and_a_label_stands_in_the_log_once(front_desk):
    named = put_in(front_desk, BEN, "devices", "Add a device", **{**CAMERA, "label": "Sam's camera"})
    assert named.refused
    assert "No names, please" in read(named)
    assert named.form is not None
    put_in(front_desk, BEN, "devices", "Add a device", **CAMERA)

    twice = put_in(front_desk, BEN, "devices", "Add a device", **{**CAMERA, "label": "camera  2"})

    assert "is in the register already" in read(twice)
    assert len(entries(front_desk, Register.DEVICE)) == 1


@pytest.mark.clause(58)
def test_hannah_takes_over_a_risk_changes_it_and_looks_at_it_again(front_desk):
    assert entries(front_desk, Register.RISK) == ()
    proposals = listed(front_desk, HANNAH, "risks")
    assert "12 proposals, not yet the school's own" in read(proposals)

    mine = tap(front_desk, HANNAH, proposals, "Take it over")
    (risk,) = entries(front_desk, Register.RISK)
    assert (risk.holder, risk.due.isoformat()) == ("hannah", "2027-11-24")
    form = tap(front_desk, HANNAH, mine, "Change it").form
    kept = {field.name: field.initial for field in form.fields}
    assert kept["owner"] == "hannah"
    changed = filled(front_desk, HANNAH, form, **{**kept, "impact": "5", "owner": "dilys", "review": "01/12/2026"})
    assert "It is changed." in read(changed)
    noted = tap(front_desk, HANNAH, changed, "Looked at again, with a note").form
    again = filled(front_desk, HANNAH, noted, note="Talked over with all staff")

    assert "The next time is on 24/11/2027" in read(again)
    assert "looked at again by Hannah Lewis – “Talked over with all staff”" in read(again)
    assert "11 proposals" in read(listed(front_desk, HANNAH, "risks"))
    assert ("register.risk", "a risk of 3 times 5: reviewed") in evidence(front_desk, "C58")
    assert "all staff" not in str(evidence(front_desk, "C58"))


def test_an_older_card_changes_nothing_and_says_so(front_desk):
    mine = tap(front_desk, HANNAH, listed(front_desk, HANNAH, "risks"), "Take it over")
    tap(front_desk, HANNAH, mine, "Looked at again today")

    second = tap(front_desk, HANNAH, mine, "Looked at again today")

    assert second.refused
    assert "a moment before you" in read(second)


def test_of_two_who_change_one_risk_the_second_reads_so_and_may_go_on(front_desk):
    mine = tap(front_desk, HANNAH, listed(front_desk, HANNAH, "risks"), "Take it over")
    hers, his = (tap(front_desk, who, mine, "Change it").form for who in (HANNAH, "U0DILYS"))
    kept = {field.name: field.initial for field in hers.fields}
    filled(front_desk, HANNAH, hers, **{**kept, "impact": "5"})

    late = filled(front_desk, "U0DILYS", his, **{**kept, "likelihood": "1"})

    assert late.refused
    assert "a moment before you" in read(late)
    assert "It is changed." in read(filled(front_desk, "U0DILYS", late.form, **{**kept, "likelihood": "1"}))
    assert entries(front_desk, Register.RISK)[0].fields["likelihood"] == "1"


def test_a_proposal_that_does_not_fit_is_passed_over(front_desk):
    first = listed(front_desk, HANNAH, "risks")

    second = tap(front_desk, HANNAH, first, "Show me another")

    assert "A member of staff is abused" in read(first)
    assert "A member of staff abuses or harasses" in read(second)


def test_what_is_wrong_in_a_risk_is_said_and_what_was_typed_stays(front_desk):
    form = tap(front_desk, HANNAH, listed(front_desk, HANNAH, "risks"), "Add a risk").form
    good = {
        "risk": "A tablet is stolen",
        "likelihood": "2",
        "impact": "4",
        "does": "They are locked away.",
        "owner": "ben",
        "legal": "no",
        "review": "24/11/2027",
    }

    for wrong, told in (
        ({"risk": " "}, "at most 160 characters"),
        ({"does": ""}, "Say what the school does"),
        ({"review": "31/02/2027"}, "“On which day is it looked at again?” has to be a day such as 24/11/2026"),
        ({"review": "24/11/2127"}, "not more than three years ahead"),
        ({"owner": "nobody-here"}, "choose from the list"),
        ({"likelihood": "9"}, "has to be one of: 1, 2, 3, 4, 5"),
    ):
        answer = filled(front_desk, HANNAH, form, **{**good, **wrong})
        assert answer.refused
        assert answer.form is not None
        assert told in read(answer)
    assert entries(front_desk, Register.RISK) == ()
    assert "It is in the register." in read(filled(front_desk, HANNAH, form, **good))


@pytest.mark.clause(1)
def test_a_policy_out_of_date_is_flagged_until_it_is_approved_anew(front_desk):
    added = put_in(front_desk, HANNAH, "policies", "Add a policy", **POLICY)
    assert "None here yet about:" in read(added)
    assert "Dilys Morgan looks at it again by 10/12/2026" in read(added)

    front_desk.product.house.school_clock.instant = MONDAY + timedelta(days=14)
    late = listed(front_desk, BEN, "policies")
    assert "Out of date: Dilys Morgan was to look at it again by 10/12/2026" in read(late)
    assert "Add a policy" not in buttons(late)

    card = tap(front_desk, HANNAH, listed(front_desk, HANNAH, "policies"), f"Open: {POLICY['title']}")
    tap(front_desk, HANNAH, card, "Looked at again today")
    (policy,) = entries(front_desk, Register.POLICY)
    assert (policy.due.isoformat(), policy.fields["approved"]) == ("2027-12-14", "2026-12-14")
    assert [what for _, what in evidence(front_desk, "C1")] == [
        "the policy on safeguarding: added",
        "the policy on safeguarding: reviewed",
    ]


@pytest.mark.parametrize(
    "link", ["http://www.example.org/a", "https://me:word@www.example.org/a", "javascript:alert(1)", "https://x y.org"]
)
def test_a_policy_is_linked_by_https_alone(front_desk, link):
    refused = put_in(front_desk, HANNAH, "policies", "Add a policy", **{**POLICY, "link": link})

    assert "has to begin with https://" in read(refused)
    assert entries(front_desk, Register.POLICY) == ()


def test_an_owner_hears_of_a_review_once_a_stage_and_then_the_head(front_desk):
    put_in(front_desk, HANNAH, "policies", "Add a policy", **POLICY)
    day = MONDAY

    while day < MONDAY + timedelta(days=46):
        round_on(front_desk, day)
        day += timedelta(days=1)

    assert [person for person, _ in notices(front_desk, "register-due")] == ["dilys"] * 3
    assert [person for person, _ in notices(front_desk, "register-late")] == ["hannah"]
    assert notices(front_desk, "register-due")[0][1] == {"entries": f"{POLICY['title']} (10/12/2026)"}


@pytest.mark.parametrize("asks", [True, False], ids=["a school that asks", "a school that asks for nothing"])
def test_whoever_leaves_owns_nothing_and_their_devices_are_looked_for(front_desk, asks):
    put_in(front_desk, HANNAH, "policies", "Add a policy", **{**POLICY, "owner": "amara"})
    put_in(front_desk, BEN, "devices", "Add a device", **LAPTOP)
    tap(front_desk, AMARA, listed(front_desk, AMARA, "devices"), "Take Laptop 7 off site")
    stay = tuple(person for person in school_of(front_desk).people if person.id != "amara")
    desk = with_school(front_desk, people=stay, asks_staff=asks)

    round_on(desk, MONDAY)
    round_on(desk, MONDAY + timedelta(days=1))

    assert [person for person, _ in notices(desk, "register-left")] == ["ben", "hannah"]
    assert entries(desk, Register.DEVICE)[0].holder == ""
    assert entries(desk, Register.POLICY)[0].holder == "hannah"
    card = tap(desk, BEN, listed(desk, BEN, "devices"), "Open Laptop 7")
    assert "whoever had it has left the school" in read(card)


@pytest.mark.clause(27)
def test_a_vacant_part_is_told_to_the_head_once_and_stands_on_her_home(front_desk):
    people = tuple(
        replace(each, roles=each.roles - {Role.TECHNICIAN, Role.DEPUTY_DSL} | {Role.STAFF})
        for each in school_of(front_desk).people
    )
    desk = with_school(front_desk, people=people)

    round_on(desk, MONDAY)
    round_on(desk, MONDAY + timedelta(days=1))

    ((person, values),) = notices(desk, "roles-vacant")
    assert person == "hannah"
    assert "the technician (nobody)" in values["parts"]
    assert "the safeguarding lead (Dilys Morgan alone)" in values["parts"]
    home = desk("home", sender=HANNAH, lang="en")
    _, choice = said(home, "3 parts are vacant, or one person's alone")
    card = goes(desk, HANNAH, choice)
    assert "Technician: vacant." in read(card)
    assert "Safeguarding lead: Dilys Morgan alone" in read(card)
    assert "alone" not in str(lines(desk("home", sender=GRACE, lang="en")))
    kept = tap(desk, HANNAH, card, "It is right today")
    assert "you have looked at the parts today" in read(kept)
    assert [kind for kind, _ in evidence(desk, "C27")] == ["register.roles"]


def test_a_school_with_deputies_has_no_alarm(front_desk):
    said = read(listed(front_desk, HANNAH, "roles"))

    assert "vacant" not in said
    assert "Technician: Ben Carter; standing in: Dilys Morgan" in said
    assert "Safeguarding lead: Dilys Morgan; standing in: Femi Adeyemi" in said


def test_all_registers_are_on_one_card_and_each_is_for_those_whose_it_is(front_desk):
    hannah, femi = listed(front_desk, HANNAH, "registers"), listed(front_desk, "U0STRANGER", "registers")

    assert "Devices: 0. Out: 0. Lost: 0." in read(hannah)
    assert "Who may be in pictures: /lollipop photos Oak" in read(hannah)
    assert {"The risk register", "Who has which part", "Checked sites"} <= buttons(hannah).keys()
    assert "Devices" not in read(femi)
    assert tap(front_desk, HANNAH, hannah, "The risk register").document is not None
