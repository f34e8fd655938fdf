"""`lollipop permissions`: who may ask for what."""

import click

from bot.commands.house import say
from bot.desk.allowed import page


@click.command("permissions", epilog="Example: lollipop permissions > docs/permissions.md")
def permissions() -> None:
    """Print who may ask for what, and where: every verb by every role."""
    say(page())
