"""An assembly of the year's programme that was asked for by its week or by words of its title."""

from bot.desk.classes import short
from bot.desk.visit import Visit, button
from bot.wire import Answer
from lessons import assemblies_like, assembly_card
from pages import Bullets, Document, Page, says
from school.evidence import Evidence
from school.words import Text

THIS_WEEK = frozenset({"", "this", "this week", "now", "today", "next", "next week"})
# So many are offered with a button each; whoever sees more of them types another word.
MOST = 12


def asked_for(visit: Visit) -> Answer | None:
    """The assembly that was named, or a choice of those it may be; None where a week is asked for by its name.

    Raises NoSuchAssemblyError.
    """
    typed = " ".join(visit.incoming.args.get("week", "").split())
    if typed.casefold() in THIS_WEEK:
        return None
    found = assemblies_like(typed, shelf=visit.house.shelf, calendar=visit.school.calendar)
    if len(found) > 1:
        return _which(found[:MOST])
    ((week, page),) = found
    by = visit.person.id if visit.person else ""
    visit.unit.evidence.write(Evidence(clause="C7", kind="assembly.given", when=visit.now, what=page.id, by=by))
    return Answer(document=assembly_card(page, week=week))


def _which(found: tuple[tuple[int, Page], ...]) -> Answer:
    lines = tuple(
        says(Text("Week {number}: {title}", {"number": week, "title": page.front.title})) for week, page in found
    )
    rows = tuple(
        (button(Text("{number}. {title}", {"number": week, "title": short(page.front.title)}), "assembly", args=named),)
        for week, page in found
        if (named := {"week": page.id})
    )
    return Answer(document=Document(Text("Which assembly?"), (Bullets(lines),)), choices=rows)
