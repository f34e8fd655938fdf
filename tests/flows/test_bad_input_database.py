"""Bad input from below: the database locked, full, damaged or of another version, the port taken, two on one SQLite."""

import asyncio
import contextlib
import html
import re
import socket
import sys

import pytest
from sqlalchemy import create_engine, event, func, select, text

from bot.storage.tables import vault_concern
from tests.databases import (
    database_url,
    empty_database_url,
    postgresql,
    postgresql_template,
    sqlite_template,
)
from tests.flows.office import ROOT, lollipop, new_school, report_on_the_web, running
from tests.flows.rig import AMARA, PUPIL, SAM, school_up

__all__ = ["database_url", "empty_database_url", "postgresql", "postgresql_template", "sqlite_template"]

CANARY = "zebra umbrella seventeen lighthouse"
NOT_SENT = "We could not take that just now, and it has not been sent. Please press send again in a minute"
KEPT = "What you wrote is still here. Nothing was lost."
RECEIPT = re.compile(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}")
WAIT_MILLISECONDS = 150
HOLDER = """
import sys
from sqlalchemy import create_engine
from bot.storage.tables import METADATA

engine = create_engine(sys.argv[1])
with engine.connect() as connection:
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        names = ", ".join(table.name for table in METADATA.sorted_tables)
        connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
    print("held", flush=True)
    sys.stdin.read()
"""


@contextlib.asynccontextmanager
async def _held_by_another(url: str):
    """Another program holds the database until the block ends."""
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, url, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert await holder.stdout.readline() == b"held\n"
        yield
    finally:
        holder.stdin.close()
        await holder.wait()


def _impatient(rig) -> None:
    """Wait for a lock a moment instead of five seconds."""
    engines = rig.product.engines
    if engines.write.dialect.name != "sqlite":
        _whenever_used(engines.write, lambda: f"SET lock_timeout = {WAIT_MILLISECONDS}")
        return
    for engine in (engines.write, engines.read):
        _whenever_used(engine, lambda: f"PRAGMA busy_timeout = {WAIT_MILLISECONDS}")


def _whenever_used(engine, statement) -> None:
    def checked_out(dbapi, _record, _proxy) -> None:
        dbapi.cursor().execute(statement()).close()
        if engine.dialect.name != "sqlite":
            dbapi.commit()

    event.listen(engine, "checkout", checked_out)


@contextlib.contextmanager
def _disk_full(rig):
    """No page more than there are: how SQLite sees a full disk (sqlite.org/pragma.html#pragma_max_page_count)."""
    with rig.product.engines.reading() as connection:
        most = [connection.exec_driver_sql("PRAGMA page_count").scalar_one()]
    _whenever_used(rig.product.engines.write, lambda: f"PRAGMA max_page_count = {most[0]}")
    yield
    most[0] = 1_000_000


def _hasty(rig) -> None:
    """Let Telegram be asked again at once instead of after a second or two."""
    rig.product.telegram._poller._sleep = lambda _seconds: asyncio.sleep(0.01)


def _concerns(rig, state: str) -> int:
    with rig.product.engines.reading() as connection:
        counted = select(func.count()).select_from(vault_concern).where(vault_concern.c.state == state)
        return connection.execute(counted).scalar_one()


def _not_sent_and_kept(response) -> None:
    """The pupil sees the words again, what to do, and who helps; no cache keeps the page."""
    shown = html.unescape(response.text)
    assert response.status_code == 503
    assert NOT_SENT in shown
    assert KEPT in shown
    assert re.search(rf"<textarea[^>]*>\s*{CANARY}</textarea>", shown)
    assert "0800 1111" in shown
    assert "tel:999" in shown
    assert response.headers["Cache-Control"] == "no-store"
    assert CANARY not in str(response.url)
    assert RECEIPT.search(shown.replace("7KQ4-M2XW-9D3F-HB6T", "")) is None


def _nothing_in_the_clear(rig) -> None:
    assert CANARY.encode() not in rig.everything_on_disk()
    assert CANARY not in rig.logs.getvalue()


