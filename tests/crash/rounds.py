"""A process that goes its rounds whenever it is told the time, and stands still at an instant in the middle of one:

    fired      a slot is moved on, and nothing of that is committed
    taken      that is committed, and nothing of the round's work is done
    laying     a newsletter is laid down, and nothing of that is committed
    laid       that is committed, and nobody in the process knows it yet
    retiring   a chunk of what has been kept long enough is about to be deleted

It has no other clock than what it is told, so that nobody waits for a school day to come.
"""

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection

from sqlalchemy import event

from bot.clock import SetClock
from bot.scheduling import Rounds
from bot.scheduling.rounds import PLAN
from bot.storage import open_engines
from pages import Shelf
from pages.front_matter import NewsletterFront, Reader
from tests.crash.child import Diary, Pause, Told
from tests.crash.office import SCHOOL, page_of, units_of


def news_of(days: Sequence[date]) -> Shelf:
    """A newsletter for each of these days."""
    same = {"kind": "newsletter", "title": "News", "version": 1, "reader": Reader.PARENT}
    fronts = [NewsletterFront(id=f"news-{day}", send_on=str(day), **same) for day in days]
    return Shelf([page_of(front, "From school.") for front in fronts])


@dataclass(frozen=True, kw_only=True)
class PausingRounds(Rounds):
    pause: Pause

    def _take(self, unit, school, name, now, **rest):
        taken = super()._take(unit, school, name, now, **rest)
        if taken and name == PLAN:
            self.pause.at("fired")
            self.pause.diary.write("fired", now.isoformat())
        return taken

    def _to_lay(self, school, now):
        self.pause.at("taken")
        return super()._to_lay(school, now)

    def _lay(self, school, lay):
        def laying(unit):
            laid = lay(unit)
            if laid.added:
                self.pause.at("laying")
            return laid

        added = super()._lay(school, laying)
        if added:
            self.pause.at("laid")
        return added


def go_rounds(told: Told, _pause_at: str, line: Connection, days: Sequence[date]) -> None:
    """Until it is killed. It is told an instant and where to stand still, if at all; it says how much its round did."""
    signal.alarm(told.seconds)
    pause = Pause(Diary(told.diary))
    engines = open_engines(told.database)

    @event.listens_for(engines.write, "before_cursor_execute")
    def about_to(_connection, _cursor, statement, *_rest) -> None:
        if statement.startswith("DELETE FROM inbox"):
            pause.at("retiring")

    clock = SetClock(datetime.min.replace(tzinfo=UTC))
    rounds = PausingRounds(
        schools={SCHOOL.id: SCHOOL},
        units=units_of(engines, clock),
        shelf=news_of(days),
        campaigns={},
        clock=clock,
        machine_clock=clock,
        pause=pause,
    )
    while True:
        now, pause.point, pause.left = line.recv()
        clock.move_to(now)
        line.send(rounds.go())
