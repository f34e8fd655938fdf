"""The page that shows both stand-ins as people see them, with a clock that can be moved."""

from bot.playground.page.acts import MovableClock
from bot.playground.page.app import create_playground

__all__ = ["MovableClock", "create_playground"]
