"""A pump: one school's deliveries of one kind, from the claim to the committed end."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from bot.delivery.breaker import Breaker
from bot.delivery.letters import Letter
from bot.delivery.office import Gate, Office
from bot.delivery.pacing import Buckets, Slot, blocked, book
from bot.delivery.verdicts import later, of_the_channel, sent, verdict
from bot.logs import log
from bot.storage import Claim, DeliveryRow, DeliveryState, End, Source
from bot.unit import StorageFault
from bot.wire import Bucket, SendFailed
from school.notices import Lane

# Slots booked at once, and how far off one may be; so many rows claimed at once where limits hold.
SLOTS, AHEAD_SECONDS, CLAIM_PACED = 5, 0.5, 20
# A row is committed as being sent so long before its turn.
COMMIT_SECONDS = 0.04
# Chats whose last second is remembered before those of the past are forgotten.
CHATS_KNOWN = 1_000
# Thirty messages at the gate span 29 of these, and a thirty-first never comes within the second.
GATE_SHARE = 0.982
LONGEST_PACE_SECONDS = 2.0
# Where no limit holds, so many handfuls are on their way at once.
BATCHES = 4
# Two chats told to wait within so many seconds: it is the bot that is being told.
FLOOD_SECONDS = 1.0
LOOK_AGAIN_SECONDS = 0.5
FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 0.2, 5.0


class Pump:
    """Claims, prepares, waits for its turn, sends and records, until nothing of its sources is due.

    `share` and `free` are how many of its rows may be in doubt at once, where limits hold and where none do; of those
    where limits hold, the office's window bounds news and notices together.
    """

    def __init__(self, office: Office, *, lane: Lane, share: int, free: int) -> None:
        self._office = office
        self._lane = lane
        self._share = asyncio.Semaphore(share)
        self._together = max(free // BATCHES, 1)
        self._batches = asyncio.Semaphore(BATCHES)
        self._sending: set[asyncio.Task[None]] = set()
        self._flooded: tuple[str, float] = ("", 0.0)
        # Whether nothing that was claimed last waits for any limit. A chunk tells; none is known of at first.
        self._unbound = False
        self.handled = 0

    async def run(self, find: Callable[[], Awaitable[Sequence[Source]]], *, most: int | None = None) -> int:
        """Until nothing is found any more, or about `most` were handled; how many that was.

        A chunk of each source in turn, and safeguarding is looked for anew after each.
        """
        office = self._office
        while not office.stopping and (most is None or self.handled < most):
            before = self.handled
            for source in await find():
                if self._unbound:
                    await self._at_once(source)
                elif rows := await self._claim(source, CLAIM_PACED):
                    paced = await self._handle(rows)
                    self._unbound = not paced and self._lane is Lane.BULK
            if self.handled == before:  # nothing there, or another process is at it
                if not self._sending:
                    break
                # What a slow platform still has holds up nothing that was left meanwhile.
                await asyncio.wait(self._sending, timeout=LOOK_AGAIN_SECONDS)
        if self._sending:
            await asyncio.wait(self._sending)
        return self.handled

    async def _claim(self, source: Source, limit: int, *, begun: bool = False) -> Sequence[DeliveryRow]:
        office = self._office
        if office.stopping:
            return ()

        def claim() -> Claim:
            return Claim(
                source=source,
                now=office.school_clock.now(),
                machine_now=office.machine_clock.now(),
                limit=limit,
                lease=office.lease,
                begun=begun,
            )

        if begun and office.deliveries.one_writer:
            # A commit costs more than a handful of rows: this one writes what became of those before, too.
            return await office.journal.claim(claim)
        return await office.in_thread(self._lane, partial(office.deliveries.claim, claim()))

    async def _at_once(self, source: Source) -> None:
        """Where nothing waits for its turn, a handful is claimed as being sent: one write less for each."""
        await asyncio.gather(*(self._handful(source) for _ in range(BATCHES)))

    async def _handful(self, source: Source) -> None:
        await self._batches.acquire()
        rows: Sequence[DeliveryRow] = ()
        try:
            if self._unbound:
                rows = await self._claim(source, self._together, begun=True)
        finally:
            if not rows:
                self._batches.release()
        self.handled += len(rows)
        if rows:
            self._begin(self._send_begun(rows))

    async def _send_begun(self, rows: Sequence[DeliveryRow]) -> None:
        office = self._office
        going: list[Letter] = []
        try:
            letters, ends = await office.in_thread(self._lane, partial(office.preparing.letters, rows))
            for letter in letters:
                wait = office.breaker(letter).wait(office.seconds())
                if letter.keys or office.stopping:  # a limit holds after all, or there is no time left
                    self._unbound = False
                    ends.append(self._put_back(letter.row, "waiting its turn"))
                elif wait:
                    ends.append(self._put_back(letter.row, "the channel is resting", wait))
                else:
                    going.append(letter)
        except Exception as error:  # noqa: BLE001 - none of them has gone, whatever it is
            self._fault(rows[0], error)
            going, ends = [], [self._put_back(row, "could not be looked up", FIRST_RETRY_SECONDS) for row in rows]
        for end in ends:
            office.journal.tell(end)
        try:
            await asyncio.gather(*(self._tell(letter) for letter in going))
            if not office.deliveries.one_writer:
                await office.journal.end()
        finally:
            # Where there is one writer, before their ends are committed: the next claim is with them or after them.
            self._batches.release()
        await office.journal.end()

    async def _tell(self, letter: Letter) -> None:
        """Each end is told as soon as its answer is there: a slow one must not leave the others in doubt."""
        async with self._office.places:
            try:
                self._office.journal.tell(await self._post(letter))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this row's: its lease will lapse
                self._fault(letter.row, error)

    def _put_back(self, row: DeliveryRow, reason: str, wait: float = 0.0) -> End:
        return later(row, reason, not_before=_instant(self._office.seconds() + wait), untried=True)

    async def _handle(self, rows: Sequence[DeliveryRow]) -> bool:
        """Bring claimed rows on their way; whether any limit holds for them."""
        office = self._office
        self.handled += len(rows)
        letters, ends = await office.in_thread(self._lane, partial(office.preparing.letters, rows))
        paced = False
        queue = deque(letters)
        while queue and not office.stopping:
            if queue[0].keys:
                paced = True
                await self._paced(queue)
            else:
                await self._free(queue)
        if queue:
            ids = [letter.row.id for letter in queue]
            await office.in_thread(self._lane, partial(office.deliveries.release, ids))
        if ends:
            await office.journal.end(*ends)
        return paced

    async def _free(self, queue: deque[Letter]) -> None:
        """Where no limit holds: a handful begins together, is sent together, and ends together."""
        batch: list[Letter] = []
        while queue and len(batch) < self._together and not queue[0].keys:
            letter = queue.popleft()
            if not await self._rests(letter):
                batch.append(letter)
        await self._batches.acquire()
        self._begin(self._send_together(batch))

    async def _send_together(self, batch: Sequence[Letter]) -> None:
        office = self._office
        try:
            may_go = await office.journal.begin(*(letter.row.id for letter in batch))
            await asyncio.gather(*(self._guarded(letter) for letter in batch if letter.row.id in may_go))
        finally:
            self._batches.release()

    async def _guarded(self, letter: Letter) -> None:
        """Each is ended as soon as its answer is there: a slow one must not leave the others in doubt."""
        office = self._office
        async with office.places:
            try:
                await office.journal.end(await self._post(letter))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this row's: its lease will lapse
                self._fault(letter.row, error)

    async def _paced(self, queue: deque[Letter]) -> None:
        """Book a few slots for those at the head, and start each a little before its own."""
        office = self._office
        batch = [queue.popleft() for _ in range(min(SLOTS, len(queue)))]
        slots = await self._book(batch)
        put_off: list[float] = []
        for letter, slot in zip(batch, slots, strict=True):
            wait = slot.at - office.seconds()
            if slot.granted:
                if wait > COMMIT_SECONDS:
                    await office.sleep(wait - COMMIT_SECONDS)
                await self._start(letter, slot)
            elif wait > LONGEST_PACE_SECONDS:
                await office.journal.end(later(letter.row, "waiting its turn", not_before=_instant(slot.at)))
            else:
                queue.append(letter)
                put_off.append(wait)
        if len(put_off) == len(batch):
            await office.sleep(max(min(put_off) - AHEAD_SECONDS / 2, 0.001))

    async def _book(self, letters: Sequence[Letter]) -> list[Slot]:
        """Slots in the bot's row, which answers share.

        A chat's own second is known here, unless somebody there has been answered or told to wait: then it has a row.
        """
        office = self._office
        wants = [letter.keys for letter in letters]
        keys = sorted({key for each in wants for key in each})
        rates = {key: office.rates(key) for key in keys}
        whole = {each[0] for each in wants}

        def decide(buckets: Buckets) -> tuple[dict[str, Bucket], tuple[dict[str, Bucket], list[Slot]]]:
            known = {key: _later_of(buckets[key], office.chats.get(key, 0.0)) for key in keys}
            booked = book(known, wants, rates, now=office.seconds(), ahead=AHEAD_SECONDS)
            return booked[0], booked

        settle = partial(office.pacer.settle, keys, school=letters[0].row.school, decide=decide, make=whole)
        changed, slots = await office.in_thread(self._lane, settle)
        self._remember(changed, whole)
        return slots

    def _remember(self, changed: Mapping[str, Bucket], whole: Collection[str]) -> None:
        chats, now = self._office.chats, self._office.seconds()
        chats.update((key, bucket.tat) for key, bucket in changed.items() if key not in whole)
        if len(chats) > CHATS_KNOWN:
            for key in [key for key, tat in chats.items() if tat <= now]:
                del chats[key]

    async def _start(self, letter: Letter, slot: Slot) -> None:
        if await self._rests(letter):
            return
        # Its own share first: news that waits for it holds no place that a notice could have.
        await self._share.acquire()
        await self._office.window(letter).acquire()
        await self._office.places.acquire()
        self._begin(self._send(letter, slot))

    async def _rests(self, letter: Letter) -> bool:
        """Whether its channel is being left alone; then the letter is put back."""
        office = self._office
        wait = office.breaker(letter).wait(office.seconds())
        if wait:
            await office.journal.end(self._put_back(letter.row, "the channel is resting", wait))
        return wait > 0

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, letter: Letter, slot: Slot) -> None:
        office, row = self._office, letter.row
        try:
            if not await office.journal.begin(row.id):
                return
            await self._in_turn(letter, slot)
            await office.journal.end(await self._post(letter))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this row's: its lease will lapse
            self._fault(row, error)
        finally:
            office.places.release()
            office.window(letter).release()
            self._share.release()

    @staticmethod
    def _fault(row: DeliveryRow, error: Exception) -> None:
        log("delivery.row", school=row.school, via=row.channel, correlation=row.correlation, error=error)

    async def _in_turn(self, letter: Letter, slot: Slot) -> None:
        """Wait for the turn. Whoever is late goes late, and no closer to the one before than the limit allows.

        One pump sends a bot's news, whatever the number of processes, so that its gate keeps them all apart.
        """
        office, rate = self._office, self._office.rates(letter.keys[0])
        wait = slot.at - office.seconds()
        if wait > 0:
            await office.sleep(wait)
        if rate.burst > 1:
            return
        gate = office.gates.setdefault(letter.keys[0], Gate())
        async with gate.lock:
            apart = gate.last + rate.interval * GATE_SHARE - office.seconds()
            if apart > 0:
                await office.sleep(apart)
            gate.last = office.seconds()

    async def _post(self, letter: Letter) -> End:
        office, row = self._office, letter.row
        breaker = office.breaker(letter)
        try:
            external = await letter.channel.post(letter.address, letter.drawn, key=str(row.id))
        except SendFailed as failure:
            return await self._failed(letter, failure, breaker)
        if breaker.succeeded():
            log("delivery.channel_back", school=row.school, via=row.channel)
        return sent(row, external)

    async def _failed(self, letter: Letter, failure: SendFailed, breaker: Breaker) -> End:
        office, row = self._office, letter.row
        log(
            "delivery.failed",
            school=row.school,
            via=row.channel,
            correlation=row.correlation,
            outcome=failure.reason,
        )
        if not of_the_channel(failure):
            breaker.succeeded()
        elif breaker.failed(office.seconds()):
            log("delivery.channel_resting", school=row.school, via=row.channel, outcome=failure.reason)
        end = verdict(row, failure, machine_now=office.machine_clock.now())
        if failure.retry_after is not None:
            await self._told_to_wait(letter, office.seconds() + failure.retry_after.total_seconds())
        if failure.moved_to is not None or end.state is DeliveryState.FAILED:
            await self._has_consequence(row, failure)
        return end

    async def _has_consequence(self, row: DeliveryRow, failure: SendFailed) -> None:
        """The rooms hear of it, however long the database is away: only then is it over."""
        office, pause = self._office, FIRST_RETRY_SECONDS
        while True:
            try:
                await office.in_thread(self._lane, partial(office.gone, row, failure))
            except StorageFault as error:
                self._fault(row, error)
                await office.sleep(pause)
                pause = min(pause * 2, LONGEST_RETRY_SECONDS)
            else:
                return

    async def _told_to_wait(self, letter: Letter, until: float) -> None:
        """A 429 holds its own chat's key; two chats told so within a second, and it is the whole bot's."""
        office, keys = self._office, letter.keys
        if not keys:
            return
        chat, at = self._flooded
        self._flooded = (keys[-1], office.seconds())
        held = keys if chat not in {"", keys[-1]} and office.seconds() - at <= FLOOD_SECONDS else keys[-1:]

        def decide(buckets: Buckets) -> tuple[dict[str, Bucket], None]:
            return blocked(buckets, held, until=until), None

        work = partial(office.pacer.settle, held, school=letter.row.school, decide=decide)
        try:
            await office.in_thread(self._lane, work)
        except StorageFault as error:  # its own row waits in any case, and the next to ask will be told the same
            self._fault(letter.row, error)


def _later_of(bucket: Bucket, tat: float) -> Bucket:
    return replace(bucket, tat=max(bucket.tat, tat))


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
