"""Numbers for whoever answers for what the school sends: reach, languages, quizzes, leaving. Never who read what."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.desk.sent import CHANNELS
from bot.desk.visit import Visit, button
from bot.unit import Unit
from bot.wire import Answer
from pages import Block, Bullets, CampaignFront, Document, Facts, Heading, NewsletterFront, Shelf, note, paragraph, says
from parents import SMALLEST_SHOWN, Leaving, LeavingReason, Numbers, QuizResult, numbers_of
from school.people import LANGUAGES
from school.school import School
from school.words import Text

TITLE = Text("Families in numbers")
FEW = Text("fewer than 5")
NONE_YET = Text("none yet")
NUMBERS = button(TITLE, "numbers")
# More would not fit into one message; `lollipop parents numbers` has them all.
MOST_LINES = 6
MOST_MAILINGS = 200
REASONS: Mapping[LeavingReason, Text] = {
    LeavingReason.TOO_MANY: Text("Too many messages"),
    LeavingReason.CHILD_LEFT: Text("My child has left the school"),
    LeavingReason.NOT_USEFUL: Text("It wasn't useful to me"),
    LeavingReason.OTHER: Text("Another reason"),
}


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What became of one page, over everybody it was meant for; `kept_out` were not asked, with a reason each.

    Each is None where it was meant for one to four.
    """

    page: str
    candidates: int | None
    kept_out: int | None
    sent: int | None
    failed: int | None
    skipped: int | None


def numbers(visit: Visit) -> Answer:
    """The card."""
    told = numbers_in(visit.unit, school=visit.school)
    reach = reach_in(visit.unit, shelf=visit.house.shelf)
    return Answer(document=in_words(told, reach, school=visit.school, shelf=visit.house.shelf, most=MOST_LINES))


def numbers_in(unit: Unit, *, school: School) -> Numbers:
    """Of one school, as they stand now."""
    return numbers_of(
        school=school,
        families=unit.families.active(),
        quizzes=unit.tallies.quizzes(),
        leavings=unit.tallies.leavings(),
    )


def reach_in(unit: Unit, *, shelf: Shelf) -> tuple[Reached, ...]:
    """Each newsletter and message of a campaign that families were sent, the newest first."""
    ours = {
        page.id
        for page in shelf.all()
        if isinstance(page.front, NewsletterFront | CampaignFront) and page.front.reader == "parent"
    }
    candidates: Counter[str] = Counter()
    kept_out: Counter[str] = Counter()
    states: dict[str, Counter[str]] = {}
    for each in unit.deliveries.progress(limit=MOST_MAILINGS):
        page = each.header.mailing.page
        if page in ours:
            candidates[page] += each.header.candidates
            kept_out[page] += each.header.excluded
            states.setdefault(page, Counter()).update(each.states)
    return tuple(
        reached(page, candidates=candidates[page], kept_out=kept_out[page], states=counts)
        for page, counts in states.items()
    )


def reached(page: str, *, candidates: int, kept_out: int, states: Mapping[str, int]) -> Reached:
    """The counts of one page; none of them where they would be those of a handful of families."""
    if 0 < candidates < SMALLEST_SHOWN:
        return Reached(page=page, candidates=None, kept_out=None, sent=None, failed=None, skipped=None)
    return Reached(
        page=page,
        candidates=candidates,
        kept_out=kept_out,
        sent=states.get("sent", 0),
        failed=states.get("failed", 0) + states.get("unknown", 0),
        skipped=states.get("skipped", 0),
    )


def in_words(
    told: Numbers, reach: tuple[Reached, ...], *, school: School, shelf: Shelf, most: int | None = None
) -> Document:
    """The numbers as a card; of each list the first `most` lines, or all."""
    classes = {klass.id: klass.name for klass in school.classes}
    titles = {page.id: page.front.title for page in shelf.all()}
    languages = [
        (LANGUAGES[each.name].name if each.name in LANGUAGES else each.name, _number(each.number))
        for each in told.by_language
    ]
    blocks: list[Block] = [
        Facts(((Text("Families that get the news"), _number(told.families)),)),
        *_facts(Text("Languages"), languages),
        *_facts(
            Text("How it reaches them"), [(CHANNELS.get(e.name, e.name), _number(e.number)) for e in told.by_channel]
        ),
        *_facts(Text("Classes"), [(classes.get(each.name, each.name), _number(each.number)) for each in told.by_class]),
        *_lines(Text("What reached them"), [_reached(each, titles) for each in reach[:most]]),
        *_lines(Text("Quizzes"), [_result(each, titles) for each in told.quizzes[::-1][:most]]),
        *_lines(Text("Leaving"), [_left(each) for each in told.leaving[::-1][:most]]),
        note(Text("Nobody can see who read a newsletter, or who answered a quiz. Groups under 5 are not counted out.")),
    ]
    return Document(TITLE, tuple(blocks))


def _number(number: int | None) -> str | Text:
    """Nobody is no group that could be found in a number, so it is said."""
    if number == 0:
        return NONE_YET
    return FEW if number is None else str(number)


def _facts(title: Text, pairs: Sequence[tuple[str | Text, str | Text]]) -> tuple[Block, ...]:
    return (Heading(says(title), 3), Facts(tuple(pairs))) if pairs else ()


def _lines(title: Text, lines: list[Text]) -> tuple[Block, ...]:
    found: Block = Bullets(tuple(map(says, lines))) if lines else paragraph(Text("Nothing yet."))
    return (Heading(says(title), 3), found)


def _reached(each: Reached, titles: Mapping[str, str]) -> Text:
    title = titles.get(each.page, each.page)
    if each.candidates is None or each.sent is None or each.failed is None or each.skipped is None:
        return Text("{title}: meant for fewer than 5 families", {"title": title})
    if not each.candidates:
        return Text("{title}: nobody was meant to get it", {"title": title})
    return Text(
        "{title}: {sent} of {candidates} sent, {failed} failed or unknown, {skipped} skipped",
        {
            "title": title,
            "sent": each.sent,
            "candidates": each.candidates,
            "failed": each.failed,
            "skipped": each.skipped,
        },
    )


def _result(each: QuizResult, titles: Mapping[str, str]) -> Text:
    named: dict[str, str | int | Text] = {"title": titles.get(each.page, each.page), "number": each.question}
    if each.answers is None or each.right is None:
        return Text("{title}, question {number}: fewer than 5 answers", named)
    values = {**named, "answers": each.answers, "right": each.right}
    return Text("{title}, question {number}: {answers} answers, {right} in every 100 right", values)


def _left(each: Leaving) -> Text:
    month = f"{each.month:%m/%Y}"
    said = [
        Text("{reason}: {number}", {"reason": REASONS[LeavingReason(group.name)], "number": _number(group.number)})
        for group in each.reasons
    ]
    whole = Text("{month}: {number}", {"month": month, "number": _number(each.families)})
    for reason in said:
        whole = Text("{first}; {second}", {"first": whole, "second": reason})
    return whole
