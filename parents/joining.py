"""Joining and leaving: an invitation, a language, one tap; and one word to stop."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from parents.families import ConsentEvent, Event, Family, FamilyState, FamilyStore, Frequency, Invitation
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


@dataclass(frozen=True, kw_only=True)
class Invited:
    """What an invitation is for; `class_name` is empty for the whole school."""

    code: str
    class_name: str


def invite(klass: SchoolClass | None, *, families: FamilyStore, code: str, now: datetime) -> Invitation:
    """The class's invitation: the one in force, or a new one with the code handed in. The caller commits."""
    class_id = klass.id if klass else ""
    existing = families.invitation_for(class_id)
    if existing:
        return existing
    fresh = Invitation(code=code, class_id=class_id, created=now)
    families.add_invitation(fresh)
    return fresh


def invite_anew(klass: SchoolClass | None, *, families: FamilyStore, code: str, now: datetime) -> Invitation:
    """A new invitation with the code handed in; every older one of the class answers kindly. The caller commits."""
    families.revoke(klass.id if klass else "", now=now)
    return invite(klass, families=families, code=code, now=now)


def invitation(code: str, *, school: School, families: FamilyStore) -> Invited:
    """What a code invites to; nothing is stored. Raises NotInvitedError or RevokedInvitationError."""
    found = families.invitation(code)
    if found is None:
        raise NotInvitedError
    if found.revoked:
        raise RevokedInvitationError
    klass = next((klass for klass in school.classes if klass.id == found.class_id), None)
    return Invited(code=code, class_name=klass.name if klass else "")


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
    invitation(code, school=school, families=families)
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
    )
    if family == known:
        return family, False
    families.save(family)
    families.note(
        ConsentEvent(
            family=family.id,
            event=Event.JOINED,
            wording=wording,
            lang=family.lang,
            source=f"{via}:{code}",
            when=now,
            detail=class_id,
        ),
    )
    evidence.write(Evidence(clause="C16", kind="family.joined", when=now, what="A family joined the school's news"))
    return family, True


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
) -> Family:
    """The family as it is after a tap that says yes to the news of a class; the caller keeps it.

    A chat that was forgotten joins as anybody does: this tap is a consent of its own.
    """
    speaks = lang if lang in {language.code for language in school.languages} else "en"
    known = families.by_address(via=via, address=address)
    families.remember(via=via, address=address)
    classes = known.classes if known and known.state is FamilyState.ACTIVE else ()
    wanted = tuple(dict.fromkeys((*classes, *([class_id] if class_id else []))))
    return Family(
        id=known.id if known else family_id,
        via=via,
        address=address,
        lang=speaks,
        classes=wanted,
        state=FamilyState.ACTIVE,
        joined=known.joined if known else now,
        years=known.years if known and not wanted else (),
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