@pytest.mark.clause(40)
async def test_a_child_whose_report_meets_a_locked_database_gets_the_words_back_and_sends_them_again(
    tmp_path, database_url
):
    async with school_up(tmp_path, database_url=database_url) as rig:
        _impatient(rig)
        form = (await rig.web.get("/report")).text

        async with _held_by_another(database_url):
            refused = await report_on_the_web(rig.web, CANARY, form=form)
        taken = await report_on_the_web(rig.web, CANARY, form=refused.text)

        _not_sent_and_kept(refused)
        assert taken.status_code == 200
        assert RECEIPT.search(taken.text)
        assert _concerns(rig, "new") == 1
        _nothing_in_the_clear(rig)


@pytest.mark.clause(40)
async def test_a_child_whose_form_was_open_before_the_bot_started_anew_loses_no_word_either(tmp_path):
    async with school_up(tmp_path) as rig:
        _impatient(rig)

        async with _held_by_another(rig.settings.database_url):
            refused = await report_on_the_web(rig.web, CANARY, form="<p>A page of this morning</p>")
        asked = await report_on_the_web(rig.web, CANARY, form=refused.text)

        _not_sent_and_kept(refused)
        assert asked.status_code == 200
        assert RECEIPT.search(asked.text)
        assert _concerns(rig, "new") == 1
        _nothing_in_the_clear(rig)


@pytest.mark.clause(40)
async def test_sam_is_answered_once_when_the_lock_is_gone_and_his_words_stay_with_telegram_until_then(
    tmp_path, database_url
):
    async with school_up(tmp_path, database_url=database_url) as rig:
        _impatient(rig)
        _hasty(rig)
        queue = rig.telegram.bot(None).updates

        async with _held_by_another(database_url):
            number = rig.telegram.say(SAM, CANARY)
            await rig.until(lambda: rig.logs.getvalue().count('"correlation": "tg') >= 4, seconds=30)
            assert number in queue.pending
            assert rig.chat(SAM) == []
        await rig.until(lambda: rig.chat(SAM), seconds=30)
        await rig.until(lambda: number not in queue.pending, seconds=30)

        assert len(rig.chat(SAM)) == 1
        assert "Yes, pass it on" in rig.buttons(SAM)
        assert _concerns(rig, "draft") == 1
        assert "telegram.parked" not in rig.logs.getvalue()
        _nothing_in_the_clear(rig)


async def test_amara_is_told_to_try_again_while_the_database_is_locked_and_then_gets_her_lesson(tmp_path):
    async with school_up(tmp_path) as rig:
        _impatient(rig)

        async with _held_by_another(rig.settings.database_url):
            ack = await rig.slack.slash(AMARA, "/lesson", "Oak")
            await rig.until(lambda: rig.slack.dm_messages(AMARA))
        said = str(rig.slack.dm_messages(AMARA)[-1])
        await rig.slack.slash(AMARA, "/lesson", "Oak")
        await rig.until(lambda: "Start the lesson" in str(rig.slack.dm_messages(AMARA)[-1]))

        assert ack.ok
        assert "try again" in said


@pytest.mark.clause(40)
async def test_a_pupils_form_in_slack_stays_open_with_its_words_until_the_database_is_free(tmp_path):
    async with school_up(tmp_path) as rig:
        _impatient(rig)
        await rig.slack.slash(PUPIL, "/report")
        await rig.until(lambda: rig.slack.modal(PUPIL))
        await rig.slack.submit(PUPIL, values={"year": "12"})
        await rig.until(lambda: "Send it safely" in str(rig.slack.snapshot(PUPIL)["modal"]))

        async with _held_by_another(rig.settings.database_url):
            await rig.slack.submit(PUPIL, values={"about": "pupil", "words": CANARY})
            await rig.until(lambda: "0800 1111" in str(rig.slack.snapshot(PUPIL)["modal"]))
        assert "Send it safely" in str(rig.slack.snapshot(PUPIL)["modal"])
        await rig.slack.submit(PUPIL, values={"about": "pupil", "words": CANARY})
        await rig.until(lambda: "Your receipt" in str(rig.slack.snapshot(PUPIL)["modal"]))

        assert _concerns(rig, "new") == 1
        _nothing_in_the_clear(rig)


@pytest.mark.clause(40)
async def test_a_child_whose_report_meets_a_full_disk_gets_the_words_back_and_sends_them_again(tmp_path):
    async with school_up(tmp_path) as rig:
        form = (await rig.web.get("/report")).text
        long = f"{CANARY} " * 500

        with _disk_full(rig):
            refused = await report_on_the_web(rig.web, long, form=form)
        taken = await report_on_the_web(rig.web, long, form=refused.text)

        assert refused.status_code == 503
        assert NOT_SENT in html.unescape(refused.text)
        assert refused.text.count(CANARY) == 500
        assert "0800 1111" in refused.text
        assert RECEIPT.search(taken.text)
        assert _concerns(rig, "new") == 1
        _nothing_in_the_clear(rig)


