"""Requests that nobody looks at, breaches that were told of wrongly, and answers that cross: each once went wrong."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from school.people import Role
from school.roles import Leave
from tests.desk.conftest import NOW, read
from tests.desk.test_desk_requests import (
    AMARA,
    BEN,
    FEMI,
    HANNAH,
    breach,
    change_school,
    evidence,
    kept,
    later,
    send,
    tap,
    told,
    unblock,
)
from tests.desk.test_desk_revisits import buttons

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# The breach of these tests is noticed at nine, and the school's clock stands at eleven.
NOTICED = -2 * HOUR


def whom(front_desk, page):
    return sorted(each.recipient for each in told(front_desk, page))


@pytest.mark.clause(33)
def test_when_72_hours_pass_and_nobody_decides_everybody_who_was_told_hears_that_it_is_over_and_each_day_after(
    front_desk,
):
    breach(front_desk)
    for hours in (0, 24, 48, 66):
        later(front_desk, NOTICED + max(2, hours) * HOUR)

    assert later(front_desk, NOTICED + 72 * HOUR - timedelta(minutes=1)) == 0
    assert later(front_desk, NOTICED + 72 * HOUR) == 1

    assert whom(front_desk, "breach-over") == ["amara", "ben", "dilys", "hannah"]
    assert {each.lane for each in told(front_desk, "breach-over")} == {"safeguarding"}
    assert later(front_desk, NOTICED + 95 * HOUR) == 0
    assert later(front_desk, NOTICED + 96 * HOUR) == 1
    (found,) = kept(front_desk)
    tap(front_desk, "req.ico.send", sender=HANNAH, ref=found.reference, words={"why": "Late"}, how="reported")
    assert later(front_desk, NOTICED + 120 * HOUR) == 0


@pytest.mark.clause(33)
def test_a_machine_that_was_down_for_the_72_hours_says_that_they_are_over_and_not_that_none_are_left(front_desk):
    breach(front_desk)

    assert later(front_desk, 80 * HOUR) == 1

    assert told(front_desk, "breach-clock") == []
    assert len(told(front_desk, "breach-over")) == 4
    assert later(front_desk, 80 * HOUR + timedelta(minutes=1)) == 0


@pytest.mark.clause(33)
def test_with_the_head_away_or_a_day_left_the_others_who_were_told_are_asked_as_well(front_desk):
    day = NOW.date()
    change_school(front_desk, leave=(Leave(person="hannah", first=day, last=day),))
    breach(front_desk)

    later(front_desk, timedelta())
    assert whom(front_desk, "breach-clock") == ["amara", "ben", "dilys", "hannah"]
    later(front_desk, NOTICED + 24 * HOUR)
    assert len(told(front_desk, "breach-clock")) == 5
    later(front_desk, NOTICED + 48 * HOUR)
    assert len(told(front_desk, "breach-clock")) == 9


@pytest.mark.clause(33)
@pytest.mark.parametrize("sender", [FEMI, HANNAH, BEN])
def test_a_breach_told_of_without_personal_data_can_be_put_right_and_its_clock_runs_from_when_it_was_noticed(
    front_desk, sender
):
    breach(front_desk, personal="no")
    (found,) = kept(front_desk)
    assert later(front_desk, 30 * HOUR) == 0

    card = tap(front_desk, "req.read", sender=sender, ref=found.reference)
    card = tap(front_desk, buttons(card)["Personal data may be involved"].verb, sender=sender, ref=found.reference)

    assert "by 27/11/2026, 09:00" in read(card)
    assert tap(front_desk, "req.personal", sender=sender, ref=found.reference).refused
    assert later(front_desk, 30 * HOUR) == 1
    assert [each.values["hours"] for each in told(front_desk, "breach-clock")] == ["40"]
    assert tap(front_desk, "req.close.send", sender=HANNAH, ref=found.reference, words={"why": "Over"}).refused
    assert ("request.personal", f"suspected breach: {found.reference}") in evidence(front_desk, "C33")


def test_nobody_who_may_not_open_a_breach_starts_its_clock(front_desk):
    breach(front_desk, personal="no")
    (found,) = kept(front_desk)

    assert tap(front_desk, "req.personal", sender="U0GRACE", ref=found.reference).refused

    assert kept(front_desk)[0].personal == "no"


@pytest.mark.clause(36)
def test_whoever_has_not_decided_is_reminded_and_a_deputy_hears_when_the_only_technician_is_away(front_desk):
    approvers = front_desk.product.house.schools["oakfield"].approvers
    unblock(front_desk)
    (asked,) = kept(front_desk)
    tap(front_desk, "req.yes", sender=HANNAH, ref=asked.reference)
    tap(front_desk, "req.yes", sender=AMARA, ref=asked.reference)

    assert later(front_desk, DAY) == 0
    assert later(front_desk, 2 * DAY) == 1
    assert later(front_desk, 2 * DAY + HOUR) == 0
    assert whom(front_desk, "request-waits-still") == ["ben"]
    assert [each.values["day"] for each in told(front_desk, "request-waits-still")] == ["08/12/2026"]
    away = Leave(person="ben", first=NOW.date(), last=NOW.date() + 20 * DAY)
    change_school(front_desk, leave=(away,), approvers=replace(approvers, deputies={Role.TECHNICIAN: ("dilys",)}))
    assert later(front_desk, 6 * DAY) == 1
    assert whom(front_desk, "request-waits-still") == ["ben", "ben", "dilys"]
    tap(front_desk, "req.yes", sender="U0DILYS", ref=asked.reference)
    assert kept(front_desk)[0].state == "granted"


def fault(front_desk):
    return send(front_desk, "filterfault.send", words={"where": "Room 3"}, choice="down")


@pytest.mark.clause(38)
def test_a_fault_that_nobody_closes_is_asked_after_each_week_and_then_the_head_and_the_lead_hear_of_it(front_desk):
    fault(front_desk)

    assert later(front_desk, 6 * DAY) == 0
    assert later(front_desk, 7 * DAY) == 1
    assert later(front_desk, 7 * DAY + HOUR) == 0
    assert whom(front_desk, "request-open-still") == ["ben"]
    assert later(front_desk, 14 * DAY) == 1
    assert whom(front_desk, "request-open-still") == ["amara", "ben", "ben", "hannah"]


def test_a_program_that_is_granted_and_not_installed_is_asked_after(front_desk):
    words = {"name": "Scratch", "why": "Coding", "devices": "Tablets"}
    send(front_desk, "install.send", words=words)
    (asked,) = kept(front_desk)
    for sender in (BEN, AMARA):
        tap(front_desk, "req.yes", sender=sender, ref=asked.reference)

    assert later(front_desk, 6 * DAY) == 0
    assert later(front_desk, 7 * DAY) == 1

    assert whom(front_desk, "request-open-still") == ["ben"]


@pytest.mark.clause(33)
def test_a_breach_that_is_decided_and_not_closed_is_asked_after_of_the_head(front_desk):
    breach(front_desk)
    (found,) = kept(front_desk)
    tap(front_desk, "req.ico.send", sender=HANNAH, ref=found.reference, words={"why": "Empty"}, how="not_reported")

    assert later(front_desk, 7 * DAY) == 1

    assert whom(front_desk, "request-open-still") == ["hannah"]


@pytest.mark.clause(36)
def test_a_site_that_is_not_blocked_again_for_a_week_reaches_the_head_and_the_lead(front_desk):
    unblock(front_desk, weeks="1")
    (asked,) = kept(front_desk)
    for sender in (BEN, HANNAH, AMARA):
        tap(front_desk, "req.yes", sender=sender, ref=asked.reference)

    days = [day for day in range(16) if later(front_desk, day * DAY)]

    assert days == [8, 9, 10, 13, 14, 15]
    assert whom(front_desk, "request-to-undo") == ["amara", *["ben"] * 6, "hannah"]


@pytest.mark.parametrize("verb", ["req.ico.send", "req.close.send", "req.no.send"])
def test_words_that_come_too_late_are_still_in_the_form(front_desk, verb):
    if verb == "req.no.send":
        unblock(front_desk)
    else:
        breach(front_desk, personal="yes" if verb == "req.ico.send" else "no")
    (found,) = kept(front_desk)
    more = {"how": "reported"} if verb == "req.ico.send" else {}
    tap(front_desk, verb, sender=HANNAH, ref=found.reference, words={"why": "First"}, **more)

    late = tap(front_desk, verb, sender=AMARA, ref=found.reference, words={"why": "A long second"}, **more)

    assert late.refused
    assert "changed nothing" in read(late)
    assert late.form is not None


def decides(front_desk, sender, ref):
    return tap(front_desk, "req.ico.send", sender=sender, ref=ref, words={"why": "It was empty"}, how="not_reported")


@pytest.mark.clause(33)
def test_neither_the_technician_nor_a_lead_stops_the_clock_while_the_head_is_in_and_there_is_time(front_desk):
    change_school(front_desk, data_protection="grace")
    breach(front_desk)
    (found,) = kept(front_desk)

    for sender in (BEN, AMARA, "U0DILYS"):
        card = tap(front_desk, "req.read", sender=sender, ref=found.reference)
        assert list(buttons(card)) == ["All requests"]
        assert decides(front_desk, sender, found.reference).refused
    assert kept(front_desk)[0].outcome == ""
    assert not decides(front_desk, "U0GRACE", found.reference).refused


@pytest.mark.clause(33)
@pytest.mark.parametrize("head_away", [True, False])
def test_a_lead_decides_where_the_head_is_away_or_two_days_have_gone_and_the_technician_never_does(
    front_desk, head_away
):
    day = NOW.date()
    if head_away:
        change_school(front_desk, leave=(Leave(person="hannah", first=day, last=day),))
    breach(front_desk)
    (found,) = kept(front_desk)
    if not head_away:
        later(front_desk, NOTICED + 48 * HOUR)

    assert decides(front_desk, BEN, found.reference).refused
    assert not decides(front_desk, AMARA, found.reference).refused
    assert kept(front_desk)[0].outcome == "not_reported"


def test_a_teacher_s_own_request_is_on_her_list_however_many_others_asked_since(front_desk):
    unblock(front_desk, sender=FEMI)
    (mine,) = kept(front_desk)
    with front_desk.product.house.units.write("oakfield") as unit:
        for number in range(20):
            made = replace(mine, id=UUID(int=number), reference=f"RQ-{number}", asked_by="ben", asked=NOW + HOUR)
            unit.requests.add(made)
        unit.commit()

    listed = front_desk("requests", sender=FEMI, lang="en")

    assert f"Open {mine.reference}" in buttons(listed)
