"""Alerts into the vault: sealed as a report is, told of once, and never kept twice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from safeguarding.alert_times import by_month, when
from safeguarding.alerts import Line, Part, Sheet, cell, words_of
from safeguarding.concerns import ConcernStore
from safeguarding.intake import LONGEST_WORDS, Report, receive, says_nothing
from safeguarding.receipts import Receipt
from safeguarding.routing import About
from school.evidence import Evidence, EvidenceBook
from school.notices import Outbox
from school.school import School
from school.sensitive import Sensitive
from school.words import Text

VIA = "alert"
# A clock that is a little fast is no reason to lose an alert.
TOMORROW = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One row that can be kept. `at` is None where no column tells when it was.

    `known_by` is what makes it the same alert as one that came before: its system, its time, its text.
    """

    line: int
    at: datetime | None
    words: Sensitive
    known_by: Sensitive


@dataclass(frozen=True, kw_only=True)
class BadRow:
    """One row that cannot be kept, and why."""

    line: int
    why: Text


@dataclass(frozen=True, kw_only=True)
class Looked:
    """A table, read by the columns that somebody chose."""

    alerts: tuple[Alert, ...] = field(default=(), repr=False)
    bad: tuple[BadRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BroughtIn:
    """How many of the alerts were kept now, and how many were there already."""

    kept: int = 0
    known: int = 0


def months_first(sheet: Sheet, columns: Mapping[Part, int], *, school: School) -> bool:
    """Whether the times of a file have the month before the day."""
    return by_month((_when(line, columns) for line in sheet.lines), zone=school.calendar.zone)


def look(
    sheet: Sheet,
    columns: Mapping[Part, int],
    *,
    source: str,
    school: School,
    now: datetime,
    month_first: bool = False,
) -> Looked:
    """Which rows can be kept, and what is wrong with the others. Nothing is kept."""
    alerts, bad = [], []
    for line in sheet.lines:
        given = _when(line, columns)
        at = when(given, zone=school.calendar.zone, month_first=month_first)
        words = words_of(sheet, line, columns)
        why = _fault(sheet, line.cells, words, columns)
        if why is None and Part.TIME in columns:
            why = _time_fault(given, at, now)
        if why is not None:
            bad.append(BadRow(line=line.number, why=why))
            continue
        moment = at.astimezone(UTC).isoformat() if at else ""
        told = [cell(line, columns.get(part)) for part in (Part.WHAT, Part.WHO)] if moment else list(line.cells)
        known_by = Sensitive("\0".join((source.strip().casefold(), moment, *told)))
        alerts.append(Alert(line=line.number, at=at, words=words, known_by=known_by))
    if sheet.broken_at is not None:
        unread = Text("From here on the file can't be read: a quotation mark is missing, or stands in a wrong place.")
        bad.append(BadRow(line=sheet.broken_at, why=unread))
    return Looked(alerts=tuple(alerts), bad=tuple(bad))


def bring_in(
    alerts: Sequence[Alert],
    *,
    about: About,
    source: str,
    by: str,
    batch: UUID,
    first: bool,
    school: School,
    concerns: ConcernStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    mark: Callable[[Sensitive], str],
    receipt: Callable[[], Receipt],
    concern_id: Callable[[], UUID],
    reference: Callable[[], str],
    now: datetime,
) -> BroughtIn:
    """Keep those that are not here yet. The caller commits.

    A few at a time, so that no child's report waits for a whole import. `first`: nobody has been told of this import
    yet, and nobody is told of it twice. Raises as `receive`.
    """
    marks = [mark(alert.known_by) for alert in alerts]
    known = set(concerns.known_alerts(marks))
    kept = 0
    for alert, own in zip(alerts, marks, strict=True):
        if own in known:
            continue
        known.add(own)
        told = school.calendar.local(alert.at).isoformat(timespec="minutes") if alert.at else ""
        details = (("source", source), *((("alert_time", told),) if told else ()))
        report = Report(about=about, words=alert.words, via=VIA, details=details, by=by)
        receive(
            replace(report, alert_mark=own, batch=batch, tells=first and kept == 0),
            school=school,
            concerns=concerns,
            outbox=outbox,
            evidence=evidence,
            receipt=receipt(),
            concern_id=concern_id(),
            reference=reference(),
            now=now,
        )
        kept += 1
    if first and kept:
        what = "Alerts of a filtering or monitoring system were brought in"
        evidence.write(Evidence(clause="C40", kind="alerts.brought_in", when=now, what=what, by=by))
    return BroughtIn(kept=kept, known=len(alerts) - kept)


def _when(line: Line, columns: Mapping[Part, int]) -> str:
    parts = (cell(line, columns.get(Part.TIME)), cell(line, columns.get(Part.CLOCK)))
    return " ".join(part for part in parts if part)


def _fault(sheet: Sheet, cells: Sequence[str], words: Sensitive, columns: Mapping[Part, int]) -> Text | None:
    if any(each.strip() for each in cells[len(sheet.head) :]):
        counts = {"count": len(cells), "expected": len(sheet.head)}
        return Text("It has {count} cells, and there are {expected} columns.", counts)
    what = columns.get(Part.WHAT)
    if what is not None and not (what < len(cells) and cells[what].strip()):
        return Text("There is nothing in the column “{column}”.", {"column": sheet.head[what]})
    if says_nothing(words):
        return Text("There is nothing in it.")
    if len(words) > LONGEST_WORDS:
        return Text(
            "It is too long: {length} characters; the most is {most}.", {"length": len(words), "most": LONGEST_WORDS}
        )
    return None


def _time_fault(given: str, at: datetime | None, now: datetime) -> Text | None:
    if not given:
        return Text("It has no time.")
    if at is None:
        return Text("Its time can't be read: “{time}”.", {"time": given[:40]})
    return Text("Its time is in the future: “{time}”.", {"time": given[:40]}) if at > now + TOMORROW else None
