"""A reader lets a colleague read what came before the colleague had a key: a new deputy, a lead who is back from leave.

Only somebody who can open a report can let anybody in, with a key of their own; and only somebody whom the report might
have gone to. Whom it is about is sealed, so that is known to whoever opens it and to nobody else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from safeguarding.cases import OverError
from safeguarding.concerns import ENDS, Concern, ConcernStore, NotForYouError
from safeguarding.followup import readable
from safeguarding.keyring import KeyStore
from safeguarding.logbook import Act
from safeguarding.routing import About, beside, ladder, year_said
from safeguarding.watching import tell
from school.notices import Outbox
from school.people import ANSWERING_ROLES, Person, YearGroup
from school.school import School
from school.sensitive import SecretKey
from school.words import Refusal, Text

# So many reports are opened and given in one transaction.
A_CHUNK = 20


class NotToThemError(Refusal):
    """Somebody whom the report may not go to, who is away, who has no key, or who can read it already."""

    text = Text(
        "That person can't be given this report. They can read it already, have no key yet, are away, or are not one "
        "of those that a report like this may go to."
    )


@dataclass(frozen=True, kw_only=True)
class Sharing:
    """Whoever lets somebody in: their id and key, and the stores of their school."""

    school: School
    concerns: ConcernStore
    keyring: KeyStore
    outbox: Outbox
    person: str
    key: SecretKey
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Given:
    """How many reports somebody was let into; `after` is where to go on, empty at the end."""

    count: int
    after: str


def may_be_given(
    about: About,
    *,
    school: School,
    on: date,
    keys: Collection[str],
    readers: Collection[str],
    year: YearGroup | None = None,
) -> tuple[Person, ...]:
    """Those whom a report may go to who are in, hold one of the `keys`, and are not among its readers yet."""
    away = school.away(on)
    people = [person for rung in ladder(about, school=school) for person in rung]
    people += beside(about, school=school, year=year)
    return tuple(each for each in people if each.id in keys and each.id not in away and each.id not in readers)


def who_may_be_given(reference: str, *, by: Sharing) -> tuple[Person, ...]:
    """To whom a reader could give it. Raises NotForYouError, OverError."""
    return _who(_open(reference, by=by), by=by)


def give(reference: str, *, to: str, by: Sharing) -> Person:
    """Let somebody in, tell them, and write it down; who it was. Raises NotForYouError, OverError, NotToThemError.

    The caller commits.
    """
    concern = _open(reference, by=by)
    found = next((each for each in _who(concern, by=by) if each.id == to), None)
    if found is None:
        raise NotToThemError
    _let_in(concern, found, by=by)
    return found


def give_all(to: str, *, by: Sharing, after: str = "") -> Given:
    """Let somebody into every open report that one can read and that may go to them, a chunk at a time.

    In the order of the references, from the one behind `after` on. The caller commits.
    """
    theirs = sorted(
        each.reference
        for each in by.keyring.open_holdings()
        if by.person in each.readers and to not in each.readers and each.reference > after
    )
    chunk = theirs[:A_CHUNK]
    count = 0
    for reference in chunk:
        try:
            give(reference, to=to, by=by)
        except (NotToThemError, NotForYouError):
            continue  # it may not go to them, or cannot be opened
        count += 1
    return Given(count=count, after=chunk[-1] if len(theirs) > len(chunk) else "")


def _open(reference: str, *, by: Sharing) -> Concern:
    concern = readable(reference, concerns=by.concerns, person=by.person)
    if concern.state in ENDS:
        raise OverError
    return concern


def _who(concern: Concern, *, by: Sharing) -> tuple[Person, ...]:
    opened = by.concerns.open(concern.id, person=by.person, key=by.key)
    holding = by.keyring.holding(concern.id)
    keys = {each.person for each in by.concerns.recipients([person.id for person in by.school.people])}
    return may_be_given(
        opened.about,
        school=by.school,
        on=by.school.calendar.today(by.now),
        keys=keys,
        readers=holding.readers if holding else concern.readers,
        year=year_said(opened.details),
    )


def _let_in(concern: Concern, found: Person, *, by: Sharing) -> None:
    (recipient,) = by.concerns.recipients([found.id])
    rungs = [each for each, people in enumerate(concern.ladder) if found.id in people]
    rung = rungs[0] if rungs else max(0, len(concern.ladder) - 1) if found.holds(*ANSWERING_ROLES) else 0
    by.keyring.give(concern.id, by=by.person, key=by.key, to=recipient, rung=rung)
    by.concerns.log.write(Act.SHARED, actor=by.person, now=by.now, subject=concern.reference)
    by.concerns.log.write(Act.LET_IN, actor=found.id, now=by.now, subject=concern.reference)
    # A number of its own each time: whoever was let in before, and left since, is told anew.
    mark = f"given-{by.concerns.log.head().number}:"
    tell([found], reference=concern.reference, page="concern-given", mark=mark, outbox=by.outbox)
