"""The table of commands says where each stands; here every place is looked up, and what is said of it compared."""

import subprocess
import sys

import click
import pytest

from bot.__main__ import FILES_OF, TABLE, cli
from bot.commands.lazy import loaded
from bot.served import files_of

SLOW = ("aiohttp", "alembic", "pages", "pydantic", "slack_bolt", "sqlalchemy", "starlette", "telegram")


@pytest.mark.parametrize("name", TABLE)
def test_an_office_gets_the_command_it_types_and_help_says_of_it_what_it_says_itself(name):
    place, said = TABLE[name]

    command = loaded(place)

    assert isinstance(command, click.Command)
    assert (command.name, command.get_short_help_str(limit=200).rstrip(".")) == (name, said.rstrip("."))
    assert cli.get_command(click.Context(cli), name) is command


def test_the_schools_files_are_read_from_where_the_command_line_says():
    assert loaded(FILES_OF) is files_of


def test_an_office_that_asks_for_help_waits_for_no_library():
    asked = f"import sys, bot.__main__; print(*[name for name in {SLOW} if name in sys.modules])"

    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == ""


def test_an_office_whose_database_is_up_to_date_waits_for_no_migrations():
    asked = "import sys, bot.demo; print(*[name for name in ('alembic', 'mako') if name in sys.modules])"

    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == ""
