"""Reception: recognise, permit, handle, commit. One Incoming, one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.desk.again import done
from bot.desk.locksmith import Locksmith
from bot.desk.may import may
from bot.desk.pointing import pointed
from bot.desk.refused import note_refused
from bot.desk.repeats import BEFORE_A_REPORT, READ_AGAIN, TOLD_AGAIN, WITH_RECEIPT
from bot.desk.unread import with_unread
from bot.desk.verbs import VERBS
from bot.desk.visit import Handler, House, Visit, says_only
from bot.desk.who import NotYourRoleError
from bot.languages import spoken
from bot.unit import StorageFault, Unit
from bot.wire import DELIVER_AGAIN, SILENCE, Answer, Incoming, Show, Via
from pages import Tone
from safeguarding import AskedAbout, UnknownReceiptError, asked_about
from school.people import Person
from school.school import School
from school.sensitive import SecretKey, Sensitive
from school.words import Refusal, Text

TRIES = 3


class NotAllowedError(Refusal):
    """Somebody asked for what is not theirs to ask."""

    text = Text("That is for school staff whose account the office has set up. If that is you, please ask the office.")


@dataclass(frozen=True)
class Reception:
    """The desk. Every method runs in a thread and opens units of its own."""

    house: House

    def receive(self, incoming: Incoming, *, in_flight: bool = False) -> Answer:
        """Handle one Incoming; see FrontDesk.ask. `in_flight`: its first delivery is being answered at this moment."""
        school = self.house.schools[incoming.school]
        verb = incoming.verb if incoming.verb in VERBS else "unknown"
        receipt = self.house.vault.receipt(school.id) if verb in WITH_RECEIPT else None
        if verb in BEFORE_A_REPORT:
            self.house.vault.expect(school.id)
        asked = _asked(incoming)
        halves = self._halves(incoming, asked)
        now = self.house.school_clock.now()
        with self.house.units.write(school.id, correlation=incoming.correlation) as unit:
            incoming = _as_they_read(incoming, unit)
            first = self._first_time(unit, incoming)
            if not first and (in_flight or not _lost_its_answer(unit, incoming)):
                return SILENCE
            incoming = self._held_for_sorting(incoming, verb)
            person = _person(incoming, school)
            visit = Visit(
                incoming=incoming,
                house=self.house,
                school=school,
                unit=unit,
                person=person,
                now=now,
                receipt=receipt if first else None,
                asked=asked,
                halves=halves,
            )
            try:
                if not may(verb, incoming=incoming, person=person):
                    raise NotYourRoleError if person and incoming.via is Via.SLACK else NotAllowedError
                answer = _in_their_language((VERBS[verb] if first else _telling(verb))(visit), incoming)
                answer = pointed(with_unread(answer, visit=visit), visit=visit)
            except StorageFault:
                raise
            except Refusal as refusal:
                # What a handler had begun is undone with the unit; a second try finds no trace of the first.
                refused = replace(says_only(refusal.text, tone=Tone.URGENT), refused=True)
                answer = _in_their_language(refused, incoming)
            else:
                # What was done and kept the first time is only told of again: whatever was written while telling of
                # it is undone with the unit. So is what was refused with its form asked for anew: it may come again.
                if first and not answer.refused:
                    if answer.show is Show.SILENT or incoming.via not in DELIVER_AGAIN:
                        self._note_answered(unit, incoming)
                    unit.commit()
                return answer
        note_refused(incoming, person=person, units=self.house.units, now=now)
        return answer

    def _held_for_sorting(self, incoming: Incoming, verb: str) -> Incoming:
        """Marked, where somebody in a chat sends more than people do. A page knows that by itself."""
        if verb not in WITH_RECEIPT or incoming.via not in DELIVER_AGAIN:
            return incoming
        sent = {"school": incoming.school, "via": incoming.via.value, "address": incoming.sender}
        return replace(incoming, flood=True) if self.house.senders.flood(**sent) else incoming

    def _halves(self, incoming: Incoming, asked: AskedAbout | None) -> tuple[bytes, SecretKey] | None:
        """Before the writer is held: of a receipt in a field of its own, or of one that was said in a chat."""
        typed = asked.typed if asked else incoming.words.get("receipt")
        try:
            return None if typed is None else self.house.vault.halves(incoming.school, typed)
        except UnknownReceiptError:
            return None  # no receipt at all: the handler says so

    def answered(self, incomings: Sequence[Incoming]) -> None:
        """Their answers are with the platform: one transaction a school."""
        for school in {incoming.school for incoming in incomings}:
            with self.house.units.write(school) as unit:
                for incoming in incomings:
                    if incoming.school == school:
                        self._note_answered(unit, incoming)
                unit.commit()

    def _note_answered(self, unit: Unit, incoming: Incoming) -> None:
        if incoming.transport_id is None and incoming.semantic_id is None:
            return
        unit.inbox.answered(
            via=incoming.via,
            transport_id=incoming.transport_id,
            semantic_id=incoming.semantic_id,
            now=self.house.machine_clock.now(),
        )

    def _first_time(self, unit: Unit, incoming: Incoming) -> bool:
        if incoming.transport_id is None and incoming.semantic_id is None:
            return True
        return unit.inbox.first_time(
            via=incoming.via,
            transport_id=incoming.transport_id,
            semantic_id=incoming.semantic_id,
            now=self.house.machine_clock.now(),
        )

    def give_up(self, incoming: Incoming) -> bool:
        """See FrontDesk.give_up."""
        if incoming.transport_id is None:
            return False
        now = self.house.machine_clock.now()
        with self.house.units.write(incoming.school) as unit:
            failures = unit.inbox.failed(via=incoming.via, transport_id=incoming.transport_id, now=now)
            parked = failures >= TRIES
            if parked:
                unit.inbox.park(via=incoming.via, transport_id=incoming.transport_id, now=now)
            unit.commit()
        return parked

    @property
    def locksmith(self) -> Locksmith:
        """Where people look after their keys."""
        return Locksmith(self.house)

    def unlock(self, *, school: str, person: str, passphrase: Sensitive) -> SecretKey:
        """The first step of a sign-in; see KeyDesk."""
        return self.locksmith.unlock(school=school, person=person, passphrase=passphrase)


def _asked(incoming: Incoming) -> AskedAbout | None:
    """The receipt in what was said in a chat. In a form, a receipt has a field of its own."""
    return asked_about(incoming.words["words"]) if incoming.verb == "words" and "words" in incoming.words else None


def _as_they_read(incoming: Incoming, unit: Unit) -> Incoming:
    """With the language that the chat's family chose; before it joins, the one its app is in, where we have that."""
    if incoming.via is not Via.TELEGRAM:
        return incoming
    family = unit.families.by_address(via=incoming.via, address=incoming.sender)
    return replace(incoming, lang=family.lang if family else spoken(incoming.lang))


def _in_their_language(answer: Answer, incoming: Incoming) -> Answer:
    """Whoever made the answer: it is in the reader's language, unless it was made in one on purpose."""
    return answer if answer.lang or answer.show is Show.SILENT else replace(answer, lang=incoming.lang)


def _lost_its_answer(unit: Unit, incoming: Incoming) -> bool:
    return unit.inbox.unanswered(via=incoming.via, transport_id=incoming.transport_id, semantic_id=incoming.semantic_id)


def _telling(verb: str) -> Handler:
    """What tells of something that was done already."""
    return VERBS[verb] if verb in READ_AGAIN else TOLD_AGAIN.get(verb, done)


def _person(incoming: Incoming, school: School) -> Person | None:
    match incoming.via:
        case Via.SLACK:
            return school.person_on_slack(incoming.sender)
        case Via.WEB | Via.SHELL:
            return school.person(incoming.sender) if incoming.sender else None
        case _:
            return None
