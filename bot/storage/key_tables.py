"""How a recipient comes to a pair of keys, and what hangs on it: second factors and printed recovery keys."""

from sqlalchemy import Integer, LargeBinary, String, Table, Uuid

from bot.storage.columns import METADATA, UtcDateTime, belongs_to, column, of_a_school, school_column
from bot.storage.tables import ENROLMENT_END

SECOND_END = "with its pair of keys, or when it is reset"
RECOVERY_END = "with its pair of keys, or when it is used or another is printed"

vault_enrolment = Table(
    "vault_enrolment",
    METADATA,
    school_column(),
    column("code_hash", LargeBinary, "none", ENROLMENT_END, primary_key=True),
    column("person", String(60), "a member of staff or governor, by an id of ours", ENROLMENT_END),
    column("expires", UtcDateTime, "none", ENROLMENT_END),
    column("used", UtcDateTime, "none", ENROLMENT_END, nullable=True),
    of_a_school(),
)

vault_second = Table(
    "vault_second",
    METADATA,
    school_column(),
    column("person", String(60), "a member of staff or governor, by an id of ours", SECOND_END, primary_key=True),
    column("key_id", Uuid, "none", SECOND_END),
    # What the log calls it.
    column("mark", String(20), "none", SECOND_END),
    column("sealed", LargeBinary, "the secret of an authenticator, under its owner's private key", SECOND_END),
    # The last half minute since 1970 whose code was taken.
    column("last_step", Integer, "when a recipient signed in", SECOND_END),
    column("made", UtcDateTime, "when a recipient acted", SECOND_END),
    belongs_to("vault_key", "key_id"),
    of_a_school(),
)

vault_recovery = Table(
    "vault_recovery",
    METADATA,
    school_column(),
    column("key_id", Uuid, "none", RECOVERY_END, primary_key=True),
    column("person", String(60), "a member of staff or governor, by an id of ours", RECOVERY_END),
    # Printed on the sheet, and what the log calls it.
    column("mark", String(20), "none", RECOVERY_END),
    column("salt", LargeBinary, "none", RECOVERY_END),
    column("wrapped", LargeBinary, "a private key under its owner's recovery key", RECOVERY_END),
    column("made", UtcDateTime, "when a recipient acted", RECOVERY_END),
    belongs_to("vault_key", "key_id"),
    of_a_school(),
)
