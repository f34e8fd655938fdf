"""Val helps on Tuesdays: what she may ask for, and what is not hers to see or to change."""

import pytest

from bot.desk.allowed import SLACK, asked
from bot.desk.may import MAY, may
from bot.desk.who import NotYourRoleError
from school.people import Person, Role
from tests.desk.conftest import read
from tests.desk.test_desk_signing import with_school
from tests.desk.test_desk_todo import school_of

VAL = "U0VAL"
NOT_ALLOWED = str(NotYourRoleError.text)
# Everything that is hers on Slack beside what anybody may: to tell, to ask, and to learn, sign and read for herself.
HERS = frozenset(
    {
        *("ask.send", "assembly", "check_it", "starter"),
        *("breach", "breach.send", "filterfault", "filterfault.send", "found", "found.form", "found.send"),
        *("lowlevel.form", "lowlevel.send", "req.personal", "req.read", "requests"),
        *("inset.away", "inset.open", "inset.read", "inset.there"),
        *("ladder", "whatnow", "who"),
        *("searching", "searching.done"),
        *("sign", "sign.answer", "sign.ask", "sign.read", "sign.yes"),
        *(
            "todo",
            "todo.aside",
            "todo.aside.send",
            "todo.note",
            "todo.note.send",
            "todo.read",
            "todo.right",
            "todo.well",
            "todo.wrong",
        ),
        *("todo.wrong.send", "training", "training.answer", "training.next", "training.open"),
        *("training.survey", "training.survey.send"),
    }
)


@pytest.fixture
def desk(front_desk):
    val = Person(id="val", name="Val Price", roles=frozenset({Role.VOLUNTEER}), slack=VAL, classes=("oak",))
    return with_school(front_desk, people=(*school_of(front_desk).people, val))


def verbs(answer):
    return {choice.verb for row in answer.choices for choice in row}


def open_to(roles):
    incoming, person = asked("help", Role.VOLUNTEER, SLACK)
    nobody, _ = asked("help", None, SLACK)
    person = Person(id="val", name="Val", roles=roles)
    return {
        verb
        for verb in MAY
        if may(verb, incoming=incoming, person=person) and not may(verb, incoming=nobody, person=None)
    }


@pytest.mark.clause(41)
def test_a_volunteer_may_tell_ask_and_look_after_her_own_and_nothing_else():
    assert open_to(frozenset({Role.VOLUNTEER})) == HERS


def test_a_teacher_who_also_helps_keeps_what_a_teacher_has():
    both = open_to(frozenset({Role.VOLUNTEER, Role.TEACHER}))

    assert both == open_to(frozenset({Role.TEACHER}))
    assert {"photos", "sites.add", "unblock"} <= both


@pytest.mark.clause(41)
@pytest.mark.parametrize("topic", ["coverage", "status", "delivery", "numbers"])
def test_val_reaches_no_list_of_the_schools_by_typing_its_name(desk, topic):
    said = read(desk("lollipop", sender=VAL, lang="en", topic=topic))

    assert "That isn't something I know." in said
    assert "Oak:" not in said


def test_amara_still_reaches_them_by_name(desk):
    assert "That isn't something I know." not in read(desk("lollipop", sender="U0AMARA", lang="en", topic="coverage"))
    assert "That isn't something I know." not in read(desk("lollipop", sender="U0AMARA", lang="en", topic="status"))


@pytest.mark.parametrize("verb", ["photos", "sites", "unblock", "evidence", "deliveries", "req.yes"])
def test_val_is_refused_what_is_not_hers(desk, verb):
    answer = desk(verb, sender=VAL, lang="en", rest="OAK-01", ref="ABCD")

    assert answer.refused
    assert NOT_ALLOWED in read(answer)


def test_nothing_that_val_is_shown_offers_a_tap_that_is_refused(desk):
    for verb, more in (
        ("home", {}),
        ("requests", {"topic": "requests"}),
        ("who", {}),
        ("ladder", {}),
        ("whatnow", {"p": "technical"}),
        ("found", {}),
        ("todo", {"topic": "todo"}),
    ):
        for tap in verbs(desk(verb, sender=VAL, lang="en", **more)):
            incoming, _ = asked(tap, Role.VOLUNTEER, SLACK)
            val = Person(id="val", name="Val", roles=frozenset({Role.VOLUNTEER}))
            assert may(tap, incoming=incoming, person=val), (verb, tap)


def test_the_help_card_tells_val_of_nothing_that_is_not_hers(desk):
    card = read(desk("help", sender=VAL, lang="en"))

    assert "/report" in card
    assert "/lollipop whatnow" in card
    assert "/lollipop photos" not in card
    assert "/lollipop unblock" not in card
