"""Killed with -9 at every state, on PostgreSQL with two workers that Procrastinate wakes. Longer with `make crash`."""

from tests.crash.kills import Plan, Run


def test_families_read_no_newsletter_twice_and_dilys_misses_no_notice_however_often_a_kicked_worker_is_killed(
    tmp_path, postgresql, postgresql_template
):
    with postgresql.database(like=postgresql_template) as url:
        points = ("claimed", "sending", "posted")
        plan = Plan(database=url, folder=tmp_path, workers=2, paced=True, kills=3, seed=14, kicked=True, points=points)

        figures = Run(plan)()

    figures.show_no_harm(kills=3)
    assert figures.kicked > 0
