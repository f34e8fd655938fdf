"""Kill -9, start again, kill again; then let it come to its end and count."""

import multiprocessing
import random  # noqa: TID251 - seeded, so that a run can be had again
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.wire import Via
from tests.crash.child import POINTS, Told, main
from tests.crash.office import STOPPED, Line, as_seen, office
from tests.crash.platforms import PLATFORMS
from tests.crash.rude import Arrival, Rude, most_in_a_second

RUDENESS = {Rude.REFUSE: 0.03, Rude.STALL: 0.004, Rude.FAIL: 0.02, Rude.DROP: 0.03, Rude.BLOCK: 0.005}
AT_RANDOM = "at random"
# What may be in doubt at a kill: 5 a school where limits hold, 100 where none do (figures that were set for it).
IN_DOUBT = {True: 5, False: 100}
# What may leave beyond the limit in a second: one worker keeps its messages apart by a gate. A notice of the other,
# whose slot has passed, goes late beside news that left it no room any more; seen were four.
ASIDE = {1: 2, 2: 10}
RIPE_SECONDS, END_SECONDS, DEAD_SECONDS, DIARY_SECONDS = 15.0, 180.0, 10.0, 1.5

# Children are forked from a process that has imported everything and opened nothing.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.crash.child", "tests.crash.rounds"])


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is killed, and how often. `lease_seconds` is short, for nobody waits ninety seconds for each kill."""

    database: str
    folder: Path
    workers: int
    paced: bool
    kills: int
    seed: int
    lease_seconds: float = 10.0
    kicked: bool = False
    via: Via = Via.TELEGRAM
    points: tuple[str, ...] = (*POINTS, AT_RANDOM)
    rudeness: Mapping[Rude, float] = field(default_factory=lambda: RUDENESS)

    @property
    def alone(self) -> bool:
        return self.database.startswith("sqlite")


@dataclass
class Figures:
    """What a run came to. The first four must be 0; `problems` says in words what was not as it must be."""

    lost: int = 0
    newsletters_repeated: int = 0
    safeguarding_lost: int = 0
    unmarked_repeats: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    sent: int = 0
    unknown_by_kills: int = 0
    unknown_by_platform: int = 0
    most_in_doubt_at_a_kill: int = 0
    safeguarding: int = 0
    safeguarding_repeated: int = 0
    most_sent_in_a_second: int = 0
    most_arrived_in_a_second: int = 0
    refused: int = 0
    kicked: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def show_no_harm(self, *, kills: int) -> None:
        """After so many kills. Raises AssertionError where a family or Dilys has come to any."""
        assert self.problems == [], self.problems
        assert sum(self.kills.values()) == kills
        assert self.sent > 0
        assert self.safeguarding > 0
        assert (self.lost, self.newsletters_repeated) == (0, 0)
        assert (self.safeguarding_lost, self.unmarked_repeats) == (0, 0)


def until(true: Callable[[], object], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


class Child:
    """One process that will be killed: where it stands still, or after how many messages."""

    def __init__(
        self,
        told: Told,
        *,
        pause_at: str = "",
        after: int = 0,
        does: Callable[..., None] = main,
        given: tuple[object, ...] = (),
    ) -> None:
        self.told, self.pause_at, self.after = told, pause_at, after
        self._facts: list[tuple[str, float, str]] = []
        self._read = 0
        self._process: ForkServerProcess = FORKS.Process(target=does, args=(told, pause_at, *given), daemon=True)
        self._process.start()

    @property
    def state(self) -> str:
        return self.pause_at.partition(":")[0] or AT_RANDOM

    def facts(self) -> list[tuple[str, float, str]]:
        """Its diary: word, instant, what about."""
        if self.told.diary.exists():
            with self.told.diary.open("rb") as file:
                file.seek(self._read)
                whole, _, _ = file.read().rpartition(b"\n")
            self._read += len(whole) + bool(whole)
            parts = [line.split(" ", 2) for line in whole.decode().splitlines()]
            self._facts += [(word, float(at), about) for word, at, about in parts]
        return self._facts

    def ripe(self) -> bool:
        words = [word for word, _, _ in self.facts()]
        return "paused" in words if self.pause_at else words.count("posting") >= self.after

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def kill(self) -> None:
        self._process.kill()
        self._process.join(DEAD_SECONDS)
        assert self._process.exitcode == -9, self._process.exitcode
        self._process.close()


class Run:
    """One plan from its first process to its last row."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.figures = Figures()
        self._random = random.Random(plan.seed)
        self._live: list[Child] = []
        self._dead: list[Child] = []
        self._states = [each for each in plan.points if plan.paced or each != "booked"]
        self._started = self._numbered = 0
        self._in_doubt: set[str] = set()
        self._claims: dict[str, tuple[float, str]] = {}

    def __call__(self) -> Figures:
        began = time.monotonic()
        plan = self.plan
        platform, addresses, self._limit = PLATFORMS[plan.via]
        server = platform(seed=plan.seed, rudeness=plan.rudeness, limit=self._limit if plan.paced else None)
        with server, office(plan.database, kicked=plan.kicked) as school:
            self._server, self._office = server, school
            self._families = school.families(400, via=plan.via, addresses=addresses)
            self._heard = school.families(20, via=plan.via, addresses=addresses)
            server.polite.update(family.address for family in self._heard)
            try:
                while sum(self.figures.kills.values()) < plan.kills:
                    self._one_kill()
                self._to_the_end()
            finally:
                for child in self._live:
                    child.kill()
            self._count()
        self.figures.seconds = round(time.monotonic() - began, 1)
        return self.figures

    def _one_kill(self) -> None:
        self._enough_to_do()
        while len(self._live) < self.plan.workers:
            self._live.append(self._child())
        victim = self._live.pop(0)
        self._dead.append(victim)
        end = time.monotonic() + RIPE_SECONDS
        while not victim.ripe() and victim.alive and time.monotonic() < end:
            time.sleep(0.01)
            if not self._office.count("planned", "claimed"):
                self._enough_to_do()
        assert victim.alive, f"{victim.told.name} ended by itself"
        state = victim.state if victim.ripe() else AT_RANDOM
        if state == AT_RANDOM:
            time.sleep(self._random.uniform(0, 0.02))
        victim.kill()
        self.figures.kills[state] = self.figures.kills.get(state, 0) + 1
        until(lambda: self._gone(victim), DEAD_SECONDS)
        self._after(victim)

    def _child(self, *, doomed: bool = True) -> Child:
        plan = self.plan
        self._started += 1
        name = f"{plan.seed}-{self._started}"
        told = Told(
            name=name,
            database=plan.database if plan.alone else as_seen(plan.database, name),
            folder=str(plan.folder),
            server=self._server.address,
            paced=plan.paced,
            alone=plan.alone,
            lease_seconds=plan.lease_seconds,
            kicked=plan.kicked,
            via=plan.via,
        )
        state = self._states[(self._started - 1) % len(self._states)] if doomed else AT_RANDOM
        most = {"claimed": 2, "posted": 20 if plan.paced else 100}.get(state, 10 if plan.paced else 5)
        pause_at = "" if state == AT_RANDOM else f"{state}:{self._random.randint(1, most)}"
        return Child(told, pause_at=pause_at, after=self._random.randint(1, 20 if plan.paced else 150))

    def _enough_to_do(self) -> None:
        """A newsletter whenever little is left of the others, and a notice or two for each process."""
        least = self._limit * 4 // 3 if self.plan.paced else 250
        if self._office.count("planned") < least:
            self._numbered += 1
            self._office.newsletter(f"news-{self._numbered}", self._random.sample(self._families, least))
        for family in self._random.sample(self._heard, self._random.randint(1, 3)):
            self._numbered += 1
            self._office.notice(f"notice-{self._numbered}", family)

    def _gone(self, victim: Child) -> bool:
        return self.plan.alone or self._office.has_lost(victim.told.name)

    def _after(self, victim: Child) -> None:
        """After each kill: the accounts balance, and no more is in doubt than may be."""
        figures = self.figures
        if not self._office.balanced():
            figures.problems.append(f"{victim.told.name}: the ledger does not balance")
        # What the other worker has taken back already, or what was taken back before because its lease had lapsed.
        known = [*self._office.news_being_sent(), *(set(self._office.stopped()) - self._in_doubt)]
        # A claim that nothing waits for is in doubt before its diary tells of it. One who lives writes it down at once;
        # what nobody has after a while was claimed by the one that is dead.
        end = time.monotonic() + DIARY_SECONDS
        while not (self._whose(victim).keys() >= set(known) or time.monotonic() > end):
            time.sleep(0.05)
        held = [each for each in known if self._claims.get(each, (0.0, victim.told.name))[1] == victim.told.name]
        figures.most_in_doubt_at_a_kill = max(figures.most_in_doubt_at_a_kill, len(held))
        if len(held) > IN_DOUBT[self.plan.paced]:
            figures.problems.append(f"{victim.told.name}: {len(held)} newsletters in doubt")
        self._in_doubt.update(held)

    def _whose(self, victim: Child) -> dict[str, tuple[float, str]]:
        """Who claimed each row last, by the diaries."""
        for child in (victim, *self._live):
            for word, at, about in child.facts():
                if word == "claimed" and at >= self._claims.get(about, (0.0, ""))[0]:
                    self._claims[about] = (at, child.told.name)
        return self._claims

    def _to_the_end(self) -> None:
        """Start once more, and let it run until nothing is pending."""
        self._live += [self._child(doomed=False) for _ in range(self.plan.workers - len(self._live))]
        for child in [each for each in self._live if each.pause_at]:
            self._live.remove(child)  # it was to be killed next
            child.kill()
            until(lambda child=child: self._gone(child), DEAD_SECONDS)
            self._dead.append(child)
            self._after(child)
            self._live.append(self._child(doomed=False))
        end = time.monotonic() + END_SECONDS
        while not self._office.over():
            if time.monotonic() > end:
                self.figures.problems.append("it did not come to its end in time")
                break
            time.sleep(0.3)
            self._office.half_a_minute_later()
        self._dead += self._live

    def _count(self) -> None:
        lines = self._office.ledger()
        came: dict[tuple[str, str], list[Arrival]] = defaultdict(list)
        for arrival in self._server.arrivals:
            if arrival.taken:
                came[arrival.chat, arrival.number].append(arrival)
        figures = self.figures
        figures.rows = len(lines)
        figures.lost = abs(self._office.laid - len(lines))
        figures.sent = sum(line.state == "sent" for line in lines)
        for line in lines:
            (self._newsletter if line.news else self._notice)(line, came[line.chat, line.number])
        if not self._office.balanced():
            figures.problems.append("in the end the ledger does not balance")
        self._rates()

    def _newsletter(self, line: Line, came: list[Arrival]) -> None:
        figures = self.figures
        is_over = line.state == "sent" or (line.state in {"unknown", "failed", "skipped"} and line.reason)
        if not is_over or (line.state == "sent" and not came):
            figures.lost += 1
            figures.problems.append(f"lost: {line}")
        if len(came) > 1:
            figures.newsletters_repeated += 1
            figures.problems.append(f"repeated: {line}")
        if line.state == "unknown" and line.reason == STOPPED:
            figures.unknown_by_kills += 1
            if line.id not in self._in_doubt:
                figures.problems.append(f"in doubt without a kill: {line}")
        elif line.state == "unknown":
            figures.unknown_by_platform += 1

    def _notice(self, line: Line, came: list[Arrival]) -> None:
        figures = self.figures
        figures.safeguarding += 1
        if line.state != "sent" or not came:
            figures.safeguarding_lost += 1
            figures.problems.append(f"a notice is lost: {line}")
        figures.safeguarding_repeated += len(came) > 1
        unmarked = sum(not each.repeat for each in came[1:])
        if unmarked:
            figures.unmarked_repeats += unmarked
            figures.problems.append(f"a repeat that does not say so: {line}")

    def _rates(self) -> None:
        figures = self.figures
        facts = [fact for child in self._dead for fact in child.facts()]
        posted = [at for word, at, _ in facts if word == "posting"]
        figures.kicked = sum(word == "kicked" for word, _, _ in facts)
        figures.most_sent_in_a_second = most_in_a_second(posted)
        figures.most_arrived_in_a_second = most_in_a_second([each.at for each in self._server.arrivals])
        figures.refused = Counter(each.done for each in self._server.arrivals)[Rude.REFUSE]
        # Slots are never more than the limit in a second (tests/delivery/test_delivery_pacing.py). What leaves here is
        # written down after its slot, by two processes and by a scheduler that may put either aside for a moment.
        if self.plan.paced and figures.most_sent_in_a_second > self._limit + ASIDE[self.plan.workers]:
            figures.problems.append(f"{figures.most_sent_in_a_second} sent in a second")
