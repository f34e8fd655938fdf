"""The accounting identity, at every moment: candidates = sent + failed + skipped + unknown + pending."""

import itertools
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.clock import SetClock
from bot.storage import Claim, DeliveryRow, DeliveryState, End, Engines, Ledger, Posting, SqlUnits, open_engines
from school.notices import Mailing, MailingState
from tests.databases import Server
from tests.storage.conftest import HERE, NOW
from tests.storage.post import LEASE, OF_AUTUMN

ENDS = st.sampled_from(
    [DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SKIPPED, DeliveryState.UNKNOWN, DeliveryState.PLANNED]
)
PENDING = {"planned", "claimed", "sending"}
numbers = itertools.count(1)


class Accounts(RuleBasedStateMachine):
    """One mailing under whatever may happen to it, in any order. `went` counts what a platform was given."""

    engines: Engines

    def __init__(self) -> None:
        super().__init__()
        self.clock = SetClock(NOW)
        self.units = SqlUnits(self.engines, Posting(school_clock=self.clock, machine_clock=self.clock))
        self.units.add_school(HERE)
        self.ledger = Ledger(self.engines)
        self.mailing = Mailing(
            id=f"m{next(numbers)}", campaign="autumn", page="autumn", due=NOW, not_after=NOW + timedelta(days=3)
        )
        self.source = type(OF_AUTUMN)(school=HERE, lane=OF_AUTUMN.lane, mailing=self.mailing.id)
        self.claimed: list[DeliveryRow] = []
        self.going: list[DeliveryRow] = []
        self.dead: list[DeliveryRow] = []
        self.after: UUID | None = None
        self.laid = self.out = 0
        self.went: dict[UUID, int] = {}
        self.asked_again: set[UUID] = set()
        with self.units.write(HERE) as unit:
            unit.mailings.open(self.mailing, now=NOW)
            unit.mailings.freeze(self.mailing, expected=0, now=NOW)
            unit.commit()

    @rule(many=st.integers(0, 4), out=st.integers(0, 2), stale=st.booleans(), done=st.booleans())
    def lay(self, many: int, out: int, stale: bool, done: bool) -> None:
        families = [UUID(int=self.laid + number + 1) for number in range(many)]
        upto = families[-1] if families else self.after
        with self.units.write(HERE) as unit:
            before = unit.mailings.open(self.mailing, now=NOW)
            unit.mailings.lay(
                self.mailing,
                [(each, "telegram") for each in families],
                excluded=out,
                after=UUID(int=9999) if stale else self.after,
                upto=upto,
                done=done,
            )
            after = unit.mailings.open(self.mailing, now=NOW)
            unit.commit()
        moved = not stale and not before.laid
        self.laid += many * moved
        self.out += out * moved
        self.after = after.upto
        assert (after.candidates, after.excluded) == (self.laid, self.out)

    @rule(limit=st.integers(1, 5))
    def claim(self, limit: int) -> None:
        now = self.clock.now()
        self.claimed += self.ledger.claim(Claim(source=self.source, now=now, machine_now=now, limit=limit, lease=LEASE))

    @rule()
    def begin(self) -> None:
        may_go = self.ledger.write([row.id for row in self.claimed], []).may_go
        for row_id in may_go:
            self.went[row_id] = self.went.get(row_id, 0) + 1
        self.going += [row for row in self.claimed if row.id in may_go]
        self.claimed = []

    @rule(state=ENDS, begun=st.booleans())
    def end(self, state: DeliveryState, begun: bool) -> None:
        rows = self.going if begun else self.dead
        if rows:
            self._ended(rows.pop(0), state)

    def _ended(self, row: DeliveryRow, state: DeliveryState) -> None:
        if state is DeliveryState.PLANNED:
            self.went[row.id] -= 1  # it is known that it did not go
        self.ledger.write([], [End(id=row.id, state=state, reason="as it went", not_before=self.clock.now())])

    @rule()
    def release(self) -> None:
        self.ledger.release([row.id for row in self.claimed])
        self.claimed = []

    @rule()
    def crash_and_recover(self) -> None:
        self.clock.move_to(self.clock.now() + LEASE)
        self.dead, self.going, self.claimed = [*self.going], [], []
        self.ledger.recover(self.clock.now())

    @rule(days=st.integers(0, 2))
    def expire(self, days: int) -> None:
        self.clock.move_to(self.clock.now() + timedelta(days=days))
        with self.units.write(HERE) as unit:
            unit.deliveries.expire(now=self.clock.now(), limit=99)
            unit.commit()

    @rule(state=st.sampled_from([MailingState.PAUSED, MailingState.RUNNING, MailingState.RUNNING]))
    def pause_or_resume(self, state: MailingState) -> None:
        self._set(state)

    @rule(really=st.integers(0, 3))
    def cancel(self, really: int) -> None:
        if really == 0:
            self._set(MailingState.CANCELLED)
        self.ledger.sweep_cancelled(limit=3)

    def _set(self, state: MailingState) -> None:
        with self.units.write(HERE) as unit:
            unit.mailings.set_state(self.mailing.id, state, now=NOW)
            unit.commit()

    @rule(again=st.booleans())
    def decide(self, again: bool) -> None:
        with self.units.write(HERE) as unit:
            for line in unit.deliveries.doubtful(limit=1):
                assert unit.deliveries.decide(line.id, again=again, now=self.clock.now())
                if again:
                    self.asked_again.add(UUID(line.id))
                self.dead = [row for row in self.dead if str(row.id) != line.id]
            unit.commit()

    @rule()
    def finish(self) -> None:
        self.ledger.finish(self.clock.now())

    @invariant()
    def the_accounts_balance(self) -> None:
        with self.units.read(HERE) as unit:
            (mine,) = [each for each in unit.deliveries.progress(limit=999) if each.header.mailing == self.mailing]
        assert mine.balanced
        assert mine.header.candidates == self.laid
        if mine.header.state is MailingState.FINISHED:
            assert not PENDING & {state for state, number in mine.states.items() if number}

    @invariant()
    def nobody_is_sent_news_twice_unless_somebody_asked_for_it(self) -> None:
        assert [row_id for row_id, times in self.went.items() if times > 1 and row_id not in self.asked_again] == []


def held(engines: Engines, *, examples: int) -> None:
    machine = type("Machine", (Accounts,), {"engines": engines})
    quiet = settings(
        max_examples=examples,
        stateful_step_count=30,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=quiet)


def test_marta_is_in_the_accounts_once_whatever_happens_on_sqlite(sqlite_template: Path) -> None:
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.exists() else None) as folder:
        path = Path(folder) / "lollipop.db"
        shutil.copyfile(sqlite_template, path)
        engines = open_engines(f"sqlite:///{path}")
        held(engines, examples=25)
        engines.close()


def test_marta_is_in_the_accounts_once_whatever_happens_on_postgresql(
    postgresql: Server, postgresql_template: str
) -> None:
    with postgresql.database(like=postgresql_template) as url:
        engines = open_engines(url)
        held(engines, examples=12)
        engines.close()
