"""`lollipop demo`: a sample school whose Slack and Telegram are local stand-ins, reached by the real adapters."""

import asyncio
import logging
import shutil
import sys
import time
import webbrowser
from pathlib import Path

import click
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.channels.slack.manifest import COMMANDS
from bot.clock import MachineClock, SchoolClock
from bot.commands.groups import invitation_link
from bot.commands.house import Stores, Where, stores
from bot.commands.run import keep_running, listen
from bot.commands.sample import SCHOOL, without_phones
from bot.logs import configure
from bot.main import build
from bot.playground.page import create_playground
from bot.playground.slack import SlackWorld
from bot.playground.telegram import TelegramWorld
from bot.product import Product
from bot.school_file import SchoolFile
from bot.settings import Settings
from bot.storage import SqlVault, new_id, upgrade
from school.people import SAFEGUARDING_ROLES
from school.school import School
from school.sensitive import Sensitive

TELEGRAM_TOKEN = "1000001:demo-token-that-opens-only-this-stand-in"  # noqa: S105 - a stand-in's
BOT_NAME = "OakfieldLollipopBot"
# As long as real ids are: a short number could stand by chance in any key, and "is it in the logs?" had no answer.
MARTA, SAM = 5_501_734_501, 5_502_734_502
PASSPHRASE = "three kind lollipops"  # noqa: S105 - printed on purpose: nothing in the demo is anybody's


@click.command(epilog="Example: lollipop demo --port 8080")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535))
@click.option("--open", "open_browser", is_flag=True, help="Open a browser.")
@click.option("--reset", is_flag=True, help="Start afresh.")
@click.option("--folder", default="var/demo", type=click.Path(file_okay=False, path_type=Path), show_default=True)
def demo(port: int, open_browser: bool, reset: bool, folder: Path) -> None:  # noqa: FBT001
    """Show everything with a sample school, on this machine alone."""
    listener = listen("127.0.0.1", port)
    home = folder.resolve()
    if reset:
        shutil.rmtree(home, ignore_errors=True)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    log_file = (home / "lollipop.log").open("a", encoding="utf-8")
    configure(logging.INFO, log_file)
    settings = prepare(home, port)
    slack, telegram = worlds()
    # Its own school alone, whatever else somebody has loaded into its database.
    only = SchoolFile.read(settings.school_file)
    machine = MachineClock()
    clock = SchoolClock(machine, kept_in=home / "clock-offset")
    with stores(Where(settings.school_file), settings=settings, files=[only]) as at:
        enrol(at)
        _, token = invitation_link(at, at.school.class_named("Oak"), bot_name=BOT_NAME)
    product = build(settings, machine_clock=machine, school_clock=clock, files=[only])
    app = playground_over(product, slack, telegram, clock, invite=token)
    if open_browser:
        webbrowser.open(f"{settings.address}/playground/")
    asyncio.run(keep_running(product, app, listener, _greeting(settings, product.school)))
    sys.stdout.write("Stopped. `make demo` goes on where it was.\n")


def prepare(home: Path, port: int) -> Settings:
    """The sample school's files and database; those that are there stay as they are."""
    school_file = home / "school.toml"
    if not school_file.exists():
        text = SCHOOL.format(id="oakfield", name="Oakfield Primary School")
        school_file.write_text(without_phones(text), "utf-8")
        # So that other commands find the same school: lollipop --school-file var/demo/school.toml delivery status
        (home / ".env").write_text(f"LOLLIPOP_HOME={home}\n", "utf-8")
    elif "second_factor" not in (old := school_file.read_text("utf-8")):
        school_file.write_text(without_phones(old), "utf-8")
    base = f"http://127.0.0.1:{port}"
    settings = Settings(
        school_file=school_file,
        home=home,
        database_url=f"sqlite:///{home / 'lollipop.db'}",
        port=port,
        public_url=base,
        telegram_token=TELEGRAM_TOKEN,
        telegram_api_url=f"{base}/playground/telegram",
        slack_bot_token="xoxb-standin-bot-token",  # noqa: S106
        slack_api_url=f"{base}/playground/slack/api/",
        slack_app_token="xapp-standin-app-token",  # noqa: S106
    )
    upgrade(settings.database_url, home=home)
    return settings


