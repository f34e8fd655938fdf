"""Who writes next on SQLite: everybody in the order in which they came, so that a planner lets a child's report in."""

import threading
import time

import pytest

from bot.storage import DatabaseLockedError
from bot.storage.engine import WriterLock


class Writers:
    """Threads that each want to write once; `order` is the order in which they did."""

    def __init__(self, lock: WriterLock) -> None:
        self._lock = lock
        self._threads: list[threading.Thread] = []
        self.order: list[str] = []

    def comes(self, name: str, *, seconds: float = 5) -> None:
        def write() -> None:
            try:
                with self._lock.held(seconds):
                    self.order.append(name)
            except DatabaseLockedError:
                self.order.append(f"{name} gave up")

        thread = threading.Thread(target=write)
        thread.start()
        self._threads.append(thread)
        time.sleep(0.02)  # until it waits

    def all_done(self) -> None:
        for thread in self._threads:
            thread.join(5)


def test_a_report_is_taken_before_the_chunk_that_a_planner_asks_for_after_it() -> None:
    lock = WriterLock()
    writers = Writers(lock)

    with lock.held(5):
        writers.comes("report")
        writers.comes("another report")
    with lock.held(5):  # the very next instant, in the same thread
        writers.order.append("next chunk")
    writers.all_done()

    assert writers.order == ["report", "another report", "next chunk"]


def test_whoever_gave_up_waiting_holds_up_nobody_behind_them() -> None:
    lock = WriterLock()
    writers = Writers(lock)

    with lock.held(5):
        writers.comes("impatient", seconds=0.001)
        writers.comes("patient")
    writers.all_done()
    with lock.held(0.001):
        writers.order.append("anybody")

    assert writers.order == ["impatient gave up", "patient", "anybody"]


def test_a_fault_while_writing_lets_the_next_one_in() -> None:
    lock = WriterLock()

    with pytest.raises(LookupError), lock.held(5):
        raise LookupError

    with lock.held(0.001):
        pass


def test_of_forty_who_all_write_no_two_ever_write_at_once() -> None:
    lock, inside, most = WriterLock(), [0], [0]

    def write() -> None:
        for _ in range(50):
            with lock.held(5):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0)
                inside[0] -= 1

    threads = [threading.Thread(target=write) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert most == [1]
