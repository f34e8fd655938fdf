"""What staff are asked for: Ben's check of the server room, from the asking to the answer, and the chase."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.desk import Reception
from bot.scheduling.duty_round import duty_round
from bot.storage.tables import delivery
from bot.storage.tables import evidence as evidence_table
from bot.wire import Incoming, Via
from school.people import Role
from school.sensitive import Sensitive
from staff import DutyState, Sort
from tests.desk.conftest import read
from tests.desk.test_desk_revisits import buttons

MORNING = datetime(2026, 11, 16, 9, 35, tzinfo=ZoneInfo("Europe/London"))
SERVERS = "Servers, wireless and cabling are locked away"


def school_of(desk):
    return desk.product.house.schools["oakfield"]


def holder(desk, role):
    return next(person for person in school_of(desk).people if person.holds(role))


def round_on(desk, now):
    house = desk.product.house
    with house.units.write("oakfield") as unit:
        duty_round(unit, school=school_of(desk), shelf=house.shelf, now=now)
        unit.commit()


def rounds_until(desk, day, last):
    while day <= last:
        round_on(desk, day)
        day += timedelta(days=1)


def told(desk, page):
    chosen = select(delivery).where(delivery.c.page == page).order_by(delivery.c.due_at, delivery.c.recipient)
    with desk.product.engines.reading() as connection:
        return [(each.recipient, each.values["duties"]) for each in connection.execute(chosen).all()]


def servers(desk):
    with desk.product.house.units.read("oakfield") as unit:
        return unit.duties.of(Sort.CHECK, subject="server-room")


def evidence(desk, clause):
    columns = evidence_table.c
    with desk.product.engines.reading() as connection:
        here = select(columns.kind, columns.what).where(columns.clause == clause).order_by(columns.at, columns.id)
        return [tuple(row) for row in connection.execute(here).all()]


def tap(desk, slack, answer, label):
    chosen = buttons(answer)[label]
    return desk(chosen.verb, sender=slack, lang="en", **chosen.args)


def send(desk, slack, form, typed):
    """A form comes back with words in its one field."""
    words = {form.fields[0].name: Sensitive(typed)}
    asked = Incoming(
        school="oakfield", via=Via.SLACK, sender=slack, verb=form.verb, args=dict(form.args), words=words, lang="en"
    )
    return Reception(desk.product.house).receive(asked)


@pytest.mark.clause(29)
def test_ben_is_asked_once_a_term_and_answers_with_one_tap(front_desk):
    ben = holder(front_desk, Role.TECHNICIAN)

    round_on(front_desk, MORNING)
    round_on(front_desk, MORNING + timedelta(days=1))

    asked = [person for person, said in told(front_desk, "duties-yours") if SERVERS in said]
    assert asked == [ben.id]
    listed = front_desk("todo", sender=ben.slack, lang="en")
    card = tap(front_desk, ben.slack, listed, SERVERS)
    assert "Whoever holds a key is on the list" in read(card)
    done = tap(front_desk, ben.slack, card, "All is well")
    assert "is done" in read(done)
    assert SERVERS not in buttons(done)
    (duty,) = servers(front_desk)
    assert (duty.said, duty.said_by) == (DutyState.DONE, ben.id)
    assert evidence(front_desk, "C29") == [("check.done", "server-room, 2026-autumn: done")]


def test_what_is_wrong_waits_until_it_is_put_right_and_the_note_stands_in_no_notice(front_desk):
    ben = holder(front_desk, Role.TECHNICIAN)
    round_on(front_desk, MORNING)
    card = tap(front_desk, ben.slack, front_desk("todo", sender=ben.slack, lang="en"), SERVERS)

    form = tap(front_desk, ben.slack, card, "Something is wrong").form
    empty = send(front_desk, ben.slack, form, "  ")
    assert empty.refused
    assert empty.form is not None
    said = send(front_desk, ben.slack, form, "The cabinet in the hall has no lock")
    assert f"{SERVERS}: something is wrong" in read(said)
    assert servers(front_desk)[0].said is DutyState.WRONG

    card = tap(front_desk, ben.slack, said, SERVERS)
    assert "has no lock" in read(card)
    done = send(front_desk, ben.slack, tap(front_desk, ben.slack, card, "It is put right").form, "A new lock")
    assert "Nothing waits" in read(done) or SERVERS not in buttons(done)
    assert [kind for kind, _ in evidence(front_desk, "C29")] == ["check.wrong", "check.done"]
    assert "no lock" not in str(told(front_desk, "duties-yours") + evidence(front_desk, "C29"))


def test_whoever_is_late_is_told_twice_more_and_then_the_head_is_who_may_answer_for_him(front_desk):
    ben, hannah = holder(front_desk, Role.TECHNICIAN), holder(front_desk, Role.HEAD)

    rounds_until(front_desk, MORNING, MORNING + timedelta(days=28))
    assert not [said for _, said in told(front_desk, "duties-late") if SERVERS in said]
    rounds_until(front_desk, MORNING + timedelta(days=29), MORNING + timedelta(days=31))

    assert len([said for person, said in told(front_desk, "duties-yours") if SERVERS in said and person == ben.id]) == 3
    late = [(person, said) for person, said in told(front_desk, "duties-late") if SERVERS in said]
    assert hannah.id in {person for person, _ in late}
    assert all(f"{SERVERS} ({ben.name})" in said for _, said in late)
    front_desk.product.house.school_clock.instant = MORNING + timedelta(days=31)
    listed = front_desk("todo", sender=hannah.slack, lang="en")
    card = tap(front_desk, hannah.slack, listed, SERVERS)
    tap(front_desk, hannah.slack, card, "All is well")
    assert servers(front_desk)[-1].said_by == hannah.id


def test_a_colleague_s_check_is_not_his_to_answer_who_is_not_asked(front_desk):
    ben, femi = holder(front_desk, Role.TECHNICIAN), holder(front_desk, Role.DEPUTY_DSL)
    round_on(front_desk, MORNING)
    (duty,) = servers(front_desk)

    answer = front_desk("todo.well", sender=femi.slack, lang="en", d=duty.id.hex)

    assert "somebody else" in read(answer) or "isn't yours" in read(answer)
    assert servers(front_desk)[0].said is DutyState.OPEN
    assert ben.id == duty.person


def test_what_waits_for_somebody_who_has_left_goes_to_whoever_stands_in(front_desk):
    rounds_until(front_desk, MORNING, MORNING + timedelta(days=7))
    school, house = school_of(front_desk), front_desk.product.house
    without_ben = replace(school, people=tuple(each for each in school.people if each.id != "ben"))

    with house.units.write("oakfield") as unit:
        duty_round(unit, school=without_ben, shelf=house.shelf, now=MORNING + timedelta(days=8))
        unit.commit()

    assert [(each.person, each.said) for each in servers(front_desk)] == [("amara", DutyState.OPEN)]
    with house.units.read("oakfield") as unit:
        habits = unit.duties.of(Sort.CHECK, subject="good-example")
    assert {each.said for each in habits if each.person == "ben"} == {DutyState.DROPPED}


def test_two_taps_on_one_button_are_one_answer(front_desk):
    ben = holder(front_desk, Role.TECHNICIAN)
    round_on(front_desk, MORNING)
    card = tap(front_desk, ben.slack, front_desk("todo", sender=ben.slack, lang="en"), SERVERS)

    tap(front_desk, ben.slack, card, "All is well")
    again = tap(front_desk, ben.slack, card, "All is well")

    assert "answered already" in read(again)
    assert len(evidence(front_desk, "C29")) == 1
