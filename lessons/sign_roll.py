"""The sign roll of a class's agreement: which version, on which day, and how many names are on the sheet."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from curriculum import EditionStore, Hands, Outcome, ProgressStore, Taught, edition_of
from lessons.quiz import count_of
from lessons.teaching import note_aside
from pages import Page
from school.calendar import Calendar
from school.evidence import Evidence, EvidenceBook
from school.people import SchoolClass, YearGroup
from school.words import Text, counted

# The agreement of each age, by the oldest year it is for.
AGREEMENTS = ((YearGroup(0), "aua-early"), (YearGroup(2), "aua-ks1"), (YearGroup(13), "aua-ks2"))
# The policy's clauses that a line of an agreement puts into a pupil's words: one's own password, and others' pictures.
LINES: Mapping[str, tuple[str, ...]] = {"aua-ks1": ("C32", "C50"), "aua-ks2": ("C32", "C50")}
NAMES = Text("Names on the sheet")


def agreement_page(klass: SchoolClass) -> str:
    """The id of the page that a class of this age agrees to."""
    return next(name for oldest, name in AGREEMENTS if max(klass.years) <= oldest)


def names_from(typed: str) -> int:
    """How many have signed, as it was typed; 0 where nobody said. Raises HandsFault."""
    return count_of(typed, where=NAMES)


def last_signed(taught: Sequence[Taught]) -> Taught | None:
    """When a class signed last; `taught` is what it had this school year."""
    return next((entry for entry in reversed(taught) if entry.outcome is Outcome.SIGNED), None)


def signed_said(entry: Taught | None, page: Page, *, class_name: str, calendar: Calendar) -> Text:
    """When and by how many an agreement was signed this school year, and whether that was the one that holds now."""
    if entry is None:
        return Text("{name} has not signed it yet this school year.", {"name": class_name})
    names = sum(each.all for each in entry.hands)
    values: dict[str, str | int | Text] = {
        "name": class_name,
        "date": f"{calendar.today(entry.when):%d/%m/%Y}",
        "count": names,
    }
    if (entry.lesson, entry.version) != (page.id, page.version):
        return Text("{name} signed an earlier version on {date}. This one is not signed yet.", values)
    if not names:
        return Text("{name} signed it on {date}. Nobody has said how many names are on the sheet.", values)
    return counted(
        "{name} signed it on {date}: {count} name is on the sheet.",
        "{name} signed it on {date}: {count} names are on the sheet.",
        values,
    )


def sign(
    page: Page,
    *,
    klass: SchoolClass,
    names: int,
    taught: Sequence[Taught],
    by: str,
    progress: ProgressStore,
    editions: EditionStore,
    evidence: EvidenceBook,
    calendar: Calendar,
    now: datetime,
) -> bool:
    """Keep that a class has signed; False where the same was kept on the same day already. The caller commits.

    The words that hold now are kept too.
    `names` are those on the sheet, 0 where nobody counted; a later count takes the place of an earlier one.
    """
    hands = (Hands((names,), 0),) if names else ()
    last = last_signed(taught)
    same = last is not None and (last.lesson, last.version, last.hands) == (page.id, page.version, hands)
    if same and last is not None and calendar.today(last.when) == calendar.today(now):
        return False
    entry = Taught(
        class_id=klass.id,
        turn=0,
        lesson=page.id,
        version=page.version,
        strand="",
        outcome=Outcome.SIGNED,
        hands=hands,
        by=by,
        when=now,
    )
    note_aside(entry, progress=progress)
    editions.keep(edition_of(page))
    what = f"{page.id} version {page.version} with {klass.name}" + (f", {names} names" if names else "")
    for clause in ("C9", "C68", *LINES.get(page.id, ())):
        evidence.write(Evidence(clause=clause, kind="agreement.signed", when=now, what=what, by=by))
    return True
