"""Killed with -9 at every state and at random, on PostgreSQL with one worker. The long version is `make crash`."""

import pytest

from tests.crash.kills import Plan, Run


@pytest.mark.parametrize(("paced", "kills"), [(True, 7), (False, 6)], ids=["paced", "unpaced"])
def test_families_read_no_newsletter_twice_and_dilys_misses_no_notice_however_often_the_worker_is_killed(
    tmp_path, postgresql, postgresql_template, paced, kills
):
    with postgresql.database(like=postgresql_template) as url:
        plan = Plan(database=url, folder=tmp_path, workers=1, paced=paced, kills=kills, seed=12)

        figures = Run(plan)()

    figures.show_no_harm(kills=kills)
