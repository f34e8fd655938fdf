"""`lollipop check`: every fault at once, each with its cure."""

import asyncio
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TypeVar

import click

from bot.channels.email.send import Smtp
from bot.channels.slack.channel import SlackChannel, SlackSettings
from bot.channels.telegram.channel import TelegramChannel, TelegramSettings
from bot.clock import Clock, MachineClock
from bot.commands.closed import ClosedDesk
from bot.commands.content import read_all
from bot.commands.house import Where, pass_where, say, say_json
from bot.commands.sample import SCHOOL
from bot.school_file import SchoolFile
from bot.settings import Settings
from bot.storage import Engines, Posting, SqlUnits, check_schema, open_engines, server_time
from bot.tokens import Signer
from school.people import SAFEGUARDING_ROLES
from school.roles import without_cover
from school.school import School
from school.words import Refusal

Value = TypeVar("Value")
MACHINE = MachineClock()
# Slack's signatures are refused at five minutes (docs.slack.dev/authentication/verifying-requests-from-slack).
CLOCKS_APART = timedelta(minutes=2)


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
    """Look at settings, school file, content, tokens, database, keys, clock and cover; say all that is wrong."""
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


def find(where: Where, clock: Clock = MACHINE) -> Iterator[Fault]:
    """Every fault, in the order in which to mend them. `clock` is the machine's."""
    settings, fault = _tried("settings", where.settings, "Correct .env or the environment.")
    if fault:
        yield fault
    school, fault = _tried("school file", lambda: SchoolFile.read(where.school_file).school(), "Correct the file.")
    if fault:
        yield fault
    yield from _content(where, school, clock)
    if settings is not None:
        yield from _channels(settings)
        yield from asyncio.run(_greeted(settings, school or _any_school(), clock))
        yield from _database(settings, school, clock)
    if school is not None:
        yield from _cover(school, clock)


def _tried(place: str, work: Callable[[], Value], cure: str) -> tuple[Value | None, Fault | None]:
    try:
        return work(), None
    except Refusal as refusal:
        return None, Fault(place, str(refusal.text), cure)


def _content(where: Where, school: School | None, clock: Clock) -> Iterator[Fault]:
    found, faults = read_all(where, on=clock.now().date())
    for line, cure in faults:
        yield Fault("content", line, cure)
    for name in school.campaigns if school and found else ():
        if found and name not in found.campaigns:
            what = f"campaigns: there is no campaign {name!r}; there are: {', '.join(found.campaigns)}"
            yield Fault("school file", what, "Correct the file.")


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


def _any_school() -> School:
    """A token is good or bad whatever the school file says."""
    return SchoolFile.model_validate(tomllib.loads(SCHOOL.format(id="any", name="Any"))).school()


async def _greeted(settings: Settings, school: School, clock: Clock) -> list[Fault]:
    """Say hello with each token; nothing is sent to anybody, and no message is taken from the queue."""
    desk, signs = ClosedDesk(), Signer(school.id, ((1, bytes(32)),))
    greetings: list[tuple[str, SlackChannel | TelegramChannel]] = []
    if settings.slack_bot_token:
        slack = SlackSettings(
            bot_token=settings.slack_bot_token,
            api_url=settings.slack_api_url,
            app_token=settings.slack_app_token or None,
        )
        greetings.append(("Slack", SlackChannel(slack, school.id, desk, signs, clock)))
    if settings.telegram_token:
        telegram = TelegramSettings(token=settings.telegram_token, api_url=settings.telegram_api_url)
        greetings.append(("Telegram", TelegramChannel(telegram, school, desk, signs, clock)))
    said = await asyncio.gather(*(channel.greet() for _, channel in greetings), return_exceptions=True)
    faults = []
    for (name, channel), answer in zip(greetings, said, strict=True):
        if isinstance(answer, Refusal):
            faults.append(Fault(name, str(answer.text), "Until then it is off, and everything else works."))
        elif isinstance(answer, BaseException):
            raise answer
        faults += _clock(name, channel.ahead)
    return faults


def _clock(of: str, ahead: timedelta | None) -> Iterator[Fault]:
    """`ahead` is by how much the clock of somebody else is ahead of this machine's; None where nobody was reached."""
    if ahead is not None and abs(ahead) > CLOCKS_APART:
        way = "behind" if ahead > timedelta(0) else "ahead of"
        minutes = round(abs(ahead).total_seconds() / 60)
        what = f"this machine's clock is about {minutes} minutes {way} the clock of {of}."
        yield Fault("clock", what, "Set the clock, best by NTP. Five minutes apart, Slack's messages would be refused.")


def _database(settings: Settings, school: School | None, clock: Clock) -> Iterator[Fault]:
    try:
        engines = open_engines(settings.database_url)
        told = server_time(engines)
        yield from _clock("the database", told - clock.now() if told else None)
        check_schema(engines.read)
    except Refusal as refusal:
        yield Fault("database", str(refusal.text), "Run: lollipop db upgrade")
        return
    if school is not None:
        yield from _keys(engines, school, clock)
    engines.close()


def _keys(engines: Engines, school: School, clock: Clock) -> Iterator[Fault]:
    with SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock)).read(school.id) as unit:
        for person in school.people:
            if person.holds(*SAFEGUARDING_ROLES) and not unit.concerns.wrapped_keys(person.id):
                what = f"{person.id} has no key yet, so reports meant for them cannot be sealed to them."
                yield Fault("keys", what, f"Run: lollipop keys invite {person.id}")


def _cover(school: School, clock: Clock) -> Iterator[Fault]:
    today = school.calendar.today(clock.now())
    for role in without_cover(school.people, leave=school.leave, on=today):
        what = f"nobody who is the {role} is in today."
        yield Fault("cover", what, "Give somebody the role, or shorten the leave in school.toml.")
