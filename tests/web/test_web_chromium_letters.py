"""A letter as a mail program on a phone shows it, in a real browser."""

import pytest
from playwright.async_api import async_playwright

from bot.addresses import OWN, STOP
from bot.channels.email.render import render
from bot.library import load_library
from pages import Document, Paragraph, Span, filled, paragraph
from school.words import Text
from tests.needs import browser

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
LONG = "https://oakfield.example/" + "a-very-long-address-without-any-place-to-break" * 3
LAST = Document(
    "",
    (
        paragraph(LONG),
        Paragraph((Span(Text("Stop these letters"), href=OWN + STOP),)),
    ),
)


async def test_a_letter_never_scrolls_sideways_on_a_phone_and_runs_the_way_its_language_does() -> None:
    shelf = load_library().shelf
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=browser("the letters were not looked at"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = await chromium.new_page(viewport=PHONE)
        for lang, way in (("en", "ltr"), ("pl", "ltr"), ("ur", "rtl"), ("ar", "rtl")):
            for asked in ("join-letter", "privacy-parent"):
                document = filled(shelf.get(asked, lang).document, {"school": "Oakfield"})
                letter = render(document + LAST, lang=lang)
                await page.set_content(letter.html)
                seen = await page.evaluate(
                    "[document.documentElement.scrollWidth, document.documentElement.lang, "
                    "getComputedStyle(document.querySelector('p')).direction, document.title]"
                )
                assert seen == [PHONE["width"], lang, way, letter.subject]
        await chromium.close()
