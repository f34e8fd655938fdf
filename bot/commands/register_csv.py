"""A register as the office keeps it in a spreadsheet. All of a file is read, or nothing; all faults are said."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date

from bot.paper import csv_of
from bot.school_faults import nearest
from safeguarding import decoded
from school.school import School
from school.words import Refusal, Text
from staff import COLUMNS, Drafted, Entry, Register, cell_of, drafted, same_title, where_is

MOST_ROWS, MOST_FAULTS = 500, 20
DELIMITERS = ",;\t"
MARK = "\ufeff"
# What csv_of puts an apostrophe before: a spreadsheet would take it for a formula (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Written beside a device for whoever reads the file, and passed over when it is loaded: only a tap moves a device.
BESIDE = ("who", "where", "since")
OPTIONAL = frozenset({"place", *BESIDE})


class RegisterFileError(Refusal):
    """A file that can't be taken as it is. Every fault is listed."""

    text = Text("{file} needs mending:\n{faults}\nNothing was loaded.")

    @classmethod
    def of(cls, file: str, faults: Sequence[str]) -> "RegisterFileError":
        """The first of them, and how many more."""
        more = [f"... and {len(faults) - MOST_FAULTS} more."] if len(faults) > MOST_FAULTS else []
        return cls(file=file, faults="\n".join([*faults[:MOST_FAULTS], *more]))


def register_csv(register: Register, entries: Sequence[Entry]) -> str:
    """The open entries, with columns that load again."""
    columns = COLUMNS[register]
    device = register is Register.DEVICE
    rows = [
        [
            *(cell_of(each, name) for name in columns),
            *((each.holder, where_is(each).value, each.fields.get("since", "")) if device else ()),
        ]
        for each in entries
    ]
    return csv_of((*columns, *(BESIDE if device else ())), rows)


def rows_of(raw: bytes, *, file: str, register: Register, school: School, on: date) -> tuple[tuple[int, Drafted], ...]:
    """Each row's line and what is in it. Raises RegisterFileError or NotTextError.

    UTF-8, UTF-16 or Windows-1252; commas, semicolons or tabs between cells; the first line names the columns.
    """
    rows = list(_lines(decoded(raw).removeprefix(MARK), file))
    if len(rows) < 2:
        raise RegisterFileError.of(file, [f"There is nothing in it. Its first line is: {','.join(COLUMNS[register])}"])
    if len(rows) > MOST_ROWS + 1:
        raise RegisterFileError.of(file, [f"It has {len(rows) - 1} rows; the most is {MOST_ROWS}."])
    head = [cell.strip().casefold() for cell in rows[0][1]]
    if faults := list(_head_faults(head, register)):
        raise RegisterFileError.of(file, [f"line {rows[0][0]}: {fault}" for fault in faults])
    found: list[tuple[int, Drafted]] = []
    for line, cells in rows[1:]:
        if len(cells) != len(head):
            faults.append(f"line {line}: it has {len(cells)} cells, and the first line has {len(head)}.")
            continue
        try:
            row = drafted(register, dict(zip(head, map(_plain, cells), strict=True)), school=school, on=on)
        except Refusal as refusal:
            faults.append(f"line {line}: {refusal}")
            continue
        if same_title(row.title, [each.title for _, each in found]):
            faults.append(f"line {line}: “{row.title[:60]}” stands in the file twice.")
        found.append((line, row))
    if faults:
        raise RegisterFileError.of(file, faults)
    return tuple(found)


def _lines(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    top = next((line for line in text.split("\n") if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=top.count), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error:
        fault = f"line {reader.line_num}: it can't be read from here on. Look for a lone quotation mark."
        raise RegisterFileError.of(file, [fault]) from None


def _head_faults(head: Sequence[str], register: Register) -> Iterator[str]:
    known = (*COLUMNS[register], *(BESIDE if register is Register.DEVICE else ()))
    for name in dict.fromkeys(head):
        if name not in known:
            yield f"there is no column {name[:40]!r}{nearest(name, [*known])}"
        elif head.count(name) > 1:
            yield f"the column {name!r} is there twice"
    if missing := [name for name in COLUMNS[register] if name not in head and name not in OPTIONAL]:
        yield f"these columns are missing: {', '.join(missing)}"


def _plain(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running what follows."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
