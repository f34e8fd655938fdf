"""Killed with -9 at every state and at random, on SQLite with one process. The long version is `make crash`."""

import shutil

import pytest

from tests.crash.kills import Plan, Run


@pytest.mark.parametrize(("paced", "kills"), [(True, 7), (False, 8)], ids=["paced", "unpaced"])
def test_families_read_no_newsletter_twice_and_dilys_misses_no_notice_however_often_the_process_is_killed(
    tmp_path, sqlite_template, paced, kills
):
    shutil.copyfile(sqlite_template, tmp_path / "lollipop.db")
    url = f"sqlite:///{tmp_path / 'lollipop.db'}"
    plan = Plan(database=url, folder=tmp_path, workers=1, paced=paced, kills=kills, seed=11)

    figures = Run(plan)()

    figures.show_no_harm(kills=kills)
