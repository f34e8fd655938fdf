import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from bot.storage import (
    Claim,
    Engines,
    HomeInUseError,
    Ledger,
    Posting,
    SchemaTooNewError,
    SchemaTooOldError,
    SqlSchools,
    SqlUnits,
    check_schema,
    current,
    downgrade,
    open_engines,
    upgrade,
)
from bot.storage.columns import METADATA
from bot.storage.engine import lock_home
from bot.storage.revision import SCRIPTS, newest
from school.notices import MailingState
from tests.storage.conftest import HERE, NOW, SetClock

FIXTURES = Path(__file__).parent / "fixtures"
ROOT = Path(__file__).parents[2]
REGISTERS = {
    *("vault_lowlevel", "vault_lowlevel_copy", "vault_identity", "vault_identity_half"),
    *("vault_uncovering", "vault_uncovering_copy"),
}
MARTA = "01a20cc8-8e80-7268-a80f-89e6a332d64f"
DAY = timedelta(days=1)


# How each database spells what SQL has no common word for.
SPELT = {
    "sqlite": {"blob": r"x'\1'", "uuid": r"'\1'", "instant": r"\1"},
    "postgresql": {"blob": r"'\\x\1'", "uuid": r"'\1'", "instant": r"\1+00"},
}


def load(url: str, name: str) -> None:
    """A filled database of a released revision, as its rows stood then."""
    engines = open_engines(url)
    script = (FIXTURES / name).read_text("utf-8")
    for mark, spelt in SPELT[engines.write.dialect.name].items():
        script = re.sub(rf"\{{{mark}:([^}}]*)\}}", spelt, script)
    with engines.writing() as connection:
        for statement in script.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
        connection.commit()
    engines.close()


def tables(engines: Engines) -> set[str]:
    with engines.reading() as connection:
        return set(inspect(connection).get_table_names())


def test_models_and_migrations_agree(database_url: str) -> None:
    engines = open_engines(database_url)
    with engines.writing() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []
    engines.close()


def test_the_newest_revision_is_the_one_that_alembic_would_go_to() -> None:
    assert newest() == ScriptDirectory(SCRIPTS).get_current_head()


def test_a_database_goes_up_down_and_up_again(empty_database_url: str) -> None:
    assert current(empty_database_url) is None
    upgrade(empty_database_url)
    assert current(empty_database_url) == newest()

    downgrade(empty_database_url, "base")
    engines = open_engines(empty_database_url)
    assert tables(engines) == {"alembic_version"}
    assert current(empty_database_url) is None

    upgrade(empty_database_url)
    upgrade(empty_database_url)
    check_schema(engines.read)
    engines.close()


def revisions() -> list[str]:
    """Every revision that a school may have: one whose fixture is missing fails for want of it."""
    return sorted(path.name.partition("_")[0] for path in SCRIPTS.glob("versions/*.py"))


def test_every_revision_has_a_filled_database_and_none_is_left_over() -> None:
    assert revisions()[-1] == newest()
    assert [f"{revision}.sql" for revision in revisions()] == sorted(path.name for path in FIXTURES.glob("*.sql"))


@pytest.mark.parametrize("revision", revisions())
def test_a_filled_database_of_each_revision_is_upgraded_with_every_row(empty_database_url: str, revision: str) -> None:
    upgrade(empty_database_url, revision=revision)
    load(empty_database_url, f"{revision}.sql")

    upgrade(empty_database_url)

    engines = open_engines(empty_database_url)
    check_schema(engines.read)
    with engines.reading() as connection:
        empty = {table.name for table in METADATA.sorted_tables if not connection.execute(select(table)).first()}
    # A lease is new with 0003; mailings are made of what was planned.
    new = {"lease"} if revision < "0003" else set()
    new |= {"vault_entry", "vault_log"} if revision < "0006" else set()
    new |= REGISTERS if revision < "0007" else set()
    new |= {"vault_going", "vault_chat"} if revision < "0008" else set()
    new |= {"vault_second", "vault_recovery"} if revision < "0010" else set()
    new |= {"checked_site", "unsuitable_find"} if revision < "0013" else set()
    new |= {"page_version", "begun"} if revision < "0014" else set()
    new |= {"question", "faq"} if revision < "0015" else set()
    new |= {"family_forgotten"} if revision < "0016" else set()
    new |= {"family_code"} if revision < "0017" else set()
    new |= {"mailing_approvals"} if revision < "0018" else set()
    new |= {"email_pending"} if revision < "0019" else set()
    new |= {"quiz_tally", "leaving_tally"} if revision < "0020" else set()
    new |= {"adult_answer", "asking"} if revision < "0021" else set()
    new |= {"event_told", "event_reply"} if revision < "0022" else set()
    new |= {"duty"} if revision < "0024" else set()
    new |= {"staff_request", "request_vote"} if revision < "0023" else set()
    new |= {"staff_joined", "needs_tally", "cpd"} if revision < "0025" else set()
    new |= {"policy_version", "policy_yes"} if revision < "0026" else set()
    new |= {"register_entry", "register_note"} if revision < "0027" else set()
    assert empty == new
    clock = SetClock(NOW)
    with SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock)).read(HERE) as unit:
        (family,) = unit.families.active()
        assert family.classes == ("oak",)
        assert unit.families.events(family.id)[0].source == "telegram:ABCD1234"
        assert unit.families.events(family.id)[0].detail == "oak"
        assert unit.progress.taught("oak")[0].hands[0].counts == (2, 21, 5)
        assert unit.deliveries.counts().states["sent"] == 1
        assert unit.concerns.for_reader("dsl")[0].reference == "LP-7KQ4-M2"
        assert unit.concerns.for_reader("dsl")[0].ladder == (("dsl",),)
    engines.close()


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_marta_s_news_that_was_planned_goes_out_under_a_mailing_of_its_own(
    empty_database_url: str, revision: str
) -> None:
    upgrade(empty_database_url, revision=revision)
    load(empty_database_url, f"{revision}.sql")
    key = f"newsletter:autumn:2:{MARTA}"
    engines = open_engines(empty_database_url)
    with engines.writing() as connection:
        # As the stores of then left it: the key is the issue's, a colon and the family's; the campaign has no version.
        connection.execute(text("UPDATE delivery SET key = :key WHERE campaign = 'autumn'"), {"key": key})
        connection.commit()

    upgrade(empty_database_url)

    ledger = Ledger(engines)
    clock = SetClock(NOW)
    with SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock)).read(HERE) as unit:
        (progress,) = unit.deliveries.progress(limit=9)
    found = progress.header
    assert (found.mailing.id, found.mailing.campaign, found.mailing.page) == ("newsletter:autumn:2", "autumn", "autumn")
    assert (found.state, found.laid, found.candidates, found.excluded) == (MailingState.RUNNING, True, 1, 0)
    assert progress.balanced
    (source,) = ledger.work(now=NOW + 2 * DAY, machine_now=NOW)
    (row,) = ledger.claim(Claim(source=source, now=NOW + 2 * DAY, machine_now=NOW, limit=9, lease=DAY))
    assert (source.mailing, row.recipient) == ("newsletter:autumn:2", MARTA)
    engines.close()


