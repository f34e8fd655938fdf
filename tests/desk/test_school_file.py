from datetime import date, time

import pytest

from bot.commands.sample import SCHOOL
from bot.school_file import SchoolFile, SchoolFileError
from school.people import Role, Slot, YearGroup
from school.school import CatchUp

WHOLE = SCHOOL.format(id="oakfield", name="Oakfield Primary School")


@pytest.fixture
def faults_of(tmp_path):
    """What an office reads that has written one thing otherwise than the sample."""

    def read(old="", new="", text=WHOLE):
        assert old in text
        path = tmp_path / "school.toml"
        path.write_text(text.replace(old, new, 1) if old else text, "utf-8")
        with pytest.raises(SchoolFileError) as refused:
            SchoolFile.read(path)
        first, *faults = str(refused.value).replace(str(path), "school.toml").splitlines()
        assert first == "The school file needs mending:"
        return faults

    return read


def line_of(text, part):
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def test_an_office_that_leaves_the_sample_as_it_is_has_a_school(tmp_path):
    path = tmp_path / "school.toml"
    path.write_text(WHOLE, "utf-8")

    school = SchoolFile.read(path).school()

    assert (school.id, school.name) == ("oakfield", "Oakfield Primary School")
    assert school.class_named("Oak").years == (YearGroup(4),)
    assert [person.id for person in school.holders(Role.DSL)] == ["dilys"]
    assert school.reporting.dm_years == {YearGroup(12), YearGroup(13)}


def test_an_office_that_misspells_a_key_is_told_the_line_and_the_spelling(faults_of):
    number = line_of(WHOLE, "slack_channel")

    assert faults_of("slack_channel =", "slack_chanel =") == [
        (
            f"school.toml:{number}: classes.0.slack_chanel: there is no such key (did you mean 'slack_channel'?). "
            "Take it out or spell it as in the guide."
        ),
    ]


def test_an_office_that_misspells_a_key_of_the_second_person_is_told_that_persons_line(faults_of):
    number = line_of(WHOLE, 'id = "dilys"') + 3

    assert faults_of('slack = "U0DILYS"', 'slak = "U0DILYS"') == [
        (
            f"school.toml:{number}: people.1.slak: there is no such key (did you mean 'slack'?). "
            "Take it out or spell it as in the guide."
        ),
    ]


def test_an_office_that_misspells_whether_two_people_look_is_told_the_line_and_what_it_may_say(faults_of):
    number = line_of(WHOLE, 'second_person = "required"')

    assert faults_of('second_person = "required"', 'second_person = "of"') == [
        f"school.toml:{number}: newsletters.second_person: Input should be 'required' or 'off'",
    ]


def test_two_people_look_unless_the_file_says_that_nobody_needs_to(tmp_path):
    file = tmp_path / "school.toml"

    def looks(text: str) -> bool:
        file.write_text(text, "utf-8")
        return SchoolFile.read(file).school().second_person

    assert looks(WHOLE)
    assert looks(WHOLE.replace("[newsletters]\n", "").replace('second_person = "required"\n', ""))
    assert not looks(WHOLE.replace('second_person = "required"', 'second_person = "off"'))


def test_an_office_that_names_no_lead_is_told_that_reports_would_have_nobody(faults_of):
    number = line_of(WHOLE, "[[people]]")

    assert faults_of('roles = ["dsl"]', 'roles = ["teacher"]') == [
        (
            f'school.toml:{number}: nobody is the dsl: give one of the people roles = ["dsl"], '
            "or reports would have nobody to go to"
        ),
    ]


def test_an_office_whose_teacher_has_an_unknown_class_is_told_the_nearest(faults_of):
    number = line_of(WHOLE, 'classes = ["oak"]')

    assert faults_of('classes = ["oak"]', 'classes = ["oaks"]') == [
        f"school.toml:{number}: amara teaches 'oaks', which is not a class (did you mean 'oak'?)",
    ]


def test_an_office_whose_second_teacher_has_a_class_like_no_other_is_told_her_line_and_which_there_are(faults_of):
    number = line_of(WHOLE, 'classes = ["elm"]')

    assert faults_of('classes = ["elm"]', 'classes = ["willow"]') == [
        f"school.toml:{number}: femi teaches 'willow', which is not a class; there are: oak, elm",
    ]


def test_an_office_that_gives_two_people_one_id_is_told_which(faults_of):
    number = line_of(WHOLE, 'id = "femi"')

    assert faults_of('id = "femi"', 'id = "dilys"') == [
        f"school.toml:{number}: there are two people with the id 'dilys': give one of them another",
    ]


def test_an_office_that_gives_two_people_one_slack_id_is_told_which(faults_of):
    number = line_of(WHOLE, "U0FEMI")

    assert faults_of("U0FEMI", "U0DILYS") == [
        f"school.toml:{number}: two people have the Slack id 'U0DILYS': look up whose it is",
    ]


