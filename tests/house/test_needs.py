"""What is skipped says why, and in CI nothing is."""

import ast
import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from house import TOP

from tests import needs

LACKS = "no Chromium on the PATH: the pages were not looked at"


def _in(monkeypatch, ci: str | None) -> None:
    if ci is None:
        monkeypatch.delenv("CI", raising=False)
    else:
        monkeypatch.setenv("CI", ci)


@pytest.mark.parametrize("ci", [None, "", "0", "false"])
def test_amara_without_a_browser_reads_what_was_not_looked_at(monkeypatch, ci) -> None:
    _in(monkeypatch, ci)
    monkeypatch.setenv("PATH", "")

    with pytest.raises(pytest.skip.Exception, match=LACKS):
        needs.browser("the pages were not looked at")


@pytest.mark.parametrize("ci", ["true", "1", "True", "yes"])
def test_ci_without_a_browser_fails(monkeypatch, ci) -> None:
    _in(monkeypatch, ci)
    monkeypatch.setenv("PATH", "")

    with pytest.raises(pytest.fail.Exception, match=LACKS):
        needs.browser("the pages were not looked at")


def test_reasons_are_printed_at_the_end_of_every_run() -> None:
    settings = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))

    assert "-rs" in settings["tool"]["pytest"]["ini_options"]["addopts"].split()


def test_no_test_is_skipped_past_the_one_place_that_fails_in_ci() -> None:
    past = [
        f"{path.relative_to(TOP)}:{node.lineno}"
        for path in sorted((TOP / "tests").rglob("*.py"))
        if path.name not in {"needs.py", "test_needs.py"}
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"skip", "skipif", "importorskip", "xfail"}
    ]

    assert past == []


def _ci_run(tmp_path: Path, *programs: str) -> subprocess.CompletedProcess[str]:
    """`.ci/run` where nothing is installed but stand-ins, each of which writes down that it was called, and CI."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in ("bash", "dirname", "id"):
        (commands / name).symlink_to(shutil.which(name) or name)
    for name in programs:
        (commands / name).write_text(f'#!/bin/sh\necho "{name} $1 CI=$CI" >> "{tmp_path}/done"\n', "utf-8")
        (commands / name).chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name != "CI"} | {"PATH": str(commands)}
    return subprocess.run([TOP / ".ci" / "run"], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("programs", [("make",), ("make", "apt-get", "sudo")], ids=["no apt-get", "apt-get has none"])
def test_a_machine_that_gets_no_browser_stops_before_it_tests_anything(tmp_path, programs) -> None:
    ended = _ci_run(tmp_path, *programs)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("There is no browser: install chromium")
    assert not (tmp_path / "done").exists() or "make" not in (tmp_path / "done").read_text("utf-8")


def test_a_machine_with_a_browser_checks_and_tests_with_nothing_skipped(tmp_path) -> None:
    ended = _ci_run(tmp_path, "make", "chromium")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert (tmp_path / "done").read_text("utf-8") == "make check CI=true\nmake test CI=true\n"
