"""The chat that somebody reported from, as it is sealed: for the readers in the report, for the server on its way."""

import json
from collections.abc import Sequence
from datetime import datetime

from safeguarding.concerns import Concern, ConcernStore, Entry, EntryKind
from safeguarding.logbook import SENDER, Act
from school.notices import Chat, Chats, Doubt, Lane, Notice, Outbox, To
from school.sensitive import SecretKey, Sensitive


def spelt_chat(chat: Chat) -> Sensitive:
    """As one line."""
    return Sensitive(json.dumps([chat.via, chat.address.reveal(), chat.lang]))


def spoken_chat(spelt: Sensitive) -> Chat | None:
    """None for what is none."""
    try:
        told = json.loads(spelt.reveal())
    except ValueError:
        return None
    if not isinstance(told, list) or len(told) != 3 or not all(isinstance(part, str) for part in told):
        return None
    via, address, lang = told
    return Chat(via=via, address=Sensitive(address), lang=lang)


def newest_chat(entries: Sequence[Entry]) -> Sensitive | None:
    """The newest word on it counts; none, an empty one, or one that does not open, is no chat. Still locked."""
    newest = next((each.words for each in reversed(entries) if each.kind is EntryKind.CHAT), None)
    return newest or None


def chat_of(concern: Concern, *, concerns: ConcernStore, chats: Chats, person: str, key: SecretKey) -> Chat | None:
    """Where its sender wants to hear of an answer, for a reader's session at this server. Raises NotForYouError."""
    return _unlocked(concerns.chat_of(concern.id, person=person, key=key), concern, chats)


def chat_by_receipt(concern: Concern, *, concerns: ConcernStore, chats: Chats, wrapping: SecretKey) -> Chat | None:
    """The same, for whoever holds the receipt. Raises NotForYouError."""
    return _unlocked(concerns.chat_by_receipt(concern.id, wrapping=wrapping), concern, chats)


def _unlocked(locked: Sensitive | None, concern: Concern, chats: Chats) -> Chat | None:
    return chats.unlock(locked, place=str(concern.id)) if locked else None


def answer_here(concern: Concern, *, chat: Chat | None, concerns: ConcernStore, chats: Chats, now: datetime) -> None:
    """Whoever reported wants to hear in this chat that an answer waits; in none, with None. The caller commits.

    Locked by the server and then sealed to the report: it takes a reader's session at this server to open it, neither
    of the two alone, and it is destroyed with the report.
    """
    words = chats.lock(chat, place=str(concern.id)) if chat else Sensitive("")
    concerns.add_entry(concern.id, kind=EntryKind.CHAT, author="", words=words, now=now)
    concerns.log.write(Act.CHAT_GIVEN if chat else Act.CHAT_TAKEN, actor=SENDER, now=now, subject=concern.reference)


def say_in(chat: Chat, *, page: str, chats: Chats, outbox: Outbox) -> None:
    """Leave constant words for whoever reported. Neither key nor recipient leads to the report."""
    mark = chats.keep(chat)
    outbox.leave(
        Notice(
            key=f"chat:{mark}",
            to=To.CHAT,
            recipient=mark,
            page=page,
            lane=Lane.SAFEGUARDING,
            doubt=Doubt.REPEAT,
            via=chat.via,
        ),
    )
