"""What the desk does for somebody who types an address, and what it never does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk import Reception
from bot.family_links import GOOD_FOR, Right, family_token
from bot.tokens import LINK
from bot.wire import Answer, Incoming, Via
from parents import Event, Family, FamilyState, Invitation, LeavingReason, NotAnAddressError, address_of
from school.sensitive import Sensitive
from tests.desk.conftest import NOW, FrontDesk, read

MARTA = "marta@example.org"


@pytest.fixture
def page(front_desk: FrontDesk):
    """Asks from a page of a school that sends e-mail."""
    house = replace(front_desk.product.house, letters=True)

    def ask(verb: str, *, address: str = "", lang: str = "en", **args: str) -> Answer:
        words = {"address": Sensitive(address)} if address else {}
        asked = Incoming(school="oakfield", via=Via.WEB, sender="", verb=verb, args=args, words=words, lang=lang)
        return Reception(house).receive(asked)

    return ask


def a_family(front_desk: FrontDesk) -> Family:
    house = front_desk.product.house
    known = Family(
        id=house.new_id(NOW),
        via="email",
        address=MARTA,
        lang="pl",
        classes=("oak",),
        state=FamilyState.ACTIVE,
        joined=NOW,
    )
    with house.units.write("oakfield") as unit:
        unit.families.save(known)
        unit.commit()
    return known


def link(front_desk: FrontDesk, known: Family, right: Right = Right.CHOOSE, *, ago: timedelta = timedelta(0)) -> str:
    signer = front_desk.product.house.signers["oakfield"]
    return family_token(known.id, right, signer=signer, now=front_desk.product.house.school_clock.now() - ago)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "marta", "marta@", "@example.org", "marta@example", "a b@example.org", "a@b@example.org"),
        *("a@example.org,b@example.org", "Marta <marta@example.org>", "a@example.org\nBcc: b@example.org"),
        f"{'a' * 200}@example.org",
    ],
)
def test_what_no_letter_could_go_to_is_no_address(typed):
    with pytest.raises(NotAnAddressError):
        address_of(Sensitive(typed))


def test_one_mailbox_is_one_family_however_it_is_spelt():
    assert address_of(Sensitive("  Marta@Example.ORG ")) == MARTA


def test_a_link_of_one_kind_or_of_another_school_is_no_key_to_a_family(front_desk, page):
    known, house = a_family(front_desk), front_desk.product.house
    theirs = family_token(known.id, Right.OWN, signer=replace(house.signers["oakfield"], school="elm"), now=NOW)
    invitation = house.signers["oakfield"].mint(LINK, b"OAK00000", on=NOW.date())

    for token in ("", theirs, invitation, link(front_desk, known)[:-2]):
        for verb in ("letters", "letters.do", "letters.leave", "letters.stop"):
            assert page(verb, t=token, do="privacy.erase.yes").refused
    with house.units.read("oakfield") as unit:
        assert unit.families.get(known.id) == known


@pytest.mark.parametrize("right", list(Right))
def test_a_link_is_too_old_one_day_for_all_but_leaving(front_desk, page, right):
    known = a_family(front_desk)
    old = link(front_desk, known, right, ago=GOOD_FOR[right] + timedelta(seconds=2))

    assert "too old" in read(page("letters", t=old))
    assert "too old" in read(page("letters.do", t=old, do="privacy.copy"))
    assert not page("letters.leave", t=old).refused
    assert not page("letters.stop", t=old).refused
    with front_desk.product.house.units.read("oakfield") as unit:
        assert unit.families.get(known.id).state is FamilyState.STOPPED
        assert [each.event for each in unit.families.events(known.id)] == [Event.LEFT]
        assert [(each.reason, each.families) for each in unit.tallies.leavings()] == [(LeavingReason.LEFT, 1)]


@pytest.mark.parametrize(
    "wanted", ["privacy", "privacy.copy", "privacy.erase", "privacy.erase.yes", "stop", "report.send"]
)
def test_the_link_that_stands_in_every_letter_shows_no_address_and_erases_nothing(front_desk, page, wanted):
    known = a_family(front_desk)

    assert MARTA not in read(page("letters.do", t=link(front_desk, known), do=wanted))
    with front_desk.product.house.units.read("oakfield") as unit:
        assert unit.families.get(known.id) == known


def test_erasing_takes_what_still_waits_with_it_and_the_office_finds_the_address_no_more(front_desk, page):
    known = a_family(front_desk)
    with front_desk.product.house.units.write("oakfield") as unit:
        unit.families.add_invitation(Invitation(code="WHOLE000", class_id="", created=NOW))
        unit.commit()
    page("mail.ask", address=MARTA)
    page("letters.do", t=link(front_desk, known, Right.OWN), do="privacy.erase.yes")

    with front_desk.product.house.units.read("oakfield") as unit:
        assert unit.families.get(known.id) is None
        assert unit.families.forgotten(via="email", address=MARTA)
        assert not unit.families.forgotten(via="telegram", address=MARTA)
        assert unit.pendings.since(NOW - timedelta(days=9), address=MARTA) == 0


def test_an_address_that_waits_is_gone_in_the_night_after_two_days(front_desk, page):
    product = front_desk.product
    page("mail.ask", address=MARTA)
    for hours, left in ((47, 1), (49 + 24, 0)):
        product.house.school_clock.move_to(NOW + timedelta(hours=hours))
        product.rounds.go()
        with product.house.units.read("oakfield") as unit:
            assert unit.pendings.since(NOW - timedelta(days=9), address=MARTA) == left
