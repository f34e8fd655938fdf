"""What every command needs: where the school file is, and how to say something. Nothing here takes long to import."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot.settings import Settings, load

SCHOOL_FILE = "school.toml"


@dataclass(frozen=True)
class Where:
    """What stands before the command's name: the school file."""

    school_file: Path

    def settings(self) -> Settings:
        """Raises SettingError."""
        return load(self.school_file)


pass_where = click.make_pass_decorator(Where)


def say(words: str) -> None:
    """A line for a person."""
    click.echo(words)


def say_json(value: Any) -> None:
    """One JSON value on standard output with nothing else there."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")
