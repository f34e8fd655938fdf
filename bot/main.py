"""The one place that builds everything."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.channels.email.send import EmailSender, Smtp
from bot.channels.slack.channel import SlackChannel, SlackSettings
from bot.channels.telegram.channel import TelegramChannel, TelegramSettings
from bot.clock import Clock, MachineClock, SchoolClock
from bot.delivery import DeliveryLoop, MailRoom, ReplyPace
from bot.desk import Counter, House, Reception
from bot.keys import signer, webhook_secret
from bot.logs import log
from bot.scheduling import Metronome, Rounds
from bot.school_file import SchoolFile
from bot.settings import Settings
from bot.storage import Engines, Ledger, Pacing, Posting, SqlUnits, SqlVault, check_schema, new_id, open_engines
from bot.tokens import Signer
from bot.web import Metrics, create_web
from bot.wire import Channel, Pace, Via
from curriculum import Framework, FrameworkFault, load_framework
from lessons import lesson_plan
from pages import ContentFaults, NewsletterFront, Page, Shelf, load_shelf
from parents import Campaign, CampaignFault, load_campaigns
from school.notices import Lane, To
from school.people import SAFEGUARDING_ROLES, Person
from school.school import School
from school.words import Refusal, Text

ROOT = Path(__file__).parent.parent
CONTENT = tuple(ROOT / room / "content" for room in ("lessons", "parents", "safeguarding", "staff"))
TICK_SECONDS = 5
RETRY_SECONDS = 30.0


class LibraryError(Refusal):
    """Pages that cannot be used; every fault is listed, a line each."""

    text = Text("Some pages need mending. Correct each of these and try again:\n{faults}")


@dataclass(frozen=True, kw_only=True)
class Library:
    """Everything that is content."""

    shelf: Shelf
    framework: Framework
    campaigns: Mapping[str, Campaign]


def load_library(own: Path | None = None) -> Library:
    """Ours, and a school's own pages over it. Raises LibraryError with every fault."""
    try:
        framework = load_framework()
        roots = [*CONTENT, *([own] if own and own.exists() else [])]
        shelf = load_shelf(roots, known_strands=[strand.id for strand in framework.strands])
        return Library(shelf=shelf, framework=framework, campaigns=load_campaigns())
    except (ContentFaults, FrameworkFault, CampaignFault) as faults:
        raise LibraryError(faults=str(faults)) from faults


