"""What regularly happens to requests: they lapse, are to be undone, and are chased until somebody says it is done."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from school.people import Person, Role
from staff.deciding import change, on_again_by
from staff.nudges import calm_day
from staff.request_notices import Books, looking_after, tell, tell_asker, write
from staff.requests import ICO_HOURS, UNDONE, Ask, OverError, RequestState, StaffRequest, has_clock

LAPSED, TO_UNDO, LEFT_OFF, CLOCK = "request-lapsed", "request-to-undo", "filter-left-off", "breach-clock"
# While the filter is off past its time, somebody is told again so often.
ALARM_EVERY = timedelta(minutes=15)
# Hours after a breach was noticed at which the head is asked what was decided; the last six leave time to report.
PROMPTS = (0, 24, 48, 66)
_END = timedelta(hours=ICO_HOURS)


def look_after_requests(*, books: Books, now: datetime) -> int:
    """Whatever is due; how many requests were moved on or spoken of. Each minute; the caller commits."""
    return sum(_unless_over(each, books, now) for each in books.requests.going_on())


def _unless_over(request: StaffRequest, books: Books, now: datetime) -> bool:
    try:
        return _one(request, books, now)
    except OverError:
        # Somebody tapped at this very moment: the next round sees what came of it.
        return False


def _one(request: StaffRequest, books: Books, now: datetime) -> bool:
    match request.state:
        case RequestState.WAITING:
            return _lapse(request, books, now, over=request.lapses)
        case RequestState.GRANTED if request.kind is Ask.FILTER_OFF:
            return _lapse(request, books, now, over=request.ends)
        case RequestState.GRANTED if request.kind in UNDONE:
            return _chase(request, books, now)
        case RequestState.RUNNING:
            return _alarm(request, books, now)
        case RequestState.OPEN if has_clock(request):
            return _prompt(request, books, now)
        case _:
            return False


def _lapse(request: StaffRequest, books: Books, now: datetime, *, over: datetime | None) -> bool:
    if over is None or now < over:
        return False
    lapsed = change(books, request, state=RequestState.LAPSED, closed=now)
    write(books, lapsed, "lapsed", by="", now=now)
    tell_asker(books, lapsed, page=LAPSED, now=now)
    return True


def _chase(request: StaffRequest, books: Books, now: datetime) -> bool:
    """Its time is over: whoever looks after the filter is asked to undo it, on each school day until it is done."""
    due, calendar = calm_day(books.school.calendar, now=now), books.school.calendar
    if due is None or request.ends is None or now < request.ends:
        return False
    if request.told is not None and calendar.today(request.told) >= calendar.today(now):
        return False
    return _speak(request, looking_after(books.school, now=now), TO_UNDO, books, now)


def _alarm(request: StaffRequest, books: Books, now: datetime) -> bool:
    """Head and leads hear of it at any hour, and whoever switched it off, every so many minutes until it is on."""
    by = on_again_by(request)
    if now < by or (request.told is not None and now < request.told + ALARM_EVERY):
        return False
    people = books.school.people
    leads = [each for each in people if each.holds(Role.HEAD, Role.ESAFETY_LEAD) or each.id == request.begun_by]
    values = {"time": f"{books.school.calendar.local(by):%H:%M}"}
    return _speak(request, leads, LEFT_OFF, books, now, values=values, urgent=True)


def _prompt(request: StaffRequest, books: Books, now: datetime) -> bool:
    """The head is asked what was decided. What was missed is told once, late, with the hours that are left now."""
    assert request.starts is not None
    since = now - request.starts
    past = sum(since >= timedelta(hours=hours) for hours in PROMPTS)
    if past <= request.times:
        return False
    whom = [each for each in books.school.people if each.holds(Role.HEAD) or each.id == books.school.data_protection]
    left = max(0, (_END - since) // timedelta(hours=1))
    by = books.school.calendar.local(request.starts + _END)
    values = {"hours": str(left), "by": f"{by:%d/%m/%Y, %H:%M}"}
    return _speak(request, whom, CLOCK, books, now, times=past, values=values, urgent=True)


def _speak(
    request: StaffRequest,
    whom: Sequence[Person],
    page: str,
    books: Books,
    now: datetime,
    *,
    times: int = 0,
    values: Mapping[str, str] | None = None,
    urgent: bool = False,
) -> bool:
    spoken = change(books, request, told=now, times=times or request.times + 1)
    mark = str(spoken.times)
    tell(books, spoken, whom, page=page, now=now, urgent=urgent, mark=mark, values=dict(values or {}))
    write(books, spoken, {TO_UNDO: "chased", LEFT_OFF: "alarm", CLOCK: "prompted"}[page], by="", now=now)
    return True
