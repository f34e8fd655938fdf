"""A letter in the chat: it works once, for one adult, and says nothing of any other."""

from datetime import date

import pytest

from bot.tokens import CHILD
from parents import Child, children_of, give_again, give_out, withdraw
from tests.desk.conftest import MARTA, NOW, read
from tests.desk.test_desk_family_rights import SAM, a_minute_later, marta, tap

ONE, TWO = "K7QM4TXP", "M2QM4TXP"
NOT_GOOD = "That code doesn't work."


@pytest.fixture
def letters(front_desk):
    """Two adults of OAK-07 have a letter each."""
    house = front_desk.product.house
    with house.units.write("oakfield") as unit:
        give_out(
            ["OAK-07"],
            class_id="oak",
            adults=2,
            codes=[ONE, TWO],
            ids=[house.new_id(NOW), house.new_id(NOW)],
            children=unit.children,
            now=NOW,
        )
        unit.commit()
    return front_desk


def joined(desk, code: str, sender: str = MARTA) -> str:
    a_minute_later(desk)
    return read(desk("child.join", c=code, g="en", sender=sender))


def acts_for(desk, sender: str = MARTA) -> tuple[Child, ...]:
    family = marta(desk, sender)
    if family is None:
        return ()
    with desk.product.house.units.read("oakfield") as unit:
        return children_of(family, children=unit.children)


def office(desk, act) -> None:
    with desk.product.house.units.write("oakfield") as unit:
        act(unit)
        unit.commit()


def take_back(desk, adult: int) -> None:
    office(desk, lambda unit: withdraw("OAK-07", adult=adult, children=unit.children, evidence=unit.evidence, now=NOW))


@pytest.mark.clause(16)
@pytest.mark.parametrize("way", ["link", "start", "agree", "typed badly", "message"])
def test_marta_scans_or_types_her_letter_chooses_a_language_and_taps_once(letters, way):
    signer = letters.product.house.signers["oakfield"]
    asked = {
        "link": lambda: letters("start", code=signer.mint(CHILD, ONE.encode(), on=date(2026, 11, 24)), lang="en"),
        "start": lambda: letters("start", code="K7QM-4TXP", lang="en"),
        "agree": lambda: letters("agree", code="K7QM-4TXP", lang="en"),
        "typed badly": lambda: letters("agree", code="k7qm 4txp", lang="en"),
        "message": lambda: letters("words", words=" K7QM-4TXP ", lang="en"),
    }[way]()

    assert "Class: Oak The school's code for your child: OAK-07 Which language?" in read(asked)
    assert marta(letters) is None, "nothing is stored before the tap"
    ask = tap(letters, asked, "English")
    assert "We ask you things that are only about your child" in read(ask)
    thanks = tap(letters, ask, "Yes, join")

    assert "Thank you, you're in" in read(thanks)
    assert acts_for(letters) == (Child(pupil="OAK-07", class_id="oak"),)
    assert marta(letters).classes == ("oak",)
    assert not letters.drafts()


@pytest.mark.clause(16)
def test_a_used_a_withdrawn_and_an_unknown_code_are_answered_alike(letters):
    joined(letters, ONE)
    take_back(letters, 2)
    said = {
        letters.told(verb, sender=SAM, lang="en", **args)
        for verb, args in (
            ("agree", {"code": "K7QM-4TXP"}),
            ("agree", {"code": "M2QM-4TXP"}),
            ("agree", {"code": "Z2QM-4TXP"}),
            ("start", {"code": "K7QM-4TXP"}),
            ("child.join", {"c": ONE, "g": "en"}),
            ("child.lang", {"c": TWO, "g": "en"}),
        )
    }

    (only,) = said
    assert NOT_GOOD in only
    assert marta(letters, SAM) is None


def test_marta_who_taps_or_scans_again_changes_nothing(letters):
    joined(letters, ONE)
    before = marta(letters)

    assert "You had joined already." in joined(letters, ONE)
    assert "You had joined already." in letters.told("start", lang="en", code="K7QM-4TXP")
    assert marta(letters) == before


@pytest.mark.clause(16)
def test_two_adults_of_one_child_never_hear_of_each_other(letters):
    first = joined(letters, ONE)
    alone = letters.told("agree", lang="en"), letters.told("privacy", lang="en")

    second = joined(letters, TWO, SAM)

    assert first == second
    assert (letters.told("agree", lang="en"), letters.told("privacy", lang="en")) == alone
    take_back(letters, 2)
    assert (letters.told("agree", lang="en"), letters.told("privacy", lang="en")) == alone
    assert acts_for(letters, SAM) == ()
    assert "For that you need the letter from the office." in letters.told("agree", lang="en", sender=SAM)


def test_marta_s_new_phone_has_a_new_letter_and_the_old_chat_acts_no_more(letters):
    joined(letters, ONE)
    house = letters.product.house
    fresh = {"code": "N3QM4TXP", "code_id": house.new_id(NOW), "now": NOW}
    office(letters, lambda unit: give_again("OAK-07", adult=1, children=unit.children, **fresh))

    joined(letters, "N3QM4TXP", SAM)

    assert acts_for(letters) == ()
    assert acts_for(letters, SAM) == (Child(pupil="OAK-07", class_id="oak"),)


def test_marta_who_left_has_no_child_until_another_letter(letters):
    joined(letters, ONE)

    letters("stop")

    assert acts_for(letters) == ()
    assert NOT_GOOD in joined(letters, ONE)


def test_marta_sees_her_child_s_code_in_what_is_kept_and_her_letter_in_her_copy(letters):
    joined(letters, TWO)

    kept = letters("privacy", lang="en")
    assert "Child: OAK-07 in Oak" in read(kept)
    assert "you used the letter for OAK-07" in read(kept)
    copy = read(tap(letters, kept, "Send me a copy"))

    assert "OAK-07 in Oak: made on 24/11/2026, used on 24/11/2026" in copy
    assert "adult" not in copy.casefold(), "a number would tell of another one"


def test_marta_in_the_news_already_is_asked_in_her_language_at_once(letters):
    letters.joined("en")

    asked = letters("agree", code="K7QM-4TXP")

    assert "Which language?" not in read(asked)
    tap(letters, asked, "Yes, join")
    assert acts_for(letters) == (Child(pupil="OAK-07", class_id="oak"),)


def test_somebody_who_tries_one_code_after_another_is_slowed_kindly(letters):
    for number in range(10):
        assert NOT_GOOD in letters.told("agree", lang="en", sender=SAM, code=f"Z{number}QM-4TXP")

    assert "Please wait ten minutes" in letters.told("agree", lang="en", sender=SAM, code="K7QM-4TXP")
    assert "Which language?" in letters.told("agree", lang="en", code="K7QM-4TXP"), "nobody else is slowed"


@pytest.mark.parametrize("typed", ["some-body", "K7QM4TXP", "hunt-er22"])
def test_other_words_than_a_printed_code_are_listened_to(letters, typed):
    letters("words", words=typed, lang="en")

    assert letters.drafts()
