"""A letter is taken back: what one adult had by it ends in one step, the news of the class included."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from parents.agreements import AnswerStore
from parents.children import ChildStore, FamilyCode, withdraw
from parents.families import SCHOOL_ALONE, ConsentEvent, Event, Family, FamilyState, FamilyStore
from parents.rsvp import EventStore
from school.evidence import EvidenceBook

# Who ended it, in the consent log; whoever joined by a letter did so by a source that ends like this.
OFFICE = "office:letter"
LETTER = ":letter"


def take_back(
    pupil: str,
    *,
    adult: int,
    families: FamilyStore,
    children: ChildStore,
    events: EventStore,
    evidence: EvidenceBook,
    now: datetime,
) -> bool:
    """End what an adult has for one child, used or not; False where nothing of theirs stood any more.

    A class that their chat follows only because of the letter goes with it; a class that they joined by its own link
    stays, and so does the news of the whole school: anybody may have those. What they replied to events for the child
    is forgotten, and their place is free for the next. Nobody is told. Raises NoSuchPupilError.
    The caller commits.
    """
    ended = withdraw(pupil, adult=adult, children=children, evidence=evidence, now=now)
    # The chat of an earlier letter as well: one that was made anew may have left it the class.
    chats = {each.family for each in children.of_pupil(pupil) if each.adult == adult and each.family}
    for family in families.get_many(chats).values():
        if not any(each.binds and each.pupil == pupil for each in children.of_family(family.id)):
            ended |= _drop_replies(pupil, [family.id], events=events)
        ended |= _end_class_news(family, families=families, children=children, now=now)
    return ended


def forget_pupil(pupil: str, *, children: ChildStore, answers: AnswerStore, events: EventStore) -> int:
    """The pupil has left the school: nothing is kept of letters, answers and replies; how many letters there were.

    The caller commits.
    """
    chats = {each.family for each in children.of_pupil(pupil) if each.family}
    _drop_replies(pupil, chats, events=events)
    answers.drop(pupil)
    return children.drop(pupil)


def _drop_replies(pupil: str, chats: Collection[UUID], *, events: EventStore) -> bool:
    """At once, whatever the event; whoever waits gets the place at the next round. Whether there were any."""
    theirs = [each for chat in chats for each in events.replies_of(chat) if each.pupil == pupil]
    for each in theirs:
        events.drop(each)
    return bool(theirs)


def _end_class_news(family: Family, *, families: FamilyStore, children: ChildStore, now: datetime) -> bool:
    """Of the classes that they follow by letters, those go that no letter of theirs stands for any more; if any did."""
    if family.state is not FamilyState.ACTIVE:
        return False
    log = families.events(family.id)
    standing = [each for each in children.of_family(family.id) if each.binds]
    stays = set(_stand_for(standing, log))
    gone = [each for each in family.classes if each in _by_letter(log) and each not in stays]
    if not gone:
        return False
    rest = tuple(each for each in family.classes if each not in gone)
    families.save(replace(family, classes=rest or (SCHOOL_ALONE,)))
    for class_id in gone:
        families.note(
            ConsentEvent(
                family=family.id,
                event=Event.CLASS_LEFT,
                wording="",
                lang=family.lang,
                source=OFFICE,
                when=now,
                detail=class_id,
            )
        )
    return True


def _by_letter(log: Sequence[ConsentEvent]) -> frozenset[str]:
    """The ids of classes whose newest joining was the tap under a letter. `log` is oldest first."""
    newest = {each.detail: each.source for each in log if each.event is Event.JOINED}
    return frozenset(class_id for class_id, source in newest.items() if source.endswith(LETTER))


def _stand_for(codes: Collection[FamilyCode], log: Sequence[ConsentEvent]) -> Iterator[str]:
    """The classes of these letters' children: the one they are in now, and the one that was joined with the letter."""
    yield from (each.class_id for each in codes)
    taps = {each.when for each in log if each.event is Event.CHILD and each.detail in {code.pupil for code in codes}}
    yield from (each.detail for each in log if each.event is Event.JOINED and each.when in taps)
