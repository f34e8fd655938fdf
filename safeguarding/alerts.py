"""Alerts of filtering and monitoring systems: a file or an e-mail becomes a table, and the table becomes alerts.

Every product has columns of its own. Which is which is guessed by their names, and whoever brings the file in confirms
it before anything is kept. What is kept of an alert is every cell of its row, each with its column's name.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from school.sensitive import Sensitive
from school.words import Refusal, Text

MOST_ROWS = 500
MOST_COLUMNS = 60
# Some products put a title and a date above the names of the columns.
ABOVE_THE_HEAD = 10
DELIMITERS = ",;\t|"
_CONTROLS = {code: None for code in (*range(32), 127) if chr(code) not in "\n\t"}
_LABEL = re.compile(r"^[ \t>*]{0,8}([^\W\d_][\w /()'-]{0,40}?)[ \t]*:[ \t]*(.*)$")


class NotTextError(Refusal):
    """Bytes that are no text: a workbook, a PDF, a picture."""

    text = Text(
        "That isn't a CSV file. If it is a workbook or a PDF, open it and save it as CSV, or ask your system for a CSV."
        " Nothing was kept."
    )


class NoRowsError(Refusal):
    """Nothing below the names of the columns, or nothing at all."""

    text = Text("There is no alert in that. Nothing was kept.")


class TooManyRowsError(Refusal):
    """More than one import takes."""

    text = Text(
        "That has {count} alerts; the most at one time is {most}. Please bring it in in parts. Nothing was kept."
    )


class Part(StrEnum):
    """What a column can tell."""

    TIME = "time"
    CLOCK = "clock"
    WHAT = "what"
    WHO = "who"
    WHERE = "where"
    KIND = "kind"


# The names that common products give to them, in the order in which they are preferred. Letters and digits alone.
_NAMES: Mapping[Part, str] = {
    Part.TIME: """
        date time, datetime, date and time, timestamp, time stamp, created at, captured at, violation date, alert date,
        event date, date, alert time, event time, violation time, occurred, sent, created, when, time
    """,
    Part.CLOCK: "time, violation time, alert time, event time, clock",
    Part.WHAT: """
        captured text, matched text, typed text, content, text, search term, search query, search, query, phrase,
        snippet, message, keywords, keyword, description, details, detail, violation, alert, event, trigger, url, site,
        address, subject, summary
    """,
    Part.WHO: """
        student name, pupil name, full name, display name, student, pupil, user name, username, user, logged on user,
        login, account, student email, user email, email, name
    """,
    Part.WHERE: """
        device name, computer name, machine name, hostname, device, computer, machine, workstation, client ip,
        ip address, ip, location, room
    """,
    Part.KIND: """
        category, theme, alert type, violation type, type, library, rule, policy, severity, risk level, risk, level,
        priority, status
    """,
}
NAMES = {part: tuple(name.strip() for name in names.split(",")) for part, names in _NAMES.items()}
LETTER = "The e-mail"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row; `number` is where it ends in the file, counted from 1."""

    number: int
    cells: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table with the names of its columns. `broken_at` is the line from which on nothing could be read."""

    head: tuple[str, ...]
    lines: tuple[Line, ...]
    broken_at: int | None = None


def decoded(raw: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with or without its mark, or Windows-1252. Raises NotTextError."""
    said = _decoded(raw)
    if said is None or "\0" in said or said.startswith(("PK\x03\x04", "%PDF")):
        raise NotTextError
    return said


def _decoded(raw: bytes) -> str | None:
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    guesses = [name for mark, name in marks if raw.startswith(mark)]
    # In UTF-16 of Western text every other byte is nought.
    if not guesses and len(raw) > 1 and raw.count(0) * 3 > len(raw):
        guesses = ["utf-16-le" if raw[1] == 0 else "utf-16-be"]
    for name in guesses or ("utf-8", "cp1252"):
        try:
            return raw.decode(name)
        except UnicodeDecodeError:
            continue
    return None


