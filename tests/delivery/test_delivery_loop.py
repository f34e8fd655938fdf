"""The loop with a scripted channel: who waits for whom, what is given up, and what is never forgotten."""

import asyncio
import contextlib
from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from bot.delivery.breaker import ENOUGH
from bot.storage import Claim, DatabaseUnreachableError, End, Ledger, Recovered, Written
from bot.unit import Late
from bot.wire import SendFailed
from school.notices import Doubt, Lane, To
from tests.delivery.scripted import HERE, NOW, UNSURE, Room, told, until


class NeverEnding(Ledger):
    """The database goes away while messages are on their way."""

    def write(self, begins: Collection[UUID], ends: Sequence[End], claims: Sequence[Claim] = ()) -> Written:
        if ends:
            raise DatabaseUnreachableError
        return super().write(begins, ends, claims)


async def test_amara_waits_as_long_as_the_platform_asks_and_dilys_does_not_wait_for_her(room: Room) -> None:
    room.channel.script["amara"] = [told(30)]
    room.leave("amara", "dilys")
    loop = room.loop()

    await loop.turn()
    assert room.states() == {"amara": "planned", "dilys": "sent"}
    room.leave("amara", key="second")
    await room.go_on(loop, 20)
    assert room.channel.tried.count("amara") == 1

    await room.go_on(loop, 20)
    assert set(room.states().values()) == {"sent"}
    assert sorted(room.channel.went) == ["amara", "amara", "dilys"]
    assert min(room.channel.at["amara"][1:]) >= 30


async def test_sam_waits_as_well_when_two_chats_are_told_to_within_a_second(room: Room) -> None:
    room.channel.script |= {"amara": [told(30)], "dilys": [told(30)]}
    room.leave("amara", "dilys")
    loop = room.loop()
    await loop.turn()

    room.leave("sam")
    await room.go_on(loop, 20)
    assert "sam" not in room.channel.tried

    await room.go_on(loop, 20)
    assert set(room.states().values()) == {"sent"}
    assert room.channel.at["sam"][0] >= 30


@pytest.mark.parametrize("reason", ["blocked", "deactivated", "archived", "not_in_channel"])
async def test_marta_is_written_to_once_after_a_final_no_and_the_mail_room_hears_of_it(room: Room, reason: str) -> None:
    room.channel.script["marta"] = [SendFailed(reason, permanent=True)]
    room.leave("marta", "sam")
    loop = room.loop()

    await loop.turn()
    room.pass_time(3600)
    assert await loop.turn() == 0

    assert room.rows()["marta"] == ("failed", reason)
    assert room.states()["sam"] == "sent"
    assert room.heard == [("marta", reason)]
    assert room.channel.tried.count("marta") == 1


async def test_marta_s_goodbye_is_heard_although_the_database_was_away_just_then(room: Room) -> None:
    room.channel.script["marta"] = [SendFailed("blocked", permanent=True)]
    room.gone_faults = [DatabaseUnreachableError(), DatabaseUnreachableError()]
    room.leave("marta")

    await room.loop().turn()

    assert room.heard == [("marta", "blocked")]
    assert room.rows()["marta"] == ("failed", "blocked")


async def test_marta_is_followed_to_her_new_chat_once(room: Room) -> None:
    room.channel.script["marta"] = [told(1), SendFailed("moved", moved_to="new")]
    room.leave("marta")
    await room.go_on(room.loop(), 5)
    assert room.channel.tried == ["marta", "marta", "new"]
    assert room.states() == {"marta": "sent"}

    room.channel.script |= {"sam": [SendFailed("moved", moved_to="new")], "new": [SendFailed("moved", moved_to="x")]}
    room.leave("sam")
    await room.go_on(room.loop(), 5)

    assert room.rows()["sam"] == ("failed", "moved twice")
    assert "x" not in room.channel.tried


async def test_marta_never_gets_news_twice_when_nobody_knows_whether_the_first_arrived(room: Room) -> None:
    room.channel.script["marta"] = [UNSURE]
    room.leave("marta", lane=Lane.BULK)
    loop = room.loop()

    await loop.turn()
    room.pass_time(3600)
    assert await loop.turn() == 0

    assert room.rows()["marta"] == ("unknown", "timed out")
    assert room.channel.tried == ["marta"]


async def test_dilys_is_told_again_when_nobody_knows_whether_she_heard_of_a_concern(room: Room) -> None:
    room.channel.script["dilys"] = [UNSURE]
    room.leave("dilys", lane=Lane.SAFEGUARDING, doubt=Doubt.REPEAT)
    loop = room.loop()

    await loop.turn()
    assert room.states() == {"dilys": "planned"}
    room.pass_time(40)
    await loop.turn()

    assert room.states() == {"dilys": "sent"}
    assert room.channel.tried == ["dilys", "dilys"]


