"""Which engine carries kicks: this process alone, or Procrastinate between several on one PostgreSQL."""

import importlib
import importlib.util
from dataclasses import dataclass

from bot.delivery import Engine, InProcess
from bot.settings import Settings
from bot.storage import Kicks

DISTRIBUTED = "bot.delivery.distributed"


@dataclass(frozen=True, kw_only=True)
class Carried:
    """`kicks` is told in each transaction; `engine` is None where the process's own one is all there is."""

    here: InProcess
    kicks: Kicks
    engine: Engine | None = None


def can_distribute(settings: Settings) -> bool:
    """PostgreSQL, and the extra is installed."""
    return not settings.database_url.startswith("sqlite") and importlib.util.find_spec("procrastinate") is not None


def address_of(settings: Settings) -> str:
    """The database's address as its driver alone reads it."""
    return settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)


def carried_by(settings: Settings) -> Carried:
    """The engine that these settings allow. The extra is named, not imported: most schools do without it."""
    here = InProcess()
    if not can_distribute(settings):
        return Carried(here=here, kicks=here)
    module = importlib.import_module(DISTRIBUTED)
    address = address_of(settings)
    return Carried(here=here, kicks=module.DistributedKicks(address), engine=module.Distributed(address))


def prepare(settings: Settings) -> bool:
    """Make the engine's own tables where it needs some; whether it did. After `lollipop db upgrade`."""
    if not can_distribute(settings):
        return False
    return bool(importlib.import_module(DISTRIBUTED).prepare(address_of(settings)))
