"""The tables of questions to whoever leads on e-safety, and of what is kept of them for everybody."""

from sqlalchemy import Boolean, Index, LargeBinary, String, Table, Text, UniqueConstraint, Uuid

from bot.storage.columns import METADATA, UtcDateTime, column, of_a_school, school_column
from bot.storage.tables import only_where

QUESTION_END = (
    "row deleted 90 days after it was answered or closed, a year after it was asked, or when the family leaves by /stop"
)
FAQ_END = "row deleted when it is taken off the list"

# Sealed under the server's own key, which lies outside the database: a copy of the database alone tells no words.
question = Table(
    "question",
    METADATA,
    school_column(),
    column("id", Uuid, "none", QUESTION_END, primary_key=True),
    column("reference", String(20), "none: a random mark", QUESTION_END),
    column("asker", String(20), "whether a family or a member of staff asked", QUESTION_END),
    column("by", String(60), "a family or a member of staff, by an id of ours", QUESTION_END),
    column("lang", String(20), "the language that somebody reads", QUESTION_END),
    column("words", LargeBinary, "what somebody asked, sealed under the server's own key", QUESTION_END),
    column("answer", LargeBinary, "what they were answered, sealed likewise", QUESTION_END, nullable=True),
    column("state", String(20), "none", QUESTION_END),
    column("asked", UtcDateTime, "when somebody asked", QUESTION_END),
    column("settled", UtcDateTime, "when a member of staff acted", QUESTION_END, nullable=True),
    column("settled_by", String(60), "a member of staff, by an id of ours", QUESTION_END),
    column("faq", Boolean, "none", QUESTION_END),
    UniqueConstraint("school_id", "reference"),
    Index("ix_question_by", "school_id", "by"),
    Index("ix_question_open", "school_id", "asked", **only_where("settled IS NULL")),
    of_a_school(),
)

faq = Table(
    "faq",
    METADATA,
    school_column(),
    # Of the question that it grew from; that row goes, and this one stays.
    column("reference", String(20), "none: a random mark", FAQ_END, primary_key=True),
    column("ask", Text, "none: written anew for everybody, without names", FAQ_END),
    column("answer", Text, "none: written anew for everybody, without names", FAQ_END),
    column("kept", UtcDateTime, "when a member of staff acted", FAQ_END),
    column("by", String(60), "a member of staff, by an id of ours", FAQ_END),
    of_a_school(),
)
