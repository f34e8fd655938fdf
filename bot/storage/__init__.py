"""The one database: tables, one store file a room, the ledger, the vault. SQLAlchemy lives here alone.

Front door: `open_engines`, `SqlUnits`, `SqlVault`, `Ledger`, `Pacing`, and `migrate`.
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
from bot.storage.ids import new_id
from bot.storage.keys import QUICK, Costs, WrongPassphraseError
from bot.storage.ledger import DeliveryRow, Ledger, Recovered
from bot.storage.outbox import Posting
from bot.storage.pacing import Pacing
from bot.storage.revision import check_schema, current, downgrade, upgrade
from bot.storage.states import DeliveryState
from bot.storage.units import SqlUnits
from bot.storage.vault import SqlVault, new_code

__all__ = [
    "QUICK",
    "Costs",
    "DatabaseLockedError",
    "DatabaseUnreachableError",
    "DeliveryRow",
    "DeliveryState",
    "DiskFullError",
    "Engines",
    "HomeInUseError",
    "HomeUnusableError",
    "Ledger",
    "NotADatabaseError",
    "Pacing",
    "Posting",
    "Recovered",
    "SchemaTooNewError",
    "SchemaTooOldError",
    "SqlUnits",
    "SqlVault",
    "WrongPassphraseError",
    "check_schema",
    "current",
    "downgrade",
    "new_code",
    "new_id",
    "open_engines",
    "server_time",
    "upgrade",
]
