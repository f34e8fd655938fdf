"""Bad input in files: a school file and a school's own pages, through every command that reads them."""

import json

from tests.databases import sqlite_template
from tests.flows.office import ROOT, lollipop, new_school

__all__ = ["sqlite_template"]

ASSEMBLY = ROOT / "lessons" / "content" / "assemblies" / "one-kind-word.en.md"
CLOSER = "## Closer\n\n"


def _wrong_school_file(school) -> dict[str, str]:
    """An unknown key, an unknown class and no lead; each fault as the office reads it."""
    path = school / "school.toml"
    text = path.read_text("utf-8")
    text = text.replace('slack_channel = "C0OAK"', 'slack_chanel = "C0OAK"')
    text = text.replace('classes = ["oak"]', 'classes = ["oka"]')
    text = text.replace('roles = ["dsl"]', 'roles = ["teacher"]')
    path.write_text(text, "utf-8")
    line, teaches, people = (
        text[: text.index(part)].count("\n") + 1 for part in ("slack_chanel", 'classes = ["oka"]', "[[people]]")
    )
    return {
        "key": (
            f"{path}:{line}: classes.0.slack_chanel: there is no such key (did you mean 'slack_channel'?). "
            "Take it out or spell it as in the guide."
        ),
        "class": f"{path}:{teaches}: amara teaches 'oka', which is not a class (did you mean 'oak'?)",
        "lead": (
            f'{path}:{people}: nobody is the dsl: give one of the people roles = ["dsl"], '
            "or reports would have nobody to go to"
        ),
    }


def _wrong_page(school) -> list[str]:
    """A wrong field, an over-long prompt and a broken link in one page of the school's own; each fault as read."""
    text = ASSEMBLY.read_text("utf-8")
    assert CLOSER in text
    text = text.replace("minutes:", "minuts:", 1)
    text = text.replace(CLOSER, CLOSER + "See [our page](page:one-kind-wrod). " + "Let us be kind today. " * 300, 1)
    path = school / "content" / "ours.en.md"
    path.parent.mkdir()
    path.write_text(text.replace("id: assembly-one-kind-word", "id: ours"), "utf-8")
    return [
        f"{path}:8: minuts: there is no such key here; did you mean “minutes”?",
        "section “Closer”: is too long by",
        "there is no page “one-kind-wrod” to link to",
    ]


def test_an_office_with_three_faults_in_its_school_file_reads_all_three_from_check_and_from_run(tmp_path):
    school = new_school(tmp_path / "school")
    before = _wrong_school_file(school)
    written = (school / "school.toml").read_bytes()

    checked = lollipop(school, "check")
    ran = lollipop(school, "run")

    assert checked.code == ran.code == 1
    for sentence in before.values():
        assert sentence in checked.words
        assert sentence in ran.words
    assert "is up on" not in ran.words
    assert (school / "school.toml").read_bytes() == written


def test_an_office_whose_terms_overlap_or_whose_years_are_none_is_told_before_anything_runs(tmp_path):
    school = new_school(tmp_path / "school")
    path = school / "school.toml"
    whole = path.read_text("utf-8")

    path.write_text(whole.replace("2026-11-02", "2026-10-20"), "utf-8")
    overlap = lollipop(school, "run")
    path.write_text(whole.replace("[12, 13]", "[12, 99]"), "utf-8")
    years = lollipop(school, "run")

    assert overlap.code == years.code == 1
    assert (
        "term 'autumn-2' begins on 2026-10-20, before 'autumn-1' has ended: write the terms in order" in overlap.words
    )
    assert "reporting.dm_years: year group 99 is not between 0 (Reception) and 13" in years.words


def test_an_office_that_dates_a_campaign_nobody_knows_is_told_which_there_are(tmp_path, sqlite_template):
    school = new_school(tmp_path / "school", sqlite_template)
    path = school / "school.toml"
    path.write_text(path.read_text("utf-8").replace("safer-internet-day-2027 =", "safer-internet-day-27 ="), "utf-8")

    faults = json.loads(lollipop(school, "check", "--json").words)["faults"]

    (told,) = [each["what"] for each in faults if "safer-internet-day-27" in each["what"]]
    assert told.startswith("campaigns: there is no campaign 'safer-internet-day-27'; there are: ")
    assert "safer-internet-day-2027" in told


def test_an_author_with_three_faults_in_one_page_reads_all_three_wherever_pages_are_read(tmp_path, sqlite_template):
    school = new_school(tmp_path / "school", sqlite_template)
    sentences = _wrong_page(school)
    written = (school / "content" / "ours.en.md").read_bytes()

    checked, content, ran, listed = (
        lollipop(school, *command) for command in (["check"], ["content", "check"], ["run"], ["content", "list"])
    )

    for said in (checked, content, ran, listed):
        assert said.code == 1
        for sentence in sentences:
            assert sentence in said.words, said.words
    assert "Correct the page." in checked.words
    assert "Some pages need mending. Correct each of these and try again:" in ran.words
    assert "is up on" not in ran.words
    assert (school / "content" / "ours.en.md").read_bytes() == written
