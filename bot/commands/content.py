"""`lollipop content`: check, list, show."""

import asyncio
import sys
from datetime import date
from pathlib import Path

import click

from bot.addresses import Handout, path_to, screen_path
from bot.channels.email.render import render as as_email
from bot.channels.slack.render import messages as as_slack
from bot.channels.telegram.render import render as as_telegram
from bot.clock import MachineClock
from bot.commands.cited import cited, report
from bot.commands.closed import ClosedDesk
from bot.commands.eased import reading_lines
from bot.commands.house import Where, faults_of, library, pass_where, say, say_json
from bot.commands.letters import FOR_FAMILIES, letter, printed
from bot.commands.signoffs import sheet_to_sign
from bot.commands.translated import in_other_languages
from bot.commands.undated import undated
from bot.languages import own_words, owning_up, page_in, translator
from bot.library import Library, LibraryError
from bot.links import see
from bot.paper import NOBODY, Handouts, pdf
from bot.served import files_of
from bot.web import fragment_of, preview
from lessons import curriculum_outline
from pages import NoSuchPageError, Page
from safeguarding import (
    GuidanceFault,
    HelpLineFault,
    TriageFault,
    card_faults,
    load_cards,
    load_help_lines,
    load_rules,
    stale_faults,
)
from school.words import Refusal, Text
from staff import PolicyFault, all_situations, load_clauses, usual_ladder

SHOWN = ("slack", "telegram", "email", "web", "site")
FILES = {"pdf": Handout.NOTES, "home": Handout.HOME, "pptx": Handout.SLIDES, "poster": Handout.POSTER}


class OnlyLessonsError(Refusal):
    """A form that only a lesson has."""

    text = Text("Only a lesson has slides, a home sheet and a poster. Any page can be shown as one of these: {others}.")


class NoAddressError(Refusal):
    """A poster where there is no school whose address could stand on it."""

    text = Text("A poster holds your school's address. Type this in the folder that has your school.toml.")


@click.group()
def content() -> None:
    """Pages: lessons, newsletters, campaigns and wording."""


content.add_command(letter)


@content.command(
    "check",
    epilog="""Examples:

  lollipop content check

  lollipop content check --missing

  lollipop content check --links

  lollipop content check --reading""",
)
@click.option("--missing", is_flag=True, help="Name every page that a language doesn't have.")
@click.option("--links", is_flag=True, help="Also ask every web address whether it still answers. It needs a network.")
@click.option("--reading", is_flag=True, help="Name the sentences that make texts for families hard to read.")
@pass_where
def check(where: Where, missing: bool, links: bool, reading: bool) -> None:  # noqa: FBT001
    """Load everything; say every fault with its file and line, and what each language doesn't have yet.

    With --links, ask each address too, one at a time at each site: what leads nowhere, what has moved for good, and
    which sources nobody has read for a year. It ends with 1 where a link leads nowhere.
    """
    today = MachineClock().now().date()
    found, faults = read_all(where, on=today)
    if found is None or faults:
        say("\n".join(line for line, _ in faults))
        sys.exit(1)
    say(
        f"{len(found.shelf.all())} pages, {len(found.framework.strands)} strands, {len(found.campaigns)} campaigns, "
        f"{len(load_help_lines())} help lines, {len(load_cards())} guidance cards and "
        f"{len(load_clauses())} clauses are sound.",
    )
    for line in [*in_other_languages(found.shelf, names=missing), *undated(found)]:
        say(line)
    if reading:
        say("\n".join(reading_lines(found)))
    if links:
        _look_at_links(found, on=today)


def _look_at_links(found: Library, *, on: date) -> None:
    linked = cited(found)
    addresses = list(dict.fromkeys(each.address for each in linked))
    say(f"Asking {len(addresses)} addresses; this may take a few minutes.")
    lines, any_dead = report(linked, asyncio.run(see(addresses, at_one_host=1)), on=on)
    say("\n".join(lines))
    if any_dead:
        sys.exit(1)


def read_all(where: Where, *, on: date) -> tuple[Library | None, list[tuple[str, str]]]:
    """Everything that is content, and every fault in it with its cure; one kind's faults hide no other's."""
    found, faults = None, []
    try:
        found = library(where, again=True)
    except LibraryError as error:
        faults += [(line, "Correct the page.") for line in faults_of(error)]
    for load in (load_clauses, all_situations, usual_ladder):
        try:
            load()
        except PolicyFault as error:
            faults += [(line, "Correct the file.") for line in faults_of(error)]
    return found, faults + [(line, "Correct the file.") for line in data_faults(found, on=on)]


