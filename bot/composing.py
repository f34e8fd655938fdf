"""A page made ready for whoever gets it: its values put in, its links led to the school's own pages."""

from collections.abc import Mapping
from datetime import date

from bot.addresses import page_address
from pages import Document, Shelf, filled, linked
from school.school import School

# What a page may lead to by name.
LED_TO = ("inbox", "report", "coverage", "evidence", "finds", "policy")


def composed(
    document: Document, *, school: School, base: str, values: Mapping[str, str], shelf: Shelf, on: date
) -> Document:
    """As it goes out on a day of the school's. `base` is the address that the school's pages begin with."""
    ways = {page: f"{base}/{page}" for page in LED_TO}
    made = filled(document, {"school": school.name, **ways, **values})
    return linked(made, page_address(base, shelf=shelf, on=on))
