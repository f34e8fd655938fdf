"""`lollipop training`: who has done what, and the slides of an INSET day."""

from pathlib import Path

import click

from bot.clock import MachineClock
from bot.commands.house import Where, library, pass_where, say, say_json, stores
from bot.paper import pptx
from staff import all_modules, inset_deck, roll


@click.group()
def training() -> None:
    """What staff learn: the roll, and the slides of an INSET day."""


@training.command("roll", epilog="Example: lollipop training roll --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_where
def training_roll(where: Where, as_json: bool) -> None:  # noqa: FBT001
    """Each module of this school year: how many of those asked have done it. No names; a lead sees them in Slack."""
    shelf = library(where).shelf
    with stores(where) as at, at.units.read(at.school.id) as unit:
        today = at.school.calendar.today(MachineClock().now())
        lines = roll(all_modules(shelf), school=at.school, duties=unit.duties, on=today)
        school = at.school
    if as_json:
        modules = [
            {"id": line.module.id, "title": line.module.title, "done": line.done, "asked": line.asked} for line in lines
        ]
        say_json({"school": school.name, "modules": modules})
        return
    for line in lines:
        say(f"{line.module.id}  {line.done} of {line.asked}  {line.module.title}")
    if not lines:
        say("No module has been laid yet this school year. The first ones come on the next school day.")


@training.command("inset", epilog="Example: lollipop training inset inset.pptx")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_where
def training_inset(where: Where, file: Path) -> None:
    """Write the slides of an INSET day into FILE: an agenda, the policy in short, the year's numbers, a scenario."""
    if file.suffix.casefold() != ".pptx":
        raise click.UsageError("The slides are a PowerPoint file: give a name that ends in .pptx, such as inset.pptx.")
    shelf = library(where).shelf
    with stores(where) as at, at.units.read(at.school.id) as unit:
        today = at.school.calendar.today(MachineClock().now())
        made = inset_deck(school=at.school, shelf=shelf, duties=unit.duties, book=unit.learning, on=today)
        name = at.school.name
    drawn = pptx(made, lang="en", author=name)
    try:
        file.write_bytes(drawn)
    except OSError as error:
        raise click.ClickException(f"{file} could not be written: {error.strerror}. Choose another place.") from None
    click.echo(f"Wrote {file}.", err=True)
