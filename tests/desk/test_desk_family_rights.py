"""Marta chooses what she hears of, sees what is kept about her, has it erased, and leaves with one word."""

from datetime import date, timedelta

import pytest

from bot.tokens import LINK
from parents import Event, FamilyState, Frequency, Invitation
from staff import Asker
from tests.desk.conftest import MARTA, NOW, read

CODES = {"OAK00000": "oak", "ELM00000": "elm", "WHOLE000": ""}
SAM, PUPIL = "502", "503"


def invited(front_desk, *codes: str) -> None:
    with front_desk.product.house.units.write("oakfield") as unit:
        for code in codes:
            unit.families.add_invitation(Invitation(code=code, class_id=CODES[code], created=NOW))
        unit.commit()


def join(front_desk, *codes: str, sender: str = MARTA) -> None:
    invited(front_desk, *codes)
    for code in codes:
        a_minute_later(front_desk)
        front_desk("join", c=code, g="en", sender=sender)


def a_minute_later(front_desk) -> None:
    """Nobody taps twice within one instant, and the log has its order by its times."""
    clock = front_desk.product.house.school_clock
    clock.move_to(clock.now() + timedelta(minutes=1))


def marta(front_desk, address: str = MARTA):
    with front_desk.product.house.units.read("oakfield") as unit:
        return unit.families.by_address(via="telegram", address=address)


def log(front_desk, family) -> list[tuple[Event, str]]:
    with front_desk.product.house.units.read("oakfield") as unit:
        return [(each.event, each.detail) for each in unit.families.events(family.id)]


def tap(front_desk, answer, label: str):
    """What is answered to a tap on the button with this label, in English."""
    (choice,) = [each for row in answer.choices for each in row if read_label(each) == label]
    assert len("\n".join([choice.verb, *(f"{name}={value}" for name, value in choice.args.items())])) <= 30
    a_minute_later(front_desk)
    return front_desk(choice.verb, **choice.args)


def read_label(choice) -> str:
    return str(choice.label)


@pytest.mark.clause(16)
def test_marta_with_two_children_in_two_classes_follows_both_and_leaves_one(front_desk):
    join(front_desk, "OAK00000", "ELM00000")
    assert marta(front_desk).classes == ("oak", "elm")

    answer = front_desk("years")
    assert "You get news for: - Oak - Elm" in read(answer)
    told = read(tap(front_desk, answer, "Leave Oak"))

    assert "- Elm" in told
    assert "- Oak" not in told
    assert marta(front_desk).classes == ("elm",)
    assert log(front_desk, marta(front_desk))[-1] == (Event.CLASS_LEFT, "oak")


@pytest.mark.clause(16)
def test_marta_who_leaves_her_last_class_is_told_so_and_gets_no_news_of_the_whole_school_instead(front_desk):
    join(front_desk, "OAK00000")

    told = read(tap(front_desk, front_desk("years"), "Leave Oak, and stop all news"))

    assert "You have stopped our messages" in told
    assert marta(front_desk).state is FamilyState.STOPPED
    assert "You haven't joined" in read(front_desk("years"))


def test_marta_whose_button_is_of_a_class_that_she_left_already_changes_nothing(front_desk):
    join(front_desk, "OAK00000", "ELM00000")
    answer = front_desk("years")

    for _ in range(2):
        tap(front_desk, answer, "Leave Oak")

    assert marta(front_desk).classes == ("elm",)
    assert log(front_desk, marta(front_desk)).count((Event.CLASS_LEFT, "oak")) == 1


@pytest.mark.clause(16)
def test_marta_of_the_whole_school_chooses_years_and_the_whole_school_again(front_desk):
    join(front_desk, "WHOLE000")

    fewer = tap(front_desk, front_desk("years"), "Year 4")
    assert [year.number for year in marta(front_desk).years] == [4]
    assert "You get news for: - Year 4" in read(fewer)
    tap(front_desk, fewer, "The whole school")

    assert marta(front_desk).years == ()
    assert log(front_desk, marta(front_desk))[1:] == [(Event.YEARS, "4"), (Event.YEARS, "")]


