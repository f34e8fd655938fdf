"""Where a page stands on the web, for whoever links to it: the site itself, the desk and the mail room."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from school.words import Refusal

# Wording that stands on its own: what to know before one reports, and what is kept.
OPEN_WORDING = frozenset(
    {
        *("not-watched", "privacy", "report-adult"),
        *("privacy-parent", "privacy-pupil-ks1", "privacy-pupil-ks2", "privacy-pupil-ks3", "privacy-staff"),
    }
)

# Pages for parents on what to do, by the beginning of their ids; and the one that leads to them.
WHATIF = "whatif-"
WHATIF_MENU = f"{WHATIF}menu"

# Stands in a letter that is drawn once for many, where each recipient's own address goes; and its page to leave by.
OWN = "https://own.invalid"
STOP = "/stop"


class Handout(StrEnum):
    """What can be taken away of a lesson, by the end of its address."""

    SLIDES = "slides.pptx"
    NOTES = "notes.pdf"
    HOME = "home.pdf"
    POSTER = "poster.pdf"


# What holds the right answers: it has a signed address, and nothing that a class sees leads to it.
WITH_ANSWERS = frozenset({Handout.SLIDES, Handout.NOTES})


class InsetFile(StrEnum):
    """What can be taken to an INSET day, by the end of its address."""

    SLIDES = "slides.pptx"
    AGENDA = "agenda.pdf"


# What a ticket to these is made out to: the page that says what is talked about, which is no lesson.
INSET_TICKET = "inset"


class Readable(Protocol):
    """What is read of a page."""

    @property
    def front(self) -> Any:
        """Its front matter; a newsletter's has `send_on`, and every one its kind, its reader and its id."""


class ShelfToLookIn(Protocol):
    """Where pages are found."""

    def get(self, page_id: str, lang: str, /) -> Readable:
        """The page in the language, or in English; a LookupError or a Refusal where there is none."""


def path_to(page_id: str, *, shelf: ShelfToLookIn, on: date) -> str | None:
    """The path of a page below its school's, on a day of the school's; None where nobody may read it on the web.

    A newsletter has an address from the day it is sent. Lessons are shown on the big screen, a campaign's packs are for
    the teachers that were sent there, and some wording may be read by anybody; the rest has no page.
    """
    try:
        front = shelf.get(page_id, "en").front
    except (LookupError, Refusal):
        return None
    kind = getattr(front, "kind", "")
    if kind == "newsletter" and front.send_on <= on:
        return f"/news/{page_id}"
    if page_id in OPEN_WORDING:
        return f"/about/{page_id}"
    if is_pack(front):
        return f"/packs/{page_id}"
    if page_id.startswith(WHATIF) and kind == "wording":
        return whatif_path(page_id)
    return screen_path(page_id) if kind == "lesson" else None


def is_pack(front: Any) -> bool:
    """Whether it is a pack: wording for staff whose id says so, such as `sid-pack-7-11` for a campaign's day.

    It holds the answers to its quiz, but nothing of anybody's, and no page that a class sees leads to it: whoever has
    its address may read it.
    """
    return front.kind == "wording" and front.reader == "staff" and "-pack-" in front.id


def whatif_path(page_id: str) -> str:
    """The path of a page on what to do, below its school's; of the menu, that of them all."""
    return "/whatif" if page_id == WHATIF_MENU else f"/whatif/{page_id.removeprefix(WHATIF)}"


def screen_path(lesson_id: str) -> str:
    """The path of what a class sees of a lesson, below its school's."""
    return f"/lessons/{lesson_id}/present"


def picture_path(page_id: str) -> str:
    """The path of the picture at the head of a page, below its school's."""
    return f"/pictures/{page_id}"


def papers_path(lesson_id: str, ticket: str) -> str:
    """The path of all papers of a lesson, for whoever has a ticket to them: a token of the school's signer."""
    return f"/lessons/{lesson_id}/papers/{ticket}"


def handout_path(lesson_id: str, handout: Handout, ticket: str) -> str:
    """The path of one of them. One without answers is open to all, beside the lesson's page on the big screen."""
    if handout in WITH_ANSWERS:
        return f"{papers_path(lesson_id, ticket)}/{handout}"
    return f"/lessons/{lesson_id}/{handout}"


def inset_path(file: InsetFile, ticket: str) -> str:
    """The path of a paper of an INSET day, for whoever has a ticket to them."""
    return f"/inset/{ticket}/{file}"


def page_address(base: str, *, shelf: ShelfToLookIn, on: date) -> Callable[[str], str | None]:
    """From a page's id to its address below a base, which is empty on the site itself."""

    def address(page_id: str) -> str | None:
        path = path_to(page_id, shelf=shelf, on=on)
        return None if path is None else f"{base}{path}"

    return address


def joining_path(token: str = "") -> str:
    """The path of the page that joins by e-mail: with a class's link, or for the news of the whole school."""
    return f"/join/{token}" if token else "/join"


def saying_yes_path(token: str) -> str:
    """The path in the letter that asks for the tap."""
    return f"/join/yes/{token}"


def letters_path(token: str) -> str:
    """The path of a family's own page; `STOP` below it ends the letters."""
    return f"/letters/{token}"
