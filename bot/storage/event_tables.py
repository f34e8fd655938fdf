"""The tables of events: what families were told of one, and what each adult replied for a child."""

from sqlalchemy import Boolean, Date, Index, Integer, String, Table, Uuid

from bot.storage.columns import METADATA, UtcDateTime, belongs_to, column, of_a_school, school_column

EVENT_END = "30 days after the event"
REPLY_END = "30 days after the event, or when the family leaves, is erased, or its letter is taken back"

event_told = Table(
    "event_told",
    METADATA,
    school_column(),
    column("event_id", String(40), "none", EVENT_END, primary_key=True),
    column("version", Integer, "none", EVENT_END),
    column("name", String(80), "none", EVENT_END),
    column("kind", String(20), "none", EVENT_END),
    column("day", Date, "none", EVENT_END),
    column("starts", String(5), "none", EVENT_END),
    column("off", Boolean, "none", EVENT_END),
    column("at", UtcDateTime, "none", EVENT_END),
    of_a_school(),
)

event_reply = Table(
    "event_reply",
    METADATA,
    school_column(),
    column("event_id", String(40), "none", REPLY_END, primary_key=True),
    column("pupil", String(20), "a pupil, by a code of the school's own", REPLY_END, primary_key=True),
    column("family_id", Uuid, "a family, by an id of ours", REPLY_END, primary_key=True),
    column("class_id", String(60), "the class of a pupil", REPLY_END),
    column("adults", Integer, "how many adults of a family come", REPLY_END),
    column("comes", String(10), "whether a family comes to an event", REPLY_END),
    column("since", UtcDateTime, "when a parent replied", REPLY_END),
    belongs_to("family", "family_id"),
    of_a_school(),
    Index("ix_event_reply_family", "school_id", "family_id"),
)
