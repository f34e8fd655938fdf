"""Agreements and photo consent in a parent's chat, and what the school looks up: each adult alone, a no wins."""

from datetime import UTC, datetime

import pytest

from curriculum import edition_of
from parents import (
    PARENT,
    PHOTOS,
    PUPIL,
    SHEETS,
    Asking,
    Said,
    Use,
    ask_class,
    ask_families,
    give_again,
    pupil_code,
    withdraw,
)
from tests.desk.conftest import MARTA, NOW, read
from tests.desk.test_desk_family_rights import SAM, marta, tap
from tests.desk.test_desk_letters import ONE, TWO, joined, letters, office, take_back

__all__ = ["letters"]

AMARA = "U0AMARA"
PHOTO_PAGE, PARENT_PAGE = "Photos and films of your child", "What school and home agree about life online"


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


def log(desk, pupil: str = "OAK-07"):
    with desk.product.house.units.read("oakfield") as unit:
        return unit.answers.of_pupils([pupil])


def looked_up(desk, about: str = "OAK-07") -> str:
    return desk.told("photos", sender=AMARA, lang="en", rest=about)


def says(desk, label: str, sender: str = MARTA) -> str:
    """One tap on the photo page."""
    desk("agree.read", sender=sender, lang="en", p="OAK-07", s="f")
    answer = desk("agree.read", sender=sender, lang="en", p="OAK-07", s="f")
    (choice,) = [each for row in answer.choices for each in row if str(each.label) == label]
    return read(desk(choice.verb, sender=sender, lang="en", **choice.args))


@pytest.mark.clause(69)
def test_marta_reads_her_child_s_agreement_and_agrees_with_one_tap(asked):
    listed = asked("agree", lang="en")
    assert "Our agreement for life on screens: Years 3 to 6: waits for your answer" in read(listed)

    page = tap(asked, listed, "Our agreement for life on screens: Years 3 to 6")
    assert "I log in as myself" in read(page)
    assert [each.said for each in log(asked)] == [Said.SHOWN]
    thanks = read(tap(asked, page, "I have read it and I agree"))

    assert "Thank you. That is kept" in thanks
    (shown, agreed) = log(asked)
    assert (agreed.page, agreed.version, agreed.lang, agreed.said) == ("aua-ks2", 1, "en", Said.AGREED)
    assert shown.when < agreed.when
    assert "Years 3 to 6: you agreed on 24/11/2026" in asked.told("agree", lang="en")
    with asked.product.house.units.read("oakfield") as unit:
        assert "C69" in unit.evidence.by_kind()


def test_the_words_that_marta_agreed_to_are_kept_in_her_language_and_in_english(asked):
    asked("language.set", lang="en", g="pl")
    page = asked("agree.read", p="OAK-07", s="p")
    with asked.product.house.units.read("oakfield") as unit:
        assert unit.editions.of_page("parent-agreement") == (), "to read it is not to agree to it"

    (choice,) = [each for row in page.choices for each in row if each.verb == "agree.yes"]
    asked(choice.verb, **choice.args)

    with asked.product.house.units.read("oakfield") as unit:
        kept = {each.lang: each for each in unit.editions.of_page("parent-agreement")}
    shelf = asked.product.house.shelf
    assert kept == {lang: edition_of(shelf.get("parent-agreement", lang)) for lang in ("en", "pl")}


def test_a_second_tap_says_so_and_is_kept_once(asked):
    page = asked("agree.read", lang="en", p="OAK-07", s="p")

    tap(asked, page, "I have read it and I agree")
    again = read(tap(asked, page, "I have read it and I agree"))

    assert "You had agreed already." in again
    assert [each.said for each in log(asked)] == [Said.SHOWN, Said.AGREED]


def test_a_raised_version_is_asked_again_and_an_old_button_shows_the_new_page(asked):
    told = asked.told("agree.yes", lang="en", p="OAK-07", s="p", v="0")

    assert "This page has changed since that button was made." in told
    assert PARENT_PAGE in told
    assert [each.said for each in log(asked)] == [Said.SHOWN]


