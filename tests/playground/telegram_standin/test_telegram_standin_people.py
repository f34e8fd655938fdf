"""The real python-telegram-bot against the stand-in, over real HTTP on loopback: people and trouble."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import telegram
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram_kit import AMINA, BEN, KEYBOARD, Hand, raw, until

from bot.playground.telegram import (
    ApiError,
    CannotActError,
    Drop,
    FloodLimiter,
    ServerError,
    Stall,
    TelegramWorld,
    TooMany,
)

# Taps


async def test_a_tap_is_answered_with_a_toast(bot: telegram.Bot, world: TelegramWorld, clock: Hand) -> None:
    sent = await bot.send_message(AMINA, "Sign up?", reply_markup=KEYBOARD)
    world.tap(AMINA, sent.message_id, "yes")
    world.tap(AMINA, sent.message_id, 1)

    yes, no = [update.callback_query for update in await bot.get_updates(timeout=0)]
    assert yes is not None
    assert no is not None
    assert (yes.data, no.data) == ("yes", "no")
    await yes.answer("Thank you", show_alert=True)
    clock.at += timedelta(seconds=61)
    with pytest.raises(BadRequest, match="too old"):
        await no.answer()
    with pytest.raises(CannotActError):
        world.tap(AMINA, sent.message_id, "perhaps")

    toast = {"text": "Thank you", "alert": True, "message_id": sent.message_id, "date": "2027-02-09T08:30:00+00:00"}
    assert world.snapshot(AMINA)["toasts"] == [toast]


async def test_a_deep_link_carries_its_code(bot: telegram.Bot, world: TelegramWorld) -> None:
    with pytest.raises(Forbidden, match="initiate"):
        await bot.send_message(BEN, "too early")

    world.start(BEN, "Oak-3_x")
    with pytest.raises(CannotActError):
        world.start(BEN, "x" * 65)

    (update,) = await bot.get_updates(timeout=0)
    assert update.message is not None
    assert update.message.text == "/start Oak-3_x"
    assert (await bot.send_message(BEN, "Welcome")).text == "Welcome"


# People and groups who are no longer there


async def test_a_block_is_told_and_forbids_sending(bot: telegram.Bot, world: TelegramWorld) -> None:
    world.block(AMINA)

    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(AMINA, "Newsletter")
    (update,) = await bot.get_updates(timeout=0)
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"
    world.unblock(AMINA)
    assert (await bot.send_message(AMINA, "Newsletter")).text == "Newsletter"


async def test_an_account_that_is_gone_and_a_chat_that_never_was(bot: telegram.Bot, world: TelegramWorld) -> None:
    world.deactivate(AMINA)

    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(AMINA, "Newsletter")
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(777, "Newsletter")


async def test_a_group_that_moved_names_its_new_id(bot: telegram.Bot, world: TelegramWorld) -> None:
    group = world.add_group("Year 3 parents", [AMINA])
    await bot.send_message(group.id, "Hello")

    moved_to = world.migrate_group(group.id)

    with pytest.raises(ChatMigrated) as told:
        await bot.send_message(group.id, "Hello")
    assert told.value.new_chat_id == moved_to
    assert (await bot.send_message(moved_to, "Hello")).chat.type == "supergroup"
    left, arrived = [update.message for update in await bot.get_updates(timeout=0)]
    assert left is not None
    assert arrived is not None
    assert (left.migrate_to_chat_id, arrived.migrate_from_chat_id) == (moved_to, group.id)


async def test_in_a_group_the_bot_hears_commands_alone(bot: telegram.Bot, world: TelegramWorld) -> None:
    group = world.add_group("Year 3 parents", [AMINA])

    world.say(AMINA, "anyone have a spare jumper?", chat=group.id)
    world.say(AMINA, "/help@another_bot", chat=group.id)
    world.say(AMINA, "/help@lollipop_test_bot", chat=group.id)

    heard = [update.message.text for update in await bot.get_updates(timeout=0) if update.message]
    assert heard == ["/help@lollipop_test_bot"]
    world.remove_bot(AMINA, group.id)
    with pytest.raises(Forbidden, match="kicked from the group"):
        await bot.send_message(group.id, "Hello")


# Trouble


async def test_a_planted_429_says_how_long_in_body_and_header(
    bot: telegram.Bot, world: TelegramWorld, base: str
) -> None:
    world.faults.next("sendMessage", TooMany(7), times=2)

    with pytest.raises(RetryAfter, match="0:00:07"):
        await bot.send_message(AMINA, "one")
    answer = await raw(base, "sendMessage", chat_id=AMINA, text="one")

    assert (answer.headers["retry-after"], answer.json()["parameters"]) == ("7", {"retry_after": 7})
    assert (await bot.send_message(AMINA, "one")).text == "one"
    assert [call.code for call in world.calls_of("sendMessage")] == [429, 429, 200]


async def test_a_server_error_and_a_lost_answer_are_network_errors(bot: telegram.Bot, world: TelegramWorld) -> None:
    world.faults.next("sendMessage", ServerError(502))
    world.faults.next("sendMessage", Drop(carried_out=True))

    for word in ("never sent", "sent but not told"):
        with pytest.raises(NetworkError):
            await bot.send_message(AMINA, word)

    assert [message.text for message in world.messages(AMINA)] == ["sent but not told"]


async def test_a_stalled_call_waits_until_it_is_released(bot: telegram.Bot, world: TelegramWorld) -> None:
    world.faults.next("*", Stall())
    sending = asyncio.create_task(bot.send_message(AMINA, "patience"))
    await until(lambda: world.faults.stalled > 0)
    assert world.messages(AMINA) == []

    world.faults.release()

    assert (await sending).text == "patience"


async def test_a_caller_who_gives_up_on_a_stalled_call_has_sent_nothing(
    bot: telegram.Bot, world: TelegramWorld
) -> None:
    world.faults.next("sendMessage", Stall())

    with pytest.raises(TimedOut):
        await bot.send_message(AMINA, "patience", read_timeout=0.05)
    await until(lambda: bool(world.calls_of("sendMessage")))

    assert world.calls_of("sendMessage")[0].description == "the caller hung up"
    assert world.messages(AMINA) == []


async def test_the_flood_limiter_follows_its_clock(bot: telegram.Bot, world: TelegramWorld) -> None:
    now = [0.0]
    world.flood = FloodLimiter(lambda: now[0])
    group = world.add_group("Year 3 parents", [AMINA])

    for _ in range(3):
        await bot.send_message(AMINA, "burst")
    with pytest.raises(RetryAfter):
        await bot.send_message(AMINA, "over")
    now[0] = 3.0
    await bot.send_message(AMINA, "in time")

    for _ in range(20):
        now[0] += 1
        await bot.send_message(group.id, "x")
    with pytest.raises(RetryAfter) as told:
        await bot.send_message(group.id, "over")
    assert told.value.retry_after == timedelta(seconds=41)


async def test_thirty_a_second_is_all_that_a_bot_may_send() -> None:
    limiter = FloodLimiter(lambda: 0.0)
    for chat in range(1, 31):
        limiter.admit(4242, chat)

    with pytest.raises(ApiError, match="retry after 1"):
        limiter.admit(4242, 31)
    limiter.admit(4343, 31)


# What people send


async def test_media_arrive_as_ids_and_nobody_fetched_them(bot: telegram.Bot, world: TelegramWorld) -> None:
    world.send_photo(AMINA, "look")
    world.send_voice(AMINA)
    world.send_document(AMINA)
    world.send_sticker(AMINA)

    photo, voice, document, sticker = [update.message for update in await bot.get_updates(timeout=0)]

    assert photo is not None
    assert photo.photo[-1].file_id
    assert photo.caption == "look"
    assert voice is not None
    assert voice.voice
    assert document is not None
    assert document.document
    assert sticker is not None
    assert sticker.sticker
    assert world.file_requests == []
    await bot.get_file(photo.photo[-1].file_id)
    assert world.file_requests == [photo.photo[-1].file_id]


async def test_an_edited_message_is_told(bot: telegram.Bot, world: TelegramWorld) -> None:
    world.say(AMINA, "tomorow")
    world.edit(AMINA, world.messages(AMINA)[0].message_id, "tomorrow")

    _, edited = await bot.get_updates(timeout=0)

    assert edited.edited_message is not None
    assert edited.edited_message.text == "tomorrow"


async def test_a_quiz_is_asked_answered_and_closed(bot: telegram.Bot, world: TelegramWorld) -> None:
    asked = await bot.send_poll(
        AMINA,
        "Safe to share?",
        ["Yes", "No"],
        type="quiz",
        correct_option_ids=[1],
        is_anonymous=False,
        explanation="Ask.",
    )
    world.vote(AMINA, asked.message_id, [1])
    closed = await bot.stop_poll(AMINA, asked.message_id)

    (update,) = await bot.get_updates(timeout=0)
    assert update.poll_answer is not None
    assert update.poll_answer.option_ids == (1,)
    assert (closed.is_closed, closed.total_voter_count) == (True, 1)


async def test_a_quiz_without_names_tells_the_bot_its_totals_alone_and_is_answered_once(
    bot: telegram.Bot, world: TelegramWorld
) -> None:
    asked = await bot.send_poll(AMINA, "Safe to share?", ["Yes", "No"], type="quiz", correct_option_ids=[1])
    world.vote(AMINA, asked.message_id, [0])
    with pytest.raises(CannotActError, match="answered already"):
        world.vote(AMINA, asked.message_id, [1])

    (update,) = await bot.get_updates(timeout=0)
    assert update.poll is not None
    assert (update.poll.total_voter_count, update.poll.options[0].voter_count) == (1, 1)
    assert (update.effective_user, update.effective_chat) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": "x" * 301},
        {"options": ["x"] * 13},
        {"options": ["x" * 101, "y"]},
        {"explanation": "x" * 201},
        {"explanation": "a\nb\nc\nd"},
        {"correct_option_ids": [2]},
        {"open_period": 4},
        {"description": "x" * 1025},
    ],
)
async def test_a_poll_beyond_its_limits_is_refused(base: str, wrong: dict[str, Any]) -> None:
    fine = {"chat_id": AMINA, "question": "?", "options": ["a", "b"], "type": "quiz", "correct_option_ids": [0]}

    assert (await raw(base, "sendPoll", **fine)).status_code == 200
    assert (await raw(base, "sendPoll", **fine | wrong)).status_code == 400


# What the page shows


async def test_a_person_sees_the_bots_commands_in_her_language(bot: telegram.Bot, world: TelegramWorld) -> None:
    await bot.set_my_commands([("help", "What I can do")])
    await bot.set_my_commands([("help", "Co potrafię")], language_code="pl")
    await bot.set_my_description("A school's bot")
    await bot.set_my_short_description("School")
    await bot.set_chat_menu_button(menu_button=telegram.MenuButtonCommands())
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([("Help!", "x")])

    assert world.snapshot(AMINA)["bot"]["commands"] == [{"command": "help", "description": "What I can do"}]
    assert world.snapshot(BEN)["bot"]["commands"] == [{"command": "help", "description": "Co potrafię"}]
    assert world.snapshot(AMINA)["bot"]["menu_button"] == {"type": "commands"}
    assert (await bot.get_my_commands())[0].command == "help"


async def test_a_page_waits_for_the_next_change(bot: telegram.Bot, world: TelegramWorld) -> None:
    seen = world.revision
    waiting = asyncio.create_task(world.wait_for_change(seen, 30))

    await bot.send_chat_action(AMINA, "typing")

    assert await waiting > seen
    assert world.snapshot(AMINA)["action"] == "typing"
    await bot.send_message(AMINA, "here")
    assert world.snapshot(AMINA)["action"] is None
    assert await world.wait_for_change(world.revision, 0) == world.revision
