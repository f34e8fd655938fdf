"""Tables as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence

from bot.languages import translator
from bot.paper.glyphs import encodable
from school.words import Text

# A cell that begins with one of these is a formula to a spreadsheet (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# By which a spreadsheet knows UTF-8.
MARK = "\ufeff"


def csv_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV with a head line; cells that a spreadsheet would run are quoted as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([_safe(str(cell)) for cell in row])
    return out.getvalue()


def csv_table(head: Sequence[Text], rows: Sequence[Sequence[str | Text]], *, lang: str) -> bytes:
    """The table in its reader's language, with CRLF at the end of each row.

    A cell that a spreadsheet might run (its first character, or its first after spaces, is one of FORMULA) has an
    apostrophe put before it; so has a cell that begins with an apostrophe itself, so that taking one apostrophe off the
    front of a cell always gives back what was there. Nothing is taken out: every character stands where it was. Half of
    a surrogate pair, which UTF-8 cannot hold, is spelled `[U+D83D]`.
    """
    say = translator(lang)
    made = io.StringIO(newline="")
    writer = csv.writer(made, dialect="excel", lineterminator="\r\n")
    for row in (head, *rows):
        writer.writerow([_words(say(cell) if isinstance(cell, Text) else cell) for cell in row])
    return (MARK + made.getvalue()).encode()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _words(cell: str) -> str:
    said = encodable(cell)
    return f"'{said}" if said.startswith("'") or said.startswith(FORMULA) or said.lstrip().startswith(FORMULA) else said
