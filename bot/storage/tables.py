"""The rooms' tables, the inbox, the ledger. A row's whole story is in its columns' last two words."""

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy import text as sql

from bot.storage.columns import METADATA, UtcDateTime, belongs_to, column, of_a_school, school_column
from bot.unit import CONVERSATION_KEPT, INBOX_KEPT, PACING_KEPT

WITH_ROW = "with the row"
INBOX_END = f"row deleted {INBOX_KEPT.days} days after it arrived"
CONVERSATION_END = f"row deleted when the flow ends, or {CONVERSATION_KEPT.days} days after somebody last wrote"
PACING_END = f"row deleted {PACING_KEPT.days} day after its last use"
FAMILY_END = "on erasure, or 12 months after they left"
STAFF_END = "kept as evidence for 7 years"
DELIVERY_END = "row deleted 12 months after it was due"
KEPT = "kept: holds nobody's data"
FILE_END = "replaced when the school's file is loaded again"


def only_where(condition: str) -> dict[str, Any]:
    """An index of those rows alone: what is over and done with costs it nothing."""
    return {"sqlite_where": sql(condition), "postgresql_where": sql(condition)}


school = Table(
    "school",
    METADATA,
    column("id", String(40), "none", KEPT, primary_key=True),
    column("created", UtcDateTime, "none", KEPT),
    # Since when nothing but safeguarding goes out; null where everything does.
    column("paused", UtcDateTime, "none", KEPT, nullable=True),
    # Null where the school is read from the file beside the settings.
    column("file", Text, "staff's names, roles, addresses and leave", FILE_END, nullable=True),
    column("loaded", UtcDateTime, "none", FILE_END, nullable=True),
)

inbox = Table(
    "inbox",
    METADATA,
    school_column(),
    column("id", Uuid, "none", INBOX_END, primary_key=True),
    column("via", String(20), "none", INBOX_END),
    column("transport_id", String(200), "a platform's id of a message", INBOX_END, nullable=True),
    column("semantic_id", String(200), "a platform's id of a message", INBOX_END, nullable=True),
    column("arrived", UtcDateTime, "when somebody wrote", INBOX_END),
    column("outcome", String(20), "none", INBOX_END),
    column("failures", Integer, "none", INBOX_END),
    # When the platform had the answer; null where nobody can say that it did.
    column("answered", UtcDateTime, "when somebody was answered", INBOX_END, nullable=True),
    # The mark by which inbox, desk, ledger and log tell of one arrival.
    column("correlation", String(60), "none", INBOX_END, server_default=sql("''")),
    UniqueConstraint("school_id", "via", "transport_id"),
    UniqueConstraint("school_id", "via", "semantic_id"),
    of_a_school(),
)

conversation = Table(
    "conversation",
    METADATA,
    school_column(),
    column("via", String(20), "none", CONVERSATION_END, primary_key=True),
    column("address", String(200), "a platform's address of a person", CONVERSATION_END, primary_key=True),
    column("flow", String(60), "what somebody is doing", CONVERSATION_END),
    column("step", String(60), "what somebody is doing", CONVERSATION_END),
    column("held", JSON, "choices made so far, never words", CONVERSATION_END),
    column("touched", UtcDateTime, "when somebody wrote", CONVERSATION_END),
    of_a_school(),
)

evidence = Table(
    "evidence",
    METADATA,
    school_column(),
    column("id", Uuid, "none", STAFF_END, primary_key=True),
    column("clause", String(10), "none", STAFF_END),
    column("kind", String(60), "none", STAFF_END),
    column("at", UtcDateTime, "when a member of staff acted", STAFF_END),
    column("what", Text, "none: no child or parent is named", STAFF_END),
    column("by", String(60), "a member of staff, by an id of ours", STAFF_END),
    Index(None, "school_id", "clause", "at"),
    of_a_school(),
)

invitation = Table(
    "invitation",
    METADATA,
    school_column(),
    column("code", String(20), "none", "12 months after it was revoked", primary_key=True),
    column("class_id", String(60), "none", WITH_ROW),
    column("created", UtcDateTime, "none", WITH_ROW),
    column("revoked", UtcDateTime, "none", WITH_ROW, nullable=True),
    column("event_id", String(40), "none", WITH_ROW, server_default=sql("''")),
    Index(None, "school_id", "class_id"),
    of_a_school(),
)

