"""What staff are asked for: Ben's check of the server room, from the asking to the answer, and the chase."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.desk import Reception
from bot.desk.standings import standings_in
from bot.scheduling.duty_round import duty_round
from bot.storage.tables import delivery
from bot.storage.tables import evidence as evidence_table
from bot.wire import Incoming, Via
from school.people import Role
from school.roles import Leave
from school.sensitive import Sensitive
from staff import Colour, Duty, DutyState, Sort
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
    assert sorted(kind for kind, _ in evidence(front_desk, "C29")) == ["check.done", "check.wrong"]
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


def wrong(desk, slack, duty, typed):
    form = desk("todo.wrong", sender=slack, lang="en", d=duty.id.hex).form
    return send(desk, slack, form, typed)


def test_a_card_from_before_does_not_put_right_what_a_colleague_has_said_is_wrong(front_desk):
    ben, hannah = holder(front_desk, Role.TECHNICIAN), holder(front_desk, Role.HEAD)
    round_on(front_desk, MORNING)
    (duty,) = servers(front_desk)
    card = front_desk("todo.read", sender=hannah.slack, lang="en", d=duty.id.hex)
    form = tap(front_desk, hannah.slack, card, "All is well, with a note").form
    wrong(front_desk, ben.slack, duty, "The cabinet has no lock")

    tapped = tap(front_desk, hannah.slack, card, "All is well")
    noted = send(front_desk, hannah.slack, form, "Looked at it")

    assert "no lock" in read(tapped)
    assert next(iter(buttons(tapped))) == "It is put right"
    assert noted.refused
    assert noted.form is not None
    assert servers(front_desk)[0].said is DutyState.WRONG
    sent = send(front_desk, hannah.slack, noted.form, "A new lock")
    assert not sent.refused
    assert servers(front_desk)[0].said is DutyState.DONE
    assert servers(front_desk)[0].note == "The cabinet has no lock / A new lock"


def test_whoever_minds_the_checks_hears_at_once_that_something_is_wrong_and_not_what(front_desk):
    ben = holder(front_desk, Role.TECHNICIAN)
    round_on(front_desk, MORNING)
    front_desk.product.house.school_clock.move_to(MORNING)
    (duty,) = servers(front_desk)

    wrong(front_desk, ben.slack, duty, "The cabinet has no lock")

    assert sorted(told(front_desk, "duties-wrong")) == [("amara", SERVERS), ("hannah", SERVERS)]
    listed = front_desk("todo", sender=holder(front_desk, Role.HEAD).slack, lang="en")
    assert SERVERS in buttons(listed)


@pytest.mark.parametrize("sort", [Sort.CHECK, Sort.MODULE, Sort.SIGN])
def test_whoever_was_left_out_of_the_school_file_by_mistake_is_asked_again_for_what_was_open(front_desk, sort):
    rounds_until(front_desk, MORNING, MORNING + timedelta(days=9))
    school, house = school_of(front_desk), front_desk.product.house

    def femis():
        with house.units.read("oakfield") as unit:
            return {each.subject for each in unit.duties.waiting(person="femi") if each.sort is sort}

    before = femis()
    house.schools["oakfield"] = replace(school, people=tuple(each for each in school.people if each.id != "femi"))
    round_on(front_desk, MORNING + timedelta(days=10))
    assert femis() == set()
    house.schools["oakfield"] = school
    rounds_until(front_desk, MORNING + timedelta(days=11), MORNING + timedelta(days=16))

    assert before
    assert before <= femis()


def test_with_no_minder_in_nobody_is_forgotten_and_the_head_hears_of_it_when_she_is_back(front_desk):
    school, house = school_of(front_desk), front_desk.product.house
    last = MORNING + timedelta(days=30)
    away = [
        Leave(person=each.id, first=last.date() - timedelta(days=3), last=last.date())
        for each in school.people
        if each.holds(Role.HEAD, Role.ESAFETY_LEAD, Role.DSL, Role.DEPUTY_DSL)
    ]
    house.schools["oakfield"] = replace(school, leave=tuple(away))
    rounds_until(front_desk, MORNING, last)
    assert not [said for _, said in told(front_desk, "duties-late") if SERVERS in said]

    rounds_until(front_desk, last + timedelta(days=1), last + timedelta(days=1))

    assert [said for _, said in told(front_desk, "duties-late") if SERVERS in said]


@pytest.mark.clause(34)
def test_a_clause_stays_amber_while_something_is_wrong_whatever_else_is_well_for_it(front_desk):
    house = front_desk.product.house
    made = [
        Duty(
            id=UUID(int=number),
            sort=Sort.CHECK,
            subject=subject,
            period="2026-11",
            person="ben",
            laid=MORNING,
            due=MORNING.date(),
        )
        for number, subject in enumerate(("filter-test", "filter-review"), 1)
    ]
    with house.units.write("oakfield") as unit:
        for each in made:
            assert unit.duties.lay(each)
        unit.commit()
    ben = holder(front_desk, Role.TECHNICIAN)

    wrong(front_desk, ben.slack, made[0], "It lets a list of bad pages through")
    front_desk("todo.well", sender=ben.slack, lang="en", d=made[1].id.hex)

    assert colour(front_desk, "C34") is Colour.AMBER
    front_desk("todo.note.send", sender=ben.slack, lang="en", d=made[0].id.hex)
    assert colour(front_desk, "C34") is Colour.GREEN


def colour(desk, clause):
    house = desk.product.house
    with house.units.read("oakfield") as unit:
        found = standings_in(unit, now=house.school_clock.now())
    return next(each.colour for each in found if each.clause.id == clause)
