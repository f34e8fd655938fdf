"""`lollipop content`: check, list, show."""

import sys
from datetime import date
from pathlib import Path

import click

from bot.channels.email.render import render as as_email
from bot.channels.slack.render import messages as as_slack
from bot.channels.telegram.render import render as as_telegram
from bot.clock import MachineClock
from bot.commands.house import Where, faults_of, library, pass_where, say, say_json
from bot.languages import translator
from bot.main import Library, LibraryError
from pages import NoSuchPageError
from safeguarding import HelpLineFault, TriageFault, load_help_lines, load_rules, stale_faults
from staff import PolicyFault, load_clauses


@click.group()
def content() -> None:
    """Pages: lessons, newsletters, campaigns and wording."""


@content.command("check", epilog="Example: lollipop content check")
@pass_where
def check(where: Where) -> None:
    """Load everything; say every fault with its file and line."""
    try:
        found = library(where)
        clauses = load_clauses()
    except (LibraryError, PolicyFault) as faults:
        say("\n".join(faults_of(faults)))
        sys.exit(1)
    if others := data_faults(found, on=MachineClock().now().date()):
        say("\n".join(others))
        sys.exit(1)
    say(
        f"{len(found.shelf.all())} pages, {len(found.framework.strands)} strands, {len(found.campaigns)} campaigns, "
        f"{len(load_help_lines())} help lines and {len(clauses)} clauses are sound.",
    )


def data_faults(found: Library, *, on: date, help_lines: Path | None = None) -> list[str]:
    """What is wrong with content beside the pages: help lines, and steps of campaigns that lead to no page.

    `help_lines` is the file of them, ours where it is not given.
    """
    faults = [
        f"{campaign.id}: {step.id}: there is no page {step.page}"
        for campaign in found.campaigns.values()
        for step in campaign.step
        if not found.shelf.langs(step.page)
    ]
    try:
        faults += stale_faults(on, help_lines) if help_lines else stale_faults(on)
    except HelpLineFault as fault:
        faults += str(fault).splitlines()
    try:
        load_rules()
    except TriageFault as fault:
        faults += str(fault).splitlines()
    return faults


@content.command("list", epilog="Example: lollipop content list --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
@pass_where
def list_(where: Where, as_json: bool) -> None:  # noqa: FBT001
    """Every page."""
    shelf = library(where).shelf
    rows = [
        {
            "id": page.id,
            "kind": page.kind,
            "strand": getattr(page.front, "strand", None),
            "years": list(page.front.years),
            "langs": list(shelf.langs(page.id)),
            "version": page.version,
            "title": page.front.title,
            "minutes": getattr(page.front, "minutes", None),
            "reading_age": page.reading_age,
        }
        for page in shelf.all()
    ]
    if as_json:
        say_json(rows)
        return
    for row in rows:
        say(f"{row['kind']:10} {row['id']:32} {row['title']}")


@content.command("show", epilog="Example: lollipop content show lesson-y4-privacy-1 --as slack")
@click.argument("page_id", metavar="ID")
@click.option("--as", "channel", type=click.Choice(["slack", "telegram", "email"]), default="email", show_default=True)
@click.option("--lang", default="en", show_default=True)
@pass_where
def show(where: Where, page_id: str, channel: str, lang: str) -> None:
    """A page as a channel draws it."""
    try:
        document = library(where).shelf.get(page_id, lang).document
    except NoSuchPageError as error:
        say(str(error))
        sys.exit(1)
    if channel == "slack":
        drawn = as_slack(document, (), translate=translator(lang), mint=lambda choice: choice.verb)
        say_json([{"text": message.text, "blocks": message.blocks} for message in drawn])
    elif channel == "telegram":
        for part in as_telegram(document, (), lang=lang, mint=lambda choice: choice.verb).parts:
            say(part)
    else:
        say(as_email(document, lang=lang).text)
