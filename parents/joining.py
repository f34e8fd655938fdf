"""Joining and leaving: an invitation, a language, one tap; and one word to stop."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from parents.families import ConsentEvent, Event, Family, FamilyState, FamilyStore, Frequency, Invitation
from school.events import SchoolEvent
from school.evidence import Evidence, EvidenceBook
from school.notices import Outbox, To
from school.people import LANGUAGES, SchoolClass
from school.school import School
from school.words import Refusal, Text

# The page that a family is shown before its tap, and the version that it then consents to.
ASKED = "join-ask"


class NotInvitedError(Refusal):
    """A code that this school never gave out."""

    text = Text(
        "We don't know that invitation. Please use the link or poster from the school, or ask the office for a new one."
    )


class RevokedInvitationError(Refusal):
    """An invitation that the school has taken back."""

    text = Text("That invitation has been replaced. Please ask the school office for the new link.")


class EventGoneError(Refusal):
    """An invitation to an event that the school file has no more, or that is off."""

    text = Text("That event is off or long over. To get the school's news, please ask the school office for a link.")


@dataclass(frozen=True, kw_only=True)
class Invited:
    """What an invitation is for; `class_name` is empty for the whole school. To an event: the event."""

    code: str
    class_name: str
    event: SchoolEvent | None = None


def invite(
    klass: SchoolClass | None, *, families: FamilyStore, code: str, now: datetime, event: SchoolEvent | None = None
) -> Invitation:
    """The class's invitation, or an event's: the one in force, or a new one with the code handed in.

    The caller commits.
    """
    class_id, event_id = klass.id if klass else "", event.id if event else ""
    existing = families.invitation_for(class_id, event_id=event_id)
    if existing:
        return existing
    fresh = Invitation(code=code, class_id=class_id, created=now, event_id=event_id)
    families.add_invitation(fresh)
    return fresh


def invite_anew(
    klass: SchoolClass | None, *, families: FamilyStore, code: str, now: datetime, event: SchoolEvent | None = None
) -> Invitation:
    """A new invitation with the code handed in; every older one of the same answers kindly. The caller commits."""
    families.revoke(klass.id if klass else "", now=now, event_id=event.id if event else "")
    return invite(klass, families=families, code=code, now=now, event=event)


def invitation(code: str, *, school: School, families: FamilyStore) -> Invited:
    """What a code invites to; nothing is stored. Raises NotInvitedError, RevokedInvitationError or EventGoneError."""
    found = families.invitation(code)
    if found is None:
        raise NotInvitedError
    if found.revoked:
        raise RevokedInvitationError
    klass = next((klass for klass in school.classes if klass.id == found.class_id), None)
    event = next((event for event in school.events if event.id == found.event_id), None)
    if found.event_id and (event is None or event.cancelled):
        raise EventGoneError
    return Invited(code=code, class_name=klass.name if klass else "", event=event)


def confirm(
    code: str,
    *,
    school: School,
    families: FamilyStore,
    evidence: EvidenceBook,
    via: str,
    address: str,
    lang: str,
    wording: str,
    family_id: UUID,
    now: datetime,
) -> tuple[Family, bool]:
    """The tap that subscribes. Gives the family and whether anything changed: two taps join once.

    Raises as `invitation`. The caller commits.
    """
    event = invitation(code, school=school, families=families).event
    found = families.invitation(code)
    class_id = found.class_id if found else ""
    known = families.by_address(via=via, address=address)
    family = followed(
        class_id,
        school=school,
        families=families,
        via=via,
        address=address,
        lang=lang,
        family_id=family_id,
        now=now,
        event=event,
    )
    if family == known:
        return family, False
    families.save(family)
    source = f"{via}:event:{event.id}:{code}" if event else f"{via}:{code}"
    before = known.classes if known else ()
    for detail in [each for each in family.classes if each not in before] if event else [class_id]:
        families.note(_joined(family, detail, wording=wording, source=source, now=now))
    if event and not family.classes:
        families.note(_joined(family, "", wording=wording, source=source, now=now))
        if family.years:
            codes = ",".join(year.code for year in family.years)
            families.note(replace(_event(family, Event.YEARS, source=source, now=now), detail=codes))
    evidence.write(Evidence(clause="C16", kind="family.joined", when=now, what="A family joined the school's news"))
    return family, True


def _joined(family: Family, class_id: str, *, wording: str, source: str, now: datetime) -> ConsentEvent:
    joined = _event(family, Event.JOINED, source=source, now=now)
    return replace(joined, wording=wording, detail=class_id)


def followed(
    class_id: str,
    *,
    school: School,
    families: FamilyStore,
    via: str,
    address: str,
    lang: str,
    family_id: UUID,
    now: datetime,
    event: SchoolEvent | None = None,
) -> Family:
    """The family as it is after a tap that says yes to the news of a class, or to an event's classes or years.

    The caller keeps it. An event's years are for who follows nothing yet: they take nothing from anybody.

    A chat that was forgotten joins as anybody does: this tap is a consent of its own.
    """
    speaks = lang if lang in {language.code for language in school.languages} else "en"
    known = families.by_address(via=via, address=address)
    families.remember(via=via, address=address)
    classes = known.classes if known and known.state is FamilyState.ACTIVE else ()
    added = event.classes if event else ((class_id,) if class_id else ())
    wanted = tuple(dict.fromkeys((*classes, *added)))
    fresh_years = event.years if event and (known is None or known.state is not FamilyState.ACTIVE) else ()
    return Family(
        id=known.id if known else family_id,
        via=via,
        address=address,
        lang=speaks,
        classes=wanted,
        state=FamilyState.ACTIVE,
        joined=known.joined if known else now,
        years=() if wanted else fresh_years or (known.years if known else ()),
        frequency=known.frequency if known else Frequency.EVERYTHING,
    )


def choose_language(family: Family, *, lang: str, families: FamilyStore, now: datetime) -> Family:
    """Write to them in this language from now on. The caller commits."""
    if lang not in LANGUAGES or lang == family.lang:
        return family
    changed = replace(family, lang=lang)
    families.save(changed)
    families.note(_event(changed, Event.LANGUAGE, source=family.via, now=now))
    return changed


def leave(family: Family, *, families: FamilyStore, outbox: Outbox, now: datetime, source: str) -> bool:
    """Stop at once, with all that is waiting for them; False where they had already. The caller commits."""
    return _end(family, FamilyState.STOPPED, Event.LEFT, families=families, outbox=outbox, now=now, source=source)


def unreachable(family: Family, *, families: FamilyStore, outbox: Outbox, now: datetime, source: str) -> bool:
    """They blocked the bot or their account is gone: write no more until they come back. The caller commits."""
    return _end(
        family,
        FamilyState.UNREACHABLE,
        Event.UNREACHABLE,
        families=families,
        outbox=outbox,
        now=now,
        source=source,
    )


def _end(
    family: Family,
    state: FamilyState,
    event: Event,
    *,
    families: FamilyStore,
    outbox: Outbox,
    now: datetime,
    source: str,
) -> bool:
    if family.state is not FamilyState.ACTIVE:
        return False
    # What was chosen ends with it: whoever joins again is asked about everything, and says yes to that.
    families.save(replace(family, state=state, classes=(), years=(), frequency=Frequency.EVERYTHING))
    families.note(_event(family, event, source=source, now=now))
    outbox.withdraw(to=To.FAMILY, recipient=str(family.id))
    return True


def _event(family: Family, event: Event, *, source: str, now: datetime) -> ConsentEvent:
    return ConsentEvent(family=family.id, event=event, wording="", lang=family.lang, source=source, when=now)
