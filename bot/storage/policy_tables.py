"""The tables of a school's own policy: its versions, and who agreed to which text."""

from sqlalchemy import Integer, String, Table, Text

from bot.storage.columns import METADATA, UtcDateTime, column, of_a_school, school_column
from bot.storage.staff_tables import STAFF_ACTED, STAFF_ID
from bot.storage.tables import STAFF_END

policy_version = Table(
    "policy_version",
    METADATA,
    school_column(),
    column("number", Integer, "none", STAFF_END, primary_key=True),
    column("text", Text, "none: what a school promises; it names roles", STAFF_END),
    column("loaded", UtcDateTime, STAFF_ACTED, STAFF_END),
    column("loaded_by", String(60), STAFF_ID, STAFF_END),
    of_a_school(),
)

policy_yes = Table(
    "policy_yes",
    METADATA,
    school_column(),
    column("number", Integer, "none", STAFF_END, primary_key=True),
    column("person", String(60), STAFF_ID, STAFF_END, primary_key=True),
    # The offices that they held then, by comma.
    column("offices", String(60), "the office of a member of staff or a governor", STAFF_END),
    column("at", UtcDateTime, STAFF_ACTED, STAFF_END),
    of_a_school(),
)
