"""A receipt is ready when the form was opened; none is given out twice, and without one nobody is sent away."""

import threading
import time

import pytest

from bot.storage.receipts import MOST, READY, ReadyReceipts
from safeguarding import Receipt
from school.sensitive import SecretKey, Sensitive
from tests.storage.conftest import ELSEWHERE, HERE, Storage


class Press:
    """Makes numbered receipts, and notes in which thread; it stands still while `open` is not set."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()
        self.made: list[tuple[str, bool]] = []
        self._lock = threading.Lock()

    def __call__(self, school: str) -> Receipt:
        waited_for = threading.current_thread() is threading.main_thread()
        if not waited_for:
            assert self.open.wait(5)
        with self._lock:
            self.made.append((school, waited_for))
            number = len(self.made)
        return Receipt(shown=f"{school} {number}", lookup=b"", wrapping=SecretKey(bytes(32)))

    def until(self, count: int) -> None:
        end = time.monotonic() + 5
        while len(self.made) < count:
            assert time.monotonic() < end
            time.sleep(0.005)


@pytest.fixture
def press() -> Press:
    return Press()


def test_whoever_opened_the_form_does_not_wait_for_a_receipt(press: Press) -> None:
    receipts = ReadyReceipts(press)
    receipts.expect(HERE)
    press.until(READY)
    press.open.clear()
    time.sleep(0.02)  # until the last is put by

    assert receipts.take(HERE).shown == f"{HERE} 1"
    assert not any(waited_for for _, waited_for in press.made)
    press.open.set()


def test_more_reports_than_were_expected_wait_for_their_own_and_none_is_given_out_twice(press: Press) -> None:
    receipts = ReadyReceipts(press)

    shown = [receipts.take(HERE).shown for _ in range(50)]

    assert len(set(shown)) == 50
    assert (HERE, True) in press.made


def test_a_class_that_opens_thirty_forms_waits_for_none_of_its_receipts(press: Press) -> None:
    receipts = ReadyReceipts(press)
    for _ in range(30):
        receipts.expect(HERE)
    press.until(31)
    press.open.clear()
    time.sleep(0.02)

    shown = {receipts.take(HERE).shown for _ in range(30)}

    assert len(shown) == 30
    assert not any(waited_for for _, waited_for in press.made)
    press.open.set()


def test_no_more_are_kept_than_a_class_needs_and_those_of_one_school_are_never_another_s(press: Press) -> None:
    receipts = ReadyReceipts(press)

    for _ in range(200):
        receipts.expect(HERE)
    press.until(MOST)
    time.sleep(0.05)

    assert len(press.made) == MOST
    assert receipts.take(ELSEWHERE).shown.startswith(ELSEWHERE)


def test_one_that_could_not_be_made_is_tried_again_by_whoever_comes_next(press: Press) -> None:
    faults = [MemoryError()]

    def make(school: str) -> Receipt:
        if faults:
            raise faults.pop()
        return press(school)

    receipts = ReadyReceipts(make)
    receipts.expect(HERE)
    end = time.monotonic() + 5
    while faults and time.monotonic() < end:
        time.sleep(0.005)
    time.sleep(0.02)

    receipts.expect(HERE)

    press.until(READY)


def test_a_receipt_that_was_ready_opens_what_it_was_given_for(storage: Storage) -> None:
    storage.vault.expect(HERE)

    receipts = [storage.vault.receipt(HERE) for _ in range(2 * READY)]

    found = [storage.vault.lookup(HERE, Sensitive(receipt.shown)) for receipt in receipts]
    assert found == [receipt.lookup for receipt in receipts]
    assert len(set(found)) == 2 * READY
