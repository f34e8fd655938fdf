"""The real python-telegram-bot against the stand-in, over real HTTP on loopback: updates and messages."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest
import telegram
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
)
from telegram.request import HTTPXRequest
from telegram_kit import AMINA, KEYBOARD, TOKEN, Hand, last, raw, until

from bot.playground.serving import serve
from bot.playground.telegram import (
    SECRET_HEADER,
    TelegramWorld,
)

# Who is there


async def test_the_bot_learns_who_it_is(bot: telegram.Bot) -> None:
    me = await bot.get_me()

    assert (me.id, me.username, me.is_bot) == (4242, "lollipop_test_bot", True)


async def test_a_wrong_token_is_unauthorised_and_an_unknown_method_is_not_found(base: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        stranger = await client.get(f"{base}/bot1:wrong/getMe")
    nothing = await raw(base, "sendTelepathy")

    assert stranger.status_code == 401
    assert nothing.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
    async with HTTPXRequest() as request:
        with pytest.raises(InvalidToken):
            await telegram.Bot("1:wrong", base_url=f"{base}/bot", request=request).get_me()


async def test_all_four_ways_of_asking_are_understood(base: str, world: TelegramWorld) -> None:
    address = f"{base}/bot{TOKEN}/sendMessage"
    words = {"chat_id": str(AMINA), "text": "Hello"}

    async with httpx.AsyncClient(trust_env=False) as client:
        answers = [
            await client.get(address, params=words),
            await client.post(address, json=words),
            await client.post(address, data=words),
            await client.post(address, files={name: (None, value) for name, value in words.items()}),
        ]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert [message.text for message in world.messages(AMINA)] == ["Hello"] * 4


# Polling


async def test_an_unconfirmed_update_comes_again(bot: telegram.Bot, world: TelegramWorld) -> None:
    world.say(AMINA, "/years 3 4")
    world.say(AMINA, "thank you")

    first = await bot.get_updates(timeout=0)
    again = await bot.get_updates(timeout=0)
    rest = await bot.get_updates(offset=first[0].update_id + 1, timeout=0)
    nothing = await bot.get_updates(offset=first[1].update_id + 1, timeout=0)

    assert [update.update_id for update in first] == [update.update_id for update in again]
    message = first[0].message
    assert message is not None
    assert message.parse_entities([telegram.constants.MessageEntityType.BOT_COMMAND])
    assert [update.message.text for update in rest if update.message] == ["thank you"]
    assert nothing == ()


async def test_a_negative_offset_forgets_all_but_the_last(bot: telegram.Bot, world: TelegramWorld) -> None:
    for word in ("one", "two", "three"):
        world.say(AMINA, word)

    newest = await bot.get_updates(offset=-1, timeout=0)

    assert [update.message.text for update in newest if update.message] == ["three"]
    assert len(await bot.get_updates(timeout=0)) == 1


async def test_a_long_poll_ends_when_somebody_writes(bot: telegram.Bot, world: TelegramWorld) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await until(lambda: world.bot().updates._poll is not None)

    world.say(AMINA, "good morning")

    assert [update.message.text for update in await polling if update.message] == ["good morning"]


async def test_of_two_pollers_the_older_is_told_of_the_conflict(bot: telegram.Bot, world: TelegramWorld) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await until(lambda: world.bot().updates._poll is not None)

    await bot.get_updates(timeout=0)

    with pytest.raises(Conflict, match="terminated by other getUpdates"):
        await older


async def test_only_the_kinds_that_were_asked_for_come(bot: telegram.Bot, world: TelegramWorld) -> None:
    await bot.get_updates(timeout=0, allowed_updates=["message"])

    world.block(AMINA)
    world.unblock(AMINA)
    world.say(AMINA, "back")

    assert [update.message is not None for update in await bot.get_updates(timeout=0)] == [True]


async def test_a_confirmed_update_can_come_a_second_time(bot: telegram.Bot, world: TelegramWorld) -> None:
    number = world.say(AMINA, "/stop")
    assert number is not None
    await bot.get_updates(timeout=0)
    assert await bot.get_updates(offset=number + 1, timeout=0) == ()

    world.redeliver(number)

    assert [update.update_id for update in await bot.get_updates(offset=number + 1, timeout=0)] == [number]
    assert await bot.get_updates(offset=number + 1, timeout=0) == ()


async def test_updates_are_kept_for_a_day(bot: telegram.Bot, world: TelegramWorld, clock: Hand) -> None:
    world.say(AMINA, "old news")

    clock.at += timedelta(hours=25)

    assert await bot.get_updates(timeout=0) == ()


# Webhook


@dataclass
class Hook:
    """The bot's side of a webhook: keeps what came and answers with the next status."""

    statuses: list[int]
    got: list[tuple[str | None, int]] = field(default_factory=list)

    async def __call__(self, request: Request) -> Response:
        update = await request.json()
        self.got.append((request.headers.get(SECRET_HEADER), update["update_id"]))
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)


