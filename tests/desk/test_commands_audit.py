"""What an office does with the vault's log from the shell: look whether it holds, and count."""

import json

import pytest
from sqlalchemy import delete

from bot.storage import Posting, SqlUnits, open_engines
from bot.storage.tables import vault_log
from safeguarding import Act, spelt
from tests.desk.test_commands import own_environment, run, school, sqlite_template
from tests.storage.conftest import NOW, SetClock

__all__ = ["own_environment", "school", "sqlite_template"]


@pytest.fixture
def log(school):
    """Three reports: one opened and handed over, one opened, one waiting; and a head that somebody wrote down."""
    engines = open_engines(f"sqlite:///{school.parent / 'var' / 'lollipop.db'}")
    clock = SetClock(NOW)
    units = SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock))
    units.add_school("oakfield")
    acts = (
        *(("LP-1", Act.RECEIVED, 0), ("LP-2", Act.RECEIVED, 0), ("LP-3", Act.PASSED_ON, 1)),
        *(("LP-1", Act.READ, 10), ("LP-2", Act.READ, 30), ("LP-1", Act.READ, 40), ("LP-1", Act.HANDED_OVER, 60)),
    )
    with units.write("oakfield") as unit:
        for subject, act, minutes in acts:
            now = NOW.replace(minute=minutes % 60, hour=NOW.hour + minutes // 60)
            unit.concerns.log.write(act, actor="dilys", now=now, subject=subject)
        head = unit.concerns.log.head()
        unit.commit()
    yield engines, head
    engines.close()


@pytest.mark.clause(41)
def test_an_office_is_told_that_the_log_holds_and_where_it_ends(school, log):
    _, head = log

    result = run(school, "audit", "verify", "--anchor", f"{head.number} {spelt(head.mark)}")

    assert result.exit_code == 0, result.output
    assert f"The log holds: {head.number} rows." in result.stdout
    assert json.loads(run(school, "audit", "verify", "--json").stdout) == {
        "ok": True,
        "rows": head.number,
        "mark": head.mark.hex(),
        "broken_at": None,
    }


@pytest.mark.clause(41)
def test_an_office_is_told_which_row_is_missing(school, log):
    engines, _ = log
    with engines.writing() as connection:
        connection.execute(delete(vault_log).where(vault_log.c.number == 3))
        connection.commit()

    result = run(school, "audit", "verify")

    assert result.exit_code == 1
    assert "The log does not hold at row 3" in result.stdout
    assert json.loads(run(school, "audit", "verify", "--json").stdout)["broken_at"] == 3


def test_what_the_head_wrote_down_shows_what_was_cut_off(school, log):
    _, head = log

    assert run(school, "audit", "verify", "--anchor", f"{head.number + 5} {spelt(head.mark)}").exit_code == 1


@pytest.mark.parametrize("anchor", ["", "17", "x 00", "3 00", "0 " + "00" * 32])
def test_an_office_that_mistypes_a_mark_is_told_how_it_is_written(school, log, anchor):
    result = run(school, "audit", "verify", "--anchor", anchor)

    assert "is not a mark" in str(result.exception or result.output)


@pytest.mark.clause(42)
def test_governors_are_told_how_many_and_how_soon_and_nothing_more(school, log):
    counted = json.loads(run(school, "report", "stats", "--json").stdout)

    assert counted["by_half_term"].keys() == {"autumn-2"}
    whole = {name: value for name, value in counted.items() if name != "by_half_term"}
    assert whole == counted["by_half_term"]["autumn-2"]
    assert whole == {
        "received": 3,
        "unopened": 1,
        "open": 1,
        "over": 1,
        "minutes_to_open": 20.0,
        "longest_to_open": 30.0,
        "minutes_to_close": 60.0,
    }
    assert "3 received, 1 unopened, 1 open, 1 over" in run(school, "report", "stats").stdout
