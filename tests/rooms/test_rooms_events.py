"""Events with plain stores: when a notice is due, what a changed file tells, and replies that hold in any order."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parents import (
    Comes,
    Family,
    FamilyCode,
    FamilyState,
    NeedsLetterError,
    NoReplyError,
    Reply,
    Told,
    Why,
    asked_about,
    free_places,
    is_theirs,
    mailings_of,
    news_of,
    notice_due,
    reply,
    settle,
    stage_page,
)
from school.calendar import Calendar, HalfTerm
from school.events import EventKind, SchoolEvent
from school.evidence import Evidence
from school.notices import Notice
from school.people import SchoolClass, YearGroup
from school.school import School

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
DAY = timedelta(days=1)
TERMS = (
    HalfTerm(id="autumn-2", first=date(2026, 11, 2), last=date(2026, 12, 18)),
    HalfTerm(id="spring-1", first=date(2027, 1, 4), last=date(2027, 2, 12)),
)
OAK = SchoolClass(id="oak", name="Oak", years=(YearGroup(4),))
ELM = SchoolClass(id="elm", name="Elm", years=(YearGroup(0), YearGroup(1)))
EVENING = SchoolEvent(
    id="evening",
    name="An evening in Oak",
    day=date(2026, 12, 3),
    starts=time(16),
    kind=EventKind.PARENTS_EVENING,
    classes=("oak",),
    rsvp=True,
    places=4,
)
PLAY = SchoolEvent(id="play", name="The play", day=date(2026, 12, 15), kind=EventKind.PHOTOS)


def school(*events: SchoolEvent) -> School:
    calendar = Calendar(zone=ZoneInfo("Europe/London"), half_terms=TERMS)
    return School(
        id="ashgrove",
        name="Ashgrove",
        calendar=calendar,
        classes=(OAK, ELM),
        people=(),
        languages=(),
        events=events,
    )


def chat(number: int, **rest: object) -> Family:
    return replace(
        Family(
            id=UUID(int=number),
            via="telegram",
            address=str(number),
            lang="en",
            classes=("oak",),
            state=FamilyState.ACTIVE,
            joined=NOW,
        ),
        **rest,
    )


@dataclass
class Book:
    """Replies, codes, notices and evidence; chat n acts for pupil OAK-n as adult 1."""

    kept: dict[tuple[str, UUID], Reply] = field(default_factory=dict)
    codes: list[FamilyCode] = field(default_factory=list)
    left: list[Notice] = field(default_factory=list)
    written: list[Evidence] = field(default_factory=list)

    def bind(self, number: int, *, pupil: str = "", class_id: str = "oak") -> None:
        self.codes.append(
            FamilyCode(
                id=UUID(int=len(self.codes)),
                pupil=pupil or f"OAK-{number}",
                class_id=class_id,
                adult=1,
                made=NOW,
                used=NOW,
                family=UUID(int=number),
            )
        )

    def take_back(self, number: int) -> None:
        self.codes = [replace(each, withdrawn=NOW) if each.family == UUID(int=number) else each for each in self.codes]

    def listed(self, class_id: str = "") -> tuple[FamilyCode, ...]:
        return tuple(each for each in self.codes if class_id in {"", each.class_id})

    def of_family(self, family_id: UUID) -> tuple[FamilyCode, ...]:
        return tuple(each for each in self.codes if each.family == family_id)

    def replies(self, event: str) -> tuple[Reply, ...]:
        return tuple(sorted(self.kept.values(), key=lambda each: (each.since, each.pupil, each.family)))

    def replies_of(self, family_id: UUID) -> tuple[Reply, ...]:
        return tuple(each for each in self.kept.values() if each.family == family_id)

    def keep(self, said: Reply) -> None:
        self.kept[said.pupil, said.family] = said

    def drop(self, said: Reply) -> None:
        del self.kept[said.pupil, said.family]

    def leave(self, notice: Notice) -> bool:
        self.left.append(notice)
        return True

    def write(self, evidence: Evidence) -> None:
        self.written.append(evidence)

    def says(self, number: int, adults: int, *, at: datetime = NOW, event: SchoolEvent = EVENING) -> Reply:
        return reply(
            event,
            family=chat(number),
            pupil=f"OAK-{number}",
            adults=adults,
            school=school(event),
            children=self,
            events=self,
            outbox=self,
            evidence=self,
            now=at,
        )

    def settled(self, at: datetime = NOW) -> tuple[Reply, ...]:
        return settle(EVENING, calendar=school().calendar, children=self, events=self, outbox=self, now=at)

    @property
    def coming(self) -> dict[int, tuple[int, Comes]]:
        return {each.family.int: (each.adults, each.comes) for each in self.kept.values()}


@pytest.fixture
def book() -> Book:
    found = Book()
    for number in (1, 2, 3):
        found.bind(number)
    return found


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("says"), st.integers(1, 5), st.integers(0, 3)),
        st.tuples(st.just("take_back"), st.integers(1, 5), st.just(0)),
    ),
    max_size=30,
)


@pytest.mark.clause(17)
@settings(max_examples=150, deadline=None)
@given(ACTS, st.booleans())
def test_places_are_never_more_than_there_are_and_a_reply_that_comes_twice_is_one(acts, twice: bool) -> None:
    book = Book()
    for number in range(1, 6):
        book.bind(number)
    for step, (act, number, adults) in enumerate(acts):
        at = NOW + step * timedelta(minutes=1)
        if act == "take_back":
            book.take_back(number)
            book.settled(at)
            assert number not in book.coming
            continue
        before = book.coming
        try:
            said = book.says(number, adults, at=at)
        except NeedsLetterError:
            continue
        state = book.coming
        if twice:
            assert book.says(number, adults, at=at + timedelta(seconds=1)) == said
            assert book.coming == state
        # Nobody's place was taken by somebody else's reply.
        for other, (has, comes) in before.items():
            if other != number and comes is Comes.YES:
                assert state[other] == (has, Comes.YES)
        taken = sum(has for has, comes in state.values() if comes is Comes.YES)
        assert taken <= 4
        waiting = [each for each in book.replies(EVENING.id) if each.comes is Comes.WAITS]
        assert not waiting or waiting[0].adults > free_places(EVENING, book.replies(EVENING.id))


@pytest.mark.clause(17)
def test_marta_waits_while_the_evening_is_full_and_is_told_when_sam_can_t_come(book: Book) -> None:
    assert book.says(1, 3).comes is Comes.YES
    assert book.says(2, 2, at=NOW + DAY).comes is Comes.WAITS
    # Behind somebody who waits, though one place is free.
    assert book.says(3, 1, at=NOW + 2 * DAY).comes is Comes.WAITS
    assert book.left == []

    book.says(1, 1, at=NOW + 3 * DAY)

    assert book.coming == {1: (1, Comes.YES), 2: (2, Comes.YES), 3: (1, Comes.YES)}
    assert [(each.recipient, each.page) for each in book.left] == [
        (str(UUID(int=2)), "event-place"),
        (str(UUID(int=3)), "event-place"),
    ]
    assert {each.clause for each in book.written} == {"C17"}


def test_marta_who_would_bring_more_than_there_is_room_for_keeps_the_place_she_has(book: Book) -> None:
    book.says(1, 2)
    book.says(2, 2)

    assert book.says(1, 3, at=NOW + DAY).adults == 2

    assert book.coming == {1: (2, Comes.YES), 2: (2, Comes.YES)}


def test_one_adult_s_reply_is_their_own_and_says_nothing_of_the_other(book: Book) -> None:
    book.bind(7, pupil="OAK-1")
    book.says(1, 2)

    both = reply(
        EVENING,
        family=chat(7),
        pupil="OAK-1",
        adults=0,
        school=school(EVENING),
        children=book,
        events=book,
        outbox=book,
        evidence=book,
        now=NOW,
    )

    assert both.comes is Comes.NO
    assert book.coming == {1: (2, Comes.YES), 7: (0, Comes.NO)}
    assert [each.family.int for each in book.replies_of(UUID(int=7))] == [7]


def test_sam_without_a_letter_or_with_a_child_elsewhere_is_sent_to_the_office(book: Book) -> None:
    book.bind(8, class_id="elm")

    for number in (8, 9):
        with pytest.raises(NeedsLetterError, match="the letter from the school office"):
            book.says(number, 1)
    assert book.kept == {}


@pytest.mark.parametrize(
    ("event", "at"),
    [
        (EVENING, datetime(2026, 12, 3, 16, 0, tzinfo=UTC)),
        (replace(EVENING, cancelled=True), NOW),
        (replace(EVENING, rsvp=False, places=None), NOW),
    ],
)
def test_nobody_replies_to_what_has_begun_is_off_or_asks_for_nothing(book: Book, event: SchoolEvent, at) -> None:
    with pytest.raises(NoReplyError):
        book.says(1, 1, at=at, event=event)


def test_marta_may_change_her_mind_until_the_evening_begins(book: Book) -> None:
    book.says(1, 2)

    assert book.says(1, 0, at=datetime(2026, 12, 3, 15, 59, tzinfo=UTC)).comes is Comes.NO


@pytest.mark.clause(47)
def test_a_notice_is_due_so_many_school_days_before_and_never_in_quiet_hours() -> None:
    calendar = school().calendar

    assert notice_due(PLAY, calendar=calendar) == datetime(2026, 12, 8, 16, tzinfo=UTC)
    after_christmas = replace(PLAY, day=date(2027, 1, 6), notice=3)
    assert notice_due(after_christmas, calendar=calendar) == datetime(2026, 12, 18, 16, tzinfo=UTC)
    far = replace(PLAY, day=date(2027, 7, 7))
    assert notice_due(far, calendar=calendar).date() == date(2027, 7, 2)


def told_after(events: tuple[SchoolEvent, ...], told: tuple[Told, ...], now: datetime) -> tuple[Told, ...]:
    news = news_of(school(*events), told=told, now=now)
    assert (
        news_of(school(*events), told={**{t.event: t for t in told}, **{t.event: t for t in news}}.values(), now=now)
        == ()
    )
    return news


@pytest.mark.clause(47)
def test_a_changed_day_raises_the_version_and_an_event_that_is_gone_is_off() -> None:
    due = datetime(2026, 12, 8, 16, tzinfo=UTC)
    assert told_after((PLAY,), (), due - timedelta(seconds=1)) == ()
    (first,) = told_after((PLAY,), (), due)
    assert (first.version, first.day, first.off) == (1, PLAY.day, False)

    (moved,) = told_after((replace(PLAY, day=date(2026, 12, 17)),), (first,), due + DAY)
    assert (moved.version, moved.day, moved.off) == (2, date(2026, 12, 17), False)

    for rest in ((), (replace(PLAY, day=date(2026, 12, 17), cancelled=True),)):
        (gone,) = told_after(rest, (moved,), due + 2 * DAY)
        assert (gone.version, gone.day, gone.off) == (3, date(2026, 12, 17), True)
    (again,) = told_after((PLAY,), (gone,), due + 2 * DAY)
    assert (again.version, again.off) == (4, False)
    # What is over is history, whatever the file says.
    assert told_after((), (moved,), datetime(2026, 12, 18, 9, tzinfo=UTC)) == ()


def test_what_is_told_of_an_event_comes_as_mailings_with_names_of_their_own() -> None:
    told = Told(
        event="evening",
        version=2,
        name="N",
        kind=EventKind.PARENTS_EVENING,
        day=EVENING.day,
        starts="16:00",
        off=False,
        at=datetime(2026, 11, 26, 21, 0, tzinfo=UTC),
    )

    found = mailings_of(school(EVENING), told=[told], now=NOW)

    assert [(each.why, each.mailing.id, each.mailing.due) for each in found] == [
        (Why.MOVED, "event:evening:2:moved", datetime(2026, 11, 27, 7, 30, tzinfo=UTC)),
        (Why.NOTICE, "event:evening:2:notice", datetime(2026, 11, 27, 7, 30, tzinfo=UTC)),
        (Why.EVE, "event:evening:2:eve", datetime(2026, 12, 2, 16, tzinfo=UTC)),
    ]
    assert {each.mailing.not_after for each in found} == {datetime(2026, 12, 3, 16, tzinfo=UTC)}
    assert mailings_of(school(EVENING), told=[told], now=datetime(2026, 12, 3, 16, tzinfo=UTC)) == ()


@pytest.mark.parametrize(
    ("event", "family", "theirs"),
    [
        (PLAY, chat(1), True),
        (EVENING, chat(1), True),
        (EVENING, chat(1, classes=("elm",)), False),
        (EVENING, chat(1, classes=()), True),
        (EVENING, chat(1, classes=(), years=(YearGroup(4),)), True),
        (EVENING, chat(1, classes=(), years=(YearGroup(1),)), False),
        (replace(EVENING, classes=(), years=(YearGroup(1),)), chat(1, classes=("elm",)), True),
    ],
)
def test_an_event_is_for_the_families_of_its_classes_and_years(
    event: SchoolEvent, family: Family, theirs: bool
) -> None:
    assert is_theirs(event, family, school=school(event)) is theirs


def test_a_chat_is_asked_about_its_children_in_the_event_s_classes_alone(book: Book) -> None:
    book.bind(1, pupil="ELM-1", class_id="elm")

    assert [each.pupil for each in asked_about(EVENING, chat(1), school=school(EVENING), children=book)] == ["OAK-1"]
    gone = chat(1, state=FamilyState.STOPPED)
    assert asked_about(EVENING, gone, school=school(EVENING), children=book) == ()


@pytest.mark.clause(17)
def test_talking_points_go_by_the_stage_of_the_child() -> None:
    years = [(YearGroup(0), YearGroup(1)), (YearGroup(2),), (YearGroup(6),), ()]

    assert [stage_page(each) for each in years] == [
        *("event-talk-early", "event-talk-ks1", "event-talk-ks2", "event-talk-ks2")
    ]
