"""Drafts with a sign of danger in them: handed over by themselves after a silence, and kept back by a no.

Why a no holds, and what the lead is told then: docs/decisions/0028.
"""

from datetime import datetime

from safeguarding.chats import answer_here, say_in
from safeguarding.concerns import Concern, ConcernStore, Drafts
from safeguarding.intake import NobodyForThisAnswerError, pass_on
from safeguarding.logbook import SENDER, Act
from safeguarding.routing import About
from school.calendar import BeyondTheCalendarError
from school.evidence import EvidenceBook
from school.notices import Chat, Chats, Doubt, Lane, Notice, Outbox, To
from school.people import Role
from school.school import School

# Nobody was asked whom it is about: as for a sender who was and isn't sure. And where nobody of these has a key, to the
# lead after all, for somebody must read it.
GOES_TO = (About.NOT_SURE, About.PUPIL)


def let_go(
    sent_from: str,
    *,
    school: School,
    concerns: ConcernStore,
    drafts: Drafts,
    chats: Chats,
    outbox: Outbox,
    evidence: EvidenceBook,
    now: datetime,
) -> int:
    """Hand over what a sender's silence lets go, and tell them so; how many drafts that was. The caller commits.

    They are told in their chat when an answer comes, too: nobody could ask them whether they want that.
    """
    going = [each for each in drafts.of(sent_from) if each.goes_at is not None]
    if not any(each.goes_at <= now for each in going if each.goes_at):
        return 0
    chat = next((found for each in going if (found := drafts.chat(each.id))), None)
    handed = 0
    for each in going:
        draft = concerns.by_reference(each.reference)
        if draft is None or not _handed_over(
            draft, chat=chat, school=school, concerns=concerns, outbox=outbox, evidence=evidence, now=now
        ):
            continue
        handed += 1
        if chat:
            answer_here(draft, chat=chat, concerns=concerns, chats=chats, now=now)
    if chat and handed:
        say_in(chat, page="draft-went", chats=chats, outbox=outbox)
    return handed


def _handed_over(
    draft: Concern,
    *,
    chat: Chat | None,
    school: School,
    concerns: ConcernStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    now: datetime,
) -> bool:
    for about in GOES_TO:
        try:
            return pass_on(
                draft,
                about=about,
                school=school,
                concerns=concerns,
                outbox=outbox,
                evidence=evidence,
                via=chat.via if chat else "chat",
                now=now,
                by_itself=True,
            )
        except NobodyForThisAnswerError:
            continue
    return False


def keep_back(
    sent_from: str, *, school: School, concerns: ConcernStore, drafts: Drafts, outbox: Outbox, now: datetime
) -> bool:
    """The sender says no: it stays locked, and is destroyed when its day is over. False where nothing was to go.

    The lead hears that somebody wrote and took it back: no words, no name, no reference. The caller commits.
    """
    going = [each for each in drafts.of(sent_from) if each.goes_at is not None]
    for each in going:
        drafts.keep_back(each.id)
        concerns.log.write(Act.KEPT_BACK, actor=SENDER, now=now, subject=each.reference)
    if going:
        _tell_the_lead(going[0].reference, school=school, outbox=outbox, now=now)
    return bool(going)


def _tell_the_lead(reference: str, *, school: School, outbox: Outbox, now: datetime) -> None:
    """When there is staff in school: at night there is nothing that anybody could do with it."""
    try:
        due = school.calendar.next_staffed(now)
    except BeyondTheCalendarError:
        due = now
    leads = school.holders(Role.DSL) + school.holders(Role.DEPUTY_DSL) or school.holders(Role.HEAD)
    for person in {each.id: each for each in leads}.values():
        outbox.leave(
            Notice(
                key=f"kept-back:{reference}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page="draft-kept-back",
                lane=Lane.SAFEGUARDING,
                doubt=Doubt.REPEAT,
                due=due,
            ),
        )
