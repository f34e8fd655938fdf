"""A local stand-in for the Telegram Bot API, in memory, for the demo and for tests.

Bot API 10.1; https://core.telegram.org/bots/api. It is stricter than the real server where that finds mistakes early:
unknown fields are refused by name, and HTML is the only parse mode.
"""

from bot.playground.telegram.acts import CannotActError
from bot.playground.telegram.app import telegram_routes
from bot.playground.telegram.errors import ApiError
from bot.playground.telegram.faults import Drop, FloodLimiter, Rate, Refuse, ServerError, Stall, TooMany
from bot.playground.telegram.updates import SECRET_HEADER, Delivery
from bot.playground.telegram.world import TelegramWorld

__all__ = [
    "SECRET_HEADER",
    "ApiError",
    "CannotActError",
    "Delivery",
    "Drop",
    "FloodLimiter",
    "Rate",
    "Refuse",
    "ServerError",
    "Stall",
    "TelegramWorld",
    "TooMany",
    "telegram_routes",
]
