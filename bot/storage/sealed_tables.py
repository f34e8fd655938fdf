"""The vault's tables of copies: each is sealed to one person, and says in the clear no more than a random mark."""

from sqlalchemy import Index, LargeBinary, String, Table, UniqueConstraint, Uuid

from bot.storage.columns import METADATA, UtcDateTime, belongs_to, column, of_a_school, school_column

LOWLEVEL_END = "row deleted when its reader ends it, as is usual when the adult leaves, or makes it an allegation"

# Whom it is about, who wrote it and what it says are in the copies alone.
vault_lowlevel = Table(
    "vault_lowlevel",
    METADATA,
    school_column(),
    column("id", Uuid, "none", LOWLEVEL_END, primary_key=True),
    column("reference", String(20), "a random mark of a low-level concern", LOWLEVEL_END),
    column("logged", UtcDateTime, "when a member of staff wrote", LOWLEVEL_END),
    column("opened", UtcDateTime, "when the head acted", LOWLEVEL_END, nullable=True),
    UniqueConstraint("school_id", "reference"),
    of_a_school(),
)

vault_lowlevel_copy = Table(
    "vault_lowlevel_copy",
    METADATA,
    school_column(),
    column("entry_id", Uuid, "none", LOWLEVEL_END, primary_key=True),
    column("key_id", Uuid, "none", LOWLEVEL_END, primary_key=True),
    column("person", String(60), "who may read a low-level concern", LOWLEVEL_END),
    column("sealed", LargeBinary, "a low-level concern about an adult, sealed to its reader", LOWLEVEL_END),
    Index(None, "school_id", "person"),
    belongs_to("vault_lowlevel", "entry_id"),
    belongs_to("vault_key", "key_id"),
    of_a_school(),
)
