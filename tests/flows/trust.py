"""Two schools in one process, each with a Slack and a Telegram of its own, whose people have the same ids."""

import asyncio
import contextlib
import io
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from bot import demo
from bot.channels.slack.manifest import COMMANDS
from bot.clock import MachineClock, SetClock
from bot.commands.groups import invitation_link
from bot.commands.house import Where, stores
from bot.commands.sample import SCHOOL, without_phones
from bot.logs import configure
from bot.main import Product, build
from bot.playground.serving import serve
from bot.playground.slack import SlackWorld, slack_routes
from bot.playground.slack.api import answer as slack_answer
from bot.playground.telegram import TelegramWorld, telegram_routes
from bot.playground.telegram.api import answer as telegram_answer
from bot.settings import Settings, load
from bot.storage import QUICK, Posting, SqlSchools, SqlUnits, SqlVault, new_id, open_engines, upgrade
from school.sensitive import Sensitive
from tests.flows.rig import LOOK, MONDAY, NO_LOOK, _library

ASH, BEECH = "ashgrove", "beechwood"
NAMES = {ASH: "Ashgrove Primary School", BEECH: "Beechwood Academy"}
PARENT, PUPIL, DILYS, AMARA = 5_501_734_501, "U0PUPIL", "U0DILYS", "U0AMARA"
SECRET = "the-signing-secret-of-the-trusts-one-app"


@dataclass
class School:
    """One of them: its worlds, and the code on its posters."""

    id: str
    slack: SlackWorld
    telegram: TelegramWorld
    bot_token: str
    invite: str = ""

    def chat(self) -> list[str]:
        """What its bot has said to its parent."""
        return [each["text"] for each in self.telegram.snapshot(PARENT)["messages"] if each["from_bot"]]

    def buttons(self) -> dict[str, tuple[int, str]]:
        """The newest message's buttons."""
        messages = [each for each in self.telegram.snapshot(PARENT)["messages"] if each["inline_keyboard"]]
        rows = messages[-1]["inline_keyboard"] if messages else []
        return {key["text"]: (messages[-1]["message_id"], key["callback_data"]) for row in rows for key in row}


