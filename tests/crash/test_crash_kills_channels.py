"""Killed with -9 while Slack and a mail server are as rude as Telegram. The long version is `make crash`."""

import shutil

import pytest

from bot.wire import Via
from tests.crash.kills import Plan, Run
from tests.crash.rude import Rude

# Ruder than in the long version, for there are few messages in a short one.
RUDENESS = {Rude.REFUSE: 0.1, Rude.FAIL: 0.05, Rude.DROP: 0.1, Rude.BLOCK: 0.03}


@pytest.mark.parametrize("via", [Via.SLACK, Via.EMAIL])
def test_nobody_reads_the_news_twice_or_misses_a_notice_on_slack_or_by_e_mail_however_often_the_process_is_killed(
    tmp_path, sqlite_template, via
):
    shutil.copyfile(sqlite_template, tmp_path / "lollipop.db")
    plan = Plan(
        database=f"sqlite:///{tmp_path / 'lollipop.db'}",
        folder=tmp_path,
        workers=1,
        paced=True,
        kills=3,
        seed=15,
        via=via,
        points=("sending", "posted", "ending"),
        rudeness=RUDENESS,
    )

    figures = Run(plan)()

    figures.show_no_harm(kills=3)
    assert figures.unknown_by_kills + figures.safeguarding_repeated > 0
    assert figures.unknown_by_platform > 0
    assert figures.refused > 0
