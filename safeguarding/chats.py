"""The chat that somebody reported from, as it is sealed: for the readers in the report, for the server on its way."""

import json
from datetime import datetime

from safeguarding.concerns import Concern, ConcernStore, EntryKind
from safeguarding.logbook import SENDER, Act
from school.notices import Chat, Chats, Doubt, Lane, Notice, Outbox, To
from school.sensitive import Sensitive


def spelt_chat(chat: Chat) -> Sensitive:
    """As one line."""
    return Sensitive(json.dumps([chat.via, chat.address.reveal(), chat.lang]))


def spoken_chat(spelt: Sensitive) -> Chat | None:
    """None for the empty line, by which a sender says that they want to hear nothing any more, and for what is none."""
    try:
        told = json.loads(spelt.reveal())
    except ValueError:
        return None
    if not isinstance(told, list) or len(told) != 3 or not all(isinstance(part, str) for part in told):
        return None
    via, address, lang = told
    return Chat(via=via, address=Sensitive(address), lang=lang)


def answer_here(concern: Concern, *, chat: Chat | None, concerns: ConcernStore, now: datetime) -> None:
    """Whoever reported wants to hear in this chat that an answer waits; in none, with None. The caller commits.

    Sealed under the server's key and then to the report, so that it opens in a reader's session on this server alone,
    and is destroyed with the report.
    """
    words = spelt_chat(chat) if chat else Sensitive("")
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
