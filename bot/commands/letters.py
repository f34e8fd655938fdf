"""`lollipop content letter`: a page for families as a letter to print, for whoever has neither Telegram nor e-mail."""

from datetime import date, datetime
from pathlib import Path

import click

from bot.addresses import joining_path
from bot.clock import MachineClock
from bot.commands.groups import invitation_link
from bot.commands.house import Where, library, pass_where, say, stores
from bot.languages import own_words
from bot.library import Library
from bot.paper import Letter, PaperLetters
from pages import NewsletterFront, Page, filled
from parents import dues_of
from school.people import LANGUAGES
from school.school import School
from school.words import Refusal, Text

# Kinds of pages that go home.
FOR_FAMILIES = frozenset({"newsletter", "campaign"})


class NotForFamiliesError(Refusal):
    """A page that is no letter to families."""

    text = Text("{page} is not for families. A newsletter or a campaign's page for them is: lollipop content list")


class NoSuchLanguageError(Refusal):
    """A language that nobody here writes in."""

    text = Text("There is no language “{lang}”. There are: {there}")


@click.command(
    "letter",
    epilog="""Examples:

  lollipop content letter kind-words --lang ur --out kind-words-ur.pdf

  lollipop content letter kind-words --lang ur --class Oak --out oak-ur.pdf""",
)
@click.argument("page_id", metavar="ID")
@click.option("--lang", default="en", show_default=True, help="In which language.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Write the PDF here.")
@click.option("--class", "class_name", help="With the code by which families of this class join by e-mail.")
@pass_where
def letter(where: Where, page_id: str, lang: str, out: Path, class_name: str | None) -> None:
    """A newsletter or a campaign's page as a letter on paper, with whom to call and a code to join by."""
    if lang not in LANGUAGES:
        raise NoSuchLanguageError(lang=lang, there=", ".join(LANGUAGES))
    found = library(where)
    page = found.shelf.get(page_id, lang)
    if page.kind not in FOR_FAMILIES or page.front.reader != "parent":
        raise NotForFamiliesError(page=page_id)
    with stores(where) as at:
        joins, path = bool(at.settings.smtp_url), "/news"
        if joins:
            klass = at.school.class_named(class_name) if class_name else None
            path = joining_path(invitation_link(at, klass, bot_name="")[1] if klass else "")
        public = bool(at.settings.public_url)
        address = f"{at.address}{path}" if public else ""
        made = printed(page, found, at.school, lang=lang, address=address, joins=joins)
    out.write_bytes(made)
    say(f"Wrote {out}.")
    if not public:
        say("It has no code to join by: set LOLLIPOP_PUBLIC_URL to the address of your web pages, and print it again.")
    elif not joins:
        say("Its code leads to the news on the web: without LOLLIPOP_SMTP_URL no letters go out by e-mail.")
    if lang != page.lang:
        say(f"There is no {page_id} in {LANGUAGES[lang].name} yet: its words are in English.")


def printed(page: Page, found: Library, school: School, *, lang: str, address: str = "", joins: bool = False) -> bytes:
    """A page as a letter of this school's. Raises NoPaperError."""
    letter = Letter(
        document=filled(own_words(found.shelf.told(page.id, lang)), values_of(page, found, school)),
        on=day_of(page, found, school, now=MachineClock().now()),
        lang=lang,
        school=school,
        address=address,
        joins=joins,
    )
    return PaperLetters().printed(letter)


def values_of(page: Page, found: Library, school: School) -> dict[str, str]:
    """What a page's placeholders stand for at a school."""
    campaign = next((each for each in found.campaigns.values() if page.id in {step.page for step in each.step}), None)
    theme = {"theme": school.themes.get(campaign.id, campaign.name)} if campaign else {}
    return {"school": school.name, **theme}


def day_of(page: Page, found: Library, school: School, *, now: datetime) -> date:
    """The day that it goes out on: a newsletter's own, or that of the campaign's step; today where there is none."""
    if isinstance(page.front, NewsletterFront):
        return page.front.send_on
    dues = [
        due for each in found.campaigns.values() for step, due in dues_of(each, school=school) if step.page == page.id
    ]
    return school.calendar.today(min(dues, default=now))