def test_an_office_that_gives_two_classes_one_id_is_told_which(faults_of):
    number = line_of(WHOLE, 'id = "elm"')

    twice = f"school.toml:{number}: there are two classes with the id 'oak': give one of them another"
    assert twice in faults_of('id = "elm"', 'id = "oak"')


def test_an_office_whose_term_ends_before_it_begins_is_told_so_with_the_line(faults_of):
    number = line_of(WHOLE, "last = 2026-12-18")

    assert faults_of("last = 2026-12-18", "last = 2026-11-01") == [
        f"school.toml:{number}: calendar.terms.1.last: ends before it begins",
    ]


def test_an_office_whose_terms_overlap_is_told_the_line_of_the_later_one(faults_of):
    number = line_of(WHOLE, "first = 2026-11-02")

    assert faults_of("first = 2026-11-02", "first = 2026-10-20") == [
        (
            f"school.toml:{number}: term 'autumn-2' begins on 2026-10-20, before 'autumn-1' has ended: "
            "write the terms in order"
        ),
    ]


def test_an_office_that_leaves_a_name_out_is_told_whose_without_being_led_to_the_next_persons(faults_of):
    number = line_of(WHOLE, 'name = "Dilys Morgan"') - 2

    assert faults_of('name = "Dilys Morgan"\n', "") == [f"school.toml:{number}: people.1.name is missing. Add it."]


def test_an_office_that_writes_a_day_that_does_not_exist_is_told_where(faults_of):
    (fault,) = faults_of("closed = [2027-05-03]", "closed = [2027-02-30]")

    number = line_of(WHOLE, "closed =")
    assert fault.startswith("school.toml: ")
    assert f"(at line {number}, " in fault


def test_an_office_that_writes_a_date_in_words_is_told_the_line(faults_of):
    (fault,) = faults_of("closed = [2027-05-03]", 'closed = ["the third of May"]')

    number = line_of(WHOLE, "closed =")
    assert fault.startswith(f"school.toml:{number}: calendar.closed.0: Input should be a valid date")


def test_an_office_that_gives_leave_to_nobody_it_knows_is_told_the_nearest(faults_of):
    leave = '\n[[leave]]\nperson = "dylis"\nfirst = 2026-11-23\nlast = 2026-11-27\n'

    number = line_of(WHOLE + leave, "dylis")
    assert faults_of(text=WHOLE + leave) == [
        f"school.toml:{number}: leave is given for 'dylis', who is not one of the people (did you mean 'dilys'?)",
    ]


def test_an_office_that_asks_for_a_language_we_do_not_have_is_told_which_we_have(faults_of):
    (fault,) = faults_of('"pl"', '"xx"')

    number = line_of(WHOLE, "languages =")
    assert fault.startswith(f"school.toml:{number}: languages: there is no 'xx'; the languages are en, pl, ")


def test_an_office_reads_every_fault_at_once(faults_of):
    text = WHOLE.replace('classes = ["oak"]', 'classes = ["ash"]').replace('"dsl"', '"staff"').replace('"en", ', "")

    assert len(faults_of(text=text)) == 3


def test_an_office_reads_of_a_missing_lead_although_a_date_is_wrong_as_well(faults_of):
    text = WHOLE.replace('roles = ["dsl"]', 'roles = ["staff"]').replace("dm_years = [12, 13]", 'dm_years = "all"')

    faults = faults_of(text=text)

    assert [fault.partition(": ")[2][:30] for fault in faults] == [
        "reporting.dm_years: Input shou",
        "nobody is the dsl: give one of",
    ]
    assert all(fault.startswith("school.toml:") and fault[12].isdigit() for fault in faults)


def test_an_office_without_a_file_is_told_how_to_make_one(tmp_path):
    path = tmp_path / "school.toml"

    with pytest.raises(SchoolFileError) as refused:
        SchoolFile.read(path)

    assert str(refused.value).endswith(f"{path} is not there. Make one with: lollipop init")


LEAD = '\n[[people]]\nid = "idris"\nname = "Idris Khan"\nroles = ["teacher", "year_lead"]\n'
TO_MEND = "add it to their roles, or take them out here (the lead and the deputies read every year)"
ROUTING = '\n[[routing]]\nyears = [4]\nalso = ["idris"]\n'


def test_an_office_that_names_a_year_lead_has_them_read_for_their_years(tmp_path):
    path = tmp_path / "school.toml"
    twice = '\n[[routing]]\nyears = ["4", 4]\nalso = ["idris", "idris"]\n'
    path.write_text(WHOLE + LEAD + ROUTING + twice, "utf-8")

    school = SchoolFile.read(path).school()

    assert [person.id for person in school.year_leads(YearGroup(4))] == ["idris"], "rows add up, and nobody is twice"
    assert school.year_leads(YearGroup(5)) == school.year_leads(None) == ()


