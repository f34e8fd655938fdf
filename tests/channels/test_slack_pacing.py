"""Answers on Slack take their turn with what is sent there anyway, and pass on what Slack says about waiting."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from slack_building import Building, building, says
from slack_double import ADA, TEAM, command, message

PERSON = (f"sl:{TEAM}", f"sl:{TEAM}:chan:{ADA}")
CLASS = (f"sl:{TEAM}", f"sl:{TEAM}:chan:C0OAK")


@dataclass
class Turns:
    """Grants everything, and keeps what was asked and told."""

    taken: list[tuple[str, ...]] = field(default_factory=list)
    told: list[tuple[tuple[str, ...], timedelta]] = field(default_factory=list)

    async def turn(self, keys: Sequence[str]) -> None:
        self.taken.append(tuple(keys))

    async def told_to_wait(self, keys: Sequence[str], wait: timedelta) -> None:
        self.told.append((tuple(keys), wait))


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
async def house(turns: Turns) -> AsyncIterator[Building]:
    async with building(pace=turns) as built:
        yield built


async def test_an_answer_to_ada_takes_its_turn_where_notices_to_her_take_theirs(house: Building, turns: Turns) -> None:
    house.desk.answers["words"] = says("Thank you")

    await house.sends("events_api", message(text="hello"))

    assert turns.taken == [PERSON]
    assert house.channel.sender.pacing_keys(ADA) == PERSON


async def test_a_429_on_adas_answer_is_passed_on_before_it_is_waited_out(house: Building, turns: Turns) -> None:
    house.desk.answers["words"] = says("Thank you")
    house.slack.fail("chat.postMessage", error="ratelimited", status=429, headers={"Retry-After": "7"})

    await house.sends("events_api", message(text="hello"))

    assert turns.told == [(PERSON, timedelta(seconds=7))]
    assert turns.taken == [PERSON, PERSON]
    assert house.pauses == [7.0]


async def test_what_only_ada_sees_in_a_channel_counts_for_that_channel(house: Building, turns: Turns) -> None:
    house.desk.answers["lesson"] = says("Oak's lesson")
    house.slack.fail("respond", error="expired_url", status=404)
    house.slack.fail("chat.postEphemeral", error="ratelimited", status=429, headers={"Retry-After": "3"})

    await house.sends("slash_commands", command("/lesson", base=house.base))

    assert turns.told == [(CLASS, timedelta(seconds=3))]
    assert turns.taken == [CLASS, CLASS]
    assert len(house.slack.of("chat.postEphemeral")) == 2


async def test_a_view_or_an_immediate_response_is_no_message_and_waits_for_nothing(
    house: Building, turns: Turns
) -> None:
    house.desk.answers["lesson"] = says("Oak's lesson")

    await house.sends("slash_commands", command("/lesson", base=house.base))

    assert len(house.slack.responses) == 1
    assert turns.taken == []
