"""What wraps a private half, and what lies under one: whoever changes, moves, cuts or puts back finds it shut."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey

from bot.storage import QUICK, WrongPassphraseError
from bot.storage.halves import CannotUnwrapError, put_under, taken_out
from bot.storage.keys import make_pair, make_recovery, open_second, recover, rewrap, seal_second, unlock
from bot.storage.slow import HEAD, SlowHash
from safeguarding import RecoveryWrap, SecondFactor, WrappedKey, WrongRecoveryKeyError
from school.sensitive import SecretKey, Sensitive

SLOW = SlowHash(QUICK)
PASSPHRASE, SECRET = Sensitive("correct horse battery staple"), Sensitive("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
MINE, THEIRS = UUID(int=1), UUID(int=2)


def pair_of(person: str, key_id: UUID) -> tuple[WrappedKey, SecretKey]:
    pair = make_pair(PASSPHRASE, person=person, key_id=key_id, slow=SLOW)
    return pair, unlock(pair, PASSPHRASE, slow=SLOW)


PAIR, HALF = pair_of("dilys", MINE)
OTHER, OTHERS_HALF = pair_of("femi", THEIRS)
LETTERS, SHEET = make_recovery(PAIR, HALF, slow=SLOW)
OTHERS_LETTERS, OTHERS_SHEET = make_recovery(OTHER, OTHERS_HALF, slow=SLOW)
SECOND, OTHERS_SECOND = seal_second(SECRET, key=PAIR, half=HALF), seal_second(SECRET, key=OTHER, half=OTHERS_HALF)
UNDER = put_under(OTHERS_HALF, newer_public=PAIR.public)


def damaged(whole: bytes) -> st.SearchStrategy[bytes]:
    """One bit turned, cut off anywhere, or something hung on; never in the costs, which would only take longer."""
    places = st.integers(0, len(whole) - 1).filter(lambda at: not 2 <= at < HEAD.size)
    turned = st.builds(
        lambda at, bit: whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :], places, st.integers(0, 7)
    )
    return st.one_of(
        turned,
        st.integers(0, len(whole) - 1).map(lambda length: whole[:length]),
        st.binary(min_size=1, max_size=40).map(lambda more: whole + more),
    )


def test_each_opens_for_whom_it_is() -> None:
    assert bytes(PrivateKey(HALF.reveal()).public_key) == PAIR.public
    assert recover(SHEET, LETTERS, slow=SLOW).reveal() == HALF.reveal()
    assert recover(SHEET, Sensitive(LETTERS.reveal().lower().replace("-", " ")), slow=SLOW).reveal() == HALF.reveal()
    assert open_second(SECOND, half=HALF).reveal() == SECRET.reveal()
    assert taken_out(UNDER, public=OTHER.public, newer=HALF).reveal() == OTHERS_HALF.reveal()


@settings(deadline=None, max_examples=150)
@given(damaged(PAIR.wrapped))
def test_a_passphrases_wrap_that_was_changed_stays_shut(wrapped: bytes) -> None:
    with pytest.raises(WrongPassphraseError):
        unlock(replace(PAIR, wrapped=wrapped), PASSPHRASE, slow=SLOW)


@settings(deadline=None, max_examples=150)
@given(damaged(SHEET.wrapped))
def test_a_recovery_wrap_that_was_changed_stays_shut(wrapped: bytes) -> None:
    with pytest.raises(WrongRecoveryKeyError):
        recover(replace(SHEET, wrapped=wrapped), LETTERS, slow=SLOW)


@settings(deadline=None, max_examples=150)
@given(damaged(SECOND.sealed))
def test_a_second_factor_that_was_changed_stays_shut(sealed: bytes) -> None:
    with pytest.raises(CannotUnwrapError):
        open_second(replace(SECOND, sealed=sealed), half=HALF)


@settings(deadline=None, max_examples=150)
@given(damaged(UNDER))
def test_an_older_half_that_was_changed_stays_shut(wrapped: bytes) -> None:
    with pytest.raises(CannotUnwrapError):
        taken_out(wrapped, public=OTHER.public, newer=HALF)


@settings(deadline=None, max_examples=100)
@given(st.text(min_size=1, max_size=40), st.binary(min_size=32, max_size=32))
def test_every_wrong_key_finds_all_of_them_shut(typed: str, key: bytes) -> None:
    wrong = SecretKey(key)

    with pytest.raises(WrongPassphraseError):
        unlock(PAIR, Sensitive(typed), slow=SLOW)
    with pytest.raises(WrongRecoveryKeyError):
        recover(SHEET, Sensitive(typed), slow=SLOW)
    with pytest.raises(CannotUnwrapError):
        open_second(SECOND, half=wrong)
    with pytest.raises(CannotUnwrapError):
        taken_out(UNDER, public=OTHER.public, newer=wrong)


# What a row has beside the wrap: who, which pair, which mark.
PLACES = st.sampled_from(
    [{"person": "femi"}, {"key_id": THEIRS}, {"mark": "RK-0000-0000"}, {"mark": ""}, {"person": "", "mark": "dilys"}]
)


@settings(deadline=None, max_examples=40)
@given(PLACES)
def test_a_wrap_in_another_row_stays_shut_even_for_its_own_key(place: dict[str, object]) -> None:
    with pytest.raises(WrongPassphraseError):
        unlock(replace(PAIR, **place), PASSPHRASE, slow=SLOW)
    with pytest.raises(WrongRecoveryKeyError):
        recover(replace(SHEET, **place), LETTERS, slow=SLOW)
    with pytest.raises(CannotUnwrapError):
        open_second(replace(SECOND, **place), half=HALF)


def test_swapped_rows_stay_shut() -> None:
    """The two have one passphrase, and the same secret in their apps."""
    with pytest.raises(WrongPassphraseError):
        unlock(replace(PAIR, wrapped=OTHER.wrapped, salt=OTHER.salt), PASSPHRASE, slow=SLOW)
    with pytest.raises(WrongPassphraseError):
        unlock(replace(PAIR, public=OTHER.public), PASSPHRASE, slow=SLOW)
    with pytest.raises(WrongRecoveryKeyError):
        recover(replace(SHEET, wrapped=OTHERS_SHEET.wrapped, salt=OTHERS_SHEET.salt), OTHERS_LETTERS, slow=SLOW)
    for half in (HALF, OTHERS_HALF):
        with pytest.raises(CannotUnwrapError):
            open_second(replace(SECOND, sealed=OTHERS_SECOND.sealed), half=half)
    with pytest.raises(CannotUnwrapError):
        taken_out(UNDER, public=PAIR.public, newer=HALF)


def test_a_wrap_of_one_purpose_serves_no_other() -> None:
    as_sheet = RecoveryWrap(person="dilys", key_id=MINE, mark=PAIR.mark, salt=PAIR.salt, wrapped=PAIR.wrapped)
    as_second = SecondFactor(person="dilys", key_id=MINE, mark=SHEET.mark, sealed=SHEET.wrapped, last_step=0)

    with pytest.raises(WrongRecoveryKeyError):
        recover(as_sheet, Sensitive("0" * 20), slow=SLOW)
    with pytest.raises(WrongPassphraseError):
        unlock(replace(PAIR, wrapped=SHEET.wrapped, salt=SHEET.salt, mark=SHEET.mark), LETTERS, slow=SLOW)
    with pytest.raises(CannotUnwrapError):
        open_second(as_second, half=HALF)


def test_a_wrap_with_costs_that_would_take_the_machine_stays_shut_at_once() -> None:
    greedy = HEAD.pack(*HEAD.unpack_from(PAIR.wrapped)[:2], 255, 2**31) + PAIR.wrapped[HEAD.size :]

    with pytest.raises(WrongPassphraseError):
        unlock(replace(PAIR, wrapped=greedy), PASSPHRASE, slow=SLOW)


def test_no_two_wraps_of_one_half_are_alike() -> None:
    again = rewrap(PAIR, HALF, PASSPHRASE, slow=SLOW)

    assert again.mark != PAIR.mark
    assert (again.salt, again.wrapped) != (PAIR.salt, PAIR.wrapped)
    assert (again.public, again.key_id, again.person) == (PAIR.public, PAIR.key_id, PAIR.person)
    assert unlock(again, PASSPHRASE, slow=SLOW).reveal() == HALF.reveal()
    assert len({make_recovery(PAIR, HALF, slow=SLOW)[0].reveal() for _ in range(50)}) == 50
    assert [len(group) for group in LETTERS.reveal().split("-")] == [4] * 5
