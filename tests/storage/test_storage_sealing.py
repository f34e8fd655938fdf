import json
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey
from nacl.utils import random as random_bytes

from bot.storage.sealing import (
    CannotOpenError,
    Place,
    Sealed,
    Story,
    open_sealed,
    seal,
    unwrap,
    unwrap_by_receipt,
)
from safeguarding import About, Recipient
from school.sensitive import SecretKey, Sensitive

PLACE = Place(school="ashgrove", concern=UUID(int=7))
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=3000)


def recipient() -> tuple[Recipient, SecretKey]:
    pair = PrivateKey.generate()
    return Recipient(person="dsl", key_id=uuid4(), public=bytes(pair.public_key)), SecretKey(bytes(pair))


def story(words: str, details: tuple[tuple[str, str], ...] = ()) -> Story:
    return Story(about=About.ADULT, via="web", words=Sensitive(words), details=details)


def sealed(words: str = "He shouted at me.") -> tuple[Sealed, SecretKey]:
    dsl, key = recipient()
    receipt = SecretKey(random_bytes(32))
    found = seal(story(words), place=PLACE, recipients=[dsl], receipt=receipt)
    return found, unwrap(found.wraps[0], key=key)


@settings(max_examples=60, deadline=None)
@given(words=ANY_TEXT, details=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=3), readers=st.integers(1, 4))
def test_an_envelope_opens_for_each_recipient_and_for_them_alone(
    words: str,
    details: list[tuple[str, str]],
    readers: int,
) -> None:
    invited = [recipient() for _ in range(readers)]
    _, stranger = recipient()
    receipt = SecretKey(random_bytes(32))

    found = seal(
        story(words, tuple(details)),
        place=PLACE,
        recipients=[each for each, _ in invited],
        receipt=receipt,
    )

    for wrapped, (_, key) in zip(found.wraps, invited, strict=True):
        told = open_sealed(found.envelope, content_key=unwrap(wrapped, key=key), place=PLACE)
        assert (told.about, told.via) == (About.ADULT, "web")
        assert told.words.reveal() == words
        assert told.details == tuple(details)
        with pytest.raises(CannotOpenError):
            unwrap(wrapped, key=stranger)
    returned = unwrap_by_receipt(found.receipt_wrap, wrapping=receipt)
    assert open_sealed(found.envelope, content_key=returned, place=PLACE).words.reveal() == words
    with pytest.raises(CannotOpenError):
        unwrap_by_receipt(found.receipt_wrap, wrapping=SecretKey(random_bytes(32)))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_one_changed_bit_anywhere_is_refused(data: st.DataObject) -> None:
    found, content_key = sealed()
    bit = data.draw(st.integers(0, len(found.envelope) * 8 - 1))
    broken = bytearray(found.envelope)
    broken[bit // 8] ^= 1 << bit % 8

    with pytest.raises(CannotOpenError):
        open_sealed(bytes(broken), content_key=content_key, place=PLACE)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_one_changed_bit_of_a_wrapped_key_is_refused(data: st.DataObject) -> None:
    dsl, key = recipient()
    found = seal(story("x"), place=PLACE, recipients=[dsl], receipt=SecretKey(random_bytes(32)))
    bit = data.draw(st.integers(0, len(found.wraps[0]) * 8 - 1))
    broken = bytearray(found.wraps[0])
    broken[bit // 8] ^= 1 << bit % 8

    with pytest.raises(CannotOpenError):
        unwrap(bytes(broken), key=key)


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, concern=UUID(int=8)),
        replace(PLACE, school="beechwood"),
        replace(PLACE, name="concern/note"),
        replace(PLACE, name="concern/word", school="sashgrove"),
    ],
)
def test_an_envelope_moved_elsewhere_is_refused(elsewhere: Place) -> None:
    found, content_key = sealed()

    with pytest.raises(CannotOpenError):
        open_sealed(found.envelope, content_key=content_key, place=elsewhere)


@pytest.mark.parametrize("cut", [0, 1, 2, 25, 41])
def test_an_envelope_cut_short_is_refused(cut: int) -> None:
    found, content_key = sealed()

    with pytest.raises(CannotOpenError):
        open_sealed(found.envelope[:cut], content_key=content_key, place=PLACE)


@settings(max_examples=80, deadline=None)
@given(words=st.text(max_size=4000))
def test_the_length_tells_only_the_padded_size(words: str) -> None:
    found, _ = sealed(words)
    told = {"about": "adult", "via": "web", "words": words, "details": []}
    content = len(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))

    length = len(found.envelope) - len(b"va") - 24 - 16  # marks, nonce, tag

    assert length % 512 == 0
    assert length == max(1024, -(-(content + 1) // 512) * 512)


def test_a_short_cry_and_a_long_sentence_look_alike() -> None:
    assert len(sealed("help")[0].envelope) == len(sealed("help me please " * 50)[0].envelope)


def test_the_same_words_never_look_the_same() -> None:
    assert sealed("help")[0].envelope != sealed("help")[0].envelope


def test_the_words_of_an_opened_envelope_do_not_show_in_its_repr() -> None:
    found, content_key = sealed("the canary sings")

    shown = repr(open_sealed(found.envelope, content_key=content_key, place=PLACE))

    assert "canary" not in shown
