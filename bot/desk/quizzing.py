"""The quiz that goes with what the school sends home: one question after another, and a count without names."""

from bot.desk.families import family_of, newest_out
from bot.desk.visit import Visit, button, says_only
from bot.desk.whatif import with_door
from bot.languages import own_words
from bot.wire import SILENCE, Answer, Choice, Look
from pages import CampaignFront, Document, NewsletterFront, NoSuchPageError, NoSuchPartError, paragraph
from parents import HOME, QUIZ, Quiz, count_answer, quiz_of
from school.words import Text, counted

# On a button beside its verb: the page's id, and the number of a question, from 1.
PAGE, NUMBER = "p", "q"


def quiz(visit: Visit) -> Answer:
    """`/quiz`: the newest newsletter's first question; a button's: the question that stands on it."""
    named = visit.incoming.args.get(PAGE) or newest_out(visit, family_of(visit))
    found = quiz_of(named, shelf=visit.house.shelf, lang=visit.incoming.lang) if named else None
    if found is None:
        none = Text("There is no quiz just now. The next one comes with a newsletter from the school.")
        return with_door(says_only(none, title=QUIZ), visit=visit)
    number = _number(visit.incoming.args.get(NUMBER, ""), found)
    following = number + 1
    more = following <= len(found.items)
    onward = (
        button(
            Text("Next question: {number} of {total}", {"number": following, "total": len(found.items)}),
            "quiz",
            Look.PRIMARY,
            {PAGE: found.page, NUMBER: str(following)},
        )
        if more
        else button(Text("Read the newest newsletter"), "news")
    )
    said = _beginning(found) if number == 1 else None
    return Answer(document=said, quiz=found.items[number - 1], choices=((onward,),), buttons_spent=number > 1)


def lesson(visit: Visit) -> Answer:
    """What the lesson that goes with a newsletter says to families."""
    try:
        front = visit.house.shelf.get(visit.incoming.args.get(PAGE, ""), "en").front
        named = front.lesson if isinstance(front, NewsletterFront | CampaignFront) else ""
        document = own_words(visit.house.shelf.part(named, HOME, visit.incoming.lang))
    except (NoSuchPageError, NoSuchPartError):
        return with_door(says_only(Text("That page isn't here any more. Type /news for the newest.")), visit=visit)
    page = Choice(label=Text("On the web"), href=visit.address(f"/lessons/{named}/home"))
    rows = ((page,),) if visit.house.open_web else ()
    return Answer(document=document, choices=rows)


def _number(typed: str, found: Quiz) -> int:
    """The question that a button names; the first one for `/quiz`, and where a page has fewer than it had."""
    return next((number for number in range(1, len(found.items) + 1) if str(number) == typed), 1)


def _beginning(found: Quiz) -> Document:
    questions = counted(
        "One question about “{title}”, for you and your child together.",
        "{count} questions about “{title}”, for you and your child together.",
        {"count": len(found.items), "title": found.title},
    )
    kept = Text("We count how many answers are right. Nobody sees which answer is yours.")
    return Document(QUIZ, (paragraph(questions), paragraph(kept)))


def answered(visit: Visit) -> Answer:
    """Somebody answered, and the platform does not say who. It is counted, and nothing is said."""
    count_answer(
        ask=visit.incoming.args.get("ask", ""),
        chosen=visit.incoming.args.get("chosen", ""),
        shelf=visit.house.shelf,
        langs=[language.code for language in visit.school.languages],
        tallies=visit.unit.tallies,
    )
    return SILENCE
