"""Beside the lessons: help for one, assemblies, starters for any subject, the check-it routine, and the agreement."""

from bot.desk.classes import class_meant, lesson_meant
from bot.desk.editions import in_hand
from bot.desk.programme import asked_for
from bot.desk.visit import Visit, button
from bot.wire import Answer, Look, Show
from lessons import assembly_of_the_week, help_card, starter_card, starter_for
from pages import Document, Page, Tone, note, paragraph
from school.calendar import ONE_DAY, BeyondTheCalendarError
from school.evidence import Evidence
from school.people import YearGroup
from school.words import Text

CHECK_IT, READ_ALOUD = "routine-check-it", "aua-lesson"
# The agreement of each age, by the oldest year it is for.
AGREEMENTS = ((YearGroup(0), "aua-early"), (YearGroup(2), "aua-ks1"), (YearGroup(13), "aua-ks2"))
NEXT = "next"


def more(visit: Visit) -> Answer:
    """What helps beside the steps of a lesson, and the way back to them."""
    klass, lesson_id, turn = lesson_meant(visit)
    held = in_hand(visit, klass, lesson_id)
    at = {"c": klass.id, "l": lesson_id, "t": str(turn), "n": visit.incoming.args.get("n", "0")}
    back = button(Text("Back to the lesson"), "lesson.step", Look.PRIMARY, at)
    card = help_card(held.page, held.front, framework=visit.house.framework)
    return Answer(document=card, choices=((back,),), both_ends=True, show=Show.REPLACE)


def assembly(visit: Visit) -> Answer:
    """This week's assembly prompt, or next week's, or the one that was named."""
    if named := asked_for(visit):
        return named
    calendar, on = visit.school.calendar, visit.today
    if visit.incoming.args.get("week", "").strip().casefold().partition(" ")[0] == NEXT:
        # A week on from the one that is shown without the word: at a weekend that is the coming one already.
        try:
            shown = calendar.next_school_day(on)
            on = calendar.next_school_day(shown + (7 - shown.weekday()) * ONE_DAY)
        except BeyondTheCalendarError:
            on = visit.today
    page, document = assembly_of_the_week(shelf=visit.house.shelf, calendar=calendar, on=on)
    _note(visit, clause="C7", kind="assembly.given", what=page.id)
    return Answer(document=document)


def starter(visit: Visit) -> Answer:
    """Two minutes for the start of a lesson in any subject, another one each day. Raises NoStarterError."""
    subject = visit.incoming.args.get("rest", "")
    own = visit.person.classes if visit.person else ()
    years = [year for klass in visit.school.classes if klass.id in own for year in klass.years]
    page = starter_for(subject, shelf=visit.house.shelf, years=years, number=visit.today.toordinal())
    _note(visit, clause="C5", kind="starter.given", what=page.id)
    return Answer(document=starter_card(page))


def check_it(visit: Visit) -> Answer:
    """The routine for judging a source, for any lesson."""
    _note(visit, clause="C8", kind="routine.given", what=CHECK_IT)
    return Answer(document=visit.house.shelf.get(CHECK_IT, "en").document)


def agreement(visit: Visit) -> Answer:
    """The agreement of a class's age, how to read it aloud, and where to say that the class has signed."""
    klass = class_meant(visit) if _names_a_class(visit) else None
    if klass is None:
        words = Text("Say whose, for example: /lollipop agreement {name}", {"name": visit.school.classes[0].name})
        return Answer(document=Document(Text("The class's agreement"), (paragraph(words),)))
    page = _agreement_for(visit, max(klass.years))
    at = {"c": klass.id, "l": page.id, "t": "0"}
    row = (
        button(Text("How to read it aloud"), "agreement.read", args=at),
        button(Text("{name} has signed", {"name": klass.name}), "agreement.signed", Look.PRIMARY, at),
    )
    return Answer(document=page.document, choices=(row,))


def read_aloud(visit: Visit) -> Answer:
    """The fifteen minutes in which a class hears its agreement and signs it."""
    klass, *_ = lesson_meant(visit)
    page = _agreement_for(visit, max(klass.years))
    at = {"c": klass.id, "l": page.id, "t": "0"}
    row = (button(Text("{name} has signed", {"name": klass.name}), "agreement.signed", Look.PRIMARY, at),)
    return Answer(document=visit.house.shelf.get(READ_ALOUD, "en").document, choices=(row,), show=Show.REPLACE)


def signed(visit: Visit) -> Answer:
    """The class has signed: which version, and on which day. No child is named."""
    klass, *_ = lesson_meant(visit)
    page = _agreement_for(visit, max(klass.years))
    what = f"{page.id} version {page.version} with {klass.name}"
    for clause in ("C9", "C68"):
        _note(visit, clause=clause, kind="agreement.signed", what=what)
    words = Text("{name} has signed its agreement. Put the sheet where the class can see it.")
    document = Document(page.front.title, (note(Text(words.msgid, {"name": klass.name}), Tone.GOOD),))
    return Answer(document=document, show=Show.REPLACE, buttons_spent=True)


def _names_a_class(visit: Visit) -> bool:
    return bool(visit.incoming.args.get("class") or (visit.person and len(visit.person.classes) == 1))


def _agreement_for(visit: Visit, year: YearGroup) -> Page:
    name = next(name for oldest, name in AGREEMENTS if year <= oldest)
    return visit.house.shelf.get(name, "en")


def _note(visit: Visit, *, clause: str, kind: str, what: str) -> None:
    by = visit.person.id if visit.person else ""
    visit.unit.evidence.write(Evidence(clause=clause, kind=kind, when=visit.now, what=what, by=by))
