"""The `lollipop` command line."""

import sys
from pathlib import Path

import click

from bot.commands import check, content, groups, init, run, schools, sending, worker
from bot.commands.house import SCHOOL_FILE, Where
from bot.demo import demo
from bot.served import files_of
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
    help="The school, by its name or id, where there are several. It is held against the schools that there are.",
)
@click.version_option(package_name="lollipop")
@click.pass_context
def cli(context: click.Context, school_file: Path, school: str | None) -> None:
    """Keep a school's e-safety policy alive: lessons, families, concerns and the evidence."""
    context.obj = where = Where(school_file.resolve(), school or "")
    if school is not None:
        where.chosen(files_of(where.settings()))


for command in (
    check.check,
    content.content,
    demo,
    groups.backup,
    groups.coverage_,
    groups.db,
    sending.campaign,
    sending.delivery,
    groups.families,
    groups.keys,
    groups.lessons,
    groups.policy,
    groups.restore,
    init.init,
    run.run,
    schools.schools,
    worker.worker,
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
