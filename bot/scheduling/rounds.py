"""Rounds: what is looked after regularly. One process takes each at its slot; it hands over the time, and commits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial

from bot.clock import Clock
from bot.logs import log
from bot.scheduling.agreement_round import ASK, FURTHEST_ASK, QUARTERLY, ask_round
from bot.scheduling.duty_round import duty_round
from bot.scheduling.event_round import event_lays, forget_events
from bot.scheduling.look_round import tell_of_news
from bot.scheduling.request_round import follow_requests
from bot.scheduling.slots import Daily, Every, Slots
from bot.unit import CONVERSATION_KEPT, INBOX_KEPT, PACING_KEPT, Unit, Units
from curriculum import CoverageMap, Planned, coverage_map
from lessons import lesson_plan, tell_assembly, tell_lessons
from pages import Page, Shelf
from parents import (
    NEWS_AT,
    Campaign,
    Coming,
    Laid,
    Meant,
    day_of_news,
    forget_waiting,
    home_links,
    newsletter_of,
    plan_home,
    plan_newsletter,
    plan_staff_step,
    plan_step,
    steps_soon,
    tell_of_cover,
)
from safeguarding import (
    climb_on,
    destroy_idle_pairs,
    destroy_stale_drafts,
    destroy_what_is_over,
    end_old_requests,
    let_go,
    take_keys_from_leavers,
    tell_the_mark,
    warn_of_last_keys,
)
from school.notices import Mailing
from school.people import YearGroup
from school.school import School
from staff import CALM, calm_hour, forget_questions, tell_of_due_sites, tell_of_gaps

# A machine that slept through the hour still sends what is good (three days: parents.newsletters), and tells the owner
# of what is not; what is longer ago than this is history.
NEWS_HORIZON_BEHIND, NEWS_HORIZON_AHEAD = timedelta(days=7), timedelta(days=7)
PLAN, TIDY, WATCH, AHEAD, NUDGE = "plan", "tidy", "watch", "ahead", "nudge"
SLOTS: Mapping[str, Slots] = {
    PLAN: Every(timedelta(minutes=1)),
    TIDY: Daily(time(3, 10)),
    WATCH: Every(timedelta(minutes=1)),
    # Before anybody is at school, and long enough before the first lesson.
    AHEAD: Daily(time(6, 30)),
    # Daily, for the day of the week that it is for is another in a week with a bank holiday.
    NUDGE: Daily(CALM),
    ASK: QUARTERLY,
}
# Nobody's slot is further off than this, unless the clock was moved back since: then it is due as well.
FURTHEST = {
    PLAN: timedelta(minutes=2),
    TIDY: timedelta(hours=26),
    WATCH: timedelta(minutes=2),
    AHEAD: timedelta(hours=26),
    NUDGE: timedelta(hours=26),
    ASK: FURTHEST_ASK,
}
# Chunks that one school's audience is laid down by before the next school has its turn.
CHUNKS_A_TURN = 50
# Rows deleted in one transaction: it holds SQLite's one writer for a few milliseconds, and a child is not held up.
CHUNK = 200

LayNext = Callable[[Unit], Laid]


@dataclass(frozen=True)
class Rounds:
    """Every round of every school; each school in transactions of its own, so that one's fault is not another's."""

    schools: Mapping[str, School]
    units: Units
    shelf: Shelf
    campaigns: Mapping[str, Campaign]
    clock: Clock
    machine_clock: Clock
    # The strands of the curriculum, of which a nudge speaks: by id, in their order, with their names.
    strands: Mapping[str, str] = field(default_factory=dict)
    # Schools whose schedules this process has seen to it that there are.
    _known: set[str] = field(default_factory=set)
    # Schools and events of which the file has been what families were told: see event_lays.
    _agreed: set[tuple[str, str]] = field(default_factory=set)

    @cached_property
    def _lessons(self) -> Sequence[Planned]:
        """Worked out once, and not for each school while its writer is held."""
        return lesson_plan(self.shelf)

    def go(self) -> int:
        """Whatever is due now; how many things were planned or put away."""
        now = self.clock.now()
        self._know(now)
        done = sum(self._one(school, name, now) for school, name in self.units.schedules_due(now, furthest=FURTHEST))
        # What was destroyed, by a round or by its sender, is in the database's files until this.
        self._wipe()
        return done

    def _wipe(self) -> None:
        try:
            self.units.wipe()
        except Exception as error:  # noqa: BLE001 - it is tried again with the next round; nothing else may wait for it
            log("rounds.failed", verb="wipe", error=error)

    def _know(self, now: datetime) -> None:
        for school in self.schools.keys() - self._known:
            with self.units.write(school) as unit:
                for name in SLOTS:
                    unit.schedules.know(name, now=now)
                unit.commit()
            self._known.add(school)

    def _one(self, school_id: str, name: str, now: datetime) -> int:
        school = self.schools.get(school_id)
        if school is None:
            return 0
        try:
            return self._rounds[name](school, now)
        except Exception as error:  # noqa: BLE001 - one school's fault is logged and the next school is looked after
            log("rounds.failed", school=school_id, verb=name, error=error)
            return 0

    @property
    def _rounds(self) -> Mapping[str, Callable[[School, datetime], int]]:
        return {
            PLAN: self._plan,
            TIDY: self._tidy,
            WATCH: self._watch,
            AHEAD: self._ahead,
            NUDGE: self._nudge,
            ASK: self._ask,
        }

    def _take(self, unit: Unit, school: School, name: str, now: datetime) -> bool:
        following = partial(SLOTS[name].following, calendar=school.calendar)
        return unit.schedules.take(name, now=now, following=following, furthest=FURTHEST[name]) is not None

    def _watch(self, school: School, now: datetime) -> int:
        """Drafts with a sign of danger go by themselves; reports that nobody has opened in time go up the ladder."""
        done = sum(self._let_go(school, sender, now) for sender in self._silent(school, now))
        with self.units.write(school.id) as unit:
            if not self._take(unit, school, WATCH, now):
                return done
            done += climb_on(school=school, concerns=unit.concerns, outbox=unit.outbox, evidence=unit.evidence, now=now)
            done += unit.chats.forget_told()
            end_old_requests(concerns=unit.concerns, identities=unit.identities, now=now)
            unit.commit()
        return done + follow_requests(self.units, school, now)

    def _silent(self, school: School, now: datetime) -> Sequence[str]:
        with self.units.read(school.id) as unit:
            return unit.drafts.due(now)

    def _let_go(self, school: School, sender: str, now: datetime) -> int:
        """In a transaction of its own: one that cannot go holds up no other, and no report's climb."""
        try:
            with self.units.write(school.id) as unit:
                done = let_go(
                    sender,
                    school=school,
                    concerns=unit.concerns,
                    drafts=unit.drafts,
                    chats=unit.chats,
                    outbox=unit.outbox,
                    evidence=unit.evidence,
                    now=now,
                )
                unit.commit()
        except Exception as error:  # noqa: BLE001 - it stays due, and the next round tries again
            log("rounds.failed", school=school.id, verb=WATCH, error=error)
            return 0
        return done

    def _tidy(self, school: School, now: datetime) -> int:
        """Delete what has been kept long enough, a chunk a transaction. Each holds the slot, and the last moves it on.

        Whoever is killed in the middle, or finds the database away, leaves it due, and the next one goes on.
        """
        done, full = 0, True
        while full:
            with self.units.write(school.id) as unit:
                if not unit.schedules.hold(TIDY, now=now, furthest=FURTHEST[TIDY]):
                    break
                gone = self._put_away(unit, school, now)
                full = CHUNK in gone
                if not full:
                    self._take(unit, school, TIDY, now)
                    self._look_after_keys(unit, school, now)
                    tell_the_mark(school=school, concerns=unit.concerns, outbox=unit.outbox, now=now)
                unit.commit()
            done += sum(gone)
        return done

    def _put_away(self, unit: Unit, school: School, now: datetime) -> tuple[int, ...]:
        """A chunk of each kind. Arrivals and pacing are dated by the machine's clock."""
        machine_now = self.machine_clock.now()
        return (
            destroy_stale_drafts(concerns=unit.concerns, now=now),
            destroy_what_is_over(concerns=unit.concerns, now=now),
            take_keys_from_leavers(
                school=school,
                concerns=unit.concerns,
                keyring=unit.keyring,
                outbox=unit.outbox,
                now=now,
                limit=CHUNK,
            ),
            unit.inbox.forget(before=machine_now - INBOX_KEPT, limit=CHUNK),
            forget_waiting(pendings=unit.pendings, now=now, limit=CHUNK),
            forget_questions(questions=unit.questions, now=now, limit=CHUNK),
            forget_events(unit, school=school, now=now, limit=CHUNK),
            unit.conversations.forget(before=now - CONVERSATION_KEPT, limit=CHUNK),
            unit.deliveries.forget_pacing(before=machine_now - PACING_KEPT, limit=CHUNK),
        )

    def _look_after_keys(self, unit: Unit, school: School, now: datetime) -> None:
        """Pairs on which nothing hangs go; keys that must not go are somebody's business."""
        concerns, keyring, machine_now = unit.concerns, unit.keyring, self.machine_clock.now()
        destroy_idle_pairs(school=school, concerns=concerns, keyring=keyring, now=now, machine_now=machine_now)
        warn_of_last_keys(school=school, concerns=concerns, keyring=keyring, outbox=unit.outbox, now=now)

    def _nudge(self, school: School, now: datetime) -> int:
        """Who checked a site hears that it is due; who leads on e-safety, once a week, of lessons that wait.

        And of a campaign that comes while nobody is there to listen.
        """
        coverage = self._coverage(school, now) if calm_hour(school.calendar, now=now) else None
        left = 0
        with self.units.write(school.id) as unit:
            if not self._take(unit, school, NUDGE, now):
                return left
            left = tell_of_due_sites(school=school, sites=unit.sites, outbox=unit.outbox, now=now)
            left += duty_round(unit, school=school, shelf=self.shelf, now=now)
            left += tell_of_cover(self.campaigns.values(), school=school, outbox=unit.outbox, now=now)
            if coverage is not None:
                left += tell_of_gaps(coverage, strands=self.strands, school=school, outbox=unit.outbox, now=now)
            unit.commit()
        return left

    def _ask(self, school: School, now: datetime) -> int:
        def take(unit: Unit) -> bool:
            return self._take(unit, school, ASK, now)

        return ask_round(school, now, units=self.units, shelf=self.shelf, take=take)

    def _coverage(self, school: School, now: datetime) -> CoverageMap:
        """Read by itself: a school of many classes holds up nobody who writes."""
        with self.units.read(school.id) as unit:
            return coverage_map(
                school,
                plan=self._lessons,
                strands=tuple(self.strands),
                progress=unit.progress,
                on=school.calendar.today(now),
            )

    def _ahead(self, school: School, now: datetime) -> int:
        """Whoever teaches today or leads next week is told. What was missed is told late, or not any more."""
        on = school.calendar.today(now)
        with self.units.write(school.id) as unit:
            if not self._take(unit, school, AHEAD, now):
                return 0
            told = tell_lessons(
                school=school,
                plan=self._lessons,
                shelf=self.shelf,
                progress=unit.progress,
                outbox=unit.outbox,
                on=on,
            )
            told += tell_assembly(school=school, shelf=self.shelf, outbox=unit.outbox, on=on)
            unit.commit()
        return told

    def _plan(self, school: School, now: datetime) -> int:
        """What is due soon becomes a header, what is due now is laid down. The slot is advanced before any of it."""
        with self.units.write(school.id) as unit:
            if not self._take(unit, school, PLAN, now):
                return 0
            unit.commit()
        laid = sum(self._lay(school, lay) for lay in self._to_lay(school, now))
        return laid + tell_of_news(self.units, school, shelf=self.shelf, now=now)

    def _lay(self, school: School, lay: LayNext) -> int:
        """Chunk by chunk; what is left after a turn is laid down at the next slot."""
        added = 0
        for _ in range(CHUNKS_A_TURN):
            with self.units.write(school.id) as unit:
                laid = lay(unit)
                unit.commit()
            added += laid.added
            if laid.done:
                break
        return added

    def _to_lay(self, school: School, now: datetime) -> list[LayNext]:
        news = [
            partial(self._newsletter, school=school, page=page, day=day, now=now)
            for page, day in due_newsletters(self.shelf.all(kind="newsletter"), school=school, now=now)
        ]
        steps = [
            partial(self._step, school=school, campaign=campaign, coming=coming, now=now)
            for campaign in self.campaigns.values()
            for coming in steps_soon(campaign, school=school, now=now).steps
        ]
        with self.units.read(school.id) as unit:
            lessons = home_links(mailings=unit.mailings, now=now)
            events = event_lays(unit, school=school, now=now, agreed=self._agreed)
        told = [partial(_home, school=school, mailing=mailing, now=now) for mailing in lessons]
        return [*events, *told, *news, *steps]

    def _newsletter(self, unit: Unit, *, school: School, page: Page, day: date, now: datetime) -> Laid:
        return plan_newsletter(
            newsletter_of(page, shelf=self.shelf),
            school=school,
            families=unit.families,
            mailings=unit.mailings,
            approvals=unit.approvals,
            evidence=unit.evidence,
            due=school.calendar.at(day, NEWS_AT),
            now=now,
        )

    def _step(self, unit: Unit, *, school: School, campaign: Campaign, coming: Coming, now: datetime) -> Laid:
        if coming.step.to is not Meant.FAMILIES:
            return plan_staff_step(
                coming,
                campaign,
                school=school,
                mailings=unit.mailings,
                evidence=unit.evidence,
                now=now,
            )
        return plan_step(
            coming.mailing,
            school=school,
            years=_years_of(self.shelf.get(coming.step.page, "en")),
            families=unit.families,
            mailings=unit.mailings,
            evidence=unit.evidence,
            now=now,
        )


def _home(unit: Unit, *, school: School, mailing: Mailing, now: datetime) -> Laid:
    return plan_home(
        mailing,
        school=school,
        families=unit.families,
        mailings=unit.mailings,
        evidence=unit.evidence,
        now=now,
    )


def _years_of(page: Page) -> frozenset[YearGroup]:
    return frozenset(YearGroup.parse(year) for year in page.front.years)


def due_newsletters(pages: Sequence[Page], *, school: School, now: datetime) -> tuple[tuple[Page, date], ...]:
    """Newsletters whose day is near, with the day: those long gone are history, those far off wait."""
    today = school.calendar.today(now)
    return tuple(
        (page, day)
        for page in pages
        if (day := day_of_news(page)) and today - NEWS_HORIZON_BEHIND <= day <= today + NEWS_HORIZON_AHEAD
    )
