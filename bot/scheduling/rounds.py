"""Rounds: what is looked after regularly. Each hands over the time, and commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clock import Clock
from bot.logs import log
from bot.unit import CONVERSATION_KEPT, INBOX_KEPT, Unit, Units
from pages import NewsletterFront, Page, Shelf
from parents import Campaign, Newsletter, plan_campaign, plan_newsletter
from safeguarding import destroy_stale_drafts
from school.people import YearGroup
from school.school import School

NEWS_AT = time(16, 0)
# A newsletter whose day is longer ago than this is history and is not sent to somebody who joins today.
NEWS_HORIZON_BEHIND, NEWS_HORIZON_AHEAD = timedelta(days=1), timedelta(days=7)
# Rows deleted in one transaction: it holds SQLite's one writer for a few milliseconds, and a child is not held up.
CHUNK = 200


@dataclass(frozen=True)
class Rounds:
    """Every round of every school; each school in a transaction of its own, so that one's fault is not another's."""

    schools: Mapping[str, School]
    units: Units
    shelf: Shelf
    campaigns: Mapping[str, Campaign]
    clock: Clock
    machine_clock: Clock

    def go(self) -> int:
        """All of them; how many things were planned or put away."""
        return sum(self._school(school) for school in self.schools.values())

    def _school(self, school: School) -> int:
        done = 0
        now = self.clock.now()
        try:
            with self.units.write(school.id) as unit:
                done += destroy_stale_drafts(concerns=unit.concerns, now=now)
                unit.commit()
            done += self._retire(school, now)
            for page, day in due_newsletters(self.shelf.all(kind="newsletter"), school=school, now=now):
                with self.units.write(school.id) as unit:
                    done += self._newsletter(unit, school, page, day, now)
                    unit.commit()
            for campaign in self.campaigns.values():
                with self.units.write(school.id) as unit:
                    planned = plan_campaign(
                        campaign,
                        school=school,
                        families=unit.families,
                        outbox=unit.outbox,
                        evidence=unit.evidence,
                        now=now,
                    )
                    unit.commit()
                done += planned.added
        except Exception as error:  # noqa: BLE001 - one school's fault is logged and the next school is looked after
            log("rounds.failed", school=school.id, error=error)
        return done

    def _retire(self, school: School, now: datetime) -> int:
        """Delete what has been kept long enough, a chunk a transaction. Arrivals are dated by the machine's clock."""
        arrived, touched = self.machine_clock.now() - INBOX_KEPT, now - CONVERSATION_KEPT
        done, full = 0, True
        while full:
            with self.units.write(school.id) as unit:
                gone = (
                    unit.inbox.forget(before=arrived, limit=CHUNK),
                    unit.conversations.forget(before=touched, limit=CHUNK),
                )
                unit.commit()
            done += sum(gone)
            full = CHUNK in gone
        return done

    def _newsletter(self, unit: Unit, school: School, page: Page, day: date, now: datetime) -> int:
        return plan_newsletter(
            Newsletter(
                page=page.id,
                version=page.version,
                years=frozenset(YearGroup.parse(year) for year in page.front.years),
            ),
            school=school,
            families=unit.families,
            outbox=unit.outbox,
            evidence=unit.evidence,
            due=school.calendar.at(day, NEWS_AT),
            now=now,
        )


def due_newsletters(pages: Sequence[Page], *, school: School, now: datetime) -> tuple[tuple[Page, date], ...]:
    """Newsletters whose day is near, with the day: those long gone are history, those far off wait."""
    today = school.calendar.today(now)
    return tuple(
        (page, page.front.send_on)
        for page in pages
        if isinstance(page.front, NewsletterFront)
        and today - NEWS_HORIZON_BEHIND <= page.front.send_on <= today + NEWS_HORIZON_AHEAD
    )
