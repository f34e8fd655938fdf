"""Polling against the stand-in, through the real python-telegram-bot."""

import asyncio

import pytest
from telegram_double import AMINA, BEN, TOKEN, says, staged

from bot.channels.telegram.channel import TelegramTokenError, TelegramUnreachableError
from bot.playground.telegram import ApiError, Refuse, ServerError, Stall


async def test_a_parent_is_answered_and_the_update_confirmed():
    async with staged() as stage:
        stage.desk.answers["start"] = says("Welcome")
        await stage.channel.start()

        stage.world.start(AMINA, "CODE-1")
        await stage.confirmed()
        await stage.until(stage.shown)

        assert stage.shown() == ["Lollipop\n\nWelcome"]
        assert stage.desk.handled[0].args == {"code": "CODE-1"}
        assert stage.channel.username == "willow_bot"
        assert stage.channel.healthy


async def test_the_menu_is_set_in_english_and_in_the_schools_languages():
    async with staged() as stage:
        await stage.channel.start()

        commands = stage.world.bot().commands

        assert {language for _, language in commands} == {"", "ar"}
        assert "report" in {each["command"] for each in commands["default", ""]}


async def test_an_update_handled_but_not_confirmed_comes_again_and_is_answered_once():
    async with staged() as stage:
        stage.desk.answers["words"] = says("Thank you")
        await stage.channel.start()
        # From the commit on, no call of this process reaches Telegram's queue any more.
        stage.desk.on_commit = lambda: stage.world.faults.next("getUpdates", Stall())
        stage.world.say(AMINA, "hello")
        await stage.until(lambda: stage.shown() and stage.world.faults.stalled)
        await stage.channel.stop()
        assert len(stage.world.bot().updates.waiting_ids()) == 1

        await stage.rebuilt().start()
        await stage.confirmed()

        assert stage.desk.verbs == ["words"]
        assert len(stage.desk.asked) == 2
        assert len(stage.shown()) == 1


async def test_an_update_is_not_confirmed_before_its_answer_is_with_telegram():
    async with staged() as stage:
        stage.desk.answers["words"] = says("Thank you")
        stage.world.faults.next("sendMessage", Stall())
        await stage.channel.start()
        stage.world.say(AMINA, "hello")
        await stage.until(lambda: stage.world.faults.stalled)
        polled = len(stage.world.calls_of("getUpdates"))
        assert len(stage.world.bot().updates.waiting_ids()) == 1
        assert stage.desk.told == []

        stage.world.faults.release()
        await stage.confirmed()

        assert polled <= 2
        assert stage.desk.told == [("words", True)]
        assert stage.shown() == ["Lollipop\n\nThank you"]


async def test_a_slow_answer_does_not_hold_up_somebody_elses_words_for_ever(monkeypatch):
    monkeypatch.setattr("bot.channels.telegram.polling.ANSWER_SECONDS", 0.05)
    async with staged() as stage:
        stage.desk.answers["words"] = says("Thank you")
        stage.world.faults.next("sendMessage", Stall())
        await stage.channel.start()
        stage.world.say(AMINA, "hello")
        await stage.until(lambda: stage.world.faults.stalled)

        stage.world.say(BEN, "hello")
        await stage.until(lambda: stage.shown(BEN))

        assert stage.shown(AMINA) == []
        stage.world.faults.release()


async def test_the_desk_hears_of_an_answer_that_will_never_arrive():
    async with staged() as stage:
        stage.desk.answers["words"] = says("Thank you")
        stage.world.faults.next("sendMessage", Refuse(ApiError(403, "Forbidden: bot was blocked by the user")))
        await stage.channel.start()

        stage.world.say(AMINA, "hello")
        await stage.confirmed()

        assert stage.desk.told == [("words", False)]


async def test_a_process_that_dies_while_handling_loses_none_of_ten():
    async with staged() as stage:
        stage.desk.held = asyncio.Event()
        for number in range(10):
            stage.world.say(AMINA if number % 2 else BEN, f"message {number}")
        await stage.channel.start()
        await stage.until(lambda: stage.desk.asked)
        assert len(stage.world.bot().updates.waiting_ids()) == 10

        handling, polling = stage.channel._poller._handling, stage.channel._polling
        handling.cancel()
        polling.cancel()
        await asyncio.wait({handling, polling})
        stage.desk.held = None
        await stage.channel.stop()
        assert len(stage.world.bot().updates.waiting_ids()) == 10
        await stage.rebuilt().start()
        await stage.confirmed()

        said = sorted(incoming.words["words"].reveal() for incoming in stage.desk.handled)
        assert said == sorted(f"message {number}" for number in range(10))


