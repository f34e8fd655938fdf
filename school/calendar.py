"""The school's one calendar: terms, school days, INSET, quiet hours. Pure arithmetic on given dates."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
# A calendar of at most a few years: a search beyond this is a calendar without an answer, not a long one.
FAR = 800


class BeyondTheCalendarError(ValueError):
    """The school's calendar does not reach that far: add the next year's terms to school.toml."""


@dataclass(frozen=True, kw_only=True)
class HalfTerm:
    """A run of weeks between holidays, both days included; `id` such as `autumn-1`."""

    id: str
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """When the school is open and when it may speak.

    `quiet_from` and `quiet_until` are wall-clock times in `zone`; the quiet runs over midnight when from is the later.
    From `open_from` until `open_until` on a term day there are staff who look at what came in; that never runs over
    midnight.
    """

    zone: ZoneInfo
    half_terms: tuple[HalfTerm, ...]
    inset: frozenset[date] = frozenset()
    closed: frozenset[date] = frozenset()
    quiet_from: time = time(20, 0)
    quiet_until: time = time(7, 30)
    open_from: time = time(8, 30)
    open_until: time = time(16, 0)

    def half_term(self, on: date) -> HalfTerm | None:
        """The half-term the day is in, or None in a holiday."""
        return next((half for half in self.half_terms if half.first <= on <= half.last), None)

    def half_term_for_planning(self, on: date) -> HalfTerm | None:
        """As `half_term`; in a holiday, the one to come; after the last, the last."""
        coming = next((half for half in self.half_terms if on <= half.last), None)
        return coming or (self.half_terms[-1] if self.half_terms else None)

    def year_began(self, on: date) -> date:
        """The first day of the school year that a day is in: of the last autumn term that has begun, in this calendar.

        Before all of them the first of September before, which is when a school year begins in England.
        """
        autumns = [half.first for half in self.half_terms if half.id == "autumn-1" and half.first <= on]
        first_of_september = date(on.year if on.month >= 9 else on.year - 1, 9, 1)
        return max(autumns, default=first_of_september)

    def is_term_day(self, on: date) -> bool:
        """A weekday in term, for staff or pupils: INSET counts."""
        return on.weekday() < 5 and on not in self.closed and self.half_term(on) is not None

    def is_school_day(self, on: date) -> bool:
        """A day with pupils in the building."""
        return self.is_term_day(on) and on not in self.inset

    def is_first_of_week(self, on: date) -> bool:
        """The first day of its week with pupils in the building."""
        before = (on - n * ONE_DAY for n in range(1, on.weekday() + 1))
        return self.is_school_day(on) and not any(self.is_school_day(day) for day in before)

    def school_days(self, start: date) -> Iterator[date]:
        """School days from a day on, that day included if it is one. Raises BeyondTheCalendarError at the end."""
        return self._walk(start, ONE_DAY)

    def _walk(self, start: date, step: timedelta) -> Iterator[date]:
        day = start
        for _ in range(FAR):
            if self.is_school_day(day):
                yield day
            day += step
        raise BeyondTheCalendarError

    def next_school_day(self, on: date) -> date:
        """The day itself if it is a school day, else the first one after it."""
        return next(self.school_days(on))

    def add_school_days(self, anchor: date, days: int) -> date:
        """`days` school days after the anchor, before it if negative; 0 is the anchor or the next school day.

        An anchor in a holiday counts as the next school day first.
        """
        walk = self._walk(self.next_school_day(anchor), ONE_DAY if days >= 0 else -ONE_DAY)
        for _ in range(abs(days)):
            next(walk)
        return next(walk)

    def school_week(self, on: date) -> int:
        """The number of the week among those with a school day in them, from 1; 0 before the first term day."""
        if not self.half_terms:
            return 0
        first, monday = self.half_terms[0].first, on - on.weekday() * ONE_DAY
        weeks = {
            day - day.weekday() * ONE_DAY
            for offset in range(max(0, (on - first).days + 1))
            if self.is_school_day(day := first + offset * ONE_DAY)
        } | ({monday} if any(self.is_school_day(monday + n * ONE_DAY) for n in range(5)) else set())
        return len(weeks)

    def at(self, on: date, clock: time) -> datetime:
        """A wall-clock time of the school as an instant in UTC.

        A time that the wall shows twice in autumn is the first of the two, whatever its `fold`. A time that spring
        skips comes as soon as the wall is past it, so that a later time of the same day is never due sooner.
        """
        wall = datetime.combine(on, clock.replace(fold=0), tzinfo=self.zone)
        first, second = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
        # PEP 495: only for a skipped time does the offset after the change give the earlier instant.
        return first if first <= second else self._change(second, first)

    def _change(self, before: datetime, after: datetime) -> datetime:
        """The instant at which the clocks change between two others, to the second; in UTC."""
        start = before.replace(microsecond=0)
        was = self.local(start).utcoffset()
        seconds = range(int((after - start).total_seconds()) + 1)
        to_go = bisect_left(seconds, 1, key=lambda past: self.local(start + timedelta(seconds=past)).utcoffset() != was)
        return start + timedelta(seconds=to_go)

    def local(self, now: datetime) -> datetime:
        """An instant on the school's wall."""
        return now.astimezone(self.zone)

    def today(self, now: datetime) -> date:
        """The school's date at an instant."""
        return self.local(now).date()

    def is_quiet(self, now: datetime) -> bool:
        """Whether families are left in peace at this instant."""
        clock = self.local(now).time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= clock < self.quiet_until
        return clock >= self.quiet_from or clock < self.quiet_until

    def next_open(self, now: datetime) -> datetime:
        """The instant itself, or the end of the quiet hours it falls in; in UTC."""
        opened = now.astimezone(UTC)
        while self.is_quiet(opened):
            local = self.local(opened)
            morning = local.date() if local.time() < self.quiet_until else local.date() + ONE_DAY
            end = self.at(morning, self.quiet_until)
            # In the hour that autumn repeats, the quiet has ended once already and ends a second time.
            again = datetime.combine(morning, self.quiet_until.replace(fold=1), tzinfo=self.zone).astimezone(UTC)
            opened = end if end > opened else again
        return opened

    def is_staffed(self, now: datetime) -> bool:
        """Whether there are staff who look at what came in at this instant."""
        local = self.local(now)
        return self.is_term_day(local.date()) and self.open_from <= local.time() < self.open_until

    def next_staffed(self, now: datetime) -> datetime:
        """The instant itself where there are staff, else when they are next there; in UTC.

        Raises BeyondTheCalendarError where no term day is known to come.
        """
        if self.is_staffed(now):
            return now.astimezone(UTC)
        local = self.local(now)
        day = local.date() if local.time() < self.open_from else local.date() + ONE_DAY
        for _ in range(FAR):
            if self.is_term_day(day):
                return self.at(day, self.open_from)
            day += ONE_DAY
        raise BeyondTheCalendarError

    def staffed_after(self, now: datetime, wait: timedelta) -> datetime:
        """When so much time with staff in school has gone by; in UTC. Raises BeyondTheCalendarError.

        A clock change falls on no school hour, so that wall-clock hours are hours.
        """
        at, left = self.next_staffed(now), wait
        while True:
            closes = self.at(self.today(at), self.open_until)
            if left <= closes - at:
                return at + left
            left -= closes - at
            at = self.next_staffed(closes)


def safer_internet_day(year: int) -> date:
    """A proposal only: the Tuesday in 5 to 11 February fits every published date from 2013 to 2026.

    Source: the published dates of the UK Safer Internet Centre; the school file's own date is what counts.
    """
    fifth = date(year, 2, 5)
    return fifth + (1 - fifth.weekday()) % 7 * ONE_DAY
