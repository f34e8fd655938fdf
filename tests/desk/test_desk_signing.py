"""What adults in school sign: read, asked about, signed once a year and for each version, by nobody but themselves."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pages import Shelf
from school.people import Person, Role
from school.school import SignRule
from staff import DutyState, Sort
from tests.desk.conftest import FrontDesk, read
from tests.desk.test_desk_revisits import buttons
from tests.desk.test_desk_todo import MORNING, evidence, holder, round_on, school_of, tap, told

STAFF, VOLUNTEERS, GOVERNORS = "staff-aup", "volunteer-aup", "governor-aup"
TITLE = "What staff agree about screens, data and life online"
ON = "I have read it: on to the questions"
YES = "I have read it and will keep to it"


def on_day(desk, day):
    """The school's own clock shows an instant."""
    desk.product.house.school_clock.instant = day
    return desk


def with_school(desk, **changes):
    """The same desk for a school whose file says something else."""
    house = desk.product.house
    school = replace(school_of(desk), **changes)
    return FrontDesk(replace(desk.product, house=replace(house, schools={"oakfield": school})))


def with_version(desk, page_id, version):
    """The same desk, where a document has a new version."""
    house = desk.product.house
    every = [page for lang in ("en",) for page in house.shelf.all(lang=lang)]
    pages = [replace(page, version=version, content_hash="f" * 64) if page.id == page_id else page for page in every]
    return FrontDesk(replace(desk.product, house=replace(house, shelf=Shelf(pages))))


def a_year_on(day):
    return day.replace(year=day.year + 1)


def signatures(desk, subject=STAFF):
    with desk.product.house.units.read("oakfield") as unit:
        return {(each.person, each.version): each for each in unit.duties.of(Sort.SIGN, subject=subject)}


def quiz(desk, page_id=STAFF):
    return desk.product.house.shelf.get(page_id, "en").front.quiz


def through_the_questions(desk, slack, answer, page_id=STAFF):
    """The last card of a quiz whose every answer is right."""
    for item in quiz(desk, page_id):
        answer = tap(desk, slack, answer, item.options[item.answer - 1])
    return answer


def signs(desk, person):
    """From the list to the signature; the answer to the last tap."""
    card = desk("sign", sender=person.slack, lang="en", topic="sign")
    if ON not in buttons(card):
        card = tap(desk, person.slack, card, TITLE)
    asked = tap(desk, person.slack, card, ON)
    last = through_the_questions(desk, person.slack, asked)
    return tap(desk, person.slack, last, YES)


@pytest.mark.clause(67)
def test_ben_is_asked_in_the_morning_reads_answers_and_signs(front_desk):
    ben = holder(front_desk, Role.TECHNICIAN)
    round_on(front_desk, MORNING)
    assert any(TITLE in said for person, said in told(front_desk, "duties-yours") if person == ben.id)

    card = tap(front_desk, ben.slack, front_desk("todo", sender=ben.slack, lang="en"), TITLE)
    asked = tap(front_desk, ben.slack, card, ON)
    thanks = tap(front_desk, ben.slack, through_the_questions(front_desk, ben.slack, asked), YES)

    assert "You have signed" in read(thanks)
    assert "version 1: on 24/11/2026" in read(thanks)
    duty = signatures(front_desk)[ben.id, 1]
    assert (duty.said, duty.said_by, duty.period) == (DutyState.DONE, ben.id, "2026")
    ((kind, what),) = evidence(front_desk, "C67")
    assert kind == "sign.done"
    assert what.startswith("staff-aup version 1 (text ")
    assert ben.name not in what
    assert TITLE not in buttons(front_desk("todo", sender=ben.slack, lang="en"))


def test_each_of_them_is_asked_once_a_year_and_a_governor_is_asked_for_another_document(front_desk):
    round_on(front_desk, MORNING)
    round_on(front_desk, MORNING + timedelta(days=1))

    assert {person for person, _ in signatures(front_desk)} == {"amara", "ben", "dilys", "femi", "hannah"}
    assert {person for person, _ in signatures(front_desk, GOVERNORS)} == {"grace"}
    assert signatures(front_desk, VOLUNTEERS) == {}


