"""`lollipop run`: bot, web, ticker and delivery in one process."""

import asyncio
import contextlib
import errno
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator

import click
import uvicorn
from starlette.types import ASGIApp

from bot.commands.house import Where, pass_where, say
from bot.commands.placeholders import placeholders
from bot.logs import configure
from bot.main import build
from bot.product import Product
from bot.school_file import SchoolFile
from bot.served import files_of, loaded_schools
from bot.settings import Settings
from school.words import Refusal, Text


class PortTakenError(Refusal):
    """Something else listens there."""

    text = Text("Port {port} on {host} is taken by another program. Stop it, or choose another port.")


class PortForbiddenError(Refusal):
    """A port that the system keeps for its administrator."""

    text = Text("This computer does not let you use port {port}. Choose another in LOLLIPOP_BIND, such as 8000.")


class NoSuchAddressError(Refusal):
    """An address that is not one of this machine's."""

    text = Text("{host} is not an address of this computer. Write another into LOLLIPOP_BIND, such as 127.0.0.1:8000.")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises PortTakenError, PortForbiddenError or NoSuchAddressError."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(port=port, host=host) from error
        if error.errno == errno.EACCES:
            raise PortForbiddenError(port=port) from error
        raise NoSuchAddressError(host=host) from error
    return listener


@contextlib.asynccontextmanager
async def served(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Serve while the block lasts."""
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, log_level="critical", access_log=False, timeout_graceful_shutdown=3),
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await task


async def until_stopped() -> None:
    """Wait for Ctrl-C or a polite end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()


async def keep_running(product: Product, app: ASGIApp, listener: socket.socket, greeting: str) -> None:
    """Serve, start everything beside the web pages, and stop it all in order."""
    async with served(app, listener), product.running():
        say(greeting)
        await until_stopped()


@click.command(epilog="Example: lollipop run")
@click.option("--debug", is_flag=True, help="Log more. No words of anybody are ever logged.")
@pass_where
def run(where: Where, debug: bool) -> None:  # noqa: FBT001
    """Run the bot, the web pages, the ticker and delivery."""
    configure(logging.DEBUG if debug else logging.INFO, sys.stderr)
    settings = where.settings()
    files = files_of(settings)
    if where.name and len(files) > 1:
        msg = "run serves every school that is loaded, in one process. Leave --school out."
        raise click.UsageError(msg)
    listener = listen(settings.host, settings.port)
    product = build(settings, files=files)
    asyncio.run(keep_running(product, product.app, listener, greeting_of(product, settings)))


def greeting_of(product: Product, settings: Settings) -> str:
    """What is up and where, and whose channels are off for want of a token."""
    several = len(product.schools) > 1
    names = " and ".join(school.name for school in product.schools.values())
    lines = [f"Lollipop for {names} is up on {settings.address}. Stop it with Ctrl-C."]
    for id_, school in product.schools.items():
        connected = product.connected[id_]
        if several:
            lines.append(f"  {school.name}: {settings.address}/s/{id_}/")
        platforms = (("Slack", connected.slack), ("Telegram", connected.telegram))
        off = [name for name, channel in platforms if channel is None]
        if off:
            lines.append(
                f"{'  ' if several else ''}Without a token, so switched off: {' and '.join(off)}. "
                "`lollipop check` says how to switch it on.",
            )
    lines += _still_to_fill_in(settings)
    if several and settings.school_file.exists():
        lines.append(f"The schools are those that were loaded; {settings.school_file} itself is not read.")
    return "\n".join(lines)


def _still_to_fill_in(settings: Settings) -> list[str]:
    texts = {f"the file of {kept.id}": kept.text for kept in loaded_schools(settings)}
    if not texts:
        texts = {settings.school_file.name: SchoolFile.text_of(settings.school_file)}
    return [
        f"Still from the example in {where}: {', '.join(each.value for each in left)}. "
        "`lollipop check` says what to write."
        for where, text in texts.items()
        if (left := placeholders(text))
    ]
