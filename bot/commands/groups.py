"""Commands over a school's stores: database, parents, lessons, delivery, reports, policy, backup."""

import secrets
import string
from pathlib import Path

import click

from bot.addresses import joining_path
from bot.clock import MachineClock
from bot.commands import own_policy
from bot.commands.bot_names import bot_of
from bot.commands.data_rights import erase_family, export_family
from bot.commands.family_agreements import agreements, ask, photos
from bot.commands.family_codes import family_codes
from bot.commands.house import Stores, Where, library, pass_where, say, say_json, stores
from bot.commands.numbers import numbers
from bot.commands.school_events import event_named, events
from bot.engines import prepare as prepare_engine
from bot.keys import FILE, signer
from bot.paper import poster
from bot.settings import Settings
from bot.storage import current, downgrade, upgrade
from bot.storage.backup import backup as back_up
from bot.storage.backup import backup_as_it_stands as back_up_as_it_stands
from bot.storage.backup import file_beside
from bot.storage.backup import restore as bring_back
from bot.tokens import LINK
from curriculum import next_for, standing
from lessons import lesson, lesson_plan
from parents import invite, invite_anew
from school.events import SchoolEvent
from school.people import SchoolClass
from staff import policy_of, weigh

MAKE_ONE = (
    "Make a backup of the PostgreSQL database first, for example with pg_dump. Nothing was changed. "
    "Then run: lollipop db upgrade --backed-up"
)


def _kept_with_it(settings: Settings) -> dict[str, Path]:
    return {"school.toml": settings.school_file, FILE: settings.home / FILE}


@click.group()
def db() -> None:
    """The database's schema."""


@db.command("upgrade", epilog="Example: lollipop db upgrade")
@click.option("--backed-up", is_flag=True, help="You have made a backup of the PostgreSQL database.")
@pass_where
def db_upgrade(where: Where, backed_up: bool) -> None:  # noqa: FBT001
    """Bring the schema up to this version of Lollipop. SQLite is backed up first, beside the database."""
    settings = where.settings()

    def keep(revision: str) -> None:
        file = file_beside(settings.database_url, revision=revision, now=MachineClock().now())
        if file:
            back_up_as_it_stands(settings.database_url, file, settings=_kept_with_it(settings))
            say(f"The database as it was is kept in {file}. `lollipop restore` brings it into an empty one.")
        elif not backed_up:
            raise click.ClickException(MAKE_ONE)

    upgrade(settings.database_url, home=settings.home, keep=keep)
    say(f"The database is at {current(settings.database_url)}.")
    if prepare_engine(settings):
        say("Several processes can share it: the engine's own tables are made.")


@db.command("downgrade", epilog="Example: lollipop db downgrade base")
@click.argument("revision")
@pass_where
def db_downgrade(where: Where, revision: str) -> None:
    """Take the schema back to REVISION; what later revisions kept is lost."""
    settings = where.settings()
    downgrade(settings.database_url, revision, home=settings.home)
    say(f"The database is at {current(settings.database_url) or 'base'}.")


@db.command("current", epilog="Example: lollipop db current")
@pass_where
def db_current(where: Where) -> None:
    """Say which revision the database has."""
    say(current(where.settings().database_url) or "nothing yet: run lollipop db upgrade")


@click.group("parents")
def families() -> None:
    """Families."""


families.add_command(export_family)
families.add_command(erase_family)
families.add_command(family_codes)
families.add_command(numbers)
families.add_command(agreements)
families.add_command(ask)
families.add_command(photos)
families.add_command(events)


def invitation_link(
    at: Stores, klass: SchoolClass | None, *, bot_name: str, anew: bool = False, event: SchoolEvent | None = None
) -> tuple[str, str]:
    """The deep link of a class, or of an event, and the signed code in it; `anew` takes back the one in force."""
    letters = string.ascii_letters + string.digits
    fresh = "".join(secrets.choice(letters) for _ in range(8))
    now = MachineClock().now()
    with at.units.write(at.school.id) as unit:
        found = (invite_anew if anew else invite)(klass, families=unit.families, code=fresh, now=now, event=event)
        unit.commit()
    token = signer(at.settings.home, at.school.id).mint(LINK, found.code.encode(), on=found.created.date())
    return f"https://t.me/{bot_name}?start={token}", token


