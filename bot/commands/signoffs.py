"""`lollipop signoffs`: who has signed what, as text, JSON or CSV, and signatures on paper for whoever has no Slack."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from bot.clock import MachineClock
from bot.commands.house import Stores, Where, library, pass_where, say, say_json, stores
from bot.paper import csv_of
from bot.storage import new_id
from bot.unit import Unit
from curriculum import standing
from lessons import agreement_page, last_signed
from pages import Document, Heading, Shelf, Span
from school.people import Person
from school.words import Refusal, Text
from staff import (
    MINDERS,
    PaperDayError,
    SignLine,
    SignSheet,
    day_typed,
    documents_to_sign,
    lay_signs,
    sheets_to_sign,
    sign_on_paper,
)

HEAD = ("document", "version", "id", "name", "state", "signed", "how", "due", "earlier")
FILE = click.Path(dir_okay=False, path_type=Path)


class PaperWordsError(Refusal):
    """Half of what is needed to keep a signature on paper."""

    text = Text(
        "Say whose paper it is and what it is: --paper PERSON --document ID --on 24/11/2026 --by PERSON. "
        "Nothing was kept.",
    )


class NobodyOfThatIdError(Refusal):
    """An id that is not in the school file, or of somebody who does not mind the roll."""

    text = Text("“{id}” is not among: {known}. Nothing was kept.")


@click.command("signoffs", epilog="Example: lollipop signoffs --csv roll.csv")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--csv", "file", type=FILE, help="Write the roll here, for a spreadsheet.")
@click.option("--paper", default="", metavar="PERSON", help="Keep that this person signed on paper.")
@click.option("--document", default="", metavar="ID", help="What they signed, such as governor-aup.")
@click.option("--on", "day", default="", metavar="DAY", help="The day on the paper.")
@click.option("--by", default="", metavar="PERSON", help="Who holds the paper: the head or the e-safety lead.")
@pass_where
def signoffs(
    where: Where,
    as_json: bool,  # noqa: FBT001
    file: Path | None,
    paper: str,
    document: str,
    day: str,
    by: str,
) -> None:
    """Who has signed the staff's, volunteers' and governors' agreements, and which classes have theirs."""
    shelf = library(where).shelf
    with stores(where) as at:
        if paper or document or day or by:
            _keep_paper(at, shelf, paper=paper, document=document, typed=day, by=by)
            return
        on = at.school.calendar.today(MachineClock().now())
        with at.units.read(at.school.id) as unit:
            sheets = sheets_to_sign(documents_to_sign(shelf), school=at.school, duties=unit.duties, on=on)
            classes = _classes(at, unit, shelf, on)
        rows = [_row(at, sheet, line, on) for sheet in sheets for line in sheet.lines]
    if as_json:
        say_json({"school": at.school.name, "as_of": on.isoformat(), "documents": _objects(sheets, rows), **classes})
        return
    table = csv_of(HEAD, [[each[column] for column in HEAD] for each in rows])
    if file:
        file.write_text("\ufeff" + table, "utf-8")
        say(f"Wrote {file}: {len(rows)} lines. There are names in it: keep it where staff records are kept.")
        return
    say(table.rstrip())
    for each in classes["classes"]:
        signed = f"signed version {each['version']} on {each['signed']}" if each["signed"] else "not signed yet"
        say(f"{each['class']}: {each['page']}, {signed}")


def sheet_to_sign(document: Document, version: int) -> Document:
    """A document as it is printed for whoever has no Slack, with its version and a place to sign."""
    says_so = Heading((Span(Text("I have read version {version} and will keep to it", {"version": version})),), 2)
    place = ((Text("Name"), 22), (Text("Signature"), 22), (Text("Day"), 10))
    # A heading, for the room that a pen needs; one, so that all of it stays below the text.
    blanks = Heading(tuple(each for label, room in place for each in (Span(label), Span(f": {'_' * room}  "))), 3)
    return replace(document, blocks=(*document.blocks, says_so, blanks))


