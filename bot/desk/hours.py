"""When somebody will look, said honestly; and whom a person may call until then."""

from datetime import timedelta

from bot.desk.senders import who_can_find_out
from bot.desk.visit import Visit
from bot.desk.wording import notice
from bot.wire import Answer, Via
from pages import Document, Heading, Paragraph, Span, Tone, note, says
from safeguarding import Audience, Level, help_lines
from school.calendar import BeyondTheCalendarError
from school.people import ANSWERING_ROLES
from school.words import Text

LOOKED_AT = Text("Staff look at this on school days, from {opens} to {closes}. Nobody watches it all the time.")
LATER_TODAY = Text("School is closed now. Staff will look at this today, after {opens}.")
TOMORROW = Text("School is closed now. Staff will look at this tomorrow, after {opens}.")
ON_A_DAY = Text("School is closed now. Staff will look at this on {weekday}, {date}, after {opens}.")
NOT_KNOWN = Text("School is closed now, and we can't say when staff will look at this. Please tell an adult you trust.")
WEEKDAYS = (Text("Monday"), Text("Tuesday"), Text("Wednesday"), Text("Thursday"), Text("Friday"))
ABOUT_ADULTS = Text("What if it is about an adult at school?")
IF_IT_CANNOT_WAIT = Text("What if it can't wait?")


def when_somebody_looks(visit: Visit) -> Document:
    """In school hours, which they are; else the day and the time from which staff are there again."""
    return Document(
        "", (note(_when(visit), Tone.CALM if visit.school.calendar.is_staffed(visit.now) else Tone.URGENT),)
    )


def _when(visit: Visit) -> Text:
    calendar = visit.school.calendar
    clock = {"opens": f"{calendar.open_from:%H:%M}", "closes": f"{calendar.open_until:%H:%M}"}
    try:
        day = calendar.today(calendar.next_staffed(visit.now))
    except BeyondTheCalendarError:
        return NOT_KNOWN
    if calendar.is_staffed(visit.now):
        return Text(LOOKED_AT.msgid, clock)
    if day == visit.today:
        return Text(LATER_TODAY.msgid, clock)
    if day == visit.today + timedelta(days=1):
        return Text(TOMORROW.msgid, clock)
    return Text(ON_A_DAY.msgid, {**clock, "weekday": WEEKDAYS[day.weekday()], "date": f"{day:%d/%m/%Y}"})


def before_writing(visit: Visit, level: Level = Level.KS2) -> Document:
    """What stands above an open form: when it is read, and where to read on. Links are plain words off the web."""
    return when_somebody_looks(visit) + who_can_find_out(visit) + to_read_on(visit, level)


def to_read_on(visit: Visit, level: Level) -> Document:
    """The ways to pages for whoever wants to know more before they write."""
    more = (
        Paragraph((Span(ABOUT_ADULTS, href="page:report-adult"),)),
        Paragraph((Span(IF_IT_CANNOT_WAIT, href="page:not-watched"),)),
    )
    return Document("", () if visit.person else more) + notice(visit, level)


def after_sending(visit: Visit) -> Document:
    """When it will be read; and whom to call where that is not soon."""
    looked_at = when_somebody_looks(visit)
    return looked_at if visit.school.calendar.is_staffed(visit.now) else looked_at + until_then(visit)


def not_open_yet(visit: Visit) -> Answer | None:
    """Said instead of the form where nobody has a key yet that could open a report; None where somebody has."""
    readers = [person.id for person in visit.school.people if person.holds(*ANSWERING_ROLES)]
    if visit.unit.concerns.recipients(readers):
        return None
    page = visit.page("report-closed")
    return Answer(document=page)


def until_then(visit: Visit) -> Document:
    """Whom to call; nothing on the web, where the help lines stand beside every page."""
    if visit.incoming.via is Via.WEB:
        return Document("")
    audience = Audience.STAFF if visit.person else Audience.PUPIL
    heading = Heading(says(Text("If it can't wait")), 3)
    return Document("", (heading, *help_lines(audience, school=visit.school).blocks))
