"""`lollipop parents numbers`: families, reach, quizzes and leaving, and never who read what."""

from dataclasses import asdict

import click

from bot.channels.email.render import render
from bot.commands.house import Where, library, pass_where, say, say_json, stores
from bot.desk import in_words, numbers_in, reach_in


@click.command("numbers", epilog="Example: lollipop parents numbers --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object; null is fewer than 5.")
@pass_where
def numbers(where: Where, as_json: bool) -> None:  # noqa: FBT001
    """How many families get the news, what reached them, how quizzes went and why families leave."""
    shelf = library(where).shelf
    with stores(where) as at, at.units.read(at.school.id) as unit:
        told, reach = numbers_in(unit, school=at.school), reach_in(unit, shelf=shelf)
        school = at.school
    if as_json:
        leaving = [{**asdict(each), "month": f"{each.month:%Y-%m}"} for each in told.leaving]
        say_json({"school": school.name, **asdict(told), "leaving": leaving, "reach": [asdict(each) for each in reach]})
        return
    say(render(in_words(told, reach, school=school, shelf=shelf), lang="en").text.rstrip())
