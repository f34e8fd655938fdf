"""How many of Telegram's messages a page is, counted by what would send it."""

from bot.channels.telegram.render import render
from pages import Document


def messages_of(document: Document, lang: str) -> int:
    """1 where it fits into 4,096 characters."""
    return len(render(document, (), lang=lang, mint=lambda choice: choice.verb).parts)
