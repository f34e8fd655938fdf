"""Letters for every pupil of a long list: looked at as a whole first, then kept some at a time."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from parents.children import ChildStore, FamilyCode, Letter, PupilElsewhereError
from parents.pupil_lists import Wanted

# Letters in one transaction, at most: about 60 ms on SQLite, where a child's report waits for it.
AT_ONCE = 500
Fresh = Callable[[], tuple[str, UUID]]


def some_at_a_time(wanted: Sequence[Wanted], *, at_once: int = AT_ONCE) -> Iterator[Sequence[Wanted]]:
    """A list in pieces, each for one transaction: at most so many letters, or one pupil's."""
    some: list[Wanted] = []
    letters = 0
    for each in wanted:
        if some and letters + each.adults > at_once:
            yield some
            some, letters = [], 0
        some.append(each)
        letters += each.adults
    if some:
        yield some


def none_elsewhere(wanted: Sequence[Wanted], *, children: ChildStore) -> None:
    """Before anything of a list is kept: nobody in it stands in another class. Raises PupilElsewhereError."""
    for some in some_at_a_time(wanted):
        _had(some, children=children, move=False)


def hand_out(
    wanted: Sequence[Wanted], *, fresh: Fresh, children: ChildStore, now: datetime, move: bool = False
) -> tuple[Letter, ...]:
    """As `give_out`, in few statements, for one piece of `some_at_a_time`; `fresh` gives a new code and a new id.

    Raises PupilElsewhereError, before anything is kept. The caller commits.
    """
    had = _had(wanted, children=children, move=move)
    made: list[tuple[FamilyCode, str]] = []
    for each in wanted:
        theirs = had.get(each.pupil, [])
        if any(one.class_id != each.class_id for one in theirs):
            children.move(each.pupil, class_id=each.class_id)
        has = {one.adult for one in theirs}
        made += (_code(each, adult, fresh, now) for adult in range(1, each.adults + 1) if adult not in has)
    return _kept(made, fresh=fresh, children=children, now=now)


def _had(wanted: Sequence[Wanted], *, children: ChildStore, move: bool) -> dict[str, list[FamilyCode]]:
    """What was made for these pupils before."""
    classes = {each.pupil: each.class_id for each in wanted}
    had: dict[str, list[FamilyCode]] = {}
    for known in children.of_pupils(list(classes)):
        if known.class_id != classes[known.pupil] and not move:
            raise PupilElsewhereError(pupil=known.pupil)
        had.setdefault(known.pupil, []).append(known)
    return had


def _code(wanted: Wanted, adult: int, fresh: Fresh, now: datetime) -> tuple[FamilyCode, str]:
    code, code_id = fresh()
    return FamilyCode(id=code_id, pupil=wanted.pupil, class_id=wanted.class_id, adult=adult, made=now), code


def _kept(
    made: list[tuple[FamilyCode, str]], *, fresh: Fresh, children: ChildStore, now: datetime
) -> tuple[Letter, ...]:
    """All of them, in their order. Of 100,000 letters it may be that two get the same code: then one gets another."""
    left = dict(enumerate(made))
    while left:
        kept = children.add_many(list(left.values()))
        left = {at: _anew(each, fresh, now) for at, (each, _) in left.items() if each.id not in kept}
        for at, again in left.items():
            made[at] = again
    return tuple(Letter(pupil=each.pupil, class_id=each.class_id, adult=each.adult, code=code) for each, code in made)


def _anew(each: FamilyCode, fresh: Fresh, now: datetime) -> tuple[FamilyCode, str]:
    return _code(Wanted(pupil=each.pupil, class_id=each.class_id, adults=1), each.adult, fresh, now)
