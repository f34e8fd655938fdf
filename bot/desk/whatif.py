"""What to do if ...: short pages for parents, in a chat one tap away. Nobody notes who reads which."""

from dataclasses import replace
from datetime import UTC

from bot.addresses import WHATIF, WHATIF_MENU
from bot.desk.visit import Visit, button
from bot.wire import Answer, Choice, Look, Show, Via
from pages import Document
from school.evidence import Evidence
from school.words import Text

Rows = tuple[tuple[Choice, ...], ...]

# On a button beside its verb; the rest of a page's id is the same for all.
PAGE = "p"
CLAUSE, SHOWN = "C20", "whatif.shown"
DOOR = button(Text("What to do if ..."), "whatif")
ASK = button(Text("Ask the school"), "ask")


def whatif(visit: Visit) -> Answer:
    """`/whatif`: the menu, or the page that was tapped; anything that is no page is the menu."""
    _shown_today(visit)
    named = f"{WHATIF}{visit.incoming.args.get(PAGE, '')}"
    if named != WHATIF_MENU and named in {page.id for page in visit.house.shelf.all(kind="wording", lang="en")}:
        return Answer(document=visit.page(named), choices=_ways_on(visit), show=_where(visit))
    return Answer(document=visit.page(WHATIF_MENU), choices=_menu(visit), show=_where(visit))


def _shown_today(visit: Visit) -> None:
    """That families were helped, once a day and dated by the day alone: not which page, nor whose chat, nor when."""
    calendar = visit.school.calendar
    day = calendar.local(visit.now).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    evidence = visit.unit.evidence
    if visit.incoming.via is Via.TELEGRAM and SHOWN not in evidence.by_kind(since=day).get(CLAUSE, {}):
        what = "Families looked at what to do if something happens"
        evidence.write(Evidence(clause="C20", kind="whatif.shown", when=day, what=what))


def _where(visit: Visit) -> Show:
    """A page takes the menu's place, and the menu the page's; what was typed is answered below it."""
    return Show.REPLACE if PAGE in visit.incoming.args else Show.REPLY


def _menu(visit: Visit) -> Rows:
    pages = [page for page in visit.house.shelf.all(kind="wording", lang=visit.incoming.lang) if _is_one(page.id)]
    return tuple(
        (Choice(label=Text("{title}", {"title": page.front.title}), verb="whatif", args={PAGE: short(page.id)}),)
        for page in sorted(pages, key=lambda each: each.front.title)
    )


def _is_one(page_id: str) -> bool:
    return page_id.startswith(WHATIF) and page_id != WHATIF_MENU


def short(page_id: str) -> str:
    """What a button, and an address, has of a page's id."""
    return page_id.removeprefix(WHATIF)


def _ways_on(visit: Visit) -> Rows:
    form = Choice(label=Text("Open the school's form"), href=visit.address("/report"))
    return (
        (button(Text("Back"), "whatif", Look.PLAIN, {PAGE: "menu"}),),
        (ASK,),
        *(((form,),) if visit.house.open_web else ()),
    )


def with_door(answer: Answer, *, visit: Visit) -> Answer:
    """The way to these pages below an answer in a parent's chat."""
    if visit.incoming.via is not Via.TELEGRAM:
        return answer
    return replace(answer, document=answer.document or Document(""), choices=(*answer.choices, (DOOR,)))
