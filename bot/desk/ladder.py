"""What may follow: the school's ladder, each step with whoever decides on it, and what no school can take out of it."""

from collections.abc import Iterator, Sequence

from bot.desk.cards import card_seen, where
from bot.desk.offices import OFFICE, THEN_THE_HEAD, names_of
from bot.desk.visit import Visit, button
from bot.wire import Answer
from pages import Block, Bullets, Document, Heading, Inline, Span, Tone, note, paragraph, says
from school.people import Role
from school.sanctions import SanctionStep
from school.words import Text
from staff import ladder_of

TITLE = Text("What may follow")
LADDER = button(TITLE, "ladder")
# Below another card, which stays where it is.
LADDER_BESIDE = button(TITLE, "ladder", args={"topic": "ladder"})
TO_WHO = button(Text("Who does what"), "who")
# These stand on every school's ladder, whatever its file says.
NEVER_FOR_TELLING = Text(
    "A child who tells us something, or who was hurt, is never in trouble for telling. Help comes first, and then "
    "whatever else there is to say."
)
NO_STAIRCASE = Text(
    "These are steps and no staircase: what happened decides where it begins. Think first of the child's age and "
    "needs, and of what they understood."
)
ABOUT_STAFF = Text(
    "A child may have been harmed, or an adult may not be safe to be with children? Then no step of this ladder comes "
    "first: the head calls the local authority's designated officer (LADO) on the same day. About the head, it is the "
    "chair of governors who calls."
)
NOT_BY_THEMSELVES = Text("Nobody decides on what is about themselves. About the head, the chair of governors decides.")
IN_THE_POLICY = Text("This is for staff. What pupils and families go by is the school's behaviour policy.")


def shown(visit: Visit) -> Answer:
    """`/lollipop ladder`: first for pupils, then for staff."""
    card_seen(visit)
    ladder = ladder_of(visit.school)
    blocks: list[Block] = [
        note(NEVER_FOR_TELLING),
        Heading(says(Text("For pupils")), 2),
        paragraph(NO_STAIRCASE),
        _steps(visit, ladder.pupils),
        Heading(says(Text("For staff and volunteers")), 2),
        note(ABOUT_STAFF, Tone.URGENT),
        _steps(visit, ladder.staff),
        paragraph(NOT_BY_THEMSELVES),
        note(IN_THE_POLICY),
    ]
    return Answer(document=Document(TITLE, tuple(blocks)), choices=((TO_WHO,),), show=where(visit))


def _steps(visit: Visit, steps: Sequence[SanctionStep]) -> Bullets:
    return Bullets(tuple(_step(visit, each) for each in steps), ordered=True)


def _step(visit: Visit, step: SanctionStep) -> Inline:
    return (Span(step.step, strong=True), Span(". "), *_decided(visit, step))


def _decided(visit: Visit, step: SanctionStep) -> Iterator[Span]:
    """The offices of those who decide; of the leading ones by name, for there are few of them."""
    held = [role for role in step.by if visit.school.holders(role)]
    for at, role in enumerate(held or step.by):
        yield Span(Text("Who: ") if at == 0 else Text(" or "))
        yield Span(_office(visit, role))
    if not held:
        yield Span(Text(" ({nobody})", {"nobody": THEN_THE_HEAD}))


def _office(visit: Visit, role: Role) -> Text:
    if role in {Role.TEACHER, Role.YEAR_LEAD} or not visit.school.holders(role):
        return Text("{office}", {"office": OFFICE[role]})
    return Text("{office} ({names})", {"office": OFFICE[role], "names": names_of(visit, visit.school.holders(role))})
