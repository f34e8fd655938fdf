"""The modules of staff training: each part of the syllabus has one, and each is what it says."""

import pytest

from bot.library import CONTENT
from pages import ContentFaults, load_shelf
from staff import NEEDS, PLAN, all_modules, all_scenarios, all_topics, load_clauses

SYLLABUS = ("acceptable-use", "social-media", "settings", "data", "reporting")
SHELF = load_shelf([next(root for root in CONTENT if root.parent.name == "staff")])
MODULES, SCENARIOS = all_modules(SHELF), all_scenarios(SHELF)


@pytest.mark.clause(59)
@pytest.mark.parametrize("part", SYLLABUS)
def test_each_part_of_the_syllabus_has_a_module_for_all_staff_and_whoever_is_new(part):
    (module,) = (each for each in MODULES if each.front.syllabus == part and not each.front.for_roles)

    assert module.front.yearly
    assert module.front.induction
    assert "C59" in module.clauses


@pytest.mark.clause(45, 66)
def test_pictures_and_prevent_have_a_module_of_their_own():
    by_clause = {clause: each for each in MODULES for clause in each.front.clauses}

    assert by_clause["C66"].id == "module-prevent"
    assert by_clause["C45"].id == "module-images"
    images = next(each for each in MODULES if each.id == "module-images")
    told = str(images.page.document)
    assert "Employers" in told
    assert "years later" in told


@pytest.mark.parametrize("module", MODULES, ids=lambda each: each.id)
def test_a_module_takes_ten_minutes_at_most_and_is_easy_to_read(module):
    assert 5 <= module.front.minutes <= 10
    assert 3 <= len(module.steps) <= 6
    assert 3 <= len(module.quiz) <= 4
    assert module.page.reading_age <= 12


@pytest.mark.clause(61)
def test_each_school_month_has_one_scenario():
    assert [each.front.month for each in SCENARIOS] == [9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7]
    assert sum("C61" in each.clauses for each in SCENARIOS) >= 3
    assert all(len(each.steps) == 1 and each.page.reading_age <= 12 for each in SCENARIOS)


def test_the_right_answer_does_not_always_stand_in_one_place():
    places = [item.answer for each in MODULES for item in each.quiz]

    assert max(places.count(place) for place in set(places)) <= len(places) * 2 / 3


def test_what_a_module_is_evidence_for_and_helps_with_is_there():
    assert {clause for each in (*MODULES, *SCENARIOS) for clause in each.clauses} <= {
        each.id for each in load_clauses()
    }
    assert {topic.module for topic in all_topics()} <= {each.id for each in MODULES}
    assert len(all_topics()) == 8
    assert all(SHELF.title(page) != page for page in (NEEDS, PLAN))


def test_all_of_it_fits_on_a_button():
    assert all(len(each.title) <= 75 for each in (*MODULES, *SCENARIOS))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("clauses: [C40, C41, C60]", "clauses: [X1]", "such as C67"),
        ("syllabus: reporting", "syllabus: dancing", "syllabus"),
        ("minutes: 7", "minutes: 2", "5 to 10 minutes"),
        ("induction: true", "for_roles: [pirate]", "should be one of: head"),
        ("yearly: true", "scenario: true", "a scenario has one question"),
    ],
)
def test_an_author_reads_what_is_wrong_with_a_module(tmp_path, old, new, fault):
    page = next(each.page for each in MODULES if each.id == "module-reporting")
    tmp_path.joinpath("module-reporting.en.md").write_text(page.source.replace(old, new), "utf-8")

    with pytest.raises(ContentFaults, match=fault):
        load_shelf([tmp_path])