@pytest.mark.clause(16)
def test_marta_hears_of_the_newsletter_alone_with_one_tap_and_of_everything_with_another(front_desk):
    join(front_desk, "OAK00000")

    fewer = tap(front_desk, front_desk("years"), "Only the monthly newsletter")
    assert marta(front_desk).frequency is Frequency.NEWSLETTER
    assert "You get the monthly newsletter, and nothing else." in read(fewer)
    tap(front_desk, fewer, "Everything")

    assert marta(front_desk).frequency is Frequency.EVERYTHING
    assert log(front_desk, marta(front_desk))[1:] == [(Event.FREQUENCY, "newsletter"), (Event.FREQUENCY, "everything")]


@pytest.mark.parametrize(("verb", "args"), [("years.often", {"f": "daily"}), ("years.year", {"y": "99", "on": "1"})])
def test_a_button_that_says_nothing_we_know_changes_nothing(front_desk, verb, args):
    join(front_desk, "WHOLE000")
    before = marta(front_desk)

    front_desk(verb, **args)

    assert marta(front_desk) == before


@pytest.mark.parametrize("verb", ["years", "years.leave", "years.often", "years.year"])
def test_somebody_who_has_not_joined_is_told_how_to(front_desk, verb):
    assert "You haven't joined the school's news." in front_desk.told(verb, lang="en", sender=SAM)
    assert marta(front_desk, SAM) is None


@pytest.mark.clause(16)
def test_marta_sees_what_is_kept_about_her_and_gets_a_copy(front_desk):
    join(front_desk, "OAK00000")
    front_desk("years.often", f="newsletter")

    kept = front_desk("privacy")
    told = read(kept)
    for each in (
        "Language: English",
        "Since: 24/11/2026",
        "News of: Oak",
        "How often: You get the monthly newsletter, and nothing else.",
        "24/11/2026: you joined the news of Oak",
        "24/11/2026: you chose the monthly newsletter alone",
    ):
        assert each in told

    copy = read(tap(front_desk, kept, "Send me a copy"))
    family = marta(front_desk)
    assert f"Our number for you: {family.id}" in copy
    assert f"The chat's number: {MARTA}" in copy
    assert "words shown: join-ask:1:en; by: telegram:OAK00000" in copy


def test_marta_s_questions_are_in_her_copy_and_end_with_everything_else(front_desk):
    join(front_desk, "OAK00000")
    front_desk("ask", lang="en")
    front_desk("words", words="At what age is a phone right?", lang="en")
    family = marta(front_desk)

    copy = read(tap(front_desk, front_desk("privacy"), "Send me a copy"))
    assert "At what age is a phone right?" in copy
    question = tap(front_desk, front_desk("privacy"), "Erase it all")
    tap(front_desk, question, "Yes, erase it all")

    with front_desk.product.house.units.read("oakfield") as unit:
        assert unit.questions.of(Asker.FAMILY, str(family.id), limit=9) == ()


def test_somebody_who_has_not_joined_reads_what_is_kept_and_is_offered_no_copy(front_desk):
    answer = front_desk("privacy", sender=SAM, lang="en")

    assert "What we keep about you" in read(answer)
    assert answer.choices == ()
    for verb in ("privacy.copy", "privacy.erase"):
        assert "We keep nothing about this chat" in front_desk.told(verb, sender=SAM, lang="en")


