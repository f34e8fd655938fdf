"""Answers with links to pages: each leads to the school's site, or is plain words where the page is not on it."""

from dataclasses import replace

from bot.addresses import page_address
from bot.desk.visit import Visit
from bot.wire import Answer
from pages import linked


def pointed(answer: Answer, *, visit: Visit) -> Answer:
    """The answer with every `page:` link turned into an address of the school's site."""
    address = page_address(visit.address(""), shelf=visit.house.shelf, on=visit.today)
    document = linked(answer.document, address) if answer.document else None
    cards = tuple(replace(card, document=linked(card.document, address)) for card in answer.cards)
    form = answer.form
    if form is not None:
        intro, more = (linked(each, address) if each else None for each in (form.intro, form.more))
        form = replace(form, intro=intro, more=more)
    return replace(answer, document=document, cards=cards, form=form)
