"""The log of the vault: whatever is done to a chain of rows afterwards shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding import BEGINNING, Act, Broken, Head, LogRow, Outcome, first_break, mark_of, spelt

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HERE = "ashgrove"


def chain(count: int, school: str = HERE) -> list[LogRow]:
    rows: list[LogRow] = []
    for number in range(1, count + 1):
        row = LogRow(
            number=number,
            at=NOW + timedelta(minutes=number),
            actor=("dsl", "head", "sender")[number % 3],
            act=list(Act)[number % len(Act)].value,
            subject=f"LP-7KQ4-M{number % 4}",
            outcome=list(Outcome)[number % 2].value,
            mark=b"",
        )
        rows.append(replace(row, mark=mark_of(row, school=school, previous=rows[-1].mark if rows else BEGINNING)))
    return rows


def head_of(rows: list[LogRow]) -> Head:
    return Head(number=len(rows), mark=rows[-1].mark if rows else BEGINNING)


lengths = st.integers(1, 12)


@pytest.mark.clause(41)
@given(st.integers(0, 12))
def test_a_chain_that_nobody_touched_holds(count):
    rows = chain(count)

    assert first_break(rows, school=HERE, head=head_of(rows), anchors=[head_of(rows)]) is None
    assert (first_break(rows, school="beechwood", head=head_of(rows)) is None) == (count == 0)


CHANGES = {
    "at": lambda row: row.at + timedelta(microseconds=1),
    "actor": lambda row: row.actor + "x",
    "act": lambda row: "read" if row.act != "read" else "listed",
    "subject": lambda row: "",
    "outcome": lambda row: "done" if row.outcome == "refused" else "refused",
    "mark": lambda row: bytes([row.mark[0] ^ 1]) + row.mark[1:],
    "number": lambda row: row.number + 1,
}


@pytest.mark.clause(41)
@given(lengths, st.data(), st.sampled_from(sorted(CHANGES)))
def test_any_one_change_of_any_row_is_found_where_it_is(count, data, part):
    rows, head = chain(count), head_of(chain(count))
    place = data.draw(st.integers(0, count - 1))
    rows[place] = replace(rows[place], **{part: CHANGES[part](rows[place])})

    assert first_break(rows, school=HERE, head=head) == Broken(number=place + 1)


@given(lengths, st.data())
def test_a_row_that_was_taken_out_is_missed(count, data):
    rows, head = chain(count), head_of(chain(count))
    place = data.draw(st.integers(0, count - 1))
    del rows[place]

    assert first_break(rows, school=HERE, head=head) == Broken(number=place + 1)


@given(st.integers(2, 12), st.data())
def test_rows_that_changed_places_are_found(count, data):
    rows, head = chain(count), head_of(chain(count))
    first, second = sorted(data.draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2, unique=True)))
    rows[first], rows[second] = rows[second], rows[first]

    assert first_break(rows, school=HERE, head=head) == Broken(number=first + 1)


@given(lengths, st.data())
def test_what_was_cut_off_or_made_anew_head_and_all_shows_by_what_the_head_wrote_down(count, data):
    rows = chain(count)
    kept = data.draw(st.integers(0, count - 1))
    cut, anchor = rows[:kept], head_of(rows)
    other = [replace(row, actor="nobody") for row in rows]
    anew = []
    for row in other:
        anew.append(replace(row, mark=mark_of(row, school=HERE, previous=anew[-1].mark if anew else BEGINNING)))

    assert first_break(cut, school=HERE, head=head_of(cut)) is None, "nothing inside can tell"
    assert first_break(cut, school=HERE, head=head_of(cut), anchors=[anchor]) == Broken(number=kept + 1)
    assert first_break(anew, school=HERE, head=head_of(anew), anchors=[anchor]) == Broken(number=count)


def test_a_mark_can_be_read_out_and_written_down():
    said = spelt(chain(1)[0].mark)

    assert len(said.split()) == 8
    assert bytes.fromhex(said.replace(" ", "")) == chain(1)[0].mark