@pytest.mark.clause(16)
def test_marta_has_it_all_erased_after_being_asked_and_joins_anew_with_the_link(front_desk):
    join(front_desk, "OAK00000")
    before = marta(front_desk)

    question = tap(front_desk, front_desk("privacy"), "Erase it all")
    assert marta(front_desk) == before
    told = read(tap(front_desk, question, "Yes, erase it all"))

    assert "It is erased, and we won't write to you here again." in told
    assert marta(front_desk) is None
    with front_desk.product.house.units.read("oakfield") as unit:
        assert unit.families.forgotten(via="telegram", address=MARTA)
    assert "It is erased" in front_desk.told("privacy.erase.yes", lang="en")

    signer = front_desk.product.house.signers["oakfield"]
    link = signer.mint(LINK, b"OAK00000", on=date(2026, 11, 24))
    assert "for families of Oak" in front_desk.told("start", lang="en", code=link)
    assert marta(front_desk) is None
    front_desk("join", c="OAK00000", g="en")

    after = marta(front_desk)
    assert after.id != before.id
    assert log(front_desk, after) == [(Event.JOINED, "oak")]
    with front_desk.product.house.units.read("oakfield") as unit:
        assert not unit.families.forgotten(via="telegram", address=MARTA)


def test_marta_thinks_better_of_it_and_keeps_everything(front_desk):
    join(front_desk, "OAK00000")
    before = marta(front_desk)

    told = read(tap(front_desk, front_desk("privacy.erase"), "No, keep it"))

    assert "you joined the news of Oak" in told
    assert marta(front_desk) == before


@pytest.mark.clause(16)
@pytest.mark.parametrize("typed", ["stop", "Stop.", " STOP ", "koniec", "opriți", "بند۔", "توقف", "/إيقاف"])
def test_marta_leaves_at_once_with_the_word_alone_and_it_is_kept_nowhere(front_desk, typed):
    join(front_desk, "OAK00000")

    told = front_desk.told("words", words=typed, lang="en")

    assert "You have stopped our messages" in told
    assert marta(front_desk).state is FamilyState.STOPPED
    assert not front_desk.drafts()


def test_marta_leaves_with_a_slash_before_the_word_of_her_language(front_desk):
    join(front_desk, "OAK00000")

    assert "You have stopped our messages" in front_desk.told("unknown", typed="/koniec", lang="en")
    assert marta(front_desk).state is FamilyState.STOPPED


@pytest.mark.parametrize("typed", ["stopp", "please stop", "arrêter"])
def test_marta_who_writes_anything_else_has_not_left_and_nothing_is_lost(front_desk, typed):
    join(front_desk, "OAK00000")

    front_desk("words", words=typed)

    assert marta(front_desk).state is FamilyState.ACTIVE
    assert front_desk.drafts()


@pytest.mark.parametrize("sender", [PUPIL, "U0PUPIL"])
def test_somebody_who_has_not_joined_and_writes_stop_is_listened_to(front_desk, sender):
    front_desk("words", words="stop", sender=sender, lang="en")

    assert front_desk.drafts(sender)


def test_marta_who_is_telling_of_a_worry_is_not_taken_to_leave(front_desk):
    join(front_desk, "OAK00000")
    front_desk("report.start")
    front_desk("report.year", year="parent")
    front_desk("report.about", a="pupil", y="parent")

    told = front_desk.told("words", words="Stop", lang="en")

    assert "You have stopped" not in told
    assert marta(front_desk).state is FamilyState.ACTIVE


def test_marta_s_new_account_is_a_new_family_and_the_old_one_hears_nothing_of_it(front_desk):
    join(front_desk, "OAK00000")
    before = marta(front_desk)

    told = read(front_desk("join", c="OAK00000", g="en", sender=SAM))

    assert "You had joined already" not in told
    assert marta(front_desk, SAM).id != before.id
    assert marta(front_desk) == before
    with front_desk.product.house.units.read("oakfield") as unit:
        assert sum(unit.deliveries.counts().states.values()) == 0


def test_a_class_s_old_link_answers_kindly(front_desk):
    invited(front_desk, "OAK00000")
    with front_desk.product.house.units.write("oakfield") as unit:
        unit.families.revoke("oak", now=NOW + timedelta(minutes=1))
        unit.commit()

    assert "That invitation has been replaced." in front_desk.told("join", c="OAK00000", g="en", lang="en")
