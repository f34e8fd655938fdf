"""A family's rights over what is kept about it: a copy of all of it, and an end to all of it."""

from dataclasses import dataclass
from datetime import datetime

from parents.agreements import AdultAnswer, AnswerStore
from parents.children import ChildStore, FamilyCode
from parents.families import ConsentEvent, Family, FamilyStore, Sent
from parents.rsvp import EventStore, Reply
from school.evidence import Evidence, EvidenceBook
from school.notices import Outbox, To


@dataclass(frozen=True, kw_only=True)
class Kept:
    """All that is kept about one family outside reports of worries, which are the safeguarding team's to give."""

    family: Family
    events: tuple[ConsentEvent, ...]
    sent: tuple[Sent, ...]
    codes: tuple[FamilyCode, ...] = ()
    answers: tuple[AdultAnswer, ...] = ()
    replies: tuple[Reply, ...] = ()

    def plain(self) -> dict[str, object]:
        """The same in words and numbers, for a file."""
        family = self.family
        return {
            "id": str(family.id),
            "via": family.via,
            "address": family.address,
            "lang": family.lang,
            "classes": list(family.classes),
            "years": [year.code for year in family.years],
            "frequency": family.frequency.value,
            "state": family.state.value,
            "joined": family.joined.isoformat(),
            "events": [_event(event) for event in self.events],
            "sent": [_sent(sent) for sent in self.sent],
            "children": [_code(code) for code in self.codes],
            "answers": [_answer(answer) for answer in self.answers],
            "event_replies": [_reply(reply) for reply in self.replies],
        }


def kept_about(
    family: Family, *, families: FamilyStore, children: ChildStore, answers: AnswerStore, events: EventStore
) -> Kept:
    """All of it."""
    return Kept(
        family=family,
        events=families.events(family.id),
        sent=families.sent(family.id),
        codes=children.of_family(family.id),
        answers=answers.of_family(family.id),
        replies=events.replies_of(family.id),
    )


def erase(
    family: Family, *, families: FamilyStore, outbox: Outbox, evidence: EvidenceBook, now: datetime
) -> tuple[bool, int]:
    """End all of it, and take back what was waiting: whether there was anything, and how many messages.

    A keyed hash stays, so that nothing but a new tap of theirs brings the chat back. The caller commits.
    """
    withdrawn = outbox.withdraw(to=To.FAMILY, recipient=str(family.id))
    if not families.erase(family.id, now=now):
        return False, withdrawn
    what = "What was kept about a family was erased, as was asked"
    evidence.write(Evidence(clause="C16", kind="family.erased", when=now, what=what))
    return True, withdrawn


def _event(event: ConsentEvent) -> dict[str, str]:
    return {
        "event": event.event.value,
        "detail": event.detail,
        "wording": event.wording,
        "lang": event.lang,
        "source": event.source,
        "at": event.when.isoformat(),
    }


def _code(code: FamilyCode) -> dict[str, object]:
    """Without the adult's number: a second one would tell of a first. Nor where the child is now, once it has ended."""
    return {
        "pupil": code.pupil,
        "class": code.class_id if code.binds else "",
        "family": str(code.family),
        "letter_made_at": code.made.isoformat(),
        "used_at": code.used.isoformat() if code.used else "",
        "ended_at": code.withdrawn.isoformat() if code.withdrawn else "",
        "left": code.left,
    }


def _answer(answer: AdultAnswer) -> dict[str, object]:
    return {
        "pupil": answer.pupil,
        "page": answer.page,
        "use": answer.use,
        "said": answer.said.value,
        "version": answer.version,
        "lang": answer.lang,
        "source": answer.source,
        "family": str(answer.family),
        "at": answer.when.isoformat(),
    }


def _reply(reply: Reply) -> dict[str, object]:
    return {
        "event": reply.event,
        "pupil": reply.pupil,
        "class": reply.class_id,
        "family": str(reply.family),
        "adults": reply.adults,
        "comes": reply.comes.value,
        "since": reply.since.isoformat(),
    }


def _sent(sent: Sent) -> dict[str, object]:
    return {
        "page": sent.page,
        "part": sent.part,
        "channel": sent.via,
        "state": sent.state,
        "due_at": sent.due.isoformat(),
        "external_id": sent.external_id,
        "key": sent.key,
        "values": dict(sent.values),
    }
