"""The framework is data that cites its sources, and refuses what an author got wrong."""

import shutil
from pathlib import Path

import pytest

from bot.library import load_library
from curriculum import FrameworkFault, load_framework
from curriculum.framework import CONTENT
from lessons import lesson_plan, tags_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(CONTENT, tmp_path / "content")


def test_every_statement_is_mapped_to_a_theme_of_its_own_strand_and_band() -> None:
    framework = load_framework()
    band = {"early": "early", "junior": "junior"}
    for statement in framework.statements.values():
        themes = [framework.items[name] for name in statement.mapped_to]
        own = [item.id for item in themes if item.framework == "connected-world"]
        assert own, statement.id
        here = band[framework.band(str(statement.year)).id]
        assert all(item.split("-")[2] == here for item in own), statement.id
        assert {item.framework for item in themes} >= {"connected-world", "computing", "kcsie"}, statement.id


def test_whoever_doubts_a_mapping_finds_its_document_and_the_day_it_was_looked_at() -> None:
    framework = load_framework()
    assert {item.framework for item in framework.items.values()} == set(framework.published)
    for document in framework.published.values():
        assert document.source
        assert document.read
        assert document.url.startswith("https://")
        assert document.checked.year >= 2026


def test_an_author_hears_of_every_fault_at_once(folder: Path) -> None:
    year = folder / "statements" / "year-4.toml"
    words = year.read_text("utf-8").replace('"kcsie-conduct"', '"kcsie-manners"', 1).replace("year = 4", "year = 14", 1)
    year.write_text(words + words[words.index("[[statement]]") : words.index("[[statement]]", 300)], "utf-8")

    with pytest.raises(FrameworkFault) as caught:
        load_framework(folder)

    said = str(caught.value)
    assert "there is no published item 'kcsie-manners'" in said
    assert "no band has year 14" in said
    assert "statement y4-privacy-a is there twice" in said


def test_an_author_hears_of_every_file_that_cannot_be_read(folder: Path) -> None:
    (folder / "strands.toml").write_text("[[strand]\n", "utf-8")
    (folder / "published.toml").write_bytes(b"\xff")

    with pytest.raises(FrameworkFault, match=r"strands\.toml") as caught:
        load_framework(folder)

    assert "published.toml" in str(caught.value)


@pytest.mark.clause(4)
def test_each_key_stage_is_taught_at_least_two_parts_of_resilience_and_the_whole_school_all_four() -> None:
    library = load_library()
    framework, tags = library.framework, tags_of(library.shelf, library.framework)
    stages: dict[str, set[str]] = {"early": set(), "ks1": set(), "ks2": set()}
    for planned in lesson_plan(library.shelf):
        stage = "early" if not planned.year.number else "ks1" if planned.year.number <= 2 else "ks2"
        stages[stage] |= tags[planned.lesson]

    assert [part.id for part in framework.resilience] == ["understand", "help", "learn", "recover"]
    assert all(len(parts) >= 3 for parts in stages.values()), stages
    assert stages["ks1"] == stages["ks2"] == {part.id for part in framework.resilience}
    # A tag that every lesson carries would say nothing.
    assert all(sum(part.id in mine for mine in tags.values()) < len(tags) for part in framework.resilience)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('id = "learn"', 'id = "bounce"', "resilience.toml: part.2.id"),
        ('id = "learn"', 'id = "help"', "part help is there twice"),
        ('"y6-wellbeing-b"', '"y9-wellbeing-b"', "part recover: there is no statement 'y9-wellbeing-b'"),
        ('"r-bullying-b"', '"r-privacy-c"', "part recover: statement r-privacy-c is there twice"),
    ],
)
def test_an_unknown_part_or_statement_of_resilience_is_refused(folder: Path, was: str, now: str, said: str) -> None:
    file = folder / "resilience.toml"
    words = file.read_text("utf-8")
    assert was in words
    file.write_text(words.replace(was, now), "utf-8")

    with pytest.raises(FrameworkFault, match=r"resilience\.toml") as caught:
        load_framework(folder)

    assert said in str(caught.value)
