"""Answers: where they go, in which order, and what happens when Telegram refuses one."""

from datetime import timedelta

import pytest
from telegram_double import AMINA, BEN, NOW, SIGNER, choice, says, staged

from bot.playground.telegram import ApiError, Refuse, TooMany
from bot.wire import Answer, Choice, Show
from pages import Document, paragraph
from school.words import Text


async def test_a_tap_is_taken_and_the_message_replaced():
    async with staged() as stage:
        stage.desk.answers["start"] = says("Join?", choices=((choice("Yes, please", "join", code="C1"),),))
        stage.desk.answers["join"] = says("You have joined", show=Show.REPLACE)
        await stage.channel.start()
        stage.world.start(AMINA, "C1")
        await stage.until(stage.shown)
        message = stage.world.messages(AMINA)[-1]

        stage.world.tap(AMINA, message.message_id, 0)
        stage.world.tap(AMINA, message.message_id, 0)
        await stage.until(lambda: len(stage.world.calls_of("answerCallbackQuery")) == 2)
        await stage.until(lambda: len(stage.world.calls_of("editMessageText")) == 2)

        assert stage.shown() == ["Lollipop\n\nYou have joined"]
        taps = [each for each in stage.desk.handled if each.verb == "join"]
        assert [tap.args for tap in taps] == [{"code": "C1"}] * 2
        assert all(call.code == 200 for call in stage.world.calls_of("answerCallbackQuery"))


async def test_a_message_that_cannot_be_edited_is_answered_with_a_new_one():
    async with staged() as stage:
        stage.desk.answers["start"] = says("Join?", choices=((choice("Yes", "join"),),))
        stage.desk.answers["join"] = says("You have joined", show=Show.REPLACE)
        await stage.channel.start()
        stage.world.start(AMINA)
        await stage.until(stage.shown)
        stage.world.faults.next("editMessageText", Refuse(ApiError(400, "Bad Request: message can't be edited")))

        stage.world.tap(AMINA, stage.world.messages(AMINA)[-1].message_id, 0)
        await stage.until(lambda: len(stage.shown()) == 2)

        assert stage.shown()[-1] == "Lollipop\n\nYou have joined"


async def test_a_toast_is_short():
    async with staged() as stage:
        stage.desk.answers["start"] = says("Quiz", choices=((choice("A", "quiz.answer"),),))
        stage.desk.answers["quiz.answer"] = says("Well done! " * 40, show=Show.TOAST)
        await stage.channel.start()
        stage.world.start(AMINA)
        await stage.until(stage.shown)

        stage.world.tap(AMINA, stage.world.messages(AMINA)[-1].message_id, 0)
        await stage.until(lambda: stage.world.calls_of("answerCallbackQuery"))

        [call] = stage.world.calls_of("answerCallbackQuery")
        assert call.code == 200
        assert len(call.fields["text"]) <= 200
        assert call.fields["text"].startswith("Well done!")
        assert len(stage.shown()) == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("forged", "isn't one of ours"),
        (SIGNER.button("join", {}, on=NOW.date() - timedelta(days=300)), "from an old message"),
    ],
)
async def test_a_forged_or_old_button_is_a_toast_and_nothing_else(data, sentence):
    async with staged() as stage:
        stage.desk.answers["start"] = says("Join?", choices=((choice("Yes", "join"),),))
        await stage.channel.start()
        stage.world.start(BEN)
        await stage.until(lambda: stage.shown(BEN))
        message = stage.world.messages(BEN)[-1]
        message.inline_keyboard[0][0]["callback_data"] = data

        stage.world.tap(BEN, message.message_id, 0)
        await stage.until(lambda: stage.world.calls_of("answerCallbackQuery"))
        await stage.confirmed()

        [call] = stage.world.calls_of("answerCallbackQuery")
        assert sentence in call.fields["text"]
        assert stage.desk.verbs == ["start"]
        assert len(stage.shown(BEN)) == 1


async def test_a_429_on_an_answer_is_waited_out_and_holds_up_nobody():
    async with staged() as stage:
        stage.desk.answers["words"] = says("Hello")
        stage.world.faults.next("sendMessage", TooMany(7))
        await stage.channel.start()

        stage.world.say(AMINA, "hello")
        stage.world.say(BEN, "hello")
        await stage.until(lambda: stage.shown(AMINA) and stage.shown(BEN))

        assert len(stage.world.calls_of("sendMessage")) == 3
        assert 7 <= stage.naps.taken[0] <= 8


