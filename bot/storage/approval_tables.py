"""The table of who said yes to what goes to the whole school, and to which words of it."""

from sqlalchemy import String, Table

from bot.storage.columns import METADATA, UtcDateTime, column, of_a_school, school_column
from bot.storage.tables import STAFF_END

mailing_approvals = Table(
    "mailing_approvals",
    METADATA,
    school_column(),
    column("mailing", String(120), "none", STAFF_END, primary_key=True),
    # Of the page in every language it has.
    column("digest", String(64), "none", STAFF_END, primary_key=True),
    column("person", String(60), "a member of staff, by an id of ours", STAFF_END, primary_key=True),
    column("at", UtcDateTime, "when a member of staff acted", STAFF_END),
    of_a_school(),
)
