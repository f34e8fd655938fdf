"""An event in words: when it is, and for whom; on a card, in a list, and where a link leads to it."""

import hashlib
from datetime import datetime

from bot.days import NO_TIME, day_in, time_in
from bot.desk.years import called
from pages import Block, Document, Facts, Heading, note, paragraph, says
from parents import clock_of, is_to_come
from school.events import SchoolEvent
from school.school import School
from school.words import Text

WHOLE_SCHOOL = Text("the whole school")
TITLE = Text("What is on at school")
NONE = Text("No event is planned just now.")
HOW_TO_REPLY = Text("Families reply in their chat with the school's bot: send /events there.")
KIND = Text("At our events you may film for your own family. Please post no pictures of other people's children.")
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


def coming_events(school: School, *, lang: str, now: datetime) -> Document:
    """What is to come, as anybody may read it: no replies, and nobody's name; the next first."""
    found = [event for event in school.events if is_to_come(event, calendar=school.calendar, now=now)]
    if not found:
        return Document(TITLE, (paragraph(NONE),))
    blocks: list[Block] = []
    for event in sorted(found, key=lambda each: (each.day, each.id)):
        blocks += [Heading(says(event.name), 2), facts_of(event, school=school, lang=lang)]
    return Document(TITLE, (*blocks, paragraph(HOW_TO_REPLY), note(KIND)))
