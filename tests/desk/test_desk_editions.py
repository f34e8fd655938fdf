"""A lesson's page changes while Oak is in the middle of it: Oak goes on with what it began."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot import demo
from bot.clock import SetClock
from bot.desk import Reception
from bot.library import CONTENT
from bot.main import build, load_library
from bot.wire import Incoming, Via
from curriculum import Begun, Edition, Outcome
from pages import Shelf, load_shelf
from tests.databases import sqlite_template
from tests.desk.conftest import read

__all__ = ["sqlite_template"]

TUESDAY = datetime(2026, 11, 24, 11, tzinfo=UTC)
PRIVACY = "lesson-y4-privacy-1"
GOES_ON = "began version 1 of this lesson and goes on with it. There is a newer one."
CHANGE, BIG_SCREEN = "Change to the newer one", "Open on the big screen"
OLD_STEP, NEW_STEP = "Draw a big door on the board", "Version two begins here."
OLD_ASK, NEW_ASK = "Which makes the strongest password?", "Which of these gives the most away?"
NEW_QUIZ = f"quiz:\n  - ask: {NEW_ASK}\n    options: [A hat, A street]\n    answer: 2\n    why: It says where.\n"


@cache
def ours():
    """The pages are read once for all these people."""
    return load_library()


def newer_page() -> str:
    """Version 2 of the lesson: another first step, and one question in the place of three."""
    text = ours().shelf.get(PRIVACY, "en").source
    head, _, rest = text.replace("\nversion: 1\n", "\nversion: 2\n").partition("quiz:\n")
    body = rest.partition("sources:\n")[2].replace(OLD_STEP, NEW_STEP)
    return f"{head}{NEW_QUIZ}sources:\n{body}"


class Town:
    """Oakfield's desk over one database, with whichever pages it was started."""

    def __init__(self, folder: Path, newer: Shelf) -> None:
        self._newer = newer
        self.clock = SetClock(TUESDAY)
        self._settings = replace(demo.prepare(folder, 8000), public_url="https://oakfield.example")
        self.product = self._started(ours().shelf)

    def _started(self, shelf: Shelf):
        return build(self._settings, school_clock=self.clock, library=replace(ours(), shelf=shelf))

    def stop(self) -> None:
        self.product.counter.close()
        self.product.engines.close()

    def started_with(self, shelf: Shelf) -> None:
        self.stop()
        self.product = self._started(shelf)

    def updated(self) -> None:
        """The bot is started again, with version 2 in the school's own folder."""
        self.started_with(self._newer)

    def ask(self, verb: str, **args: str):
        said = Incoming(
            school="oakfield", via=Via.SLACK, sender="U0AMARA", place="U0AMARA", verb=verb, args=args, lang="en"
        )
        return Reception(self.product.house).receive(said)

    def card(self, klass: str = "oak"):
        return self.ask("lesson.this", c=klass, l=PRIVACY)

    def press(self, answer, label: str, **more: str):
        found = {str(choice.label): choice for row in answer.choices for choice in row}
        assert label in found, list(found)
        return self.ask(found[label].verb, **found[label].args, **more)

    def send(self, form, **typed: str):
        return self.ask(form.verb, **form.args, **typed)

    def entries(self, klass: str = "oak"):
        with self.product.house.units.read("oakfield") as unit:
            return unit.progress.taught(klass)

    def has_begun(self, text: str, *, when: datetime) -> None:
        """Oak began the lesson with this text."""
        edition = Edition(page=PRIVACY, lang="en", version=1, content_hash="kept", text=text)
        begun = Begun(class_id="oak", lesson=PRIVACY, content_hash="kept", when=when)
        with self.product.house.units.write("oakfield") as unit:
            unit.editions.begin(begun, edition)
            unit.commit()


@pytest.fixture(scope="module")
def newer(tmp_path_factory) -> Shelf:
    """Our pages, and in the school's own folder version 2 of one of them."""
    own = tmp_path_factory.mktemp("content")
    (own / "ours.en.md").write_text(newer_page(), "utf-8")
    return load_shelf([*CONTENT, own], proven=CONTENT, ages=False)


@pytest.fixture
def town(tmp_path, sqlite_template, newer):
    shutil.copyfile(sqlite_template, tmp_path / "lollipop.db")
    made = Town(tmp_path, newer)
    yield made
    made.stop()


