"""The `lollipop` command line."""

import sys
from pathlib import Path

import click

from bot.commands import check, content, data_map, groups, init, run
from bot.commands.house import SCHOOL_FILE, Where
from bot.demo import demo
from bot.school_file import SchoolFile
from school.words import Refusal


@click.group()
@click.option(
    "--school-file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=SCHOOL_FILE,
    show_default=True,
    envvar="LOLLIPOP_SCHOOL_FILE",
    help="The school file; .env and the home folder stand beside it.",
)
@click.option(
    "--school",
    metavar="NAME",
    help="The school, by its name or id, where there are several. It is held against the school file.",
)
@click.version_option(package_name="lollipop")
@click.pass_context
def cli(context: click.Context, school_file: Path, school: str | None) -> None:
    """Keep a school's e-safety policy alive: lessons, families, concerns and the evidence."""
    context.obj = where = Where(school_file.resolve())
    if school is not None:
        _known(school, where)


def _known(asked: str, where: Where) -> None:
    """A command for one school must not be done to another. Raises click.BadParameter."""
    found = SchoolFile.read(where.school_file).school()
    if asked.casefold() not in {found.id.casefold(), found.name.casefold()}:
        said = f"there is no school “{asked}” here. The school file is that of “{found.name}” ({found.id})."
        raise click.BadParameter(said, param_hint="--school")


for command in (
    check.check,
    content.content,
    data_map.data_map,
    demo,
    groups.backup,
    groups.coverage_,
    groups.db,
    groups.delivery,
    groups.families,
    groups.keys,
    groups.lessons,
    groups.policy,
    groups.restore,
    init.init,
    run.run,
):
    cli.add_command(command)


def main() -> None:
    """Run a command. An anticipated no is one sentence and exit code 1; wrong words are click's, with exit code 2."""
    try:
        cli(prog_name="lollipop")
    except Refusal as refusal:
        click.echo(str(refusal.text), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
