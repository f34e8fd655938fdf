"""Parsers that need nothing but an input: each either understands it or says one sentence."""

import contextlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from bot.channels.email.render import render
from bot.clock import SetClock
from bot.commands.audit import NoAnchorError, anchor_of
from bot.commands.sample import SCHOOL
from bot.school_file import SchoolFile, SchoolFileError
from bot.settings import SettingError, load
from bot.storage.sealing import Place, Story, open_sealed, seal, unwrap_by_receipt
from bot.tokens import BUTTON, FORM, LINK, ForgedTokenError, OldTokenError, Signer
from bot.web.once import Forms
from pages import Document, Tone, note, paragraph
from safeguarding import (
    ALPHABET,
    About,
    UnknownReceiptError,
    asked_about,
    decoded,
    guessed,
    letter_of,
    only_greets,
    says_nothing,
    sheet_of,
    typed_receipt,
    write_receipt,
)
from safeguarding.alerts import words_of
from safeguarding.receipts import without_receipts
from safeguarding.triage import is_urgent
from school.sensitive import SecretKey, Sensitive
from school.words import Refusal
from tests.fuzz.material import ANY_TEXT, torn_text

REPORT = UUID(int=7)
KEY = SecretKey(b"r" * 32)
TODAY = date(2026, 11, 24)
SIGNER = Signer("oakfield", ((2, b"n" * 32), (1, b"o" * 32)))
FORMS = Forms(SIGNER, SetClock(datetime(2026, 11, 24, 9, tzinfo=UTC)))
GENUINE = (
    SIGNER.button("report.send", {"about": "pupil"}, on=TODAY),
    SIGNER.mint(LINK, b"ABCD1234", on=TODAY),
    FORMS.fresh(),
)
SAMPLE = SCHOOL.format(id="oakfield", name="Oakfield Primary School")
LINES = SAMPLE.splitlines(keepends=True)
ALERTS = (
    'Date;User;Category;Words\r\n24/11/2026 09:00;m.lamb;Bullying;"nobody likes; her"\r\n25/11/2026;;;x\r\n'
    "From: Filter <alerts@filter.example>\nTime: 24/11/2026 09:00\nUser: m.lamb\n\nSearch: how to hide it\n"
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
RECEIPTS = st.binary(min_size=10, max_size=10).map(write_receipt)


def receipt(said: str) -> None:
    """A receipt as it is typed: found whole, or unknown."""
    words = Sensitive(said)
    with contextlib.suppress(UnknownReceiptError):
        letters = typed_receipt(said)
        assert re.fullmatch(f"[{ALPHABET}]{{16}}", letters)
    found = asked_about(words)
    assert found is None or found.typed.reveal() in said
    left = without_receipts(words)
    if not re.search(r"\d", said):
        assert left.reveal() == said, "nobody's words are taken for a receipt"


def spelt_receipt(given: tuple[str, str, str]) -> None:
    """However somebody writes a real receipt down, it is read as the one it is."""
    shown, dash, around = given
    for spelt in (shown, shown.lower(), shown.replace("-", dash), f" {shown}\n", around.join(shown)):
        assert typed_receipt(spelt) == shown.replace("-", "")


def code(said: str) -> None:
    """A poster's code, a mark of the log."""
    year = SIGNER.poster_year(said)
    if year is not None:
        assert SIGNER.poster_code(year) == said.strip().upper().translate(str.maketrans("ILOU", "110V", "-"))
    with contextlib.suppress(NoAnchorError):
        assert anchor_of(said).number >= 1


def token(said: str) -> None:
    """A button's, a link's or a form's: ours to the letter, or forged."""
    for kind in (BUTTON, LINK, FORM):
        try:
            SIGNER.read(kind, said)
        except ForgedTokenError:
            continue
        assert said.rstrip("=") in GENUINE
    with contextlib.suppress(ForgedTokenError, OldTokenError):
        verb, args = SIGNER.read_button(said, on=TODAY + timedelta(days=1))
        assert (verb, args) == ("report.send", {"about": "pupil"})
    assert FORMS.age(said) is None or said.rstrip("=") in GENUINE


def words(said: str) -> None:
    """What triage, the greetings and the letters make of any words; and that what is sealed comes out as it went in."""
    sensitive = Sensitive(said)
    assert isinstance(is_urgent(sensitive), bool)
    assert not (says_nothing(sensitive) and is_urgent(sensitive))
    only_greets(sensitive)
    place = Place(school="oakfield", concern=REPORT)
    story = Story(about=About.PUPIL, via="web", words=sensitive, details=(("where", said),))
    sealed = seal(story, place=place, recipients=(), receipt=KEY)
    opened = open_sealed(sealed.envelope, content_key=unwrap_by_receipt(sealed.receipt_wrap, wrapping=KEY), place=place)
    assert (opened.words.reveal(), opened.details) == (said, (("where", said),))
    assert len(said) < 8 or said.encode("utf-8", "surrogatepass") not in sealed.envelope


def letter(said: tuple[str, ...]) -> None:
    """An e-mail of any words at all: text and HTML, with nothing of them taken for a tag."""
    blocks = tuple(note(each, Tone.URGENT) if number % 2 else paragraph(each) for number, each in enumerate(said))
    made = render(Document(said[0] if said else "", blocks), lang="en")
    tags = {tag.casefold() for tag in re.findall(r"<\s*/?\s*([A-Za-z]+)", made.html)}
    assert tags.isdisjoint({"script", "img", "iframe", "svg", "object"})


def school_file(text: str) -> None:
    """A school file: read, or refused with all of its faults."""
    with contextlib.suppress(SchoolFileError):
        made = SchoolFile.parse(text, place="school.toml").school()
        assert made.people
        assert not any(made.reporting.dm_allowed(year) for year in made.years if year.number < 12)


def alerts(raw: bytes) -> None:
    """A file or a letter of a filter: read with every cell of it, or refused in a sentence."""
    for read in (sheet_of, letter_of):
        try:
            sheet = read(decoded(raw))
        except Refusal:
            continue
        columns = guessed(sheet.head)
        assert set(columns.values()) <= set(range(len(sheet.head)))
        for line in sheet.lines:
            kept = words_of(sheet, line, columns).reveal()
            assert all(cell.strip() in kept for cell in line.cells[: len(sheet.head)])


HARMLESS = "write an address and a port, such as 127.0.0.1:8000 sqlite:////folder/lollipop.db webhook https"


def setting(given: Mapping[str, str]) -> None:
    """The environment: settings, or one sentence that never shows a secret."""
    said = ""
    try:
        load(Path("/nowhere/school.toml"), given)
    except SettingError as refusal:
        said = str(refusal.text)
    for name in ("LOLLIPOP_TELEGRAM_TOKEN", "LOLLIPOP_SLACK_BOT_TOKEN", "LOLLIPOP_SMTP_URL"):
        secret = given.get(name, "").strip()
        # What a sentence of ours says anyhow is no secret.
        assert len(secret) < 12 or secret in HARMLESS or secret not in said


NAMES = (
    *("HOME", "DATABASE_URL", "BIND", "PUBLIC_URL", "TELEGRAM_TOKEN", "TELEGRAM_API_URL", "TELEGRAM_MODE"),
    *("SLACK_BOT_TOKEN", "SLACK_API_URL", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SMTP_URL"),
)
# As Python reads an environment: bytes that are no UTF-8 come as U+DC80 to U+DCFF (PEP 383), and NUL never.
VALUES = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60),
    st.text("\udc80\udcffa:/.²٣ \n", max_size=20),
    torn_text(
        *("127.0.0.1:8000", "sqlite:////srv/lollipop.db", "postgresql+psycopg://a:b@c/d", "webhook"),
        "https://a.example",
    ).map(lambda value: "".join(each for each in value if each != "\0" and not "\ud800" <= each <= "\udbff")),
)


