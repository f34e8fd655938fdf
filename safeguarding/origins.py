"""Which message of a chat a report came in, and which it is about: number and time, for whoever needs them as evidence.

They are sealed with the words, among a report's other answers; a report of old, and one from a form, has none of them.
Whose chat it is stands nowhere here: that is who wrote, sealed apart, to two people together (`guards.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from school.messages import ChatMessage, spoken_message

WROTE, REPORTED = "message", "reported_message"
Answers = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Origin:
    """`wrote` is the message that the words were typed in; `reported` is one that they are about, whoever wrote it."""

    wrote: ChatMessage | None = None
    reported: ChatMessage | None = None


def origin_answers(origin: Origin) -> Answers:
    """As it is sealed among a report's other answers; nothing where there was no message."""
    found = ((WROTE, origin.wrote), (REPORTED, origin.reported))
    return tuple((name, message.spelt()) for name, message in found if message is not None)


def origin_of(answers: Answers) -> Origin:
    """What is not spelt as it should be is none; `besides_origin` still has it."""
    told = dict(answers)
    return Origin(wrote=spoken_message(told.get(WROTE, "")), reported=spoken_message(told.get(REPORTED, "")))


def besides_origin(answers: Answers) -> Answers:
    """The other answers, so that nothing that was sealed goes unseen."""
    known = origin_answers(origin_of(answers))
    return tuple(each for each in answers if each[0] not in dict(known))
