from pathlib import Path

import pytest
from sqlalchemy import select

from bot.storage import newest, open_engines
from bot.storage.backup import BackupExistsError, NotABackupError, NotEmptyError, backup, restore
from bot.storage.columns import METADATA
from tests.storage.test_storage_migrations import load


def everything(url: str) -> dict[str, list[object]]:
    engines = open_engines(url)
    with engines.reading() as connection:
        rows = {
            table.name: [tuple(row) for row in connection.execute(select(table))] for table in METADATA.sorted_tables
        }
    engines.close()
    return rows


def settings(folder: Path) -> dict[str, Path]:
    folder.mkdir()
    (folder / "school.toml").write_text("name = 'Ashgrove'", "utf-8")
    return {"school.toml": folder / "school.toml", ".env": folder / ".env"}


@pytest.fixture
def other_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'other' / 'lollipop.db'}"


def test_a_school_moves_house_and_back_with_every_row(database_url: str, other_url: str, tmp_path: Path) -> None:
    load(database_url, f"{newest()}.sql")
    file = tmp_path / "school.backup"

    backup(database_url, file, settings=settings(tmp_path / "etc"))
    (tmp_path / "new").mkdir()
    written = restore(other_url, file, settings=tmp_path / "new")

    assert everything(other_url) == everything(database_url)
    assert all(everything(other_url).values())
    assert written == ("school.toml",)
    assert (tmp_path / "new" / "school.toml").read_text("utf-8") == "name = 'Ashgrove'"
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in tmp_path.iterdir() if each.name.startswith(".")) == []


def test_a_backup_is_restored_into_either_database(
    empty_database_url: str,
    sqlite_template: Path,
    tmp_path: Path,
) -> None:
    kept = tmp_path / "kept.db"
    kept.write_bytes(sqlite_template.read_bytes())
    load(f"sqlite:///{kept}", f"{newest()}.sql")
    file = tmp_path / "school.backup"
    backup(f"sqlite:///{kept}", file, settings={})

    assert restore(empty_database_url, file, settings=tmp_path) == ()

    assert everything(empty_database_url) == everything(f"sqlite:///{kept}")


def test_nothing_is_written_over(database_url: str, tmp_path: Path) -> None:
    load(database_url, f"{newest()}.sql")
    file = tmp_path / "school.backup"
    etc = settings(tmp_path / "etc")
    backup(database_url, file, settings=etc)

    with pytest.raises(BackupExistsError, match=r"school\.backup"):
        backup(database_url, file, settings=etc)
    with pytest.raises(NotEmptyError):
        restore(database_url, file, settings=tmp_path / "etc")


def test_a_file_that_is_no_backup_is_refused(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "school.backup"
    load(database_url, f"{newest()}.sql")
    backup(database_url, file, settings={})
    half = tmp_path / "half"
    half.write_bytes(file.read_bytes()[:500])
    for wrong in (half, tmp_path / "missing", tmp_path / "words"):
        (tmp_path / "words").write_text("hello", "utf-8")
        with pytest.raises(NotABackupError):
            restore(f"sqlite:///{tmp_path / 'x' / 'y.db'}", wrong, settings=tmp_path)