@pytest.mark.parametrize(
    ("clause", "line"),
    [
        pytest.param("C32", "I use a second step where there is one", marks=pytest.mark.clause(32)),
        pytest.param("C39", "school e-mail, devices and the network are monitored", marks=pytest.mark.clause(39)),
        pytest.param("C43", "I ask before I install anything", marks=pytest.mark.clause(43)),
        pytest.param("C44", "leaves the school only if it is encrypted", marks=pytest.mark.clause(44)),
        pytest.param("C48", "pictures for learning only, and with school devices", marks=pytest.mark.clause(48)),
        pytest.param("C53", "school e-mail is for school work", marks=pytest.mark.clause(53)),
        pytest.param("C55", "write to families and pupils on school channels", marks=pytest.mark.clause(55)),
        pytest.param("C61", "nothing about pupils, parents, colleagues or disputes", marks=pytest.mark.clause(61)),
    ],
)
def test_a_signature_is_evidence_for_each_clause_whose_line_was_read(front_desk, clause, line):
    ben = holder(front_desk, Role.TECHNICIAN)

    card = front_desk("sign", sender=ben.slack, lang="en", topic="sign")
    assert line in read(card)
    assert evidence(front_desk, clause) == []
    signs(front_desk, ben)

    ((kind, what),) = evidence(front_desk, clause)
    assert (kind, what.partition(" (")[0]) == ("sign.done", "staff-aup version 1")


def test_nobody_signs_before_every_question_is_answered_and_a_wrong_answer_is_explained(front_desk):
    ben = holder(front_desk, Role.TECHNICIAN)
    card = front_desk("sign", sender=ben.slack, lang="en", topic="sign")
    (duty,) = signatures(front_desk).values()
    first = quiz(front_desk)[0]

    held = front_desk("sign.yes", sender=ben.slack, lang="en", d=duty.id.hex)
    assert "questions to answer before you sign" in read(held)
    asked = tap(front_desk, ben.slack, card, ON)
    wrong = tap(front_desk, ben.slack, asked, first.options[0])

    assert "Not quite" in read(wrong)
    assert first.why in read(wrong)
    assert "Question 1 of 3" in read(wrong)
    assert YES not in buttons(wrong)
    assert signatures(front_desk)[ben.id, 1].said is DutyState.OPEN
    right = tap(front_desk, ben.slack, wrong, first.options[first.answer - 1])
    assert "Question 2 of 3" in read(right)
    # A tap that comes twice answers no other question.
    again = tap(front_desk, ben.slack, wrong, first.options[first.answer - 1])
    assert "Question 2 of 3" in read(again)


def test_a_school_may_leave_the_questions_out_and_say_who_signs(front_desk):
    rule = SignRule(roles=frozenset({Role.TECHNICIAN}), quiz=False)
    desk = with_school(front_desk, agreements={STAFF: rule})
    ben, amara = holder(desk, Role.TECHNICIAN), holder(desk, Role.ESAFETY_LEAD)

    card = desk("sign", sender=ben.slack, lang="en", topic="sign")
    assert "You have signed" in read(tap(desk, ben.slack, card, YES))

    assert "nothing for you to sign" in read(desk("sign", sender=amara.slack, lang="en", topic="sign"))


def test_two_taps_on_one_button_are_one_signature(front_desk):
    ben = holder(front_desk, Role.TECHNICIAN)
    card = front_desk("sign", sender=ben.slack, lang="en", topic="sign")
    last = through_the_questions(front_desk, ben.slack, tap(front_desk, ben.slack, card, ON))

    tap(front_desk, ben.slack, last, YES)
    again = tap(front_desk, ben.slack, last, YES)

    assert "You have signed" in read(again)
    assert len(evidence(front_desk, "C67")) == 1