async def test_the_webhook_gets_the_secret_and_a_refused_update_stays(bot: telegram.Bot, world: TelegramWorld) -> None:
    hook = Hook([500])
    async with serve(Starlette(routes=[Route("/telegram/oak", hook.__call__, methods=["POST"])])) as url:
        await bot.set_webhook(f"{url}/telegram/oak", secret_token="Keep-it_1")
        number = world.say(AMINA, "/help")

        refused = await world.deliver_webhook()
        info = await bot.get_webhook_info()
        taken = await world.deliver_webhook()

    assert [attempt.status for attempt in refused + taken] == [500, 200]
    assert hook.got == [("Keep-it_1", number)] * 2
    assert (info.pending_update_count, info.last_error_message) == (1, "Wrong response from the webhook: 500")
    assert await world.deliver_webhook() == []


async def test_polling_conflicts_with_a_webhook_until_it_is_deleted(bot: telegram.Bot) -> None:
    await bot.set_webhook("https://school.example/telegram/oak")

    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates(timeout=0)
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates(timeout=0) == ()


# Sending


async def test_a_message_is_shown_with_safe_html_and_its_buttons(bot: telegram.Bot, world: TelegramWorld) -> None:
    sent = await bot.send_message(
        AMINA,
        '<b>Year 3</b> &lt;script&gt; <a href="https://example.org">here</a>',
        ParseMode.HTML,
        reply_markup=KEYBOARD,
    )

    shown = last(world)
    assert sent.text == shown["text"] == "Year 3 <script> here"
    assert shown["html"].startswith("<b>Year 3</b> &lt;script&gt; <a href=")
    assert [[button["index"] for button in row] for row in shown["inline_keyboard"]] == [[0, 1], [2]]
    assert world.messages(AMINA)[0].sent_as.startswith("<b>")


