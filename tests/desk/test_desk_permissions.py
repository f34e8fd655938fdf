"""The page of permissions and the desk say the same: every verb, by every role, in every place, is really tried."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.desk import Reception
from bot.desk.allowed import PLACES, SIGNED_IN, SLACK, WHO, asked, page
from bot.desk.may import MAY
from bot.desk.reception import NotAllowedError
from bot.desk.refused import ACTS
from bot.desk.verbs import SAFEGUARDING, VERBS
from bot.desk.who import NotYourRoleError
from bot.storage.tables import vault_log
from bot.wire import Via
from safeguarding import SENDER, Outcome
from school.people import Person, Role
from school.sensitive import Sensitive

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
NOT_ALLOWED, ANOTHER_ROLE = str(NotAllowedError.text), str(NotYourRoleError.text)


def written() -> dict[str, dict[str, set[str]]]:
    """The page as it is read: verb, column, places."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.read_text("utf-8").splitlines()]
    table = [row for row in rows if len(row) == len(WHO) + 2]
    head, _, *body = table
    return {
        row[0].strip("`"): {
            who: {place for place in cell.split() if place != "–"}
            for who, cell in zip(head[1:-1], row[1:-1], strict=True)
        }
        for row in body
    }


def test_the_page_is_as_the_code_says():
    assert PAGE.read_text("utf-8").rstrip() == page().rstrip(), "lollipop permissions > docs/permissions.md"


def test_the_page_has_every_verb_and_every_role():
    assert set(written()) == set(VERBS) == set(MAY)
    assert {role for _, role in WHO} == {*Role, None}


@pytest.fixture
def desk(front_desk):
    """A school with one person of each role."""
    house = front_desk.product.house
    school = house.schools["oakfield"]
    people = [asked("help", role, SIGNED_IN)[1] for _, role in WHO if role]
    house.schools["oakfield"] = replace(school, people=(*school.people, *(each for each in people if each)))
    yield Reception(house)
    house.schools["oakfield"] = school


def refusals(front_desk) -> list[tuple[str, str]]:
    with front_desk.product.engines.reading() as connection:
        rows = connection.execute(
            select(vault_log.c.actor, vault_log.c.act)
            .where(vault_log.c.outcome == Outcome.REFUSED.value)
            .order_by(vault_log.c.number)
        )
        return [(row.actor, row.act) for row in rows]


@pytest.mark.clause(41)
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_everybody_in_every_place_is_let_in_or_refused_as_the_page_says(front_desk, desk, verb):
    expected = written()[verb]
    for who, role in WHO:
        for place in PLACES:
            if role is None and place == SIGNED_IN:
                continue
            incoming, person = asked(verb, role, place)
            incoming = replace(incoming, school="oakfield", words={"words": Sensitive("A few words")})
            before = len(refusals(front_desk))

            answer = desk.receive(incoming)

            told = repr(answer.document)
            let_in = NOT_ALLOWED not in told and ANOTHER_ROLE not in told
            assert let_in == (place in expected[who]), (verb, who, PLACES[place])
            if not let_in:
                assert answer.refused
                assert answer.choices == ()
                assert answer.cards == ()
                assert answer.form is None
            if not let_in and verb in SAFEGUARDING:
                assert refusals(front_desk)[before:] == [(person.id if person else SENDER, ACTS[verb].value)]


def test_every_safeguarding_verb_that_can_be_refused_leaves_a_row():
    can_be = {verb for verb, row in written().items() if verb in SAFEGUARDING and any("–" in c for c in _cells(verb))}

    assert can_be <= set(ACTS)
    assert {verb for verb in SAFEGUARDING if verb.startswith(("identity.", "inbox.", "lowlevel."))} <= set(ACTS)


def _cells(verb: str) -> list[str]:
    (line,) = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(f"| `{verb}` |")]
    return line.split("|")


def test_a_verb_that_nobody_knows_is_nobodys(desk):
    for _, role in WHO:
        incoming, _ = asked("inbox.everything", role, SLACK)

        told = repr(desk.receive(replace(incoming, school="oakfield")).document)

        assert "isn't something I know" in told


def test_on_the_web_a_role_without_a_key_is_nobody(desk):
    incoming, person = asked("inbox.list", Role.DSL, SIGNED_IN)
    assert isinstance(person, Person)

    for lacking in (replace(incoming, key=None), replace(incoming, sender=""), replace(incoming, via=Via.SHELL)):
        assert NOT_ALLOWED in repr(desk.receive(replace(lacking, school="oakfield")).document)


def test_the_page_names_no_rule_that_does_not_say_what_it_is():
    rules = re.findall(r"^- `(\w+)`: (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)

    assert {name for name, _ in rules} == {allows.__name__ for each in MAY.values() for allows in each}
