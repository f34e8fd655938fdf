"""Leases: what only one process may do at a time, such as asking Telegram for one bot's updates."""

from datetime import datetime, timedelta

from sqlalchemy import or_

from bot.storage.clockwork_tables import lease
from bot.storage.engine import Engines
from bot.storage.scoped import Scoped


class Leases:
    """Every method is a short transaction of its own. Times are the machine's clock's."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def hold(self, school: str, name: str, *, holder: str, machine_now: datetime, length: timedelta) -> bool:
        """Take it or keep it for so long; False while somebody else has it. A dead holder's lapses by itself."""
        until = machine_now + length
        with self._engines.writing() as connection:
            scoped = Scoped(connection, school)
            if not scoped.add_once(lease, {"name": name, "holder": holder, "until": until}):
                free = or_(lease.c.holder == holder, lease.c.until <= machine_now)
                taken = scoped.update(lease).where(lease.c.name == name, free)
                if scoped.first(taken.values(holder=holder, until=until).returning(lease.c.name)) is None:
                    return False
            connection.commit()
        return True

    def give_back(self, school: str, name: str, *, holder: str) -> None:
        """Let the next one have it at once."""
        with self._engines.writing() as connection:
            scoped = Scoped(connection, school)
            scoped.run(scoped.delete(lease).where(lease.c.name == name, lease.c.holder == holder))
            connection.commit()
