"""An event in words: when it is, and for whom; on a card, in a list, and where a link leads to it."""

import hashlib

from bot.days import NO_TIME, day_in, time_in
from bot.desk.years import called
from pages import Block, Facts
from parents import clock_of
from school.events import SchoolEvent
from school.school import School
from school.words import Text

WHOLE_SCHOOL = Text("the whole school")
WHEN, FOR = Text("When"), Text("For")


def when_of(event: SchoolEvent, lang: str) -> Text:
    """Its day and time, as a language writes them."""
    at: str | Text = time_in(clock_of(event), lang) or NO_TIME
    return Text("{day}, {time}", {"day": day_in(event.day, lang), "time": at})


def for_whom(event: SchoolEvent, school: School) -> str | Text:
    """Its classes by name, or its years where all of a year's classes are in it."""
    if event.for_all:
        return WHOLE_SCHOOL
    if event.years and not event.classes:
        if len(event.years) == 1:
            return called(event.years[0])
        return Text("Years {years}", {"years": ", ".join(year.code for year in sorted(event.years))})
    return ", ".join(klass.name for klass in event.classes_among(school.classes))


def facts_of(event: SchoolEvent, *, school: School, lang: str) -> Block:
    """When, and for whom."""
    return Facts(((WHEN, when_of(event, lang)), (FOR, for_whom(event, school))))


def mark_of(name: str) -> str:
    """What a button calls an event or a child's code: an id may be longer than a button of Telegram's holds."""
    return hashlib.blake2s(name.encode(), digest_size=3).hexdigest()
