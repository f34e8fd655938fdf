"""The tables of counts that lead to nobody: no family, no chat and no day stands in them."""

from sqlalchemy import Date, Integer, String, Table

from bot.storage.columns import METADATA, column, of_a_school, school_column
from bot.storage.tables import KEPT

quiz_tally = Table(
    "quiz_tally",
    METADATA,
    school_column(),
    column("page", String(64), "none", KEPT, primary_key=True),
    column("question", Integer, "none", KEPT, primary_key=True),
    column("lang", String(20), "none", KEPT, primary_key=True),
    column("answers", Integer, "none: a count", KEPT),
    column("right", Integer, "none: a count", KEPT),
    of_a_school(),
)

leaving_tally = Table(
    "leaving_tally",
    METADATA,
    school_column(),
    column("month", Date, "none: the first day of a month", KEPT, primary_key=True),
    column("reason", String(20), "none", KEPT, primary_key=True),
    column("families", Integer, "none: a count", KEPT),
    of_a_school(),
)
