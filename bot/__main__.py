"""The `lollipop` command line."""

import sys
from pathlib import Path

import click

from bot.commands.lazy import LazyGroup, loaded
from bot.commands.where import SCHOOL_FILE, Where
from school.words import Refusal

# Each command by the place it is loaded from when it is first asked for: all of them together take over a second to
# import. What `--help` says of each stands beside it; tests/house/test_command_table.py holds both to the code.
TABLE = {
    "audit": ("bot.commands.audit:audit", "The log of what was done in the vault."),
    "backup": ("bot.commands.groups:backup", "Write the database and the school file into FILE."),
    "campaign": ("bot.commands.sending:campaign", "Campaigns and newsletters that are being sent."),
    "check": (
        "bot.commands.check:check",
        "Look at settings, school file, content, tokens, database, keys, clock and cover; say all that is wrong.",
    ),
    "content": ("bot.commands.content:content", "Pages: lessons, newsletters, campaigns and wording."),
    "coverage": ("bot.commands.coverage:coverage", "What each class has been taught, by strand."),
    "data-map": (
        "bot.commands.data_map:data_map",
        "Print every stored column: whose data it holds, how that ends, and whether the program does it.",
    ),
    "db": ("bot.commands.groups:db", "The database's schema."),
    "delivery": ("bot.commands.sending:delivery", "Sending."),
    "demo": ("bot.demo:demo", "Show everything with a sample school, on this machine alone."),
    "guidance": (
        "bot.commands.guidance:guidance",
        "Changes in guidance: the list with what is open, and releases of the school's own.",
    ),
    "init": ("bot.commands.init:init", "Write school.toml, .env, keys and slack-manifest.yaml into FOLDER."),
    "keys": ("bot.commands.keyring:keys", "Safeguarding recipients' keys, and the keys that sign buttons and links."),
    "lesson": ("bot.commands.groups:lessons", "The curriculum from the shell."),
    "newsletter": ("bot.commands.newsletter:newsletter", "Newsletters: what would go out, a test, and sending."),
    "parents": ("bot.commands.groups:families", "Families."),
    "permissions": (
        "bot.commands.permissions:permissions",
        "Print who may ask for what, and where: every verb by every role.",
    ),
    "policy": ("bot.commands.policy:policy", "The policy and its evidence."),
    "registers": (
        "bot.commands.registers:registers",
        "The school's registers: devices, risks, other policies, and who has which part.",
    ),
    "report": ("bot.commands.audit:report", "Reports, without their content."),
    "restore": ("bot.commands.groups:restore", "Bring FILE back into an empty database."),
    "routing": (
        "bot.commands.routing:routing",
        "Print who would get a report today: by whom it is about, year and what it is about.",
    ),
    "run": ("bot.commands.run:run", "Run the bot, the web pages, the ticker and delivery."),
    "school": (
        "bot.commands.schools:schools",
        "Several schools in one Lollipop: load their files, list them, get a file out again.",
    ),
    "signoffs": (
        "bot.commands.signoffs:signoffs",
        "Who has signed the staff's, volunteers' and governors' agreements, and which classes have theirs.",
    ),
    "training": (
        "bot.commands.training:training",
        "What staff learn: the roll, and the slides of an INSET day.",
    ),
    "worker": ("bot.commands.worker:worker", "Send, plan and look after what is due, beside `lollipop run`."),
}
# As late as the commands: it reads the school files, of which the database may keep several.
FILES_OF = "bot.served:files_of"


@click.group(cls=LazyGroup, table=TABLE)
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
        where.chosen(loaded(FILES_OF)(where.settings()))


def main() -> None:
    """Run a command. An anticipated no is one sentence and exit code 1; wrong words are click's, with exit code 2."""
    try:
        cli(prog_name="lollipop")
    except Refusal as refusal:
        click.echo(str(refusal.text), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
