"""What a class learned goes home in the family's language where that part is there, and in English where it is not."""

from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bot.clock import SetClock
from bot.delivery import MailRoom
from bot.languages import IN_ENGLISH, NOT_CHECKED
from pages import load_shelf, plain_text
from school.calendar import Calendar
from school.notices import To
from school.school import School
from tests.content.desk_of_an_author import lesson, write

HOME = """\
---
id: strong-passwords
kind: lesson
title: "Silne hasła"
translates: {translates}
reader: parent
parts: [home]
translation: machine-assisted
---

## Home

Porozmawiajcie o hasłach.
"""
CALENDAR = Calendar(zone=ZoneInfo("Europe/London"), half_terms=())
OAKFIELD = School(id="oakfield", name="Oakfield", calendar=CALENDAR, classes=(), people=(), languages=())
ROW = SimpleNamespace(
    page="strong-passwords",
    part="home",
    values={"class": "Oak"},
    repeat=False,
    school="oakfield",
    to=To.FAMILY,
    channel="telegram",
)
LEARNED = "Oak learned this today."


@pytest.mark.parametrize(
    ("translates", "lang", "title", "said"),
    [
        (2, "pl", "Silne hasła", [LEARNED, NOT_CHECKED.msgid, "Porozmawiajcie o hasłach."]),
        (1, "pl", "Strong passwords", [IN_ENGLISH.msgid, LEARNED, "Say it now."]),
        (2, "ur", "Strong passwords", [IN_ENGLISH.msgid, LEARNED, "Say it now."]),
        (2, "en", "Strong passwords", [LEARNED, "Say it now."]),
    ],
    ids=["in Polish", "in Polish of an older page", "in no Urdu", "in English"],
)
def test_marta_reads_what_oak_learned(tmp_path, translates, lang, title, said):
    write(tmp_path, "strong-passwords.en.md", lesson())
    write(tmp_path, "strong-passwords.pl.md", HOME.format(translates=translates))
    clock = SetClock(datetime(2026, 11, 24, 12, tzinfo=UTC))
    shelf = load_shelf([tmp_path])
    mail_room = MailRoom(schools={"oakfield": OAKFIELD}, units=None, shelf=shelf, clock=clock, public_url="https://x")

    composed = mail_room.compose(ROW, lang)

    assert composed.title == title
    assert plain_text(composed).splitlines() == said