def _swapped(lines: tuple[list[str], list[str]]) -> str:
    kept, put_in = lines
    return "".join(kept) + "\n".join(put_in)


PLAIN: Mapping[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "receipts typed": (
        receipt,
        st.one_of(ANY_TEXT, torn_text("7KQ4-M2XW-9D3F-HB6T", "my receipt is 7KQ4 M2XW 9D3F HB6T")),
    ),
    "receipts spelt": (
        spelt_receipt,
        st.tuples(
            RECEIPTS, st.sampled_from(["", " ", "-", "\u2010", "\u2013", "\u2014"]), st.sampled_from(["", " ", "-"])
        ),
    ),
    "codes typed": (
        code,
        st.one_of(ANY_TEXT, torn_text(*(SIGNER.poster_code(year) for year in range(14)), "17 0f3a91c2")),
    ),
    "tokens": (token, st.one_of(ANY_TEXT, torn_text(*GENUINE))),
    "words": (words, ANY_TEXT),
    "alerts": (
        alerts,
        st.one_of(
            st.binary(max_size=60),
            *(torn_text(ALERTS).map(lambda said, name=name: said.encode(name, "replace")) for name in ENCODINGS),
        ),
    ),
    "letters": (letter, st.lists(ANY_TEXT, max_size=4).map(tuple)),
    "school files": (
        school_file,
        st.one_of(
            torn_text(SAMPLE),
            st.tuples(st.lists(st.sampled_from(LINES), max_size=40), st.lists(ANY_TEXT, max_size=3)).map(_swapped),
        ),
    ),
    "settings": (setting, st.dictionaries(st.sampled_from([f"LOLLIPOP_{name}" for name in NAMES]), VALUES, max_size=6)),
}