@pytest.mark.clause(52)
def test_marta_gives_and_takes_back_each_use_by_itself_and_the_school_sees_it_at_once(asked):
    assert "The school's website and newsletter: no: nobody has said yes" in looked_up(asked)

    assert "Kept: Website: yes." in says(asked, "Website: yes")
    assert "The school's website and newsletter: yes" in looked_up(asked)
    assert "In school: displays and work books: no" in looked_up(asked)
    assert "Kept: Website: no." in says(asked, "Website: no")

    assert "The school's website and newsletter: no" in looked_up(asked)
    assert [each.said for each in log(asked) if each.use] == [Said.YES, Said.NO]
    with asked.product.house.units.read("oakfield") as unit:
        assert "C52" in unit.evidence.by_kind()


@pytest.mark.clause(52)
def test_one_adult_s_no_wins_and_neither_learns_what_the_other_said(asked):
    joined(asked, TWO, SAM)
    says(asked, "Website: yes")
    before = asked.told("agree", lang="en"), asked.told("agree.read", lang="en", p="OAK-07", s="f")

    says(asked, "Website: no", SAM)

    assert "The school's website and newsletter: no" in looked_up(asked)
    after = asked.told("agree", lang="en"), asked.told("agree.read", lang="en", p="OAK-07", s="f")
    assert after == before
    assert "The school's website and newsletter: you said yes" in after[1]
    take_back(asked, 2)
    assert "The school's website and newsletter: yes" in looked_up(asked), "a word that the office took back"
    assert asked.told("agree.read", lang="en", p="OAK-07", s="f") == before[1]


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("agree.read", {"p": "OAK-08", "s": "f"}),
        ("agree.read", {"p": "OAK-07", "s": "x"}),
        ("agree.yes", {"p": "OAK-08", "s": "p", "v": "1"}),
        ("agree.yes", {"p": "OAK-07", "s": "f", "v": "1"}),
        ("agree.pic", {"p": "OAK-08", "a": "wy", "v": "1"}),
        ("agree.pic", {"p": "OAK-07", "a": "w?", "v": "1"}),
    ],
)
def test_nobody_answers_for_another_child_or_with_a_button_that_says_nothing(asked, verb, args):
    assert "We can't take that answer here." in asked.told(verb, lang="en", **args)

    assert log(asked) == ()


@pytest.mark.clause(16)
def test_who_was_taken_back_or_has_left_answers_no_more_and_is_told_no_more_than_anybody(asked):
    args = {"p": "OAK-07", "a": "wy", "v": "1"}
    stranger = asked.told("agree.pic", lang="en", sender=SAM, **args)

    take_back(asked, 1)

    assert asked.told("agree.pic", lang="en", **args) == stranger
    assert log(asked) == ()


def test_a_new_phone_goes_on_where_the_old_one_was(asked):
    says(asked, "Website: yes")
    fresh = {"code": "N3QM4TXP", "code_id": asked.product.house.new_id(NOW), "now": NOW}
    office(asked, lambda unit: give_again("OAK-07", adult=1, children=unit.children, **fresh))
    assert "The school's website and newsletter: yes" in looked_up(asked)

    joined(asked, "N3QM4TXP", SAM)

    page = asked.told("agree.read", lang="en", sender=SAM, p="OAK-07", s="f")
    assert "The school's website and newsletter: you said yes" in page


@pytest.mark.clause(52)
def test_marta_who_is_erased_takes_her_yes_along_and_leaves_her_no(asked):
    says(asked, "Website: yes")
    says(asked, "Social media: no")

    asked("privacy.erase.yes")

    assert marta(asked) is None
    assert {each.family for each in log(asked)} == {None}
    with asked.product.house.units.read("oakfield") as unit:
        newest = {each.use: each.said for each in unit.answers.of_pupils(["OAK-07"]) if each.use}
    assert newest == {Use.WEB: Said.NO, Use.MEDIA: Said.NO}


def test_marta_has_her_answers_in_her_copy(asked):
    says(asked, "Website: yes")

    copy = read(tap(asked, asked("privacy", lang="en"), "Send me a copy"))

    assert "OAK-07, photo-consent (version 1, en), Website: yes" in copy


