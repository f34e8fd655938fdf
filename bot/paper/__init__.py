"""Paper: what is printed or handed on as a file, and codes for a camera."""

from bot.paper.codes import qr_svg
from bot.paper.poster import poster
from bot.paper.printing import NoPaperError, grid_pdf, grid_picture, pdf
from bot.paper.tables import csv_of, csv_table

__all__ = ["NoPaperError", "csv_of", "csv_table", "grid_pdf", "grid_picture", "pdf", "poster", "qr_svg"]
