"""The tables of what adults answered about one child, and of what classes were asked."""

from sqlalchemy import Index, Integer, String, Table, Uuid

from bot.storage.child_tables import BOUND_END, CODE_END
from bot.storage.columns import METADATA, UtcDateTime, belongs_to, column, of_a_school, school_column
from bot.storage.tables import KEPT

# Only ever added to: the newest line of an adult is what holds.
adult_answer = Table(
    "adult_answer",
    METADATA,
    school_column(),
    column("id", Uuid, "none", CODE_END, primary_key=True),
    column("pupil", String(20), "a pupil, by a code of the school's own", CODE_END),
    column("adult", Integer, "which adult of a pupil, by a number", CODE_END),
    column("page", String(64), "none", CODE_END),
    column("use", String(20), "none", CODE_END),
    column("said", String(20), "what a parent answered", CODE_END),
    column("version", Integer, "none", CODE_END),
    column("lang", String(20), "the language that a parent reads", CODE_END),
    column("source", String(20), "none", CODE_END),
    column("at", UtcDateTime, "when a parent answered", CODE_END),
    column("family_id", Uuid, "which family answered", BOUND_END, nullable=True),
    Index("ix_adult_answer_pupil", "school_id", "pupil"),
    Index("ix_adult_answer_family", "school_id", "family_id"),
    belongs_to("family", "family_id"),
    of_a_school(),
)

asking = Table(
    "asking",
    METADATA,
    school_column(),
    column("id", String(16), "none", KEPT, primary_key=True),
    column("class_id", String(60), "none", KEPT),
    column("pages", String(200), "none", KEPT),
    column("opened", UtcDateTime, "none", KEPT),
    column("stage", Integer, "none", KEPT),
    of_a_school(),
)
