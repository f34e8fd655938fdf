"""A school's policy file as people save it: read, or refused with a sentence that names the cure."""

import pytest

from bot.commands.policy_file import text_of
from school.words import Refusal
from staff import default_text
from tests.desk.test_commands import own_environment, run, school, sqlite_template

__all__ = ["own_environment", "school", "sqlite_template"]

OWN = '\n[[clause]]\nid = "C70"\ntheme = "network"\ntext = "Pupils’ phones stay in the office."\nwho = ["OFF"]\n'
OWN += 'rhythm = "termly"\ncounts = ["check."]\n\n[[check]]\nid = "phone-box"\ntitle = "The phone box"\n'
OWN += 'ask = "Is it locked?"\nclauses = ["C70"]\nwho = "office"\nrhythm = "termly"\n'
TEXT = default_text() + OWN


def without(clause, text):
    start = text.index(f'[[clause]]\nid = "{clause}"')
    return text[:start] + text[text.index("[[clause]]", start + 5) :]


@pytest.mark.parametrize(
    "saved",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
    ],
    ids=["utf-8", "a mark in front", "an older Notepad", "Windows", "an old Mac"],
)
def test_the_same_words_are_the_same_policy_however_they_were_saved(tmp_path, saved):
    file = tmp_path / "ours.toml"
    file.write_bytes(saved)

    assert text_of(file) == TEXT


@pytest.mark.parametrize(
    ("saved", "said"),
    [
        (TEXT.encode("cp1252"), f"line {TEXT[: TEXT.index('’')].count(chr(10)) + 1}"),
        (TEXT.encode("utf-16-le"), "“Save as”"),
        (b"\xff\xfe\x00", "“Save as”"),
        (b"PK\x03\x04 a document", "Notepad"),
        (b"x" * 5_000_000, "5000 kB"),
    ],
    ids=["Windows-1252", "UTF-16 without a mark", "half a letter", "a document", "5 MB"],
)
def test_what_is_no_text_is_refused_with_the_cure_and_left_as_it_is(tmp_path, saved, said):
    file = tmp_path / "ours.toml"
    file.write_bytes(saved)

    with pytest.raises(Refusal) as told:
        text_of(file)

    assert said in str(told.value)
    assert "Nothing was changed" in str(told.value)
    assert file.read_bytes() == saved


def test_an_office_reads_what_is_different_and_who_has_to_agree(school, tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text(without("C29", TEXT).replace("The policy is looked at", "Our policy is looked at"), "utf-8")

    tried = run(school, "policy", "load", str(file), "--dry-run").stdout
    loaded = run(school, "policy", "load", str(file)).stdout

    for said in (tried, loaded):
        assert "New clauses: C70" in said
        assert "Changed: C3" in said
        assert "Dropped: C29" in said
        assert "Asked from now on: The phone box" in said
        assert "Not asked any more: Servers, wireless and cabling are locked away" in said
    assert "Hannah Lewis (head) and Grace Chen (chair of governors) are asked to agree" in loaded
    assert "asked to agree" not in tried


def test_a_version_that_waited_is_said_to_have_been_replaced(school, tmp_path):
    file = tmp_path / "ours.toml"
    for words in (TEXT, TEXT + "# again\n"):
        file.write_text(words, "utf-8")
        loaded = run(school, "policy", "load", str(file)).stdout

    assert "takes the place of version 1" in loaded
    first, second = run(school, "policy", "versions").stdout.splitlines()
    assert "waits" in first
    assert "a newer one took its place" in second


def test_an_office_with_one_person_as_head_and_chair_hears_that_two_have_to_agree(school, tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text(TEXT, "utf-8")
    roles = school.read_text("utf-8").replace('["chair_of_governors"]', '["governor"]')
    school.write_text(roles.replace('["head"]', '["head", "chair_of_governors"]'), "utf-8")

    said = run(school, "policy", "load", str(file)).stdout

    assert "Hannah Lewis holds both offices" in said
    assert "school.toml" in said
