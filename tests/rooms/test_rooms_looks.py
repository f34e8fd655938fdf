"""Who has to look at a newsletter is told in time and once, and whoever leads hears of one that did not go."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pages import Document, NewsletterFront, Page, Reader, Shelf
from pages.page import Body
from parents import Approval, near, newsletter_of, tell_of_looks
from school.calendar import Calendar, HalfTerm
from school.notices import Header, Mailing, MailingState, Notice
from school.people import Person, Role, SchoolClass, YearGroup
from school.roles import Leave
from school.school import School

AUTUMN = HalfTerm(id="autumn-1", first=date(2026, 9, 1), last=date(2026, 10, 23))
LATER = HalfTerm(id="autumn-2", first=date(2026, 11, 2), last=date(2026, 12, 18))
SCHOOL = School(
    id="oakfield",
    name="Oakfield",
    calendar=Calendar(zone=ZoneInfo("Europe/London"), half_terms=(AUTUMN, LATER)),
    classes=(SchoolClass(id="oak", name="Oak", years=(YearGroup(4),)),),
    people=(
        Person(id="hannah", name="Hannah Lewis", roles=frozenset({Role.HEAD})),
        Person(id="dilys", name="Dilys Morgan", roles=frozenset({Role.DSL})),
        Person(id="amara", name="Amara Okafor", roles=frozenset({Role.ESAFETY_LEAD})),
        Person(id="femi", name="Femi Adeyemi", roles=frozenset({Role.TEACHER})),
    ),
    languages=(),
)
DUE = date(2026, 11, 4)  # two school days after half-term
MAILING = "newsletter:news:1"


def page(words: str = "first", years: tuple[int, ...] = ()) -> Page:
    front = NewsletterFront(
        id="news", kind="newsletter", title="News", version=1, reader=Reader.PARENT, years=years, send_on=str(DUE)
    )
    return Page("news", "newsletter", "en", front, Body(lambda: (Document("News", ()), {})), Path("n"), 1, words, "")


@dataclass
class Book:
    """Approvals, mailings and an outbox of one school."""

    given: list[Approval] = field(default_factory=list)
    headers: dict[str, Header] = field(default_factory=dict)
    left: dict[str, Notice] = field(default_factory=dict)

    def add(self, approval: Approval) -> bool:
        self.given.append(approval)
        return True

    def of(self, mailing: str) -> Sequence[Approval]:
        return [each for each in self.given if each.mailing == mailing]

    def open(self, mailing: Mailing, *, now: datetime) -> Header:
        del now
        fresh = Header(
            mailing=mailing,
            state=MailingState.RUNNING,
            frozen=None,
            upto=None,
            expected=0,
            candidates=0,
            excluded=0,
            laid=False,
        )
        return self.headers.setdefault(mailing.id, fresh)

    def set_state(self, campaign: str, state: MailingState, *, now: datetime) -> int:
        del now
        self.headers[campaign] = replace(self.headers[campaign], state=state)
        return 1

    def leave(self, notice: Notice) -> bool:
        return self.left.setdefault(notice.key, notice) is notice

    def told(self) -> list[tuple[str, str]]:
        return [(each.page, each.recipient) for each in self.left.values()]


def look(book: Book, now: datetime, *, shown: Page | None = None, school: School = SCHOOL) -> int:
    shelf = Shelf([shown or page()])
    found = near(shelf.all(kind="newsletter"), school=school, now=now)
    rest = {"school": school, "approvals": book, "mailings": book, "outbox": book, "now": now}
    return tell_of_looks(found, shelf=shelf, **rest)


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def say_yes(book: Book, *people: str, shown: Page | None = None) -> None:
    digest = newsletter_of(shown or page(), shelf=Shelf([shown or page()])).digest
    for person in people:
        book.add(Approval(mailing=MAILING, digest=digest, person=person, at=at(DUE)))


@pytest.mark.clause(16)
def test_those_who_answer_for_it_are_asked_from_five_school_days_before_and_once() -> None:
    book = Book()

    assert look(book, at(date(2026, 10, 20))) == 0
    assert look(book, at(date(2026, 10, 21), 3)) == 0, "nobody is told before school is open"
    assert look(book, at(date(2026, 10, 21))) == 3, "half-term lies between"
    assert look(book, at(date(2026, 10, 21), 11)) == look(book, at(DUE)) == 0

    assert book.told() == [("newsletter-look", person) for person in ("hannah", "dilys", "amara")]
    assert book.left[next(iter(book.left))].values == {"page": "News", "day": "04/11/2026"}
    assert MAILING in book.headers, "so that its card is there"


def test_whoever_is_away_is_not_asked() -> None:
    book = Book()
    away = replace(SCHOOL, leave=(Leave(person="dilys", first=DUE, last=DUE),))

    look(book, at(DUE), school=away)

    assert [person for _, person in book.told()] == ["hannah", "amara"]


def test_a_page_that_was_changed_is_told_of_once_and_one_that_nobody_approved_is_only_asked_for_anew() -> None:
    book, changed = Book(), page("other words")
    look(book, at(DUE - timedelta(days=1)))
    say_yes(book, "hannah", "dilys")
    assert look(book, at(DUE)) == 0, "two have said yes"

    assert look(book, at(DUE), shown=changed) == 3
    assert look(book, at(DUE, 11), shown=changed) == 0

    assert [told for told, _ in book.told()] == ["newsletter-look"] * 3 + ["newsletter-changed"] * 3


def test_amara_who_leads_is_told_that_it_did_not_go_and_it_is_over() -> None:
    book = Book()
    look(book, at(DUE))
    say_yes(book, "hannah")

    assert look(book, at(DUE + timedelta(days=5))) == 1
    assert look(book, at(DUE + timedelta(days=6))) == 0

    assert book.told()[-1] == ("newsletter-not-sent", "amara")
    assert book.headers[MAILING].state is MailingState.CANCELLED


def test_nobody_is_told_where_nobody_needs_to_look() -> None:
    elm = SchoolClass(id="elm", name="Elm", years=(YearGroup(5),))
    two_classes = replace(SCHOOL, classes=(*SCHOOL.classes, elm))

    assert look(Book(), at(DUE), school=replace(SCHOOL, second_person=False)) == 0
    assert look(Book(), at(DUE), shown=page(years=(4,)), school=two_classes) == 0
    assert look(Book(), at(DUE), shown=page(years=(4, 5)), school=two_classes) == 3
