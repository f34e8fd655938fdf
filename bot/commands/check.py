"""`lollipop check`: every fault at once, each with its cure."""

import asyncio
import contextlib
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import click

from bot.channels.email.send import Smtp
from bot.channels.slack.channel import SlackChannel
from bot.channels.telegram.channel import TelegramChannel, TelegramSettings
from bot.clock import Clock, MachineClock
from bot.commands.changed_words import changed_words
from bot.commands.closed import ClosedDesk
from bot.commands.content import read_all
from bot.commands.house import Where, pass_where, say, say_json
from bot.commands.placeholders import placeholders
from bot.commands.sample import SCHOOL
from bot.commands.translated import missing_in
from bot.commands.vacant import vacancies
from bot.connecting import slack_settings
from bot.school_file import SchoolFile
from bot.served import loaded_schools, parsed, parsed_all, served
from bot.settings import Settings, Tokens
from bot.storage import LoadedSchool, Posting, SqlUnits, check_schema, open_engines, server_time
from bot.tokens import Signer
from bot.unit import Unit
from pages import Shelf
from parents import PEOPLE_NEEDED, can_approve, days_in_words, uncovered
from safeguarding import KeyStore
from school.people import SAFEGUARDING_ROLES
from school.roles import without_cover
from school.school import School
from school.words import Refusal
from staff import APPROVALS, alarms, said_alarm

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


@dataclass(frozen=True)
class Written:
    """A school file: what its faults call it, what stands in it, and what it says. Both raise SchoolFileError."""

    name: str
    text: Callable[[], str]
    read: Callable[[], SchoolFile]


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
    files: list[SchoolFile] = []
    several = False
    for place, written in _written(where, settings):
        several = several or bool(place)
        file, fault = _tried(f"{place}school file", written.read, "Correct the file.")
        files += [file] if file else []
        if fault:
            yield fault
        yield from _to_fill_in(place, written, file.school() if file else None)
    schools = {file.id: file.school() for file in files}
    yield from _content(where, schools, clock)
    if settings is not None:
        yield from _process(where, settings, files)
        places = {id_: f"{id_}: " if several else "" for id_ in schools}
        known = [(places[file.id], schools[file.id], settings.tokens(file.token_names)) for file in files]
        alone = [("", _any_school(), settings.tokens())] if not files else []
        for place, _, tokens in known or alone:
            yield from _channels(place, tokens)
        yield from asyncio.run(_greeted(settings, known or alone, clock))
        yield from _database(where, settings, [(place, school) for place, school, _ in known], clock)
    for id_, school in schools.items():
        yield from _cover(f"{id_}: " if several else "", school, clock)


def _written(where: Where, settings: Settings | None) -> Iterator[tuple[str, Written]]:
    """Each school's file, and what to write before a fault of it: nothing where there is one school."""
    loaded: tuple[LoadedSchool, ...] = ()
    if settings is not None:
        with contextlib.suppress(Refusal):  # a database that cannot be asked is a fault of its own, further on
            loaded = loaded_schools(settings)
    several = len(loaded) > 1
    if where.name and several:
        chosen = where.chosen(parsed_all(loaded)).id
        loaded = tuple(kept for kept in loaded if kept.id == chosen)
    if not loaded:
        here = where.school_file
        yield "", Written(str(here), partial(SchoolFile.text_of, here), partial(SchoolFile.read, here))
    for kept in loaded:
        place = f"{kept.id}: " if several else ""
        yield place, Written(f"school {kept.id}", partial(str, kept.text), partial(parsed, kept))


def _tried(place: str, work: Callable[[], Value], cure: str) -> tuple[Value | None, Fault | None]:
    try:
        return work(), None
    except Refusal as refusal:
        return None, Fault(place, str(refusal.text), cure)


