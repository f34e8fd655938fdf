"""/years: what a family hears of, and how often; a tap changes each, and leaves at once."""

import hashlib

from bot.desk import leaving
from bot.desk.families import family_of, not_joined
from bot.desk.visit import Visit, button
from bot.desk.years import called, year_of, years
from bot.wire import Answer, Choice, Show
from pages import Block, Bullets, Document, note, paragraph, says
from parents import SCHOOL_ALONE, Family, FamilyState, Frequency, choose_frequency, choose_years, leave_class
from school.people import YearGroup
from school.school import School
from school.words import Text

ADD = Text(
    "Another child in another class? Open that class's link, or scan its poster, and tap once more. "
    "The classes you have stay.",
)
OFTEN = {
    Frequency.EVERYTHING: Text("You get everything: the newsletter, what a class learned, and campaigns."),
    Frequency.NEWSLETTER: Text("You get the monthly newsletter, and nothing else."),
}
CHANGE = {
    Frequency.EVERYTHING: (Text("Only the monthly newsletter"), Frequency.NEWSLETTER),
    Frequency.NEWSLETTER: (Text("Everything"), Frequency.EVERYTHING),
}
WHOLE_SCHOOL = Text("The whole school")
LEAVE, LAST = Text("Leave {name}"), Text("Leave {name}, and stop all news")


def shown(visit: Visit) -> Answer:
    """`/years`."""
    family = family_of(visit)
    if family is None or family.state is not FamilyState.ACTIVE:
        return not_joined()
    return _answer(visit, family, show=Show.REPLY)


def left_class(visit: Visit) -> Answer:
    """The tap that leaves a class; the last of them ends it all."""
    family = family_of(visit)
    if family is None:
        return not_joined()
    tapped = visit.incoming.args.get("c", "")
    class_id = next((each for each in family.classes if mark_of_class(each) == tapped), "")
    changed = leave_class(family, class_id, families=visit.unit.families, outbox=visit.unit.outbox, now=visit.now)
    if changed.state is not FamilyState.ACTIVE:
        if family.state is FamilyState.ACTIVE:
            leaving.count_left(visit)
        return Answer(document=visit.page("stop-done"), show=Show.REPLACE)
    return _answer(visit, changed)


def chose_year(visit: Visit) -> Answer:
    """The tap on a year group: with it, or without; an empty one is the whole school."""
    family = family_of(visit)
    if family is None or family.state is not FamilyState.ACTIVE:
        return not_joined()
    year = year_of(visit.incoming.args.get("y", ""))
    rest = {each for each in family.years if each != year}
    wanted = (rest | {year} if visit.incoming.args.get("on") == "1" else rest) if year else set()
    changed = choose_years(family, wanted, families=visit.unit.families, now=visit.now)
    return _answer(visit, changed)


def chose_often(visit: Visit) -> Answer:
    """The tap on how often; anything else than the two changes nothing."""
    family = family_of(visit)
    if family is None or family.state is not FamilyState.ACTIVE:
        return not_joined()
    wanted = visit.incoming.args.get("f", "")
    frequency = Frequency(wanted) if wanted in set(Frequency) else family.frequency
    changed = choose_frequency(family, frequency, families=visit.unit.families, now=visit.now)
    return _answer(visit, changed)


def mark_of_class(class_id: str) -> str:
    """What a button calls a class: an id may be longer than a button of Telegram's holds."""
    return hashlib.blake2s(class_id.encode(), digest_size=4).hexdigest()


def class_called(class_id: str, school: School) -> str | Text:
    """Its name; one that the school file has no more keeps its id."""
    if class_id == SCHOOL_ALONE:
        return WHOLE_SCHOOL
    return next((klass.name for klass in school.classes if klass.id == class_id), class_id)


def _answer(visit: Visit, family: Family, *, show: Show = Show.REPLACE) -> Answer:
    blocks: list[Block] = [*hears_of(visit, family), paragraph(OFTEN[family.frequency]), note(ADD)]
    label, other = CHANGE[family.frequency]
    often = (button(label, "years.often", args={"f": other.value}),)
    rows = _class_rows(visit, family) if family.classes else _year_rows(visit, family)
    return Answer(document=Document(Text("Your news"), tuple(blocks)), choices=(*rows, often), show=show)


def hears_of(visit: Visit, family: Family) -> tuple[Block, ...]:
    """Their classes or years, or that it is the whole school."""
    if family.classes:
        names = tuple(says(Text("{name}", {"name": class_called(each, visit.school)})) for each in family.classes)
        return paragraph(Text("You get news for:")), Bullets(names)
    if family.years:
        return paragraph(Text("You get news for:")), Bullets(tuple(says(called(year)) for year in family.years))
    return (paragraph(Text("You get the news of the whole school. Tap a year to hear of that one alone.")),)


def _class_rows(visit: Visit, family: Family) -> tuple[tuple[Choice, ...], ...]:
    label = LEAVE if len(family.classes) > 1 else LAST
    return tuple(
        (
            button(
                Text(label.msgid, {"name": class_called(each, visit.school)}),
                "years.leave",
                args={"c": mark_of_class(each)},
            ),
        )
        for each in family.classes
    )


def _year_rows(visit: Visit, family: Family) -> tuple[tuple[Choice, ...], ...]:
    choices = [_year(year, family) for year in sorted({*years(visit), *family.years})]
    rows = tuple(tuple(choices[first : first + 2]) for first in range(0, len(choices), 2))
    return (*rows, (button(WHOLE_SCHOOL, "years.year"),)) if family.years else rows


def _year(year: YearGroup, family: Family) -> Choice:
    chosen = year in family.years
    label = Text("Without {year}", {"year": called(year)}) if chosen else called(year)
    return button(label, "years.year", args={"y": year.code, "on": "0" if chosen else "1"})