@dataclass
class Trust:
    """Both, running."""

    product: Product
    settings: Settings
    schools: dict[str, School]
    clock: SetClock
    logs: io.StringIO
    web: httpx.AsyncClient
    base: str
    stray: SlackWorld

    async def until(self, true: Callable[[], object], *, seconds: float = 15.0) -> None:
        """Let everything else run until something holds."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not happen in time"
            await asyncio.sleep(0.01)

    async def settle(self) -> None:
        """The rounds go once, and all that is due is sent."""
        await self.product.look_after()
        while await self.product.loop.turn():
            pass

    def sent(self, school: str) -> int:
        """How many deliveries of a school went out to families: staff are told in Slack."""
        return self.product.ledger.counts(school).by_channel.get("telegram", {}).get("sent", 0)

    async def joins(self, school: str) -> None:
        """The parent of a school joins with the code on its poster."""
        at = self.schools[school]
        at.telegram.start(PARENT, at.invite)
        for label in ("English", "Yes, join"):
            await self.until(lambda label=label: label in at.buttons())
            at.telegram.tap(PARENT, *at.buttons()[label])
        await self.until(lambda: self._families(school))

    def _families(self, school: str) -> int:
        with self.product.house.units.read(school) as unit:
            return len(list(unit.families.active()))


def _slack(school: str, *, one_app: bool) -> SlackWorld:
    own = school[:3]
    world = SlackWorld(
        MachineClock().now,
        time.monotonic,
        team_id=f"T0{own.upper()}",
        team_name=NAMES.get(school, school),
        bot_token=f"xoxb-{own}-bot-token",
        app_token=f"xapp-{own}-app-token",
        signing_secret=SECRET if one_app else f"the-signing-secret-of-{school}",
    )
    world.commands = {command for command, *_ in COMMANDS}
    staff = {AMARA: "Amara Okafor", DILYS: "Dilys Morgan", "U0FEMI": "Femi", "U0HANNAH": "Hannah", "U0GRACE": "Grace"}
    for user, name in staff.items():
        world.add_user(user, name)
    world.add_user(PUPIL, "A pupil", is_pupil=True)
    for channel in ("C0OAK", "C0ELM"):
        world.add_channel(channel, channel.lower(), list(staff))
    return world


def _school(school: str, number: int, *, one_app: bool) -> School:
    token = f"{number}000001:the-token-of-the-bot-of-{school}"
    telegram = TelegramWorld(MachineClock().now)
    telegram.add_bot(token, f"{school}Bot", NAMES[school])
    telegram.add_person(PARENT, f"A parent of {school}", "en")
    return School(school, _slack(school, one_app=one_app), telegram, token)


def _front(schools: dict[str, School]) -> list[Route]:
    """One address for each platform, as in the world outside: the token says whose call it is."""

    async def slack(request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        owners = (each for each in schools.values() if token in {each.slack.bot_token, each.slack.app_token})
        owner = next(owners, schools[ASH])
        scope = {**request.scope, "root_path": f"/{owner.id}/slack"}
        return await slack_answer(owner.slack, Request(scope, request.receive))

    async def telegram(request: Request) -> Response:
        token = request.path_params["token"]
        owner = next((each for each in schools.values() if each.bot_token == token), schools[ASH])
        return await telegram_answer(owner.telegram, request)

    return [
        Route("/platform/slack/api/{method}", slack, methods=["GET", "POST"]),
        Route("/platform/telegram/bot{token}/{method}", telegram, methods=["GET", "POST"]),
    ]


def _write(folder: Path, base: str, schools: dict[str, School], *, by_post: bool, wrong: dict[str, str]) -> None:
    given = {
        "LOLLIPOP_HOME": str(folder),
        "LOLLIPOP_PUBLIC_URL": base,
        "LOLLIPOP_SLACK_API_URL": f"{base}/platform/slack/api/",
        "LOLLIPOP_TELEGRAM_API_URL": f"{base}/platform/telegram",
    }
    for school in schools.values():
        prefix = school.id.upper()
        given[f"{prefix}_BOT"] = school.slack.bot_token
        given[f"{prefix}_LINE"] = school.slack.signing_secret if by_post else school.slack.app_token
        given[f"{prefix}_TELEGRAM"] = school.bot_token
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in (given | wrong).items()), "utf-8")


def _file(school: School, *, by_post: bool) -> str:
    prefix = school.id.upper()
    line = "slack_signing_secret" if by_post else "slack_app"
    # Nobody of these schools looks at newsletters first: what is shown here is whose they are.
    sample = without_phones(SCHOOL.format(id=school.id, name=NAMES[school.id])).replace(LOOK, NO_LOOK)
    return f'{sample}\n[tokens]\nslack_bot = "{prefix}_BOT"\n{line} = "{prefix}_LINE"\ntelegram = "{prefix}_TELEGRAM"\n'


@contextlib.asynccontextmanager
async def trust_up(
    folder: Path,
    *,
    database_url: str | None = None,
    by_post: bool = False,
    one_app: bool = False,
    wrong: dict[str, str] | None = None,
) -> AsyncIterator[Trust]:
    """Both schools on one port. `by_post`: Slack posts to us; `one_app`: one app is installed in both workspaces."""
    schools = {school: _school(school, n, one_app=one_app) for n, school in enumerate((ASH, BEECH), 1)}
    stray = _slack("cedarwood", one_app=True)
    _library()
    logs, root = io.StringIO(), logging.getLogger()
    before, level = list(root.handlers), root.level
    configure(logging.DEBUG, logs)
    outer = Starlette(routes=_front(schools))
    for school in schools.values():
        outer.router.routes.append(Mount(f"/{school.id}/slack", routes=slack_routes(school.slack)))
        outer.router.routes.append(Mount(f"/{school.id}/telegram", routes=telegram_routes(school.telegram)))
    try:
        async with serve(outer) as base:
            _write(folder, base, schools, by_post=by_post, wrong=wrong or {})
            for world in (*(each.slack for each in schools.values()), stray):
                world.base_url = f"{base}/stray/slack"
            for each in schools.values():
                if by_post:
                    each.slack.request_url = f"{base}/slack/events" if one_app else f"{base}/slack/{each.id}/events"
            stray.request_url = f"{base}/slack/events"
            settings = load(folder / "school.toml", {})
            settings = replace(settings, database_url=database_url or settings.database_url)
            await asyncio.to_thread(_set_up, settings, schools, by_post)
            clock = SetClock(MONDAY)
            product = await asyncio.to_thread(
                lambda: build(
                    settings,
                    school_clock=clock,
                    make_vault=lambda engines: SqlVault(engines, costs=QUICK),
                    library=_library(),
                ),
            )
            outer.router.routes.append(Mount("/", product.app))
            async with product.running(), httpx.AsyncClient(base_url=base, headers={"Origin": base}) as web:
                trust = Trust(product, settings, schools, clock, logs, web, base, stray)
                if not wrong:
                    await trust.until(lambda: all(all(each.healthy.values()) for each in product.connected.values()))
                yield trust
    finally:
        root.handlers[:] = before
        root.setLevel(level)


def _set_up(settings: Settings, schools: dict[str, School], by_post: bool) -> None:
    upgrade(settings.database_url, home=settings.home)
    engines, machine = open_engines(settings.database_url), MachineClock()
    for school in schools.values():
        SqlUnits(engines, Posting(school_clock=machine, machine_clock=machine)).add_school(school.id)
        SqlSchools(engines).keep(school.id, _file(school, by_post=by_post), now=machine.now())
    engines.close()
    for school in schools.values():
        with stores(Where(settings.school_file, school.id), settings=settings) as at:
            vault, now = SqlVault(at.engines, costs=QUICK), machine.now()
            for person in ("dilys", "femi", "hannah", "grace"):
                pair = vault.pair(person=person, key_id=new_id(now), passphrase=Sensitive(demo.PASSPHRASE))
                with at.units.write(school.id) as unit:
                    unit.concerns.add_key(pair, now=now)
                    unit.commit()
            school.invite = invitation_link(at, at.school.class_named("Oak"), bot_name="Bot")[1]
