"""Mailings: one page for many families, laid down in chunks under a frozen header."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from parents.families import Family, FamilyStore
from school.notices import Mailing, Mailings, MailingState

# A chunk is one write transaction; on SQLite none may hold up a child's report for a tenth of a second.
CHUNK = 200


@dataclass(frozen=True, kw_only=True)
class Laid:
    """What one chunk did. `done`: there is nothing left to do just now. `whole`: this chunk was the last."""

    added: int = 0
    done: bool = True
    whole: int | None = None


def lay_next(
    mailing: Mailing,
    *,
    meant: Callable[[Family], bool],
    had: Callable[[Sequence[str]], Collection[str]] = lambda _who: (),
    families: FamilyStore,
    mailings: Mailings,
    now: datetime,
    chunk: int = CHUNK,
) -> Laid:
    """Open the mailing's header; once it is due, freeze its audience and lay down the next chunk. The caller commits.

    Until then only the header is there, so that families who join before the day are in, and those who leave are out.
    `had` says which of a chunk's ids have had it already, in another version.
    """
    header = mailings.open(mailing, now=now)
    if header.laid or header.state is MailingState.CANCELLED or now < mailing.due:
        return Laid()
    if header.frozen is None:
        until = min(now, mailing.joined_by) if mailing.joined_by else now
        header = mailings.freeze(mailing, expected=families.audience_size(until=until), now=until)
    until = header.frozen or now
    found = families.audience(after=header.upto, until=until, limit=chunk)
    without = had([str(family.id) for family in found])
    wanted = [(family.id, family.via) for family in found if str(family.id) not in without and meant(family)]
    done = len(found) < chunk
    upto = found[-1].id if found else header.upto
    mailings.lay(mailing, wanted, excluded=len(found) - len(wanted), after=header.upto, upto=upto, done=done)
    return Laid(added=len(wanted), done=done, whole=header.candidates + len(wanted) if done else None)
