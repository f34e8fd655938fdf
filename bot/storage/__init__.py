"""The one database: tables, one store file a room, the ledger, the vault. SQLAlchemy lives here alone.

Front door: `open_engines`, `SqlSchools`, `SqlUnits`, `SqlVault`, `Ledger`, `Pacing`, and `migrate`.
"""

from bot.storage.engine import Engines, open_engines, server_time
from bot.storage.errors import (
    DatabaseLockedError,
    DatabaseUnreachableError,
    DiskFullError,
    HomeInUseError,
    HomeUnusableError,
    NotADatabaseError,
    SchemaTooNewError,
    SchemaTooOldError,
)
from bot.storage.held import Recovered
from bot.storage.ids import new_id
from bot.storage.keys import WrongPassphraseError
from bot.storage.kicks import Kicks, NoKicks
from bot.storage.leases import Leases
from bot.storage.ledger import Ledger
from bot.storage.outbox import Posting
from bot.storage.pacing import Pacing
from bot.storage.revision import check_schema, current, downgrade, newest, upgrade
from bot.storage.rows import Claim, DeliveryRow, End, Source, Written
from bot.storage.schools import LoadedSchool, SqlSchools
from bot.storage.slow import QUICK, Costs
from bot.storage.states import MOVED, PERHAPS_A_REPEAT, DeliveryState
from bot.storage.units import SqlUnits
from bot.storage.vault import SqlVault, new_code

__all__ = [
    "MOVED",
    "PERHAPS_A_REPEAT",
    "QUICK",
    "Claim",
    "Costs",
    "DatabaseLockedError",
    "DatabaseUnreachableError",
    "DeliveryRow",
    "DeliveryState",
    "DiskFullError",
    "End",
    "Engines",
    "HomeInUseError",
    "HomeUnusableError",
    "Kicks",
    "Leases",
    "Ledger",
    "LoadedSchool",
    "NoKicks",
    "NotADatabaseError",
    "Pacing",
    "Posting",
    "Recovered",
    "SchemaTooNewError",
    "SchemaTooOldError",
    "Source",
    "SqlSchools",
    "SqlUnits",
    "SqlVault",
    "Written",
    "WrongPassphraseError",
    "check_schema",
    "current",
    "downgrade",
    "new_code",
    "new_id",
    "newest",
    "open_engines",
    "server_time",
    "upgrade",
]
