"""What is asked for is called: a check by its title, ours or a school's own, and anything else by its page's."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from pages import Shelf
from staff.checks import all_checks
from staff.duties import Duty, Sort
from staff.policy import PolicyFault
from staff.releases import ReleaseStore, releases_of
from staff.versions import PolicyStore, policy_of, read_policy


@dataclass(frozen=True, kw_only=True)
class Titles:
    """`checks` are titles of checks by their ids, those that a school has asked for earlier too."""

    checks: Mapping[str, str]
    shelf: Shelf

    def of(self, duty: Duty) -> str:
        """What a duty is called; its subject's id where nothing is called that any more."""
        if duty.sort is Sort.CHECK:
            return self.checks.get(duty.subject, duty.subject)
        return self.shelf.title(duty.subject)

    def by_id(self, subject: str) -> str | None:
        """What a check or a page is called; None for what is neither."""
        title = self.checks.get(subject) or self.shelf.title(subject)
        return title if title != subject else None


def titles_of(shelf: Shelf, *, policies: PolicyStore, releases: ReleaseStore) -> Titles:
    """What everything is called that a school asks its staff for, or has asked for: evidence speaks of the past."""
    checks = {check.id: check.title for check in (*all_checks(), *(each.check for each in releases_of(releases)))}
    for version in reversed(policies.every()):
        # What was read years ago need not be read any more: then its checks keep their ids.
        with suppress(PolicyFault):
            checks |= {check.id: check.title for check in read_policy(version.text).checks}
    checks |= {check.id: check.title for check in policy_of(policies).checks}
    return Titles(checks=checks, shelf=shelf)
