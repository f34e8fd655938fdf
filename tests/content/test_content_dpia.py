"""The impact assessment that a school finishes: it knows every table, and leaves open what only the school knows."""

import re
from pathlib import Path

from bot.storage.columns import data_map
from bot.storage.retirement import NOT_YET, carried_out
from bot.unit import CONVERSATION_KEPT, INBOX_KEPT

PAGE = (Path(__file__).parents[2] / "docs" / "dpia.md").read_text("utf-8")
TABLES = PAGE.partition("### Every table")[2].partition("\n## ")[0]


def rows() -> dict[str, str]:
    """Each table that the assessment names, with the rest of its row."""
    found = {}
    for line in TABLES.splitlines():
        names, _, rest = line.removeprefix("| ").partition(" | ")
        found |= dict.fromkeys(re.findall(r"`([a-z_]+)`", names), rest)
    return found


def test_the_data_protection_officer_finds_every_table_and_none_that_there_is_not() -> None:
    assert set(rows()) == {row.table for row in data_map()}


def test_a_table_without_personal_data_says_so_and_no_other_does() -> None:
    personal: dict[str, bool] = {}
    for row in data_map():
        personal[row.table] = personal.get(row.table, False) or not row.personal.startswith("none")

    assert {table for table, rest in rows().items() if rest.startswith("Nobody's data")} == {
        table for table, any_of_it in personal.items() if not any_of_it
    }


def test_the_spans_are_those_of_the_program() -> None:
    assert f"{INBOX_KEPT.days} days" in rows()["inbox"]
    assert f"{CONVERSATION_KEPT.days} days" in rows()["conversation"]


def test_what_is_left_to_be_deleted_by_hand_is_what_the_program_does_not_delete() -> None:
    left = {row.table for row in data_map() if carried_out(row.retire).startswith((NOT_YET, "**partly**"))}

    assert {table for table, rest in rows().items() if "by hand today" in rest} <= left


def test_what_only_the_school_knows_is_left_open_and_nothing_is_signed_for_it() -> None:
    signed = PAGE.partition("## 9. Sign-off")[2]

    assert PAGE.count("**[School: ") > 40
    assert all("**[School" in line for line in signed.splitlines() if line.startswith("| ") and "Item" not in line)


def test_nothing_is_said_to_be_compliant_nor_anonymous() -> None:
    assert "complian" not in PAGE.casefold()
    assert "anonym" not in PAGE.casefold()