family = Table(
    "family",
    METADATA,
    school_column(),
    column("id", Uuid, "a family, by an id of ours", FAMILY_END, primary_key=True),
    column("via", String(20), "which platform a family uses", FAMILY_END),
    column("address", String(200), "a platform's address of a parent", FAMILY_END),
    column("lang", String(20), "the language a family reads", FAMILY_END),
    column("classes", JSON, "the classes a family follows", FAMILY_END),
    column("state", String(20), "whether a family may be written to", FAMILY_END),
    column("joined", UtcDateTime, "when a family joined", FAMILY_END),
    # Codes of year groups with commas between them; empty for all, or where it follows classes.
    column("years", String(60), "the year groups a family follows", FAMILY_END, server_default=sql("''")),
    column("frequency", String(20), "how often a family hears", FAMILY_END, server_default=sql("'everything'")),
    UniqueConstraint("school_id", "via", "address"),
    Index(None, "school_id", "state"),
    of_a_school(),
)

consent_event = Table(
    "consent_event",
    METADATA,
    school_column(),
    column("id", Uuid, "none", FAMILY_END, primary_key=True),
    column("family_id", Uuid, "a family, by an id of ours", FAMILY_END),
    column("event", String(20), "what a family agreed to or ended", FAMILY_END),
    column("wording", String(120), "none", FAMILY_END),
    column("lang", String(20), "the language a family reads", FAMILY_END),
    column("source", String(120), "how a family came", FAMILY_END),
    column("at", UtcDateTime, "when a family acted", FAMILY_END),
    # What was chosen: a class, year groups, a frequency. With it the log alone tells how the family stands.
    column("detail", String(120), "what a family chose", FAMILY_END, server_default=sql("''")),
    Index(None, "school_id", "family_id"),
    belongs_to("family", "family_id"),
    of_a_school(),
)

LAID_END = "emptied when the audience is laid down"
MAILING_END = "row deleted 12 months after it was due"

mailing = Table(
    "mailing",
    METADATA,
    school_column(),
    column("id", String(120), "none", MAILING_END, primary_key=True),
    column("campaign", String(120), "none", MAILING_END),
    column("page", String(120), "none", MAILING_END),
    column("state", String(20), "none", MAILING_END),
    column("due_at", UtcDateTime, "none", MAILING_END),
    column("not_after", UtcDateTime, "none", MAILING_END, nullable=True),
    # The audience: those who were there at this instant; how far it has been laid down, and of whom it is made.
    column("frozen", UtcDateTime, "none", MAILING_END, nullable=True),
    column("upto", Uuid, "a family, by an id of ours", LAID_END, nullable=True),
    column("expected", Integer, "none", MAILING_END),
    column("candidates", Integer, "none", MAILING_END),
    column("excluded", Integer, "none", MAILING_END),
    column("laid", Boolean, "none", MAILING_END),
    column("created", UtcDateTime, "none", MAILING_END),
    column("ended", UtcDateTime, "none", MAILING_END, nullable=True),
    Index("ix_mailing_open", "state", "due_at"),
    of_a_school(),
)

delivery = Table(
    "delivery",
    METADATA,
    school_column(),
    column("id", Uuid, "none", DELIVERY_END, primary_key=True),
    column("key", String(200), "may hold an id of ours of a family or person", DELIVERY_END),
    column("channel", String(20), "which platform somebody uses", DELIVERY_END),
    column("to_kind", String(20), "none", DELIVERY_END),
    column("recipient", String(60), "a person, family or class, by an id of ours", DELIVERY_END),
    column("page", String(120), "what somebody was sent", DELIVERY_END),
    column("part", String(60), "none", DELIVERY_END),
    column("values", JSON, "nothing that a lock screen should not show", DELIVERY_END),
    column("lane", String(20), "none", DELIVERY_END),
    column("state", String(20), "none", DELIVERY_END),
    # Due times are the school clock's; leases and `not_before` (a retry) are the machine clock's.
    column("due_at", UtcDateTime, "none", DELIVERY_END),
    column("wall_clock", String(20), "none", DELIVERY_END),
    column("zone", String(60), "none", DELIVERY_END),
    column("not_after", UtcDateTime, "none", DELIVERY_END, nullable=True),
    column("not_before", UtcDateTime, "none", DELIVERY_END, nullable=True),
    column("lease_until", UtcDateTime, "none", DELIVERY_END, nullable=True),
    column("attempts", Integer, "none", DELIVERY_END),
    column("external_id", String(200), "a platform's id of a message", DELIVERY_END),
    column("reason", String(120), "none", DELIVERY_END),
    # The mailing that it is part of, or empty.
    column("mailing", String(120), "none", DELIVERY_END),
    column("doubt", String(20), "none", DELIVERY_END),
    column("created", UtcDateTime, "none", DELIVERY_END),
    column("correlation", String(60), "none", DELIVERY_END, server_default=sql("''")),
    # By id first: what was sent is told by ids alone, and a second index for that would be written with every change.
    PrimaryKeyConstraint("id", "school_id"),
    UniqueConstraint("school_id", "key"),
    Index("ix_delivery_recipient", "school_id", "to_kind", "recipient"),
    # What is claimed, in the order in which it is claimed; what a dead process may hold; what may be too late; counts.
    Index("ix_delivery_work", "school_id", "mailing", "lane", "due_at", "id", **only_where("state = 'planned'")),
    Index("ix_delivery_held", "lease_until", **only_where("state IN ('claimed', 'sending')")),
    Index("ix_delivery_late", "not_after", **only_where("state = 'planned' AND not_after IS NOT NULL")),
    Index("ix_delivery_tally", "school_id", "mailing", "state", "channel"),
    of_a_school(),
)

