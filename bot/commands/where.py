"""What every command needs: where the school file is, and how to say something. Nothing here takes long to import."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Protocol, TypeVar

import click

from bot.settings import Settings, load

SCHOOL_FILE = "school.toml"


class Named(Protocol):
    """A school file, as far as choosing one takes: the reader of all of it takes long to import."""

    @property
    def id(self) -> str:
        """Of the school, as it stands in the file."""

    @property
    def name(self) -> str:
        """As parents know it."""


File = TypeVar("File", bound=Named)


@dataclass(frozen=True)
class Where:
    """What stands before the command's name: the school file, and which school of several."""

    school_file: Path
    name: str = ""

    def settings(self) -> Settings:
        """Raises SettingError."""
        return load(self.school_file)

    def chosen(self, files: Sequence[File]) -> File:
        """The school that is meant. Raises click.UsageError: a command for one must not be done to another."""
        found = named(files, self.name) if self.name else list(files)
        if len(found) == 1:
            return found[0]
        there = "; ".join(f"“{file.name}” ({file.id})" for file in files)
        if found:
            said = f"there are several schools. Say which one is meant, by its id: --school {found[0].id}"
            raise click.UsageError(f"{said}. There are: {there}.")
        there = f"The school file is that of {there}" if len(files) == 1 else f"There are: {there}"
        raise click.BadParameter(f"there is no school “{self.name}” here. {there}.", param_hint="--school")


def named(files: Sequence[File], name: str) -> list[File]:
    """Those with a name or an id; an id comes before a name."""
    asked = name.casefold()
    return [file for file in files if file.id == asked] or [file for file in files if file.name.casefold() == asked]


pass_where = click.make_pass_decorator(Where)


def say(words: str) -> None:
    """A line for a person."""
    click.echo(words)


def leave_alone(words: str) -> NoReturn:
    """Somebody was asked and said no: not an error, and yet a program that goes on must see that it was not done."""
    click.echo(words, err=True)
    click.get_current_context().exit(1)


def say_json(value: Any) -> None:
    """One JSON value on standard output with nothing else there."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")
