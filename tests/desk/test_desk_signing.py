"""What adults in school sign: read, asked about, signed once a year and for each version, by nobody but themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pages import Shelf, plain_text
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
