"""The register of checked sites. What was taken off the list stays as a record, and is found by nobody here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Update

from bot.storage.scoped import Scoped
from bot.storage.staff_tables import checked_site as table
from school.people import YearGroup
from staff import OffBecause, Site


class SqlSites:
    """Implements SiteStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def add(self, site: Site) -> None:
        """See SiteStore."""
        youngest, oldest = site.years
        values = {
            "id": site.id,
            "address": site.address,
            "purpose": site.purpose,
            "year_from": youngest.number,
            "year_to": oldest.number,
            "lesson": site.lesson,
            "checked": site.checked,
            "checked_by": site.checked_by,
            "reminded": site.reminded,
            "silent_since": site.silent_since,
            "off": None,
            "off_by": "",
            "off_why": "",
        }
        self._scoped.add(table, values)

    def get(self, site_id: UUID) -> Site | None:
        """See SiteStore."""
        row = self._scoped.first(self._listed().where(table.c.id == site_id))
        return _site(row) if row else None

    def listed(self) -> tuple[Site, ...]:
        """See SiteStore."""
        return tuple(map(_site, self._scoped.all(self._listed())))

    def of_lesson(self, lesson: str) -> tuple[Site, ...]:
        """See SiteStore."""
        return tuple(map(_site, self._scoped.all(self._listed().where(table.c.lesson == lesson))))

    def check(self, site_id: UUID, *, by: str, now: datetime) -> bool:
        """See SiteStore."""
        checked = self._here(site_id).values(checked=now, checked_by=by, reminded=None, silent_since=None)
        return self._scoped.first(checked.returning(table.c.id)) is not None

    def take_off(self, site_id: UUID, *, why: OffBecause, by: str, now: datetime) -> bool:
        """See SiteStore."""
        off = self._here(site_id).values(off=now, off_by=by, off_why=why.value)
        return self._scoped.first(off.returning(table.c.id)) is not None

    def note_reminded(self, site_ids: Sequence[UUID], *, now: datetime) -> None:
        """See SiteStore."""
        self._scoped.run(self._scoped.update(table).where(table.c.id.in_(site_ids)).values(reminded=now))

    def note_silent(self, site_ids: Sequence[UUID], *, since: datetime | None) -> None:
        """See SiteStore."""
        self._scoped.run(self._scoped.update(table).where(table.c.id.in_(site_ids)).values(silent_since=since))

    def _listed(self) -> Select[Any]:
        return self._scoped.select(table).where(table.c.off.is_(None)).order_by(table.c.checked, table.c.id)

    def _here(self, site_id: UUID) -> Update:
        return self._scoped.update(table).where(table.c.id == site_id, table.c.off.is_(None))


def _site(row: Row[Any]) -> Site:
    return Site(
        id=row.id,
        address=row.address,
        purpose=row.purpose,
        years=(YearGroup(row.year_from), YearGroup(row.year_to)),
        lesson=row.lesson,
        checked=row.checked,
        checked_by=row.checked_by,
        reminded=row.reminded,
        silent_since=row.silent_since,
    )
