"""Guidance at the shell: the list, as text and JSON, and a school's own releases from a file."""

import json

import pytest

from bot.clock import SetClock
from school.words import Refusal
from staff import shipped_releases
from tests.desk.conftest import NOW
from tests.desk.test_commands import own_environment, run, school, sqlite_template
from tests.rooms.test_rooms_releases import ONE

__all__ = ["own_environment", "school", "sqlite_template"]


@pytest.fixture(autouse=True)
def on_a_tuesday(monkeypatch):
    """The day is one of the sample school's year."""
    monkeypatch.setattr("bot.commands.guidance.MachineClock", lambda: SetClock(NOW))


@pytest.mark.clause(24)
def test_the_office_brings_in_a_release_mends_it_and_sees_it_on_the_list(school, tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text(ONE, encoding="utf-8")

    added = run(school, "guidance", "add", str(file))
    file.write_text(ONE.replace("Tell parents", "Tell every parent"), encoding="utf-8")
    mended = run(school, "guidance", "add", str(file))
    listed, as_json = run(school, "guidance", "list"), run(school, "guidance", "list", "--json")

    assert "council-phones: kept, and asked of the e-safety lead from 02/11/2026 on" in added.output
    assert added.exit_code == mended.exit_code == listed.exit_code == 0
    assert "2026-11-02  open            council-phones" in listed.output
    found = json.loads(as_json.output)
    assert len(found) == len(shipped_releases()) + 1
    assert [each["do"] for each in found if each["id"] == "council-phones"] == [["Tell every parent"]]


def test_a_file_with_a_fault_is_refused_with_its_place_and_nothing_is_kept(school, tmp_path):
    file, picture = tmp_path / "ours.toml", tmp_path / "ours.png"
    file.write_text(ONE.replace('source = "The council"', ""), encoding="utf-8")
    picture.write_bytes(b"\x89PNG\xff")

    refused, unread = run(school, "guidance", "add", str(file)), run(school, "guidance", "add", str(picture))

    assert isinstance(refused.exception, Refusal)
    assert "release council-phones: source" in str(refused.exception)
    assert isinstance(unread.exception, Refusal)
    assert "can't be read as text" in str(unread.exception)
    assert "council-phones" not in run(school, "guidance", "list").output