def _to_fill_in(place: str, written: Written, school: School | None) -> Iterator[Fault]:
    """What `lollipop init` could not know, and what nobody may go without."""
    text, _ = _tried("", written.text, "")
    for left in placeholders(text or ""):
        yield Fault(f"{place}school file", f"{written.name}:{left.line}: {left.what}", left.cure)
    too_young = sorted(school.reporting.dm_years - {*school.reporting.years_by_dm}) if school is not None else []
    if too_young:
        years = ", ".join(year.code for year in too_young)
        what = f"dm_years names year {years}, but Slack and Telegram ask for 16 years and more. These are not let in."
        yield Fault(
            f"{place}school file", what, "Under [reporting], name 12 and 13 alone: the web form is for everybody."
        )
    if school is not None and not school.reporting.out_of_hours_phone:
        what = "out_of_hours_phone is empty, so whoever reports when school is closed is given no local number."
        cure = (
            'Write a number that is answered then, under [reporting]: out_of_hours_phone = "01632 960123". '
            "The out-of-hours team of your local children's services has one."
        )
        yield Fault(f"{place}school file", what, cure)
    if school is not None and school.second_person and len(can_approve(school.people)) < PEOPLE_NEEDED:
        what = "a newsletter for the whole school needs two people's yes, and fewer than two people can give one."
        cure = 'Give a second person the role of esafety_lead or office, or write [newsletters] second_person = "off".'
        yield Fault(f"{place}school file", what, cure, "warning")
    for event in school.events if school is not None else ():
        if not event.cancelled and school is not None and not school.calendar.is_school_day(event.day):
            what = f"the event {event.id!r} is on {event.day}, which is not a school day."
            yield Fault(f"{place}school file", what, "If that is meant, leave it so; else write its day.", "warning")


def _content(where: Where, schools: Mapping[str, School], clock: Clock) -> Iterator[Fault]:
    found, faults = read_all(where, on=clock.now().date())
    for line, cure in faults:
        yield Fault("content", line, cure)
    for id_, school in schools.items() if found else ():
        place = f"{id_}: " if len(schools) > 1 else ""
        for campaign in found.campaigns.values() if found else ():
            if days := uncovered(campaign, school=school, on=school.calendar.today(clock.now())):
                what = f"no safeguarding lead or deputy is in on these days of {campaign.name}: {days_in_words(days)}."
                yield Fault(f"{place}cover", what, "Shorten the leave in the school file, or move the date.", "warning")
        for language in school.languages if found else ():
            if found and (what := missing_in(found.shelf, language.code)):
                cure = "lollipop content check --missing names them; a school may add pages of its own."
                yield Fault(f"{place}languages", what, cure, "warning")
        for name in school.campaigns:
            if found and name not in found.campaigns:
                what = f"campaigns: there is no campaign {name!r}; there are: {', '.join(found.campaigns)}"
                yield Fault(f"{place}school file", what, "Correct the file.")

        yield from _documents(place, school, found.shelf) if found else ()


def _documents(place: str, school: School, shelf: Shelf) -> Iterator[Fault]:
    """Rules in the school file for documents that nobody has, or that ask nothing."""
    known = {page.id: page.front for page in shelf.all(kind="agreement")}
    for name in school.agreements:
        if name not in known:
            what = f"agreements: there is no document {name!r} to sign; there are: {', '.join(known)}"
            yield Fault(f"{place}school file", what, "Correct the file, or add the page.")