def _row(at: Stores, sheet: SignSheet, line: SignLine, on: date) -> dict[str, str | int]:
    signed, duty = line.signed, line.duty
    late = duty is not None and not signed and duty.due < on
    return {
        "document": sheet.document.id,
        "version": sheet.document.version,
        "id": line.person.id,
        "name": line.person.name,
        "state": "signed" if signed else "late" if late else "waiting" if duty else "not asked yet",
        "signed": at.school.calendar.today(signed).isoformat() if signed else "",
        "how": "" if not signed else "paper" if line.on_paper else "slack",
        "due": duty.due.isoformat() if duty else "",
        "earlier": f"version {line.earlier.version}" if line.earlier else "",
    }


def _objects(sheets: Sequence[SignSheet], rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "id": sheet.document.id,
            "title": sheet.document.title,
            "version": sheet.document.version,
            "clauses": sheet.document.clauses,
            "signed": len(sheet.lines) - len(sheet.waiting),
            "of": len(sheet.lines),
            "people": [
                {key: value for key, value in row.items() if key not in {"document", "version"}}
                for row in rows
                if row["document"] == sheet.document.id
            ],
        }
        for sheet in sheets
    ]


def _classes(at: Stores, unit: Unit, shelf: Shelf, on: date) -> dict[str, list[dict[str, Any]]]:
    """The day and how many names: no pupil's."""
    found = []
    for klass in at.school.classes:
        this_year = standing(klass, progress=unit.progress, calendar=at.school.calendar, on=on).this_year
        page, entry = shelf.get(agreement_page(klass), "en"), last_signed(this_year)
        holds = entry is not None and (entry.lesson, entry.version) == (page.id, page.version)
        found.append(
            {
                "class": klass.name,
                "page": page.id,
                "version": page.version,
                "signed": at.school.calendar.today(entry.when).isoformat() if entry and holds else None,
                "names": sum(each.all for each in entry.hands) if entry and holds else 0,
            }
        )
    return {"classes": found}


def _keep_paper(at: Stores, shelf: Shelf, *, paper: str, document: str, typed: str, by: str) -> None:
    if not (paper and document and typed and by):
        raise PaperWordsError
    minders = [each for each in at.school.people if each.holds(*MINDERS)]
    keeper, signer = _named(by, minders), _named(paper, at.school.people)
    now, day, documents = MachineClock().now(), day_typed(typed), documents_to_sign(shelf)
    on = at.school.calendar.today(now)
    if day is None:
        first = at.school.calendar.year_began(on)
        raise PaperDayError(first=f"{first:%d/%m/%Y}", today=f"{on:%d/%m/%Y}")
    with at.units.write(at.school.id) as unit:
        lay_signs(documents, school=at.school, duties=unit.duties, new_id=new_id, now=now, person=signer)
        sheets = sheets_to_sign(documents, school=at.school, duties=unit.duties, on=on)
        theirs = {
            sheet.document.id: (sheet.document, line.duty)
            for sheet in sheets
            for line in sheet.lines
            if line.person.id == signer.id and line.duty is not None
        }
        if document not in theirs:
            raise NobodyOfThatIdError(id=document, known=", ".join(theirs) or "nothing that they sign")
        to_sign, duty = theirs[document]
        assert duty is not None
        sign_on_paper(
            duty,
            to_sign,
            day=day,
            by=keeper,
            school=at.school,
            duties=unit.duties,
            editions=unit.editions,
            evidence=unit.evidence,
            now=now,
        )
        unit.commit()
    say(f"Kept: {signer.name} signed {document}, version {to_sign.version}, on paper on {day:%d/%m/%Y}.")


def _named(typed: str, people: Sequence[Person]) -> Person:
    """Raises NobodyOfThatIdError."""
    found = next((each for each in people if each.id == typed.strip()), None)
    if found is None:
        raise NobodyOfThatIdError(id=typed[:40], known=", ".join(each.id for each in people))
    return found
