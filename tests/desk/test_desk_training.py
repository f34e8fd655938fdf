"""Training in Slack: Amara reads a module step by step, answers its questions, and finds her place again."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.desk import Reception
from bot.scheduling.duty_round import duty_round
from bot.storage.tables import delivery
from bot.wire import Incoming, Via
from school.people import Person, Role
from school.roles import Leave
from school.sensitive import Sensitive
from staff import NEEDS, SMALLEST_SHOWN, DutyState, Sort, all_modules, all_topics, learners
from tests.desk.conftest import read
from tests.desk.test_desk_revisits import buttons
from tests.desk.test_desk_signing import with_school
from tests.desk.test_desk_todo import MORNING, evidence, holder, round_on, school_of, tap

JANUARY = datetime(2027, 1, 18, 9, 35, tzinfo=ZoneInfo("Europe/London"))
REPORTING = "When a child tells you, and when you see it"


def duties(desk, sort=Sort.MODULE):
    with desk.product.house.units.read("oakfield") as unit:
        return unit.duties.of(sort)


def duty_of(desk, person, subject):
    return next(each for each in duties(desk) if (each.person, each.subject) == (person.id, subject))


def opened(desk, person, title):
    return tap(desk, person.slack, desk("training", sender=person.slack, lang="en", topic="training"), title)


def finish(desk, person, subject):
    """All steps, and every question answered right."""
    duty, shelf = duty_of(desk, person, subject), desk.product.house.shelf
    module = next(each for each in all_modules(shelf) if each.id == subject)
    for step in range(1, len(module.steps) + 1):
        desk("training.next", sender=person.slack, lang="en", d=duty.id.hex, s=str(step))
    for number, item in enumerate(module.quiz):
        answer = {"q": str(number), "o": str(item.answer)}
        said = desk("training.answer", sender=person.slack, lang="en", d=duty.id.hex, **answer)
    return said


@pytest.mark.clause(21, 4)
def test_amara_reads_a_module_step_by_step_and_answers_its_questions(front_desk):
    amara = holder(front_desk, Role.ESAFETY_LEAD)
    round_on(front_desk, MORNING)

    card = opened(front_desk, amara, REPORTING)
    assert "step 1 of 4" in read(card)
    for number in (2, 3, 4):
        card = tap(front_desk, amara.slack, card, "Next")
        assert f"step {number} of 4" in read(card)
    card = tap(front_desk, amara.slack, card, "To the questions")
    assert "question 1 of 4" in read(card)
    wrong = tap(front_desk, amara.slack, card, "Yes, so that they trust me")
    assert "Better: I can't keep it secret, but I'll only tell people who can help." in read(wrong)
    assert "A promise of secrecy cannot be kept" in read(wrong)
    card = tap(front_desk, amara.slack, wrong, "Next question")
    for right in ("Don't look, stay calm, and tell the safeguarding lead at once", "Tell me what happened."):
        said = tap(front_desk, amara.slack, card, right)
        assert "Right: " in read(said)
        card = tap(front_desk, amara.slack, said, "Next question")
    done = tap(front_desk, amara.slack, card, "Tell the head, as a low-level concern")

    assert "Done: 3 of 4 right" in read(done)
    duty = duty_of(front_desk, amara, "module-reporting")
    assert (duty.said, duty.said_by, duty.right) == (DutyState.DONE, amara.id, 3)
    for clause in ("C4", "C21", "C40", "C41", "C59"):
        assert evidence(front_desk, clause) == [("module.done", "module-reporting, 2026: done")]
    assert REPORTING not in buttons(front_desk("training", sender=amara.slack, lang="en"))


def test_the_place_is_kept_and_a_second_tap_counts_nothing(front_desk):
    amara = holder(front_desk, Role.ESAFETY_LEAD)
    round_on(front_desk, MORNING)
    first = opened(front_desk, amara, REPORTING)
    second = tap(front_desk, amara.slack, first, "Next")

    tap(front_desk, amara.slack, first, "Next")

    assert "step 2 of 4" in read(opened(front_desk, amara, REPORTING))
    for label in ("Next", "Next"):
        second = tap(front_desk, amara.slack, second, label)
    asked = tap(front_desk, amara.slack, second, "To the questions")
    tap(front_desk, amara.slack, asked, "Yes, so that they trust me")
    better = tap(front_desk, amara.slack, asked, "I can't keep it secret, but I'll only tell people who can help")
    assert "Right" in read(better)
    duty = duty_of(front_desk, amara, "module-reporting")
    assert (duty.step, duty.right) == (5, 0), "the first answer counts"


def test_whoever_was_in_the_middle_as_a_module_grew_shorter_can_end_it(front_desk):
    amara = holder(front_desk, Role.ESAFETY_LEAD)
    round_on(front_desk, MORNING)
    duty = duty_of(front_desk, amara, "module-reporting")
    with front_desk.product.house.units.write("oakfield") as unit:
        assert unit.duties.move(duty.id, was=0, step=40, right=1)
        unit.commit()

    card = opened(front_desk, amara, REPORTING)
    done = tap(front_desk, amara.slack, card, "Tell the head, as a low-level concern")

    assert "question 4 of 4" in read(card)
    assert "Done: 2 of 4 right" in read(done)


def test_nobody_does_a_colleague_s_module(front_desk):
    hannah, ben = holder(front_desk, Role.HEAD), holder(front_desk, Role.TECHNICIAN)
    round_on(front_desk, MORNING)
    theirs = duty_of(front_desk, ben, "module-reporting")

    answer = front_desk("training.next", sender=hannah.slack, lang="en", d=theirs.id.hex, s="1")

    assert "colleague's to do" in read(answer)
    assert duty_of(front_desk, ben, "module-reporting").step == 0


@pytest.mark.clause(23)
def test_a_new_teacher_gets_the_induction_at_once_and_it_is_evidence_of_its_own(front_desk):
    desk, school = front_desk, school_of(front_desk)
    amara = holder(desk, Role.ESAFETY_LEAD)
    house = desk.product.house
    without = replace(school, people=tuple(each for each in school.people if each.id != amara.id))
    with house.units.write("oakfield") as unit:
        duty_round(unit, school=without, shelf=house.shelf, now=MORNING)
        unit.commit()

    round_on(desk, MORNING + timedelta(days=1))

    modules = all_modules(house.shelf)
    induction = {each.id for each in modules if each.front.induction and amara in learners(each.front, school=school)}
    hers = [each for each in duties(desk) if each.person == amara.id]
    assert {each.subject for each in hers} == induction
    assert len(induction) >= 6
    assert {each.due for each in hers} == {school.calendar.add_school_days(date(2026, 11, 17), 20)}
    others = [each for each in duties(desk) if each.person == "ben"]
    assert len(others) == 2, "nobody else is buried"
    finish(desk, amara, "module-reporting")
    assert evidence(desk, "C23") == [("module.done", "module-reporting, 2026: done")]


@pytest.mark.clause(21)
def test_hannah_sees_who_has_not_done_what_and_reminds_them_once_a_day(front_desk):
    desk = front_desk
    hannah, ben, amara = (holder(desk, role) for role in (Role.HEAD, Role.TECHNICIAN, Role.ESAFETY_LEAD))
    round_on(desk, MORNING)
    finish(desk, ben, "module-reporting")

    shown = desk("training", sender=hannah.slack, lang="en", topic="training", rest="roll")
    everybody = len([each for each in duties(desk) if each.subject == "module-reporting"])
    assert f"1 of {everybody}; not yet: " in read(shown)
    assert amara.name in read(shown)
    tap(desk, hannah.slack, shown, "Remind them")
    again = tap(desk, hannah.slack, shown, "Remind them")

    assert "Reminded once for 24/11/2026, and not twice: " in read(again)
    chosen = select(delivery.c.recipient, delivery.c["values"]).where(delivery.c.page == "training-reminder")
    with desk.product.engines.reading() as connection:
        told = dict(tuple(row) for row in connection.execute(chosen).all())
    assert REPORTING in told[amara.id]["modules"]
    assert REPORTING not in told.get(ben.id, {"modules": ""})["modules"]
    refused = desk("training.roll", sender=ben.slack, lang="en")
    assert amara.name not in read(refused)


def test_who_is_away_is_left_in_peace_and_whoever_has_no_slack_is_named_to_be_told_by_mouth(front_desk):
    round_on(front_desk, MORNING)
    people = tuple(replace(each, slack=None) if each.id == "femi" else each for each in school_of(front_desk).people)
    leave = (Leave(person="ben", first=date(2026, 11, 23), last=date(2026, 11, 27)),)
    desk = with_school(front_desk, people=people, leave=leave)
    hannah = holder(desk, Role.HEAD)

    said = read(tap(desk, hannah.slack, desk("training.roll", sender=hannah.slack, lang="en"), "Remind them"))

    assert "Reminded: Amara Okafor" in said
    assert "Away, and left in peace: Ben Carter" in said
    assert "Not on Slack, so tell them yourself: Femi Adeyemi" in said
    chosen = select(delivery.c.recipient).where(delivery.c.page == "training-reminder")
    with desk.product.engines.reading() as connection:
        told = set(connection.execute(chosen).scalars())
    assert {"amara", "hannah"} <= told
    assert not told & {"ben", "femi"}


def survey_of(desk, person, sure):
    duty = next(each for each in duties(desk, Sort.SURVEY) if (each.person, each.subject) == (person.id, NEEDS))
    said = {topic.id: sure(topic.id) for topic in all_topics()}
    return desk("training.survey.send", sender=person.slack, lang="en", d=duty.id.hex, **said)


@pytest.mark.clause(22)
def test_everybody_says_how_sure_they_are_and_the_lead_accepts_what_follows(front_desk):
    desk = front_desk
    amara = holder(desk, Role.ESAFETY_LEAD)
    desk.product.house.school_clock.instant = JANUARY
    round_on(desk, JANUARY)
    asked = [school_of(desk).person(each.person) for each in duties(desk, Sort.SURVEY)]
    assert len(asked) >= SMALLEST_SHOWN
    form = tap(desk, amara.slack, desk("todo", sender=amara.slack, lang="en"), desk.product.house.shelf.title(NEEDS))
    assert len(form.form.fields) == 8
    missing = desk("training.survey.send", sender=amara.slack, lang="en", **form.form.args, images="3")
    assert missing.refused

    unsure = {"images": "1", "ai": "1", "prevent": "2"}
    for number, person in enumerate(asked):
        if number == SMALLEST_SHOWN - 1:
            early = desk("training", sender=amara.slack, lang="en", topic="training", rest="needs")
            assert "in 100 are sure" not in read(early)
        survey_of(desk, person, lambda topic: unsure.get(topic, "4"))
    assert "answered already" in read(survey_of(desk, asked[0], lambda _: "1"))

    round_on(desk, JANUARY + timedelta(days=1))
    plan = tap(desk, amara.slack, desk("todo", sender=amara.slack, lang="en"), "What staff should learn next")
    assert "about 0 in 100 are sure: “I can explain what becomes of a picture online" in read(plan)
    assert "about 100 in 100 are sure" in read(plan)
    planned = tap(desk, amara.slack, plan, "Yes, plan these for everybody")
    assert "It is planned" in read(planned)
    wanted = {"module-images", "module-ai", "module-prevent"}
    for person in asked:
        assert wanted <= {each.subject for each in duties(desk) if each.person == person.id and each.waits}
    kinds = {what for _, what in evidence(desk, "C22")}
    assert kinds == {"needs-audit, 2026: done", "needs-plan, 2026: done"}
    assert "answered already" in read(tap(desk, amara.slack, plan, "Yes, plan these for everybody"))


@pytest.mark.clause(24)
def test_amara_keeps_a_log_of_what_she_learnt_and_no_typing_is_lost(front_desk):
    amara = holder(front_desk, Role.ESAFETY_LEAD)
    form = tap(front_desk, amara.slack, front_desk("cpd", sender=amara.slack, lang="en"), "Add something").form

    def send(**typed):
        words = {name: Sensitive(said) for name, said in typed.items() if name != "minutes"}
        asked = Incoming(
            school="oakfield",
            via=Via.SLACK,
            sender=amara.slack,
            verb=form.verb,
            args={"minutes": typed["minutes"]},
            words=words,
            lang="en",
        )
        return Reception(front_desk.product.house).receive(asked)

    for typed, said in (
        ({"what": " ", "day": "24/11/2026", "minutes": "90"}, "in a few words"),
        ({"what": "Webinar", "day": "31/11/2026", "minutes": "90"}, "Write the day"),
        ({"what": "Webinar", "day": "25/11/2026", "minutes": "90"}, "Write the day"),
        ({"what": "Webinar", "day": "24/11/2026", "minutes": "-3"}, "how many minutes"),
        ({"what": "w" * 201, "day": "24/11/2026", "minutes": "90"}, "shorter"),
    ):
        answer = send(**typed)
        assert answer.refused
        assert said in read(answer)
    done = send(what="Webinar on AI and pictures", day="20/11/2026", minutes="90")

    assert "20/11/2026: Webinar on AI and pictures (90 minutes)" in read(done)
    assert evidence(front_desk, "C24") == [("cpd.logged", "90 minutes, 2026-11-20")]
    ben = holder(front_desk, Role.TECHNICIAN)
    assert "Webinar" not in read(front_desk("cpd", sender=ben.slack, lang="en"))


@pytest.mark.clause(61)
def test_the_scenario_of_the_month_is_one_tap_with_its_reason(front_desk):
    ben = holder(front_desk, Role.TECHNICIAN)
    october = datetime(2026, 10, 5, 9, 35, tzinfo=ZoneInfo("Europe/London"))
    front_desk.product.house.school_clock.instant = october
    round_on(front_desk, october)
    round_on(front_desk, october + timedelta(days=1))

    card = tap(front_desk, ben.slack, front_desk("todo", sender=ben.slack, lang="en"), "Scenario: the staff group chat")
    said = tap(front_desk, ben.slack, card, "Laugh along, it is private")
    again = tap(front_desk, ben.slack, card, "Write that this isn’t for a chat, and ask for it to be taken down")

    assert "Nothing about parents, in closed groups too" in read(said)
    assert "Right" in read(again)
    (duty,) = (each for each in duties(front_desk, Sort.SCENARIO) if each.person == ben.id)
    assert (duty.said, duty.right) == (DutyState.DONE, 0), "the first answer counts, and nobody fails"
    assert evidence(front_desk, "C61") == [("scenario.done", "scenario-staff-group, 2026-10: done")]
    assert evidence(front_desk, "C21") == [], "a scenario is no formal training"

    round_on(front_desk, october + timedelta(days=28))
    old = {each.said for each in duties(front_desk, Sort.SCENARIO) if each.period == "2026-10"}
    assert old == {DutyState.DONE, DutyState.DROPPED}, "nobody is chased into last month's"


def test_how_a_scenario_was_answered_is_told_when_all_have_answered_so_that_nobody_s_answer_shows(front_desk):
    amara = holder(front_desk, Role.ESAFETY_LEAD)
    round_on(front_desk, MORNING)
    laid = duties(front_desk, Sort.SCENARIO)
    begun = f"{len(laid)} have thought about it"

    shown = []
    for number, duty in enumerate(laid, start=1):
        who = school_of(front_desk).person(duty.person)
        option = "1" if number % 2 else "2"
        front_desk("training.answer", sender=who.slack, lang="en", d=duty.id.hex, q="0", o=option)
        shown.append(read(front_desk("training.roll", sender=amara.slack, lang="en")))

    assert all(begun in each for each in shown)
    assert ["in 100 chose best" in each for each in shown] == [
        number == len(laid) for number in range(1, len(laid) + 1)
    ]
    assert len(laid) >= 5


def test_how_a_scenario_was_answered_is_told_once_its_last_day_is_over_and_in_tens(front_desk):
    amara, house = holder(front_desk, Role.ESAFETY_LEAD), front_desk.product.house
    school = school_of(front_desk)
    gail = Person(id="gail", name="Gail Day", roles=frozenset({Role.TEACHER}))
    house.schools["oakfield"] = replace(school, people=(*school.people, gail))
    begun = MORNING - timedelta(days=14)
    round_on(front_desk, begun)
    laid = [each for each in duties(front_desk, Sort.SCENARIO) if each.person != "gail"]
    for number, duty in enumerate(laid):
        who = school.person(duty.person)
        front_desk("training.answer", sender=who.slack, lang="en", d=duty.id.hex, q="0", o="1" if number < 2 else "2")

    house.school_clock.instant = begun
    assert "in 100" not in read(front_desk("training.roll", sender=amara.slack, lang="en"))
    house.school_clock.instant = begun + timedelta(days=15)
    assert "0 in 100 chose best" in read(front_desk("training.roll", sender=amara.slack, lang="en"))


@pytest.mark.clause(45, 59, 66)
@pytest.mark.parametrize(
    ("month", "subject", "clause"),
    [(2, "module-prevent", "C66"), (3, "module-images", "C45"), (1, "module-data", "C59")],
)
def test_a_module_of_the_year_is_laid_in_its_month_and_leaves_its_evidence(front_desk, month, subject, clause):
    desk, ben = front_desk, holder(front_desk, Role.TECHNICIAN)
    day = datetime(2027, month, 8, 9, 35, tzinfo=ZoneInfo("Europe/London"))
    desk.product.house.school_clock.instant = day
    for number in range(7):
        round_on(desk, day + timedelta(hours=number / 10))
        waiting = [each for each in duties(desk) if each.person == ben.id and each.waits]
        assert len(waiting) <= 2
        if any(each.subject == subject for each in waiting):
            break
        for each in waiting:
            finish(desk, ben, each.subject)

    said = finish(desk, ben, subject)

    assert "Done: " in read(said)
    assert f"{subject}, 2026: done" in [what for _, what in evidence(desk, clause)]