def _process(where: Where, settings: Settings, files: Sequence[SchoolFile]) -> Iterator[Fault]:
    """What all schools have in common."""
    if settings.smtp_url:
        _, fault = _tried("LOLLIPOP_SMTP_URL", lambda: Smtp.parse(settings.smtp_url), "Correct it in .env.")
        if fault:
            yield fault
    else:
        what = "is not set, so no e-mail goes out, and families can't join by e-mail."
        cure = "Put the address of your mail server into .env to switch it on: smtp://name:password@host:587"
        yield Fault("LOLLIPOP_SMTP_URL", what, cure, "warning")
    if settings.smtp_url and not settings.public_url.startswith("https://"):
        what = "is no https address, so mail programs show no button to leave the letters by (RFC 8058)."
        yield Fault("LOLLIPOP_PUBLIC_URL", what, "Serve the web pages by https, and put that address here.", "warning")
    if not settings.public_url:
        what = "is not set, so links lead to this machine only."
        yield Fault("LOLLIPOP_PUBLIC_URL", what, "Put the address of the web pages into .env.", "warning")
    _, fault = _tried("tokens", lambda: served(settings, files), "Until then Lollipop does not start.")
    if fault:
        yield fault
    here, loaded = where.school_file, {}
    with contextlib.suppress(Refusal):
        loaded = {kept.id: kept.text for kept in loaded_schools(settings)}
    if loaded and here.exists():
        text, _ = _tried("", lambda: SchoolFile.text_of(here), "")
        if text is not None and text not in loaded.values():
            what = "is not read any more, because schools are loaded, and it is not the same as what was loaded."
            yield Fault(str(here), what, f"Run: lollipop school load {here}. Or move the file away.", "warning")


def _channels(place: str, tokens: Tokens) -> Iterator[Fault]:
    names, key = tokens.names, "under [tokens] in the school file"
    for name, variable, field, token, fault in (
        ("Slack", names.slack_bot, "slack_bot", tokens.slack_bot, tokens.slack_fault),
        ("Telegram", names.telegram, "telegram", tokens.telegram, tokens.telegram_fault),
    ):
        if fault:
            yield Fault(f"{place}{name}", str(fault.text), "Until then it is off, and everything else works.")
        elif not token:
            cure = f"Put {variable} into .env" if variable else f"Name the variable that holds it as {field} {key}"
            yield Fault(f"{place}{name}", "has no token, so it is off.", f"{cure} to switch it on.", "warning")


def _any_school() -> School:
    """A token is good or bad whatever the school file says."""
    return SchoolFile.model_validate(tomllib.loads(SCHOOL.format(id="any", name="Any"))).school()


async def _greeted(settings: Settings, schools: Sequence[tuple[str, School, Tokens]], clock: Clock) -> list[Fault]:
    """Say hello with each token; nothing is sent to anybody, and no message is taken from the queue."""
    desk = ClosedDesk()
    greetings: list[tuple[str, str, SlackChannel | TelegramChannel]] = []
    for place, school, tokens in schools:
        signs = Signer(school.id, ((1, bytes(32)),))
        if tokens.slack_bot:
            slack = slack_settings(settings, replace(tokens, slack_signing_secret=""))
            greetings.append((place, "Slack", SlackChannel(slack, school.id, desk, signs, clock)))
        if tokens.telegram:
            telegram = TelegramSettings(token=tokens.telegram, api_url=settings.telegram_api_url)
            greetings.append((place, "Telegram", TelegramChannel(telegram, school, desk, signs, clock)))
    said = await asyncio.gather(*(channel.greet() for _, _, channel in greetings), return_exceptions=True)
    faults = []
    for (place, name, channel), answer in zip(greetings, said, strict=True):
        if isinstance(answer, Refusal):
            faults.append(Fault(f"{place}{name}", str(answer.text), "Until then it is off, and everything else works."))
        elif isinstance(answer, BaseException):
            raise answer
        # Schools of one platform are told by one clock: its fault is said once.
        faults += [fault for fault in _clock(name, channel.ahead) if fault not in faults]
    return faults


def _clock(of: str, ahead: timedelta | None) -> Iterator[Fault]:
    """`ahead` is by how much the clock of somebody else is ahead of this machine's; None where nobody was reached."""
    if ahead is not None and abs(ahead) > CLOCKS_APART:
        way = "behind" if ahead > timedelta(0) else "ahead of"
        minutes = round(abs(ahead).total_seconds() / 60)
        what = f"this machine's clock is about {minutes} minutes {way} the clock of {of}."
        yield Fault("clock", what, "Set the clock, best by NTP. Five minutes apart, Slack's messages would be refused.")


