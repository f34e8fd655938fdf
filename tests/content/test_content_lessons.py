"""Fifty-six lessons from Reception to Year 6: each strand once a year, complete, and none like another."""

import re
from collections import Counter, defaultdict
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from bot.main import Library, load_library
from curriculum import load_framework
from lessons import STEPS, curriculum_outline
from pages import LessonFront, Page, plain_text

YEARS = ("R", "1", "2", "3", "4", "5", "6")
# A teacher has so many minutes (reference: twenty to thirty with infants, forty to forty-five with juniors).
MINUTES = {"R": 20, "1": 25, "2": 30, "3": 40, "4": 40, "5": 45, "6": 45}
PARTS = (
    *("card", "safe-teaching", *STEPS, "misconceptions", "support-and-stretch", "send-and-eal", "no-devices"),
    *("class-post", "home"),
)
HOME_WORDS = 130
LONG, ALIKE = 12, 0.5
_STEP_MINUTES = re.compile(r"^(\d+) minutes?$")
GUIDANCE = re.compile(r"UKCIS|Keeping Children Safe|KCSIE|CEOP|Samaritans|PSHE Association|Prevent", re.IGNORECASE)


@cache
def library() -> Library:
    return load_library()


@cache
def lessons() -> dict[str, tuple[Page, LessonFront]]:
    found = [(page, page.front) for page in library().shelf.all(kind="lesson")]
    return {page.id: (page, front) for page, front in found if isinstance(front, LessonFront)}


def year_of(front: LessonFront) -> str:
    (year,) = front.years
    return str(year)


def test_every_class_from_reception_to_year_6_has_each_strand_once() -> None:
    strands = [strand.id for strand in load_framework().strands]

    found = Counter((year_of(front), front.strand) for _, front in lessons().values())

    assert found == {(year, strand): 1 for year in YEARS for strand in strands}


def test_classes_of_mixed_years_are_at_the_same_place_in_the_plan() -> None:
    places = defaultdict(set)
    for _, front in lessons().values():
        places[front.strand].add((front.order, front.half_term))

    assert {strand: len(found) for strand, found in places.items()} == dict.fromkeys(places, 1)
    assert sorted(order for ((order, _),) in places.values()) == list(range(1, 9))


@pytest.mark.parametrize("year", YEARS)
def test_a_teacher_finds_every_part_written_and_the_minutes_add_up(year: str) -> None:
    for name, (page, front) in lessons().items():
        if year_of(front) != year:
            continue
        assert [part for part in PARTS if not page.part(part).blocks] == [], name
        assert front.minutes == MINUTES[year], name
        said = [
            int(found[1])
            for step in STEPS
            if (found := _STEP_MINUTES.match(plain_text(page.part(step)).strip().splitlines()[0].strip()))
        ]
        assert len(said) == len(STEPS), name
        assert sum(said) == front.minutes, name


@pytest.mark.parametrize("year", YEARS)
def test_a_class_answers_three_questions_whose_right_answers_are_not_all_in_one_place(year: str) -> None:
    rights = []
    for name, (_, front) in lessons().items():
        if year_of(front) != year:
            continue
        most = 3 if year in {"R", "1", "2"} else 4
        assert len(front.quiz) == 3, name
        assert all(2 <= len(item.options) <= most for item in front.quiz), name
        rights += [item.answer for item in front.quiz]

    assert max(Counter(rights).values()) <= len(rights) * 0.6


def test_every_statement_is_carried_by_the_lesson_of_its_own_strand_and_year() -> None:
    framework = load_framework()
    carried = defaultdict(list)
    for name, (_, front) in lessons().items():
        for statement in front.statements:
            carried[statement].append(name)
            assert str(framework.statements[statement].year) == year_of(front), name
            assert framework.statements[statement].strand == front.strand, name

    assert set(carried) == set(framework.statements)
    assert {len(names) for names in carried.values()} == {1}


def test_all_seventeen_online_items_of_primary_rshe_are_met() -> None:
    framework = load_framework()
    wanted = {name for name, item in framework.items.items() if item.framework == "rshe"}

    met = {item.id for _, front in lessons().values() for item in framework.mapped_to(front.statements)}

    assert len(wanted) == 17
    assert wanted - met == set()


def test_all_sixty_themes_of_the_connected_world_are_met_and_health_advice_is_really_taught() -> None:
    framework = load_framework()
    wanted = {name for name, item in framework.items.items() if item.framework == "connected-world"}

    met = {item.id for _, front in lessons().values() for item in framework.mapped_to(front.statements)}

    assert len(wanted) == 60
    assert wanted - met == set()
    page, front = lessons()["lesson-y6-wellbeing-1"]
    assert all("health advice" in plain_text(page.part(part)) for part in ("card", "teach", "class-post", "home"))
    assert any("nurse or a pharmacist" in item.options[item.answer - 1] for item in front.quiz)


def test_nobody_reads_the_same_paragraph_in_two_lessons() -> None:
    """Words of five in a row that two paragraphs share, of those that the shorter has."""
    paragraphs: list[tuple[str, str, frozenset[tuple[str, ...]]]] = []
    holding: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for name, (page, _) in lessons().items():
        for part in PARTS:
            for line in plain_text(page.part(part)).splitlines():
                words = re.findall(r"[\w']+", line.casefold())
                if len(words) < LONG:
                    continue
                runs = frozenset(zip(*(words[n:] for n in range(5)), strict=False))
                for run in runs:
                    holding[run].add(len(paragraphs))
                paragraphs.append((name, line, runs))

    together = Counter(pair for found in holding.values() for pair in combinations(sorted(found), 2))
    same = [
        (paragraphs[one][0], paragraphs[two][0], paragraphs[one][1][:80])
        for (one, two), count in together.items()
        if paragraphs[one][0] != paragraphs[two][0]
        and count > ALIKE * min(len(paragraphs[one][2]), len(paragraphs[two][2]))
    ]

    assert len(paragraphs) > 1_000
    assert same == []


def test_a_parent_reads_home_in_a_minute() -> None:
    long = {name: len(plain_text(page.part("home")).split()) for name, (page, _) in lessons().items()}

    assert {name: count for name, count in long.items() if count > HOME_WORDS} == {}


def test_a_teacher_of_a_sensitive_lesson_is_told_which_guidance_it_follows() -> None:
    sensitive = (
        *("lesson-y5-relationships-1", "lesson-y6-relationships-1", "lesson-y6-wellbeing-1", "lesson-y6-information-1"),
        "lesson-y2-relationships-1",
    )
    for name in sensitive:
        page, front = lessons()[name]
        assert GUIDANCE.search(plain_text(page.part("safe-teaching"))), name
        assert any(GUIDANCE.search(source.what) for source in front.sources), name


def test_nobody_needs_a_device_unless_it_is_a_toy_or_switched_off() -> None:
    device = re.compile(r"\b(phones?|tablets?|laptops?|cameras?)\b", re.IGNORECASE)
    play = re.compile(r"toy|to be|pretend|cardboard|made-up|box|drawn|paper|picture of", re.IGNORECASE)
    for name, (page, front) in lessons().items():
        assert [need for need in front.needs if device.search(need) and not play.search(need)] == [], name
        assert page.part("no-devices").blocks, name


def test_the_page_about_the_curriculum_is_what_the_library_says_today() -> None:
    """Written with `lollipop content table > docs/curriculum.md`."""
    page = (Path(__file__).parents[2] / "docs" / "curriculum.md").read_text("utf-8")

    assert page == curriculum_outline(library().shelf, library().framework).rstrip() + "\n"
    assert "**17 of 17** items are met." in page