async def test_stopping_finishes_what_is_being_handled():
    async with staged() as stage:
        stage.desk.held = asyncio.Event()
        stage.desk.answers["words"] = says("Kept")
        stage.world.say(AMINA, "hello")
        await stage.channel.start()
        await stage.until(lambda: stage.desk.asked)

        stopping = asyncio.create_task(stage.channel.stop())
        await asyncio.sleep(0)
        stage.desk.held.set()
        await stopping

        assert stage.desk.verbs == ["words"]
        assert stage.shown() == ["Lollipop\n\nKept"]
        assert not stage.channel.healthy


async def test_a_redelivered_update_is_not_handled_twice():
    async with staged() as stage:
        stage.desk.answers["words"] = says("Once")
        await stage.channel.start()
        update = stage.world.say(AMINA, "hello")
        await stage.confirmed()

        stage.world.redeliver(update)
        await stage.until(lambda: len(stage.desk.asked) == 2)
        await stage.confirmed()

        assert stage.desk.verbs == ["words"]
        assert stage.shown() == ["Lollipop\n\nOnce"]


async def test_a_failing_update_is_tried_again_and_holds_up_nobody_else():
    async with staged() as stage:
        stage.desk.failing["news"] = 1
        stage.desk.answers["news"] = says("The news")
        stage.world.say(AMINA, "/news")
        stage.world.say(AMINA, "after that")
        stage.world.say(BEN, "hello")

        await stage.channel.start()
        await stage.confirmed()
        await stage.until(stage.shown)

        assert [(each.sender, each.verb) for each in stage.desk.handled] == [
            (str(BEN), "words"),
            (str(AMINA), "news"),
            (str(AMINA), "words"),
        ]
        assert stage.shown() == ["Lollipop\n\nThe news"]
        assert stage.naps.taken
        assert stage.naps.taken[0] > 0.5


async def test_a_person_whose_message_is_parked_is_told_and_the_next_goes_on():
    async with staged() as stage:
        stage.desk.failing["news"] = 3
        stage.world.say(AMINA, "/news")
        stage.world.say(AMINA, "after that")

        await stage.channel.start()
        await stage.confirmed()
        await stage.until(stage.shown)

        assert stage.desk.verbs == ["words"]
        assert "ولم نتمكن من حفظ ما أرسلتموه" in stage.shown()[0]
        assert len(stage.naps.taken) == 2


async def test_while_failures_cannot_even_be_counted_nothing_is_lost():
    async with staged() as stage:
        stage.desk.failing["news"] = 5
        stage.desk.uncounting = True
        stage.world.say(AMINA, "/news")

        await stage.channel.start()
        await stage.confirmed()

        assert stage.desk.verbs == ["news"]
        assert len(stage.naps.taken) == 5
        assert stage.naps.taken == sorted(stage.naps.taken)


async def test_a_lost_connection_is_waited_out():
    async with staged() as stage:
        stage.world.faults.next("getUpdates", ServerError(), times=4)
        stage.world.say(AMINA, "hello")

        await stage.channel.start()
        await stage.until(lambda: len(stage.naps.taken) >= 3)
        await stage.confirmed()

        assert stage.desk.verbs == ["words"]
        assert stage.channel.healthy
        assert stage.naps.taken[2] > stage.naps.taken[0]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ApiError(409, "Conflict: terminated by other getUpdates request"), "Another program is reading"),
        (ApiError(401, "Unauthorized"), "no longer accepts this bot's token"),
    ],
)
async def test_a_second_reader_and_a_dead_token_are_said_once(error, sentence, caplog):
    async with staged() as stage:
        await stage.channel.start()
        stage.world.faults.next("getUpdates", Refuse(error), times=3)
        unwell = []
        stage.channel._poller._sleep = lambda seconds: _look(stage, unwell)

        stage.world.say(AMINA, "hello")
        await stage.until(lambda: stage.desk.verbs == ["words"])
        stage.world.say(AMINA, "again")
        await stage.until(lambda: len(stage.desk.verbs) == 2)

    said = [
        record.fields
        for record in caplog.records
        if getattr(record, "fields", {}).get("event", "") == "telegram.polling"
    ]
    assert len(said) == 1
    assert sentence in said[0]["outcome"]
    assert unwell == [False, False, False]


async def _look(stage, unwell):
    unwell.append(stage.channel.healthy)
    await asyncio.sleep(0)


