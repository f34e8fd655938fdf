"""The journal: what is begun and ended is committed in groups, and nothing of it is forgotten."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bot.delivery.journal import LONGEST_RETRY_SECONDS, MOST, Journal
from bot.storage import Claim, DatabaseUnreachableError, DeliveryState, End, Source, Written
from school.notices import Lane

MARTA, SAM, AMARA = (UUID(int=number) for number in (1, 2, 3))
NOW, LEASE = datetime(2026, 11, 16, 9, 0, tzinfo=UTC), timedelta(seconds=90)


def sent(row_id: UUID) -> End:
    return End(id=row_id, state=DeliveryState.SENT)


@dataclass
class Kept:
    """A ledger that keeps each commit, and fails as often as it was told to."""

    withdrawn: set[UUID] = field(default_factory=set)
    faults: list[Exception] = field(default_factory=list)
    commits: list[tuple[list[UUID], list[End]]] = field(default_factory=list)
    claims: list[tuple[int, Claim]] = field(default_factory=list)

    def write(self, begins, ends, claims=()) -> Written:
        if self.faults:
            raise self.faults.pop(0)
        self.claims += [(len(self.commits), claim) for claim in claims]
        self.commits.append((list(begins), list(ends)))
        return Written(frozenset(begins) - self.withdrawn, [[claim.limit] for claim in claims])


@dataclass
class Desk:
    written: Kept
    naps: list[float] = field(default_factory=list)
    gate: asyncio.Event | None = None

    def journal(self) -> Journal:
        return Journal(self.written, in_thread=self._in_thread, sleep=self._sleep)

    async def _in_thread(self, _lane, work):
        if self.gate is not None:
            await self.gate.wait()
        return work()

    async def _sleep(self, seconds: float) -> None:
        self.naps.append(seconds)


@pytest.fixture
def desk() -> Desk:
    return Desk(Kept())


async def test_marta_may_be_written_to_once_it_is_committed_and_sam_who_stopped_may_not(desk: Desk) -> None:
    desk.written.withdrawn = {SAM}

    assert await desk.journal().begin(MARTA, SAM) == {MARTA}
    assert desk.written.commits == [([MARTA, SAM], [])]


async def test_sam_and_amara_share_one_commit_when_they_come_while_marta_s_is_written(desk: Desk) -> None:
    desk.gate = asyncio.Event()
    journal = desk.journal()
    marta = asyncio.create_task(journal.begin(MARTA))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    later = [asyncio.create_task(each) for each in (journal.begin(SAM), journal.end(sent(AMARA)))]
    await asyncio.sleep(0)
    desk.gate.set()

    assert await marta == {MARTA}
    assert (await asyncio.gather(*later))[0] == {SAM}
    assert desk.written.commits == [([MARTA], []), ([SAM], [sent(AMARA)])]


async def test_marta_s_message_is_not_forgotten_while_the_database_is_away(desk: Desk, caplog) -> None:
    caplog.set_level("INFO")
    desk.written.faults = [DatabaseUnreachableError() for _ in range(9)]
    journal = desk.journal()

    await journal.end(sent(MARTA))

    assert desk.written.commits == [([], [sent(MARTA)])]
    assert desk.naps == sorted(desk.naps)
    assert len(desk.naps) == 9
    assert desk.naps[-1] == LONGEST_RETRY_SECONDS
    said = [record.getMessage() for record in caplog.records]
    assert sum("database_away" in each for each in said) == 1, "said once, however long it lasts"
    assert sum("database_back" in each for each in said) == 1


async def test_a_thousand_like_marta_are_written_in_commits_that_hold_up_nobody(desk: Desk) -> None:
    journal = desk.journal()

    await asyncio.gather(*(journal.end(sent(UUID(int=number))) for number in range(2 * MOST + 7)))

    assert [len(ends) for _, ends in desk.written.commits] == [MOST, MOST, 7]
    assert len({end.id for _, ends in desk.written.commits for end in ends}) == 2 * MOST + 7


async def test_marta_s_end_is_written_before_the_journal_is_closed(desk: Desk) -> None:
    journal = desk.journal()
    ending = asyncio.create_task(journal.end(sent(MARTA)))
    await asyncio.sleep(0)

    await journal.close()

    assert desk.written.commits == [([], [sent(MARTA)])]
    await ending


async def test_sam_is_not_held_up_when_whoever_waited_for_marta_is_gone(desk: Desk) -> None:
    desk.gate = asyncio.Event()
    journal = desk.journal()
    marta = asyncio.create_task(journal.begin(MARTA))
    await asyncio.sleep(0)
    marta.cancel()
    sam = asyncio.create_task(journal.begin(SAM))
    await asyncio.sleep(0)
    desk.gate.set()

    assert await sam == {SAM}


def oak(number: int) -> Callable[[], Claim]:
    return lambda: Claim(
        source=Source(school="oak", lane=Lane.BULK), now=NOW, machine_now=NOW, limit=number, lease=LEASE
    )


async def test_who_is_next_is_claimed_in_one_commit_with_what_was_answered_before(desk: Desk) -> None:
    desk.gate = asyncio.Event()
    journal = desk.journal()
    first = asyncio.create_task(journal.claim(oak(1)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    journal.tell(sent(MARTA))
    second = asyncio.create_task(journal.claim(oak(2)))
    await asyncio.sleep(0)
    desk.gate.set()

    assert (await first, await second) == ([1], [2])
    assert desk.written.commits == [([], []), ([], [sent(MARTA)])]
    assert [(commit, claim.limit) for commit, claim in desk.written.claims] == [(0, 1), (1, 2)]


async def test_nobody_is_next_before_all_who_were_answered_are_written_down(desk: Desk) -> None:
    journal = desk.journal()
    for number in range(MOST + 1):
        journal.tell(sent(UUID(int=number)))

    await journal.claim(oak(1))

    assert [len(ends) for _, ends in desk.written.commits] == [MOST, 1]
    assert desk.written.claims == [(1, oak(1)())]


async def test_a_claim_is_refused_while_the_database_is_away_and_marta_is_still_written_down(desk: Desk) -> None:
    desk.written.faults = [DatabaseUnreachableError(), DatabaseUnreachableError()]
    journal = desk.journal()
    journal.tell(sent(MARTA))

    with pytest.raises(DatabaseUnreachableError):
        await journal.claim(oak(1))
    await journal.close()

    assert desk.written.commits == [([], [sent(MARTA)])]
    assert desk.written.claims == []


async def test_a_claim_alone_is_not_tried_again_in_vain(desk: Desk) -> None:
    desk.written.faults = [DatabaseUnreachableError()]
    journal = desk.journal()

    with pytest.raises(DatabaseUnreachableError):
        await journal.claim(oak(1))
    await journal.close()

    assert await journal.claim(oak(2)) == [2]
    assert desk.naps == []
