"""The rule by which a request is granted: nobody's taps grant it early, in whatever order and roles they come."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from school.calendar import Calendar, HalfTerm
from school.people import Person, Role, SchoolClass, YearGroup
from school.roles import Leave
from school.school import Approvers, School
from school.words import Refusal
from staff import (
    Ask,
    Books,
    RequestState,
    Seat,
    StaffRequest,
    Verdict,
    Vote,
    ask_for,
    plain_words,
    request_for,
    seats_for,
    seats_of,
    vacant,
    verdict_of,
    vote_on,
)
from staff.requests import (
    LinkError,
    LongNumberError,
    NobodyCanDecideError,
    NoReasonGivenError,
    NotYoursToDecideError,
    OverError,
    TooManyWordsError,
)

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
CALENDAR = Calendar(
    zone=ZoneInfo("Europe/London"),
    half_terms=(HalfTerm(id="autumn-2", first=date(2026, 11, 2), last=date(2026, 12, 18)),),
)
NAMES = ("amara", "ben", "dilys", "femi", "hannah")
WANTED = ((Role.TECHNICIAN,), (Role.HEAD,), (Role.ESAFETY_LEAD,))
ROLES = tuple(role for (role,) in WANTED)
REQUEST = StaffRequest(
    id=UUID(int=1),
    reference="LP-ASKD-22",
    kind=Ask.UNBLOCK,
    asked_by="femi",
    asked=NOW,
    state=RequestState.WAITING,
    subject="https://www.example.org/",
    why="maps",
    ends=NOW + timedelta(weeks=2),
    lapses=NOW + timedelta(days=14),
)


def school_of(held, deputies=None, away=()):
    people = tuple(
        Person(id=name, name=name.title(), roles=frozenset({*held.get(name, ()), Role.STAFF})) for name in NAMES
    )
    leave = tuple(Leave(person=name, first=NOW.date(), last=NOW.date()) for name in away)
    return School(
        id="oakfield",
        name="Oakfield",
        calendar=CALENDAR,
        classes=(SchoolClass(id="oak", name="Oak", years=(YearGroup(4),)),),
        people=people,
        languages=(),
        leave=leave,
        approvers=Approvers(deputies=deputies or {}),
    )


@dataclass
class Shelf:
    """A school's requests, its notices and its evidence, in memory."""

    requests: dict[UUID, StaffRequest] = field(default_factory=dict)
    said: dict[tuple[UUID, str], Vote] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def add(self, request):
        self.requests[request.id] = request

    def by_reference(self, reference):
        return next((each for each in self.requests.values() if each.reference == reference), None)

    def going_on(self):
        return tuple(self.requests.values())

    def newest(self, *, limit, asked_by=""):
        return tuple(each for each in self.requests.values() if asked_by in {"", each.asked_by})[:limit]

    def hold(self, request_id, *, was):
        return self.requests[request_id].state is was

    def save(self, request, *, was):
        if self.requests[request.id].state is not was.state:
            return False
        self.requests[request.id] = request
        return True

    def vote(self, request_id, vote):
        self.said[request_id, vote.person] = vote

    def votes(self, request_id):
        return tuple(vote for (key, _), vote in self.said.items() if key == request_id)

    def write(self, evidence):
        self.written.append(evidence.kind)

    def leave(self, notice):
        self.left.append(f"{notice.page}:{notice.recipient}")
        return True

    def withdraw(self, *, to, recipient, page=""):
        return 0


def books_for(school):
    shelf = Shelf()
    return shelf, Books(school=school, requests=shelf, outbox=shelf, evidence=shelf)


held_roles = st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(ROLES), max_size=3))
deputised = st.dictionaries(
    st.sampled_from(ROLES), st.lists(st.sampled_from(NAMES), max_size=3, unique=True).map(tuple)
)
absent = st.sets(st.sampled_from(NAMES), max_size=2)
taps = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(["yes", "yes", "yes", "no", "again"]),
        st.integers(0, 20),
    ),
    max_size=14,
)


def distinct(seats, yes):
    """Whether each seat has a person of its own among these: by trying all, as the rule does not."""
    return any(
        all(person in seat.people for seat, person in zip(seats, order, strict=True))
        for order in permutations(sorted(yes), len(seats))
    )


@pytest.mark.clause(36, 37, 43, 14)
@settings(max_examples=150, deadline=None)
@given(held=held_roles, deputies=deputised, away=absent, asker=st.sampled_from(NAMES), moves=taps)
def test_no_taps_of_whatever_people_grant_before_each_seat_has_a_yes_of_its_own(held, deputies, away, asker, moves):
    school = school_of(held, deputies, away)
    shelf, books = books_for(school)
    request = replace(REQUEST, asked_by=asker)
    seats = seats_of(request, school=school, now=NOW)
    if vacant(seats):
        with pytest.raises(NobodyCanDecideError):
            ask_for(request, books=books)
        assert shelf.requests == {}
        return
    ask_for(request, books=books)
    yes: set[str] = set()
    over = RequestState.WAITING
    stale = request

    for name, said, day in moves:
        now = NOW + timedelta(days=day)
        before = dict(shelf.said), shelf.requests[request.id]
        # "again" is a card or a button of the very beginning, tapped once more.
        seen = stale if said == "again" else shelf.requests[request.id]
        person = school.person(name)
        try:
            vote_on(seen, person=person, yes=said != "no", why="", books=books, now=now)
        except Refusal:
            assert (dict(shelf.said), shelf.requests[request.id]) == before
            continue
        theirs = seats_of(request, school=school, now=now)
        assert over is RequestState.WAITING, "nothing changes after the decision"
        assert name != asker
        assert day < 14
        assert any(name in seat.people for seat in theirs)
        yes = yes - {name} if said == "no" else yes | {name}
        over = shelf.requests[request.id].state
        if said == "no":
            assert over is RequestState.REFUSED
        else:
            counting = {each for each in yes if any(each in seat.people for seat in theirs)}
            assert (over is RequestState.GRANTED) == (len(theirs) <= len(counting) and distinct(theirs, counting))
    assert (shelf.requests[request.id].state is RequestState.GRANTED) == ("request.granted" in shelf.written)


