"""Guidance changed: each release comes to Amara's list once, and a tap says that it was worked through."""

from datetime import timedelta

import pytest

from bot.desk import Reception
from bot.wire import Incoming, Via
from pages import plain_text
from school.people import Role
from school.sensitive import SecretKey, Sensitive
from staff import DutyState, Sort, shipped_releases
from tests.desk.conftest import read
from tests.desk.test_desk_revisits import buttons
from tests.desk.test_desk_todo import MORNING, evidence, holder, round_on, send, tap

PHONES = "Phones in school: the guidance of January 2026"
OWN = {
    "title": "The council's letter on phones",
    "published": "02/11/2026",
    "in_force": "",
    "source": "The council",
    "address": "",
    "changed": "Phones stay in a locker.",
    "do": "Tell parents\nTell the office",
}


def lead(desk):
    return holder(desk, Role.ESAFETY_LEAD)


def listed(desk, **args):
    return desk("guidance", sender=lead(desk).slack, lang="en", **args)


def asked(desk):
    with desk.product.house.units.read("oakfield") as unit:
        return [each for each in unit.duties.of(Sort.CHECK) if each.subject.startswith("guidance-")]


def fill(desk, form, **other):
    words = {name: Sensitive(typed) for name, typed in {**OWN, **other}.items()}
    sent = Incoming(school="oakfield", via=Via.SLACK, sender=lead(desk).slack, verb=form.verb, words=words, lang="en")
    return Reception(desk.product.house).receive(sent)


@pytest.mark.clause(24)
def test_every_release_comes_to_the_lead_s_list_once_a_few_a_day(front_desk):
    days = [MORNING + timedelta(days=number) for number in range(26)]
    few = []
    for day in days:
        before = len(asked(front_desk))
        round_on(front_desk, day)
        few.append(len(asked(front_desk)) - before)

    assert max(few) <= 2
    assert {each.subject for each in asked(front_desk)} == {each.check.id for each in shipped_releases()}
    assert len(asked(front_desk)) == len(shipped_releases())
    assert {each.person for each in asked(front_desk)} == {lead(front_desk).id}


@pytest.mark.clause(1, 3, 24)
def test_amara_works_through_a_release_from_the_list_and_it_counts_for_its_clauses(front_desk):
    card = tap(front_desk, lead(front_desk).slack, listed(front_desk), PHONES)

    assert "no access to phones in lessons" in read(card)
    assert "In force from" in read(card)
    assert "a summary of it, and not the document itself" in read(card)
    done = tap(front_desk, lead(front_desk).slack, card, "Worked through")
    assert f"{PHONES} is done" in read(done)
    for clause in ("C24", "C1", "C3"):
        assert evidence(front_desk, clause) == [("check.done", "guidance-phones-2026, once: done")]
    after = listed(front_desk)
    assert PHONES not in buttons(after)
    assert f"{PHONES} (01/2026). Worked through by" in read(after)
    assert [each.said for each in asked(front_desk)] == [DutyState.DONE]
    for day in range(5):
        round_on(front_desk, MORNING + timedelta(days=day))
    assert [each.subject for each in asked(front_desk)].count("guidance-phones-2026") == 1


def test_what_does_not_concern_the_school_needs_a_reason_that_stands_in_no_evidence(front_desk):
    card = tap(front_desk, lead(front_desk).slack, listed(front_desk), PHONES)

    form = tap(front_desk, lead(front_desk).slack, card, "It doesn't concern us").form
    empty = send(front_desk, lead(front_desk).slack, form, " ")
    assert empty.refused
    assert "why it doesn't concern your school" in read(empty)
    said = send(front_desk, lead(front_desk).slack, form, "We are a nursery without phones")
    assert "doesn't concern the school, and why" in read(said)
    assert evidence(front_desk, "C24") == [("check.aside", "guidance-phones-2026, once: does not concern us")]
    assert "Doesn't concern us, said" in read(listed(front_desk))


def test_a_check_of_ours_cannot_be_put_aside(front_desk):
    ben = holder(front_desk, Role.TECHNICIAN)
    round_on(front_desk, MORNING)
    with front_desk.product.house.units.read("oakfield") as unit:
        (duty,) = unit.duties.of(Sort.CHECK, subject="server-room")

    words = {"note": Sensitive("We have no servers")}
    sent = Incoming(
        school="oakfield",
        via=Via.SLACK,
        sender=ben.slack,
        verb="todo.aside.send",
        args={"d": duty.id.hex},
        words=words,
        lang="en",
    )
    Reception(front_desk.product.house).receive(sent)

    with front_desk.product.house.units.read("oakfield") as unit:
        assert unit.duties.of(Sort.CHECK, subject="server-room")[0].said is DutyState.OPEN


@pytest.mark.clause(24)
def test_the_school_adds_a_release_of_its_own_and_it_is_asked_as_ours_are(front_desk):
    form = tap(front_desk, lead(front_desk).slack, listed(front_desk), "Add one of your own").form

    wrong = fill(front_desk, form, published="soon")
    assert wrong.refused
    assert "24/11/2026" in read(wrong)
    kept = fill(front_desk, form)
    assert "is on the list" in read(kept)
    card = tap(front_desk, lead(front_desk).slack, kept, OWN["title"])
    assert "Tell the office" in read(card)
    assert "a summary of it" not in read(card)
    tap(front_desk, lead(front_desk).slack, card, "Worked through")
    assert [each.subject for each in asked(front_desk)] == ["guidance-own-the-council-s-letter-on"]
    assert evidence(front_desk, "C24")[0][0] == "check.done"


def test_on_the_page_what_waits_has_all_its_lines_and_what_is_done_its_reason(front_desk):
    card = tap(front_desk, lead(front_desk).slack, listed(front_desk), PHONES)
    form = tap(front_desk, lead(front_desk).slack, card, "It doesn't concern us").form
    send(front_desk, lead(front_desk).slack, form, "We are a nursery without phones")
    head = holder(front_desk, Role.HEAD)

    key = SecretKey(b"k" * 32)
    asked = Incoming(school="oakfield", via=Via.WEB, sender=head.id, verb="guidance", lang="en", key=key)
    page = Reception(front_desk.product.house).receive(asked)

    said = [plain_text(each.document) for each in page.cards]
    assert len(said) == len(shipped_releases())
    assert "summaries, and not the documents themselves" in plain_text(page.document)
    assert "Part One" in said[0]
    assert "We are a nursery without phones" in said[-1]
    assert "no access to phones" not in said[-1]
    assert [each.choices[0][0].verb for each in page.cards if each.choices] == ["guidance.open"] * (len(said) - 1)


def test_the_head_sees_the_list_and_a_colleague_does_not(front_desk):
    head, femi = holder(front_desk, Role.HEAD), holder(front_desk, Role.TECHNICIAN)

    assert PHONES in read(front_desk("guidance", sender=head.slack, lang="en"))
    assert PHONES not in read(front_desk("guidance", sender=femi.slack, lang="en"))
