"""What a school is promised is in the box: a year of lessons, assemblies, newsletters and a campaign."""

from collections import Counter
from functools import cache

from bot.main import Library, load_library
from curriculum import load_framework
from lessons import STEPS
from pages import AssemblyFront, Bullets, LessonFront

YEAR = "4"
ASSEMBLY_PARTS = ("card", "script", "questions", "action", "closer")
PARTS = ("card", "safe-teaching", *STEPS, "class-post", "home")


@cache
def library() -> Library:
    return load_library()


def lessons() -> dict[str, LessonFront]:
    return {
        page.id: page.front
        for page in library().shelf.all(kind="lesson")
        if isinstance(page.front, LessonFront) and YEAR in {str(year) for year in page.front.years}
    }


def test_amara_has_one_lesson_for_each_of_the_eight_strands_in_year_4() -> None:
    strands = [strand.id for strand in load_framework().strands]

    assert len(strands) == 8
    assert Counter(front.strand for front in lessons().values()) == dict.fromkeys(strands, 1)
    assert sorted(front.order for front in lessons().values()) == list(range(1, 9))


def test_amara_finds_every_part_of_every_lesson_written() -> None:
    for name, front in lessons().items():
        page = library().shelf.get(name, "en")
        assert [part for part in PARTS if not page.part(part).blocks] == [], name
        assert len(front.quiz) >= 3, name
        assert all(item.why and 1 <= item.answer <= len(item.options) for item in front.quiz), name
        assert all((front.statements, front.needs, front.vocabulary, front.sources)), name


def test_hannah_has_an_assembly_for_each_of_the_39_weeks_of_the_school_year() -> None:
    assemblies = {page.id: page.front for page in library().shelf.all(kind="assembly")}
    fronts = [front for front in assemblies.values() if isinstance(front, AssemblyFront)]

    assert len(fronts) == len(assemblies) == 39
    assert sorted(front.week for front in fronts) == list(range(1, 40))
    assert len({front.title for front in fronts}) == 39


def test_hannah_finds_every_part_of_every_assembly_written() -> None:
    for page in library().shelf.all(kind="assembly"):
        assert [part for part in ASSEMBLY_PARTS if not page.part(part).blocks] == [], page.id
        assert isinstance(page.front, AssemblyFront)
        assert page.front.years, page.id
        assert 8 <= page.front.minutes <= 12, page.id


def test_hannah_finds_three_questions_in_every_assembly() -> None:
    for page in library().shelf.all(kind="assembly"):
        asked = [block for block in page.part("questions").blocks if isinstance(block, Bullets)]
        assert [len(block.items) for block in asked] == [3], page.id


def test_marta_has_two_newsletters_to_read() -> None:
    newsletters = library().shelf.all(kind="newsletter")

    assert sorted(page.id for page in newsletters) == ["newsletter-2026-12", "newsletter-2027-01"]
    assert all(page.document.blocks for page in newsletters)


def test_marta_is_taken_to_safer_internet_day_in_five_steps() -> None:
    (campaign,) = library().campaigns.values()
    pages = [library().shelf.get(step.page, "en") for step in campaign.step]

    assert campaign.id == "safer-internet-day-2027"
    assert [page.id for page in pages] == [f"sid-2027-{number}" for number in range(1, 6)]
    assert all(page.document.blocks for page in pages)
    assert len(library().shelf.all(kind="campaign")) == 5
