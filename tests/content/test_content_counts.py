"""What a school is promised is in the box: a year of lessons, assemblies, newsletters and campaigns."""

from collections import Counter
from functools import cache

from bot.commands.sample import SCHOOL
from bot.main import Library, load_library
from bot.school_file import SchoolFile
from curriculum import load_framework
from lessons import STEPS
from pages import AssemblyFront, Bullets, LessonFront
from parents import Meant, dues_of
from school.school import School

YEAR = "4"
ASSEMBLY_PARTS = ("card", "script", "questions", "action", "closer")
PARTS = ("card", "safe-teaching", *STEPS, "class-post", "home")


@cache
def library() -> Library:
    return load_library()


def sample() -> School:
    return SchoolFile.parse(SCHOOL.format(id="oakfield", name="Oakfield Primary School"), place="sample").school()


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


MONTHS = ("2026-09", "2026-10", "2026-11", "2026-12", *(f"2027-0{month}" for month in range(1, 8)))


def test_marta_has_a_newsletter_for_each_month_of_the_school_year() -> None:
    newsletters = library().shelf.all(kind="newsletter")

    assert sorted(page.id for page in newsletters) == [f"newsletter-{month}" for month in MONTHS]
    assert all(page.document.blocks for page in newsletters)


# How many steps a campaign has for families, and how many for staff.
STEPS = {
    "anti-bullying-week-2026": (4, 1),
    "moving-to-secondary-2027": (3, 0),
    "new-devices-2026": (4, 1),
    "safer-internet-day-2027": (6, 7),
    "summer-2027": (2, 0),
}


def test_marta_and_amara_are_taken_through_five_campaigns() -> None:
    found = {
        name: Counter(step.to is Meant.FAMILIES for step in campaign.step)
        for name, campaign in library().campaigns.items()
    }

    assert {name: (count[True], count[False]) for name, count in found.items()} == STEPS
    assert len(library().shelf.all(kind="campaign")) == sum(map(sum, STEPS.values()))


def test_every_step_leads_to_a_page_for_its_own_readers() -> None:
    for campaign in library().campaigns.values():
        for step in campaign.step:
            page = library().shelf.get(step.page, "en")
            assert page.document.blocks, step.page
            assert page.front.reader == ("parent" if step.to is Meant.FAMILIES else "staff"), step.page


def test_no_family_gets_two_things_of_ours_on_one_day() -> None:
    school = sample()
    news = {page.front.send_on for page in library().shelf.all(kind="newsletter")}
    steps = [
        school.calendar.today(due)
        for campaign in library().campaigns.values()
        for step, due in dues_of(campaign, school=school)
        if step.to is Meant.FAMILIES
    ]

    assert len(steps) == sum(families for families, _ in STEPS.values())
    assert [day for day, count in Counter([*news, *steps]).items() if count > 1] == []
    assert all(school.calendar.is_school_day(day) for day in news)