def test_a_new_version_is_asked_of_everybody_again_and_what_was_read_before_signs_nothing(front_desk):
    ben, dilys = holder(front_desk, Role.TECHNICIAN), holder(front_desk, Role.DSL)
    round_on(front_desk, MORNING)
    signs(front_desk, ben)
    card = front_desk("sign", sender=dilys.slack, lang="en", topic="sign")
    last = through_the_questions(front_desk, dilys.slack, tap(front_desk, dilys.slack, card, ON))

    desk = with_version(front_desk, STAFF, 2)
    late_tap = tap(desk, dilys.slack, last, YES)
    round_on(desk, MORNING + timedelta(days=9))

    assert "changed since you opened it" in read(late_tap)
    kept = {key: duty.said for key, duty in signatures(desk).items() if key[0] in {ben.id, dilys.id}}
    assert kept == {
        (ben.id, 1): DutyState.DONE,
        (ben.id, 2): DutyState.OPEN,
        (dilys.id, 1): DutyState.DROPPED,
        (dilys.id, 2): DutyState.OPEN,
    }
    signs(desk, ben)
    assert sorted(what.partition(" (")[0] for _, what in evidence(desk, "C67")) == [
        "staff-aup version 1",
        "staff-aup version 2",
    ]
    assert signatures(desk)[ben.id, 2].right == 3


@pytest.mark.clause(23)
def test_somebody_new_is_asked_at_once_and_their_signature_is_part_of_the_induction(front_desk):
    round_on(front_desk, MORNING)
    signs(front_desk, holder(front_desk, Role.TECHNICIAN))
    assert evidence(front_desk, "C23") == []
    pat = Person(id="pat", name="Pat Quinn", roles=frozenset({Role.TEACHER}), slack="U0PAT")

    desk = with_school(front_desk, people=(*school_of(front_desk).people, pat))
    signs(desk, pat)

    assert signatures(desk)["pat", 1].said is DutyState.DONE
    ((kind, what),) = evidence(desk, "C23")
    assert (kind, "Pat" in what) == ("sign.done", False)


def test_what_waits_for_somebody_who_has_left_is_dropped_and_waits_anew_when_they_come_back(front_desk):
    ben = holder(front_desk, Role.TECHNICIAN)
    round_on(front_desk, MORNING)
    people = school_of(front_desk).people
    without = with_school(front_desk, people=tuple(each for each in people if each.id != ben.id))

    round_on(without, MORNING + timedelta(days=1))
    assert signatures(front_desk)[ben.id, 1].said is DutyState.DROPPED
    round_on(front_desk, MORNING + timedelta(days=7))

    duty = signatures(front_desk)[ben.id, 1]
    assert (duty.said, duty.said_by) == (DutyState.OPEN, "")
    assert duty.due > date(2026, 12, 1)


def test_nobody_signs_for_a_colleague_be_it_the_head(front_desk):
    hannah = holder(front_desk, Role.HEAD)
    with_school(front_desk, agreements={STAFF: SignRule(quiz=False)})
    round_on(front_desk, MORNING)
    duty = signatures(front_desk)["ben", 1]

    for verb in ("sign.read", "sign.yes", "todo.read", "todo.well"):
        assert "isn't yours" in read(front_desk(verb, sender=hannah.slack, lang="en", d=duty.id.hex))

    assert signatures(front_desk)["ben", 1].said is DutyState.OPEN


def test_next_september_it_is_asked_again(front_desk):
    ben = holder(front_desk, Role.TECHNICIAN)
    signs(front_desk, ben)
    calendar = school_of(front_desk).calendar
    halves = tuple(
        replace(
            half, first=half.first.replace(year=half.first.year + 1), last=half.last.replace(year=half.last.year + 1)
        )
        for half in calendar.half_terms
    )
    desk = with_school(front_desk, calendar=replace(calendar, half_terms=(*calendar.half_terms, *halves)))
    autumn = datetime(2027, 9, 6, 10, tzinfo=ZoneInfo("Europe/London"))

    round_on(desk, autumn)

    with desk.product.house.units.read("oakfield") as unit:
        mine = [(each.period, each.said) for each in unit.duties.of(Sort.SIGN, subject=STAFF) if each.person == ben.id]
    assert sorted(mine) == [("2026", DutyState.DONE), ("2027", DutyState.OPEN)]


def test_a_volunteer_signs_what_is_for_volunteers_and_is_asked_no_staff_check(front_desk):
    val = Person(id="val", name="Val Price", roles=frozenset({Role.VOLUNTEER}), slack="U0VAL")
    desk = with_school(front_desk, people=(*school_of(front_desk).people, val))

    round_on(desk, MORNING)

    with desk.product.house.units.read("oakfield") as unit:
        assert [each.subject for each in unit.duties.waiting(person="val")] == [VOLUNTEERS]
