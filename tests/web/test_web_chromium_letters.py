"""A letter as a mail program on a phone shows it, in a real browser."""

import pytest
from playwright.async_api import async_playwright

from bot.addresses import OWN, STOP
from bot.channels.email.render import render
from pages import Document, Paragraph, Span, filled, paragraph
from school.people import LANGUAGES
from school.words import Text
from tests.content.golden.forms import Held, shelf
from tests.needs import browser

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
LONG = "https://oakfield.example/" + "a-very-long-address-without-any-place-to-break" * 3
# What a person would have to scroll for, or would not see: boxes beyond the screen's edges, and words cut off in one.
OUT_OF_SIGHT = """[...document.body.querySelectorAll('*')].filter(each => {
    const box = each.getBoundingClientRect(), look = getComputedStyle(each);
    const beside = box.left < -0.5 || box.right > window.innerWidth + 0.5;
    const cut = look.overflow !== 'visible' && (each.scrollWidth > each.clientWidth + 1);
    return beside || cut || parseFloat(look.fontSize) < 14;
}).map(each => each.outerHTML.slice(0, 80))"""
SEEN = """[document.documentElement.scrollWidth, document.documentElement.lang,
    getComputedStyle(document.querySelector('h1')).direction, getComputedStyle(document.querySelector('h1')).textAlign,
    [...document.querySelectorAll('p, li')].filter(each => each.textContent.trim() && !each.offsetHeight).length]"""
NEWSLETTER = "newsletter-2026-11"
LAST = Document(
    "",
    (
        paragraph(LONG),
        Paragraph((Span(Text("Stop these letters"), href=OWN + STOP),)),
    ),
)


async def test_a_letter_never_scrolls_sideways_on_a_phone_and_runs_the_way_its_language_does() -> None:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=browser("the letters were not looked at"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = await chromium.new_page(viewport=PHONE)
        for lang, way in (("en", "ltr"), ("pl", "ltr"), ("ur", "rtl"), ("ar", "rtl")):
            for asked in ("join-letter", "privacy-parent"):
                document = filled(shelf().get(asked, lang).document, {"school": "Oakfield"})
                letter = render(document + LAST, lang=lang)
                await page.set_content(letter.html)
                seen = await page.evaluate(
                    "[document.documentElement.scrollWidth, document.documentElement.lang, "
                    "getComputedStyle(document.querySelector('p')).direction, document.title]"
                )
                assert seen == [PHONE["width"], lang, way, letter.subject]
        await chromium.close()


async def test_a_newsletter_in_each_language_is_read_on_a_small_phone_without_scrolling_sideways() -> None:
    """With its picture, its quiz and the ways out, as it is sent; the picture itself is not fetched."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=browser("the newsletters were not looked at"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = await chromium.new_page()
        await page.route("**/*", lambda route: route.abort())
        for lang, language in LANGUAGES.items():
            await page.set_content(Held(shelf().get(NEWSLETTER, lang), lang).letter.html)
            for width in (390, 320):
                await page.set_viewport_size({"width": width, "height": 844})
                way = "rtl" if language.right_to_left and shelf().get(NEWSLETTER, lang).lang == lang else "ltr"
                assert await page.evaluate(SEEN) == [width, lang, way, "start", 0]
                assert await page.evaluate(OUT_OF_SIGHT) == [], f"{lang}, {width} pixels"
        await chromium.close()
