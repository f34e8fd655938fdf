"""Links from page to page, as they arrive."""

import json
from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bot.channels.email.render import render as as_email
from bot.channels.slack.render import blocks as as_slack
from bot.channels.telegram.render import render as as_telegram
from bot.clock import SetClock
from bot.delivery import MailRoom
from bot.desk.pointing import pointed
from bot.languages import translator
from bot.wire import Answer, Form
from pages import load_shelf
from school.calendar import Calendar
from school.notices import To
from school.school import School
from school.words import Text

NEWSLETTER = """\
---
id: {id}
kind: newsletter
title: {id}
version: 1
years: [4]
reader: parent
sources:
  - what: Our own policy
    url: https://www.example.org/policy
    checked: 2026-09-01
send_on: {send_on}
---

Read [the last one](page:news-one), [the next one](page:news-two) and [how to stop](page:stopping).
"""
WORDING = """\
---
id: stopping
kind: wording
title: How to stop
version: 1
years: []
reader: parent
---

Write to us and we stop.
"""
SITE = "https://oakfield.example"


@pytest.fixture
def shelf(tmp_path):
    for page_id, send_on in (("news-one", date(2026, 11, 2)), ("news-two", date(2026, 12, 7))):
        (tmp_path / f"{page_id}.en.md").write_text(NEWSLETTER.format(id=page_id, send_on=send_on), "utf-8")
    (tmp_path / "stopping.en.md").write_text(WORDING, "utf-8")
    return load_shelf([tmp_path], ages=False)


def schools(*ids):
    calendar = Calendar(zone=ZoneInfo("Europe/London"), half_terms=())
    return {
        school_id: School(id=school_id, name=school_id, calendar=calendar, classes=(), people=(), languages=())
        for school_id in ids
    }


def composed(shelf, houses):
    clock = SetClock(datetime(2026, 11, 24, 12, tzinfo=UTC))
    mail_room = MailRoom(schools=houses, units=None, shelf=shelf, clock=clock, public_url=SITE)
    row = SimpleNamespace(
        page="news-two", part=None, values={}, repeat=False, school="oakfield", to=To.FAMILY, channel="telegram"
    )
    return mail_room.compose(row, "en")


def test_marta_can_follow_a_link_to_news_that_is_out_on_every_channel_and_reads_the_rest_as_words(shelf):
    document = composed(shelf, schools("oakfield"))

    email = as_email(document, lang="en")
    telegram = "".join(as_telegram(document, (), lang="en", mint=lambda _: "").parts)
    slack = json.dumps(as_slack(document, (), translate=translator("en"), mint=lambda _: ""))

    assert f"Read the last one ({SITE}/news/news-one), the next one and how to stop." in email.text
    assert f'Read <a href="{SITE}/news/news-one">the last one</a>, the next one and how to stop.' in telegram
    assert f'"url": "{SITE}/news/news-one"' in slack
    assert not any("page:" in shown for shown in (email.text, email.html, telegram, slack))


def test_marta_is_led_to_her_own_school_where_there_are_several(shelf):
    document = composed(shelf, schools("oakfield", "elm"))

    assert f"({SITE}/s/oakfield/news/news-one)" in as_email(document, lang="en").text


def test_sam_can_follow_a_link_in_what_the_desk_answers_and_above_its_form(shelf):
    page = shelf.get("news-one", "en").document
    visit = SimpleNamespace(
        house=SimpleNamespace(shelf=shelf), address=lambda path: SITE + path, today=date(2026, 11, 24)
    )
    form = Form(title=Text("Tell someone"), submit=Text("Send"), verb="report.send", fields=(), intro=page)

    answer = pointed(Answer(document=page, form=form), visit=visit)

    for document in (answer.document, answer.form.intro):
        assert f"the last one ({SITE}/news/news-one), the next one and" in as_email(document, lang="en").text