@pytest.mark.parametrize(
    ("text", "part", "said"),
    [
        (
            LEAD + ROUTING.replace('"idris"', '"idriss"') + ROUTING,
            "idriss",
            "routing names 'idriss', who is not one of the people (did you mean 'idris'?)",
        ),
        (
            LEAD + ROUTING.replace("[4]", "[4, 5]"),
            "years = [4, 5]",
            "routing names year 5, which no class is for; the years are 4",
        ),
        (
            LEAD + ROUTING.replace('["idris"]', '["idris", "femi"]'),
            '"femi"]',
            f"routing names 'femi', who is no year_lead: {TO_MEND}",
        ),
        (
            LEAD,
            '"year_lead"',
            "'idris' is a year_lead of no year: name them under [[routing]] with their years, or take the role away",
        ),
        (
            LEAD.replace('"teacher"', '"deputy_dsl"') + ROUTING,
            '"year_lead"',
            "'idris' is deputy_dsl and year_lead: leave one of them out, for the office decides what its holder reads",
        ),
    ],
)
def test_an_office_whose_routing_cannot_be_is_told_the_line_and_the_cure(faults_of, text, part, said):
    assert faults_of(text=WHOLE + text) == [f"school.toml:{line_of(WHOLE + text, part)}: {said}"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('years = ["thirteen"]\nalso = ["idris"]', "routing.0.years"),
        ('years = [14]\nalso = ["idris"]', "year group 14 is not between 0 (Reception) and 13"),
        ('years = []\nalso = ["idris"]', "routing.0.years"),
        ("years = [4]\nalso = []", "routing.0.also"),
        ('years = [4]\nalso = ["idris"]\nread = true', "routing.0.read: there is no such key"),
        ("years = [4]", "routing.0.also is missing. Add it."),
    ],
)
def test_an_office_that_spells_a_row_of_the_routing_otherwise_is_told_so(faults_of, row, said):
    assert any(said in fault for fault in faults_of(text=f"{WHOLE}{LEAD}\n[[routing]]\n{row}\n"))


@pytest.mark.parametrize(
    "row", ["[[routing]]\nyears = 4\nalso = 4", "routing = 4", "[[routing]]\nyears = [[4]]\nalso = [[]]"]
)
def test_whatever_stands_under_routing_is_refused_in_sentences(faults_of, row):
    text = f"{row}\n{WHOLE}" if "[[" not in row else f"{WHOLE}\n{row}\n"

    assert all("Traceback" not in fault for fault in faults_of(text=text))


def test_an_office_says_when_a_class_has_its_lesson_where_its_children_were_and_how_it_catches_up():
    told = WHOLE.replace(
        'slack_channel = "C0OAK"\n',
        'slack_channel = "C0OAK"\nlesson = "Tuesday 13:30"\nmoved_up_from = ["ash"]\n',
    )
    told += '\n[curriculum]\ncatch_up = "fast-forward"\nassemblies_by = ["hannah"]\n'

    school = SchoolFile.parse(told, place="school.toml").school()

    oak = school.class_named("Oak")
    assert (oak.slot, oak.moved_up_from) == (Slot(weekday=1, at=time(13, 30)), ("ash",))
    assert school.class_named("Elm").slot is None
    assert (school.catch_up, school.assemblies_by) == (CatchUp.FAST_FORWARD, ("hannah",))


@pytest.mark.parametrize("typed", ["Sunday 13:30", "Tuesday 25:30", "Tuesday", "tuesday 13:30"])
def test_an_office_that_mistypes_a_time_is_told_how_it_is_written(faults_of, typed):
    number = line_of(WHOLE, 'slack_channel = "C0OAK"')

    (fault,) = faults_of('slack_channel = "C0OAK"', f'lesson = "{typed}"')

    assert fault.startswith(f"school.toml:{number}: ")
    assert f"'{typed}' is not a weekday and a time: write it as lesson = \"Tuesday 13:30\"" in fault


def test_an_office_whose_assemblies_are_led_by_nobody_is_told_who_is_meant(tmp_path):
    with pytest.raises(SchoolFileError) as caught:
        SchoolFile.parse(WHOLE + '\n[curriculum]\nassemblies_by = ["hanna"]\n', place="school.toml")

    assert "'hanna' leads assemblies and is not one of the people (did you mean 'hannah'?)" in str(caught.value)


def test_an_office_may_set_a_campaign_s_day_alone_or_with_a_theme(faults_of, tmp_path):
    day = "safer-internet-day-2027 = 2027-02-09"
    themed = 'safer-internet-day-2027 = { date = 2027-02-10, theme = "Smart choices" }'

    plain = SchoolFile.parse(WHOLE, place="sample").school()
    chosen = SchoolFile.parse(WHOLE.replace(day, themed), place="sample").school()

    assert (plain.campaigns, plain.themes) == ({"safer-internet-day-2027": date(2027, 2, 9)}, {})
    assert chosen.campaigns == {"safer-internet-day-2027": date(2027, 2, 10)}
    assert chosen.themes == {"safer-internet-day-2027": "Smart choices"}
    assert any("date is missing" in fault for fault in faults_of(day, themed.replace("date = 2027-02-10, ", "")))
