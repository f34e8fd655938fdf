"""Pages that anybody may read: the front page, lessons on the big screen, what to do, questions and answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.addresses import OPEN_WORDING, WHATIF, WHATIF_MENU, is_pack, page_address, picture_path
from bot.clock import Clock
from bot.languages import own_words, page_in
from bot.web import words
from bot.web.asking import ask, broken, incoming, status_of
from bot.web.site import Site, View
from bot.wire import Answer, Choice, FrontDesk
from lessons import STEPS, Screen, right_answer, screens, years_of
from pages import QuizItem, Told
from pages.document import Document
from parents import HOME, LeadPicture, Quiz
from school.words import Refusal, Text


class PageOnShelf(Protocol):
    """What these pages read of a page."""

    @property
    def id(self) -> str:
        """Such as `y4-passwords`."""

    @property
    def document(self) -> Document:
        """The whole of it."""

    @property
    def parts(self) -> Mapping[str, Document]:
        """Its sections by the slugs of their headings."""

    @property
    def front(self) -> Any:
        """Its front matter; a newsletter's has `send_on`, a lesson's may have `quiz`."""


class ShelfToRead(Protocol):
    """Where pages are found."""

    def get(self, page_id: str, lang: str, /) -> PageOnShelf:
        """The page in the language, or in English."""

    def told(self, page_id: str, lang: str, /) -> Told:
        """The whole page, with its English beside it where nobody has checked the translation."""

    def part(self, page_id: str, name: str, lang: str, /) -> Told:
        """A part of a page in the language as far as there is one."""

    def all(self, kind: str | None, lang: str) -> Sequence[PageOnShelf]:
        """Every page of a kind."""


@dataclass
class ReadingPages:
    """`/`, `/about/<id>`, `/lessons/<id>/present`, `/packs/<id>`, `/whatif`, `/faq` and `/events` of one school."""

    site: Site
    shelf: ShelfToRead

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            Route("/", self.front_page, methods=["GET"]),
            Route("/lessons/{lesson}/present", self.present, methods=["GET"]),
            Route("/lessons/{lesson}/home", self.show_home, methods=["GET"]),
            Route("/about/{wording}", self.show_wording, methods=["GET"]),
            Route("/packs/{pack}", self.show_pack, methods=["GET"]),
            Route("/whatif", self.show_whatif_menu, methods=["GET"]),
            Route("/whatif/{name}", self.show_whatif, methods=["GET"]),
            Route("/faq", self.show_faq, methods=["GET"]),
            Route("/events", self.show_events, methods=["GET"]),
        ]

    async def front_page(self, request: Request) -> Response:
        """What this is, and the ways on."""
        view = self.site.view(request)
        title = Text(words.WELCOME.msgid, {"school": self.site.name})
        return view.page("landing.html", title=title, schools=())

    async def present(self, request: Request) -> Response:
        """What pupils see of a lesson, one thing a screen."""
        view = self.site.view(request)
        try:
            page = self.shelf.get(request.path_params["lesson"], view.lang)
        except (LookupError, Refusal):
            raise HTTPException(404) from None
        if getattr(page.front, "kind", "lesson") != "lesson":
            raise HTTPException(404)
        return _on_screen(view, page)

    async def show_home(self, request: Request) -> Response:
        """What a lesson says to families: the card that they get on its day."""
        view = self.site.view(request)
        wanted = request.path_params["lesson"]
        if wanted not in {page.id for page in self.shelf.all("lesson", view.lang)}:
            raise HTTPException(404)
        return to_read(view, own_words(self.shelf.part(wanted, HOME, view.lang)))

    async def show_whatif_menu(self, request: Request) -> Response:
        """What to do if ...: the titles, each a link."""
        view = self.site.view(request)
        menu = page_in(self.shelf, WHATIF_MENU, view.lang)
        pages = sorted(self._whatif(view.lang), key=lambda page: str(page.document.title))
        links = [(view.link(f"/whatif/{page.id.removeprefix(WHATIF)}"), page.document) for page in pages]
        return view.page("whatif.html", title=menu.title, lang=menu.lang, document=menu, links=links, back=False)

    async def show_whatif(self, request: Request) -> Response:
        """One of them. Nobody notes who reads it."""
        view = self.site.view(request)
        wanted = f"{WHATIF}{request.path_params['name']}"
        page = next((page for page in self._whatif(view.lang) if page.id == wanted), None)
        if page is None:
            raise HTTPException(404)
        document = page_in(self.shelf, page.id, view.lang)
        return view.page(
            "whatif.html", title=document.title, lang=document.lang, document=document, links=(), back=True
        )

    def _whatif(self, lang: str) -> Sequence[PageOnShelf]:
        pages = self.shelf.all("wording", lang)
        return [page for page in pages if page.id.startswith(WHATIF) and page.id != WHATIF_MENU]

    async def show_faq(self, request: Request) -> Response:
        """Questions that were asked, with their answers, in words for everybody."""
        view = self.site.view(request)
        answer = await ask(self.site.desk, incoming(view, "faq"))
        return view.answer(answer, status=status_of(answer)) if answer else broken(view)

    async def show_events(self, request: Request) -> Response:
        """What is to come, for everybody to read. Replies are a matter of each family's own chat."""
        view = self.site.view(request)
        answer = await ask(self.site.desk, incoming(view, "events"))
        return view.answer(answer, status=status_of(answer)) if answer else broken(view)

    async def show_wording(self, request: Request) -> Response:
        """What to know before one reports, with the way out that every such page has."""
        view = self.site.view(request)
        wanted = request.path_params["wording"]
        if wanted not in OPEN_WORDING:
            raise HTTPException(404)
        try:
            page = self.shelf.get(wanted, view.lang)
        except (LookupError, Refusal):
            raise HTTPException(404) from None
        return _before_one_reports(view, page.id, page_in(self.shelf, page.id, view.lang))

    async def show_pack(self, request: Request) -> Response:
        """What a teacher does with a class on a campaign's day."""
        view = self.site.view(request)
        try:
            page = self.shelf.get(request.path_params["pack"], view.lang)
        except (LookupError, Refusal):
            raise HTTPException(404) from None
        if not is_pack(page.front):
            raise HTTPException(404)
        return to_read(view, page_in(self.shelf, page.id, view.lang))


