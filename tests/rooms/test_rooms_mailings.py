"""Mailings in chunks under a frozen header, with the rooms' stores as plain dictionaries."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from parents import Campaign, Family, FamilyState, Laid, Newsletter, plan_newsletter, plan_step, steps_soon
from parents.mailings import lay_next
from school.calendar import Calendar, HalfTerm
from school.evidence import Evidence
from school.notices import CampaignAccount, Header, Mailing, MailingState, To
from school.people import SchoolClass, YearGroup
from school.school import School

NOW = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MAILING = Mailing(id="campaign:sid:1:1", campaign="sid", page="sid-1", due=NOW)


@dataclass
class Book:
    """Families, mailings and evidence of one school."""

    families: dict[UUID, Family] = field(default_factory=dict)
    headers: dict[str, Header] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    sent: list[tuple[Mailing, str]] = field(default_factory=list)
    written: list[Evidence] = field(default_factory=list)

    def join(self, *numbers: int, at: datetime = NOW - DAY, classes: tuple[str, ...] = ()) -> None:
        for number in numbers:
            self.families[UUID(int=number)] = Family(
                id=UUID(int=number),
                via="telegram",
                address=str(number),
                lang="en",
                classes=classes,
                state=FamilyState.ACTIVE,
                joined=at,
            )

    def leaves(self, number: int) -> None:
        known = UUID(int=number)
        self.families[known] = replace(self.families[known], state=FamilyState.STOPPED)

    def audience(self, *, after: UUID | None, until: datetime, limit: int) -> Sequence[Family]:
        there = [each for each in self.families.values() if each.joined <= until and each.state is FamilyState.ACTIVE]
        return sorted((each for each in there if after is None or each.id > after), key=lambda each: each.id)[:limit]

    def audience_size(self, *, until: datetime) -> int:
        return len(self.audience(after=None, until=until, limit=10**6))

    def open(self, mailing: Mailing, *, now: datetime) -> Header:
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
        assert now
        return self.headers.setdefault(mailing.id, fresh)

    def freeze(self, mailing: Mailing, *, expected: int, now: datetime) -> Header:
        self.headers[mailing.id] = replace(self.headers[mailing.id], frozen=now, expected=expected)
        return self.headers[mailing.id]

    def lay(self, mailing, recipients, *, excluded, after, upto, done) -> None:
        before = self.headers[mailing.id]
        assert before.upto == after
        self.rows += [each.int for each, _ in recipients if isinstance(each, UUID)]
        self.sent += [(mailing, str(each)) for each, _ in recipients]
        self.headers[mailing.id] = replace(
            before,
            upto=upto,
            laid=done,
            candidates=before.candidates + len(recipients),
            excluded=before.excluded + excluded,
        )

    def had(self, prefix: str, *, besides: str, to: To, among: Sequence[str]) -> frozenset[str]:
        earlier = [(each, who) for each, who in self.sent if each.id.startswith(prefix) and each.id != besides]
        return frozenset(who for each, who in earlier if each.to is to and who in among)

    def account(self, campaign: str) -> CampaignAccount:
        went = [(each, who) for each, who in self.sent if each.campaign == campaign and each.to is To.FAMILY]
        mailings = frozenset(each.id for each, _ in went)
        return CampaignAccount(sent=len(went), families=len({who for _, who in went}), mailings=mailings)

    def write(self, evidence: Evidence) -> None:
        self.written.append(evidence)


@pytest.fixture
def book() -> Book:
    return Book()


def lay(book: Book, *, now: datetime = NOW, mailing: Mailing = MAILING, chunk: int = 2) -> Laid:
    return lay_next(mailing, meant=lambda each: each.id.int != 99, families=book, mailings=book, now=now, chunk=chunk)


def lay_all(book: Book, **rest: object) -> list[Laid]:
    laid = [lay(book, **rest)]
    while not laid[-1].done:
        laid.append(lay(book, **rest))
    return laid


def test_marta_s_whole_school_is_laid_down_chunk_by_chunk_and_once(book: Book) -> None:
    book.join(1, 2, 3, 4, 99)

    laid = lay_all(book)

    assert [(each.added, each.done, each.whole) for each in laid] == [(2, False, None), (2, False, None), (0, True, 4)]
    assert book.rows == [1, 2, 3, 4]
    header = book.headers[MAILING.id]
    assert (header.expected, header.candidates, header.excluded, header.laid) == (5, 4, 1, True)
    assert lay(book) == Laid()


def test_marta_who_joins_before_it_is_due_is_in_although_it_was_planned_long_before(book: Book) -> None:
    book.join(1)
    assert lay(book, now=NOW - DAY) == Laid()
    assert book.rows == []
    assert book.headers[MAILING.id].frozen is None

    book.join(2, at=NOW - MINUTE)
    lay_all(book)

    assert book.rows == [1, 2]


def test_sam_who_joins_after_the_audience_was_frozen_is_out(book: Book) -> None:
    book.join(1, 2, 3)
    assert not lay(book).done

    book.join(4, at=NOW + MINUTE)
    lay_all(book, now=NOW + 2 * MINUTE)

    assert book.rows == [1, 2, 3]


def test_sam_who_leaves_before_his_chunk_is_laid_is_out(book: Book) -> None:
    book.join(1, 2, 3)
    assert not lay(book).done

    book.leaves(3)
    lay_all(book)

    assert book.rows == [1, 2]
    assert book.headers[MAILING.id].candidates == 2


def test_sam_who_joined_after_the_step_was_due_waits_for_the_next(book: Book) -> None:
    book.join(1)
    book.join(2, at=NOW + MINUTE)

    lay_all(book, mailing=replace(MAILING, joined_by=NOW), now=NOW + DAY)

    assert book.rows == [1]
    assert book.headers[MAILING.id].frozen == NOW


def test_marta_gets_nothing_of_a_cancelled_mailing(book: Book) -> None:
    book.join(1)
    lay(book, now=NOW - DAY)
    book.headers[MAILING.id] = replace(book.headers[MAILING.id], state=MailingState.CANCELLED)

    assert lay(book) == Laid()
    assert book.rows == []


def school() -> School:
    autumn = HalfTerm(id="autumn-2", first=date(2026, 11, 2), last=date(2026, 12, 18))
    calendar = Calendar(zone=ZoneInfo("Europe/London"), half_terms=(autumn,))
    oak = SchoolClass(id="oak", name="Oak", years=(YearGroup(4),))
    elm = SchoolClass(id="elm", name="Elm", years=(YearGroup(6),))
    return School(id="ashgrove", name="Ashgrove", calendar=calendar, classes=(oak, elm), people=(), languages=())


def test_marta_of_oak_gets_the_news_for_her_year_and_sam_of_elm_does_not(book: Book) -> None:
    book.join(1, classes=("oak",))
    book.join(2, classes=("elm",))
    book.join(3)

    laid = plan_newsletter(
        Newsletter(page="autumn", version=2, years=frozenset({YearGroup(4)}), digest="a"),
        school=school(),
        families=book,
        mailings=book,
        approvals=book,
        evidence=book,
        due=NOW,
        now=NOW,
    )

    assert (book.rows, laid.whole) == ([1, 3], 2)
    ((name, header),) = book.headers.items()
    assert (name, header.mailing.campaign, header.excluded) == ("newsletter:autumn:2", "autumn@2", 1)
    assert header.mailing.not_after == NOW + 3 * DAY
    assert [(each.clause, each.what) for each in book.written] == [("C16", "autumn for 2 families")]


def test_news_that_is_late_waits_for_the_end_of_the_quiet_hours(book: Book) -> None:
    book.join(1)
    rest = {"families": book, "mailings": book, "approvals": book, "evidence": book, "due": NOW}
    news = Newsletter(page="autumn", version=2, years=frozenset(), digest="a")
    nobody_looks = replace(school(), second_person=False)
    night, morning = NOW.replace(hour=21), NOW.replace(hour=7, minute=30) + DAY

    assert plan_newsletter(news, school=nobody_looks, now=night, **rest) == Laid()
    assert (book.rows, list(book.headers)) == ([], ["newsletter:autumn:2"])
    assert plan_newsletter(news, school=nobody_looks, now=morning, **rest).whole == 1
    assert book.rows == [1]


def test_marta_s_step_leaves_one_line_of_evidence_when_its_last_chunk_is_laid(book: Book) -> None:
    book.join(*range(1, 8))
    rest = {"school": school(), "years": frozenset(), "families": book, "mailings": book, "evidence": book}

    assert not plan_step(MAILING, now=NOW - DAY, **rest).whole
    assert book.written == []
    assert plan_step(MAILING, now=NOW, **rest).whole == 7
    assert plan_step(MAILING, now=NOW + MINUTE, **rest) == Laid()

    assert [(each.clause, each.what) for each in book.written] == [("C18", "sid: 7 messages planned")]


def campaign(**step: object) -> Campaign:
    steps = ({"id": "one", "page": "sid-1", "school_days": 0, "at": time(16, 0), **step},)
    return Campaign.model_validate({"id": "sid", "name": "Safer Internet Day", "anchor": NOW.date(), "step": steps})


def test_marta_s_step_becomes_a_mailing_a_fortnight_before_and_no_longer_than_two_days_after() -> None:
    def found(now: datetime) -> list[str]:
        return [each.id for each in steps_soon(campaign(), school=school(), now=now).mailings]

    assert found(NOW - 15 * DAY) == []
    assert found(NOW - 14 * DAY) == found(NOW + 2 * DAY) == ["campaign:sid:one:1"]
    assert found(NOW + 2 * DAY + MINUTE) == []


def test_marta_s_step_that_is_caught_up_goes_to_those_who_were_there_and_ends_two_days_later() -> None:
    late = NOW + 9 * DAY

    (mailing,) = steps_soon(campaign(catch_up="send", version=3), school=school(), now=late).mailings

    assert (mailing.id, mailing.campaign, mailing.due) == ("campaign:sid:one:3", "sid", NOW)
    assert (mailing.joined_by, mailing.not_after) == (NOW, late + 2 * DAY)
    assert mailing.due.date() == date(2026, 11, 24)


def test_marta_gets_the_newest_step_alone_when_the_machine_slept_through_several_and_none_of_last_term() -> None:
    three = Campaign.model_validate(
        {
            "id": "sid",
            "name": "Safer Internet Day",
            "anchor": NOW.date(),
            "step": [
                {"id": name, "page": name, "school_days": days, "at": time(16, 0), "catch_up": "send"}
                for name, days in (("coming", -10), ("ready", -4), ("today", 0))
            ],
        }
    )

    def found(now: datetime) -> list[str]:
        return [each.page for each in steps_soon(three, school=school(), now=now).mailings]

    assert found(NOW) == ["today"]
    assert found(NOW + 9 * DAY) == ["today"]
    assert found(NOW + 30 * DAY) == []
    assert found(NOW - 15 * DAY) == ["coming", "ready"]
