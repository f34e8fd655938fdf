"""`lollipop check`: every fault at once, each with its cure."""

import asyncio
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NoReturn, TypeVar

import click

from bot.channels.email.send import Smtp
from bot.channels.slack.channel import SlackChannel, SlackSettings
from bot.channels.telegram.channel import TelegramChannel, TelegramSettings
from bot.clock import MachineClock
from bot.commands.content import data_faults
from bot.commands.house import Where, faults_of, library, pass_where, say, say_json
from bot.commands.placeholders import placeholders
from bot.commands.sample import SCHOOL
from bot.main import LibraryError
from bot.school_file import SchoolFile
from bot.settings import Settings
from bot.storage import Posting, SqlUnits, check_schema, open_engines
from bot.tokens import Signer
from school.people import SAFEGUARDING_ROLES
from school.roles import without_cover
from school.school import School
from school.words import Refusal
from staff import PolicyFault, load_clauses

Value = TypeVar("Value")


@dataclass(frozen=True)
class Fault:
    """Where, what, how to mend it; a `warning` does not fail the check."""

    where: str
    what: str
    cure: str
    severity: str = "fault"


@click.command(epilog="Example: lollipop check --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_where
def check(where: Where, as_json: bool) -> None:  # noqa: FBT001 - click hands it over so
    """Look at settings, school file, content, database, keys and cover; say everything that is wrong."""
    faults = list(find(where))
    broken = [fault for fault in faults if fault.severity == "fault"]
    if as_json:
        say_json({"ok": not broken, "faults": [asdict(fault) for fault in faults]})
    else:
        for fault in faults:
            say(f"{fault.severity}: {fault.where}: {fault.what}\n    {fault.cure}")
        say("All is well." if not faults else f"{len(broken)} to mend, {len(faults) - len(broken)} to know of.")
    if broken:
        sys.exit(1)


def find(where: Where) -> Iterator[Fault]:
    """Every fault, in the order in which to mend them."""
    settings, fault = _tried("settings", where.settings, "Correct .env or the environment.")
    if fault:
        yield fault
    school, fault = _tried("school file", lambda: SchoolFile.read(where.school_file).school(), "Correct the file.")
    if fault:
        yield fault
    yield from _to_fill_in(where, school)
    yield from _content(where, school)
    if settings is not None:
        yield from _channels(settings)
        yield from asyncio.run(_greeted(settings, school or _any_school()))
    if settings is not None and school is not None:
        yield from _database(settings, school)
        yield from _cover(school)


def _tried(place: str, work: Callable[[], Value], cure: str) -> tuple[Value | None, Fault | None]:
    try:
        return work(), None
    except Refusal as refusal:
        return None, Fault(place, str(refusal.text), cure)


def _to_fill_in(where: Where, school: School | None) -> Iterator[Fault]:
    """What `lollipop init` could not know, and what nobody may go without."""
    for left in placeholders(where.school_file):
        yield Fault("school file", f"{where.school_file}:{left.line}: {left.what}", left.cure)
    if school is not None and not school.reporting.out_of_hours_phone:
        what = "out_of_hours_phone is empty, so whoever reports when school is closed is given no local number."
        cure = (
            'Write a number that is answered then, under [reporting]: out_of_hours_phone = "01632 960123". '
            "The out-of-hours team of your local children's services has one."
        )
        yield Fault("school file", what, cure)


def _content(where: Where, school: School | None) -> Iterator[Fault]:
    try:
        found = library(where)
        load_clauses()
        for line in data_faults(found, on=MachineClock().now().date()):
            yield Fault("content", line, "Correct the file.")
        for name in school.campaigns if school else ():
            if name not in found.campaigns:
                what = f"campaigns: there is no campaign {name!r}; there are: {', '.join(found.campaigns)}"
                yield Fault("school file", what, "Correct the file.")
    except (LibraryError, PolicyFault) as faults:
        for line in faults_of(faults):
            yield Fault("content", line, "Correct the page.")


def _channels(settings: Settings) -> Iterator[Fault]:
    for name, token in (("Slack", settings.slack_bot_token), ("Telegram", settings.telegram_token)):
        if not token:
            variable = f"LOLLIPOP_{name.upper()}{'_BOT' if name == 'Slack' else ''}_TOKEN"
            yield Fault(name, "has no token, so it is off.", f"Put {variable} into .env to switch it on.", "warning")
    if settings.smtp_url:
        _, fault = _tried("LOLLIPOP_SMTP_URL", lambda: Smtp.parse(settings.smtp_url), "Correct it in .env.")
        if fault:
            yield fault
    if not settings.public_url:
        what = "is not set, so links lead to this machine only."
        yield Fault("LOLLIPOP_PUBLIC_URL", what, "Put the address of the web pages into .env.", "warning")


class _ClosedDesk:
    """A FrontDesk for channels that say hello to their platform and listen to nobody."""

    async def _closed(self, *_: object, **__: object) -> NoReturn:
        raise Refusal

    ask = give_up = unlock = enrol = _closed

    def answered(self, *_: object, **__: object) -> NoReturn:
        raise Refusal


def _any_school() -> School:
    """A token is good or bad whatever the school file says."""
    return SchoolFile.model_validate(tomllib.loads(SCHOOL.format(id="any", name="Any"))).school()


async def _greeted(settings: Settings, school: School) -> list[Fault]:
    """Say hello with each token; nothing is sent to anybody, and no message is taken from the queue."""
    desk, clock, signs = _ClosedDesk(), MachineClock(), Signer(school.id, ((1, bytes(32)),))
    greetings = []
    if settings.slack_bot_token:
        slack = SlackSettings(
            bot_token=settings.slack_bot_token,
            api_url=settings.slack_api_url,
            app_token=settings.slack_app_token or None,
        )
        greetings.append(("Slack", SlackChannel(slack, school.id, desk, signs, clock).greet()))
    if settings.telegram_token:
        telegram = TelegramSettings(token=settings.telegram_token, api_url=settings.telegram_api_url)
        greetings.append(("Telegram", TelegramChannel(telegram, school, desk, signs, clock).greet()))
    said = await asyncio.gather(*(greeting for _, greeting in greetings), return_exceptions=True)
    faults = []
    for (name, _), answer in zip(greetings, said, strict=True):
        if isinstance(answer, Refusal):
            faults.append(Fault(name, str(answer.text), "Until then it is off, and everything else works."))
        elif isinstance(answer, BaseException):
            raise answer
    return faults


def _database(settings: Settings, school: School) -> Iterator[Fault]:
    try:
        engines = open_engines(settings.database_url)
        check_schema(engines.read)
    except Refusal as refusal:
        yield Fault("database", str(refusal.text), "Run: lollipop db upgrade")
        return
    clock = MachineClock()
    with SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock)).read(school.id) as unit:
        for person in school.people:
            if person.holds(*SAFEGUARDING_ROLES) and not unit.concerns.wrapped_keys(person.id):
                yield _no_key(person.id, unit.enrolments.open_until(person=person.id, now=clock.now()), school)
    engines.close()


def _no_key(person: str, invited_until: datetime | None, school: School) -> Fault:
    what = f"{person} has no key yet, so reports meant for them cannot be sealed to them."
    if invited_until is None:
        return Fault("keys", what, f"Run: lollipop keys invite {person}")
    until = f"{school.calendar.local(invited_until):%d %B %Y, %H:%M}"
    cure = (
        f"Start Lollipop, so that {person} can use their code at /inbox/enrol. "
        f"If the code is lost, run: lollipop keys invite {person}"
    )
    return Fault("keys", f"{what} Their invitation is open until {until}.", cure)


def _cover(school: School) -> Iterator[Fault]:
    today = school.calendar.today(MachineClock().now())
    for role in without_cover(school.people, leave=school.leave, on=today):
        what = f"nobody who is the {role} is in today."
        yield Fault("cover", what, "Give somebody the role, or shorten the leave in school.toml.")
