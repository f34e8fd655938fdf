"""Who has no safeguarding role any more holds no key any more; but the last key to a report is never destroyed."""

from datetime import datetime, timedelta

from safeguarding.concerns import Concern, ConcernStore
from safeguarding.keyring import KeyStore, LeftBehind
from safeguarding.logbook import LOLLIPOP, Act
from safeguarding.watching import tell
from school.notices import Doubt, Lane, Notice, Outbox, To
from school.people import ANSWERING_ROLES, SAFEGUARDING_ROLES, Person, Role
from school.school import School

# A report may be on its way to an older pair at this moment.
SETTLED = timedelta(hours=1)


def take_keys_from_leavers(
    *, school: School, concerns: ConcernStore, keyring: KeyStore, outbox: Outbox, now: datetime, limit: int
) -> int:
    """Destroy so many wrapped keys of people who left, at most; how many. The caller commits.

    Where nobody who may read now and answers for reports would be left, the next on the report's ladder is let in
    first, and told.
    """
    staying = _staying(school)
    left = keyring.left_behind([*staying], limit=limit)
    for each in left:
        _take(each, staying=staying, concerns=concerns, keyring=keyring, outbox=outbox, now=now)
    return len(left)


def _take(
    left: LeftBehind,
    *,
    staying: dict[str, Person],
    concerns: ConcernStore,
    keyring: KeyStore,
    outbox: Outbox,
    now: datetime,
) -> None:
    holding = keyring.holding(left.concern_id)
    keyring.destroy_wraps(left)
    if holding is None:
        return  # a draft: nobody can read it, and its sender decides
    concerns.log.write(Act.KEY_LEFT, actor=LOLLIPOP, now=now, subject=holding.reference)
    concern = concerns.by_reference(holding.reference)
    if any(staying[each].holds(*ANSWERING_ROLES) for each in holding.readers & staying.keys()) or concern is None:
        return
    following = _next(concern, reserve=holding.reserve & staying.keys(), staying=staying)
    keyring.let_in(left.concern_id, [person.id for person in following])
    for person in following:
        concerns.log.write(Act.LET_IN, actor=person.id, now=now, subject=concern.reference)
    mark = f"left-{concerns.log.head().number}:"
    tell(following, reference=concern.reference, page="concern-given", mark=mark, outbox=outbox)


def _next(concern: Concern, *, reserve: frozenset[str], staying: dict[str, Person]) -> tuple[Person, ...]:
    """Of those in reserve, the lowest rung of the ladder."""
    rungs = ([each for each in rung if each in reserve] for rung in concern.ladder)
    return tuple(staying[each] for each in next((rung for rung in rungs if rung), []))


def warn_of_last_keys(
    *, school: School, concerns: ConcernStore, keyring: KeyStore, outbox: Outbox, now: datetime
) -> int:
    """Tell the chair of governors, once a week, of open reports whose last key is somebody's who left; how many.

    Nobody else is told, for whom a report is about is sealed, and it may be about any of them; the head only where
    there is no chair. The key is kept: it opens again for its owner as soon as the school file gives them a role. The
    caller commits.
    """
    last = {each.concern_id: each for each in keyring.last_ones([*_staying(school)])}
    if not last:
        return 0
    week = f"{school.calendar.today(now):%G-%V}"
    told = [
        outbox.leave(
            Notice(
                key=f"last-keys:{week}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page="key-last",
                values={"count": str(len(last))},
                lane=Lane.SAFEGUARDING,
                doubt=Doubt.REPEAT,
            )
        )
        for person in school.holders(Role.CHAIR_OF_GOVERNORS) or school.holders(Role.HEAD)
    ]
    if any(told):
        concerns.log.write(Act.LAST_KEY, actor=LOLLIPOP, now=now)
    return len(last)


def destroy_idle_pairs(
    *, school: School, concerns: ConcernStore, keyring: KeyStore, now: datetime, machine_now: datetime
) -> int:
    """Older pairs, and those of people who left, on which nothing hangs any more; how many. The caller commits.

    Pairs are dated by the machine's clock, the log by the school's.
    """
    staying = [*_staying(school)]
    if keyring.destroy_spare_copies(staying):
        concerns.log.write(Act.KEY_LEFT, actor=LOLLIPOP, now=now)
    gone = keyring.destroy_pairs(staying=staying, before=machine_now - SETTLED)
    for pair in gone:
        concerns.log.write(Act.KEY_DESTROYED, actor=LOLLIPOP, now=now, subject=pair.log_mark)
    return len(gone)


def _staying(school: School) -> dict[str, Person]:
    return {person.id: person for person in school.people if person.holds(*SAFEGUARDING_ROLES)}
