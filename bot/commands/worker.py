"""`lollipop worker`: delivery and rounds only; as many as wanted, on PostgreSQL."""

import asyncio
import logging
import sys

import click

from bot.commands.house import Where, pass_where, say
from bot.commands.run import until_stopped
from bot.logs import configure
from bot.main import build
from bot.product import Product
from bot.served import files_of
from school.words import Refusal, Text


class WorkerOnSqliteError(Refusal):
    """A second process on a database that is one process's."""

    text = Text(
        "A worker is a second process, and SQLite is for one: `lollipop run` sends everything by itself. For several, "
        "set LOLLIPOP_DATABASE_URL to a PostgreSQL.",
    )


@click.command(epilog="Example: lollipop worker")
@click.option("--debug", is_flag=True, help="Log more. No words of anybody are ever logged.")
@pass_where
def worker(where: Where, debug: bool) -> None:  # noqa: FBT001
    """Send, plan and look after what is due, beside `lollipop run`. PostgreSQL only; start as many as you like."""
    configure(logging.DEBUG if debug else logging.INFO, sys.stderr)
    settings = where.settings()
    if settings.database_url.startswith("sqlite"):
        raise WorkerOnSqliteError
    product = build(settings, files=files_of(settings))
    asyncio.run(_work(product))


async def _work(product: Product) -> None:
    async with product.running(listen=False):
        say("This worker is sending. Stop it with Ctrl-C: it finishes what is on its way.")
        await until_stopped()