async def test_sam_gets_his_page_although_the_one_for_marta_cannot_be_made(room: Room) -> None:
    room.leave("marta", page="torn")
    room.leave("sam")

    await room.loop().turn()

    assert room.rows()["marta"] == ("failed", "could not be made")
    assert room.states()["sam"] == "sent"
    assert room.channel.tried == ["sam"]


async def test_dilys_is_not_given_up_on_when_her_page_cannot_be_made_yet(room: Room) -> None:
    room.leave("dilys", page="torn", lane=Lane.SAFEGUARDING)
    loop = room.loop()

    for _ in range(7):
        assert await loop.turn() == 1
        room.pass_time(721)

    assert room.states() == {"dilys": "planned"}


async def test_marta_who_leaves_while_her_page_is_being_made_is_not_written_to(room: Room) -> None:
    def stops(row) -> None:
        with room.units.write(HERE) as unit:
            assert unit.outbox.withdraw(to=To.PERSON, recipient=row.recipient) == 1
            unit.commit()

    room.composing = stops
    room.leave("marta")

    await room.loop().turn()

    assert room.channel.tried == []
    assert room.rows()["marta"] == ("skipped", "withdrawn")


async def test_marta_who_is_not_subscribed_any_more_is_skipped(room: Room) -> None:
    room.skipped = {"marta"}
    room.leave("marta", "sam")

    await room.loop().turn()

    assert room.rows()["marta"] == ("skipped", "not subscribed")
    assert room.channel.tried == ["sam"]


async def test_a_page_is_drawn_once_for_a_thousand_families_like_marta_s(room: Room) -> None:
    room.channel.limited = False
    room.leave(*(f"f{number}" for number in range(1_000)), lane=Lane.BULK)

    assert await room.loop().turn() == 1_000

    assert len(set(room.channel.went)) == 1_000
    assert room.channel.drawings == ["en"]


@pytest.mark.parametrize(("limited", "most"), [(True, 4), (False, 80)])
async def test_news_to_marta_never_takes_the_last_fifth(room: Room, limited: bool, most: int) -> None:
    room.channel.limited = limited
    room.channel.hold = asyncio.Event()
    room.leave(*(f"f{number}" for number in range(200)), lane=Lane.BULK)
    loop = room.loop()
    turning = asyncio.create_task(loop.turn())
    await until(lambda: room.channel.inside == most)

    room.leave("dilys", lane=Lane.SAFEGUARDING)
    second = asyncio.create_task(loop.turn())
    await until(lambda: "dilys" in room.channel.tried)
    assert room.channel.inside == most + 1

    room.channel.hold.set()
    await loop.stop()
    await asyncio.gather(turning, second)
    assert room.states()["dilys"] == "sent"


async def test_no_more_than_five_of_a_school_are_in_doubt_where_limits_hold_whatever_they_are(room: Room) -> None:
    room.channel.hold = asyncio.Event()
    room.leave(*(f"f{number}" for number in range(20)), lane=Lane.BULK)
    loop = room.loop()
    turning = asyncio.create_task(loop.turn())
    await until(lambda: room.channel.inside == 4)

    room.leave("dilys", "sam", "amara", lane=Lane.SAFEGUARDING)
    second = asyncio.create_task(loop.turn())
    await until(lambda: all(room.states()[each] != "planned" for each in ("dilys", "sam", "amara")))
    for _ in range(20):
        await asyncio.to_thread(room.states)

    assert room.channel.inside == 5
    assert [*room.states().values()].count("sending") == 5

    room.channel.hold.set()
    await loop.stop()
    await asyncio.gather(turning, second)
    assert room.channel.most == 5


async def test_dilys_is_told_although_a_slow_answer_to_sam_is_still_on_its_way(room: Room) -> None:
    room.channel.hold = asyncio.Event()
    room.leave("sam")
    loop = room.loop()
    turning = asyncio.create_task(loop.turn())
    await until(lambda: room.channel.inside == 1)

    room.leave("dilys", lane=Lane.SAFEGUARDING)
    await until(lambda: "dilys" in room.channel.tried)
    assert room.channel.inside == 2

    room.channel.hold.set()
    await turning
    assert set(room.states().values()) == {"sent"}


async def test_sam_s_channel_rests_when_it_fails_and_one_message_tries(room: Room) -> None:
    names = [f"n{number}" for number in range(12)]
    down = SendFailed("unreachable")
    room.channel.script |= {name: [down] * 9 for name in names}
    loop = room.loop()
    for name in names[:ENOUGH]:
        room.leave(name)
        await loop.turn()
    assert loop.resting == ((HERE, "slack"),)

    room.leave(*names[ENOUGH:])
    before = len(room.channel.tried)
    await loop.turn()
    assert len(room.channel.tried) == before, "it rests"
    assert ("planned", "the channel is resting") in room.rows().values()

    room.pass_time(6)
    await loop.turn()
    assert len(room.channel.tried) == before + 1, "one tries"

    room.channel.script.clear()
    await room.go_on(loop, 700)
    assert loop.resting == ()
    assert set(room.states().values()) == {"sent"}
    assert sorted(room.channel.went) == sorted(names)


