"""What each class has been taught, from the shell: as text, JSON, CSV, a picture or a PDF."""

from pathlib import Path
from typing import Any

import click

from bot.clock import MachineClock
from bot.commands.house import Where, library, pass_where, say, say_json, stores
from bot.desk.coverage import sheet
from bot.desk.halves import named_in
from bot.desk.halves import sheet as sheet_of_halves
from bot.library import Library
from bot.paper import csv_of, grid_pdf, grid_picture
from curriculum import HALF_TERMS, Cell, CoverageMap, class_years, coverage_map
from lessons import lesson_plan, tags_of
from pages import Document, Grid

SHORT = ("class", "strand", "planned", "taught", "secure")
HEAD = ("class", "year", "strand", "planned", "due", "taught", "secure", "state", "besides")
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("coverage", epilog="Example: lollipop coverage --pdf coverage.pdf")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="A table with what is due and how each strand stands.")
@click.option("--png", type=FILE, help="Write the map as a picture here.")
@click.option("--pdf", type=FILE, help="Write the map as a sheet of A4 here, for governors.")
@click.option("--class", "named", default="", help="One class, or a year, by half-term; as a table or in a file.")
@pass_where
def coverage(
    where: Where,
    as_json: bool,  # noqa: FBT001
    as_csv: bool,  # noqa: FBT001
    png: Path | None,
    pdf: Path | None,
    named: str,
) -> None:
    """What each class has been taught, by strand."""
    if named.strip():
        _by_half_term(where, named, as_json=as_json, png=png, pdf=pdf)
        return
    content = library(where)
    with stores(where) as at, at.units.read(at.school.id) as unit:
        school = at.school
        found = coverage_map(
            school,
            plan=lesson_plan(content.shelf),
            strands=[strand.id for strand in content.framework.strands],
            progress=unit.progress,
            on=school.calendar.today(MachineClock().now()),
        )
    document, grid = sheet(found, framework=content.framework, school=school)
    _written(document, grid, author=school.name, png=png, pdf=pdf)
    if as_json:
        say_json({**_object(found), "resilience": _resilience(content)})
    elif as_csv or not (png or pdf):
        rows = [(row.name, row.year.code, cell) for row in found.rows for cell in row.cells]
        head = HEAD if as_csv else SHORT
        values = ({"class": name, "year": year, **_values(cell)} for name, year, cell in rows)
        say(csv_of(head, [[each[column] for column in head] for each in values]).rstrip())


def _resilience(content: Library) -> dict[str, int]:
    """How many lessons of the library work towards each part of digital resilience."""
    tags = tags_of(content.shelf, content.framework)
    return {part.id: sum(part.id in mine for mine in tags.values()) for part in content.framework.resilience}


def _by_half_term(where: Where, named: str, *, as_json: bool, png: Path | None, pdf: Path | None) -> None:
    """The same figures for each half-term of the plan."""
    content = library(where)
    with stores(where) as at, at.units.read(at.school.id) as unit:
        school, on = at.school, at.school.calendar.today(MachineClock().now())
        found = class_years(
            school,
            classes=named_in(school, named),
            plan=lesson_plan(content.shelf),
            strands=[strand.id for strand in content.framework.strands],
            progress=unit.progress,
            on=on,
        )
    document, grid = sheet_of_halves(found, framework=content.framework)
    _written(document, grid, author=school.name, png=png, pdf=pdf)
    rows = [
        {"class": each.name, "year": each.year.code, "half_term": half, **_values(cell)}
        for each in found
        for row in each.rows
        for half, cell in zip(HALF_TERMS, row.cells, strict=True)
    ]
    if as_json:
        say_json({"on": on.isoformat(), "cells": rows})
    elif not (png or pdf):
        head = (*HEAD[:3], "half_term", *HEAD[3:])
        say(csv_of(head, [[each[column] for column in head] for each in rows]).rstrip())


def _written(document: Document, grid: Grid, *, author: str, png: Path | None, pdf: Path | None) -> None:
    for file, draw in ((png, grid_picture), (pdf, grid_pdf)):
        if file is not None:
            file.write_bytes(draw(document, grid, lang="en", author=author))
            click.echo(f"Wrote {file}.", err=True)


def _values(cell: Cell) -> dict[str, Any]:
    names = ("strand", "planned", "due", "taught", "secure", "besides")
    known = {"before": _rounded(cell.before), "after": _rounded(cell.after)}
    return {**{name: getattr(cell, name) for name in names}, "state": str(cell.state), **known}


def _rounded(share: float | None) -> float | None:
    """The share of right hands to a hundredth."""
    return None if share is None else round(share, 2)


def _object(found: CoverageMap) -> dict[str, Any]:
    classes = [
        {"class": row.name, "year": row.year.code, "cells": [_values(cell) for cell in row.cells]} for row in found.rows
    ]
    behind = [
        {"class": each.name, "lessons": each.lessons, "strands": each.strands, "since": each.since.isoformat()}
        for each in found.behind
    ]
    missed = [
        {"strand": each.strand, "classes": each.classes, "since": each.since.isoformat()} for each in found.missed
    ]
    return {"on": found.on.isoformat(), "classes": classes, "behind": behind, "missed": missed}
