"""Alerts: each is known again by its mark."""

from collections.abc import Sequence

from bot.storage.scoped import Scoped
from bot.storage.tables import vault_concern, vault_school


def known_alerts(scoped: Scoped, marks: Sequence[str]) -> tuple[str, ...]:
    """See ConcernStore. Whoever asks holds the school's row: of two imports at once the second sees the first."""
    scoped.run(scoped.update(vault_school).values(log_number=vault_school.c.log_number))
    here = scoped.select(vault_concern, vault_concern.c.alert_mark)
    return tuple(row.alert_mark for row in scoped.all(here.where(vault_concern.c.alert_mark.in_(list(marks)))))
