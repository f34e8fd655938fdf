"""Every page that a family or a pupil reads, drawn by what draws it for them: in each language, in each form.

Nothing here depends on the day, the machine or a path: the school, its addresses and the day are made up.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from bot.addresses import OPEN_WORDING, WHATIF, WHATIF_MENU, path_to
from bot.channels.email.render import render as as_email
from bot.channels.telegram.render import render as as_telegram
from bot.clock import SetClock
from bot.commands.closed import ClosedDesk
from bot.composing import LED_TO
from bot.delivery import MailRoom
from bot.languages import own_words, owning_up
from bot.library import load_library
from bot.paper import Letter
from bot.paper.family_letters import told as told_of_a_letter
from bot.paper.handouts import BETWEEN_EM, HOME_SIZES_PT
from bot.paper.printing import Care, Draughtsman, Look
from bot.undernews import under_news
from bot.web import fragment_of
from bot.web.reading import _before_one_reports, to_read
from bot.web.site import Site, View
from bot.wire import Via
from lessons import home_sheet
from pages import Document, Page, Reader, filled
from parents import HOME, JOIN_LETTER, picture_of, quiz_of
from safeguarding import Audience, help_lines
from school.calendar import Calendar
from school.notices import To
from school.people import LANGUAGES, Reporting
from school.school import School

SITE = "https://oakfield.example"
# All newsletters of the school year are out.
NOW = datetime(2027, 8, 1, 12, tzinfo=UTC)
DAY = date(2026, 12, 1)
SCHOOL = School(
    id="oakfield",
    name="Oakfield Primary School",
    calendar=Calendar(zone=ZoneInfo("Europe/London"), half_terms=()),
    classes=(),
    people=(),
    languages=tuple(LANGUAGES.values()),
    reporting=Reporting(out_of_hours_phone="01632 960 999"),
)
# What a page's placeholders stand for, besides the school's name and addresses.
VALUES: Mapping[str, str] = {
    "campaign": "Safer Internet Day",
    "class": "Oak",
    "date": "1 December 2026",
    "day": "2026-12-01",
    "event": "Winter play",
    "time": "14:00",
    "pupil": "OAK-07",
    "reference": "LP-7KQ4-M2",
    "theme": "Together for a better internet",
}
SENT = ("newsletter", "campaign")
_VERSION = re.compile(r"\?v=[0-9a-f]{12}")
_MAIN = re.compile(r"(<html [^>]*>).*?(<title>.*?</title>).*?(<main .*</main>)", re.DOTALL)


@dataclass(frozen=True)
class Held:
    """One page, or the part of a lesson that goes home, for readers of one language."""

    page: Page
    lang: str
    part: str = ""

    @property
    def name(self) -> str:
        """Such as `kind-words`, or `lesson-y4-privacy-1#home`."""
        return f"{self.page.id}#{self.part}" if self.part else self.page.id

    @property
    def goes_out(self) -> bool:
        """Whether it is sent to families by itself, rather than shown to who asks or acts."""
        return self.page.kind in SENT

    @cached_property
    def letter(self):
        """As an e-mail."""
        return _drawn_letter(self)

    @property
    def shown(self) -> Document:
        """As the web and the school's own site have it: filled, and its links still by name."""
        return owning_up(self.filled, self.lang)

    @cached_property
    def filled(self) -> Document:
        """With the school's own words in it."""
        part = self.part
        told = shelf().part(self.page.id, part, self.lang) if part else shelf().told(self.page.id, self.lang)
        ways = {page: f"{SITE}/{page}" for page in LED_TO}
        return filled(own_words(told), {"school": SCHOOL.name, **ways, **VALUES})

    @property
    def english(self) -> Document:
        """The same in English."""
        page = shelf().get(self.page.id, "en")
        return page.part(self.part) if self.part else page.document


@cache
def shelf():
    """Ours, read once."""
    return load_library().shelf


def held_in(lang: str) -> list[Held]:
    """All that families and pupils read in a language, where it is there in that language; by name."""
    pages = shelf().all(lang=lang)
    whole = [Held(page, lang) for page in pages if page.front.reader is not Reader.STAFF and _goes_home(page)]
    lessons = [page for page in shelf().all("lesson", "en") if lang == "en" or _has_home(page.id, lang)]
    there = [each for each in whole if each.page.lang == lang]
    return sorted([*there, *(Held(page, lang, HOME) for page in lessons)], key=lambda each: each.name)


def _goes_home(page: Page) -> bool:
    return page.kind not in {"assembly", "knowledge", "lesson", "starter"}


def _has_home(lesson_id: str, lang: str) -> bool:
    held = shelf().partly(lesson_id, lang)
    return held is not None and HOME in held.front.parts


