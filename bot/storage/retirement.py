"""Which of the ends that columns name the program brings about today, and the map of both as a page.

A rule that is not in `CARRIED_OUT` is a promise that somebody has to keep by hand; the page says so.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from bot.storage.child_tables import BOUND_END, CODE_END
from bot.storage.class_tables import BEGUN_END
from bot.storage.columns import DataMapRow, data_map
from bot.storage.event_tables import EVENT_END, REPLY_END
from bot.storage.family_tables import FORGOTTEN_END
from bot.storage.key_tables import RECOVERY_END, SECOND_END
from bot.storage.learning_tables import LEFT_END
from bot.storage.pending_tables import PENDING_END
from bot.storage.question_tables import FAQ_END, QUESTION_END
from bot.storage.register_tables import HOLDER_END
from bot.storage.sealed_tables import LOWLEVEL_END, REQUEST_END
from bot.storage.tables import (
    CHAT_END,
    CONCERN_END,
    CONVERSATION_END,
    FAMILY_END,
    FILE_END,
    GOING_END,
    INBOX_END,
    KEPT,
    KEY_END,
    LAID_END,
    LOG_END,
    PACING_END,
    SENDER_END,
    WITH_ROW,
)

CARRIED_OUT: Mapping[str, str] = {
    INBOX_END: "yes, by the rounds, once a night",
    FILE_END: "yes, by `lollipop school load`",
    FAMILY_END: (
        "**partly**: erasure, by the family's own tap or by `lollipop parents erase`; 12 months after they left, "
        "**not yet**"
    ),
    PENDING_END: "yes, by the tap, else by the rounds, once a night",
    FORGOTTEN_END: "yes, by the tap that joins",
    BOUND_END: "yes, by the family's own tap or by `lollipop parents erase`",
    CODE_END: "yes, by `lollipop parents codes --end`",
    EVENT_END: "yes, by the rounds, once a night",
    REPLY_END: "yes, with the letter; else by the rounds: once a night, and once a minute before an event",
    LAID_END: "yes, with the last chunk of its audience",
    LEFT_END: "yes, by the rounds, once a school day",
    HOLDER_END: "yes, by the rounds, once a school day",
    BEGUN_END: "yes, by the teacher's mark",
    CONVERSATION_END: "yes, by the last step of a flow, else by the rounds",
    PACING_END: "yes, by the rounds, once a night",
    KEY_END: "yes, by the rounds, once a night; never the last key to a report",
    SECOND_END: "yes, by the recipient, by `lollipop keys second-factor-reset`, or by the rounds",
    RECOVERY_END: "yes, by the recipient, or by the rounds",
    SENDER_END: "yes, when the child passes it on",
    GOING_END: "yes, with the draft; by the rounds, where it goes by itself",
    QUESTION_END: "yes, by the rounds, once a night, or by /stop",
    FAQ_END: "yes, by the lead's own button",
    CHAT_END: "yes, by the rounds, once a minute",
    CONCERN_END: (
        "yes, by the rounds, once a night: a draft that nobody passes on after a day, a report 30 days after it was "
        "handed over or closed; never before"
    ),
    LOWLEVEL_END: "yes, by its reader's own button; never by itself",
    REQUEST_END: "yes, by those who asked and agreed, else by the rounds within minutes",
}
NOTHING_TO_DO: Mapping[str, str] = {KEPT: "nothing to do", LOG_END: "nothing to do", WITH_ROW: "as its row"}
NOT_YET = "**not yet**"
BEGIN = """\
# Data-protection map

Every column that Lollipop stores, whose data it holds, and how that ends. This page is made from the tables themselves;
a test compares the two. To make it anew: `lollipop data-map > docs/data-protection-map.md`.

Where it says **not yet**, the program does not delete by itself. Until it does, whoever runs the database has to keep
to the school's own retention schedule. A parent who leaves is not written to from that moment; the row itself stays
until they erase it, or the office does. Of what was sent to a family that was erased, a row stays that leads to nobody.
"""


def carried_out(rule: str) -> str:
    """Whether and by what the program brings an end about."""
    return CARRIED_OUT.get(rule) or NOTHING_TO_DO.get(rule) or NOT_YET


def page() -> str:
    """The map as Markdown."""
    rows = list(data_map())
    return "\n".join([BEGIN, *_ends(rows), "", *_tables(rows)])


def _ends(rows: Iterable[DataMapRow]) -> Iterator[str]:
    yield "## How data ends\n"
    yield "| How it ends | Does the program do it today? | In |"
    yield "|---|---|---|"
    places: dict[str, dict[str, None]] = {}
    for row in rows:
        places.setdefault(row.retire, {})[f"`{row.table}`"] = None
    for rule, tables in places.items():
        yield f"| {rule} | {carried_out(rule)} | {'every table' if rule == WITH_ROW else ', '.join(tables)} |"


def _tables(rows: Iterable[DataMapRow]) -> Iterator[str]:
    for table, columns in groupby(rows, key=lambda row: row.table):
        yield f"## `{table}`\n"
        yield "| Column | Personal data | How it ends |"
        yield "|---|---|---|"
        yield from (f"| `{each.column}` | {each.personal} | {each.retire} |" for each in columns)
        yield ""
