"""Tables as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence

# A cell that begins with one of these is a formula to a spreadsheet (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV with a head line; cells that a spreadsheet would run are quoted as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([_safe(str(cell)) for cell in row])
    return out.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
