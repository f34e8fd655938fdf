"""Paper: what is printed or handed on as a file."""

from bot.paper.poster import poster
from bot.paper.tables import csv_of

__all__ = ["csv_of", "poster"]
