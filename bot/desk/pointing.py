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
    form = answer.form
    if form is not None and form.intro is not None:
        form = replace(form, intro=linked(form.intro, address))
    return replace(answer, document=document, form=form)
