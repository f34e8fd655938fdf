"""What do I do now: the card on which staff find what to do at once, whom to tell, and what follows."""

from dataclasses import replace
from datetime import date

import pytest

from bot.desk.whatnow import OPENS
from bot.web.site import Site, View
from bot.wire import Show
from school.people import LocalService, Person, Role
from school.roles import Leave
from staff import all_situations, load_clauses, whom_to_tell
from tests.desk.conftest import read
from tests.desk.test_desk_signing import with_school
from tests.desk.test_desk_todo import school_of

FEMI, VAL = "U0FEMI", "U0VAL"
SECRETS = ("secret", "confidential", "between us", "nobody will know")


def card(front_desk, which, sender=FEMI):
    return read(front_desk("whatnow", sender=sender, lang="en", p=which))


def labels(answer):
    return [str(choice.label) for row in answer.choices for choice in row]


def verbs(answer):
    return [choice.verb for row in answer.choices for choice in row]


@pytest.mark.clause(60)
def test_femi_chooses_what_happened_and_reads_what_to_do_whom_to_tell_and_what_follows(front_desk):
    menu = front_desk("whatnow", sender=FEMI, lang="en", topic="whatnow")
    told = front_desk("whatnow", sender=FEMI, lang="en", p="told")

    assert "A child tells me something" in labels(menu)
    assert menu.show is Show.REPLY
    assert told.show is Show.REPLACE
    words = read(told)
    assert words.index("Listen.") < words.index("Dilys Morgan") < words.index("Log it today")
    assert verbs(told) == ["report.start", "whatnow", "ladder"]


def test_every_card_says_999_first_and_leads_only_where_the_desk_goes(front_desk):
    for situation in all_situations():
        words = card(front_desk, situation.id)

        assert words.find("999") < words.index("Whom to tell"), situation.id
        assert set(situation.opens) <= OPENS.keys()


def test_what_is_no_situation_is_the_menu(front_desk):
    assert "What is it about?" in card(front_desk, "../head")


@pytest.mark.clause(60)
def test_a_worry_about_the_head_goes_to_the_chair_and_never_names_the_head(front_desk):
    words = card(front_desk, "head")

    assert "Grace Chen" in words
    assert "Hannah Lewis" not in words


@pytest.mark.clause(60)
def test_where_the_head_leads_on_safeguarding_a_worry_about_the_lead_goes_past_her(front_desk):
    school = school_of(front_desk)
    both = tuple(
        replace(each, roles=each.roles | {Role.DSL}) if each.id == "hannah" else each
        for each in school.people
        if each.id != "dilys"
    )
    desk = with_school(front_desk, people=both)

    words = read(desk("whatnow", sender="U0AMARA", lang="en", p="lead"))

    assert "Hannah Lewis" not in words
    assert "Grace Chen" in words


def test_where_nobody_is_left_to_tell_somebody_outside_is_named(front_desk):
    school = school_of(front_desk)
    alone = tuple(
        replace(each, roles=each.roles | {Role.HEAD}) if each.id == "grace" else each
        for each in school.people
        if each.id != "hannah"
    )
    desk = with_school(
        front_desk, people=alone, services=(LocalService(id="lado", name="The LADO", phone="01632 960789"),)
    )

    words = read(desk("whatnow", sender="U0AMARA", lang="en", p="head"))

    assert "Grace Chen" not in words
    assert "Nobody in school can be named for this" in words
    assert "01632 960789" in words


@pytest.mark.parametrize("role", [Role.DSL, Role.DEPUTY_DSL, Role.HEAD, Role.CHAIR_OF_GOVERNORS, Role.GOVERNOR])
def test_nobody_who_may_be_meant_is_ever_named_to_tell(front_desk, role):
    """Whatever else the holder of a role that a card is about may be, in a school where offices fall together."""
    school = school_of(front_desk)
    everything = tuple(replace(each, roles=each.roles | {role}) for each in school.people)
    on = date(2026, 11, 24)

    for situation in all_situations():
        for people in (school.people, everything):
            told = whom_to_tell(situation, school=replace(school, people=people), on=on)
            named = [person for each in told for person in each.people]
            assert not [person for person in named if person.holds(*situation.never)], situation.id
            assert len({person.id for person in named}) == len(named)


