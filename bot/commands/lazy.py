"""A group of commands whose modules are imported when a command is first asked for."""

import gc
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

Table = Mapping[str, tuple[str, str]]


def loaded(place: str) -> Any:
    """What stands at `module:name`.

    An import makes hundreds of thousands of objects and no rubbish: the collector looks away meanwhile, and never looks
    at them again. That is a tenth of the time of a cold start.
    """
    module, _, name = place.partition(":")
    gc.disable()
    try:
        return getattr(import_module(module), name)
    finally:
        gc.freeze()
        gc.enable()


class LazyGroup(click.Group):
    """Knows each command's place and what `--help` says of it; the rest comes with its module."""

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table

    def list_commands(self, _: click.Context) -> list[str]:
        """Every name, in order."""
        return sorted(self.table)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, or None where there is none of that name."""
        if cmd_name not in self.table:
            return None
        command: click.Command = loaded(self.table[cmd_name][0])
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with the names that were perhaps meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=self.table, ctx=ctx) from None

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_, said) in sorted(self.table.items())])
