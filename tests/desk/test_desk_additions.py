"""Something is added to a report: once, however often it is sent, and told to somebody who can open it."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from bot.storage.tables import vault_entry
from bot.wire import Incoming, Show, Via
from safeguarding import Act
from school.people import Role
from school.roles import Leave
from school.sensitive import Sensitive
from tests.desk.test_desk_cases import MORE, acts, case, desk, holder, told
from tests.desk.test_desk_inbox import MORNING, ask, product, reference_of, shown, sqlite_template

__all__ = ["ask", "case", "desk", "holder", "product", "sqlite_template"]

TODAY = date(MORNING.year, MORNING.month, MORNING.day)


def change(product, **changes):
    """The school's file is loaded anew."""
    product.house.schools["oakfield"] = replace(product.house.schools["oakfield"], **changes)


def without(product, *gone: str):
    people = product.house.schools["oakfield"].people
    change(product, people=tuple(each for each in people if each.id not in gone))


def of_additions(product) -> list[tuple[str, str]]:
    return sorted(each for each in told(product) if each[1] != "concern-notice")


@pytest.mark.clause(41)
def test_what_is_sent_twice_from_one_form_is_added_once(product, desk, case):
    _, receipt = case
    said = {"receipt": Sensitive(receipt), "words": Sensitive(MORE)}
    once = Incoming(
        school="oakfield", via=Via.WEB, sender="", verb="report.add", words=said, semantic_id="form:" + "a" * 43
    )

    first, second = desk.receive(once), desk.receive(once)

    assert MORE in shown(first)
    assert second.show is Show.SILENT
    with product.engines.reading() as connection:
        assert len(connection.execute(select(vault_entry)).all()) == 1
    assert of_additions(product) == [("dilys", "concern-added"), ("femi", "concern-added")]
    assert not desk.receive(replace(once, semantic_id="form:" + "b" * 43)).refused, "another form adds again"


@pytest.mark.clause(41)
def test_where_both_readers_have_left_the_head_is_told_of_an_addition_and_may_read(product, ask, holder, case):
    reference, receipt = case
    assert not ask("inbox.list", "hannah").cards
    without(product, "dilys", "femi")

    holder("report.add", receipt, MORE)

    assert of_additions(product) == [("hannah", "concern-added")]
    assert reference_of(ask("inbox.list", "hannah")) == reference
    assert MORE in shown(ask("inbox.read", "hannah", ref=reference))
    assert (Act.ESCALATED, "lollipop") in acts(product)


@pytest.mark.clause(41)
def test_a_reader_who_gave_up_the_role_is_not_counted_on(product, ask, holder, case):
    _, receipt = case
    people = product.house.schools["oakfield"].people
    given_up = [
        replace(each, roles=frozenset({Role.TEACHER})) if each.id in {"dilys", "femi"} else each for each in people
    ]
    change(product, people=tuple(given_up))

    holder("report.add", receipt, MORE)

    assert of_additions(product) == [("hannah", "concern-added")]


@pytest.mark.clause(41)
def test_where_the_reader_whose_case_it_is_is_away_the_other_is_told(product, ask, holder, case):
    reference, receipt = case
    ask("inbox.assign.to", "dilys", ref=reference, to="femi")
    change(product, leave=(Leave(person="femi", first=TODAY, last=TODAY),))

    holder("report.add", receipt, MORE)

    assert of_additions(product) == [("dilys", "concern-added")]


@pytest.mark.clause(41)
def test_where_everybody_is_away_all_of_them_are_alarmed(product, holder, case):
    _, receipt = case
    change(product, leave=tuple(Leave(person=each, first=TODAY, last=TODAY) for each in ("dilys", "femi", "hannah")))

    holder("report.add", receipt, MORE)

    assert of_additions(product) == [(each, "concern-alarm") for each in ("dilys", "femi", "hannah")]
    assert (Act.ALARMED, "lollipop") in acts(product)


@pytest.mark.clause(41)
def test_where_nobody_is_left_who_could_open_it_the_chair_of_governors_hears_that(product, holder, case):
    _, receipt = case
    without(product, "dilys", "femi", "hannah")

    holder("report.add", receipt, MORE)

    assert of_additions(product) == [("grace", "concern-orphaned")]
    assert (Act.ALARMED, "lollipop") in acts(product)
