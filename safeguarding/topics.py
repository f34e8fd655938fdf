"""What a report is about, by its sender's own word: asked once, never insisted on, and sealed with the report.

It fits the card to the report for whoever reads it. It routes nothing: a word tapped in a hurry must not keep a report
from those whom it should go to, nor hand it to those whom it should not.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from safeguarding.concerns import Concern, ConcernStore, EntryKind, Opened
from safeguarding.logbook import SENDER, Act
from safeguarding.routing import About
from school.sensitive import Sensitive

# The name of the answer among a report's other answers.
TOPIC = "topic"


class Topic(StrEnum):
    """Each begins with a letter of its own, for a button has little room."""

    BULLYING = "bullying"
    NUDES = "nudes"
    GROOMING = "grooming"
    SELF_HARM = "self-harm"
    PREVENT = "prevent"
    MONEY = "money"
    OTHER = "other"
    UNSAID = "unsaid"


# Whom it is about comes first: an allegation against an adult is handled as one, whatever else it is about.
CARD_BY_ABOUT: Mapping[About, str] = {
    About.PUPIL: "concern",
    About.ADULT: "adult",
    About.HEAD: "head",
    About.LEAD: "adult",
    About.NOT_SURE: "adult",
}
CARD_BY_TOPIC: Mapping[Topic, str] = {
    Topic.BULLYING: "bullying",
    Topic.NUDES: "nudes",
    Topic.GROOMING: "grooming",
    Topic.SELF_HARM: "self-harm",
    Topic.PREVENT: "prevent",
    Topic.MONEY: "money",
}


# What nobody taps lightly, and what does not wait for the morning.
HURRIES = frozenset({Topic.SELF_HARM, Topic.NUDES, Topic.GROOMING})


def cards_for(about: About, topic: Topic) -> tuple[str, ...]:
    """The ids of the cards for whoever reads it, in the order in which they are shown."""
    first, more = CARD_BY_ABOUT[about], CARD_BY_TOPIC.get(topic)
    if more is None:
        return (first,)
    return (more,) if about is About.PUPIL else (first, more)


def topic_named(value: str) -> Topic:
    """By its word or its letter; UNSAID for anything else."""
    return next((topic for topic in Topic if value and value in {topic.value, topic.value[0]}), Topic.UNSAID)


def topic_answers(topic: Topic) -> Sequence[tuple[str, str]]:
    """As it is sealed among a report's other answers; nothing where nothing was said."""
    return () if topic is Topic.UNSAID else ((TOPIC, topic.value),)


def answers_hurry(answers: Sequence[tuple[str, str]]) -> bool:
    """Whether one of a report's other answers is a topic that raises urgency, as a sign in its words does."""
    return any(name == TOPIC and topic_named(value) in HURRIES for name, value in answers)


def topic_of(opened: Opened) -> Topic:
    """What was said last."""
    said = [value for name, value in opened.details if name == TOPIC]
    said += [each.words.reveal() for each in opened.entries if each.kind is EntryKind.TOPIC and each.words is not None]
    return topic_named(said[-1]) if said else Topic.UNSAID


def say_topic(concern: Concern, topic: Topic, *, concerns: ConcernStore, now: datetime) -> None:
    """Its sender says it once the report is on its way. Nothing is kept of UNSAID. The caller commits.

    It can raise urgency and never lower it: where nobody has opened the report, the next are told in the next round.
    """
    if topic is Topic.UNSAID:
        return
    concerns.add_entry(concern.id, kind=EntryKind.TOPIC, author="", words=Sensitive(topic.value), now=now)
    concerns.log.write(Act.TOPIC_SAID, actor=SENDER, now=now, subject=concern.reference)
    if topic in HURRIES and not concern.urgent:
        concerns.hurry(concern.id, at=now)