def preview(page: PageOnShelf, *, lang: str, shelf: ShelfToRead, desk: FrontDesk, clock: Clock) -> str:
    """The HTML of a page as the web shows it, whether or not it has an address yet. It belongs to no school."""
    address = page_address("", shelf=shelf, on=clock.now().date())
    view = View(site=Site(None, "", "", None, desk, clock, address), lang=lang)
    if page.front.kind == "lesson":
        shown = _on_screen(view, page)
    elif page.id in OPEN_WORDING:
        shown = _before_one_reports(view, page.id, page_in(shelf, page.id, lang))
    else:
        shown = to_read(view, page_in(shelf, page.id, lang))
    return bytes(shown.body).decode()


def _on_screen(view: View, page: PageOnShelf) -> Response:
    front = page.front
    slides = screens(page.parts, front.quiz, words=front.vocabulary, board=front.board)
    return view.page(
        "present.html",
        title=page.document.title,
        lang=page.document.lang,
        slides=slides,
        steps=sum(name in page.parts for name in STEPS),
        years=years_of(front),
        minutes=front.minutes,
        answer=_answer,
    )


def _answer_to(item: QuizItem, lang: str) -> Document:
    """What the fold of a family's question holds."""
    return Document("", (right_answer(item),), lang)


def _answer(screen: Screen) -> Document:
    """What a question's fold holds."""
    return Document("", (right_answer(screen.question),) if screen.question else (), screen.lang)


def to_read(
    view: View,
    document: Document,
    *,
    page: PageOnShelf | None = None,
    quiz: Quiz | None = None,
    lead: LeadPicture | None = None,
    paths: Sequence[tuple[str, str]] = (),
) -> Response:
    """A page to read, with its quiz and picture, and the ways to other forms of it: addresses, and what leads there.

    `page` is the page as it is on the shelf, where it has a lesson beside it and says what it was checked against.
    """
    front = page.front if page else None
    return view.page(
        "issue.html",
        title=document.title,
        lang=document.lang,
        document=document,
        quiz=quiz,
        lead=lead,
        picture=f"{view.site.base}{picture_path(page.id)}" if page else "",
        lesson=getattr(front, "lesson", ""),
        sources=getattr(front, "sources", ()) if getattr(front, "reader", "") == "parent" else (),
        answer=_answer_to,
        paths=paths,
    )


def _before_one_reports(view: View, page_id: str, document: Document) -> Response:
    staff = page_id == "privacy-staff"
    back = Choice(label=words.STAFF, verb="inbox.list") if staff else Choice(label=words.REPORT, verb="report.start")
    return view.answer(Answer(document=document, choices=((back,),)))
