"""Pages that anybody may read: the front page, lessons on the big screen, news and its feed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.addresses import OPEN_WORDING, WHATIF, WHATIF_MENU, is_pack, page_address
from bot.clock import Clock
from bot.languages import owning_up
from bot.web import words
from bot.web.asking import ask, broken, incoming, status_of
from bot.web.site import Site, View
from bot.wire import Answer, Choice, FrontDesk
from lessons import STEPS, Screen, right_answer, screens, years_of
from pages.document import Document
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

    def all(self, kind: str | None, lang: str) -> Sequence[PageOnShelf]:
        """Every page of a kind."""


@dataclass
class ReadingPages:
    """`/`, `/about/<id>`, `/lessons/<id>/present`, `/news`, `/whatif`, `/faq`, `/events` and what is below them."""

    site: Site
    shelf: ShelfToRead
    news: Callable[[str], Sequence[PageOnShelf]]
    school_clock: Clock

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            Route("/", self.front_page, methods=["GET"]),
            Route("/lessons/{lesson}/present", self.present, methods=["GET"]),
            Route("/about/{wording}", self.show_wording, methods=["GET"]),
            Route("/packs/{pack}", self.show_pack, methods=["GET"]),
            Route("/news", self.show_news, methods=["GET"]),
            Route("/news/feed.xml", self.feed, methods=["GET"]),
            Route("/news/{issue}", self.show_issue, methods=["GET"]),
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

    async def show_news(self, request: Request) -> Response:
        """What was sent home, newest first."""
        view = self.site.view(request)
        return view.page("news.html", title=words.NEWS, issues=await self._issues())

    async def show_issue(self, request: Request) -> Response:
        """One of them, once it is out."""
        view = self.site.view(request)
        wanted = request.path_params["issue"]
        if wanted not in {issue.id for issue in await self._issues()}:
            raise HTTPException(404)
        return _to_read(view, self.shelf.get(wanted, view.lang))

    async def show_whatif_menu(self, request: Request) -> Response:
        """What to do if ...: the titles, each a link."""
        view = self.site.view(request)
        menu = owning_up(self.shelf.get(WHATIF_MENU, view.lang).document, view.lang)
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
        document = owning_up(page.document, view.lang)
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
        return _before_one_reports(view, page)

    async def show_pack(self, request: Request) -> Response:
        """What a teacher does with a class on a campaign's day."""
        view = self.site.view(request)
        try:
            page = self.shelf.get(request.path_params["pack"], view.lang)
        except (LookupError, Refusal):
            raise HTTPException(404) from None
        if not is_pack(page.front):
            raise HTTPException(404)
        return _to_read(view, page)

    async def feed(self, request: Request) -> Response:
        """The same as Atom (RFC 4287)."""
        view = self.site.view(request)
        issues = await self._issues()
        newest = max((issue.front.send_on for issue in issues), default=self.school_clock.now().date())
        response = view.page(
            "feed.xml",
            title=words.NEWS,
            issues=issues,
            here=self.site.public_url.rstrip("/") + self.site.base,
            updated=f"{newest.isoformat()}T00:00:00Z",
        )
        response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
        return response

    async def _issues(self) -> Sequence[PageOnShelf]:
        return await run_in_threadpool(self.news, self.site.school_id)


def preview(page: PageOnShelf, *, lang: str, shelf: ShelfToRead, desk: FrontDesk, clock: Clock) -> str:
    """The HTML of a page as the web shows it, whether or not it has an address yet. It belongs to no school."""
    address = page_address("", shelf=shelf, on=clock.now().date())
    view = View(site=Site(None, "", "", None, desk, clock, address), lang=lang)
    if page.id in OPEN_WORDING:
        shown = _before_one_reports(view, page)
    else:
        shown = (_on_screen if page.front.kind == "lesson" else _to_read)(view, page)
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


def _answer(screen: Screen) -> Document:
    """What a question's fold holds."""
    return Document("", (right_answer(screen.question),) if screen.question else (), screen.lang)


def _to_read(view: View, page: PageOnShelf) -> Response:
    document = owning_up(page.document, view.lang)
    return view.page("issue.html", title=document.title, lang=document.lang, document=document)


def _before_one_reports(view: View, page: PageOnShelf) -> Response:
    staff = page.id == "privacy-staff"
    back = Choice(label=words.STAFF, verb="inbox.list") if staff else Choice(label=words.REPORT, verb="report.start")
    return view.answer(Answer(document=owning_up(page.document, view.lang), choices=((back,),)))
