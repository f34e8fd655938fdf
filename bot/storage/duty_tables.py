"""The table of what staff are asked for: checks, signatures and modules."""

from sqlalchemy import Date, Index, Integer, String, Table, Text, UniqueConstraint, Uuid

from bot.storage.columns import METADATA, UtcDateTime, column, of_a_school, school_column
from bot.storage.staff_tables import STAFF_ACTED, STAFF_ID
from bot.storage.tables import STAFF_END, only_where

duty = Table(
    "duty",
    METADATA,
    school_column(),
    column("id", Uuid, "none", STAFF_END, primary_key=True),
    column("sort", String(20), "none", STAFF_END),
    # A check's id or a page's, and the page's version.
    column("subject", String(120), "none", STAFF_END),
    column("version", Integer, "none", STAFF_END),
    column("period", String(40), "none", STAFF_END),
    column("person", String(60), STAFF_ID, STAFF_END),
    column("laid", UtcDateTime, "none", STAFF_END),
    column("due", Date, "none", STAFF_END),
    column("said", String(20), "none", STAFF_END),
    column("said_at", UtcDateTime, STAFF_ACTED, STAFF_END, nullable=True),
    column("said_by", String(60), STAFF_ID, STAFF_END),
    column("note", Text, "a member of staff's own words about a check; of a signature the mark of its text", STAFF_END),
    column("stage", Integer, "none: how often somebody was told", STAFF_END),
    column("step", Integer, "how far a member of staff has come in a module", STAFF_END),
    column("right", Integer, "how many answers of a member of staff were right in a module's quiz", STAFF_END),
    UniqueConstraint("school_id", "sort", "subject", "version", "period", "person", name="uq_duty_once"),
    Index("ix_duty_waits", "school_id", "person", **only_where("said IN ('open', 'wrong')")),
    of_a_school(),
)
