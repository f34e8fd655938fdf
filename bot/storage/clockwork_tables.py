"""The tables by which the machine keeps time: paces, schedules and who does what only one process may do."""

from sqlalchemy import Float, String, Table

from bot.storage.columns import METADATA, UtcDateTime, column, of_a_school, school_column
from bot.storage.tables import KEPT, PACING_END, WITH_ROW

pacing = Table(
    "pacing",
    METADATA,
    school_column(),
    column("key", String(200), "may hold a platform's address", PACING_END, primary_key=True),
    # Seconds since 1970 by the machine's clock: what GCRA calls the theoretical arrival time.
    column("tat", Float(53), "none", WITH_ROW),
    column("blocked_until", Float(53), "none", WITH_ROW, nullable=True),
    of_a_school(),
)

schedule = Table(
    "schedule",
    METADATA,
    school_column(),
    column("id", String(60), "none", KEPT, primary_key=True),
    column("next_run", UtcDateTime, "none", KEPT),
    of_a_school(),
)

# Who does what only one process may do, such as asking Telegram for updates; by the machine's clock.
lease = Table(
    "lease",
    METADATA,
    school_column(),
    column("name", String(60), "none", KEPT, primary_key=True),
    column("holder", String(60), "none", KEPT),
    column("until", UtcDateTime, "none", KEPT),
    of_a_school(),
)
