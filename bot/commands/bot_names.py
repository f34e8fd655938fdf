"""What the school's bot is called, for links that lead to it."""

import asyncio

from bot.channels.telegram.named import bot_name
from bot.commands.house import Stores
from school.words import Refusal, Text


class NoBotError(Refusal):
    """Families cannot be invited to a bot that is not there."""

    text = Text(
        "There is no Telegram bot for families to join yet. Put {variable} into .env, or give the bot's "
        "name: --bot OakfieldBot",
    )


class BotNotFoundError(Refusal):
    """Telegram could not be asked for the bot's name."""

    text = Text("{why} Or give the bot's name yourself: --bot OakfieldBot")


def bot_of(at: Stores, given: str | None) -> str:
    """The bot's name as given, else as Telegram knows it. Raises NoBotError or BotNotFoundError."""
    if given and given.strip().lstrip("@"):
        return given.strip().lstrip("@")
    if not at.tokens.telegram:
        raise NoBotError(variable=at.tokens.names.telegram or "LOLLIPOP_TELEGRAM_TOKEN")
    try:
        return asyncio.run(bot_name(at.tokens.telegram, api_url=at.settings.telegram_api_url))
    except Refusal as refusal:
        raise BotNotFoundError(why=refusal.text) from refusal
