"""Pacing is pure: whoever books, in whatever order, no limit is broken and no chat holds up another."""

from bisect import bisect_right
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.pacing import (
    REPLIES_AHEAD,
    Rate,
    Slot,
    blocked,
    book,
    book_reply,
    next_slot,
    rate_of,
    reply_rate_of,
    taken,
)
from bot.wire import Bucket

BOT, MARTA, SAM, OAK = "tg:1", "tg:1:chat:501", "tg:1:chat:502", "tg:1:chat:-77"
START = 1_795_510_800.0
AHEAD = 0.5
# A float of today's seconds cannot tell apart what is nearer than this.
TINY = 1e-5


@dataclass
class Rows:
    """The shared rows, and every grant that was made under a key."""

    buckets: dict[str, Bucket] = field(default_factory=dict)
    grants: dict[str, list[float]] = field(default_factory=dict)

    def ask(self, chats: list[str], now: float) -> list[Slot]:
        wants = [(BOT, chat) for chat in chats]
        keys = {key for each in wants for key in each}
        held = {key: self.buckets.get(key, Bucket()) for key in keys}
        changed, slots = book(held, wants, {key: rate_of(key) for key in keys}, now=now, ahead=AHEAD)
        self.buckets |= changed
        for chat, slot in zip(chats, slots, strict=True):
            if slot.granted:
                for key in (BOT, chat):
                    self.grants.setdefault(key, []).append(slot.at)
        return slots


def most_within(grants: list[float], seconds: float) -> int:
    """In any sliding window, from one grant on."""
    ordered = sorted(grants)
    return max((bisect_right(ordered, at + seconds - TINY) - index for index, at in enumerate(ordered)), default=0)


bookings = st.lists(
    st.tuples(
        st.integers(0, 2),  # which process asks
        st.floats(0, 0.4),  # seconds since anybody asked last
        st.lists(st.sampled_from([f"tg:1:chat:{number}" for number in (*range(60), -1, -2)]), min_size=1, max_size=20),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(bookings=bookings, skews=st.tuples(*[st.floats(-0.01, 0.01)] * 3))
def test_marta_s_bot_never_grants_more_than_its_limits_whoever_books(bookings, skews) -> None:
    rows, now = Rows(), START
    for process, gap, chats in bookings:
        now += gap
        rows.ask(chats, now + skews[process])

    assert most_within(rows.grants.get(BOT, []), 1) <= 30
    for chat, grants in rows.grants.items():
        if chat.startswith(f"{BOT}:chat:-"):
            assert most_within(grants, 60) <= 20
        elif chat != BOT:
            assert most_within(grants, 1) <= 1


def test_marta_s_bot_goes_at_nearly_thirty_a_second() -> None:
    rows = Rows()
    for number in range(300):
        now = START + number / 29
        rows.ask([f"tg:1:chat:{number}"], now)

    assert len(rows.grants[BOT]) == 300
    assert max(rows.grants[BOT]) - START <= 300 / 29


@given(wait=st.floats(0.001, 3600), asked=st.floats(0, 3700))
def test_marta_hears_nothing_before_her_platform_said(wait: float, asked: float) -> None:
    rows = Rows(buckets=dict(blocked({MARTA: Bucket()}, [MARTA], until=START + wait)))

    (slot,) = rows.ask([MARTA], START + asked)

    assert slot.at >= START + wait - TINY
    assert slot.granted == (slot.at <= START + asked + AHEAD)
    assert slot.granted or rows.grants == {}, "what is not granted counts against nobody"


def test_sam_does_not_wait_for_marta_who_is_held() -> None:
    rows = Rows(buckets=dict(blocked({MARTA: Bucket()}, [MARTA], until=START + 30)))

    marta, sam = rows.ask([MARTA, SAM], START)

    assert (marta.granted, marta.at) == (False, START + 30)
    assert (sam.granted, sam.at) == (True, START)


def test_marta_s_longer_wait_stands_when_a_shorter_one_is_said() -> None:
    held = blocked({MARTA: Bucket(blocked_until=START + 30)}, [MARTA], until=START + 5)

    assert held[MARTA].blocked_until == START + 30


def test_oak_group_hears_twenty_a_minute_and_marta_sixty() -> None:
    rows = Rows()
    for tick in range(600):
        rows.ask([OAK, MARTA], START + tick / 10)

    assert len([at for at in rows.grants[OAK] if at < START + 60]) == 20
    assert len([at for at in rows.grants[MARTA] if at < START + 60]) == 60


def test_each_key_has_the_rate_that_its_platform_says() -> None:
    assert rate_of("tg:1") == Rate(29.4, 1)
    assert rate_of(MARTA) == Rate(1, 1)
    assert rate_of(OAK).interval == 3
    assert rate_of("sl:T1:chan:C2") == Rate(1, 1)
    assert rate_of("sl:T1").per_second > 1
    assert rate_of("mail:x") == Rate(10, 10)


def test_sam_s_answer_goes_ahead_of_the_news_and_the_news_makes_room_for_it() -> None:
    rows = Rows()
    booked = rows.ask([f"tg:1:chat:{number}" for number in range(14)], START)
    assert all(slot.granted for slot in booked)
    held = {key: rows.buckets.get(key, Bucket()) for key in (BOT, SAM)}
    rates = {key: reply_rate_of(key) for key in held}

    changed, wait = book_reply(held, [BOT, SAM], rates, now=START, longest=1.0)
    (news,) = Rows(buckets={**rows.buckets, **changed}).ask([MARTA], START)

    in_turn = next_slot(held[BOT], rate_of(BOT), START) - START
    assert wait < in_turn
    assert news.at - START >= in_turn + rate_of(BOT).interval - TINY
    assert rates[BOT].burst == REPLIES_AHEAD
    assert rates[SAM].burst == 1


@given(answers=st.integers(1, 400))
def test_dilys_waits_for_about_a_second_at_most_behind_a_flood_of_answers(answers: int) -> None:
    held = {BOT: Bucket()}
    for _ in range(answers):
        changed, _ = book_reply(held, [BOT], {BOT: reply_rate_of(BOT)}, now=START, longest=1.0)
        held |= changed

    assert next_slot(held[BOT], rate_of(BOT), START) <= START + 1 + REPLIES_AHEAD * rate_of(BOT).interval + TINY


@given(tat=st.floats(START - 10, START + 10), at=st.floats(START, START + 10), burst=st.integers(1, 5))
def test_marta_s_key_moves_on_by_one_message_each(tat: float, at: float, burst: int) -> None:
    rate = Rate(2, burst)

    moved = taken(Bucket(tat=tat), rate, at)

    assert moved.tat == max(tat, at) + 0.5
    assert next_slot(moved, rate, at) >= at
