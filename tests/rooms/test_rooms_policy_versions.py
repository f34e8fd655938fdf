"""A school's own policy: read, loaded, and agreed by two people, each of whom counts once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.evidence import Evidence
from school.people import Person, Role
from school.words import Refusal
from staff import OFFICES, Version, Yes, agree_to, default_text, policy_of, read_policy
from staff.policy import PolicyFault
from staff.versions import LoadedMeanwhileError, PolicyNotReadError, load_version, review_by
from tests.rooms.test_rooms_checks import YEAR, school

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)


class Book:
    """Evidence in a list."""

    def __init__(self):
        self.written = []

    def write(self, evidence: Evidence):
        self.written.append((evidence.clause, evidence.kind))


class Shelf:
    """Versions in memory."""

    def __init__(self):
        self.versions, self.yeses = [], []

    def add(self, version):
        self.versions.append(version)
        return True

    def every(self):
        return tuple(
            Version(
                number=each.number,
                text=each.text,
                loaded=each.loaded,
                loaded_by=each.loaded_by,
                yeses=tuple(yes for yes in self.yeses if yes.number == each.number),
            )
            for each in reversed(self.versions)
        )

    def newest(self):
        return next(iter(self.every()), None)

    def agree(self, yes: Yes):
        if any((each.number, each.person) == (yes.number, yes.person) for each in self.yeses):
            return False
        self.yeses.append(yes)
        return True


def person(name, *roles):
    return Person(id=name, name=name, roles=frozenset(roles))


@pytest.fixture
def oak():
    return school(person("h", Role.HEAD), person("g", Role.CHAIR_OF_GOVERNORS))


class Outbox:
    """Nobody reads it."""

    def leave(self, notice):
        return True


def version(number, text="one"):
    return Version(number=number, text=text, loaded=NOW, loaded_by="")


WRONG_CHECK = """
[[check]]
id = "x1"
title = "A"
ask = "B"
clauses = ["C99"]
rhythm = "termly"
"""
PEOPLE = st.lists(
    st.tuples(st.sampled_from("abcd"), st.frozensets(st.sampled_from([*OFFICES, Role.TEACHER]), max_size=3)),
    max_size=4,
    unique_by=lambda each: each[0],
)
# Who taps, on the card of which version, and which text it was drawn with.
TAPS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(["one", "two", "forged"])), max_size=8)


@pytest.mark.clause(2)
@given(PEOPLE, TAPS)
def test_no_order_of_taps_no_double_office_and_no_old_card_agrees_a_policy_early(people, taps):
    staff = [person(name, *roles) for name, roles in people]
    store, book = Shelf(), Book()
    store.add(version(1, "one"))
    store.add(version(2, "two"))
    meant = {1: "one", 2: "two"}
    said: set[str] = set()

    for who, number, text in taps:
        if who >= len(staff):
            continue
        card = Version(number=number, text=text, loaded=NOW, loaded_by="")
        right = number == 2 and text == "two" and staff[who].holds(*OFFICES) and staff[who].id not in said
        try:
            agree_to(number, card.short, person=staff[who], policies=store, evidence=book, now=NOW)
        except Refusal:
            assert not right
        else:
            assert right
            said.add(staff[who].id)

    heads = {each.id for each in staff if each.id in said and each.holds(Role.HEAD)}
    chairs = {each.id for each in staff if each.id in said and each.holds(Role.CHAIR_OF_GOVERNORS)}
    two = any(head != chair for head in heads for chair in chairs)
    newest, older = store.every()
    assert bool(newest.agreed) == two
    assert older.agreed is None
    assert meant[newest.number] == newest.text
    assert book.written.count(("C2", "policy.approved")) == book.written.count(("C3", "policy.approved")) == two


def test_what_comes_with_lollipop_is_a_policy_that_can_be_loaded():
    found = read_policy(default_text())

    assert len(found.clauses) == 69
    assert policy_of(Shelf()).clauses == found.clauses


def test_a_school_adds_changes_and_drops_clauses_and_has_checks_of_its_own():
    text = default_text().replace("The policy is looked at afresh every year.", "We look at it every spring.")
    start = text.index('[[clause]]\nid = "C29"')
    text = text[:start] + text[text.index("[[clause]]", start + 5) :]
    text += """
