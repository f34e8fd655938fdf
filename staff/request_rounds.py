"""What regularly happens to requests: they lapse, are to be undone, and are chased until somebody says it is done.

Nothing waits in silence: whoever is asked is asked again, and where that does not help, the head and the leads are.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from school.calendar import BeyondTheCalendarError
from school.people import Person, Role
from staff.deciding import change, needs, on_again_by
from staff.nudges import calm_day
from staff.request_notices import Books, looking_after, tell, tell_asker, told_of_a_breach, write
from staff.requests import DECIDED_BY_HEAD, ICO_HOURS, UNDONE, Ask, OverError, RequestState, StaffRequest, has_clock

LAPSED, TO_UNDO, LEFT_OFF, CLOCK = "request-lapsed", "request-to-undo", "filter-left-off", "breach-clock"
OVER, WAITS_STILL, OPEN_STILL = "breach-over", "request-waits-still", "request-open-still"
SPOKEN = {TO_UNDO: "chased", LEFT_OFF: "alarm", CLOCK: "prompted", OVER: "prompted"}
# While the filter is off past its time, somebody is told again so often.
ALARM_EVERY = timedelta(minutes=15)
# Hours after a breach was noticed at which the head is asked what was decided; the last six leave time to report. From
# the third on everybody who was told of it is asked. When the time is over they hear of that, and again each day.
PROMPTS, DAY = (0, 24, 48, 66, ICO_HOURS), timedelta(days=1)
_END = timedelta(hours=ICO_HOURS)
# School days after which whoever decides is reminded, and whoever has something to do or to close.
DECIDE_WITHIN, CLOSE_WITHIN = 2, 5
# So often somebody is asked alone before head and lead are asked as well: to close it, and, each day, to undo it.
ALONE_TO_CLOSE, ALONE_TO_UNDO = 1, 5


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
            return _lapse(request, books, now, over=request.lapses) or _remind(request, books, now)
        case RequestState.GRANTED if request.kind is Ask.FILTER_OFF:
            return _lapse(request, books, now, over=request.ends)
        case RequestState.GRANTED if request.kind in UNDONE:
            return _chase(request, books, now)
        case RequestState.RUNNING:
            return _alarm(request, books, now)
        case RequestState.OPEN if has_clock(request):
            return _prompt(request, books, now)
        case RequestState.OPEN | RequestState.GRANTED:
            return _ask_after(request, books, now)
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
    whom = _and_leads(looking_after(books.school, now=now), books, late=request.times >= ALONE_TO_UNDO)
    return _speak(request, whom, TO_UNDO, books, now)


def _and_leads(people: Sequence[Person], books: Books, *, late: bool) -> Sequence[Person]:
    """With the head and the e-safety lead, where it is late."""
    leads = [each for each in books.school.people if each.holds(Role.HEAD, Role.ESAFETY_LEAD)] if late else []
    return tuple({each.id: each for each in (*people, *leads)}.values())


def _is_time(request: StaffRequest, books: Books, now: datetime, *, within: int) -> bool:
    """Whether so many school days have passed since it was asked, decided or last spoken of, and it is calm now."""
    calendar = books.school.calendar
    if calm_day(calendar, now=now) is None:
        return False
    since = max(each for each in (request.asked, request.decided, request.told) if each is not None)
    try:
        return calendar.add_school_days(calendar.today(since), within) <= calendar.today(now)
    except BeyondTheCalendarError:
        return False


def _remind(request: StaffRequest, books: Books, now: datetime) -> bool:
    """Whoever has not decided yet, and by now may: a deputy too, where somebody has gone away since it was asked."""
    if not _is_time(request, books, now, within=DECIDE_WITHIN):
        return False
    whom = [each for each in books.school.people if needs(request, person=each, books=books, now=now)]
    until = books.school.calendar.local(request.lapses) if request.lapses else None
    return _nudge(request, whom, WAITS_STILL, books, now, values={"day": f"{until:%d/%m/%Y}" if until else ""})


def _ask_after(request: StaffRequest, books: Books, now: datetime) -> bool:
    """What is granted and not done, or told of and not closed: whoever it waits for, and then the leads as well."""
    if not _is_time(request, books, now, within=CLOSE_WITHIN):
        return False
    waits = [each for each in books.school.people if needs(request, person=each, books=books, now=now)]
    prompts = len(PROMPTS) if request.kind is Ask.BREACH else 0
    whom = _and_leads(waits, books, late=max(0, request.times - prompts) >= ALONE_TO_CLOSE)
    return _nudge(request, whom, OPEN_STILL, books, now, values={})


def _nudge(
    request: StaffRequest,
    whom: Sequence[Person],
    page: str,
    books: Books,
    now: datetime,
    *,
    values: Mapping[str, str],
) -> bool:
    """A reminder alone is evidence of nothing."""
    spoken = change(books, request, told=now, times=request.times + 1)
    tell(books, spoken, whom, page=page, now=now, mark=str(spoken.times), values=dict(values))
    return True


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
    past = sum(since >= timedelta(hours=hours) for hours in PROMPTS) + max(0, (since - _END) // DAY)
    if past <= request.times:
        return False
    school, is_over = books.school, since >= _END
    by = school.calendar.local(request.starts + _END)
    values = {"by": f"{by:%d/%m/%Y, %H:%M}"}
    if not is_over:
        values["hours"] = str((_END - since) // timedelta(hours=1))
    whom = _asked_about_the_ico(books, now, all_of_them=since >= DECIDED_BY_HEAD)
    # Once it is over, only the first word of it wakes anybody.
    urgent = since < _END + DAY
    return _speak(request, whom, OVER if is_over else CLOCK, books, now, times=past, values=values, urgent=urgent)


def _asked_about_the_ico(books: Books, now: datetime, *, all_of_them: bool) -> Sequence[Person]:
    """Head and contact for data protection; everybody who was told of it where no head is in, or time runs out."""
    school = books.school
    if all_of_them or not school.present(Role.HEAD, on=school.calendar.today(now)):
        return told_of_a_breach(school)
    return [each for each in school.people if each.holds(Role.HEAD) or each.id == school.data_protection]


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
    write(books, spoken, SPOKEN[page], by="", now=now)
    return True