@pytest.mark.clause(6)
def test_oak_finishes_the_version_that_it_began_and_the_next_class_takes_the_new_one(town):
    first = town.press(town.card(), "Start the lesson")
    town.updated()

    card, again = town.card(), town.press(town.press(first, "Next step"), "Back")
    form = town.press(card, "Mark as taught").form
    town.send(form, h1_1="20", h1_0="5")

    assert OLD_STEP in read(again)
    assert f"Oak {GOES_ON}" in read(card)
    assert BIG_SCREEN not in read(card)
    assert {field.name[:2] for field in form.fields} == {"h0", "h1", "h2"}
    (entry,) = town.entries()
    assert (entry.version, entry.outcome, entry.hands[1].counts) == (1, Outcome.TAUGHT, (5, 20, 0, 0))
    for klass in ("oak", "elm"):
        fresh = town.card(klass)
        assert GOES_ON not in read(fresh)
        assert BIG_SCREEN in read(fresh)
        assert NEW_STEP in read(town.press(fresh, "Start the lesson"))


def test_oak_that_did_half_of_it_is_offered_the_new_version_and_takes_it_with_one_tap(town):
    town.press(town.press(town.card(), "Start the lesson"), "Only partly done")
    town.updated()

    half_way = town.ask("lesson", **{"class": "oak"})
    changed = town.press(half_way, CHANGE)
    form = town.press(changed, "Mark as taught").form
    town.send(form, h0_1="25")

    assert "did not finish it" in read(half_way)
    assert GOES_ON in read(half_way)
    assert GOES_ON not in read(changed)
    assert BIG_SCREEN in read(changed)
    assert NEW_STEP in read(town.press(changed, "Start the lesson"))
    assert [entry.version for entry in town.entries()] == [1, 2]


def test_oak_may_change_in_the_middle_of_a_step(town):
    step = town.press(town.card(), "Start the lesson")
    town.updated()

    told = town.press(town.press(step, "Next step"), "Back")

    assert NEW_STEP in read(town.press(town.press(told, CHANGE), "Start the lesson"))


def test_oak_is_asked_again_what_it_was_asked(town):
    town.send(town.press(town.card(), "Mark as taught").form, h0_2="25", h1_0="20", h1_1="5", h2_2="25")
    town.updated()
    town.clock.move_to(TUESDAY + timedelta(days=7))

    lesson = town.ask("lesson", **{"class": "oak"})
    (label,) = [str(choice.label) for row in lesson.choices for choice in row if choice.verb == "revisit"]
    question = town.press(lesson, label)
    town.send(town.press(question, "Count hands").form, h1_1="24", h1_0="1")

    assert OLD_ASK in read(question)
    taught, revisited = town.entries()
    assert (revisited.outcome, revisited.version, revisited.hands[1].counts) == (Outcome.REVISITED, 1, (1, 24, 0, 0))
    assert taught.content_hash == revisited.content_hash


def test_amara_who_only_looked_and_put_it_off_gets_the_new_version(town):
    town.press(town.card(), "Start the lesson")
    town.press(town.card(), "Not today")
    town.updated()

    assert GOES_ON not in read(town.card())
    assert NEW_STEP in read(town.press(town.card(), "Start the lesson"))


def test_oak_that_did_half_of_it_keeps_it_over_a_day_on_which_it_was_put_off(town):
    town.press(town.press(town.card(), "Start the lesson"), "Only partly done")
    town.press(town.card(), "Not today")
    town.updated()

    assert GOES_ON in read(town.card())


def test_two_taps_on_taught_do_not_begin_it_again(town):
    form = town.press(town.card(), "Mark as taught").form
    town.send(form, h0_2="25")
    second = town.send(form, h0_2="25")
    town.updated()

    assert "already marked" in read(second)
    assert GOES_ON not in read(town.card())


def test_oak_finishes_a_lesson_that_the_library_no_longer_has(town):
    step = town.press(town.card(), "Start the lesson")
    town.started_with(Shelf(page for page in ours().shelf.all() if page.id != PRIVACY))

    again = town.press(town.press(step, "Next step"), "Back")

    assert OLD_STEP in read(again)
    assert CHANGE not in read(again)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("---\nkind: scroll\n---\n\nWhat this Lollipop can't read.\n", TUESDAY),
        (newer_page().replace(NEW_STEP, "What last year's children began."), datetime(2026, 6, 1, 11, tzinfo=UTC)),
    ],
    ids=["a form of page that is no more", "the room's children of last year"],
)
def test_oak_takes_the_library_s_version_where_it_cannot_go_on_with_another(town, text, when):
    town.has_begun(text, when=when)

    assert OLD_STEP in read(town.press(town.card(), "Start the lesson"))


def test_marta_may_not_change_it(town):
    said = Incoming(
        school="oakfield",
        via=Via.TELEGRAM,
        sender="501",
        place="501",
        verb="lesson.newer",
        args={"c": "oak", "l": PRIVACY},
    )
    town.press(town.card(), "Start the lesson")
    town.updated()

    Reception(town.product.house).receive(said)

    assert GOES_ON in read(town.card())
