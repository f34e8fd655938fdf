"""Build the wheel from what Git keeps, install it nowhere, and see that nothing stayed behind."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from house import PACKAGES, TOP, kept_files

from tests.needs import missing

BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
MIGRATIONS = "share/lollipop/alembic"


def kept() -> list[Path]:
    return [file.relative_to(TOP) for file in kept_files()]


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in the wheel."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    if not kept():
        missing("this is not a checkout: nobody compared the wheel with it")
    for file in kept():
        if file.parts[0] in {*PACKAGES, "alembic", "pyproject.toml", "README.md"}:
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TOP / file, copy / file)
    run = subprocess.run([sys.executable, "-c", BUILD, str(out)], cwd=copy, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


def test_a_school_that_installs_the_wheel_gets_every_file_of_every_room(carried):
    left_behind = [str(file) for file in kept() if file.parts[0] in PACKAGES and str(file) not in carried]

    assert left_behind == []


def test_a_school_that_installs_the_wheel_can_migrate_its_database(carried):
    laid = {name.partition(f"{MIGRATIONS}/")[2] for name in carried if MIGRATIONS in name}

    assert laid == {str(file.relative_to("alembic")) for file in kept() if file.parts[0] == "alembic"}


def test_the_migrations_do_not_shadow_the_library(carried):
    assert not (TOP / "alembic" / "__init__.py").exists()
    assert not any(name.startswith("alembic/") for name in carried)
