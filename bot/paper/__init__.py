"""Paper: what is printed or handed on as a file, and codes for a camera."""

from bot.paper.codes import qr_svg
from bot.paper.family_letters import Letter, PaperLetters
from bot.paper.handouts import NOBODY, Handouts
from bot.paper.letters import MOST_IN_ONE, PrintedLetter, letters_pdf
from bot.paper.poster import poster
from bot.paper.presses import NoPaperError
from bot.paper.printing import grid_pdf, grid_picture, letter_pdf, pack_pdf, pdf
from bot.paper.slides import pptx
from bot.paper.tables import csv_of, csv_table

__all__ = [
    "MOST_IN_ONE",
    "NOBODY",
    "Handouts",
    "Letter",
    "NoPaperError",
    "PaperLetters",
    "PrintedLetter",
    "csv_of",
    "csv_table",
    "grid_pdf",
    "grid_picture",
    "letter_pdf",
    "letters_pdf",
    "pack_pdf",
    "pdf",
    "poster",
    "pptx",
    "qr_svg",
]
