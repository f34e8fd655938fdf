"""What a family chose, read from its log alone; and the one word that ends the news."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parents import (
    STOP_WORDS,
    ConsentEvent,
    Event,
    Family,
    FamilyState,
    Frequency,
    asks_to_stop,
    replayed,
    still_asked_for,
    wants,
)
from school.calendar import Calendar
from school.people import SchoolClass, YearGroup
from school.school import School

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
MARTA = UUID(int=1)
LOG = st.lists(
    st.one_of(
        st.tuples(st.just(Event.JOINED), st.sampled_from(["", "oak", "elm"])),
        st.tuples(st.just(Event.CLASS_LEFT), st.sampled_from(["oak", "elm"])),
        st.tuples(st.just(Event.YEARS), st.sampled_from(["", "3", "R,4"])),
        st.tuples(st.just(Event.FREQUENCY), st.sampled_from([*Frequency])),
        st.tuples(st.sampled_from([Event.LANGUAGE, Event.LEFT, Event.UNREACHABLE]), st.just("")),
    ),
    max_size=12,
)


def marta(**rest) -> Family:
    known = {"classes": (), "state": FamilyState.ACTIVE, **rest}
    return Family(id=MARTA, via="telegram", address="501", lang="pl", joined=NOW, **known)


def log(chosen) -> list[ConsentEvent]:
    return [
        ConsentEvent(
            family=MARTA,
            event=event,
            wording="",
            lang=("pl", "en", "ur")[number % 3],
            source="telegram",
            when=NOW + timedelta(minutes=number),
            detail=str(detail),
        )
        for number, (event, detail) in enumerate(chosen)
    ]


@settings(max_examples=60, deadline=None)
@given(LOG, st.integers(0, 12), st.integers(0, 12))
def test_marta_s_log_tells_the_same_however_it_is_split(chosen, one, two):
    events, (first, second) = log(chosen), sorted((one, two))

    begun = replayed(events[:first])
    then = replayed(events[first:second], so_far=begun)

    assert replayed(events[second:], so_far=then) == replayed(events)


@settings(max_examples=60, deadline=None)
@given(LOG)
def test_marta_s_log_that_ends_with_her_leaving_keeps_nothing_that_she_chose(chosen):
    standing = replayed(log([(Event.JOINED, "oak"), *chosen, (Event.LEFT, "")]))

    assert standing is not None
    assert (standing.state, standing.joined) == (FamilyState.STOPPED, NOW)
    assert (standing.classes, standing.years, standing.frequency) == ((), (), Frequency.EVERYTHING)


def test_a_log_in_which_nobody_joined_tells_of_nobody():
    assert replayed(log([(Event.FREQUENCY, "newsletter"), (Event.LEFT, "")])) is None


@pytest.mark.parametrize("word", sorted(frozenset().union(*STOP_WORDS.values())))
@pytest.mark.parametrize("around", ["{}", "/{}", " {}. ", "{}۔", "\u200f{}"])
def test_the_word_alone_ends_it_however_it_is_typed(word, around):
    assert asks_to_stop(around.format(word))
    assert asks_to_stop(around.format(word).upper())


@pytest.mark.parametrize(
    "typed",
    ["", ".", "stopp", "arrêter", "please stop", "stop it", "he won't stop", "stop stop", "non-stop", "koniec świata"],
)
def test_nothing_else_is_guessed(typed):
    assert not asks_to_stop(typed)


OAK = SchoolClass(id="oak", name="Oak", years=(YearGroup(4),), slack_channel=None)
SCHOOL = School(
    id="oakfield",
    name="Oakfield",
    calendar=Calendar(zone=UTC, half_terms=()),
    classes=(OAK,),
    people=(),
    languages=(),
)


@pytest.mark.clause(16)
@pytest.mark.parametrize(
    ("chosen", "years", "wanted"),
    [
        ({}, {4}, True),
        ({"years": (YearGroup(3),)}, {4}, False),
        ({"years": (YearGroup(3), YearGroup(4))}, {4, 5}, True),
        ({"years": (YearGroup(3),)}, set(), True),
        ({"classes": ("oak",)}, {4}, True),
        ({"classes": ("oak",)}, {3}, False),
    ],
)
def test_marta_gets_the_newsletters_of_the_years_she_chose(chosen, years, wanted):
    assert wants(marta(**chosen), years=frozenset(map(YearGroup, years)), school=SCHOOL) is wanted


@pytest.mark.clause(16)
@pytest.mark.parametrize(
    ("mailing", "everything", "newsletter"),
    [
        ("newsletter:autumn:1", True, True),
        ("campaign:sid:1:1", True, False),
        ("home:oak:2026-11-24:passwords", True, False),
        ("home:elm:2026-11-24:passwords", False, False),
        ("", True, True),
    ],
)
def test_marta_s_choice_is_asked_for_again_when_it_is_sent(mailing, everything, newsletter):
    oak = marta(classes=("oak",))
    assert still_asked_for(oak, mailing) is everything
    assert still_asked_for(marta(classes=("oak",), frequency=Frequency.NEWSLETTER), mailing) is newsletter
