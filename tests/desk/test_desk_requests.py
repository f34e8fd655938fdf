"""Requests over the real desk: who decides, what a second tap does, and what is said to whom."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.desk import Reception
from bot.scheduling.request_round import follow_requests
from bot.storage.tables import delivery
from bot.storage.tables import evidence as evidence_table
from bot.wire import Incoming, Show, Via
from school.people import Role
from school.roles import Leave
from school.school import Approvers
from school.sensitive import Sensitive
from staff import seats_of
from tests.desk.conftest import NOW, read
from tests.desk.test_desk_revisits import buttons

FEMI, AMARA, HANNAH, BEN, DILYS = "U0FEMI", "U0AMARA", "U0HANNAH", "U0BEN", "U0DILYS"
CANARY = "zebra maps for Samira"
SITE = {"address": "https://www.example.org/maps?child=Samira", "why": CANARY}


def send(front_desk, verb, *, sender=FEMI, words=None, **args):
    wrapped = {name: Sensitive(said) for name, said in (words or {}).items()}
    asked = Incoming(school="oakfield", via=Via.SLACK, sender=sender, verb=verb, args=args, words=wrapped)
    return Reception(front_desk.product.house).receive(asked)


def tap(front_desk, verb, *, sender, ref, words=None, **args):
    return send(front_desk, verb, sender=sender, words=words, ref=ref, **args)


def unblock(front_desk, *, sender=FEMI, **changed):
    args = {"class": "elm", "weeks": "2", **{name: said for name, said in changed.items() if name not in SITE}}
    words = {**SITE, **{name: said for name, said in changed.items() if name in SITE}}
    return send(front_desk, "unblock.send", sender=sender, words=words, **args)


def kept(front_desk):
    with front_desk.product.house.units.read("oakfield") as unit:
        return unit.requests.newest(limit=9)


def told(front_desk, page):
    chosen = select(delivery).where(delivery.c.page == page).order_by(delivery.c.recipient)
    with front_desk.product.engines.reading() as connection:
        return connection.execute(chosen).all()


def evidence(front_desk, clause):
    columns = evidence_table.c
    with front_desk.product.engines.reading() as connection:
        here = select(columns.kind, columns.what).where(columns.clause == clause).order_by(columns.at, columns.id)
        return [tuple(row) for row in connection.execute(here).all()]


def later(front_desk, wait):
    """The round, so long after now."""
    house = front_desk.product.house
    house.school_clock.instant = NOW + wait
    with house.units.write("oakfield") as unit:
        moved = follow_requests(unit, school=house.schools["oakfield"], now=NOW + wait)
        unit.commit()
    return moved


def change_school(front_desk, **changed):
    house = front_desk.product.house
    house.schools["oakfield"] = replace(house.schools["oakfield"], **changed)


@pytest.mark.clause(36)
def test_a_site_is_unblocked_when_three_have_said_yes_and_blocked_again_by_a_tap(front_desk):
    assert front_desk("unblock", sender=FEMI, lang="en").show is Show.FORM
    thanks = unblock(front_desk)

    (asked,) = kept(front_desk)
    ref = asked.reference
    assert ref in read(thanks)
    assert asked.subject == "https://www.example.org/maps"
    assert {each.recipient for each in told(front_desk, "request-waits")} == {"amara", "hannah", "ben"}
    for sender in (BEN, HANNAH):
        card = tap(front_desk, "req.read", sender=sender, ref=ref)
        assert CANARY in read(card)
        tap(front_desk, buttons(card)["Yes"].verb, sender=sender, ref=ref)
        assert kept(front_desk)[0].state == "waiting"
    assert "It is granted" in read(tap(front_desk, "req.yes", sender=AMARA, ref=ref))
    assert [each.recipient for each in told(front_desk, "request-granted")] == ["femi"]
    assert [each.recipient for each in told(front_desk, "request-to-do")] == ["ben"]

    assert later(front_desk, timedelta(days=13)) == 0
    for day in (15, 16):
        assert later(front_desk, timedelta(days=day)) == 1
        assert later(front_desk, timedelta(days=day, minutes=1)) == 0
    assert [each.recipient for each in told(front_desk, "request-to-undo")] == ["ben", "ben"]
    assert "Waiting for you" in read(front_desk("requests", sender=BEN, lang="en"))
    tap(front_desk, "req.done", sender=BEN, ref=ref)

    assert later(front_desk, timedelta(days=17)) == 0
    assert (kept(front_desk)[0].state, kept(front_desk)[0].closed_by) == ("closed", "ben")
    assert [each.recipient for each in told(front_desk, "request-ended")] == ["femi"]
    kinds = [kind.removeprefix("request.") for kind, _ in evidence(front_desk, "C36")]
    assert kinds == ["asked", "yes", "yes", "yes", "granted", "chased", "chased", "undone"]
    assert {what for _, what in evidence(front_desk, "C36")} == {f"unblock a site: {ref}"}
