"""The sender against the stand-in: what goes out, and how failures are sorted."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from http_double import MESSAGE, http, listening, refused, said
from telegram_double import AMINA, BEN, TOKEN, choice, says, sender_of, staged, talking

from bot.playground.telegram import ApiError, Drop, Refuse, ServerError, Stall, TooMany
from bot.wire import Choice, Form, Outgoing, SendFailed, Show, drawn_of
from pages import Document, Picture, paragraph
from school.words import Text

LETTER = Outgoing(address=str(AMINA), document=Document("News", (paragraph("Hello & <welcome>"),)))
LONG = Outgoing(address=str(AMINA), document=Document("News", (paragraph("a" * 4000), paragraph("b" * 4000))))


async def met(stage):
    """Start the channel; Amina has spoken to the bot before."""
    await stage.channel.start()
    stage.world.private_chat(stage.world.bot(), stage.world.people[AMINA]).started = True
    return stage.channel.sender


async def failure(sender, letter=LETTER):
    with pytest.raises(SendFailed) as failed:
        await sender.send(letter)
    return failed.value


async def test_a_letter_with_a_button_arrives_as_it_was_written():
    async with staged() as stage:
        sender = await met(stage)

        sent = await sender.send(replace(LETTER, choices=((choice("Read on", "news", id="n1"),),)))

        message = stage.world.messages(AMINA)[-1]
        assert sent == str(message.message_id)
        assert message.text == "News\n\nHello & <welcome>"
        assert len(message.inline_keyboard[0][0]["callback_data"].encode()) <= 64


async def test_a_long_letter_is_two_messages_with_the_buttons_under_the_last():
    async with staged() as stage:
        sender = await met(stage)

        sent = await sender.send(replace(LONG, choices=((choice("Read on", "news"),),)))

        first, second = stage.world.messages(AMINA)
        assert sent == f"{first.message_id},{second.message_id}"
        assert not first.inline_keyboard
        assert second.inline_keyboard


@pytest.mark.parametrize(
    ("fault", "reason", "permanent", "in_doubt"),
    [
        (Refuse(ApiError(403, "Forbidden: bot was blocked by the user")), "blocked", True, False),
        (Refuse(ApiError(403, "Forbidden: user is deactivated")), "deactivated", True, False),
        (Refuse(ApiError(400, "Bad Request: chat not found")), "not_found", True, False),
        (Refuse(ApiError(400, "Bad Request: can't parse entities")), "refused", True, False),
        (Refuse(ApiError(401, "Unauthorized")), "token", False, False),
        (ServerError(502), "in_doubt", False, True),
        (ServerError(500, carried_out=True), "in_doubt", False, True),
        (Drop(), "in_doubt", False, True),
        (TooMany(9), "flood", False, False),
    ],
)
async def test_failures_are_sorted(fault, reason, permanent, in_doubt):
    async with staged() as stage:
        sender = await met(stage)
        stage.world.faults.next("sendMessage", fault)

        failed = await failure(sender)

        assert (failed.reason, failed.permanent, failed.in_doubt) == (reason, permanent, in_doubt)
        assert failed.retry_after == (timedelta(seconds=9) if isinstance(fault, TooMany) else None)


def _after(calls, take):
    """Faults that begin only after so many calls."""
    left = [calls]

    def later(method):
        left[0] -= 1
        return take(method) if left[0] < 0 else None

    return later


async def test_somebody_who_blocked_the_bot_left_telegram_or_never_came():
    async with staged() as stage:
        sender = await met(stage)
        assert (await failure(sender, replace(LETTER, address=str(BEN)))).reason == "not_started"

        stage.world.block(AMINA)
        assert (await failure(sender)).reason == "blocked"
        stage.world.unblock(AMINA)
        stage.world.deactivate(AMINA)

        assert (await failure(sender)).reason == "deactivated"
        assert (await failure(sender, replace(LETTER, address="999"))).reason == "not_found"


async def test_a_chat_that_moved_says_where_to():
    async with staged() as stage:
        sender = await met(stage)
        group = stage.world.add_group("Year 4", [AMINA])
        new = stage.world.migrate_group(group.id)

        failed = await failure(sender, replace(LETTER, address=str(group.id)))

        assert failed.moved_to == str(new)
        assert not failed.permanent


async def test_half_a_letter_is_in_doubt_because_the_other_half_is_there():
    async with staged() as stage:
        sender = await met(stage)
        stage.world.faults.next("sendMessage", TooMany(5))
        whole, stage.world.faults.take = stage.world.faults.take, _after(1, stage.world.faults.take)

        failed = await failure(sender, LONG)
        stage.world.faults.take = whole

        assert (failed.reason, failed.in_doubt, failed.retry_after) == ("partly_sent", True, None)
        assert len(stage.world.messages(AMINA)) == 1


ROWS = ((Choice(label=Text("See our events, and reply"), verb="events"),),)


@pytest.mark.parametrize("letter", [LETTER, LONG, replace(LONG, choices=ROWS)])
async def test_what_was_drawn_once_is_posted_to_amina_as_it_would_have_been_sent(letter):
    async with listening() as server, talking(server.url) as bot:
        sender = sender_of(bot)
        sent = await sender.send(letter)
        drawn = sender.draw(letter.document, lang="en", choices=letter.choices)
        posted = await sender.post(letter.address, drawn, key="d1")
        await sender.post('9", "text": "not hers', drawn)

    each = len(server.heard) // 3
    bodies = [heard.json for heard in server.heard]
    assert posted == sent == ",".join(["7"] * each)
    assert bodies[each : 2 * each] == bodies[:each]
    assert ["reply_markup" in body for body in bodies[:each]] == [False] * (each - 1) + [bool(letter.choices)]
    assert server.heard[each].target == server.heard[0].target
    assert server.heard[each].headers["content-type"] == server.heard[0].headers["content-type"]
    assert [body["chat_id"] for body in bodies[2 * each :]] == ['9", "text": "not hers'] * each
    assert [body["text"] for body in bodies[2 * each :]] == [body["text"] for body in bodies[:each]]


async def test_a_page_drawn_twice_has_one_digest_and_another_page_another():
    async with staged() as stage:
        sender = stage.channel.sender
        drawn = sender.draw(LETTER.document, lang="en")
        words = Document(Text("Important"), LETTER.document.blocks)

        assert sender.draw(LETTER.document, lang="en") == drawn
        assert sender.draw(LONG.document, lang="en").digest != drawn.digest
        assert sender.draw(words, lang="en").digest != sender.draw(words, lang="pl").digest
        assert drawn_of([b"ab", b"c"]).digest != drawn_of([b"a", b"bc"]).digest
        with pytest.raises(SendFailed, match="empty"):
            sender.draw(Document(" "), lang="en")


async def test_what_is_drawn_for_many_has_its_picture_above_the_first_part_and_its_buttons_under_the_last():
    async with staged() as stage:
        sender = await met(stage)
        picture = Picture("https://school.example/pictures/n1", "Two hearts.")
        drawn = sender.draw(replace(LONG.document, picture=picture), lang="en", choices=((choice("Quiz", "quiz"),),))

        await sender.post(str(AMINA), drawn)

        first, last = (json.loads(b"{" + part) for part in drawn.parts)
        shown = {"url": picture.href, "prefer_large_media": True, "show_above_text": True}
        assert json.loads(first["link_preview_options"]) == shown
        assert json.loads(last["link_preview_options"]) == {"is_disabled": True}
        top, bottom = stage.world.messages(AMINA)
        assert not top.inline_keyboard
        assert bottom.inline_keyboard[0][0]["text"] == "Quiz"


async def test_what_is_drawn_for_many_holds_no_address_on_a_button_and_no_picture_of_an_inner_network():
    async with staged() as stage:
        picture = Picture("http://10.0.0.7/pictures/n1", "Two hearts.")
        link = Choice(label=Text("See it"), href="http://10.0.0.7/news")
        drawn = stage.channel.sender.draw(replace(LETTER.document, picture=picture), lang="en", choices=((link,),))

        assert drawn == stage.channel.sender.draw(LETTER.document, lang="en")


async def test_what_is_posted_arrives_and_fails_as_what_is_sent():
    async with staged() as stage:
        sender = await met(stage)
        drawn = sender.draw(LETTER.document, lang="en")

        sent = await sender.post(str(AMINA), drawn)
        stage.world.faults.next("sendMessage", TooMany(9))
        with pytest.raises(SendFailed) as flood:
            await sender.post(str(AMINA), drawn)
        stage.world.block(AMINA)
        with pytest.raises(SendFailed) as blocked:
            await sender.post(str(AMINA), drawn)

        message = stage.world.messages(AMINA)[-1]
        assert (sent, message.text) == (str(message.message_id), "News\n\nHello & <welcome>")
        assert (flood.value.reason, flood.value.retry_after) == ("flood", timedelta(seconds=9))
        assert (blocked.value.reason, blocked.value.permanent) == ("blocked", True)


@pytest.mark.parametrize(
    ("answers", "reason", "in_doubt", "moved_to"),
    [
        ([said(MESSAGE), refused(403, "Forbidden: bot was blocked by the user")], "partly_sent", True, None),
        ([said(MESSAGE), refused(429, "Too Many Requests", retry_after=3)], "partly_sent", True, None),
        ([said(MESSAGE), refused(400, "upgraded", migrate_to_chat_id=-5)], "moved", False, "-5"),
        ([said(MESSAGE), None], "partly_sent", True, None),
        ([said(True)], "in_doubt", True, None),
        ([http(200, {"ok": True})], "in_doubt", True, None),
    ],
)
async def test_half_of_what_was_drawn_is_in_doubt_but_a_move_is_followed(answers, reason, in_doubt, moved_to):
    async with listening() as server, talking(server.url) as bot:
        sender = sender_of(bot)
        server.answers.extend(answers)

        with pytest.raises(SendFailed) as failed:
            await sender.post(str(AMINA), sender.draw(LONG.document, lang="en"))

    assert (failed.value.reason, failed.value.in_doubt, failed.value.moved_to) == (reason, in_doubt, moved_to)
    assert len(server.heard) == len(answers)


async def test_before_the_channel_is_up_nothing_leaves_and_nothing_is_in_doubt():
    async with staged() as stage:
        failed = await failure(stage.channel.sender)

    assert (failed.reason, failed.in_doubt, failed.permanent) == ("unreachable", False, False)


async def test_a_server_that_never_answers_leaves_a_doubt(monkeypatch):
    async with staged() as stage:
        sender = await met(stage)
        stage.world.faults.next("sendMessage", Stall())
        monkeypatch.setattr(sender.bot.request, "_read", 0.05)

        failed = await failure(sender)

        assert failed.in_doubt


async def test_a_connection_that_never_was_leaves_no_doubt():
    async with staged() as stage:
        sender = await met(stage)
        base = sender.bot._base_url
        sender.bot._base_url = "http://127.0.0.1:1/bot" + TOKEN

        failed = await failure(sender)
        sender.bot._base_url = base

        assert (failed.reason, failed.in_doubt, failed.permanent) == ("unreachable", False, False)


async def test_nothing_to_say_is_not_sent():
    async with staged() as stage:
        sender = await met(stage)

        assert (await failure(sender, replace(LETTER, document=Document(" ")))).reason == "empty"
        too_long = replace(LETTER, choices=((choice("x", "news", id="n" * 60),),))
        assert (await failure(sender, too_long)).reason == "unrenderable"
        assert stage.world.messages(AMINA) == []


async def test_an_answer_with_a_form_says_that_telegram_has_none():
    async with staged() as stage:
        stage.desk.answers["words"] = replace(
            says("x", show=Show.REPLY),
            document=None,
            form=Form(title=Text("Hands up"), submit=Text("Send"), verb="lesson.taught", fields=()),
        )
        await stage.channel.start()

        stage.world.say(AMINA, "hello")
        await stage.until(stage.shown)

        assert "Telegram has none" in stage.shown()[0]
        assert stage.shown()[0].startswith("Hands up")


async def test_pacing_counts_against_the_bot_and_the_chat_and_nothing_shows_the_token():
    async with staged() as stage:
        sender = stage.channel.sender
        keys = sender.pacing_keys("501")

    assert TOKEN not in repr(sender) + repr(sender.bot)
    assert keys == ("tg:700100", "tg:700100:chat:501")