@dataclass(kw_only=True)
class Product:
    """A built Lollipop. `app` serves it; `running()` starts channels, ticker and delivery and stops them again."""

    app: Starlette
    school: School
    library: Library
    house: House
    engines: Engines
    ledger: Ledger
    loop: DeliveryLoop
    rounds: Rounds
    counter: Counter
    slack: SlackChannel | None
    telegram: TelegramChannel | None
    retry_seconds: float = RETRY_SECONDS
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def look_after(self) -> None:
        """One tick: the rounds, then delivery is told to look."""
        await self.counter.run(Lane.BULK, self.rounds.go)
        self.loop.kick()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything that runs beside the web pages."""
        metronome = Metronome(self.look_after, every_seconds=TICK_SECONDS)
        for channel in (self.slack, self.telegram):
            if channel is not None:
                self._tasks.add(asyncio.create_task(self._keep_starting(channel)))
        self._tasks.add(asyncio.create_task(self.loop.run()))
        metronome.start()
        await self.look_after()
        try:
            yield
        finally:
            metronome.stop()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            for channel in (self.slack, self.telegram):
                if channel is not None:
                    await channel.stop()
            self.counter.close()
            self.engines.close()

    async def _keep_starting(self, channel: SlackChannel | TelegramChannel) -> None:
        """A channel that cannot start says why and is tried again: the rest of the house works on."""
        via, was_off = channel.sender.via, False
        while True:
            try:
                await channel.start()
            except Refusal as refusal:
                log("channel.off", level=logging.WARNING, via=via, outcome=str(refusal.text))
            except Exception as error:  # noqa: BLE001 - whatever it was, the next try may do better
                log("channel.off", level=logging.ERROR, via=via, error=error)
            else:
                if was_off:
                    log("channel.on", via=via)
                return
            was_off = True
            await asyncio.sleep(self.retry_seconds)


def build(
    settings: Settings,
    *,
    machine_clock: Clock | None = None,
    school_clock: Clock | None = None,
    routes: Sequence[BaseRoute] = (),
    make_vault: Callable[[Engines], SqlVault] = SqlVault,
    library: Library | None = None,
) -> Product:
    """Build it for one school. `routes` come before the web's own. Raises Refusal on anything that is wrong.

    `library` is read from disk where none is given.
    """
    school = SchoolFile.read(settings.school_file).school()
    library = library or load_library(settings.own_content)
    machine = machine_clock or MachineClock()
    clock = school_clock or SchoolClock(machine)
    engines = open_engines(settings.database_url, home=settings.home)
    check_schema(engines.read)
    house = _house(settings, school, library, engines, machine, clock, make_vault)
    counter = Counter(Reception(house))
    pacing = Pacing(engines)
    pace = ReplyPace(
        school=school.id,
        pacer=pacing,
        in_thread=partial(counter.run, Lane.REPLIES),
        machine_clock=machine,
    )
    slack, telegram, channels = _channels(settings, school, counter, house.signers[school.id], machine, pace)
    ledger = Ledger(engines)
    return Product(
        app=_web(house, settings, counter, ledger, engines, slack, telegram, routes),
        school=school,
        library=library,
        house=house,
        engines=engines,
        ledger=ledger,
        loop=_loop(house, settings, counter, ledger, pacing, channels),
        rounds=Rounds(house.schools, house.units, library.shelf, library.campaigns, clock),
        counter=counter,
        slack=slack,
        telegram=telegram,
    )


def _house(
    settings: Settings,
    school: School,
    library: Library,
    engines: Engines,
    machine: Clock,
    clock: Clock,
    make_vault: Callable[[Engines], SqlVault],
) -> House:
    posting = Posting(
        school_clock=clock,
        machine_clock=machine,
        zone_of=lambda _school: school.calendar.zone,
        channel_of=lambda _school, to, recipient: _channel_of(school, settings, to, recipient),
    )
    units = SqlUnits(engines, posting)
    units.add_school(school.id)
    return House(
        schools={school.id: school},
        units=units,
        vault=make_vault(engines),
        shelf=library.shelf,
        framework=library.framework,
        plan=lesson_plan(library.shelf),
        campaigns=library.campaigns,
        signers={school.id: signer(settings.home, school.id)},
        school_clock=clock,
        machine_clock=machine,
        new_id=_new_id,
        public_url=settings.address,
        open_web=bool(settings.public_url),
    )


def _loop(
    house: House,
    settings: Settings,
    counter: Counter,
    ledger: Ledger,
    pacing: Pacing,
    channels: Mapping[str, Channel],
) -> DeliveryLoop:
    mail_room = MailRoom(
        schools=house.schools,
        units=house.units,
        shelf=house.shelf,
        clock=house.school_clock,
        public_url=settings.address,
    )
    return DeliveryLoop(
        deliveries=ledger,
        pacer=pacing,
        channels=lambda _school: channels,
        route=mail_room.route,
        compose=mail_room.compose,
        gone=mail_room.gone,
        in_thread=partial(counter.run, Lane.REPLIES),
        school_clock=house.school_clock,
        machine_clock=house.machine_clock,
    )


def _web(
    house: House,
    settings: Settings,
    counter: Counter,
    ledger: Ledger,
    engines: Engines,
    slack: SlackChannel | None,
    telegram: TelegramChannel | None,
    routes: Sequence[BaseRoute],
) -> Starlette:
    schools = house.schools

    def news(school: str) -> Sequence[Page]:
        return _news(house.shelf, schools[school].calendar.today(house.school_clock.now()))

    return create_web(
        schools=schools,
        desk=counter,
        signers=house.signers,
        clock=house.machine_clock,
        school_clock=house.school_clock,
        shelf=house.shelf,
        channel_routes=[*routes, *(slack.routes() if slack else ()), *(telegram.routes() if telegram else ())],
        public_url=settings.address,
        ready=_ready(engines, counter, slack, telegram),
        metrics=_metrics(ledger, counter),
        signable=lambda school: _signable(schools[school]),
        news=news,
    )


def _new_id(_: object) -> UUID:
    """Ids are told the machine's time: the school's clock may be moved, and ids sort by when they were made."""
    return new_id(MachineClock().now())


def _channels(
    settings: Settings,
    school: School,
    counter: Counter,
    signs: Signer,
    machine: Clock,
    pace: Pace,
) -> tuple[SlackChannel | None, TelegramChannel | None, Mapping[str, Channel]]:
    """A channel without its token is off."""
    found: dict[str, Channel] = {}
    slack = telegram = None
    if settings.slack_bot_token:
        slack = SlackChannel(
            SlackSettings(
                bot_token=settings.slack_bot_token,
                api_url=settings.slack_api_url,
                app_token=settings.slack_app_token or None,
                signing_secret=settings.slack_signing_secret or None,
                web_form=f"{settings.public_url.rstrip('/')}/report" if settings.public_url else "",
            ),
            school.id,
            counter,
            signs,
            machine,
            pace=pace,
        )
        found[Via.SLACK] = slack.sender
    if settings.telegram_token:
        telegram = TelegramChannel(
            TelegramSettings(
                token=settings.telegram_token,
                api_url=settings.telegram_api_url,
                mode=settings.telegram_mode,
                public_url=settings.public_url,
                webhook_secret=webhook_secret(settings.home, school.id),
            ),
            school,
            counter,
            signs,
            machine,
            pace=pace,
        )
        found[Via.TELEGRAM] = telegram.sender
    if settings.smtp_url:
        smtp = Smtp.parse(settings.smtp_url)
        found[Via.EMAIL] = EmailSender(
            smtp=smtp,
            sender_name=school.name,
            sender_address=smtp.user if "@" in smtp.user else f"lollipop@{smtp.host}",
            clock=machine,
        )
    return slack, telegram, found


def _channel_of(school: School, settings: Settings, to: To, recipient: str) -> str:
    """A person is reached on Slack where they are on it and it is on, else by e-mail."""
    person = school.person(recipient) if to is To.PERSON else None
    if person is not None and person.email and settings.smtp_url and not (person.slack and settings.slack_bot_token):
        return Via.EMAIL
    return Via.SLACK


def _signable(school: School) -> Sequence[Person]:
    return [person for person in school.people if person.holds(*SAFEGUARDING_ROLES)]


def _news(shelf: Shelf, today: date) -> Sequence[Page]:
    """Newsletters that are out, newest first."""
    out = [
        (page.front.send_on, page)
        for page in shelf.all(kind="newsletter")
        if isinstance(page.front, NewsletterFront) and page.front.send_on <= today
    ]
    return [page for _, page in sorted(out, key=lambda entry: entry[0], reverse=True)]


def _ready(
    engines: Engines,
    counter: Counter,
    slack: SlackChannel | None,
    telegram: TelegramChannel | None,
) -> Callable[[], Awaitable[Mapping[str, bool]]]:
    def database() -> bool:
        try:
            check_schema(engines.read)
        except Refusal:
            return False
        return True

    async def ready() -> Mapping[str, bool]:
        parts = {"database": await counter.run(Lane.REPLIES, database)}
        if slack is not None:
            parts["slack"] = slack.healthy
        if telegram is not None:
            parts["telegram"] = telegram.healthy
        return parts

    return ready


def _metrics(ledger: Ledger, counter: Counter) -> Callable[[], Awaitable[Metrics]]:
    async def metrics() -> Metrics:
        counts = await counter.run(Lane.BULK, ledger.counts)
        return {
            "lollipop_deliveries": {
                (("channel", channel), ("state", state)): float(number)
                for channel, states in counts.by_channel.items()
                for state, number in states.items()
            },
        }

    return metrics
