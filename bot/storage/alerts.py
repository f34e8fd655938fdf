"""Alerts of one import: known again by their marks, and up the ladder together."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, or_

from bot.storage.scoped import Scoped
from bot.storage.tables import vault_concern, vault_school
from safeguarding import State


def known_alerts(scoped: Scoped, marks: Sequence[str]) -> tuple[str, ...]:
    """See ConcernStore. Whoever asks holds the school's row: of two imports at once the second sees the first."""
    scoped.run(scoped.update(vault_school).values(log_number=vault_school.c.log_number))
    here = scoped.select(vault_concern, vault_concern.c.alert_mark)
    return tuple(row.alert_mark for row in scoped.all(here.where(vault_concern.c.alert_mark.in_(list(marks)))))


def one_for_all(scoped: Scoped, *due: ColumnElement[bool]) -> ColumnElement[bool]:
    """Of those that are due: every report, and of the alerts of an import one that is urgent and one that is not."""
    alerts = scoped.select(vault_concern, func.min(vault_concern.c.reference)).where(*due)
    chosen = alerts.where(vault_concern.c.batch.is_not(None)).group_by(vault_concern.c.batch, vault_concern.c.urgent)
    return or_(vault_concern.c.batch.is_(None), vault_concern.c.reference.in_(chosen))


def with_its_import(row: Row[Any] | None, concern_id: UUID) -> ColumnElement[bool]:
    """A concern; of an alert, all of its import that nobody has opened and that are as urgent."""
    alone: ColumnElement[bool] = vault_concern.c.id == concern_id
    if row is None or row.batch is None:
        return alone
    alike = (vault_concern.c.batch == row.batch, vault_concern.c.urgent.is_(row.urgent))
    return or_(alone, and_(*alike, vault_concern.c.state == State.NEW.value))
