"""Paper: what is printed or handed on as a file, and codes for a camera."""

from bot.paper.codes import qr_svg
from bot.paper.poster import poster
from bot.paper.tables import csv_of

__all__ = ["csv_of", "poster", "qr_svg"]
