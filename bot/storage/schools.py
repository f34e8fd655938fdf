"""The schools that were loaded. The one store above tenancy: it says which schools there are, and nothing of any."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update

from bot.storage.engine import Engines
from bot.storage.tables import school


@dataclass(frozen=True, kw_only=True)
class LoadedSchool:
    """A school file as it was loaded, to the letter. `text` names members of staff."""

    id: str
    text: str = field(repr=False)
    loaded: datetime


class SqlSchools:
    """Every method is a short transaction of its own."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def loaded(self) -> tuple[LoadedSchool, ...]:
        """Those with a file, by their ids."""
        kept = select(school).where(school.c.file.is_not(None)).order_by(school.c.id)
        with self._engines.reading() as connection:
            return tuple(
                LoadedSchool(id=row.id, text=row.file, loaded=row.loaded) for row in connection.execute(kept).all()
            )

    def known(self) -> frozenset[str]:
        """The ids of all that have ever been served, with a file in the database or without."""
        with self._engines.reading() as connection:
            return frozenset(connection.execute(select(school.c.id)).scalars())

    def keep(self, school_id: str, text: str, *, now: datetime) -> None:
        """The file of a school that was added (SqlUnits.add_school), in place of the one before."""
        with self._engines.writing() as connection:
            connection.execute(update(school).where(school.c.id == school_id).values(file=text, loaded=now))
            connection.commit()
