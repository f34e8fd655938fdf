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
from bot.main import Product, build
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
    listener = listen(settings.host, settings.port)
    product = build(settings)
    greeting = f"Lollipop for {product.school.name} is up on {settings.address}. Stop it with Ctrl-C."
    off = [name for name, channel in (("Slack", product.slack), ("Telegram", product.telegram)) if channel is None]
    if off:
        greeting += (
            f"\nWithout a token, so switched off: {' and '.join(off)}. `lollipop check` says how to switch it on."
        )
    if left := placeholders(where.school_file):
        greeting += (
            f"\nStill from the example in {where.school_file.name}: {', '.join(each.value for each in left)}. "
            "`lollipop check` says what to write."
        )
    asyncio.run(keep_running(product, product.app, listener, greeting))
