"""Paper: what is printed or handed on as a file, and codes for a camera."""

from bot.paper.codes import qr_svg
from bot.paper.handouts import NOBODY, Handouts
from bot.paper.letters import MOST_IN_ONE, PrintedLetter, letters_pdf
from bot.paper.poster import poster
from bot.paper.presses import NoPaperError
from bot.paper.printing import grid_pdf, grid_picture, pdf
from bot.paper.tables import csv_of, csv_table

__all__ = [
    "MOST_IN_ONE",
    "NOBODY",
    "Handouts",
    "NoPaperError",
    "PrintedLetter",
    "csv_of",
    "csv_table",
    "grid_pdf",
    "grid_picture",
    "letters_pdf",
    "pdf",
    "poster",
    "qr_svg",
]
