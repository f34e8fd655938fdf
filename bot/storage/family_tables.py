"""The table of chats that asked to be forgotten. It holds no address, only what knows one again."""

from sqlalchemy import String, Table

from bot.storage.columns import METADATA, UtcDateTime, column, of_a_school, school_column

FORGOTTEN_END = "row deleted when the same chat joins again"

# Under a key outside the database: whoever reads the table alone cannot try out addresses.
family_forgotten = Table(
    "family_forgotten",
    METADATA,
    school_column(),
    column(
        "mark", String(64), "a keyed hash of the address of a parent who was erased", FORGOTTEN_END, primary_key=True
    ),
    column("at", UtcDateTime, "when a family was erased", FORGOTTEN_END),
    of_a_school(),
)
