"""The real python-telegram-bot against the stand-in: how long a caption and a toast may be, in UTF-16 code units."""

import pytest
import telegram
from telegram.error import BadRequest
from telegram_kit import AMINA, KEYBOARD, last

from bot.playground.telegram import TelegramWorld

LOLLIPOP = "\N{LOLLIPOP}"  # two code units


@pytest.mark.parametrize("caption", ["x" * 1024, LOLLIPOP * 512], ids=["letters", "emoji"])
async def test_amina_reads_a_caption_of_1024(bot: telegram.Bot, world: TelegramWorld, caption: str) -> None:
    await bot.send_photo(AMINA, b"a picture", caption=caption)
    await bot.send_document(AMINA, b"a paper", caption=caption)

    assert [message.text for message in world.messages(AMINA)] == [caption] * 2


@pytest.mark.parametrize("caption", ["x" * 1025, LOLLIPOP * 512 + "x"], ids=["letters", "emoji"])
async def test_a_caption_of_1025_is_refused(bot: telegram.Bot, world: TelegramWorld, caption: str) -> None:
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(AMINA, b"a picture", caption=caption)
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_document(AMINA, b"a paper", caption=caption)

    assert world.messages(AMINA) == []


async def test_a_caption_is_measured_without_its_marks(bot: telegram.Bot, world: TelegramWorld) -> None:
    await bot.send_photo(AMINA, b"a picture", caption=f"<b>{'x' * 1024}</b>", parse_mode="HTML")

    assert last(world)["text"] == "x" * 1024


async def _tapped(bot: telegram.Bot, world: TelegramWorld) -> str:
    sent = await bot.send_message(AMINA, "Shall we?", reply_markup=KEYBOARD)
    world.tap(AMINA, sent.message_id, "yes")
    (update,) = await bot.get_updates(timeout=0)
    assert update.callback_query
    return update.callback_query.id


@pytest.mark.parametrize("toast", ["x" * 200, LOLLIPOP * 100], ids=["letters", "emoji"])
async def test_amina_reads_a_toast_of_200(bot: telegram.Bot, world: TelegramWorld, toast: str) -> None:
    await bot.answer_callback_query(await _tapped(bot, world), text=toast)

    assert [shown["text"] for shown in world.snapshot(AMINA)["toasts"]] == [toast]


@pytest.mark.parametrize("toast", ["x" * 201, LOLLIPOP * 100 + "x"], ids=["letters", "emoji"])
async def test_a_toast_of_201_is_refused_and_the_tap_waits_for_another(
    bot: telegram.Bot, world: TelegramWorld, toast: str
) -> None:
    tap = await _tapped(bot, world)

    with pytest.raises(BadRequest, match="Message_too_long"):
        await bot.answer_callback_query(tap, text=toast)
    assert world.snapshot(AMINA)["toasts"] == []

    await bot.answer_callback_query(tap, text="Good.")
    assert [shown["text"] for shown in world.snapshot(AMINA)["toasts"]] == ["Good."]
