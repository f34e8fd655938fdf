"""The buttons under what goes home: the same for every family, so that one drawing serves them all."""

from bot.wire import Choice
from pages import CampaignFront, NewsletterFront, NoSuchPageError, Reader, Shelf
from school.words import Text

Rows = tuple[tuple[Choice, ...], ...]

# On a button beside its verb: the id of the page that it stands under.
PAGE = "p"
ASK = Choice(label=Text("Ask the school"), verb="ask")
WORRY = Choice(label=Text("Tell us about a worry"), verb="report.start")
WHAT_IF = Choice(label=Text("What to do if ..."), verb="whatif")


def under_news(page_id: str, *, shelf: Shelf, in_chat: bool, base: str = "") -> Rows:
    """Below a newsletter or a message of a campaign to families; nothing below any other page.

    In a letter, where nothing can be tapped, they are addresses below `base`; the quiz itself stands in the letter.
    """
    try:
        front = shelf.get(page_id, "en").front
    except NoSuchPageError:
        return ()
    if not isinstance(front, NewsletterFront | CampaignFront) or front.reader is not Reader.PARENT:
        return ()
    lesson = Text("See the lesson")
    if not in_chat:
        href = f"{base}/lessons/{front.lesson}/home"
        return ((Choice(label=lesson, href=href),),) if front.lesson and base else ()
    own = (
        *((Choice(label=Text("Try the quiz"), verb="quiz", args={PAGE: page_id}),) if front.quiz else ()),
        *((Choice(label=lesson, verb="news.lesson", args={PAGE: page_id}),) if front.lesson else ()),
    )
    return (*((own,) if own else ()), (ASK, WHAT_IF), (WORRY,))