def test_amara_sees_for_a_trip_who_may_not_be_in_pictures_and_no_name(asked):
    says(asked, "In school: yes")

    told = looked_up(asked, "Oak")

    assert "In school: not: nobody: all may be in them" in told
    assert "Website: not: OAK-07" in told
    assert "A pupil without a letter is not listed here, and may not be in pictures either." in told
    assert "For that you need" not in told
    assert "We know no pupil OAK-99" in looked_up(asked, "OAK-99")
    assert "can't be a pupil's code" in looked_up(asked, "Ella Green")
    assert "OAK-07" not in asked.told("photos", lang="en", rest="Oak"), "a parent's chat looks nothing up"


def planned(desk, now: datetime) -> int:
    house = desk.product.house
    with house.units.write("oakfield") as unit:
        left = sum(
            ask_families(
                asking,
                school=house.schools["oakfield"],
                shelf=house.shelf,
                families=unit.families,
                children=unit.children,
                answers=unit.answers,
                outbox=unit.outbox,
                evidence=unit.evidence,
                now=now,
            )
            for asking in unit.answers.asked()
        )
        unit.commit()
    return left


def day(number: int, hour: int = 16, month: int = 12) -> datetime:
    return datetime(2026, month, number, hour, 30, tzinfo=UTC)


@pytest.mark.clause(69)
def test_each_adult_hears_once_and_twice_more_only_while_something_waits(asked):
    joined(asked, TWO, SAM)
    assert planned(asked, day(24, 23, month=11)) == 0, "not in the night"
    assert planned(asked, day(25, 9, month=11)) == 2
    assert planned(asked, day(25, 10, month=11)) == 0
    assert planned(asked, day(30, 16, month=11)) == 0, "four school days on"

    for letter in ("k", "p"):
        tap(asked, asked("agree.read", lang="en", p="OAK-07", s=letter), "I have read it and I agree")
    for label in ("In school: yes", "Website: no", "Social media: no"):
        says(asked, label)

    assert planned(asked, day(1)) == 1, "Sam has not answered"
    assert planned(asked, day(8)) == 1
    assert planned(asked, day(15)) == 0, "after the second reminder it is the office's turn, with paper"
    with asked.product.house.units.read("oakfield") as unit:
        pages = [line.page for line in unit.deliveries.lines(limit=9)]
    assert sorted(pages) == ["about-child-asked"] * 2 + ["about-child-reminder"] * 2


def test_nobody_is_asked_who_was_taken_back_before_the_notice(asked):
    take_back(asked, 1)

    assert planned(asked, day(25, 9, month=11)) == 0


def test_the_same_versions_are_asked_once_a_school_year(asked):
    house = asked.product.house
    school, oak = house.schools["oakfield"], house.schools["oakfield"].class_named("Oak")

    def again(names) -> Asking | None:
        with house.units.write("oakfield") as unit:
            made = ask_class(oak, names, school=school, shelf=house.shelf, answers=unit.answers, now=NOW)
            unit.commit()
        return made

    assert again([PHOTOS, PARENT, PUPIL]) is None
    assert again([PHOTOS]) is not None


def test_a_withdrawal_leaves_evidence_that_names_nobody(asked):
    office(asked, lambda unit: withdraw("OAK-07", adult=1, children=unit.children, evidence=unit.evidence, now=NOW))

    with asked.product.engines.reading() as connection:
        rows = str(connection.exec_driver_sql("SELECT what FROM evidence").all())
    assert "The office took back a code of a family" in rows
    assert "OAK-07" not in rows


def test_every_button_fits_into_telegram_for_the_longest_code_of_a_pupil(asked):
    longest = pupil_code("ABCDEFGHIJK1")
    signer = asked.product.house.signers["oakfield"]

    for verb, args in (
        ("agree.read", {"p": longest, "s": "f"}),
        ("agree.yes", {"p": longest, "s": "p", "v": "99"}),
        ("agree.pic", {"p": longest, "a": "wy", "v": "99"}),
        ("child.lang", {"c": ONE, "g": "en"}),
        ("child.join", {"c": ONE, "g": "en"}),
    ):
        assert len(signer.button(verb, args, on=NOW.date())) <= 64, verb
