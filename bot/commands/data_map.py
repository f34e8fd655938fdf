"""`lollipop data-map`: what is stored about whom, and how it ends."""

import click

from bot.commands.house import say
from bot.storage.retirement import page


@click.command("data-map", epilog="Example: lollipop data-map > docs/data-protection-map.md")
def data_map() -> None:
    """Print every stored column: whose data it holds, how that ends, and whether the program does it."""
    say(page().rstrip())
