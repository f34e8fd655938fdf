"""A bot's own name, learnt from its token. Nothing is sent to anybody, and no message is taken from the queue."""

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.channel import TelegramTokenError, TelegramUnreachableError
from bot.logs import scrub


async def bot_name(token: str, *, api_url: str) -> str:
    """Such as `OakfieldBot`. Raises TelegramTokenError or TelegramUnreachableError."""
    scrub(token)
    bot = Bot(token, base_url=f"{api_url.rstrip('/')}/bot")
    try:
        await bot.initialize()
    except InvalidToken:
        raise TelegramTokenError from None  # the library's own sentence contains the token
    except TelegramError as error:
        raise TelegramUnreachableError(address=api_url) from error
    else:
        return bot.username
    finally:
        await bot.shutdown()