# Seconds since 1970 at the beginning of 2026: what is counted from here stays a small number for long.
WORLDS_BEGAN = 1_767_225_600


def worlds() -> tuple[SlackWorld, TelegramWorld]:
    """A staff room and a school gate, with the sample school's people in them."""
    slack = SlackWorld(MachineClock().now, time.monotonic)
    slack.commands = {command for command, *_ in COMMANDS}
    people = {
        "U0AMARA": "Amara Okafor",
        "U0FEMI": "Femi Adeyemi",
        "U0HANNAH": "Hannah Lewis",
        "U0GRACE": "Grace Chen",
        "U0DILYS": "Dilys Morgan",
        "U0BEN": "Ben Carter",
        "U0PUPIL": "A pupil",
    }
    for user, name in people.items():
        slack.add_user(user, name, is_pupil=user == "U0PUPIL")
    staff = [user for user in people if user != "U0PUPIL"]
    slack.add_channel("C0OAK", "oak-class", staff)
    slack.add_channel("C0ELM", "elm-class", staff)
    telegram = TelegramWorld(MachineClock().now)
    telegram.add_bot(TELEGRAM_TOKEN, BOT_NAME, "Oakfield online safety")
    telegram.add_person(MARTA, "Marta", "pl")
    telegram.add_person(SAM, "Sam", "en")
    # The school remembers what it has had; chats that begin anew must not be taken for those of the last time.
    seconds = int(MachineClock().now().timestamp()) - WORLDS_BEGAN
    slack.go_on_from(seconds)
    telegram.go_on_from(seconds)
    return slack, telegram


def playground_over(
    product: Product,
    slack: SlackWorld,
    telegram: TelegramWorld,
    clock: SchoolClock,
    *,
    invite: str,
) -> Starlette:
    """The product's pages with the playground beside them, all of it by the school's clock."""
    slack.shown_clock = telegram.shown_clock = clock.now
    links = {
        "invite": invite,
        "inbox": "/inbox",
        "report": "/report",
        "teacher": "U0AMARA",
        "lead": "U0DILYS",
        "pupil": "U0PUPIL",
        "shortcut:report_concern": "Report a concern",
        "message_shortcut:report_message": "Report this message",
    }
    note = f"To read reports, sign in as Dilys Morgan with the passphrase: {PASSPHRASE}"
    playground = create_playground(slack=slack, telegram=telegram, clock=clock, links=links, note=note)
    return Starlette(routes=[Mount("/playground", playground), Mount("/", product.app)])


def enrol(at: Stores) -> None:
    """Every recipient gets a key with the demo's passphrase, once."""
    now = MachineClock().now()
    vault = SqlVault(at.engines)
    for person in at.school.people:
        if not person.holds(*SAFEGUARDING_ROLES):
            continue
        with at.units.read(at.school.id) as unit:
            known = unit.concerns.wrapped_keys(person.id)
        if known:
            continue
        pair = vault.pair(person=person.id, key_id=new_id(now), passphrase=Sensitive(PASSPHRASE))
        with at.units.write(at.school.id) as unit:
            unit.concerns.add_key(pair, now=now)
            unit.commit()


def _greeting(settings: Settings, school: School) -> str:
    return "\n".join(
        (
            f"{school.name} is up, with stand-ins for Slack and Telegram on this machine alone.",
            "",
            f"  Everything at a glance   {settings.address}/playground/",
            f"  A pupil's report form    {settings.address}/report",
            f"  The safeguarding inbox   {settings.address}/inbox",
            f"      sign in as Dilys Morgan, passphrase: {PASSPHRASE}",
            "",
            "Stop it with Ctrl-C.",
        ),
    )
