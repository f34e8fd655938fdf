"""The tables of learning beside the duties: who came when, how sure people are, and a lead's own log."""

from sqlalchemy import Boolean, Date, Index, Integer, String, Table, Text, Uuid

from bot.storage.columns import METADATA, UtcDateTime, column, of_a_school, school_column
from bot.storage.staff_tables import STAFF_ACTED, STAFF_ID
from bot.storage.tables import KEPT, STAFF_END

LEFT_END = "row deleted on the first school day after somebody is taken out of the school file"

staff_joined = Table(
    "staff_joined",
    METADATA,
    school_column(),
    column("person", String(60), STAFF_ID, LEFT_END, primary_key=True),
    column("since", Date, "since when a member of staff is in the school file", LEFT_END),
    column("new", Boolean, "none: whether others were there before", LEFT_END),
    of_a_school(),
)

needs_tally = Table(
    "needs_tally",
    METADATA,
    school_column(),
    column("period", String(40), "none: a school year", KEPT, primary_key=True),
    column("topic", String(40), "none", KEPT, primary_key=True),
    column("sure", Integer, "none: an answer from 1 to 4", KEPT, primary_key=True),
    column("answers", Integer, "none: a count", KEPT),
    of_a_school(),
)

cpd = Table(
    "cpd",
    METADATA,
    school_column(),
    column("id", Uuid, "none", STAFF_END, primary_key=True),
    column("person", String(60), STAFF_ID, STAFF_END),
    column("day", Date, STAFF_ACTED, STAFF_END),
    column("minutes", Integer, "how long a member of staff learnt", STAFF_END),
    column("what", Text, "a member of staff's own words about what they learnt", STAFF_END),
    column("at", UtcDateTime, STAFF_ACTED, STAFF_END),
    Index("ix_cpd_person", "school_id", "person"),
    of_a_school(),
)
