"""The tables of what classes have been taught, and of texts: what each class began, and what was agreed to."""

from sqlalchemy import JSON, Integer, String, Table, Text
from sqlalchemy import text as sql

from bot.storage.columns import METADATA, UtcDateTime, belongs_to, column, of_a_school, school_column
from bot.storage.tables import KEPT, STAFF_END

BEGUN_END = "row deleted when the class was taught the lesson, or it was put off"

progress = Table(
    "progress",
    METADATA,
    school_column(),
    column("class_id", String(60), "none", STAFF_END, primary_key=True),
    column("turn", Integer, "none", STAFF_END, primary_key=True),
    column("lesson", String(120), "none", STAFF_END),
    column("version", Integer, "none", STAFF_END),
    column("strand", String(60), "none", STAFF_END),
    column("outcome", String(20), "none", STAFF_END),
    column("hands", JSON, "none: counts of a whole class", STAFF_END),
    column("by", String(60), "a member of staff, by an id of ours", STAFF_END),
    column("at", UtcDateTime, "when a member of staff acted", STAFF_END),
    column("content_hash", String(64), "none", STAFF_END, server_default=sql("''")),
    of_a_school(),
)

page_version = Table(
    "page_version",
    METADATA,
    school_column(),
    column("content_hash", String(64), "none", KEPT, primary_key=True),
    column("page", String(120), "none", KEPT),
    column("lang", String(20), "none", KEPT),
    column("version", Integer, "none", KEPT),
    column("text", Text, "none: a page of the library, or a release of guidance in a school's own words", KEPT),
    of_a_school(),
)

begun = Table(
    "begun",
    METADATA,
    school_column(),
    column("class_id", String(60), "none", BEGUN_END, primary_key=True),
    column("lesson", String(120), "none", BEGUN_END, primary_key=True),
    column("content_hash", String(64), "none", BEGUN_END),
    column("at", UtcDateTime, "when a member of staff acted", BEGUN_END),
    belongs_to("page_version", "content_hash", key="content_hash"),
    of_a_school(),
)
