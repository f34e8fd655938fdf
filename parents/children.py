"""What concerns one child: a code for each adult, given out by the office under a code of its own for the pupil.

No child's name is known here. Nothing that an adult is told depends on any other adult of the same child.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from parents.families import ConsentEvent, Event, Family, FamilyState, FamilyStore
from parents.joining import followed
from school.evidence import Evidence, EvidenceBook
from school.school import School
from school.words import Refusal, Text

# The page that an adult is shown before the tap that uses a code.
CHILD_ASKED = "child-ask"
MOST_ADULTS = 9
# Letters of a code, without its hyphen.
CODE_LETTERS = 8


class CodeNotGoodError(Refusal):
    """A code that nobody can use: unknown, used or taken back. Which of them is nobody's business in a chat."""

    text = Text(
        "That code doesn't work. Please check it against your letter. If it still doesn't work, ask the school office "
        "for a new letter.",
    )


class PupilElsewhereError(Refusal):
    """A pupil's code that stands in another class."""

    text = Text("{pupil} is in another class already. Nothing was kept. If the pupil has moved, add --move.")


class NoSuchPupilError(Refusal):
    """No letter was ever made for that adult of that pupil."""

    text = Text(
        "No code was ever given out for {pupil}, adult {adult}. Look at the list: lollipop parents codes --list"
    )


@dataclass(frozen=True, kw_only=True)
class Child:
    """One child as the school's own code has it; no name."""

    pupil: str
    class_id: str


@dataclass(frozen=True, kw_only=True)
class FamilyCode:
    """One letter for one adult of one child. `adult` counts from 1; the code itself is not kept.

    `left`: the adult who used it has left since, and the binding with them.
    """

    id: UUID
    pupil: str
    class_id: str
    adult: int
    made: datetime
    used: datetime | None = None
    family: UUID | None = None
    withdrawn: datetime | None = None
    left: bool = False

    @property
    def binds(self) -> bool:
        """Whether an adult may act for the child by it."""
        return self.family is not None and self.withdrawn is None and not self.left

    @property
    def child(self) -> Child:
        """Whom it is about."""
        return Child(pupil=self.pupil, class_id=self.class_id)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A fresh code on its way to paper: shown once. `code` is eight letters without a hyphen."""

    pupil: str
    class_id: str
    adult: int
    code: str


class ChildStore(Protocol):
    """Codes of one school's families. Only a keyed hash of a code is kept."""

    def add(self, made: FamilyCode, *, code: str) -> bool:
        """Keep a new one; False where the same letters were given out before."""

    def add_many(self, made: Sequence[tuple[FamilyCode, str]]) -> frozenset[UUID]:
        """Keep new ones, each with its code and a fresh id; the ids of those whose letters were free."""

    def by_code(self, code: str) -> FamilyCode | None:
        """The one with these letters, whatever has become of it."""

    def of_pupil(self, pupil: str) -> tuple[FamilyCode, ...]:
        """All that were ever made for a pupil, by adult and then oldest first."""

    def of_pupils(self, pupils: Sequence[str]) -> tuple[FamilyCode, ...]:
        """The same for some hundred pupils in one statement, by pupil."""

    def listed(self, class_id: str = "") -> tuple[FamilyCode, ...]:
        """All of a class, or of the school: by pupil, adult and then oldest first."""

    def of_family(self, family_id: UUID) -> tuple[FamilyCode, ...]:
        """All that a chat ever used, oldest first."""

    def use(self, code_id: UUID, *, family_id: UUID, now: datetime) -> bool:
        """Bind it to a chat; False where it was used or taken back meanwhile."""

    def withdraw(self, pupil: str, *, adult: int, now: datetime) -> int:
        """Take back every one of an adult that still stands, used or not; how many."""

    def drop(self, pupil: str) -> int:
        """Forget all about a pupil; how many rows that were."""

    def move(self, pupil: str, *, class_id: str) -> int:
        """The pupil is in another class; how many rows that changed."""


def children_of(family: Family, *, children: ChildStore) -> tuple[Child, ...]:
    """The children that this chat may be asked about, and nobody else's; none once it has left."""
    if family.state is not FamilyState.ACTIVE:
        return ()
    return tuple(dict.fromkeys(each.child for each in children.of_family(family.id) if each.binds))


