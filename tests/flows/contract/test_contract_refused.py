"""What is refused, and what must never be seen, in each of the four ways of being connected."""

import hashlib
import hmac
import json
import time

import httpx
import pytest

from bot.wire import Via
from parents import FamilyState
from tests.flows.contract.slack_lines import SignedHttp
from tests.flows.contract.telegram_lines import Polling, Webhook

pytestmark = pytest.mark.asyncio(loop_scope="module")
CANARY = "zebra umbrella seventeen lighthouse"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def _only(*kinds):
    return pytest.mark.parametrize("line", kinds, indirect=True, ids=lambda kind: kind.name)


async def _somebody_else_is_answered(line) -> None:
    """Whatever was going to come of what was done before has come by then."""
    other = line.newcomer()
    await line.ask_for_help(other)
    await line.heard_from(other)


@pytest.mark.clause(40)
async def test_sams_picture_is_refused_before_it_is_fetched_and_its_words_are_kept(line):
    sam = line.newcomer()

    sent = await line.send_picture(sam, CANARY)

    await line.heard_from(sam, 2)
    assert line.confirmed(sent)
    assert len(line.kept(sam)) == 1
    assert any("Report Remove" in each for each in line.heard(sam))
    assert list(line.downloads()) == []
    assert CANARY.encode() not in line.rig.everything_on_disk()


@pytest.mark.clause(40)
async def test_sams_picture_is_refused_once_although_it_comes_twice(line):
    sam = line.newcomer()
    sent = await line.send_picture(sam, CANARY)
    await line.heard_from(sam, 2)

    await line.again(sent)

    await _somebody_else_is_answered(line)
    assert len(line.heard(sam)) == 2
    assert len(line.kept(sam)) == 1


# Over a line that we opened ourselves nobody else can speak: what is refused here is for the two that are posted to.
@_only(SignedHttp)
@pytest.mark.parametrize(
    ("secret", "seconds_ago"),
    [("somebody-elses-secret", 0), ("standin-signing-secret", 301), ("standin-signing-secret", -360), ("", 0)],
    ids=["another's signature", "six minutes old", "from the future", "no signature"],
)
async def test_nobody_is_heard_who_cannot_sign_for_slack(line, secret, seconds_ago):
    before = len(line.desk.asked)
    event = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": CANARY, "ts": "1.1"}
    body = json.dumps({"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": event})
    line.said.append(CANARY)
    at = str(int(time.time()) - seconds_ago)
    signed = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signed}"} if secret else {}

    async with httpx.AsyncClient(trust_env=False) as stranger:
        answer = await stranger.post(
            line.slack.request_url, content=body, headers={"Content-Type": "application/json", **headers}
        )

    assert answer.status_code == 401
    assert CANARY not in answer.text
    assert len(line.desk.asked) == before


@_only(Webhook)
@pytest.mark.parametrize(
    "headers",
    [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "somebody-elses-secret"}],
    ids=["no secret", "an empty secret", "another's secret"],
)
async def test_nobody_is_heard_who_does_not_know_the_webhooks_secret(line, headers):
    before = len(line.desk.asked)
    line.said.append(CANARY)
    person = {"id": 9, "first_name": "A stranger", "is_bot": False}
    message = {"message_id": 1, "date": 1, "chat": {"id": 9, "type": "private"}, "from": person, "text": CANARY}

    async with httpx.AsyncClient(trust_env=False) as stranger:
        update = {"update_id": 5, "message": message}
        answer = await stranger.post(line.queue.webhook.url, json=update, headers=headers)

    assert answer.status_code == 401
    assert answer.text == ""
    assert len(line.desk.asked) == before


async def _marta_joins(line) -> int:
    marta = line.newcomer()
    await line.delivered(line.telegram.start(marta, line.rig.invite))
    await line.heard_from(marta)
    await line.press(marta, "English")
    await line.rig.until(lambda: "Yes, join" in str(line.heard(marta)), seconds=30)
    await line.press(marta, "Yes, join")
    await line.rig.until(lambda: _family(line, marta), seconds=30)
    return marta


def _family(line, chat):
    with line.rig.product.house.units.read("oakfield") as unit:
        return unit.families.by_address(via=Via.TELEGRAM, address=str(chat))


# Slack tells an app of no block, and a person's id there stays what it is.
@_only(Polling, Webhook)
async def test_marta_blocks_the_bot_and_is_written_to_no_more(line):
    marta = await _marta_joins(line)
    assert _family(line, marta).state is FamilyState.ACTIVE
    heard = len(line.heard(marta))

    blocked = line.telegram.block(marta)
    await line.delivered(blocked)
    await line.again(blocked)

    await _somebody_else_is_answered(line)
    assert _family(line, marta).state is FamilyState.UNREACHABLE
    assert len(line.heard(marta)) == heard


@_only(Polling, Webhook)
async def test_martas_subscription_follows_her_chat_when_it_gets_a_new_id(line):
    marta = await _marta_joins(line)
    group = line.telegram.add_group("Oak families", [marta])
    with line.rig.product.house.units.write("oakfield") as unit:
        unit.families.moved(via=Via.TELEGRAM, old=str(marta), new=str(group.id))
        unit.commit()
    before = _family(line, group.id)

    new = line.telegram.migrate_group(group.id)
    for update in line.queue.waiting_ids():
        await line.delivered(update)

    await _somebody_else_is_answered(line)
    assert _family(line, group.id) is None
    assert _family(line, new).id == before.id
    assert [each for each in line.telegram.messages(new) if each.by_bot and each.kind == "text"] == []