@pytest.mark.parametrize("revision", ["0003", "0004"])
def test_marta_s_news_is_still_planned_after_a_way_down_to_before_mailings(
    empty_database_url: str, revision: str
) -> None:
    upgrade(empty_database_url, revision=revision)
    load(empty_database_url, f"{revision}.sql")

    downgrade(empty_database_url, "0002")

    engines = open_engines(empty_database_url)
    with engines.reading() as connection:
        rows = connection.execute(text("SELECT recipient, campaign, state FROM delivery ORDER BY state")).all()
    assert [tuple(row) for row in rows] == [(MARTA, "autumn@1", "planned"), ("dsl", "", "sent")]
    assert not {"mailing", "lease"} & tables(engines)
    engines.close()
    upgrade(empty_database_url)
    assert current(empty_database_url) == newest()


def test_a_school_that_was_loaded_keeps_its_file_to_the_letter_and_others_have_none(empty_database_url: str) -> None:
    upgrade(empty_database_url, revision="0004")
    load(empty_database_url, "0004.sql")

    upgrade(empty_database_url)

    engines = open_engines(empty_database_url)
    clock = SetClock(NOW)
    assert SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock)).add_school("beechwood")
    (kept,) = SqlSchools(engines).loaded()
    assert (kept.id, kept.text, kept.loaded) == (HERE, 'id = "ashgrove"\nname = "Ashgrove School"\n', NOW)
    assert SqlSchools(engines).known() == {HERE, "beechwood"}
    engines.close()


def test_nobody_is_answered_again_for_what_was_handled_before_answers_were_counted(empty_database_url: str) -> None:
    upgrade(empty_database_url, revision="0001")
    load(empty_database_url, "0001.sql")

    upgrade(empty_database_url)

    engines = open_engines(empty_database_url)
    clock = SetClock(NOW)
    with SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock)).read(HERE) as unit:
        assert not unit.inbox.unanswered(via="slack", transport_id="Ev1", semantic_id="m1")
    engines.close()


def test_an_empty_database_is_refused_with_the_command_and_without_a_word_of_backups(empty_database_url: str) -> None:
    engines = open_engines(empty_database_url)

    with pytest.raises(SchemaTooOldError, match=r"no tables yet\. Make them with: lollipop db upgrade"):
        check_schema(engines.read)

    engines.close()


def test_an_older_database_is_refused_with_the_command(database_url: str) -> None:
    engines = open_engines(database_url)
    with engines.write.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")

    with pytest.raises(SchemaTooOldError, match="Make a backup, then run: lollipop db upgrade"):
        check_schema(engines.read)

    engines.close()


def test_a_newer_database_is_refused_and_left_alone(database_url: str) -> None:
    engines = open_engines(database_url)
    with engines.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()

    with pytest.raises(SchemaTooNewError, match="lollipop db upgrade"):
        check_schema(engines.read)
    with pytest.raises(SchemaTooNewError):
        upgrade(database_url)
    with pytest.raises(SchemaTooNewError):
        downgrade(database_url, "base")
    assert current(database_url) == "9999"

    engines.close()


def test_a_database_in_use_is_not_migrated(tmp_path: Path) -> None:
    held = lock_home(tmp_path)

    with pytest.raises(HomeInUseError):
        upgrade(f"sqlite:///{tmp_path / 'lollipop.db'}", home=tmp_path)

    held.close()


def test_migrations_are_found_from_any_folder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'lollipop.db'}"

    done = subprocess.run(
        [sys.executable, "-c", "import sys; from bot.storage import upgrade; upgrade(sys.argv[1])", url],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert current(url) == newest()
