"""The tables of the registers of devices, risks and other policies, and what happened to each entry."""

from sqlalchemy import JSON, Date, Index, Integer, String, Table, Text, Uuid

from bot.storage.columns import METADATA, UtcDateTime, belongs_to, column, of_a_school, school_column
from bot.storage.staff_tables import STAFF_ACTED, STAFF_ID
from bot.storage.tables import STAFF_END, only_where

HOLDER_END = "emptied or handed on by the first school day after somebody is taken out of the school file"

register_entry = Table(
    "register_entry",
    METADATA,
    school_column(),
    column("id", Uuid, "none", STAFF_END, primary_key=True),
    column("register", String(20), "none", STAFF_END),
    column("title", Text, "a member of staff's own words about a device, a risk or a policy", STAFF_END),
    # What a register asks beside the title: choices, days, a link, and what the school does about a risk.
    column("fields", JSON, "a member of staff's own words about a device, a risk or a policy", STAFF_END),
    column("holder", String(60), f"{STAFF_ID}: who has a device, or owns a risk or a policy", HOLDER_END),
    column("due", Date, "none: when it is to be looked at again", STAFF_END, nullable=True),
    column("version", Integer, "none: how often it was changed", STAFF_END),
    column("stage", Integer, "none: how often somebody was told", STAFF_END),
    column("made", UtcDateTime, STAFF_ACTED, STAFF_END),
    column("made_by", String(60), STAFF_ID, STAFF_END),
    column("closed", UtcDateTime, STAFF_ACTED, STAFF_END, nullable=True),
    Index("ix_register_entry_open", "school_id", "register", **only_where("closed IS NULL")),
    of_a_school(),
)

register_note = Table(
    "register_note",
    METADATA,
    school_column(),
    column("id", Uuid, "none", STAFF_END, primary_key=True),
    column("entry_id", Uuid, "none", STAFF_END),
    column("at", UtcDateTime, STAFF_ACTED, STAFF_END),
    column("by", String(60), STAFF_ID, STAFF_END),
    column("did", String(20), "none", STAFF_END),
    column("note", Text, "a member of staff's own words about a device, a risk or a policy", STAFF_END),
    Index("ix_register_note_entry", "school_id", "entry_id"),
    of_a_school(),
    belongs_to("register_entry", "entry_id"),
)
