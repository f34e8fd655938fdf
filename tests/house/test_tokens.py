import base64
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tokens import BUTTON, EPOCH, LINK, ForgedTokenError, OldTokenError, Signer

MONDAY = date(2026, 11, 23)
OLD, NEW = (1, b"the first key of the school " * 2), (2, b"the second key of the school" * 2)
ASHGROVE = Signer("ashgrove", [OLD])
FITS = 48 - 5 - 8  # bytes of content in a deep link: 48, less the head and the signature

days = st.dates(EPOCH, EPOCH + timedelta(days=20_000))
names = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
values = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=12)


@given(st.binary(max_size=FITS), days)
def test_a_parent_gets_back_from_a_link_what_the_school_put_in(content, on):
    assert ASHGROVE.read(LINK, ASHGROVE.mint(LINK, content, on=on)) == (content, on)


@given(names, st.dictionaries(names, values, max_size=4), days)
def test_a_teacher_who_taps_a_button_asks_for_what_it_said(verb, args, on):
    assert ASHGROVE.read_button(ASHGROVE.button(verb, args, on=on), on=on) == (verb, args)


@given(st.binary(max_size=FITS), days)
def test_a_parent_can_open_every_deep_link_in_telegram(content, on):
    link = ASHGROVE.mint(LINK, content, on=on)

    assert len(link) <= 64
    assert set(link) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_the_longest_link_a_parent_can_be_given_is_64_characters():
    assert len(ASHGROVE.mint(LINK, b"x" * FITS, on=MONDAY)) == 64


def test_nobody_is_given_a_link_that_telegram_would_cut():
    with pytest.raises(ValueError, match="36 bytes do not fit in a token"):
        ASHGROVE.mint(LINK, b"x" * (FITS + 1), on=MONDAY)


@given(st.binary(max_size=FITS), st.data())
def test_a_stranger_who_changes_one_bit_is_refused(content, data):
    raw = bytearray(base64.urlsafe_b64decode(_padded(ASHGROVE.mint(LINK, content, on=MONDAY))))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    forged = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    with pytest.raises(ForgedTokenError):
        ASHGROVE.read(LINK, forged)


@given(st.binary(max_size=FITS), st.data())
def test_a_parent_whose_link_was_cut_is_refused(content, data):
    link = ASHGROVE.mint(LINK, content, on=MONDAY)

    with pytest.raises(ForgedTokenError):
        ASHGROVE.read(LINK, link[: data.draw(st.integers(0, len(link) - 1))])


@given(st.text(max_size=80))
def test_a_stranger_who_types_anything_is_refused_and_nothing_breaks(typed):
    for kind in (BUTTON, LINK):
        with pytest.raises(ForgedTokenError):
            ASHGROVE.read(kind, typed)


def test_a_stranger_reads_in_the_refusal_what_to_do():
    with pytest.raises(ForgedTokenError) as refused:
        ASHGROVE.read(LINK, "not-a-token")

    assert str(refused.value) == "That link or button isn't one of ours. Please use the newest one you were given."


def test_a_parent_of_another_school_is_refused_even_where_the_keys_are_the_same():
    with pytest.raises(ForgedTokenError):
        Signer("beechwood", [OLD]).read(LINK, ASHGROVE.mint(LINK, b"join", on=MONDAY))


def test_a_parent_cannot_use_a_link_as_a_button():
    with pytest.raises(ForgedTokenError):
        ASHGROVE.read_button(ASHGROVE.mint(LINK, b"home", on=MONDAY), on=MONDAY)


def test_a_parent_whose_poster_is_older_than_the_newest_key_still_joins():
    rotated = Signer("ashgrove", [NEW, OLD])

    assert rotated.read(LINK, ASHGROVE.mint(LINK, b"join", on=MONDAY)) == (b"join", MONDAY)


def test_a_parent_who_joins_after_a_rotation_carries_the_newest_key():
    link = Signer("ashgrove", [NEW, OLD]).mint(LINK, b"join", on=MONDAY)

    assert Signer("ashgrove", [NEW]).read(LINK, link) == (b"join", MONDAY)


def test_a_parent_whose_key_was_taken_away_is_refused():
    with pytest.raises(ForgedTokenError):
        Signer("ashgrove", [NEW]).read(LINK, ASHGROVE.mint(LINK, b"join", on=MONDAY))


def test_a_teacher_who_taps_a_year_old_button_is_asked_to_ask_again():
    button = ASHGROVE.button("lesson", {"class": "oak"}, on=MONDAY)

    with pytest.raises(OldTokenError) as refused:
        ASHGROVE.read_button(button, on=MONDAY + timedelta(days=365))

    assert str(refused.value) == "That button is from an old message. Please ask again to get a fresh one."


@pytest.mark.parametrize(("age", "good"), [(0, True), (180, True), (181, False)])
def test_a_teacher_may_tap_a_button_for_180_days(age, good):
    button = ASHGROVE.button("lesson", {"class": "oak"}, on=MONDAY)

    if good:
        assert ASHGROVE.read_button(button, on=MONDAY + timedelta(days=age)) == ("lesson", {"class": "oak"})
    else:
        with pytest.raises(OldTokenError):
            ASHGROVE.read_button(button, on=MONDAY + timedelta(days=age))


def test_nobody_who_reads_a_log_finds_a_key_in_it():
    assert "first key" not in repr(ASHGROVE)


def _padded(token):
    return token + "=" * (-len(token) % 4)


def test_a_ticket_to_a_lessons_papers_opens_that_lessons_alone_for_half_a_year():
    longest_id = "a" * 64
    ticket = ASHGROVE.papers(longest_id, on=MONDAY)

    ASHGROVE.check_papers(ticket, longest_id, on=MONDAY + timedelta(days=180))
    with pytest.raises(OldTokenError):
        ASHGROVE.check_papers(ticket, longest_id, on=MONDAY + timedelta(days=181))
    with pytest.raises(ForgedTokenError):
        ASHGROVE.check_papers(ticket, "a" * 63, on=MONDAY)
    with pytest.raises(ForgedTokenError):
        Signer("elm", [OLD]).check_papers(ticket, longest_id, on=MONDAY)