def sheet_of(text: str) -> Sheet:
    """A CSV's table. Raises NoRowsError, TooManyRowsError."""
    text = text.removeprefix("\ufeff")
    separator, said = _said_separator(text)
    lines: list[Line] = []
    broken = None
    reader = csv.reader(io.StringIO(said, newline=""), delimiter=separator, strict=True)
    skipped = text.count("\n", 0, len(text) - len(said))
    try:
        lines.extend(
            Line(number=reader.line_num + skipped, cells=tuple(map(_clean, cells)))
            for cells in reader
            if any(cell.strip() for cell in cells)
        )
    except csv.Error:
        broken = reader.line_num + skipped
    at = _head_at(lines)
    if len(lines) < at + 2:
        raise NoRowsError
    rows = lines[at + 1 :]
    if len(rows) > MOST_ROWS:
        raise TooManyRowsError(count=len(rows), most=MOST_ROWS)
    return Sheet(head=_named(lines[at].cells), lines=tuple(rows), broken_at=broken)


def letter_of(text: str) -> Sheet:
    """An e-mail's text as a table of one row: each line `Name: value`, and the whole of it. Raises NoRowsError."""
    said = _clean(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not said:
        raise NoRowsError
    found: dict[str, str] = {}
    for line in said.split("\n"):
        labelled = _LABEL.match(line)
        if labelled and labelled[2].strip() and len(found) < MOST_COLUMNS - 1:
            found.setdefault(labelled[1].strip(), labelled[2].strip())
    # The whole letter is what is kept; its parts only tell when it was and who.
    return Sheet(head=(*found, LETTER), lines=(Line(number=1, cells=(*found.values(), said)),))


def guessed(head: Sequence[str]) -> dict[Part, int]:
    """Which column tells what, by their names alone; each column tells one thing."""
    names = [_plain(name) for name in head]
    found: dict[Part, int] = {}
    if head[-1] == LETTER:
        found[Part.WHAT] = len(names) - 1
    for part in (Part.TIME, Part.WHAT, Part.WHO, Part.KIND, Part.WHERE, Part.CLOCK):
        taken = set(found.values())
        at = next((names.index(name) for name in NAMES[part] if name in names and names.index(name) not in taken), None)
        if at is not None and part not in found:
            found[part] = at
    # A column called "time" is the time of day only beside one with the date.
    if Part.TIME in found and "date" not in names[found[Part.TIME]].split():
        found.pop(Part.CLOCK, None)
    return found


def words_of(sheet: Sheet, line: Line, columns: Mapping[Part, int]) -> Sensitive:
    """Every cell with its column's name: first what is known to matter, then the rest in its order."""
    first = [columns[part] for part in (Part.WHAT, Part.WHO, Part.KIND, Part.WHERE) if part in columns]
    if sheet.head[-1] == LETTER:
        return Sensitive(line.cells[-1])
    order = [*first, *(at for at in range(len(sheet.head)) if at not in first)]
    said = [f"{sheet.head[at]}: {cell(line, at)}" for at in order if cell(line, at)]
    return Sensitive("\n".join(said))


def cell(line: Line, at: int | None) -> str:
    """A cell without the spaces round it; empty where the row is shorter, or no column is meant."""
    return line.cells[at].strip() if at is not None and 0 <= at < len(line.cells) else ""


def _said_separator(text: str) -> tuple[str, str]:
    """The character between cells, and the text without a first line that does nothing but say so (`sep=;`)."""
    first, _, rest = text.partition("\n")
    said = first.strip().strip('"')
    if said.casefold().startswith("sep=") and len(said) == 5 and said[4] in DELIMITERS:
        return said[4], rest
    top = "\n".join(text.split("\n", ABOVE_THE_HEAD)[:ABOVE_THE_HEAD])
    return max(DELIMITERS, key=lambda each: (top.count(each), -DELIMITERS.index(each))), text


def _head_at(lines: Sequence[Line]) -> int:
    """Which row has the names: the one among the first that most of our names stand in; else the first."""
    known = {name for names in NAMES.values() for name in names}
    scores = [len({_plain(each) for each in line.cells} & known) for line in lines[:ABOVE_THE_HEAD]]
    return scores.index(max(scores)) if scores and max(scores) >= 2 else 0


def _named(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(cell.split())[:60] or f"Column {at}" for at, cell in enumerate(cells[:MOST_COLUMNS], 1))


def _plain(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(_words_in(spaced))


def _words_in(name: str) -> Iterator[str]:
    yield from re.findall(r"[^\W_]+", name.casefold())


def _clean(said: str) -> str:
    return said.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
