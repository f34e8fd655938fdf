"""The tables of what staff ask for or tell of, and of who said yes or no to it."""

from sqlalchemy import Boolean, Index, Integer, String, Table, Text, UniqueConstraint, Uuid

from bot.storage.columns import METADATA, UtcDateTime, belongs_to, column, of_a_school, school_column
from bot.storage.staff_tables import STAFF_ACTED, STAFF_ID
from bot.storage.tables import STAFF_END, only_where

STAFF_WORDS = "a member of staff's own words; long numbers are refused, and no child is to be named"

staff_request = Table(
    "staff_request",
    METADATA,
    school_column(),
    column("id", Uuid, "none", STAFF_END, primary_key=True),
    column("reference", String(20), "none: a random mark", STAFF_END),
    column("kind", String(20), "none", STAFF_END),
    column("asked_by", String(60), STAFF_ID, STAFF_END),
    column("asked", UtcDateTime, STAFF_ACTED, STAFF_END),
    column("state", String(20), "none", STAFF_END),
    # An address without what may name somebody in it, a program's name, or a topic.
    column("subject", String(300), STAFF_WORDS, STAFF_END),
    column("why", Text, STAFF_WORDS, STAFF_END),
    column("more", Text, STAFF_WORDS, STAFF_END),
    column("class_id", String(60), "none: a class", STAFF_END),
    column("choice", String(20), "none", STAFF_END),
    column("personal", String(10), "whether a breach may involve personal data; whose is not kept", STAFF_END),
    column("starts", UtcDateTime, "none", STAFF_END, nullable=True),
    column("ends", UtcDateTime, "none", STAFF_END, nullable=True),
    column("lapses", UtcDateTime, "none", STAFF_END, nullable=True),
    column("decided", UtcDateTime, STAFF_ACTED, STAFF_END, nullable=True),
    column("begun", UtcDateTime, STAFF_ACTED, STAFF_END, nullable=True),
    column("begun_by", String(60), STAFF_ID, STAFF_END),
    # When somebody was last reminded of it, and how often.
    column("told", UtcDateTime, "none", STAFF_END, nullable=True),
    column("times", Integer, "none", STAFF_END),
    column("outcome", String(20), "none", STAFF_END),
    column("said", Text, STAFF_WORDS, STAFF_END),
    column("closed", UtcDateTime, STAFF_ACTED, STAFF_END, nullable=True),
    column("closed_by", String(60), STAFF_ID, STAFF_END),
    UniqueConstraint("school_id", "reference"),
    Index("ix_staff_request_going_on", "school_id", "state", **only_where("closed IS NULL")),
    of_a_school(),
)

# What each said last; the order of the days is in the evidence.
request_vote = Table(
    "request_vote",
    METADATA,
    school_column(),
    column("request_id", Uuid, "none", STAFF_END, primary_key=True),
    column("person", String(60), STAFF_ID, STAFF_END, primary_key=True),
    column("yes", Boolean, "what a member of staff decided", STAFF_END),
    column("at", UtcDateTime, STAFF_ACTED, STAFF_END),
    column("why", Text, STAFF_WORDS, STAFF_END),
    belongs_to("staff_request", "request_id"),
    of_a_school(),
)