[[clause]]
id = "C70"
theme = "network"
text = "The computer club's 3D printer is used with an adult."
who = ["TCH"]
rhythm = "termly"
carries = "A check"
reach = "R"
counts = ["check."]
next = "Answer the check."

[[check]]
id = "printer"
title = "The 3D printer"
ask = "Was an adult there each time?"
clauses = ["C70"]
who = "teacher"
rhythm = "termly"
"""

    found = read_policy(text)

    ids = [each.id for each in found.clauses]
    assert (len(ids), "C29" in ids, ids[-1]) == (69, False, "C70")
    assert found.clauses[2].text == "We look at it every spring."
    assert "printer" in {each.id for each in found.checks}
    assert "server-room" not in {each.id for each in found.checks}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda text: text.replace('reach = "S"', 'reach = "X"', 1), "clause C1: reach"),
        (lambda text: text.replace('id = "C2"', 'id = "C1"', 1), r"line \d+: clause C1 stands on line"),
        (
            lambda text: (
                text + '\n[[check]]\nid = "x1"\ntitle = "A"\nask = "B"\nclauses = ["C99"]\nrhythm = "termly"\n'
            ),
            "C99",
        ),
        (lambda _: "", "clause"),
        (lambda _: "no toml", "line 1: this can"),
    ],
)
def test_what_is_wrong_with_a_policy_is_said_by_its_clause(change, fault):
    with pytest.raises(PolicyFault, match=fault):
        read_policy(change(default_text()))


def test_a_policy_is_looked_at_a_year_after_both_agreed():
    store = Shelf()
    assert review_by(store, calendar=YEAR) is None
    store.add(version(1))
    store.agree(Yes(number=1, person="h", offices=frozenset({Role.HEAD}), at=NOW))
    store.agree(Yes(number=1, person="g", offices=frozenset({Role.CHAIR_OF_GOVERNORS}), at=NOW + timedelta(days=3)))

    assert review_by(store, calendar=YEAR) == date(2027, 11, 27)


CHECK = """
[[check]]
id = "{id}"
title = "The 3D printer"
ask = "Was an adult there each time?"
clauses = ["C29"]
who = "teacher"
rhythm = "{rhythm}"
"""


def own_check(name="printer", rhythm="termly"):
    return CHECK.format(id=name, rhythm=rhythm)


@pytest.mark.clause(2)
def test_a_version_that_nobody_has_agreed_to_changes_nothing_that_is_asked_or_weighed():
    store, text = Shelf(), default_text()
    start = text.index('[[clause]]\nid = "C29"')
    fewer = text[:start] + text[text.index("[[clause]]", start + 5) :]
    store.add(version(1, fewer))
    store.agree(Yes(number=1, person="h", offices=frozenset({Role.HEAD}), at=NOW))

    assert len(policy_of(store).clauses) == 69

    store.agree(Yes(number=1, person="g", offices=frozenset({Role.CHAIR_OF_GOVERNORS}), at=NOW))
    assert len(policy_of(store).clauses) == 68


def test_a_check_of_one_s_own_may_not_take_the_name_of_one_of_ours_and_one_that_came_first_stays(oak):
    text = default_text() + own_check("server-room", "yearly")

    with pytest.raises(PolicyNotReadError, match="server-room"):
        load_version(text, by="", school=oak, policies=Shelf(), outbox=Outbox(), now=NOW)

    found = [each for each in read_policy(text).checks if each.id == "server-room"]
    assert [each.title for each in found] == ["The 3D printer"]


def test_of_two_versions_that_are_loaded_at_one_moment_the_second_is_told_that_it_was_not_kept(oak):
    class Busy(Shelf):
        def add(self, version):
            return False

    with pytest.raises(LoadedMeanwhileError):
        load_version(default_text(), by="", school=oak, policies=Busy(), outbox=Outbox(), now=NOW)