def give_out(
    pupils: Sequence[str],
    *,
    class_id: str,
    adults: int,
    codes: Sequence[str],
    ids: Sequence[UUID],
    children: ChildStore,
    now: datetime,
    move: bool = False,
) -> tuple[Letter, ...]:
    """A letter for each adult who never had one; `codes` and `ids` are fresh ones, one for each adult of each pupil.

    Whoever had a code taken back gets another by `give_again` alone: a list that is read in twice undoes no court
    order. Raises PupilElsewhereError, before anything is kept. The caller commits.
    """
    had = {pupil: children.of_pupil(pupil) for pupil in pupils}
    for pupil, known in had.items():
        if any(each.class_id != class_id for each in known):
            if not move:
                raise PupilElsewhereError(pupil=pupil)
            children.move(pupil, class_id=class_id)
    fresh = zip(codes, ids, strict=True)
    made = []
    for pupil in pupils:
        for adult in range(1, adults + 1):
            code, code_id = next(fresh)
            if all(each.adult != adult for each in had[pupil]):
                made.append(_give(pupil, class_id, adult, code=code, code_id=code_id, children=children, now=now))
    return tuple(made)


def give_again(pupil: str, *, adult: int, code: str, code_id: UUID, children: ChildStore, now: datetime) -> Letter:
    """A new letter for an adult; whatever they had before ends at once. Raises NoSuchPupilError. The caller commits."""
    class_id = _known(pupil, adult, children=children).class_id
    children.withdraw(pupil, adult=adult, now=now)
    return _give(pupil, class_id, adult, code=code, code_id=code_id, children=children, now=now)


def withdraw(pupil: str, *, adult: int, children: ChildStore, evidence: EvidenceBook, now: datetime) -> bool:
    """End what an adult has, used or not, in one step; False where nothing of theirs stood any more.

    Nobody is told: neither this adult nor another. Raises NoSuchPupilError. The caller commits.
    """
    _known(pupil, adult, children=children)
    if not children.withdraw(pupil, adult=adult, now=now):
        return False
    what = "The office took back a code of a family"
    evidence.write(Evidence(clause="C16", kind="family.code_withdrawn", when=now, what=what))
    return True


def code_for(code: str, *, children: ChildStore) -> FamilyCode:
    """One that can still be used; nothing is stored. Raises CodeNotGoodError."""
    found = children.by_code(code)
    if found is None or found.used or found.withdrawn:
        raise CodeNotGoodError
    return found


def redeem(
    code: str,
    *,
    school: School,
    families: FamilyStore,
    children: ChildStore,
    evidence: EvidenceBook,
    via: str,
    address: str,
    lang: str,
    wording: str,
    family_id: UUID,
    now: datetime,
) -> tuple[Child, bool]:
    """The tap that binds a chat to a child and subscribes it to the class. Gives the child and whether it is new.

    A second tap of the same chat changes nothing, and neither does a second letter for a child that it has: that one
    stays good. Raises CodeNotGoodError. The caller commits.
    """
    known, theirs = families.by_address(via=via, address=address), children.by_code(code)
    if known and theirs and theirs.family == known.id and theirs.binds:
        return theirs.child, False
    found = code_for(code, children=children)
    if known and found.child.pupil in {each.pupil for each in children_of(known, children=children)}:
        return found.child, False
    family = followed(
        found.class_id,
        school=school,
        families=families,
        via=via,
        address=address,
        lang=lang,
        family_id=family_id,
        now=now,
    )
    if family != known:
        families.save(family)
        families.note(_said(family, Event.JOINED, found.class_id, wording=wording, via=via, now=now))
    if not children.use(found.id, family_id=family.id, now=now):
        raise CodeNotGoodError
    families.note(_said(family, Event.CHILD, found.pupil, wording=wording, via=via, now=now))
    evidence.write(Evidence(clause="C16", kind="family.child", when=now, what="A family may be asked about one child"))
    return found.child, True


def _said(family: Family, event: Event, detail: str, *, wording: str, via: str, now: datetime) -> ConsentEvent:
    source = f"{via}:letter"
    return ConsentEvent(
        family=family.id, event=event, wording=wording, lang=family.lang, source=source, when=now, detail=detail
    )


def bound(codes: Collection[FamilyCode]) -> tuple[FamilyCode, ...]:
    """Those by which somebody may act for a child."""
    return tuple(each for each in codes if each.binds)


def _known(pupil: str, adult: int, *, children: ChildStore) -> FamilyCode:
    found = next((each for each in children.of_pupil(pupil) if each.adult == adult), None)
    if found is None:
        raise NoSuchPupilError(pupil=pupil, adult=adult)
    return found


def _give(
    pupil: str, class_id: str, adult: int, *, code: str, code_id: UUID, children: ChildStore, now: datetime
) -> Letter:
    made = FamilyCode(id=code_id, pupil=pupil, class_id=class_id, adult=adult, made=now)
    if not children.add(made, code=code):
        raise AssertionError(  # forty random bits
            "the same code came twice",
        )
    return Letter(pupil=pupil, class_id=class_id, adult=adult, code=code)