async def test_answers_are_tried_a_bounded_number_of_times():
    async with staged() as stage:
        stage.desk.answers["words"] = says("Hello")
        stage.world.faults.next("sendMessage", TooMany(3), times=50)
        await stage.channel.start()

        stage.world.say(AMINA, "hello")
        await stage.confirmed()
        await stage.until(lambda: not stage.channel._replies._running)

        assert len(stage.world.calls_of("sendMessage")) == 4


async def test_answers_in_one_chat_keep_their_order():
    async with staged() as stage:
        stage.desk.answers |= {"news": says("First"), "help": says("Second")}
        stage.world.faults.next("sendMessage", TooMany(2), times=2)
        await stage.channel.start()

        stage.world.say(AMINA, "/news")
        stage.world.say(AMINA, "/help")
        await stage.until(lambda: len(stage.shown()) == 2)

        assert [each.removeprefix("Lollipop\n\n") for each in stage.shown()] == ["First", "Second"]


async def test_a_message_is_deleted_where_the_desk_asks_for_it():
    async with staged() as stage:
        stage.desk.answers["words"] = Answer(
            document=Document("Lollipop", (paragraph(Text("Kept safe")),)),
            delete_incoming=True,
        )
        await stage.channel.start()

        stage.world.say(AMINA, "something sad")
        await stage.until(lambda: stage.world.messages(AMINA)[0].deleted and stage.shown())

        assert stage.shown() == ["Lollipop\n\nKept safe"]


async def test_a_message_too_old_to_delete_is_no_error():
    async with staged() as stage:
        stage.desk.answers["words"] = Answer(document=Document("Kept safe"), delete_incoming=True)
        stage.world.faults.next("deleteMessage", Refuse(ApiError(400, "Bad Request: message can't be deleted")))
        await stage.channel.start()

        stage.world.say(AMINA, "something sad")
        await stage.until(stage.shown)

        assert stage.shown() == ["Kept safe"]


async def test_a_link_that_telegram_refuses_on_a_button_is_spelt_out():
    async with staged() as stage:
        link = Choice(label=Text("The form"), href="http://127.0.0.1:8000/report?a=1&b=2")
        stage.desk.answers["media"] = says("No pictures", choices=((link,), (choice("Tell someone", "report.start"),)))
        refusal = "Bad Request: inline keyboard button URL 'http://127.0.0.1:8000/report' is invalid: Wrong HTTP URL"
        stage.world.faults.next("sendMessage", Refuse(ApiError(400, refusal)))
        await stage.channel.start()

        stage.world.send_voice(AMINA)
        await stage.until(stage.shown)

        assert stage.shown() == ["Lollipop\n\nNo pictures\n\nThe form: http://127.0.0.1:8000/report?a=1&b=2"]
        [[button]] = stage.world.messages(AMINA)[-1].inline_keyboard
        assert button["text"] == "Tell someone"


async def test_a_link_without_a_server_is_left_out():
    async with staged() as stage:
        stage.desk.answers["media"] = says("No pictures", choices=((Choice(label=Text("The form"), href="/report"),),))
        await stage.channel.start()

        stage.world.send_voice(AMINA)
        await stage.until(stage.shown)

        assert stage.world.messages(AMINA)[-1].inline_keyboard == []


async def test_buttons_that_do_not_fit_never_cost_the_words():
    async with staged() as stage:
        stage.desk.answers["words"] = says("Your receipt", choices=((choice("x", "news", id="n" * 60),),))
        await stage.channel.start()

        stage.world.say(AMINA, "hello")
        await stage.until(stage.shown)

        assert stage.shown() == ["Lollipop\n\nYour receipt"]


async def test_a_long_answer_takes_the_place_of_the_tapped_message_and_goes_on_below():
    async with staged() as stage:
        stage.desk.answers["start"] = says("Join?", choices=((choice("Yes", "join"),),))
        long = Document("Joined", (paragraph("a" * 4000), paragraph("b" * 4000)))
        stage.desk.answers["join"] = Answer(document=long, show=Show.REPLACE, choices=((choice("News", "news"),),))
        await stage.channel.start()
        stage.world.start(AMINA)
        await stage.until(stage.shown)

        stage.world.tap(AMINA, stage.world.messages(AMINA)[-1].message_id, 0)
        await stage.until(lambda: len(stage.shown()) == 2)

        first, second = [each for each in stage.world.messages(AMINA) if each.by_bot]
        assert first.text.startswith("Joined")
        assert first.inline_keyboard == []
        assert second.inline_keyboard[0][0]["text"] == "News"
