"""`lollipop routing`: who gets which report."""

import click

from bot.clock import MachineClock
from bot.commands.house import Where, pass_where, say, stores
from bot.desk.routed import table


@click.command("routing", epilog="Example: lollipop routing")
@pass_where
def routing(where: Where) -> None:
    """Print who would get a report today: by whom it is about, year and what it is about."""
    with stores(where) as at:
        with at.units.read(at.school.id) as unit:
            keys = {each.person for each in unit.concerns.recipients([person.id for person in at.school.people])}
        say(table(at.school, on=at.school.calendar.today(MachineClock().now()), keys=keys))
