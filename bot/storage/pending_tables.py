"""The table of addresses that somebody typed and that have not said yes yet."""

from sqlalchemy import Index, String, Table, Uuid

from bot.storage.columns import METADATA, UtcDateTime, column, of_a_school, school_column

PENDING_END = "row deleted by the tap in the letter, else in the night after 48 hours"

email_pending = Table(
    "email_pending",
    METADATA,
    school_column(),
    column("id", Uuid, "none: a number of ours", PENDING_END, primary_key=True),
    column("address", String(200), "an e-mail address that somebody typed", PENDING_END),
    column("lang", String(20), "the language that somebody reads", PENDING_END),
    column("code", String(8), "which class somebody asked for, by its invitation", PENDING_END),
    column("asked", UtcDateTime, "when somebody asked for a letter", PENDING_END),
    Index("ix_email_pending_address", "school_id", "address"),
    of_a_school(),
)
