"""The one place that builds everything."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache, partial
from uuid import UUID

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.channels.telegram.parts import messages_of
from bot.clock import Clock, MachineClock, SchoolClock, SharedClock
from bot.connecting import Connected, Connections, channel_of, connect
from bot.delivery import DeliveryLoop, Drawings, MailRoom, OwnLinks, Post, ReplyPace
from bot.desk import Counter, House, Reception
from bot.engines import Carried, carried_by
from bot.issues import CAMPAIGN, Issue, issues_out
from bot.keys import chat_keys, signer
from bot.library import Library, load_library
from bot.limits import Senders
from bot.links import look
from bot.paper import Handouts, PaperLetters
from bot.product import Product
from bot.scheduling import Rounds, SiteRound
from bot.school_file import SchoolFile
from bot.served import Served, files_of, served
from bot.settings import Settings
from bot.storage import (
    Engines,
    Kicks,
    Leases,
    Ledger,
    Pacing,
    Posting,
    SqlUnits,
    SqlVault,
    check_schema,
    new_id,
    open_engines,
    server_time,
)
from bot.turns import ASKING, ASKING_LENGTH, SENDING, SENDING_LENGTH, LeasedTurns
from bot.web import Metrics, create_web
from bot.wire import Channel, Pace
from lessons import lesson_plan
from parents import PREFIX, held_back
from school.notices import Lane
from school.people import SAFEGUARDING_ROLES, Person
from school.school import School
from school.words import Refusal


def build(
    settings: Settings,
    *,
    machine_clock: Clock | None = None,
    school_clock: Clock | None = None,
    routes: Sequence[BaseRoute] = (),
    make_vault: Callable[[Engines], SqlVault] = SqlVault,
    library: Library | None = None,
    files: Sequence[SchoolFile] = (),
) -> Product:
    """Build it for every school. `routes` come before the web's own. Raises Refusal on anything that is wrong.

    `library` is read from disk where none is given; `files` are those of the schools that were loaded, or the one
    beside the settings, where none are given.
    """
    schools = served(settings, files or files_of(settings))
    library = library or load_library(settings.own_content)
    engines = open_engines(settings.database_url, home=settings.home)
    check_schema(engines.read)
    shared = SharedClock(MachineClock(), partial(server_time, engines))
    shared.align()
    machine = machine_clock or shared
    clock = school_clock or SchoolClock(machine)
    carried = carried_by(settings)
    house = _house(settings, schools, library, engines, machine, clock, make_vault, carried.kicks)
    counter = Counter(Reception(house))
    pacing, ledger = Pacing(engines), Ledger(engines)
    alone = settings.database_url.startswith("sqlite")
    turns = partial(LeasedTurns, leases=Leases(engines), in_thread=counter.run, clock=machine, alone=alone)
    asking = turns(name=ASKING, length=ASKING_LENGTH)
    connections = connect(
        settings,
        schools,
        desk=counter,
        signers=house.signers,
        machine=machine,
        pace_of=lambda school: _pace(school, pacing, counter, machine),
        ours_of=lambda school: partial(asking.ours, school),
    )
    connected = connections.by_school
    sending = turns(name=SENDING, length=SENDING_LENGTH)
    loop = _loop(house, settings, counter, ledger, pacing, partial(_channels_of, connected), carried, sending)
    return Product(
        app=_web(house, settings, counter, ledger, engines, connections, routes, loop),
        schools=house.schools,
        connected=connected,
        library=library,
        house=house,
        engines=engines,
        ledger=ledger,
        loop=loop,
        rounds=_rounds(house, library),
        sites=SiteRound(house.schools, house.units, house.school_clock, look, partial(counter.run, Lane.BULK)),
        counter=counter,
        asking=asking,
        align=shared.align,
    )


def _house(
    settings: Settings,
    schools: Mapping[str, Served],
    library: Library,
    engines: Engines,
    machine: Clock,
    clock: Clock,
    make_vault: Callable[[Engines], SqlVault],
    kicks: Kicks,
) -> House:
    posting = Posting(
        school_clock=clock,
        machine_clock=machine,
        zone_of=lambda school: schools[school].school.calendar.zone,
        channel_of=lambda school, to, recipient: channel_of(settings, schools[school], to, recipient),
        chat_keys=cache(partial(chat_keys, settings.home)),
    )
    units = SqlUnits(engines, posting, kicks)
    for school in schools:
        units.add_school(school)
    return House(
        schools={id_: each.school for id_, each in schools.items()},
        units=units,
        vault=make_vault(engines),
        shelf=library.shelf,
        framework=library.framework,
        plan=lesson_plan(library.shelf),
        campaigns=library.campaigns,
        signers={school: signer(settings.home, school) for school in schools},
        school_clock=clock,
        machine_clock=machine,
        new_id=_new_id,
        public_url=settings.address,
        senders=Senders(machine),
        parts=messages_of,
        open_web=bool(settings.public_url),
        letters=bool(settings.smtp_url),
    )


def _rounds(house: House, library: Library) -> Rounds:
    return Rounds(
        house.schools,
        house.units,
        library.shelf,
        library.campaigns,
        house.school_clock,
        house.machine_clock,
        strands={strand.id: strand.name for strand in library.framework.strands},
    )


def _pace(school: str, pacing: Pacing, counter: Counter, machine: Clock) -> Pace:
    """How one school's answers take their turn."""
    return ReplyPace(
        school=school,
        pacer=pacing,
        in_thread=counter.run,
        machine_clock=machine,
    )


