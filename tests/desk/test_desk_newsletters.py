"""The newsletter desk: what staff see before a newsletter goes, and who may say yes to it, on Slack and on the web."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bot.clock import SetClock
from bot.desk import Reception
from bot.languages import NOT_CHECKED
from bot.wire import Answer, Choice, Incoming, Via
from pages import Shelf
from parents import Alike, Family, FamilyState, Frequency, LeftOut, foresee
from school.notices import Mailing
from school.people import YearGroup
from tests.desk.conftest import NOW, FrontDesk, read

DECEMBER = "newsletter:newsletter-2026-12:1"
AMARA, DILYS, HANNAH, FEMI, GRACE = "U0AMARA", "U0DILYS", "U0HANNAH", "U0FEMI", "U0GRACE"


def asks(desk: FrontDesk, verb: str, sender: str = HANNAH, **args: str) -> Answer:
    asked = Incoming(
        school="oakfield", via=Via.SLACK, sender=sender, place=sender, verb=verb, args={"id": DECEMBER, **args}
    )
    return Reception(desk.product.house).receive(asked)


def choice(answer: Answer, label: str) -> Choice:
    return next(each for row in answer.choices for each in row if str(each.label) == label)


def labels(answer: Answer) -> list[str]:
    return [str(each.label) for row in answer.choices for each in row]


def taps(desk: FrontDesk, answer: Answer, label: str, sender: str = HANNAH) -> Answer:
    chosen = choice(answer, label)
    return asks(desk, chosen.verb, sender, **chosen.args)


def joins(desk: FrontDesk, number: int, **more: object) -> None:
    house = desk.product.house
    known = {"via": "telegram", "lang": "en", "classes": ("oak",), "state": FamilyState.ACTIVE, "joined": NOW}
    with house.units.write("oakfield") as unit:
        unit.families.save(Family(**{"id": house.new_id(NOW), "address": str(number), **known, **more}))
        unit.commit()


def test_hannah_sees_to_whom_it_goes_and_who_is_left_out_and_why(front_desk):
    joins(front_desk, 1)
    joins(front_desk, 2, lang="pl", classes=("oak", "elm"))
    joins(front_desk, 3, lang="pl", classes=())
    joins(front_desk, 4, state=FamilyState.STOPPED)
    joins(front_desk, 5, state=FamilyState.UNREACHABLE)
    joins(front_desk, 6, classes=(), years=(YearGroup(9),))

    answer = asks(front_desk, "newsletter.look")
    said = read(answer)

    for fact in (
        "Families: 3",
        "Goes out: 01/12/2026 16:00",
        "By language: Polski: 2, English: 1",
        "By channel: Telegram: 3",
        "By class: Oak: 2, Elm: 1",
        "By year: Year 4: 2, no class chosen: 1",
        "Left out: have left: 1, can't be reached: 1, follow other years: 1",
        "it goes once two people have looked at it and said yes",
    ):
        assert fact in said
    occurring = ["See it: Year 4, English", "See it: Year 4, Polski", "See it: no class chosen, Polski"]
    assert labels(answer) == [*occurring, "Send me a test", "It's ready", "What has been sent"]


def test_hannah_hears_in_which_of_its_readers_languages_it_is_not_written(front_desk):
    joins(front_desk, 1, lang="pl")
    house = front_desk.product.house
    english = FrontDesk(replace(front_desk.product, house=replace(house, shelf=Shelf(house.shelf.all()))))

    said = read(asks(english, "newsletter.look"))

    assert "It is not written in Polski yet: those families get it in English, and it says so." in said


def test_the_page_is_seen_as_that_parent_gets_it_and_owns_up_to_nobody_having_checked_it(front_desk):
    joins(front_desk, 1, lang="pl")

    said = read(taps(front_desk, asks(front_desk, "newsletter.look"), "See it: Year 4, Polski"))

    assert "This is how a parent of Year 4 who reads Polski gets it." in said
    assert "It is 1 message." in said
    assert str(NOT_CHECKED) in said
    assert "Nowe urządzenia i gry" in said


def test_a_test_goes_to_hannah_alone_and_is_no_mailing(front_desk):
    answer = taps(front_desk, asks(front_desk, "newsletter.look"), "Send me a test")

    assert "A test is on its way to you alone" in read(answer)
    with front_desk.product.house.units.read("oakfield") as unit:
        (line,) = unit.deliveries.lines(limit=9)
        assert (line.to, line.page, line.mailing) == ("person hannah", "newsletter-2026-12", "")
        assert unit.deliveries.progress(limit=9) == ()


@pytest.mark.clause(16)
def test_hannah_says_yes_and_amara_approves_and_the_card_says_who_looked(front_desk):
    first = taps(front_desk, asks(front_desk, "newsletter.look"), "It's ready")
    waiting = asks(front_desk, "deliveries", AMARA)
    looked = asks(front_desk, "newsletter.look", AMARA)
    second = taps(front_desk, looked, "Approve", AMARA)

    assert "once one more person has looked at it" in read(first)
    assert "Looked at by: Hannah Lewis" in " ".join(read(Answer(document=each.document)) for each in waiting.cards)
    assert "Hannah Lewis has looked at it and said yes. One more person has to." in read(looked)
    assert "Two people have said yes, so it goes from 01/12/2026 16:00." in read(second)
    assert "Approve" not in labels(asks(front_desk, "newsletter.look", DILYS))


def test_hannah_s_button_again_and_a_button_of_other_words_say_nothing(front_desk):
    look = asks(front_desk, "newsletter.look")
    taps(front_desk, look, "It's ready")

    again = taps(front_desk, look, "It's ready")
    other = asks(front_desk, "newsletter.approve", AMARA, seen="0" * 16)
    none = asks(front_desk, "newsletter.approve", AMARA)

    assert again.refused
    assert "You have said yes to this one already" in read(again)
    for answer in (other, none):
        assert answer.refused
        assert "This page was changed after you opened it" in read(answer)
    with front_desk.product.house.units.read("oakfield") as unit:
        assert [each.person for each in unit.approvals.of(DECEMBER)] == ["hannah"]
    assert "It's ready" not in labels(asks(front_desk, "newsletter.look")), "she has said so"


@pytest.mark.parametrize("verb", ["newsletter.look", "newsletter.page", "newsletter.test", "newsletter.approve"])
@pytest.mark.parametrize("sender", [FEMI, GRACE, "U0PUPIL"])
def test_whoever_does_not_steer_looks_at_nothing_and_approves_nothing(front_desk, verb, sender):
    assert asks(front_desk, verb, sender).refused
    with front_desk.product.house.units.read("oakfield") as unit:
        assert unit.approvals.of(DECEMBER) == ()


def test_a_newsletter_that_is_not_there_is_refused_with_those_that_are(front_desk):
    said = read(asks(front_desk, "newsletter.look", id="newsletter:newsletter-2026-12:7"))

    assert "There is no newsletter “newsletter:newsletter-2026-12:7”. There are: newsletter-2026-09" in said


def pending(desk: FrontDesk, count: int) -> None:
    """A campaign's step for so many families, due by now."""
    house = desk.product.house
    step = Mailing(id="campaign:sid:one:1", campaign="sid", page="sid-2027-1", due=NOW)
    with house.units.write("oakfield") as unit:
        unit.mailings.open(step, now=NOW)
        unit.mailings.freeze(step, expected=count, now=NOW)
        to = [(UUID(int=number), "telegram") for number in range(1, count + 1)]
        unit.mailings.lay(step, to, excluded=0, after=None, upto=None, done=True)
        unit.commit()


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (NOW, "400 to go: until about 11:00 at 29 a second."),
        (
            datetime(2026, 11, 24, 19, 59, 50, tzinfo=UTC),
            "400 to go at 29 a second. What is left when quiet hours begin goes on in the morning.",
        ),
        (datetime(2026, 11, 24, 19, 59, 40, tzinfo=UTC), "400 to go: until about 19:59 at 29 a second."),
    ],
)
def test_a_card_says_at_what_time_the_last_of_it_has_gone_and_whether_families_sleep_by_then(front_desk, now, said):
    pending(front_desk, 400)
    clock = front_desk.product.house.school_clock
    assert isinstance(clock, SetClock)
    clock.move_to(now)

    cards = asks(front_desk, "deliveries").cards

    assert said in " ".join(read(Answer(document=each.document)) for each in cards)


def test_home_leads_those_who_steer_to_what_waits_for_them(front_desk):
    front_desk.product.rounds.go()

    home = asks(front_desk, "home")
    (waits,) = [card for card in home.cards if "The newsletter of 01/12/2026" in read(Answer(document=card.document))]
    assert [[choice.verb for choice in row] for row in waits.choices] == [["newsletter.look"]]
    assert "newsletter" not in repr(asks(front_desk, "home", FEMI))


def test_a_campaign_is_not_for_who_chose_the_newsletter_alone_or_joined_too_late(front_desk):
    joins(front_desk, 1)
    joins(front_desk, 2, frequency=Frequency.NEWSLETTER)
    joins(front_desk, 3, joined=NOW + timedelta(hours=1))
    house = front_desk.product.house

    with house.units.read("oakfield") as unit:
        alike: tuple[Alike, ...] = unit.families.alike(joined_by=NOW)
    found = foresee(alike, years=frozenset(), school=house.schools["oakfield"], more=True)

    assert (found.families, found.left_out) == (1, {LeftOut.NEWS_ONLY: 1, LeftOut.JOINED_LATE: 1})
