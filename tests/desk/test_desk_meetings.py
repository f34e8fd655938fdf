"""The policy at an INSET day: Amara opens the roll, Ben was there, Femi read it afterwards; and the day's slides."""

import io
import shutil
from datetime import timedelta

import pytest
from click.testing import CliRunner
from pptx import Presentation

from bot import demo
from bot.__main__ import cli
from bot.commands.sample import SCHOOL, without_phones
from bot.desk import Reception
from bot.wire import Incoming, Via
from school.people import Role
from school.sensitive import Sensitive
from staff import Sort, inset_deck
from tests.databases import sqlite_template
from tests.desk.conftest import NOW, ours, read
from tests.desk.test_desk_todo import evidence, holder, round_on, school_of, tap

__all__ = ["sqlite_template"]


def opened(desk, person, day, kind="inset"):
    form = tap(desk, person.slack, desk("inset", sender=person.slack, lang="en"), "Open a roll").form
    asked = Incoming(
        school="oakfield",
        via=Via.SLACK,
        sender=person.slack,
        verb=form.verb,
        args={"kind": kind},
        words={"day": Sensitive(day)},
        lang="en",
    )
    return Reception(desk.product.house).receive(asked)


@pytest.mark.clause(25)
def test_amara_opens_a_roll_and_each_says_in_a_tap_that_they_were_there(front_desk):
    desk = front_desk
    amara, ben, femi = (holder(desk, role) for role in (Role.ESAFETY_LEAD, Role.TECHNICIAN, Role.DEPUTY_DSL))

    assert "colleagues are asked" in read(opened(desk, amara, "23/11/2026"))
    title = desk.product.house.shelf.title("inset")
    card = tap(desk, ben.slack, desk("todo", sender=ben.slack, lang="en"), title)
    assert "INSET day, 23/11/2026" in read(card)
    done = tap(desk, ben.slack, card, "I was there")
    assert "It is written down" in read(done)
    assert "answered already" in read(tap(desk, ben.slack, card, "I was there"))
    card = tap(desk, femi.slack, desk("todo", sender=femi.slack, lang="en"), title)
    summary = tap(desk, femi.slack, card, "I couldn't be there")
    assert "Phones are out of use all day" in read(summary)
    tap(desk, femi.slack, summary, "I have read it")

    roll = read(desk("inset", sender=amara.slack, lang="en"))
    assert "INSET day, 23/11/2026: 1 were there, 1 read it afterwards; not yet: " in roll
    assert ben.name not in roll
    assert amara.name in roll
    said = [what for _, what in evidence(desk, "C25")]
    asked = len([each for each in duties(desk) if each.subject == "inset"])
    assert said == [f"inset, 2026-11-23: roll opened for {asked}", *["inset, 2026-11-23: done"] * 2]


def duties(desk):
    with desk.product.house.units.read("oakfield") as unit:
        return unit.duties.of(Sort.MEETING)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        *((day, "inset") for day in ("25/11/2026", "31/02/2026", "1/1/2020", "soon", "")),
        ("23/11/2026", "party"),
    ],
)
def test_a_roll_of_no_day_is_refused_with_what_to_do(front_desk, day, kind):
    amara = holder(front_desk, Role.ESAFETY_LEAD)

    answer = opened(front_desk, amara, day, kind)

    assert answer.refused
    assert "as 24/11/2026" in read(answer)
    assert duties(front_desk) == ()


def test_a_roll_is_opened_once_and_by_whoever_leads(front_desk):
    amara, ben = holder(front_desk, Role.ESAFETY_LEAD), holder(front_desk, Role.TECHNICIAN)
    opened(front_desk, amara, "23/11/2026")

    assert "open already" in read(opened(front_desk, amara, "2026-11-23"))
    refused = front_desk("inset.form", sender=ben.slack, lang="en")
    assert refused.form is None


@pytest.mark.clause(25)
def test_the_slides_hold_agenda_policy_and_numbers_and_nobody_s_name_who_has_not_done_it(front_desk):
    desk = front_desk
    round_on(desk, NOW.replace(hour=9, minute=35) - timedelta(days=1))
    house, school = desk.product.house, school_of(desk)

    with house.units.read("oakfield") as unit:
        deck = inset_deck(school=school, shelf=house.shelf, duties=unit.duties, book=unit.learning, on=NOW.date())

    titles = [str(slide.title) for slide in deck.slides]
    assert titles[:4] == ["Agenda", "What the policy promises", "What each of us does", "What is newer than the policy"]
    assert "Scenario: just banter" in titles
    shown = str([slide.shown for slide in deck.slides])
    assert "When a child tells you" in shown
    assert not [person.name for person in school.people if person.name in shown]


@pytest.fixture
def school(tmp_path, sqlite_template, monkeypatch):
    for name in ("BIND", "DATABASE_URL", "HOME", "PUBLIC_URL", "SCHOOL_FILE", "TELEGRAM_MODE", "TELEGRAM_TOKEN"):
        monkeypatch.delenv(f"LOLLIPOP_{name}", raising=False)
    home = tmp_path / "var"
    home.mkdir()
    shutil.copyfile(sqlite_template, home / "lollipop.db")
    demo.prepare(home, 8000)
    text = without_phones(SCHOOL.format(id="oakfield", name="Oakfield Primary School"))
    (tmp_path / "school.toml").write_text(text, "utf-8")
    # Read once for all tests: it takes a second.
    monkeypatch.setattr("bot.commands.training.library", lambda _: ours())
    return tmp_path / "school.toml"


@pytest.mark.clause(25)
def test_amara_takes_the_slides_with_her(school, tmp_path):
    def run(*words):
        return CliRunner().invoke(cli, ["--school-file", str(school), "training", *words])

    file = tmp_path / "inset.pptx"
    made = run("inset", str(file))
    assert made.exit_code == 0, made.output
    slides = Presentation(io.BytesIO(file.read_bytes())).slides
    titles = [slide.shapes.title.text for slide in slides]
    assert titles[0] == "Our e-safety policy"
    assert "Agenda" in titles
    wrong = run("inset", str(tmp_path / "inset.pdf"))
    assert wrong.exit_code == 2
    assert "ends in .pptx" in wrong.output
    lost = run("inset", str(tmp_path / "nowhere" / "inset.pptx"))
    assert "Choose another place" in lost.output
    assert "No module has been laid yet" in run("roll").output
