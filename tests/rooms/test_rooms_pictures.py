"""What the school may do with a photo, read from the log of answers alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parents import PHOTOS, AdultAnswer, FamilyCode, Said, Use, pictured, whose_word_counts

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PUPIL, VERSION = "OAK-07", 2
ANSWER = st.tuples(
    st.sampled_from([1, 2, 3]),
    st.sampled_from([*Use]),
    st.sampled_from([Said.YES, Said.NO, Said.SHOWN]),
    st.sampled_from([1, 2]),
)
LOG = st.lists(ANSWER, max_size=14)
COUNTS = st.sets(st.sampled_from([1, 2, 3]))


def answer(number: int, adult: int, use: str, said: Said, version: int, *, pupil: str = PUPIL) -> AdultAnswer:
    return AdultAnswer(
        id=UUID(int=number),
        pupil=pupil,
        adult=adult,
        page=PHOTOS,
        use="" if said is Said.SHOWN else use,
        said=said,
        version=version,
        lang="en",
        source="telegram",
        when=NOW + timedelta(minutes=number),
    )


def log_of(said) -> list[AdultAnswer]:
    return [answer(number, *each) for number, each in enumerate(said)]


def looked(log, *adults: int):
    return pictured(PUPIL, log=log, counts={(PUPIL, adult) for adult in adults}, version=VERSION)


@pytest.mark.clause(52)
@settings(max_examples=80, deadline=None)
@given(LOG, COUNTS)
def test_only_the_newest_word_of_each_adult_counts_and_any_no_wins(said, counting):
    log = log_of(said)

    found = looked(log, *counting)

    for use in Use:
        newest = {}
        for each in log:
            if each.use == use and each.adult in counting and each.said is not Said.SHOWN:
                newest[each.adult] = each
        noes = [each for each in newest.values() if each.said is Said.NO]
        yeses = [each for each in newest.values() if each.said is Said.YES and each.version == VERSION]
        assert found[use] is (Said.NO if noes else Said.YES if yeses else None)


@settings(max_examples=60, deadline=None)
@given(LOG, st.permutations([1, 2, 3]), COUNTS)
def test_it_makes_no_difference_whose_answers_are_read_first(said, order, counting):
    log = log_of(said)
    by_adult = [each for adult in order for each in log if each.adult == adult]

    assert looked(by_adult, *counting) == looked(log, *counting)


@settings(max_examples=60, deadline=None)
@given(LOG, COUNTS)
def test_an_adult_who_was_taken_back_and_another_child_change_nothing(said, counting):
    log = log_of(said)
    mine = [each for each in log if each.adult in counting]
    other = [answer(100 + n, 1, use, Said.NO, VERSION, pupil="OAK-08") for n, use in enumerate(Use)]

    assert looked([*mine, *other], *counting) == looked(log, *counting)


@pytest.mark.clause(52)
def test_a_yes_ends_with_the_words_that_were_read_and_a_no_does_not():
    old_yes, old_no = answer(1, 1, Use.WEB, Said.YES, 1), answer(2, 1, Use.MEDIA, Said.NO, 1)

    found = looked([old_yes, old_no], 1)

    assert (found[Use.SCHOOL], found[Use.WEB], found[Use.MEDIA]) == (None, None, Said.NO)


def test_who_left_the_chat_still_counts_and_who_was_taken_back_does_not():
    given_out = {"pupil": PUPIL, "class_id": "oak", "made": NOW, "used": NOW}
    codes = [
        FamilyCode(id=UUID(int=1), adult=1, left=True, **given_out),
        FamilyCode(id=UUID(int=2), adult=2, withdrawn=NOW, **given_out),
        FamilyCode(id=UUID(int=3), adult=3, withdrawn=NOW, **given_out),
        FamilyCode(id=UUID(int=4), adult=3, **given_out),
    ]

    assert whose_word_counts(codes) == {(PUPIL, 1), (PUPIL, 3)}