@families.command("invite", epilog="Example: lollipop parents invite Oak --bot OakfieldBot --poster oak.svg")
@click.argument("class_name", metavar="[CLASS]", default="")
@click.option("--event", "event_name", default="", metavar="ID", help="Invite to an event instead of a class.")
@click.option("--bot", "given", help="The Telegram bot's name; else it is asked of Telegram with the token.")
@click.option("--poster", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write a poster (SVG) here.")
@click.option("--revoke", is_flag=True, help="Take back the link in force and make a new one; who has joined stays.")
@pass_where
def families_invite(
    where: Where,
    class_name: str,
    event_name: str,
    given: str | None,
    file: Path | None,
    revoke: bool,  # noqa: FBT001
) -> None:
    """Print the link with which families of CLASS join, or that shows an event first, and write a poster."""
    if bool(class_name) == bool(event_name):
        raise click.UsageError("Name a class, or an event: lollipop parents invite Oak, or --event year-4-evening")
    with stores(where) as at:
        event = event_named(at.school, event_name) if event_name else None
        klass = None if event else at.school.class_named(class_name)
        link, token = invitation_link(at, klass, bot_name=bot_of(at, given), anew=revoke, event=event)
        if revoke:
            say("The old link and poster no longer work, and say so kindly. Whoever joined with them stays.")
        say(link)
        say(f"Or in the chat with the bot: /start {token}")
        if at.settings.smtp_url:
            say(f"By e-mail: {at.address}{joining_path(token)}")
        if file:
            what = f"News on online safety for {klass.name}" if klass else ""
            what = f"{event.name}, {event.day:%d/%m/%Y}" if event else what
            lines = (what, "Scan, choose a language, tap once.", "Stop at any time.")
            file.write_text(poster(title=at.school.name, lines=lines, address=link), "utf-8")
            say(f"Wrote {file}.")


@click.group("lesson")
def lessons() -> None:
    """The curriculum from the shell."""


@lessons.command("next", epilog="Example: lollipop lesson next Oak")
@click.argument("class_name", metavar="CLASS")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_where
def lesson_next(where: Where, class_name: str, as_json: bool) -> None:  # noqa: FBT001
    """The next lesson of CLASS, and why it is next."""
    content = library(where)
    with stores(where) as at, at.units.read(at.school.id) as unit:
        klass, calendar = at.school.class_named(class_name), at.school.calendar
        today = calendar.today(MachineClock().now())
        now = standing(klass, progress=unit.progress, calendar=calendar, on=today)
        position = next_for(klass, now, school=at.school, plan=lesson_plan(content.shelf), on=today)
    _, front = lesson(position.planned.lesson, shelf=content.shelf)
    if as_json:
        say_json(
            {
                "class": klass.name,
                "lesson": position.planned.lesson,
                "title": front.title,
                "reason": position.reason,
                "why": str(position.why),
                "done": position.done,
                "total": position.total,
                "joined": [entry.lesson for entry in position.joined],
            },
        )
        return
    say(f"{front.title} ({front.minutes} minutes)\n{position.why}")


@click.group()
def policy() -> None:
    """The policy and its evidence."""


for each in (own_policy.load, own_policy.export, own_policy.versions):
    policy.add_command(each)


@policy.command("evidence", epilog="Example: lollipop policy evidence --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_where
def policy_evidence(where: Where, as_json: bool) -> None:  # noqa: FBT001
    """Every clause, its colour, and this school's evidence for it."""
    now = MachineClock().now()
    with stores(where) as at, at.units.read(at.school.id) as unit:
        standings = weigh(policy_of(unit.policies).clauses, book=unit.evidence.by_kind(), now=now)
        name = at.school.name
    if as_json:
        clauses = [
            {
                "id": each.clause.id,
                "reach": each.clause.reach,
                "status": each.colour,
                "records": each.records,
                "latest": each.latest.isoformat() if each.latest else None,
                "why": str(each.why),
            }
            for each in standings
        ]
        say_json({"school": name, "as_of": now.isoformat(), "clauses": clauses})
        return
    for each in standings:
        say(f"{each.clause.id:4} {each.colour:6} {each.records:4}  {each.clause.text}")


@click.command(epilog="Example: lollipop backup monday.lollipop")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_where
def backup(where: Where, file: Path) -> None:
    """Write the database and the school file into FILE. It opens no report without a recipient's passphrase."""
    settings = where.settings()
    back_up(settings.database_url, file, settings=_kept_with_it(settings))
    say(f"Wrote {file}.")


@click.command(epilog="Example: lollipop restore monday.lollipop")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_where
def restore(where: Where, file: Path) -> None:
    """Bring FILE back into an empty database."""
    settings = where.settings()
    brought = bring_back(settings.database_url, file, settings=settings.home / "restored")
    say(f"The database is back. Settings beside it: {', '.join(brought) or 'none'}, in {settings.home / 'restored'}.")