@pytest.mark.clause(40)
async def test_sams_words_are_never_given_up_on_while_the_disk_is_full(tmp_path):
    async with school_up(tmp_path) as rig:
        _hasty(rig)
        queue = rig.telegram.bot(None).updates

        with _disk_full(rig):
            number = rig.telegram.say(SAM, f"{CANARY} " * 100)
            await rig.until(lambda: rig.logs.getvalue().count('"error": "DiskFullError"') >= 5, seconds=30)
            assert number in queue.pending
            assert rig.chat(SAM) == []
        await rig.until(lambda: rig.chat(SAM), seconds=30)

        assert "Yes, pass it on" in rig.buttons(SAM)
        assert _concerns(rig, "draft") == 1
        assert "telegram.parked" not in rig.logs.getvalue()
        _nothing_in_the_clear(rig)


def test_an_office_with_an_empty_database_is_given_the_command(tmp_path, empty_database_url):
    school = new_school(tmp_path / "school", DATABASE_URL=empty_database_url, BIND="127.0.0.1:0")

    ran, checked = lollipop(school, "run"), lollipop(school, "check")
    lollipop(school, "db", "upgrade")
    mended = lollipop(school, "check")

    empty = "The database has no tables yet. Make them with: lollipop db upgrade"
    assert ran.code == checked.code == 1
    assert empty in ran.words
    assert f"fault: database: {empty}" in checked.words
    assert "database:" not in mended.words


def test_an_office_with_a_newer_database_is_told_to_install_the_newer_lollipop_and_nothing_is_touched(
    tmp_path, database_url
):
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("INSERT INTO school (id, created) VALUES ('kept', '2026-01-01 00:00:00')"))
    school = new_school(tmp_path / "school", DATABASE_URL=database_url, BIND="127.0.0.1:0")

    said = [lollipop(school, *command) for command in (["run"], ["check"], ["db", "upgrade"])]

    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
        assert connection.execute(text("SELECT id FROM school")).scalars().all() == ["kept"]
    engine.dispose()
    for each in said:
        assert each.code == 1
        assert "The database is of a newer version than this Lollipop. Install the newer Lollipop" in each.words


def test_an_office_whose_database_is_no_database_is_told_to_bring_back_a_backup(tmp_path):
    school = new_school(tmp_path / "school", BIND="127.0.0.1:0")
    path = school / "var" / "lollipop.db"
    path.write_bytes(b"Dear parents, " * 1000)

    said = [lollipop(school, *command) for command in (["run"], ["check"], ["db", "upgrade"])]

    for each in said:
        assert each.code == 1
        assert "is damaged, or is no database at all. It was left as it is." in each.words
        assert "lollipop restore FILE" in each.words
    assert path.read_bytes() == b"Dear parents, " * 1000


def test_an_office_whose_port_is_taken_is_told_to_choose_another(tmp_path, sqlite_template):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        school = new_school(tmp_path / "school", sqlite_template, BIND=f"127.0.0.1:{port}")

        said = lollipop(school, "run")

    assert said.code == 1
    assert said.words.endswith(
        f"Port {port} on 127.0.0.1 is taken by another program. Stop it, or choose another port.\n"
    )


async def test_a_second_lollipop_on_one_sqlite_is_refused_and_the_first_goes_on(
    tmp_path, sqlite_template, unused_tcp_port
):
    school = new_school(tmp_path / "school", sqlite_template)
    async with running(school, unused_tcp_port) as first:
        settings = (school / ".env").read_text("utf-8")
        (school / ".env").write_text(settings.replace(str(unused_tcp_port), "0"), "utf-8")

        second = await asyncio.to_thread(lollipop, school, "run")
        upgrading = await asyncio.to_thread(lollipop, school, "db", "upgrade")
        ready = await first.web.get("/readyz")

    sentence = (
        f"Another Lollipop is already running on {school / 'var'}. Stop that one first, or use PostgreSQL to run "
        "several: set LOLLIPOP_DATABASE_URL."
    )
    assert second.code == upgrading.code == 1
    assert sentence in second.words
    assert sentence in upgrading.words
    assert ready.status_code == 200
