"""Which message a report came in: spelt as evidence, read back, and never with anybody's address in it."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding.origins import REPORTED, WROTE, Origin, besides_origin, origin_answers, origin_of
from school.messages import ChatMessage, spoken_message

AT = datetime(2026, 11, 24, 13, 5, 7, tzinfo=UTC)
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2199, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0)
)
MESSAGES = st.builds(
    ChatMessage,
    number=st.from_regex(r"[0-9]{1,16}(\.[0-9]{1,9})?", fullmatch=True).filter(str.isascii),
    at=TIMES,
    edited=st.none() | TIMES,
    channel=st.just("") | st.from_regex(r"C[A-Z0-9]{1,20}", fullmatch=True),
)


@given(MESSAGES)
def test_a_message_is_read_back_as_it_was_spelt(message):
    assert spoken_message(message.spelt()) == message
    assert re.fullmatch(r"[!-~]+( [!-~]+){3}", message.spelt())


@given(st.text() | st.lists(st.text(max_size=30), min_size=4, max_size=4).map(" ".join))
def test_whatever_else_stands_there_is_no_message_and_breaks_no_page(spelt):
    found = spoken_message(spelt)

    assert found is None or spoken_message(found.spelt()) == found


@given(st.none() | MESSAGES, st.none() | MESSAGES, st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9))))
def test_an_origin_is_found_among_other_answers_and_none_of_those_is_lost(wrote, reported, others):
    others = [each for each in others if each[0] not in {WROTE, REPORTED}]
    answers = (*others, *origin_answers(Origin(wrote=wrote, reported=reported)))

    assert origin_of(answers) == Origin(wrote=wrote, reported=reported)
    assert besides_origin(answers) == tuple(others)


def test_a_report_of_old_has_no_origin_and_what_cannot_be_read_is_still_shown():
    old = (("topic", "nudes"), ("slack_message", "C0OAK:3.3"), (WROTE, "tomorrow"))

    assert origin_of(old) == Origin()
    assert besides_origin(old) == old
    assert origin_of(()) == Origin()


@pytest.mark.parametrize(
    ("number", "channel"),
    [("502:9", ""), ("-502", ""), ("", ""), ("U0PUPIL", ""), ("٤٨٢", ""), ("9", "D0PUPIL"), ("9", "C0OAK D0PUPIL")],
)
def test_no_address_of_a_pupil_s_goes_in_by_mistake(number, channel):
    with pytest.raises(ValueError, match="no number"):
        ChatMessage(number=number, at=AT, channel=channel)


def test_a_time_is_kept_in_utc_and_never_without_its_zone():
    summer = AT.astimezone(timezone(timedelta(hours=1)))

    assert ChatMessage(number="482", at=summer).spelt() == "482 2026-11-24T13:05:07+00:00 - -"
    with pytest.raises(ValueError, match="zone"):
        ChatMessage(number="482", at=AT.replace(tzinfo=None))
