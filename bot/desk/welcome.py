"""A bare `/start`: whoever gets the news already is told so, with what they may do; anybody else hears the way in."""

from bot.desk import families, family_years
from bot.desk.visit import Visit, button
from bot.desk.whatif import ASK, DOOR
from bot.wire import Answer, Choice, Look
from pages import Document, paragraph
from parents import Family, FamilyState
from school.words import Text

WAYS: tuple[tuple[Choice, ...], ...] = (
    (button(Text("The latest newsletter"), "news", Look.PRIMARY),),
    (button(Text("What is on at school"), "events"),),
    (button(Text("Your classes, and how often"), "years"),),
    (ASK, DOOR),
    (button(Text("Tell us about a worry"), "report.start"),),
)


def start(visit: Visit) -> Answer:
    """`/start`, with a code or without."""
    family = families.family_of(visit)
    if visit.incoming.args.get("code", "").strip() or family is None or family.state is not FamilyState.ACTIVE:
        return families.start(visit)
    return _in_already(visit, family)


def _in_already(visit: Visit, family: Family) -> Answer:
    values = {"school": visit.school.name}
    # Of the whole school's news the sentence about years speaks of buttons that are not here.
    known = family_years.hears_of(visit, family) if family.classes or family.years else ()
    blocks = (
        paragraph(Text("You have joined: news about life online from {school} comes to you here.", values)),
        *known,
        paragraph(Text("Tap what you would like to see. /help says what else you can type here.")),
    )
    return Answer(document=Document(Text("Welcome"), blocks), choices=WAYS)