async def test_marta_s_late_news_is_skipped_and_its_owner_is_told_once(room: Room) -> None:
    room.leave("marta", "sam", "tom", page="autumn", lane=Lane.BULK, not_after=NOW)
    loop = room.loop()

    await loop.turn()
    await loop.turn()

    assert room.late == [Late(page="autumn", mailing="", count=3), Late(page="autumn", mailing="", count=1)]
    assert set(room.rows().values()) == {("skipped", "expired")}
    assert room.channel.tried == []


async def test_what_is_on_its_way_to_marta_is_finished_and_the_rest_released_when_it_stops(room: Room) -> None:
    room.channel.hold = asyncio.Event()
    room.leave(*(f"f{number}" for number in range(30)), lane=Lane.BULK)
    loop = room.loop()
    turning = asyncio.create_task(loop.turn())
    await until(lambda: room.channel.inside == 4)

    stopping = asyncio.create_task(loop.stop())
    await asyncio.sleep(0)
    room.channel.hold.set()
    await asyncio.gather(stopping, turning)

    states = sorted(room.states().values())
    assert set(states) == {"planned", "sent"}
    assert states.count("sent") == len(room.channel.went) == len(room.channel.tried) < 30
    assert await loop.turn() == 0, "it claims nothing more"


async def test_it_stops_although_the_database_is_away_and_marta_s_row_is_left_in_doubt(room: Room, caplog) -> None:
    room.leave("marta", "dilys")
    loop = room.loop(deliveries=NeverEnding(room.engines))
    turning = asyncio.create_task(loop.turn())
    await until(lambda: len(room.channel.went) == 2)
    await loop.stop(seconds=0.05)

    assert set(room.states().values()) == {"sending"}
    assert any("stopped_unwritten" in record.getMessage() for record in caplog.records)
    with contextlib.suppress(asyncio.CancelledError):
        await turning
    assert Ledger(room.engines).recover(NOW, all_of_it=True) == Recovered(planned=0, repeats=0, unknown=2)


async def test_marta_s_limits_hold_to_the_second_while_sixty_are_written_to(room: Room) -> None:
    room.leave(*(f"f{number}" for number in range(60)), lane=Lane.BULK)

    await room.go_on(room.loop(), 10)

    at = sorted(each for times in room.channel.at.values() for each in times)
    assert len(room.channel.went) == 60
    assert max(sum(start <= each < start + 1 for each in at) for start in at) <= 30


@pytest.mark.parametrize("lane", [Lane.REPLIES, Lane.BULK])
async def test_sam_s_chat_gets_one_message_a_second_whoever_sends_them_and_when(room: Room, lane: Lane) -> None:
    loop = room.loop()
    room.leave("sam", key="first")
    await loop.turn()
    room.leave("sam", key="second", lane=lane)

    await room.go_on(loop, 5)

    first, second = room.channel.at["sam"]
    assert second - first >= 1
    assert set(room.states().values()) == {"sent"}


async def test_sam_is_written_to_once_by_two_loops_on_one_ledger(room: Room) -> None:
    names = [f"n{number}" for number in range(40)]
    room.channel.limited = False
    room.leave(*names)

    await asyncio.gather(*(room.loop().turn() for _ in range(2)))

    assert sorted(room.channel.went) == sorted(names)


async def test_sam_waits_for_nobody_where_the_ledger_says_that_nothing_is_due(room: Room) -> None:
    room.leave("sam", due=NOW + timedelta(minutes=1))
    loop = room.loop()

    assert await loop.turn() == 0
    assert Ledger(room.engines).work(now=room.clock.now(), machine_now=room.clock.now()) == []
    room.pass_time(60)
    assert await loop.turn() == 1


async def test_news_that_was_held_is_not_let_go_in_quiet_hours_and_a_child_s_notice_is(room: Room) -> None:
    quiet = True
    loop = room.loop(quiet=lambda _school: quiet)
    room.leave("marta", lane=Lane.BULK)
    room.leave("amara")
    room.leave("dilys", lane=Lane.SAFEGUARDING)

    await loop.turn()
    assert room.states() == {"marta": "planned", "amara": "sent", "dilys": "sent"}

    quiet = False
    await loop.turn()
    assert room.states()["marta"] == "sent"


async def test_news_that_is_still_going_out_when_quiet_begins_stops_there_and_goes_on_in_the_morning(
    room: Room,
) -> None:
    parents = [f"parent-{number:02}" for number in range(60)]
    room.leave(*parents, lane=Lane.BULK)
    loop = room.loop(quiet=lambda _school: 1 <= len(room.channel.went) < 60 and not morning)
    morning = False

    await loop.turn()
    assert 1 <= len(room.channel.went) < 60

    morning = True
    await loop.turn()
    assert sorted(room.channel.went) == parents
