"""The table of codes by which adults act for one child. It holds no name, and no code: only what knows one again."""

from sqlalchemy import Boolean, Index, Integer, String, Table, UniqueConstraint, Uuid

from bot.storage.columns import METADATA, UtcDateTime, belongs_to, column, of_a_school, school_column

BOUND_END = "emptied when the family is erased"
CODE_END = "row deleted by the office, as when the pupil leaves the school"

# Under a key outside the database: whoever reads the table alone cannot try out codes.
family_code = Table(
    "family_code",
    METADATA,
    school_column(),
    column("id", Uuid, "none", CODE_END, primary_key=True),
    column("pupil", String(20), "a pupil, by a code of the school's own", CODE_END),
    column("class_id", String(60), "the class of a pupil", CODE_END),
    column("adult", Integer, "which adult of a pupil, by a number", CODE_END),
    column("mark", String(64), "none: a keyed hash of a code on a letter", CODE_END),
    column("made", UtcDateTime, "when the office made a letter", CODE_END),
    column("used", UtcDateTime, "when a parent used it", CODE_END, nullable=True),
    column("family_id", Uuid, "which family used it", BOUND_END, nullable=True),
    column("withdrawn", UtcDateTime, "when the office took it back", CODE_END, nullable=True),
    column("left", Boolean, "whether a parent who used it has left since", CODE_END),
    UniqueConstraint("school_id", "mark"),
    Index("ix_family_code_pupil", "school_id", "pupil", "adult"),
    Index("ix_family_code_family", "school_id", "family_id"),
    belongs_to("family", "family_id"),
    of_a_school(),
)
