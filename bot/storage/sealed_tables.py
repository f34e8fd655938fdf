"""The vault's tables of copies: each is sealed to one person, and says in the clear no more than a random mark."""

from sqlalchemy import Index, Integer, LargeBinary, String, Table, UniqueConstraint, Uuid

from bot.storage.columns import METADATA, UtcDateTime, belongs_to, column, of_a_school, school_column
from bot.storage.tables import CONCERN_END

LOWLEVEL_END = "row deleted when its reader ends it, as is usual when the adult leaves, or makes it an allegation"
REQUEST_END = "row deleted once it was seen, refused or taken back, or a day after it was made or agreed to"

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

# Of a draft there is one for each answer that may still be given; from then on `about` is empty, for it is sealed.
vault_identity = Table(
    "vault_identity",
    METADATA,
    school_column(),
    column("concern_id", Uuid, "none", CONCERN_END, primary_key=True),
    column("about", String(20), "none", CONCERN_END, primary_key=True),
    column("sealed", LargeBinary, "a platform's id and name of whoever reported, sealed to two people", CONCERN_END),
    belongs_to("vault_concern", "concern_id"),
    of_a_school(),
)

vault_identity_half = Table(
    "vault_identity_half",
    METADATA,
    school_column(),
    column("concern_id", Uuid, "none", CONCERN_END, primary_key=True),
    column("about", String(20), "none", CONCERN_END, primary_key=True),
    column("key_id", Uuid, "none", CONCERN_END, primary_key=True),
    column("person", String(60), "who could find out with another who reported", CONCERN_END),
    column("half", Integer, "none", CONCERN_END),
    column("sealed", LargeBinary, "half a key, sealed to its holder", CONCERN_END),
    belongs_to("vault_concern", "concern_id"),
    belongs_to("vault_key", "key_id"),
    of_a_school(),
)

vault_uncovering = Table(
    "vault_uncovering",
    METADATA,
    school_column(),
    column("concern_id", Uuid, "none", REQUEST_END, primary_key=True),
    column("asked_by", String(60), "which recipient asked who reported", REQUEST_END),
    column("asked", UtcDateTime, "when a recipient acted", REQUEST_END),
    column("half", Integer, "none", REQUEST_END),
    column("agreed_by", String(60), "which recipient agreed", REQUEST_END, nullable=True),
    column("agreed", UtcDateTime, "when a recipient acted", REQUEST_END, nullable=True),
    column("found", LargeBinary, "who reported, sealed to whoever asked", REQUEST_END, nullable=True),
    belongs_to("vault_concern", "concern_id"),
    of_a_school(),
)

vault_uncovering_copy = Table(
    "vault_uncovering_copy",
    METADATA,
    school_column(),
    column("concern_id", Uuid, "none", REQUEST_END, primary_key=True),
    column("key_id", Uuid, "none", REQUEST_END, primary_key=True),
    column("person", String(60), "who is asked to agree", REQUEST_END),
    column("sealed", LargeBinary, "half a key and why it is asked for, sealed to who may agree", REQUEST_END),
    Index(None, "school_id", "person"),
    belongs_to("vault_uncovering", "concern_id", key="concern_id"),
    belongs_to("vault_key", "key_id"),
    of_a_school(),
)
