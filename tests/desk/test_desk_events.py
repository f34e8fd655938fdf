"""Events at the desk: who may reply, what each reads, what staff see, and the page that anybody may read."""

from datetime import date, time, timedelta

import pytest

from bot.desk import Reception
from bot.tokens import LINK
from bot.wire import Incoming, Via
from parents import Comes, give_out, invite, redeem
from school.events import EventKind, SchoolEvent
from tests.desk.conftest import MARTA, NOW, FrontDesk, read

SAM = "502"
EVENING = SchoolEvent(
    id="oak-evening",
    name="An evening in Oak",
    day=date(2026, 12, 3),
    starts=time(16),
    kind=EventKind.PARENTS_EVENING,
    classes=("oak",),
    rsvp=True,
    places=2,
)


@pytest.fixture
def desk(front_desk: FrontDesk) -> FrontDesk:
    house = front_desk.product.house
    known = house.schools["oakfield"]
    object.__setattr__(known, "events", (EVENING, *known.events))
    return front_desk


def bind(desk: FrontDesk, chat: str, pupil: str, code: str) -> None:
    house = desk.product.house
    with house.units.write("oakfield") as unit:
        ids = [house.new_id(NOW)]
        give_out([pupil], class_id="oak", adults=1, codes=[code], ids=ids, children=unit.children, now=NOW)
        redeem(
            code,
            school=house.schools["oakfield"],
            families=unit.families,
            children=unit.children,
            evidence=unit.evidence,
            via="telegram",
            address=chat,
            lang="en",
            wording="child-ask:1:en",
            family_id=house.new_id(NOW),
            now=NOW,
        )
        unit.commit()


def tap(desk: FrontDesk, chat: str, label: str, answer):
    choice = next(each for row in answer.choices for each in row if label in str(each.label))
    return desk(choice.verb, sender=chat, lang="en", **choice.args)


@pytest.mark.clause(17)
def test_two_families_reply_one_waits_and_neither_reads_of_the_other(desk: FrontDesk) -> None:
    bind(desk, MARTA, "OAK-01", "AAAA2222")
    bind(desk, SAM, "OAK-02", "BBBB3333")

    for _ in range(2):
        marta = tap(desk, MARTA, "2 adults", desk("event", sender=MARTA, lang="en", **card_of(desk, MARTA)))
        assert "Thank you. We look forward to seeing you." in read(marta)
    sam = tap(desk, SAM, "1 adult", desk("event", sender=SAM, lang="en", **card_of(desk, SAM)))
    assert "You are on the waiting list." in read(sam)
    assert "OAK-01" not in read(sam)

    gone = tap(desk, MARTA, "We can't come", marta)
    assert "Thank you for telling us." in read(gone)
    assert "OAK-02: 1 adult is coming" in desk.told("events", sender=SAM, lang="en")
    with desk.product.house.units.read("oakfield") as unit:
        stand = {each.pupil: each.comes for each in unit.events.replies("oak-evening")}
    assert stand == {"OAK-01": Comes.NO, "OAK-02": Comes.YES}
    assert "An evening in Oak, for OAK-02: coming (adults: 1)" in desk.told("privacy.copy", sender=SAM, lang="en")


def card_of(desk: FrontDesk, chat: str) -> dict[str, str]:
    listed = desk("events", sender=chat, lang="en")
    return dict(next(each for row in listed.choices for each in row if each.verb == "event").args)


def test_marta_who_joined_by_a_class_link_alone_is_told_kindly_what_it_takes(desk: FrontDesk) -> None:
    assert "You haven't joined" in desk.told("events", lang="en")
    desk.joined("en")

    told = desk.told("events", lang="en")

    assert "Thursday, 3 December 2026, 16:00" in told
    assert "you need the letter from the school office" in told
    assert "The winter play" in told
    assert not [each for row in desk("events", lang="en").choices for each in row if each.verb == "event"]
    listed = desk("events", lang="en")
    talk = tap(desk, MARTA, "What to talk about: An evening in Oak", listed)
    assert "What to talk about: Years 3 and up" in read(talk)
    assert "Five things to ask the teacher" in read(talk)


def test_a_reply_is_thanked_for_once_and_that_it_may_change_is_said_plainly(desk: FrontDesk) -> None:
    bind(desk, MARTA, "OAK-01", "AAAA2222")

    told = read(tap(desk, MARTA, "2 adults", desk("event", sender=MARTA, lang="en", **card_of(desk, MARTA))))

    assert told.count("Done:") == 1
    assert "You can change it here at any time" in told


def test_a_button_of_an_event_that_is_over_says_so(desk: FrontDesk) -> None:
    bind(desk, MARTA, "OAK-01", "AAAA2222")
    args = card_of(desk, MARTA)
    desk.product.house.school_clock.move_to(NOW + timedelta(days=30))

    assert "There is nothing to reply to any more" in desk.told("event", lang="en", **args)


@pytest.mark.clause(17)
def test_a_teacher_sees_the_counts_of_the_classes_they_teach_and_the_head_those_of_all(desk: FrontDesk) -> None:
    bind(desk, MARTA, "OAK-01", "AAAA2222")
    tap(desk, MARTA, "2 adults", desk("event", sender=MARTA, lang="en", **card_of(desk, MARTA)))

    amara, femi = (desk.told("events.list", sender=who, lang="en") for who in ("U0AMARA", "U0FEMI"))

    assert "Oak: adults coming 2, waiting 0; replies of “can't come” 0" in amara
    assert "Places taken: 2 of 2" in amara
    assert "An evening in Oak" not in femi
    assert "Elm: adults coming 0" in femi
    assert "Oak" not in femi
    assert "An evening in Oak" in desk.told("events.list", sender="U0HANNAH", lang="en")
    assert "OAK-01" not in amara


def test_anybody_may_read_what_is_on_and_nobody_replies_there(desk: FrontDesk) -> None:
    asked = Incoming(school="oakfield", via=Via.WEB, sender="", place="", verb="events", lang="pl")

    answer = Reception(desk.product.house).receive(asked)

    assert "czwartek, 3 grudnia 2026, 16:00" in read(answer)
    assert answer.choices == ()


def test_a_link_to_an_event_shows_it_first_and_joins_its_class(desk: FrontDesk) -> None:
    house = desk.product.house
    with house.units.write("oakfield") as unit:
        found = invite(None, families=unit.families, code="EVENT001", now=NOW, event=EVENING)
        unit.commit()
    token = house.signers["oakfield"].mint(LINK, found.code.encode(), on=NOW.date())

    asked = desk("start", lang="en", code=token)
    assert read(asked).startswith("An evening in Oak When: Thursday, 3 December 2026, 16:00 For: Oak")
    agreed = tap(desk, MARTA, "English", asked)
    joined = tap(desk, MARTA, "Yes, join", agreed)

    assert "Thursday, 3 December 2026, 16:00" in read(joined)
    with house.units.read("oakfield") as unit:
        family = unit.families.by_address(via="telegram", address=MARTA)
        assert family is not None
        assert family.classes == ("oak",)
        assert unit.families.events(family.id)[0].source == "telegram:event:oak-evening:EVENT001"
