"""The tables of the registers that staff keep of the web: sites that were looked at, and what turned up unasked."""

from sqlalchemy import Index, Integer, String, Table, Text, UniqueConstraint, Uuid

from bot.storage.columns import METADATA, UtcDateTime, column, of_a_school, school_column
from bot.storage.tables import STAFF_END, only_where

STAFF_ID, STAFF_ACTED = "a member of staff, by an id of ours", "when a member of staff acted"

checked_site = Table(
    "checked_site",
    METADATA,
    school_column(),
    column("id", Uuid, "none", STAFF_END, primary_key=True),
    column("address", String(300), "none: what may name somebody in an address is cut off", STAFF_END),
    column("purpose", Text, "a member of staff's own words about a web site", STAFF_END),
    column("year_from", Integer, "none", STAFF_END),
    column("year_to", Integer, "none", STAFF_END),
    # A lesson's page, or empty.
    column("lesson", String(120), "none", STAFF_END),
    column("checked", UtcDateTime, STAFF_ACTED, STAFF_END),
    column("checked_by", String(60), STAFF_ID, STAFF_END),
    # Since that check: when somebody was told that it is due, and since when the site did not answer a program.
    column("reminded", UtcDateTime, "none", STAFF_END, nullable=True),
    column("silent_since", UtcDateTime, "none", STAFF_END, nullable=True),
    # When it was taken off the list, by whom and why; null and empty while it is on it.
    column("off", UtcDateTime, STAFF_ACTED, STAFF_END, nullable=True),
    column("off_by", String(60), STAFF_ID, STAFF_END),
    column("off_why", String(20), "none", STAFF_END),
    Index("ix_checked_site_listed", "school_id", "lesson", **only_where("off IS NULL")),
    of_a_school(),
)

# Answers to choose from, and no words: what a child said or did belongs in a concern, which is sealed.
unsuitable_find = Table(
    "unsuitable_find",
    METADATA,
    school_column(),
    column("id", Uuid, "none", STAFF_END, primary_key=True),
    column("reference", String(20), "none: a random mark", STAFF_END),
    column("at", UtcDateTime, STAFF_ACTED, STAFF_END),
    column("by", String(60), STAFF_ID, STAFF_END),
    column("kind", String(20), "none", STAFF_END),
    column("address", String(300), "a page that a class came upon; what may name somebody is cut off", STAFF_END),
    column("device", String(20), "none", STAFF_END),
    column("mark", String(24), "the label of a device or a room; a name is refused", STAFF_END),
    column("happened", String(20), "none", STAFF_END),
    column("year", Integer, "none: the year group of a class", STAFF_END, nullable=True),
    column("seen", String(20), "whether a child saw it; which child is not kept", STAFF_END),
    column("upset", String(20), "whether a child is upset; which child is not kept", STAFF_END),
    column("dealt", String(20), "none", STAFF_END),
    column("dealt_by", String(60), STAFF_ID, STAFF_END),
    column("dealt_at", UtcDateTime, STAFF_ACTED, STAFF_END, nullable=True),
    UniqueConstraint("school_id", "reference"),
    of_a_school(),
)
