"""The ladder of what may follow, in a school file and on the card that staff read."""

import pytest

from bot.school_file import SchoolFile
from bot.web.inbox import LISTS
from school.people import Role
from staff import ladder_of
from tests.desk.conftest import read
from tests.desk.test_desk_signing import with_school
from tests.desk.test_desk_todo import school_of
from tests.desk.test_school_file import WHOLE, faults_of, line_of

__all__ = ["faults_of"]

OURS = """
[sanctions]
pupils = [
  { step = "A talk on the bench", by = ["teacher"] },
  { step = "Tea with the head", by = ["head"] },
]
"""


def whole_with(ours=OURS):
    """The sample with a ladder of the school's own."""
    assert "\n[data_protection]\n" in WHOLE
    return WHOLE.replace("\n[data_protection]\n", f"{ours}\n[data_protection]\n")


WITH_OURS = whole_with()


def commented(text=WHOLE):
    """The sample with the comment marks of its ladder taken away, as an office would."""
    before, after = text.split("# [sanctions]\n")
    ladder, _, rest = after.partition("\n\n[data_protection]")
    lines = "\n".join(line.removeprefix("# ") for line in ladder.splitlines())
    return f"{before}[sanctions]\n{lines}\n\n[data_protection]{rest}"


def test_a_school_without_a_ladder_has_the_one_that_comes_with_lollipop():
    school = SchoolFile.parse(WHOLE, place="school.toml").school()

    assert school.sanctions.pupils == ()
    ladder = ladder_of(school)
    assert ladder.pupils[0].step.startswith("A calm talk")
    assert (Role.HEAD,) in [each.by for each in ladder.pupils]
    assert "LADO" in ladder.staff[-1].step


@pytest.mark.clause(60)
def test_a_schools_own_steps_stand_on_the_card_and_the_part_it_leaves_out_is_ours(front_desk):
    school = SchoolFile.parse(WITH_OURS, place="school.toml").school()
    desk = with_school(front_desk, sanctions=school.sanctions)

    words = read(desk("ladder", sender="U0FEMI", lang="en"))

    assert "A talk on the bench" in words
    assert "Who: Class teacher" in words
    assert "Who: Head (Hannah Lewis)" in words
    assert "A call home" not in words
    assert "the staff agreement read again" in words


@pytest.mark.clause(60)
def test_whatever_a_file_says_telling_gets_no_child_into_trouble_and_the_lado_is_called_first(front_desk):
    school = SchoolFile.parse(WITH_OURS, place="school.toml").school()
    desk = with_school(front_desk, sanctions=school.sanctions)

    words = read(desk("ladder", sender="U0FEMI", lang="en"))

    assert "is never in trouble for telling" in words
    assert words.index("LADO") < words.index("the staff agreement read again")


def test_an_office_that_takes_the_marks_away_from_the_sample_has_a_ladder_of_its_own():
    ladder = SchoolFile.parse(commented(), place="school.toml").school().sanctions

    assert [each.step for each in ladder.pupils][1] == "A call home"
    assert ladder.staff[-1].by == (Role.HEAD,)


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ('by = ["head"] },\n]', 'buy = ["head"] },\n]', "Tea with", "did you mean 'by'?"),
        (', by = ["head"]', "", "Tea with", "by is missing. Add it."),
        ('by = ["head"]', "by = []", "Tea with", "nobody decides on this step: name a role"),
        ('by = ["head"]', 'by = ["volunteer"]', "pupils =", "the volunteer does not decide what follows for a pupil"),
        ('by = ["head"]', 'by = ["boss"]', "Tea with", "there is no role 'boss'; there are: teacher, year_lead"),
        ('"Tea with the head"', '"  "', '"  "', "is empty: say what happens"),
        ('"Tea with the head"', '"a TALK  on the bench"', "pupils =", "stands here twice: take one of them out"),
        ('  { step = "Tea with the head", by = ["head"] },\n', "", "pupils =", "has 1 of 2 to 8 steps: write them all"),
        ("pupils = [\n", "children = [\n", "children =", "there is no such key"),
    ],
)
def test_an_office_that_writes_a_fault_into_its_ladder_reads_its_line_and_its_cure(faults_of, old, new, at, said):
    assert old in OURS
    text = whole_with(OURS.replace(old, new, 1))

    (fault,) = [each for each in faults_of("", "", text=text) if said in each]

    before, ours = text.split("\n[sanctions]\n")
    number = before.count("\n") + 2 + line_of(ours, at)
    assert fault.startswith(f"school.toml:{number}:")


def test_what_follows_for_a_colleague_is_decided_by_whoever_leads(faults_of):
    text = whole_with(OURS.replace("pupils = [", "staff = ["))

    (fault,) = faults_of("", "", text=text)

    assert "the teacher does not decide what follows for a colleague: name one of esafety_lead, dsl, head" in fault


@pytest.mark.clause(60)
def test_a_step_that_nobody_decides_on_says_so(front_desk):
    people = tuple(each for each in school_of(front_desk).people if each.id != "dilys")
    text = whole_with(OURS.replace('by = ["teacher"]', 'by = ["dsl"]'))
    ladder = SchoolFile.parse(text, place="school.toml").school().sanctions
    desk = with_school(front_desk, people=people, sanctions=ladder)

    assert "Safeguarding lead (nobody yet; until then the head)" in read(desk("ladder", sender="U0FEMI", lang="en"))


def test_the_cards_have_a_page_each():
    assert {"/who", "/whatnow", "/ladder"} <= LISTS.keys()
