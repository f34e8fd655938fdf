"""A school's policy in its versions: only ever added to."""

from collections import defaultdict

from bot.storage.policy_tables import policy_version, policy_yes
from bot.storage.scoped import Scoped
from school.people import Role
from staff import Version, Yes


class SqlPolicies:
    """Implements PolicyStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped
        # A list asks for its policy line by line: read once in a transaction, and anew after a change.
        self._every: tuple[Version, ...] | None = None

    def add(self, version: Version) -> bool:
        """See PolicyStore."""
        values = {
            "number": version.number,
            "text": version.text,
            "loaded": version.loaded,
            "loaded_by": version.loaded_by,
        }
        self._every = None
        return self._scoped.add_once(policy_version, values)

    def newest(self) -> Version | None:
        """See PolicyStore."""
        return next(iter(self.every()), None)

    def every(self) -> tuple[Version, ...]:
        """See PolicyStore."""
        if self._every is None:
            self._every = self._read()
        return self._every

    def _read(self) -> tuple[Version, ...]:
        yeses: dict[int, list[Yes]] = defaultdict(list)
        for row in self._scoped.all(self._scoped.select(policy_yes).order_by(policy_yes.c.at, policy_yes.c.person)):
            offices = frozenset(Role(each) for each in row.offices.split(",") if each)
            yeses[row.number].append(Yes(number=row.number, person=row.person, offices=offices, at=row.at))
        versions = self._scoped.select(policy_version).order_by(policy_version.c.number.desc())
        return tuple(
            Version(
                number=row.number,
                text=row.text,
                loaded=row.loaded,
                loaded_by=row.loaded_by,
                yeses=tuple(yeses[row.number]),
            )
            for row in self._scoped.all(versions)
        )

    def agree(self, yes: Yes) -> bool:
        """See PolicyStore. SQLite has one writer; on PostgreSQL the version's row is locked."""
        self._scoped.first(
            self._scoped.select(policy_version, policy_version.c.number)
            .where(policy_version.c.number == yes.number)
            .with_for_update()
        )
        values = {
            "number": yes.number,
            "person": yes.person,
            "offices": ",".join(sorted(yes.offices)),
            "at": yes.at,
        }
        self._every = None
        return self._scoped.add_once(policy_yes, values)
