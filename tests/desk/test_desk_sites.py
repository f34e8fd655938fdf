"""Amara puts a site on the list, looks again with one tap, and hears when it is due or has gone silent."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.clock import SetClock
from bot.desk import Reception
from bot.links import Verdict
from bot.scheduling import Rounds, SiteRound
from bot.storage.staff_tables import checked_site
from bot.storage.tables import delivery
from bot.storage.tables import evidence as evidence_table
from bot.wire import Incoming, Show, Via
from school.roles import Leave
from school.school import SiteRules
from school.sensitive import Sensitive
from tests.desk.conftest import NOW, ours, read
from tests.desk.test_desk_revisits import AMARA, buttons, press

MAPS = "https://www.example.org/maps?child=Sam#top"
LESSON = "lesson-y4-privacy-1"
# Twelve weeks after the check on 24 November; 16 February is in the half-term holiday of the sample school.
DUE = datetime(2027, 2, 22, 9, 45, tzinfo=UTC)


def add(front_desk, address=MAPS, *, purpose="Maps of rivers", **args):
    given = {"youngest": "3", "oldest": "4", "lesson": "none", "looked": "looked", **args}
    words = {"address": Sensitive(address), "purpose": Sensitive(purpose)}
    asked = Incoming(school="oakfield", via=Via.SLACK, sender=AMARA, verb="sites.add", args=given, words=words)
    return Reception(front_desk.product.house).receive(asked)


def listed(front_desk):
    return front_desk("sites", sender=AMARA, lang="en")


def on_the_list(front_desk):
    with front_desk.product.house.units.read("oakfield") as unit:
        return unit.sites.listed()


def evidence(front_desk, clause="C11"):
    columns = evidence_table.c
    with front_desk.product.engines.reading() as connection:
        here = select(columns.kind, columns.what, columns.by).where(columns.clause == clause).order_by(columns.at)
        return [tuple(row) for row in connection.execute(here).all()]


def notices(front_desk):
    chosen = select(delivery.c.page, delivery.c.recipient, delivery.c["values"], delivery.c.due_at)
    with front_desk.product.engines.reading() as connection:
        return connection.execute(chosen.where(delivery.c.page.like("sites-%"))).all()


@pytest.mark.clause(11)
def test_amara_lists_a_site_that_she_looked_at_and_nothing_that_may_name_a_child_is_kept(front_desk):
    answer = add(front_desk)

    (site,) = on_the_list(front_desk)
    assert (site.address, site.checked_by, site.checked) == ("https://www.example.org/maps", "amara", NOW)
    assert "without what stood after the ?" in read(answer)
    assert answer.show is Show.REPLACE
    said = read(listed(front_desk))
    assert "Maps of rivers. Year 3 to Year 4" in said
    assert "Sam" not in said
    assert "Looked at on 24/11/2026 by Amara" in said
    assert evidence(front_desk) == [("site.checked", "https://www.example.org/maps", "amara")]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"address": "javascript:alert(1)"}, "no address of a web page"),
        ({"address": "https://sam:secret@example.org/"}, "no address of a web page"),
        ({"looked": ""}, "once somebody has looked at it today"),
        ({"purpose": " "}, "Say in a few words"),
        ({"youngest": "4", "oldest": "3"}, "the youngest first"),
        ({"youngest": "", "oldest": ""}, "the youngest first"),
    ],
)
def test_amara_is_told_what_is_missing_and_her_form_stays_open(front_desk, given, told):
    answer = add(front_desk, **given)

    assert answer.refused
    assert answer.form is not None
    assert told in read(answer)
    assert on_the_list(front_desk) == ()


def test_the_same_page_is_listed_once(front_desk):
    add(front_desk)

    assert "on the list already" in read(add(front_desk, "http://example.org/maps/"))
    assert len(on_the_list(front_desk)) == 1


@pytest.mark.clause(11)
def test_amara_looks_again_with_one_tap_and_takes_it_off_with_a_reason(front_desk):
    add(front_desk)
    front_desk.product.house.school_clock.move_to(DUE)
    due = listed(front_desk)

    again = press(front_desk, due, "Still fine: example.org/maps")
    form = press(front_desk, again, "Take it off: example.org/maps").form
    off = front_desk(form.verb, sender=AMARA, lang="en", **form.args, why="unfit")

    assert "Look at it again: last looked at on 24/11/2026" in read(due)
    assert "you have looked at example.org/maps today" in read(again)
    assert "Look at it again" not in read(again)
    assert "example.org/maps is off the list" in read(off)
    assert "Tell whoever looks after the filter" in buttons(off)
    assert on_the_list(front_desk) == ()
    assert sorted(kind for kind, *_ in evidence(front_desk)) == ["site.checked", "site.checked", "site.taken_off"]
    assert "isn't on the list any more" in read(press(front_desk, due, "Still fine: example.org/maps"))


@pytest.mark.clause(11, 13)
def test_a_lesson_s_card_shows_its_sites_and_asks_for_watchful_eyes(front_desk):
    before = front_desk("lesson", sender=AMARA, lang="en", **{"class": "Oak"})
    form = press(front_desk, before, "Add a site for it").form
    assert {field.name for field in form.fields} == {"address", "purpose", "youngest", "oldest", "looked"}
    add(front_desk, **form.args)

    fresh = front_desk("lesson", sender=AMARA, lang="en", **{"class": "Oak"})
    front_desk.product.house.school_clock.move_to(DUE)
    late = front_desk("lesson.this", sender=AMARA, lang="en", c="oak", l=form.args["l"], t="0")

    assert "Sites for this lesson" not in read(before)
    assert "Sites for this lesson" in read(fresh)
    assert "Looked at on 24/11/2026" in read(fresh)
    assert "see every screen" in read(fresh)
    assert "Look at it again" in read(late)
    assert "Still fine: example.org/maps" in buttons(late)
    assert evidence(front_desk, "C13")[0][0] == "watching.reminded"


def test_a_long_list_is_shown_in_parts(front_desk):
    for number in range(9):
        add(front_desk, f"https://example.org/{number}")

    first = listed(front_desk)
    rest = press(front_desk, first, "Show 1 more")

    assert sum(label.startswith("Still fine") for label in buttons(first)) == 8
    assert [label for label in buttons(rest) if label.startswith("Still fine")] == ["Still fine: example.org/8"]


@pytest.fixture
def rounds(front_desk):
    """Go round at an instant, with whatever is different about the school."""
    house, clock, schools = front_desk.product.house, SetClock(NOW), {}
    made = Rounds(schools, house.units, ours().shelf, {}, clock, clock)

    def go(now, **different):
        schools["oakfield"] = replace(house.schools["oakfield"], **different)
        clock.move_to(now)
        made.go()
        return notices(front_desk)

    return go


@pytest.mark.clause(11)
def test_amara_is_reminded_once_on_the_first_school_day_after_twelve_weeks(front_desk, rounds):
    add(front_desk)
    rounds(NOW)

    assert rounds(datetime(2027, 2, 17, 10, tzinfo=UTC)) == [], "the holiday is left in peace"
    (told,) = rounds(DUE)
    assert (told.page, told.recipient) == ("sites-due", "amara")
    assert told.values["sites"] == "example.org/maps"
    assert len(rounds(DUE.replace(day=23))) == 1


def test_whoever_leads_on_e_safety_is_reminded_where_amara_is_away(front_desk, rounds):
    add(front_desk)
    rounds(NOW)

    told = rounds(DUE, leave=(Leave(person="amara", first=DUE.date(), last=DUE.date()),))

    assert told
    assert "amara" not in {each.recipient for each in told}


def test_a_school_that_wants_to_look_sooner_says_so(front_desk, rounds):
    add(front_desk)
    rounds(NOW)

    assert rounds(datetime(2026, 12, 9, 10, tzinfo=UTC), sites=SiteRules(recheck_weeks=2))


class Asked:
    """A look that goes nowhere: `silent` addresses do not answer."""

    def __init__(self):
        self.silent = set()
        self.asked = []

    async def __call__(self, addresses):
        self.asked.append(list(addresses))
        return {each: Verdict.SILENT if each in self.silent else Verdict.ANSWERS for each in addresses}


async def at_once(work):
    return work()


@pytest.fixture
def weekly(front_desk):
    """Ask the sites at an instant; the look that is had."""
    house, clock, look = front_desk.product.house, SetClock(NOW), Asked()
    made = SiteRound(house.schools, house.units, clock, look, at_once)

    async def go(now):
        clock.move_to(now)
        return await made.go()

    return go, look


WEEK_1, WEEK_2, WEEK_3 = (datetime(2026, 12, day, 3, tzinfo=UTC) for day in (3, 10, 17))


@pytest.mark.clause(11)
async def test_a_site_that_does_not_answer_is_marked_and_amara_is_told_in_school_hours(front_desk, weekly):
    go, look = weekly
    add(front_desk)
    add(front_desk, "https://example.org/rivers")
    await go(NOW)
    look.silent = {"https://www.example.org/maps"}

    assert [await go(WEEK_1), await go(WEEK_1), await go(WEEK_2)] == [1, 0, 0]

    (told,) = notices(front_desk)
    assert (told.page, told.recipient) == ("sites-silent", "amara")
    assert told.due_at == datetime(2026, 12, 3, 8, 30, tzinfo=UTC)
    assert len(look.asked) == 2
    front_desk.product.house.school_clock.move_to(WEEK_2)
    assert "It did not answer on 03/12/2026" in read(listed(front_desk))
    look.silent = set()
    await go(WEEK_3)
    assert "It did not answer" not in read(listed(front_desk))


async def test_a_line_that_is_down_blames_no_site(front_desk, weekly):
    go, look = weekly
    add(front_desk)
    add(front_desk, "https://example.org/rivers")
    await go(NOW)
    look.silent = {each.address for each in on_the_list(front_desk)}

    assert await go(WEEK_1) == 0
    assert notices(front_desk) == []


async def test_a_school_that_does_not_want_its_sites_asked_is_left_alone(front_desk, weekly, monkeypatch):
    go, look = weekly
    schools = front_desk.product.house.schools
    monkeypatch.setitem(schools, "oakfield", replace(schools["oakfield"], sites=SiteRules(ask_weekly=False)))
    add(front_desk)
    await go(NOW)

    assert await go(WEEK_1) == 0
    assert look.asked == []


def test_what_was_taken_off_stays_as_a_record(front_desk):
    add(front_desk)
    form = press(front_desk, listed(front_desk), "Take it off: example.org/maps").form
    front_desk(form.verb, sender=AMARA, lang="en", **form.args, why="gone")

    with front_desk.product.engines.reading() as connection:
        row = connection.execute(select(checked_site)).one()
    assert (row.off, row.off_by, row.off_why) == (NOW, "amara", "gone")
