"""What staff read of what was sent, and that nothing is offered to them that is not there."""

import shutil
from datetime import UTC, datetime
from functools import cache

import pytest

from bot import demo
from bot.channels.email.render import render
from bot.channels.slack.manifest import COMMANDS
from bot.channels.slack.reading import TOPICS
from bot.channels.telegram.channel import MENU
from bot.channels.telegram.handlers import COMMANDS as TYPED
from bot.clock import SetClock
from bot.desk import Reception
from bot.desk.verbs import VERBS
from bot.main import build, load_library
from bot.wire import Incoming, Via
from school.notices import Lane, Notice, To
from tests.databases import sqlite_template

__all__ = ["sqlite_template"]

MORNING = datetime(2026, 11, 24, 11, tzinfo=UTC)
FAMILY = "01a21048-7a3b-7cc0-8000-000000000001"


@cache
def ours():
    """The pages are read once for all these people."""
    return load_library()


@pytest.fixture
def product(tmp_path, sqlite_template):
    shutil.copyfile(sqlite_template, tmp_path / "lollipop.db")
    product = build(demo.prepare(tmp_path, 8000), school_clock=SetClock(MORNING), library=ours())
    yield product
    product.counter.close()
    product.engines.close()


def typed(product, topic):
    asked = Incoming(school="oakfield", via=Via.SLACK, sender="U0AMARA", verb="lollipop", args={"topic": topic})
    return render(Reception(product.house).receive(asked).document, lang="en").text


def leave(product, *notices):
    with product.house.units.write("oakfield") as unit:
        for number, (to, recipient, page, lane) in enumerate(notices):
            unit.outbox.leave(Notice(key=f"k{number}", to=to, recipient=recipient, page=page, lane=lane))
        unit.commit()


def test_amara_reads_titles_and_classes_and_people_and_no_id(product):
    leave(
        product,
        (To.CLASS, "oak", "lesson-y4-privacy-1", Lane.REPLIES),
        (To.FAMILY, FAMILY, "sid-2027-5", Lane.BULK),
        (To.PERSON, "hannah", "lesson-y4-privacy-1", Lane.REPLIES),
    )

    shown = typed(product, "status")

    title = "Keep it yours: private things and strong passwords"
    assert f"“{title}” to Oak by Slack: Planned" in shown
    assert f"“{title}” to Hannah Lewis by Slack: Planned" in shown
    assert "to a family by Telegram: Planned" in shown
    for mark in (FAMILY, "lesson-y4", "sid-2027", "class oak", "hannah"):
        assert mark not in shown


def test_hannah_cannot_read_from_what_was_sent_that_a_concern_went_past_her_to_grace(product):
    leave(product, (To.PERSON, "grace", "concern-notice", Lane.SAFEGUARDING))

    shown = typed(product, "status")

    assert "to somebody with a safeguarding role by Slack: Planned" in shown
    assert "Grace" not in shown
    assert "grace" not in shown


def test_amara_reads_of_a_page_and_a_class_that_are_gone(product):
    leave(product, (To.CLASS, "willow", "lesson-of-old", Lane.REPLIES))

    assert "“lesson-of-old” to a class of earlier by Slack" in typed(product, "status")


def test_whatever_slack_hints_at_after_lollipop_is_something_that_lollipop_knows(product):
    hints = {command: hint for command, _, hint in COMMANDS}

    topics = hints["/lollipop"].strip("[]").split("|")

    assert topics == ["help", "coverage", "coverage class", "sites", "status"]
    assert "That isn't something I know" in typed(product, "unblock")
    words = {topic.split()[0] for topic in topics} - set(TOPICS)
    assert [word for word in words if "That isn't something I know" in typed(product, word)] == []


def test_whatever_stands_in_martas_menu_is_something_that_lollipop_does():
    assert [name for name in MENU if TYPED.get(name) not in VERBS] == []
