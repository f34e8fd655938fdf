"""Beside the lessons: help for one, assemblies, starters for any subject, and the check-it routine."""

from bot.desk.classes import lesson_meant
from bot.desk.editions import in_hand
from bot.desk.programme import asked_for
from bot.desk.searching import TITLE as SEARCHING
from bot.desk.visit import Visit, button
from bot.wire import Answer, Look, Show
from lessons import assembly_of_the_week, help_card, starter_card, starter_for
from school.calendar import ONE_DAY, BeyondTheCalendarError
from school.evidence import Evidence
from school.words import Text

CHECK_IT = "routine-check-it"
NEXT = "next"


def more(visit: Visit) -> Answer:
    """What helps beside the steps of a lesson, and the way back to them."""
    klass, lesson_id, turn = lesson_meant(visit)
    held = in_hand(visit, klass, lesson_id)
    at = {"c": klass.id, "l": lesson_id, "t": str(turn), "n": visit.incoming.args.get("n", "0")}
    # The step goes on meanwhile: when it began, and whether its teacher is to be told of its end.
    at |= {name: value for name in ("b", "r") if (value := visit.incoming.args.get(name))}
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
    row = (button(SEARCHING, "searching"),)
    return Answer(document=visit.house.shelf.get(CHECK_IT, "en").document, choices=(row,))


def _note(visit: Visit, *, clause: str, kind: str, what: str) -> None:
    by = visit.person.id if visit.person else ""
    visit.unit.evidence.write(Evidence(clause=clause, kind=kind, when=visit.now, what=what, by=by))
