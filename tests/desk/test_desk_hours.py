"""When somebody will look, and what is said where nobody can."""

import shutil
from datetime import UTC, datetime
from functools import cache

import pytest

from bot import demo
from bot.channels.email.render import render
from bot.clock import SetClock
from bot.desk import Reception
from bot.library import load_library
from bot.main import build
from bot.storage import QUICK, SqlVault
from bot.wire import Answer, Incoming, Via
from parents import Family, FamilyState
from school.sensitive import Sensitive
from tests.databases import sqlite_template

__all__ = ["sqlite_template"]

IN_SCHOOL = datetime(2026, 11, 24, 11, tzinfo=UTC)
EARLY = datetime(2026, 11, 24, 6, tzinfo=UTC)
EVENING = datetime(2026, 11, 24, 19, tzinfo=UTC)
CHRISTMAS = datetime(2026, 12, 25, 12, tzinfo=UTC)
SAM = "4711"


@cache
def ours():
    """The pages are read once for all these people."""
    return load_library()


@pytest.fixture
def product(tmp_path, sqlite_template, monkeypatch):
    monkeypatch.setattr("bot.main.load_library", lambda own: ours())
    shutil.copyfile(sqlite_template, tmp_path / "lollipop.db")
    settings = demo.prepare(tmp_path, 8000)
    product = build(
        settings, school_clock=SetClock(IN_SCHOOL), make_vault=lambda engines: SqlVault(engines, costs=QUICK)
    )
    with product.house.units.write("oakfield") as unit:
        pair = product.house.vault.pair(
            person="dilys", key_id=product.house.new_id(IN_SCHOOL), passphrase=Sensitive(demo.PASSPHRASE)
        )
        unit.concerns.add_key(pair, now=IN_SCHOOL)
        unit.commit()
    yield product
    product.counter.close()
    product.engines.close()


@pytest.fixture
def ask(product):
    def asked(verb, *, via=Via.WEB, sender="", now=IN_SCHOOL, words=(), **args):
        product.house.school_clock.instant = now
        sent = Incoming(school="oakfield", via=via, sender=sender, verb=verb, args=args, words=dict(words))
        return Reception(product.house).receive(sent)

    return asked


def read(answer) -> str:
    return render(answer.document, lang="en").text


WORRY = {"words": Sensitive("It happened again.")}


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (IN_SCHOOL, "Staff look at this on school days, from 08:30 to 16:00. Nobody watches it all the time."),
        (EARLY, "School is closed now. Staff will look at this today, after 08:30."),
        (EVENING, "School is closed now. Staff will look at this tomorrow, after 08:30."),
        (CHRISTMAS, "School is closed now. Staff will look at this on Monday, 04/01/2027, after 08:30."),
    ],
    ids=["in school", "early", "in the evening", "at Christmas"],
)
def test_sam_is_told_honestly_when_somebody_will_look_before_and_after_he_writes(ask, now, said):
    before = ask("report.form", now=now)
    after = ask("report.send", now=now, words=WORRY, about="pupil")

    assert said in read(before)
    assert said in read(after)


def test_sam_is_told_in_the_evening_whom_to_call_where_no_help_lines_stand_beside_it(ask):
    on_the_web = ask("report.send", now=EVENING, words=WORRY, about="pupil")
    in_a_chat = ask("report.send", now=EVENING, words=WORRY, about="pupil", via=Via.TELEGRAM, sender=SAM)

    assert "If it can't wait" not in read(on_the_web)
    assert "If it can't wait\n\n- In danger now? Call 999\n- Talk to Childline 0800 1111" in read(in_a_chat)


def test_sam_can_read_on_from_the_form_about_adults_and_about_what_cannot_wait(ask):
    form = read(Answer(document=ask("report.form").form.more))

    assert "What if it is about an adult at school? (http://127.0.0.1:8000/about/report-adult)" in form
    assert "What if it can't wait? (http://127.0.0.1:8000/about/not-watched)" in form


def test_sam_in_year_12_reads_what_becomes_of_words_about_an_adult_where_he_is_asked(ask):
    asked = ask("report.year", via=Via.TELEGRAM, sender=SAM, year="12")

    assert "About the head teacher? It goes to the chair of governors." in read(asked)


def test_sam_is_not_asked_to_write_where_nobody_could_open_it(ask, product):
    with product.engines.write.begin() as connection:
        connection.exec_driver_sql("DELETE FROM vault_key")

    for answer in (ask("report.form"), ask("report.start", via=Via.TELEGRAM, sender=SAM)):
        assert answer.form is None
        assert answer.choices == ()
        assert "We can't take reports here yet" in read(answer)


def test_marta_who_gets_the_news_reports_as_a_parent_and_is_asked_for_no_year(ask, product):
    stranger = ask("report.start", via=Via.TELEGRAM, sender=SAM)
    with product.house.units.write("oakfield") as unit:
        unit.families.save(
            Family(
                id=product.house.new_id(IN_SCHOOL),
                via=Via.TELEGRAM,
                address="815",
                lang="en",
                classes=("oak",),
                state=FamilyState.ACTIVE,
                joined=IN_SCHOOL,
            )
        )
        unit.commit()
    marta = ask("report.start", via=Via.TELEGRAM, sender="815")

    assert "I'm a parent or carer" not in str(stranger.choices)
    (parent,) = [choice for row in marta.choices for choice in row if choice.label.msgid == "I'm a parent or carer"]
    went_on = ask(parent.verb, via=Via.TELEGRAM, sender="815", **parent.args)
    pretended = ask(parent.verb, via=Via.TELEGRAM, sender=SAM, **parent.args)
    assert "Is this about an adult who works or helps at school?" in read(went_on)
    assert "Is this about an adult who works or helps at school?" not in read(pretended)
