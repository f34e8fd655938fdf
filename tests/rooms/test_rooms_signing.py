"""What adults sign: whose each document is, how its text reads, and what an author of one is told."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages import ContentFaults, load_shelf, plain_text
from school.people import Role
from school.school import SignRule
from school.words import Refusal
from staff import (
    Duty,
    DutyState,
    Sort,
    day_typed,
    documents_to_sign,
    load_clauses,
    sign_document,
    signers_of,
    try_option,
)
from tests.rooms.test_rooms_checks import person, school

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
HERE = Path(__file__).parents[2] / "staff" / "content" / "agreements"


@cache
def shelf():
    return load_shelf([HERE])


def signing(school_):
    return {each.id: [one.id for one in signers_of(each, school=school_)] for each in documents_to_sign(shelf())}


def test_everybody_signs_what_their_part_in_the_school_asks_for():
    oak = school(
        person("amara", Role.TEACHER),
        person("tom", Role.TEACHER, Role.GOVERNOR),
        person("grace", Role.CHAIR_OF_GOVERNORS),
        person("val", Role.VOLUNTEER),
    )

    assert signing(oak) == {
        "staff-aup": ["amara", "tom"],
        "volunteer-aup": ["val"],
        "governor-aup": ["tom", "grace"],
    }


def test_a_school_s_own_choice_of_roles_goes_before():
    rule = SignRule(roles=frozenset({Role.GOVERNOR, Role.TEACHER}))
    oak = replace(school(person("amara", Role.TEACHER), person("ben", Role.TECHNICIAN)), agreements={"staff-aup": rule})

    assert signing(oak)["staff-aup"] == ["amara"]


def test_the_documents_read_easily_stay_short_and_name_clauses_that_there_are():
    clauses = {clause.id for clause in load_clauses()}
    for page in shelf().all(kind="agreement"):
        assert page.reading_age <= 12, page.id
        assert len(plain_text(page.document)) < 4000, page.id
        assert set(page.front.clauses) <= clauses
        assert len(page.front.quiz) == 3


@pytest.mark.parametrize(
    "line",
    [
        "nobody else's",
        "second step",
        "ask before I install",
        "encrypted",
        "AI tool",
        "I say so at once",
        "are monitored",
        "school channels only",
        "friend or follow pupils or their families",
        "school devices only",
        "out of sight",
        "nothing about pupils, parents, colleagues or disputes",
        "My opinions are mine",
        "the school's own rules for staff",
    ],
)
def test_what_the_policy_promises_stands_in_the_staff_s_own_document(line):
    assert line in plain_text(shelf().get("staff-aup", "en").document)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("signers: staff", "signers: parents"), "signers: should be one of: staff, volunteers, governors"),
        (("clauses: [C32,", "clauses: [32,"), "should be a clause of the policy, such as C67"),
        (("signers: staff\n", ""), "signers: is missing"),
        (("answer: 2", "answer: 4"), "there are only 3"),
    ],
)
def test_an_author_reads_what_is_wrong_with_a_document(tmp_path, changed, said):
    text = (HERE / "staff-aup.en.md").read_text("utf-8")
    (tmp_path / "staff-aup.en.md").write_text(text.replace(*changed, 1), "utf-8")

    with pytest.raises(ContentFaults, match="staff-aup") as found:
        load_shelf([tmp_path])

    assert said in str(found.value)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("24/11/2026", date(2026, 11, 24)),
        (" 4.9.2026 ", date(2026, 9, 4)),
        ("2026-11-24", date(2026, 11, 24)),
        ("31/11/2026", None),
        ("24/11/26", None),
        ("٢٤/11/2026", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it(typed, day):
    assert day_typed(typed) == day


class Kept:
    """A store of one duty and of texts, and a book of evidence."""

    def __init__(self, duty):
        self.duty, self.written, self.words = duty, [], []

    def answer(self, duty_id, *, said, by, note, now):
        if not self.duty.waits:
            return False
        self.duty = replace(self.duty, said=said, said_by=by, said_at=now, note=note)
        return True

    def move(self, duty_id, *, was, step, right):
        if self.duty.step != was:
            return False
        self.duty = replace(self.duty, step=step, right=right)
        return True

    def of(self, sort, *, subject=None, since=None):
        return (self.duty,)

    def keep(self, edition):
        self.words.append(edition)

    def write(self, evidence):
        self.written.append(evidence)


@pytest.mark.parametrize(
    ("others_asked", "is_new"),
    [
        pytest.param(datetime(2026, 9, 1, 23, 30, tzinfo=UTC), False, id="half past midnight by summer time"),
        pytest.param(datetime(2026, 9, 1, 22, 30, tzinfo=UTC), True, id="the evening before"),
    ],
)
def test_whoever_is_asked_on_the_day_of_all_the_others_is_no_newcomer(others_asked, is_new):
    document = documents_to_sign(shelf())[2]
    amara, grace = person("amara", Role.GOVERNOR), person("grace", Role.GOVERNOR)
    asked = datetime(2026, 9, 2, 8, tzinfo=UTC)
    duty = Duty(
        id=UUID(int=1),
        sort=Sort.SIGN,
        subject=document.id,
        period="2026",
        person="amara",
        laid=asked,
        due=date(2026, 9, 16),
        version=document.version,
        right=len(document.quiz),
    )
    kept = Kept(duty)
    other = replace(duty, id=UUID(int=2), person="grace", laid=others_asked)
    kept.of = lambda *_, **__: (duty, other)

    stores = {"duties": kept, "editions": kept, "evidence": kept}
    sign_document(duty, document, person=amara, school=school(amara, grace), now=asked, **stores)

    assert ("C23" in {each.clause for each in kept.written}) == is_new


TAPS = st.one_of(st.just("sign"), st.tuples(st.integers(0, 4), st.integers(0, 4)))


@given(taps=st.lists(TAPS, max_size=30))
def test_no_order_of_taps_signs_before_every_question_is_answered(taps):
    document = documents_to_sign(shelf())[0]
    ben = person("ben", Role.TECHNICIAN)
    oak = school(ben)
    kept = Kept(
        Duty(
            id=UUID(int=1),
            sort=Sort.SIGN,
            subject=document.id,
            period="2026",
            person="ben",
            laid=NOW,
            due=date(2026, 11, 30),
            version=document.version,
        )
    )
    done, signed = 0, False

    for tap in taps:
        if tap == "sign":
            with suppress(Refusal):
                sign_document(
                    kept.duty, document, person=ben, school=oak, duties=kept, editions=kept, evidence=kept, now=NOW
                )
            signed = signed or done == len(document.quiz)
        else:
            question, option = tap
            try_option(kept.duty, document, question=question, option=option, school=oak, duties=kept)
            if not signed and question == done < len(document.quiz):
                done += option == document.quiz[question].answer

    assert (kept.duty.said is DutyState.DONE) == signed
    assert kept.duty.right == done
    assert [each.clause for each in kept.written] == list(document.clauses if signed else ())
    assert kept.words == ([document.words] if signed else [])
