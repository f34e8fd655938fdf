"""Adults of one child who must be kept apart: what ends stays ended, and whoever is out learns nothing more."""

from datetime import timedelta

import pytest

from parents import SHEETS, ask_class, give_again, withdraw
from tests.desk.conftest import NOW, read
from tests.desk.test_desk_agreements_home import looked_up, says
from tests.desk.test_desk_family_rights import SAM, tap
from tests.desk.test_desk_letters import ONE, joined, letters, office, take_back

__all__ = ["letters"]

FRESH = "N3QM4TXP"


@pytest.fixture
def asked(letters):
    """Oak's families are asked for all three, and Marta has used her letter."""
    joined(letters, ONE)
    house = letters.product.house
    oak = house.schools["oakfield"].class_named("Oak")
    office(
        letters,
        lambda unit: ask_class(
            oak, SHEETS, school=house.schools["oakfield"], shelf=house.shelf, answers=unit.answers, now=NOW
        ),
    )
    return letters


def moved_to_elm(desk) -> None:
    office(desk, lambda unit: unit.children.move("OAK-07", class_id="elm"))


def a_new_letter(desk, *, minutes: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    fresh = {"code": FRESH, "code_id": desk.product.house.new_id(now), "now": now}
    office(desk, lambda unit: give_again("OAK-07", adult=1, children=unit.children, **fresh))


@pytest.mark.clause(16)
def test_marta_whose_letter_was_taken_back_never_reads_which_class_the_child_is_in_now(asked):
    take_back(asked, 1)
    moved_to_elm(asked)

    copy = read(tap(asked, asked("privacy", lang="en"), "Send me a copy"))

    assert "OAK-07: made on 24/11/2026, used on 24/11/2026; it doesn't count any more" in copy
    assert "Elm" not in copy


@pytest.mark.clause(52)
def test_marta_takes_back_a_picture_though_the_new_class_was_asked_nothing(asked):
    says(asked, "Website: yes")
    moved_to_elm(asked)

    page = tap(asked, asked("agree", lang="en"), "Photos and films of your child")
    assert "Kept: Website: no." in read(tap(asked, page, "Website: no"))

    assert "The school's website and newsletter: no" in looked_up(asked)


@pytest.mark.clause(52)
def test_a_yes_that_the_office_took_back_does_not_return_with_a_new_letter(asked):
    says(asked, "Website: yes")
    office(
        asked,
        lambda unit: withdraw(
            "OAK-07", adult=1, children=unit.children, evidence=unit.evidence, now=NOW + timedelta(minutes=30)
        ),
    )
    assert "The school's website and newsletter: no" in looked_up(asked)

    a_new_letter(asked, minutes=60)

    assert "The school's website and newsletter: no" in looked_up(asked)
    asked.product.house.school_clock.move_to(NOW + timedelta(minutes=61))
    joined(asked, FRESH, SAM)
    page = asked.told("agree.read", lang="en", sender=SAM, p="OAK-07", s="f")
    assert "The school's website and newsletter: you have not said yet" in page
    assert "Kept: Website: yes." in says(asked, "Website: yes", SAM), "said anew, and not taken for a second tap"
    assert "The school's website and newsletter: yes" in looked_up(asked)