async def test_a_wrong_token_is_a_clear_sentence_without_the_token():
    async with staged(token="700100:AAF-another_another_another_another") as stage:
        with pytest.raises(TelegramTokenError) as refused:
            await stage.channel.start()

        assert "@BotFather" in str(refused.value)
        assert refused.value.__suppress_context__
        assert not stage.channel.healthy


async def test_a_server_that_is_not_there_is_a_clear_sentence(unused_tcp_port):
    address = f"http://127.0.0.1:{unused_tcp_port}"
    async with staged(api_url=address) as stage:
        with pytest.raises(TelegramUnreachableError) as refused:
            await stage.channel.start()

        assert address in str(refused.value)
        assert TOKEN not in str(refused.value)


async def test_a_start_that_failed_can_be_tried_again():
    async with staged() as stage:
        stage.world.faults.next("getMe", ServerError())
        with pytest.raises(TelegramUnreachableError):
            await stage.channel.start()
        stage.world.say(AMINA, "hello")

        await stage.channel.start()
        await stage.confirmed()

        assert stage.desk.verbs == ["words"]


async def test_an_update_of_a_kind_nobody_knows_holds_up_nobody():
    async with staged() as stage:
        await stage.channel.start()
        updates = stage.world.bot().updates
        updates.allowed = None

        updates.add("message", {"message_id": "what?", "chat": 7}, AMINA)
        updates.add("brain_wave", {"id": 1}, AMINA)
        stage.world.say(AMINA, "hello")
        await stage.confirmed()

        assert stage.desk.verbs == ["words"]


async def test_a_fault_of_ours_does_not_end_the_listening():
    async with staged() as stage:
        await stage.channel.start()
        handlers = stage.channel._poller._handlers
        object.__setattr__(handlers, "replies", None)
        stage.world.say(AMINA, "hello")
        await stage.until(lambda: stage.naps.taken)
        object.__setattr__(handlers, "replies", stage.channel._replies)

        await stage.confirmed()

        assert stage.desk.verbs == ["words"]
        assert stage.channel.healthy


async def test_blocking_unblocking_and_moving_reach_the_desk_and_are_not_answered():
    async with staged() as stage:
        stage.desk.answers |= {"blocked": says("Bye"), "moved": says("Moved")}
        group = stage.world.add_group("Year 4", [AMINA])
        await stage.channel.start()
        stage.world.say(AMINA, "hello")

        stage.world.block(AMINA)
        stage.world.unblock(AMINA)
        new = stage.world.migrate_group(group.id)
        await stage.confirmed()
        await stage.until(lambda: len(stage.desk.verbs) == 4)

        assert stage.desk.verbs == ["words", "blocked", "unblocked", "moved"]
        assert stage.desk.handled[-1].args == {"old": str(group.id), "new": str(new)}
        assert stage.shown() == []


async def test_nothing_said_in_a_group_reaches_the_desk():
    async with staged() as stage:
        group = stage.world.add_group("Year 4", [AMINA])
        await stage.channel.start()

        stage.world.say(AMINA, "/report", chat=group.id)
        stage.world.say(BEN, "hello")
        await stage.confirmed()

        assert stage.desk.verbs == ["words"]


async def test_media_is_refused_before_it_is_fetched():
    async with staged() as stage:
        stage.desk.answers |= {"words": says("Heard"), "media": says("No pictures, please")}
        await stage.channel.start()

        stage.world.send_photo(AMINA, "he sent me this")
        stage.world.send_voice(AMINA)
        stage.world.send_document(AMINA)
        stage.world.send_sticker(AMINA)
        await stage.confirmed()
        await stage.until(lambda: len(stage.shown()) == 5)

        assert stage.desk.verbs == ["words", "media", "media", "media", "media"]
        assert stage.desk.handled[0].words["words"].reveal() == "he sent me this"
        assert stage.world.calls_of("getFile") == []
        assert stage.world.file_requests == []


@pytest.mark.parametrize("words", ["a" * 4096, "أريد أن أخبر أحدا", "😀🍭👨‍👩‍👧", "bell\x07 and\x00 null"])
async def test_any_words_arrive_whole_and_wrapped(words):
    async with staged() as stage:
        await stage.channel.start()

        stage.world.say(AMINA, words)
        await stage.confirmed()

        heard = stage.desk.handled[0].words["words"]
        assert heard.reveal() == stage.world.messages(AMINA)[0].text
        assert words[:5] not in repr(stage.desk.handled[0])
