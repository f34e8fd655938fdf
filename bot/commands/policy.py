"""`lollipop policy`: how each clause stands, as text, JSON, a table, a picture, a page or the pack for governors."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot.clock import MachineClock
from bot.commands import own_policy
from bot.commands.house import Where, library, pass_where, say, say_json, stores
from bot.desk.evidence_sheet import HEAD, NEWEST, cover, no_titles, pack, rows, sheet
from bot.desk.standings import standings_in
from bot.desk.year_book import year_from
from bot.desk.yearly import yearly
from bot.paper import csv_table, grid_picture, pack_pdf
from bot.paper import pdf as pdf_of
from bot.web import page_file
from pages import Block, Bullets, Document, Grid, Heading, inlines, plain
from school.school import School
from staff import Standing, titles_of

FILE = click.Path(path_type=Path)


class UnwritableError(click.ClickException):
    """A file that was asked for cannot be written there."""

    exit_code = 2

    def __init__(self, file: Path, error: OSError) -> None:
        super().__init__(f"{file} could not be written: {error.strerror}. Choose another place; nothing is lost.")


class NotBegunError(click.ClickException):
    """A report of a year that is to come."""

    exit_code = 2

    def __init__(self, *, year: int, first: str) -> None:
        begins = f"The school year that begins in autumn {year} has not begun: its first day is {first}."
        super().__init__(f"{begins} Give an earlier year.")


@click.group(
    epilog="Your own, in this order: export ours.toml, change it, load --dry-run ours.toml, load ours.toml. The head "
    "and the chair of governors then agree. docs/own-policy.md shows all of it."
)
def policy() -> None:
    """The policy and its evidence."""


for each in (own_policy.load, own_policy.export, own_policy.versions):
    policy.add_command(each)


@policy.command("evidence", epilog="Example: lollipop policy evidence --pdf evidence.pdf")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--pdf", type=FILE, help="Write the pack for governors and inspection here.")
@click.option("--png", type=FILE, help="Write the map as a picture here.")
@click.option("--csv", type=FILE, help="Write a table here, a line for each clause.")
@click.option("--html", type=FILE, help="Write all of it as one page for a browser here.")
@pass_where
def policy_evidence(
    where: Where,
    as_json: bool,  # noqa: FBT001
    pdf: Path | None,
    png: Path | None,
    csv: Path | None,
    html: Path | None,
) -> None:
    """Every clause, its colour, and this school's evidence for it."""
    now = MachineClock().now()
    with stores(where) as at, at.units.read(at.school.id) as unit:
        found = standings_in(unit, now=now)
        trails, school = unit.evidence.trails(limit=NEWEST), at.school
        title_of = (
            titles_of(library(where).shelf, policies=unit.policies, releases=unit.releases).by_id
            if pdf or html
            else no_titles
        )
    on, author = school.calendar.today(now), school.name
    document, grid = sheet(found, school=school, on=on)
    if png:
        _write(png, grid_picture(document, grid, lang="en", author=author))
    if csv:
        _write(csv, csv_table(HEAD, tuple(rows(found, school=school)), lang="en"))
    if pdf or html:
        after = pack(found, trails, school=school, title_of=title_of)
        front = cover(found, school=school, on=on)
        _whole(front, grid, after, author=author, pdf=pdf, html=html)
    if as_json:
        say_json(_object(found, school=school, now=now))
    elif not (pdf or png or csv or html):
        for each in found:
            say(f"{each.clause.id:4} {each.colour:6} {each.records:4}  {each.clause.text}")


@policy.command("report", epilog="Example: lollipop policy report --year 2026 --pdf year.pdf")
@click.option("--year", type=click.IntRange(2000, 2999), required=True, help="The year that its autumn term is in.")
@click.option("--md", type=FILE, help="Write it as text (Markdown) here, to go on working on it.")
@click.option("--pdf", type=FILE, help="Write it as a PDF here.")
@pass_where
def policy_report(where: Where, year: int, md: Path | None, pdf: Path | None) -> None:
    """The yearly report, from what was written down in a school year."""
    now = MachineClock().now()
    with stores(where) as at, at.units.read(at.school.id) as unit:
        found = standings_in(unit, now=now)
        school, before = at.school, year_from(at.school, year - 1)
        span = year_from(school, year)
        if span.first > school.calendar.today(now):
            raise NotBegunError(year=year, first=f"{span.first:%d/%m/%Y}")
        document = yearly(unit, school=school, year=span, standings=found, now=now, before=before)
    if pdf:
        _write(pdf, pdf_of(document, lang="en", author=school.name))
    text = _markdown(document)
    if md:
        _write(md, text.encode())
    if not (md or pdf):
        say(text.rstrip())


def _markdown(document: Document) -> str:
    lines = [f"# {document.title}"]
    for block in document.blocks:
        mark = {Heading: "## ", Bullets: "- "}.get(type(block), "")
        lines.append("\n".join(f"{mark}{plain(inline)}" for inline in inlines(block)))
    return "\n\n".join(lines) + "\n"


def _whole(
    front: Document, grid: Grid, after: Sequence[Block], *, author: str, pdf: Path | None, html: Path | None
) -> None:
    if pdf:
        _write(pdf, pack_pdf(front, grid, after, lang="en", author=author))
    if html:
        # What the colours are made of stands above the map already.
        _write(html, page_file(front, replace(grid, notes=()), after, lang="en").encode())


def _write(file: Path, made: bytes) -> None:
    try:
        file.write_bytes(made)
    except OSError as error:
        raise UnwritableError(file, error) from None
    click.echo(f"Wrote {file}.", err=True)


def _object(found: Sequence[Standing], *, school: School, now: datetime) -> dict[str, Any]:
    clauses = [
        {
            "id": each.clause.id,
            "reach": each.clause.reach,
            "status": each.colour,
            "records": each.records,
            "latest": each.latest.isoformat() if each.latest else None,
            "why": str(each.why),
        }
        for each in found
    ]
    return {"school": school.name, "as_of": now.isoformat(), "clauses": clauses}