async def test_offsets_count_utf16_units(bot: telegram.Bot) -> None:
    sent = await bot.send_message(AMINA, "\N{LOLLIPOP} <i>sweet</i>", ParseMode.HTML)

    assert (sent.entities[0].offset, sent.entities[0].length) == (3, 5)
    assert sent.parse_entity(sent.entities[0]) == "sweet"


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<p>no</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'expected "</i>", found "</b>"'),
        ("é 3 < 4", "Unclosed start tag at byte offset 5"),
        ('<span class="x">y</span>', "tg-spoiler"),
    ],
)
async def test_faulty_html_is_refused(bot: telegram.Bot, world: TelegramWorld, html: str, fault: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        await bot.send_message(AMINA, html, ParseMode.HTML)

    assert "can't parse entities" in refusal.value.message.lower()
    assert fault.lower() in refusal.value.message.lower()
    assert world.messages(AMINA) == []


async def test_a_text_is_measured_after_its_tags_were_read(bot: telegram.Bot) -> None:
    await bot.send_message(AMINA, f"<b>{'x' * 4096}</b>", ParseMode.HTML)

    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message(AMINA, "\N{LOLLIPOP}" * 2049)
    with pytest.raises(BadRequest, match="text is empty"):
        await bot.send_message(AMINA, "<b> </b>", ParseMode.HTML)


async def test_only_a_hundred_entities_are_kept(bot: telegram.Bot) -> None:
    sent = await bot.send_message(AMINA, "<b>x</b> " * 150, ParseMode.HTML)

    assert len(sent.entities) == 100


@pytest.mark.parametrize("data", ["x" * 65, "é" * 33])
async def test_callback_data_over_64_bytes_is_refused(bot: telegram.Bot, data: str) -> None:
    markup = telegram.InlineKeyboardMarkup.from_button(telegram.InlineKeyboardButton("Go", callback_data=data))

    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(AMINA, "Tap", reply_markup=markup)


@pytest.mark.parametrize(("rows", "row"), [(1, 9), (13, 8)])
async def test_too_many_buttons_are_refused(bot: telegram.Bot, rows: int, row: int) -> None:
    button = telegram.InlineKeyboardButton("x", callback_data="x")

    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message(AMINA, "Tap", reply_markup=telegram.InlineKeyboardMarkup([[button] * row] * rows))


async def test_an_unknown_field_is_refused_by_name(base: str) -> None:
    top = await raw(base, "sendMessage", chat_id=AMINA, text="x", colour="red")
    button = {"text": "x", "callback_data": "x", "tint": 1}
    deep = await raw(base, "sendMessage", chat_id=AMINA, text="x", reply_markup={"inline_keyboard": [[button]]})

    assert (top.status_code, deep.status_code) == (400, 400)
    assert 'unknown field "colour" in sendMessage' in top.json()["description"]
    assert 'unknown field "tint" in InlineKeyboardButton' in deep.json()["description"]


async def test_a_reply_keyboard_stays_until_it_is_removed(bot: telegram.Bot, world: TelegramWorld) -> None:
    await bot.send_message(AMINA, "Which?", reply_markup=telegram.ReplyKeyboardMarkup([["R", "1"], ["2"]]))
    shown = world.snapshot(AMINA)["reply_keyboard"]
    await bot.send_message(AMINA, "Thanks", reply_markup=telegram.ReplyKeyboardRemove())

    assert shown["rows"] == [["R", "1"], ["2"]]
    assert world.snapshot(AMINA)["reply_keyboard"] is None


async def test_a_photo_and_a_document_arrive_with_their_bytes(
    bot: telegram.Bot, world: TelegramWorld, base: str
) -> None:
    photo = await bot.send_photo(AMINA, b"\x89PNG picture", caption="<b>Ours</b>", parse_mode=ParseMode.HTML)
    await bot.send_document(AMINA, b"%PDF", filename="cards.pdf")
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(AMINA, photo.photo[-1].file_id, caption="x" * 1025)

    file = last(world)["file"]
    async with httpx.AsyncClient(trust_env=False) as client:
        shown = await client.get(f"{base}/{file['path']}")
    assert photo.caption == "Ours"
    assert (file["name"], file["mime_type"], shown.content) == ("cards.pdf", "application/pdf", b"%PDF")
    assert shown.headers["content-disposition"] == "attachment"


# Changing and deleting


async def test_editing_replaces_words_and_keyboard_and_nothing_is_not_a_change(
    bot: telegram.Bot, world: TelegramWorld
) -> None:
    sent = await bot.send_message(AMINA, "One", reply_markup=KEYBOARD)

    await bot.edit_message_text("Two", AMINA, sent.message_id)
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("Two", AMINA, sent.message_id)
    await bot.edit_message_reply_markup(AMINA, sent.message_id, reply_markup=KEYBOARD)
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("Three", AMINA, 999)

    assert (last(world)["text"], last(world)["edited"], len(last(world)["inline_keyboard"])) == ("Two", True, 2)


async def test_a_message_can_be_deleted_for_48_hours(bot: telegram.Bot, world: TelegramWorld, clock: Hand) -> None:
    world.say(AMINA, "my own words")
    sent = [await bot.send_message(AMINA, word) for word in ("one", "two", "three")]

    await bot.delete_message(AMINA, world.messages(AMINA)[0].message_id)
    await bot.delete_messages(AMINA, [sent[0].message_id, 999])
    clock.at += timedelta(hours=48)

    with pytest.raises(BadRequest, match="can't be deleted"):
        await bot.delete_message(AMINA, sent[1].message_id)
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(AMINA, sent[0].message_id)
    assert [message["text"] for message in world.snapshot(AMINA)["messages"]] == ["two", "three"]