@pytest.mark.clause(60)
def test_a_card_that_cannot_know_whom_it_is_about_says_not_to_tell_them(front_desk):
    for situation in all_situations():
        assert ("Is it about somebody who is named here?" in card(front_desk, situation.id)) is not bool(
            situation.never
        )


def test_a_worry_about_a_governor_is_led_to_no_form_that_would_climb_to_the_chair(front_desk):
    told = front_desk("whatnow", sender=FEMI, lang="en", p="governor")

    assert "report.start" not in verbs(told)
    assert "lowlevel.form" not in verbs(told)


def test_no_card_promises_a_secret():
    for situation in all_situations():
        words = " ".join((*situation.now, *situation.follows)).casefold()
        assert not [each for each in SECRETS if each in words], situation.id


def test_whoever_is_away_stands_after_whoever_is_in(front_desk):
    school = school_of(front_desk)
    second = Person(id="owen", name="Owen Price", roles=frozenset({Role.DSL}))
    leave = (Leave(person="dilys", first=date(2026, 11, 1), last=date(2026, 12, 1)),)
    desk = with_school(front_desk, people=(*school.people, second), leave=leave)

    assert "Owen Price, Dilys Morgan (away today)" in read(desk("whatnow", sender=FEMI, lang="en", p="saw"))


@pytest.mark.clause(60)
def test_that_the_cards_are_looked_at_is_kept_once_a_week_without_a_name_or_a_day(front_desk):
    for verb in ("whatnow", "who", "ladder", "whatnow"):
        front_desk(verb, sender=FEMI, lang="en")
    front_desk("whatnow", sender="U0AMARA", lang="en", p="head")

    with front_desk.product.house.units.read("oakfield") as unit:
        (kept,) = unit.evidence.trails(limit=9, clause="C60")["C60"]

    assert (kept.kind, kept.by) == ("card.seen", "")
    assert school_of(front_desk).calendar.local(kept.when).strftime("%a %H:%M") == "Mon 00:00"
    assert kept.kind.startswith(next(each for each in load_clauses() if each.id == "C60").counts)


def test_a_pupil_is_shown_no_card_and_leaves_no_trace(front_desk):
    for verb in ("whatnow", "ladder", "who"):
        assert "Dilys" not in read(front_desk(verb, sender="U0PUPIL", lang="en"))
    with front_desk.product.house.units.read("oakfield") as unit:
        assert unit.evidence.trails(limit=9, clause="C60") == {}


def test_the_ladder_stands_beside_what_staff_sign_and_the_cards_beside_their_questions(front_desk):
    asked = front_desk("ask.send", sender=FEMI, lang="en", words="Which browser is right for Year 4?")
    faq = front_desk("faq", sender=FEMI, lang="en", topic="faq")
    families = front_desk("faq", lang="en")

    assert {"whatnow"} <= set(verbs(asked))
    assert {"whatnow", "ladder"} <= set(verbs(faq))
    assert {"whatnow", "ladder"}.isdisjoint(verbs(families))
    below = front_desk("ladder", sender=FEMI, lang="en", topic="ladder")
    assert below.show is Show.REPLY


def test_on_the_web_an_address_never_says_what_somebody_looked_at(front_desk):
    site = Site(school=None, base="", public_url="https://oak.example", signer=None, desk=None, clock=None)
    view = View(site=site, lang="en")
    menu = [choice for row in front_desk("whatnow", sender=FEMI, lang="en").choices for choice in row]
    ways = [choice for row in front_desk("who", sender=FEMI, lang="en").choices for choice in row]

    assert [view.choice_link(choice) for choice in menu] == [None] * len(all_situations())
    assert [view.choice_link(choice) for choice in ways] == ["/whatnow", "/ladder"]