def data_faults(
    found: Library | None,
    *,
    on: date,
    help_lines: Path | None = None,
    cards: Path | None = None,
) -> list[str]:
    """What is wrong with content beside the pages: help lines, guidance, steps of campaigns that lead to no page.

    `help_lines` and `cards` are the files of them, ours where they are not given. Without a library, nobody knows which
    pages there are.
    """
    faults = [
        f"{campaign.id}: {step.id}: there is no page {step.page}"
        for campaign in (found.campaigns.values() if found else ())
        for step in campaign.step
        if found and not found.shelf.langs(step.page)
    ]
    try:
        faults += stale_faults(on, help_lines) if help_lines else stale_faults(on)
    except HelpLineFault as fault:
        faults += str(fault).splitlines()
    try:
        faults += card_faults(on, cards) if cards else card_faults(on)
    except GuidanceFault as fault:
        faults += str(fault).splitlines()
    except HelpLineFault:
        pass  # no card can be weighed without the lines that it calls, and their faults are said already
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


@content.command("table", epilog="Example: lollipop content table > docs/curriculum.md")
@pass_where
def table(where: Where) -> None:
    """Strand by year, what is met of each published document, and reading ages, in Markdown."""
    found = library(where)
    say(curriculum_outline(found.shelf, found.framework).rstrip())


@content.command(
    "show",
    epilog="""Examples:

  lollipop content show lesson-y4-privacy-1 --as slack

  lollipop content show lesson-y4-privacy-1 --as pptx -o slides.pptx""",
)
@click.argument("page_id", metavar="ID")
@click.option("--as", "channel", type=click.Choice([*SHOWN, *FILES]), default="email", show_default=True)
@click.option("--lang", default="en", show_default=True)
@click.option(
    "-o", "out", type=click.Path(dir_okay=False, path_type=Path), help="Where a pdf, home, pptx, poster or email goes."
)
@pass_where
def show(where: Where, page_id: str, channel: str, lang: str, out: Path | None) -> None:
    """A page as a channel draws it; as web it is the HTML of the page.

    As site it is a piece of HTML for the school's own website. As email with -o it is the letter as HTML.

    As a file: pptx, the slides of a lesson; pdf, a lesson's notes with answers, or any other page; home, a sheet for
    families; poster, one with a code that leads to the lesson on the big screen.
    """
    found = library(where)
    try:
        page = found.shelf.get(page_id, lang)
    except NoSuchPageError as error:
        say(str(error))
        sys.exit(1)
    if channel in FILES:
        if out is None:
            raise click.UsageError(f"say where the file goes: -o {page_id}.{FILES[channel].rpartition('.')[2]}")
        out.write_bytes(_file(where, found, page, FILES[channel], lang))
        return
    document = own_words(found.shelf.told(page.id, lang))
    if channel == "web":
        say(preview(page, lang=lang, shelf=found.shelf, desk=ClosedDesk(), clock=MachineClock()))
    elif channel == "slack":
        drawn = as_slack(document, (), translate=translator(lang), mint=lambda choice: choice.verb)
        say_json([{"text": message.text, "blocks": message.blocks} for message in drawn])
    elif channel == "telegram":
        for part in as_telegram(document, (), lang=lang, mint=lambda choice: choice.verb).parts:
            say(part)
    elif channel == "site":
        say(_for_a_site(where, found, page, lang).rstrip())
    elif out is not None:
        out.write_text(as_email(owning_up(document, lang), lang=lang).html, "utf-8")
    else:
        say(as_email(document, lang=lang).text)


def _for_a_site(where: Where, found: Library, page: Page, lang: str) -> str:
    """A piece of HTML, with addresses of the school that is chosen, or of none."""
    here, on = "", MachineClock().now().date()
    if where.school_file.is_file():
        settings = where.settings()
        files = files_of(settings)
        here = settings.address + (f"/s/{where.chosen(files).school().id}" if len(files) > 1 else "")
    return fragment_of(
        page_in(found.shelf, page.id, lang),
        lang=lang,
        here=here,
        path=f"/news/{page.id}?lang={lang}",
        page=lambda page_id: path_to(page_id, shelf=found.shelf, on=on),
    ).html


def _file(where: Where, found: Library, page: Page, handout: Handout, lang: str) -> bytes:
    """A file of a lesson, or any page as a PDF. Raises OnlyLessonsError, NoAddressError and NoPaperError."""
    school, screen = None, ""
    if where.school_file.is_file():
        settings = where.settings()
        files = files_of(settings)
        school = where.chosen(files).school()
        screen = f"{settings.address}{f'/s/{school.id}' if len(files) > 1 else ''}{screen_path(page.id)}"
    if page.kind == "lesson":
        if handout is Handout.POSTER and not screen:
            raise NoAddressError
        return Handouts(found.shelf, found.framework).made(handout, page.id, lang=lang, school=school, screen=screen)
    if handout is not Handout.NOTES:
        raise OnlyLessonsError(others=", ".join([*SHOWN, "pdf"]))
    if school is not None and page.kind in FOR_FAMILIES:
        return printed(page, found, school, lang=lang)
    document = page_in(found.shelf, page.id, lang)
    if page.kind == "agreement":
        document = sheet_to_sign(document, page.version)
    return pdf(document, lang=lang, author=school.name if school else NOBODY, words_in=page.lang)