@given(held=held_roles, deputies=deputised, away=absent, asker=st.sampled_from(NAMES))
def test_whoever_asks_has_no_seat_and_a_yes_of_all_grants_wherever_nothing_is_vacant(held, deputies, away, asker):
    school = school_of(held, deputies, away)

    seats = seats_for(WANTED, asked_by=asker, school=school, on=NOW.date())

    assert not any(asker in seat.people for seat in seats)
    votes = [Vote(person=name, yes=True, at=NOW) for name in NAMES]
    verdict = verdict_of(votes, seats=seats, asked_by=asker)
    assert (verdict is Verdict.GRANTED) == (not vacant(seats))


@given(order=st.permutations(["ben", "hannah", "amara"]))
def test_three_people_grant_in_any_order_and_no_two_of_them(order):
    school = school_of({"ben": [Role.TECHNICIAN], "hannah": [Role.HEAD], "amara": [Role.ESAFETY_LEAD]})
    seats = seats_for(WANTED, asked_by="femi", school=school, on=NOW.date())
    votes = [Vote(person=name, yes=True, at=NOW + timedelta(minutes=at)) for at, name in enumerate(order)]

    said = [verdict_of(votes[:count], seats=seats, asked_by="femi") for count in range(4)]

    assert said == [Verdict.WAITING, Verdict.WAITING, Verdict.WAITING, Verdict.GRANTED]


def test_hannah_who_is_head_and_lead_counts_once_and_the_deputy_is_the_third():
    held = {"ben": [Role.TECHNICIAN], "hannah": [Role.HEAD, Role.ESAFETY_LEAD]}
    without = seats_for(WANTED, asked_by="femi", school=school_of(held), on=NOW.date())
    school = school_of(held, {Role.ESAFETY_LEAD: ("dilys",)})
    seats = seats_for(WANTED, asked_by="femi", school=school, on=NOW.date())

    def said(*names):
        return verdict_of([Vote(person=name, yes=True, at=NOW) for name in names], seats=seats, asked_by="femi")

    assert vacant(without) == ((Role.HEAD,), (Role.ESAFETY_LEAD,))
    assert said("ben", "hannah", "hannah") is Verdict.WAITING
    assert said("ben", "hannah", "dilys") is Verdict.GRANTED


def test_a_deputy_has_no_seat_while_the_technician_is_in_and_has_one_while_he_is_away():
    held = {"ben": [Role.TECHNICIAN], "hannah": [Role.HEAD], "amara": [Role.ESAFETY_LEAD]}
    deputies = {Role.TECHNICIAN: ("dilys",)}

    def technicians(away):
        school = school_of(held, deputies, away)
        return seats_for(WANTED, asked_by="femi", school=school, on=NOW.date())[0].people

    assert technicians(()) == {"ben"}
    assert technicians(("ben",)) == {"ben", "dilys"}


def test_the_last_of_one_person_s_votes_counts_and_no_seats_grant_nothing():
    seat = Seat(roles=(Role.HEAD,), people=frozenset({"hannah"}))
    yes = Vote(person="hannah", yes=True, at=NOW + timedelta(minutes=1))
    no = Vote(person="hannah", yes=False, at=NOW)

    assert verdict_of([yes, no], seats=[seat], asked_by="femi") is Verdict.GRANTED
    assert verdict_of([yes, replace(no, at=NOW + timedelta(minutes=2))], seats=[seat], asked_by="femi") is (
        Verdict.REFUSED
    )
    assert verdict_of([yes], seats=[], asked_by="femi") is Verdict.WAITING


def test_a_yes_that_comes_too_late_or_from_whoever_asked_does_nothing():
    school = school_of({"ben": [Role.TECHNICIAN], "hannah": [Role.HEAD], "amara": [Role.ESAFETY_LEAD]})
    shelf, books = books_for(school)
    ask_for(REQUEST, books=books)
    femi, ben = school.person("femi"), school.person("ben")

    with pytest.raises(NotYoursToDecideError):
        vote_on(REQUEST, person=femi, yes=True, why="", books=books, now=NOW)
    with pytest.raises(OverError):
        vote_on(REQUEST, person=ben, yes=True, why="", books=books, now=NOW + timedelta(days=14))

    assert shelf.said == {}
    assert request_for("LP-ASKD-22", person=femi, books=books) == REQUEST


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("  ", NoReasonGivenError),
        ("a" * 501, TooManyWordsError),
        ("call 0161 496 0000", LongNumberError),
        ("see https://www.example.org", LinkError),
    ],
)
def test_words_that_are_not_kept_are_refused_with_what_to_do(typed, refusal):
    with pytest.raises(refusal):
        plain_words(typed)


def test_words_are_kept_on_one_line():
    assert plain_words(" maps\n of  rivers, Year 9 ") == "maps of rivers, Year 9"