SALT_END = "destroyed with the school"
KEY_END = "when the recipient has a newer pair, or no role any more, and no report needs the key"
ENROLMENT_END = "row deleted 14 days after it was made"
LOG_END = "kept with the school: a chain with a row missing proves nothing"
SENDER_END = "emptied when a draft is passed on"
GOING_END = "row deleted when a draft is passed on, wiped or destroyed"
CHAT_END = "row deleted in the minute after the message went out, or could not"
CONCERN_END = "wrapped keys first, then the row, by the school's retention of safeguarding records"

vault_school = Table(
    "vault_school",
    METADATA,
    school_column(),
    column("receipt_salt", LargeBinary, "none", SALT_END),
    column("sender_salt", LargeBinary, "none", SALT_END),
    # Where the log ends: how many rows, and the newest one's mark.
    column("log_number", Integer, "none", SALT_END, server_default=sql("0")),
    column("log_mark", LargeBinary, "none", SALT_END, nullable=True),
    of_a_school(),
)

vault_log = Table(
    "vault_log",
    METADATA,
    school_column(),
    column("number", Integer, "none", LOG_END, primary_key=True),
    column("at", UtcDateTime, "when a recipient acted", LOG_END),
    column("actor", String(60), "a member of staff or governor, by an id of ours", LOG_END),
    column("act", String(40), "none", LOG_END),
    column("subject", String(40), "a random mark of a report or of a wrapped key", LOG_END),
    column("outcome", String(20), "none", LOG_END),
    column("mark", LargeBinary, "none", LOG_END),
    Index(None, "school_id", "subject"),
    of_a_school(),
)

vault_key = Table(
    "vault_key",
    METADATA,
    school_column(),
    column("id", Uuid, "none", KEY_END, primary_key=True),
    column("person", String(60), "a member of staff or governor, by an id of ours", KEY_END),
    column("public", LargeBinary, "none", KEY_END),
    column("salt", LargeBinary, "none", KEY_END),
    column("wrapped", LargeBinary, "a private key under its owner's passphrase, or under a newer pair", KEY_END),
    # What the log calls the wrap; empty for one from before there were marks.
    column("mark", String(20), "none", KEY_END, server_default=sql("''")),
    column("created", UtcDateTime, "none", KEY_END),
    # Since when nothing is sealed to it, and the owner's newer pair that it opens with since.
    column("retired", UtcDateTime, "none", KEY_END, nullable=True),
    column("under", Uuid, "none", KEY_END, nullable=True),
    Index(None, "school_id", "person"),
    of_a_school(),
)

