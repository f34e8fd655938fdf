"""An office that upgrades a filled database has a backup of it first."""

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.storage import current, upgrade
from bot.storage.migrate import newest
from tests.flows.office import lollipop, new_school
from tests.storage.test_storage_migrations import load, revisions

OLD = revisions()[-2]
KEPT = re.compile(r"The database as it was is kept in (\S+\.backup)\.")


def _filled(url: str) -> str:
    upgrade(url, revision=OLD)
    load(url, f"{OLD}.sql")
    return url


def _references(url: str) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = list(connection.execute(text("SELECT reference FROM vault_concern")).scalars())
    engine.dispose()
    return found


@pytest.fixture
def sqlite_school(tmp_path: Path) -> tuple[Path, str]:
    school = new_school(tmp_path / "school", BIND="127.0.0.1:0")
    return school, _filled(f"sqlite:///{school / 'var' / 'lollipop.db'}")


def test_an_office_on_sqlite_is_told_where_the_backup_is_and_gets_everything_back_from_it(sqlite_school, tmp_path):
    school, url = sqlite_school

    said = lollipop(school, "db", "upgrade")

    found = KEPT.search(said.words)
    assert found, said.words
    file = Path(found[1])
    assert (said.code, current(url)) == (0, newest())
    assert file.parent == school / "var"
    assert file.stat().st_mode & 0o777 == 0o600
    elsewhere = new_school(tmp_path / "elsewhere", BIND="127.0.0.1:0")
    restored = lollipop(elsewhere, "restore", str(file))
    assert restored.code == 0, restored.words
    assert (elsewhere / "var" / "restored" / "school.toml").read_text("utf-8").startswith("# The school as Lollipop")
    assert _references(f"sqlite:///{elsewhere / 'var' / 'lollipop.db'}") == _references(url) == ["LP-7KQ4-M2"]


def test_an_office_with_nothing_to_upgrade_gets_no_backup(sqlite_school):
    school, _ = sqlite_school
    lollipop(school, "db", "upgrade")
    there = sorted(path.name for path in (school / "var").glob("*.backup"))

    again = lollipop(school, "db", "upgrade")

    assert again.code == 0
    assert KEPT.search(again.words) is None
    assert len(there) == 1
    assert sorted(path.name for path in (school / "var").glob("*.backup")) == there


def test_an_office_that_begins_gets_no_backup_of_nothing(tmp_path):
    school = new_school(tmp_path / "school", BIND="127.0.0.1:0")

    said = lollipop(school, "db", "upgrade")

    assert (said.code, said.words) == (0, f"The database is at {newest()}.\n")
    assert list((school / "var").glob("*.backup")) == []


def test_an_office_whose_backup_cannot_be_written_keeps_the_database_as_it_was(sqlite_school, monkeypatch):
    _, url = sqlite_school

    def full(_revision: str) -> None:
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        upgrade(url, keep=full)

    assert current(url) == OLD


def test_an_office_on_postgresql_is_told_to_make_a_backup_before_anything_is_changed(postgresql, tmp_path):
    with postgresql.database() as url:
        _filled(url)
        school = new_school(tmp_path / "school", DATABASE_URL=url, BIND="127.0.0.1:0")

        refused = lollipop(school, "db", "upgrade")
        untouched = current(url)
        agreed = lollipop(school, "db", "upgrade", "--backed-up")

        assert (refused.code, untouched) == (1, OLD)
        assert "Make a backup of the PostgreSQL database first, for example with pg_dump" in refused.words
        assert "lollipop db upgrade --backed-up" in refused.words
        assert (agreed.code, current(url)) == (0, newest())
        assert _references(url) == ["LP-7KQ4-M2"]