def _database(where: Where, settings: Settings, schools: Sequence[tuple[str, School]], clock: Clock) -> Iterator[Fault]:
    try:
        engines = open_engines(settings.database_url)
        told = server_time(engines)
        yield from _clock("the database", told - clock.now() if told else None)
        check_schema(engines.read)
    except Refusal as refusal:
        yield Fault("database", str(refusal.text), "Run: lollipop db upgrade")
        return
    for place, school in schools:
        with SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock)).read(school.id) as unit:
            yield from _keys(unit, place, school, clock)
            for what, cure in changed_words(where, unit.editions):
                yield Fault(f"{place}content", what, cure)
    engines.close()


def _keys(unit: Unit, place: str, school: School, clock: Clock) -> Iterator[Fault]:
    for person in school.people:
        if person.holds(*SAFEGUARDING_ROLES) and not unit.concerns.wrapped_keys(person.id):
            invited = unit.enrolments.open_until(person=person.id, now=clock.now())
            yield _no_key(person.id, invited, school, place=place)
    yield from _lonely(unit.keyring, school, place=place)


def _lonely(keyring: KeyStore, school: School, *, place: str) -> Iterator[Fault]:
    """Open reports that one more lost passphrase would shut for good, or that are shut already."""
    here = {person.id for person in school.people if person.holds(*SAFEGUARDING_ROLES)}
    holdings = keyring.open_holdings()
    able = [(each.readers | each.reserve) & here for each in holdings]
    for person in sorted(here & {person for each in holdings for person in each.shut_out}):
        count = sum(person in each.shut_out for each in holdings)
        what = f"{person} lost a passphrase since, and can't open {count} of the open reports any more."
        cure = "A colleague who can should let them read again (/inbox, “Let a colleague read it”)."
        yield Fault(f"{place}keys", what, cure, "warning")
    if shut := sum(not people for people in able):
        what = f"nobody with a safeguarding role can open {shut} of the open reports."
        cure = "Give whoever could before a role in the school file again, so that they can let a colleague read."
        yield Fault(f"{place}keys", what, cure)
    if lonely := sum(len(people) == 1 for people in able):
        what = f"{lonely} of the open reports can be opened by one person only."
        cure = "That person should let a colleague read them (/inbox, “Let a colleague read it”), if one may."
        yield Fault(f"{place}keys", what, cure, "warning")


def _no_key(person: str, invited_until: datetime | None, school: School, *, place: str) -> Fault:
    told = f" --school {school.id}" if place else ""
    what = f"{person} has no key yet, so reports meant for them cannot be sealed to them."
    if invited_until is None:
        return Fault(f"{place}keys", what, f"Run: lollipop{told} keys invite {person}")
    until = f"{school.calendar.local(invited_until):%d %B %Y, %H:%M}"
    cure = (
        f"Start Lollipop, so that {person} can use their code at /inbox/enrol. "
        f"If the code is lost, run: lollipop{told} keys invite {person}"
    )
    return Fault(f"{place}keys", f"{what} Their invitation is open until {until}.", cure)


def _cover(place: str, school: School, clock: Clock) -> Iterator[Fault]:
    today = school.calendar.today(clock.now())
    for role in without_cover(school.people, leave=school.leave, on=today):
        what = f"nobody who is the {role} is in today."
        yield Fault(f"{place}cover", what, "Give somebody the role, or shorten the leave in the school file.")
    for what, cure in vacancies(school, today):
        yield Fault(f"{place}school file", what, cure, "warning")
    for part in (each for each in alarms(school, on=today) if each.id not in APPROVALS):
        cure = "Give somebody the role in the school file, or name a deputy under [approvers.deputies]."
        yield Fault(f"{place}roles", f"{said_alarm(part)}.", cure, "warning")