vault_concern = Table(
    "vault_concern",
    METADATA,
    school_column(),
    column("id", Uuid, "none", CONCERN_END, primary_key=True),
    column("reference", String(20), "a random mark of a report", CONCERN_END),
    column("state", String(20), "none", CONCERN_END),
    column("received", UtcDateTime, "when somebody reported", CONCERN_END),
    column("urgent", Boolean, "whether danger signs stood in a report", CONCERN_END),
    column("opened", UtcDateTime, "when a recipient acted", CONCERN_END, nullable=True),
    column("acknowledged", UtcDateTime, "when a recipient acted", CONCERN_END, nullable=True),
    column("acknowledged_by", String(60), "which recipient took a report on", CONCERN_END, nullable=True),
    column("receipt_lookup", LargeBinary, "a slow hash of a reporter's receipt", CONCERN_END),
    column("receipt_wrap", LargeBinary, "the report's key, under the reporter's receipt", CONCERN_END),
    column("sealed", LargeBinary, "a report, sealed: special category and criminal data of children", CONCERN_END),
    column("sent_from", String(64), "a keyed hash of an address", SENDER_END),
    column("destroy_after", UtcDateTime, "none", CONCERN_END, nullable=True),
    # What is added later is sealed to this, so that whoever adds need not be able to read. Null in reports of old.
    column("entry_public", LargeBinary, "none", CONCERN_END, nullable=True),
    column("assigned", String(60), "which recipient deals with a report", CONCERN_END, nullable=True),
    column("close_asked_by", String(60), "which recipient calls a report nothing", CONCERN_END, nullable=True),
    column("ended", UtcDateTime, "when a recipient acted", CONCERN_END, nullable=True),
    # When the next person is told unless somebody has opened it by then, and which rung of the ladder that is.
    column("watch_at", UtcDateTime, "none", CONCERN_END, nullable=True),
    column("watch_rung", Integer, "none", CONCERN_END, server_default=sql("0")),
    # An alert of a system: what it is known by when it comes again, and the import it came with. Null for a report.
    column("alert_mark", String(64), "a keyed hash of an alert", CONCERN_END, nullable=True),
    column("batch", Uuid, "none", CONCERN_END, nullable=True),
    # More came at once than people send: it lies apart for sorting, unless a sign of danger stood in it.
    column("flood", Boolean, "none", CONCERN_END, server_default=sql("false")),
    UniqueConstraint("school_id", "reference"),
    UniqueConstraint("school_id", "receipt_lookup"),
    Index(None, "school_id", "sent_from"),
    Index("ix_vault_concern_watched", "watch_at", **only_where("watch_at IS NOT NULL")),
    Index("ix_vault_concern_alert", "school_id", "alert_mark", unique=True, **only_where("alert_mark IS NOT NULL")),
    Index("ix_vault_concern_batch", "school_id", "batch", **only_where("batch IS NOT NULL")),
    of_a_school(),
)

vault_entry = Table(
    "vault_entry",
    METADATA,
    school_column(),
    column("concern_id", Uuid, "none", CONCERN_END, primary_key=True),
    column("number", Integer, "none", CONCERN_END, primary_key=True),
    column("kind", String(20), "none", CONCERN_END),
    column("author", String(60), "a member of staff or governor, by an id of ours", CONCERN_END),
    column("at", UtcDateTime, "when somebody wrote", CONCERN_END),
    column("sealed", LargeBinary, "what was added to a report, sealed", CONCERN_END),
    belongs_to("vault_concern", "concern_id"),
    of_a_school(),
)

# A draft in which a sign of danger stood. Where its sender wrote from is sealed under the server's own key, since it is
# the rounds that tell them; a column of its own, so that nothing of it is left in the draft's row.
vault_going = Table(
    "vault_going",
    METADATA,
    school_column(),
    column("concern_id", Uuid, "none", GOING_END, primary_key=True),
    # Null where its sender has kept it back.
    column("at", UtcDateTime, "none", GOING_END, nullable=True),
    column("sealed", LargeBinary, "a platform's address of a reporter, sealed", GOING_END, nullable=True),
    Index("ix_vault_going_at", "at", **only_where("at IS NOT NULL")),
    belongs_to("vault_concern", "concern_id"),
    of_a_school(),
)

# Where a message that says that an answer waits is on its way to. Its id is the recipient of a delivery.
vault_chat = Table(
    "vault_chat",
    METADATA,
    school_column(),
    column("id", String(40), "none", CHAT_END, primary_key=True),
    column("sealed", LargeBinary, "a platform's address of a reporter, sealed", CHAT_END),
    of_a_school(),
)

vault_wrap = Table(
    "vault_wrap",
    METADATA,
    school_column(),
    column("concern_id", Uuid, "none", CONCERN_END, primary_key=True),
    column("key_id", Uuid, "none", CONCERN_END, primary_key=True),
    column("person", String(60), "who may read a report", CONCERN_END),
    column("wrapped", LargeBinary, "the report's key, sealed to a recipient", CONCERN_END),
    # Held back until nobody before them on the ladder has opened the report in time.
    column("reserve", Boolean, "none", CONCERN_END, server_default=sql("false")),
    column("rung", Integer, "none", CONCERN_END, server_default=sql("0")),
    Index(None, "school_id", "person"),
    belongs_to("vault_concern", "concern_id"),
    belongs_to("vault_key", "key_id"),
    of_a_school(),
)

vault_reading = Table(
    "vault_reading",
    METADATA,
    school_column(),
    column("id", Uuid, "none", CONCERN_END, primary_key=True),
    column("concern_id", Uuid, "none", CONCERN_END),
    column("person", String(60), "who read a report", CONCERN_END),
    column("at", UtcDateTime, "when a recipient acted", CONCERN_END),
    Index(None, "school_id", "concern_id"),
    belongs_to("vault_concern", "concern_id"),
    of_a_school(),
)