def telegram(held: Held) -> str:
    """The messages as they are sent, and below them the words on the buttons."""
    buttons = under_news(held.page.id, shelf=shelf(), in_chat=True, base=SITE) if held.goes_out else ()
    drawn = as_telegram(_sent(held, Via.TELEGRAM), buttons, lang=held.lang, mint=lambda choice: choice.verb)
    rows = drawn.keyboard.inline_keyboard if drawn.keyboard else ()
    shown = "".join(f"\n[{'] ['.join(button.text for button in row)}]" for row in rows)
    return "\n\n=== next message ===\n\n".join(drawn.parts) + (f"\n{shown}" if shown else "") + "\n"


def email_text(held: Held) -> str:
    """The subject and the plain text."""
    return f"Subject: {held.letter.subject}\n\n{held.letter.text}"


def email_html(held: Held) -> str:
    """The whole HTML of the letter."""
    return held.letter.html


def _drawn_letter(held: Held):
    buttons = under_news(held.page.id, shelf=shelf(), in_chat=False, base=SITE) if held.goes_out else ()
    return as_email(_sent(held, Via.EMAIL), buttons, lang=held.lang)


def _sent(held: Held, via: Via) -> Document:
    """As the mail room makes it for whoever it goes to."""
    to = To.FAMILY if held.page.front.reader is Reader.PARENT or held.part else To.CHAT
    row = SimpleNamespace(
        page=held.page.id,
        part=held.part,
        values=VALUES,
        repeat=False,
        school=SCHOOL.id,
        to=To.PENDING if held.page.id == JOIN_LETTER else to,
        channel=via,
        mailing=f"{held.page.kind}:{held.page.id}" if held.goes_out else "",
    )
    return _mail_room().compose(row, held.lang)


@cache
def _mail_room() -> MailRoom:
    return MailRoom(schools={SCHOOL.id: SCHOOL}, units=None, shelf=shelf(), clock=SetClock(NOW), public_url=SITE)


def _below(page_id: str) -> str | None:
    return path_to(page_id, shelf=shelf(), on=NOW.date())


def web_page(held: Held) -> str:
    """The whole HTML of its page, without what changes with a style sheet."""
    page, document = held.page, held.shown
    site = Site(SCHOOL, "", SITE, None, ClosedDesk(), SetClock(NOW), _below)
    view = View(site=site, lang=held.lang, chosen=True, path=_below(page.id) or "/")
    if page.id in OPEN_WORDING:
        shown = _before_one_reports(view, page.id, document)
    elif page.id.startswith(WHATIF):
        named = {"title": document.title, "lang": document.lang, "document": document}
        shown = view.page("whatif.html", **named, links=(), back=page.id != WHATIF_MENU)
    elif held.goes_out:
        quiz = quiz_of(page.id, shelf=shelf(), lang=held.lang)
        lead = picture_of(page.id, shelf=shelf(), lang=held.lang)
        shown = to_read(view, document, page=page, quiz=quiz, lead=lead)
    else:
        shown = to_read(view, document)
    return _VERSION.sub("", bytes(shown.body).decode())


def web(held: Held) -> str:
    """Of that page what is its own: its language, its title and its main part."""
    return "\n".join(_MAIN.search(web_page(held)).groups()) + "\n"


def site(held: Held) -> str:
    """The piece of HTML for the school's own site."""
    path = f"/news/{held.page.id}?lang={held.lang}"
    return fragment_of(held.shown, lang=held.lang, here=SITE, path=path, page=_below).html


def paper(held: Held) -> str:
    """What the press is told of the letter, or of a lesson's sheet for home; no PDF is drawn."""
    return json.dumps(_told(held), ensure_ascii=False)


def paper_to_read(held: Held) -> str:
    """The same for people."""
    return json.dumps(_told(held), ensure_ascii=False, indent=1) + "\n"


def _told(held: Held):
    return _home_sheet(held) if held.part else told_of_a_letter(letter(held))


def letter(held: Held, address: str = "") -> Letter:
    """On paper; with a code to join by where there is an address."""
    return Letter(document=held.filled, on=DAY, lang=held.lang, school=SCHOOL, address=address, joins=True)


def _home_sheet(held: Held):
    lines = help_lines(Audience.ADULT, school=SCHOOL)
    sheet = owning_up(home_sheet(held.filled, school=SCHOOL.name, help_lines=lines), held.lang)
    look = Look(sizes_pt=HOME_SIZES_PT, between_em=BETWEEN_EM)
    return Draughtsman(held.lang, Care.USUAL, sheet.lang).told(sheet, author=SCHOOL.name, look=look)


# By the end of a golden file's name.
FORMS: Mapping[str, Callable[[Held], str]] = {
    "telegram.txt": telegram,
    "email.txt": email_text,
    "email.html": email_html,
    "web.html": web,
    "paper.json": paper,
    "site.html": site,
}
