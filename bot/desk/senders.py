"""Whose account a report comes from: what is kept of it, sealed to two people, and what its writer is told of that."""

from bot.desk.visit import Visit
from bot.wire import Via
from pages import Document, Tone, note
from safeguarding import About, Identity, guarded
from school.people import SAFEGUARDING_ROLES
from school.sensitive import Sensitive
from school.words import Text

TELLING = frozenset({Via.SLACK, Via.TELEGRAM})
CAN = Text(
    "The chat app tells us which account you use. We lock that away. Two adults together can unlock it if someone may "
    "be in danger. One adult alone can't. An adult you tell us about can't be one of the two.",
)
MAY = Text(
    "The chat app tells us which account you use. We lock that away. If someone may be in danger, two adults together "
    "may be able to unlock it. One adult alone can't. An adult you tell us about can't be one of the two.",
)
CANNOT = Text(
    "The adults at your school can't look up here which account you use. So if you want help for yourself, tell us who "
    "you are. If someone may be in danger, they may still try to find out in another way.",
)


def identity_of(visit: Visit) -> Identity | None:
    """What the platform says of a sender who is not on the staff; on the web, nobody is known."""
    incoming = visit.incoming
    if visit.person is not None or incoming.via not in TELLING or not incoming.sender:
        return None
    called = incoming.called or Sensitive("")
    return Identity(via=incoming.via, address=Sensitive(incoming.sender), called=called)


def who_can_find_out(visit: Visit) -> Document:
    """Said before somebody writes, and truly for this school today; nothing to staff and on the web."""
    if visit.person is not None or visit.incoming.via not in TELLING:
        return Document("")
    people = [person.id for person in visit.school.people if person.holds(*SAFEGUARDING_ROLES)]
    keys = {recipient.person for recipient in visit.unit.concerns.recipients(people)}
    found = guarded(school=visit.school, on=visit.today, keys=keys, abouts=tuple(About))
    words = CAN if len(found) == len(About) else (MAY if found else CANNOT)
    return Document("", (note(words, Tone.PLAIN),))