def _channels_of(connected: Mapping[str, Connected], school: str) -> Mapping[str, Channel]:
    """By which a school's messages go out; none for a school that is not served any more: they wait."""
    return connected[school].channels if school in connected else {}


def _loop(
    house: House,
    settings: Settings,
    counter: Counter,
    ledger: Ledger,
    pacing: Pacing,
    channels: Callable[[str], Mapping[str, Channel]],
    carried: Carried,
    turns: LeasedTurns,
) -> DeliveryLoop:
    mail_room = MailRoom(
        schools=house.schools,
        units=house.units,
        shelf=house.shelf,
        clock=house.school_clock,
        public_url=settings.address,
        own_links=OwnLinks(signers=house.signers),
    )
    return DeliveryLoop(
        deliveries=ledger,
        pacer=pacing,
        post=Post(
            channels=channels,
            routes=mail_room.routes,
            drawings=Drawings(compose=mail_room.compose, buttons=mail_room.buttons, today=mail_room.today),
            gone=mail_room.gone,
            late=mail_room.late,
            quiet=mail_room.quiet,
        ),
        in_thread=counter.run,
        school_clock=house.school_clock,
        machine_clock=house.machine_clock,
        alone=settings.database_url.startswith("sqlite"),
        here=carried.here,
        engine=carried.engine,
        turns=turns,
    )


def _web(
    house: House,
    settings: Settings,
    counter: Counter,
    ledger: Ledger,
    engines: Engines,
    connections: Connections,
    routes: Sequence[BaseRoute],
    loop: DeliveryLoop,
) -> Starlette:
    schools = house.schools

    def news(school: str) -> Sequence[Issue]:
        return _news(house, schools[school])

    return create_web(
        schools=schools,
        desk=counter,
        signers=house.signers,
        clock=house.machine_clock,
        school_clock=house.school_clock,
        shelf=house.shelf,
        handouts=Handouts(house.shelf, house.framework),
        letters=PaperLetters(),
        letters_go=house.letters,
        channel_routes=[*routes, *connections.routes],
        public_url=settings.address,
        ready=_ready(engines, counter, connections.by_school),
        health=lambda: {school: each.healthy for school, each in connections.by_school.items()},
        metrics=_metrics(ledger, counter, connections.by_school, loop),
        signable=lambda school: _signable(schools[school]),
        news=news,
    )


def _new_id(_: object) -> UUID:
    """Ids are told the machine's time: the school's clock may be moved, and ids sort by when they were made."""
    return new_id(MachineClock().now())


def _signable(school: School) -> Sequence[Person]:
    return [person for person in school.people if person.holds(*SAFEGUARDING_ROLES)]


def _news(house: House, school: School) -> Sequence[Issue]:
    """What went out to families, newest first; nothing that waits for two people's look, or never got it."""
    today = school.calendar.today(house.school_clock.now())
    with house.units.read(school.id) as unit:
        unlaid, begun = unit.mailings.unlaid(PREFIX), unit.mailings.begun(CAMPAIGN)
        pages = house.shelf.all(kind="newsletter")
        held = held_back(pages, unlaid, shelf=house.shelf, school=school, approvals=unit.approvals)
    out = issues_out(school, shelf=house.shelf, campaigns=house.campaigns, begun=begun, today=today)
    return [issue for issue in out if issue.id not in held]


def _ready(
    engines: Engines,
    counter: Counter,
    connected: Mapping[str, Connected],
) -> Callable[[], Awaitable[Mapping[str, bool]]]:
    """What has to be well for anybody. Of several schools, one whose channel is off does not stop the others."""

    def database() -> bool:
        try:
            check_schema(engines.read)
        except Refusal:
            return False
        return True

    async def ready() -> Mapping[str, bool]:
        parts = {"database": await counter.run(Lane.REPLIES, database)}
        if len(connected) == 1:
            (only,) = connected.values()
            parts |= only.healthy
        return parts

    return ready


def _metrics(
    ledger: Ledger, counter: Counter, connected: Mapping[str, Connected], loop: DeliveryLoop
) -> Callable[[], Awaitable[Metrics]]:
    async def metrics() -> Metrics:
        counts = await counter.run(Lane.BULK, ledger.counts)
        return {
            "lollipop_deliveries": {
                (("channel", channel), ("state", state)): float(number)
                for channel, states in counts.by_channel.items()
                for state, number in states.items()
            },
            "lollipop_channel_up": {
                (("school", school), ("channel", channel)): float(well)
                for school, each in connected.items()
                for channel, well in each.healthy.items()
            },
            "lollipop_channel_resting": {
                (("school", school), ("channel", channel)): float((school, channel) in loop.resting)
                for school, each in connected.items()
                for channel in each.channels
            },
            "lollipop_handled_total": {(): float(loop.handled)},
            "lollipop_pages_drawn_total": {(): float(loop.drawn)},
        }

    return metrics
