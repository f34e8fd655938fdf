"""The slides of an INSET day: an agenda, the policy in short, what was learnt this year, a scenario to talk about."""

from collections.abc import Iterator, Sequence
from datetime import date

from lessons import Deck, Slide
from pages import Block, Bullets, Divider, Document, Heading, Shelf, paragraph, says
from school.people import Role
from school.school import School
from school.words import Text
from staff.duties import DutyStore
from staff.learning_book import LearningBook
from staff.meetings import INSET
from staff.needs import needs_of
from staff.training import Module, all_modules, all_scenarios, roll, staff_of

# Dark enough for white letters.
COLOUR = "#1d4f91"
# Minutes of each part of the agenda: an hour with what is left over.
AGENDA: tuple[tuple[Text, int], ...] = (
    (Text("What the policy promises, and what is newer"), 15),
    (Text("What we have learnt this year"), 10),
    (Text("A scenario, in pairs and then together"), 15),
    (Text("Questions to talk about"), 15),
    (Text("What happens next"), 5),
)
MOST_MODULES = 6


def inset_deck(*, school: School, shelf: Shelf, duties: DutyStore, book: LearningBook, on: date) -> Deck:
    """All of it, with what is this school's own: numbers alone, and never who has not done what."""
    pack = shelf.get(INSET, "en")
    slides = [Slide(title=Text("Agenda"), shown=(_agenda(),), notes=(paragraph(_beforehand(school)),))]
    parts = [Slide(title=part.title, shown=part.blocks, notes=()) for part in pack.parts.values()]
    slides += parts[:3]
    slides += _learnt(school=school, shelf=shelf, duties=duties, book=book, on=on)
    slides += _scenario(all_scenarios(shelf), on=on)
    slides += parts[3:]
    return Deck(
        title="Our e-safety policy",
        under=(school.name, f"{on:%d/%m/%Y}"),
        notes=(paragraph(Text("Open the roll afterwards with /lollipop inset, so that each taps “I was there”.")),),
        slides=tuple(slides),
        colour=COLOUR,
        lang="en",
    )


def inset_agenda(*, school: School, on: date) -> Document:
    """A sheet to print: what is talked about and for how long, and a line for each of the staff to sign. No names."""
    blocks: tuple[Block, ...] = (
        paragraph(Text("{school}, {day}", {"school": school.name, "day": f"{on:%d/%m/%Y}"})),
        _agenda(),
        paragraph(_beforehand(school)),
        Heading(says(Text("Who was here")), 2),
        paragraph(Text("Sign here, or tap “I was there” in Slack: the e-safety lead opens the roll.")),
        *_lines(len(staff_of(school))),
    )
    return Document(Text("INSET day: our e-safety policy"), blocks)


def _lines(count: int) -> Iterator[Block]:
    """Ruled, and far enough apart to write on by hand."""
    yield paragraph(Text("Name, and signature"))
    for number in range(1, count + 1):
        yield Divider()
        yield paragraph(f"{number}.")
    yield Divider()


def _agenda() -> Bullets:
    lines = (Text("{part}: {minutes} minutes", {"part": part, "minutes": minutes}) for part, minutes in AGENDA)
    return Bullets(tuple(says(line) for line in lines), ordered=True)


def _beforehand(school: School) -> Text:
    leads = ", ".join(person.name for person in school.holders(Role.DSL)) or school.name
    return Text("An hour in all. Say whom to turn to with a worry: {leads}.", {"leads": leads})


def _learnt(*, school: School, shelf: Shelf, duties: DutyStore, book: LearningBook, on: date) -> list[Slide]:
    shown: list[Block] = []
    lines = roll(all_modules(shelf), school=school, duties=duties, on=on)
    told = [
        Text("{title}: {done} of {asked}", {"title": line.module.title, "done": line.done, "asked": line.asked})
        for line in lines[:MOST_MODULES]
    ]
    if told:
        shown.append(Bullets(tuple(says(each) for each in told)))
    found = needs_of(str(school.calendar.year_began(on).year), duties=duties, book=book, on=on)
    if found.least:
        least = "; ".join(shelf.title(topic.module) for topic in found.least)
        shown.append(paragraph(Text("What we are least sure of: {least}", {"least": least})))
    if not shown:
        shown.append(paragraph(Text("The year's modules begin now: /lollipop training, five to ten minutes each.")))
    return [Slide(title=Text("What we have learnt this year"), shown=tuple(shown), notes=())]


def _scenario(scenarios: Sequence[Module], *, on: date) -> list[Slide]:
    chosen = next((each for each in scenarios if each.front.month == on.month), None) or next(iter(scenarios), None)
    if chosen is None:
        return []
    (item,) = chosen.quiz
    told = tuple(block for part in chosen.steps for block in part.blocks)
    options = Bullets(tuple(says(option) for option in item.options), ordered=True)
    values = {"answer": item.options[item.answer - 1], "why": item.why}
    said = paragraph(Text("Let people talk first. The best answer: {answer} {why}", values))
    return [
        Slide(title=chosen.title, shown=told, notes=()),
        Slide(title=item.ask, shown=(options,), notes=(said,), lettered=True),
    ]
