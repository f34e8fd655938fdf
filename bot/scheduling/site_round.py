"""Once a week the sites of a school's list are asked whether they answer: beside the rounds, for a network is slow."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.clock import Clock
from bot.links import LinkCheck, Verdict
from bot.logs import log
from bot.scheduling.slots import Every
from bot.unit import Units
from school.school import School
from staff import Site, note_answers

LINKS = "links"
WEEKLY = Every(timedelta(weeks=1))
FURTHEST = timedelta(days=8)


@dataclass(frozen=True)
class SiteRound:
    """The week's slot is taken first, in a transaction of its own: nobody waits for a network inside one.

    A process that dies between asking and writing loses a week's answers, and nothing that somebody did.
    """

    schools: Mapping[str, School]
    units: Units
    clock: Clock
    check: LinkCheck
    # Runs plain work in a thread.
    in_thread: Callable[[Callable[[], Any]], Awaitable[Any]]
    _known: set[str] = field(default_factory=set)

    async def go(self) -> int:
        """Ask whatever is due; how many sites are newly silent. One school's fault is not another's."""
        new = 0
        for school_id in await self.in_thread(self._due):
            try:
                new += await self._of(self.schools[school_id])
            except Exception as error:  # noqa: BLE001 - it is logged, and the next school's sites are asked
                log("rounds.failed", school=school_id, verb=LINKS, error=error)
        return new

    def _due(self) -> Sequence[str]:
        """Schools whose week is over, in one look; a new school's first is over in a week."""
        now = self.clock.now()
        for school in self.schools.keys() - self._known:
            with self.units.write(school) as unit:
                unit.schedules.know(LINKS, now=self._following(school, now))
                unit.commit()
            self._known.add(school)
        due = self.units.schedules_due(now, furthest={LINKS: FURTHEST})
        return [school for school, _ in due if school in self.schools]

    def _following(self, school: str, now: datetime) -> datetime:
        return WEEKLY.following(now, self.schools[school].calendar)

    async def _of(self, school: School) -> int:
        asked: Sequence[Site] = await self.in_thread(partial(self._take, school))
        if not asked:
            return 0
        verdicts = await self.check([each.address for each in asked])
        new: int = await self.in_thread(partial(self._note, school, asked, verdicts))
        return new

    def _take(self, school: School) -> Sequence[Site]:
        """The sites to ask; the slot goes on to the next week. None where another process took it."""
        now, following = self.clock.now(), partial(self._following, school.id)
        with self.units.write(school.id) as unit:
            if unit.schedules.take(LINKS, now=now, following=following, furthest=FURTHEST) is None:
                return ()
            found = unit.sites.listed() if school.sites.ask_weekly else ()
            unit.commit()
        return found

    def _note(self, school: School, asked: Sequence[Site], verdicts: Mapping[str, Verdict]) -> int:
        # What was not asked may well answer pupils: a page on the school's own network, for instance.
        dead = {address for address, verdict in verdicts.items() if verdict.dead and verdict is not Verdict.NOT_ASKED}
        with self.units.write(school.id) as unit:
            new = note_answers(
                asked,
                dead=dead,
                school=school,
                sites=unit.sites,
                outbox=unit.outbox,
                evidence=unit.evidence,
                now=self.clock.now(),
            )
            unit.commit()
        return new
