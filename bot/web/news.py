"""The archive of what went to families, for anybody to read: on the web, as a feed, on paper, for the school's site."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from babel.core import UnknownLocaleError
from babel.dates import format_skeleton
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.addresses import joining_path
from bot.clock import Clock
from bot.issues import Issue, by_month
from bot.languages import own_words, owning_up
from bot.logs import log
from bot.paper import Letter, NoPaperError
from bot.web import words
from bot.web.fragment import Fragment, fragment_of
from bot.web.reading import ShelfToRead, to_read
from bot.web.site import Site, View
from bot.wire import Via
from pages import kind_of_picture
from pages.document import Document
from parents import picture_of, quiz_of

# Shown in full above the archive; the rest is a tap away.
IN_FULL = 3

Printer = Callable[[Letter], Awaitable[bytes]]


@dataclass(frozen=True)
class Listed:
    """One of them in a list: its page as a reader of the view's language has it."""

    issue: Issue
    document: Document


@dataclass
class NewsPages:
    """`/news`, its feed, `/news/<id>`, `/news/<id>.pdf` and `/news/<id>/for-your-site` of one school.

    `joins`: the school sends e-mail, so that a sheet of paper leads to where one joins.
    """

    site: Site
    shelf: ShelfToRead
    news: Callable[[str], Sequence[Issue]]
    school_clock: Clock
    printer: Printer
    joins: bool = False

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            Route("/news", self.show_news, methods=["GET"]),
            Route("/news/feed.xml", self.feed, methods=["GET"]),
            Route("/news/{issue}.pdf", self.on_paper, methods=["GET"]),
            Route("/news/{issue}/for-your-site", self.for_your_site, methods=["GET"]),
            Route("/news/{issue}", self.show_issue, methods=["GET"]),
            Route("/pictures/{issue}", self.show_picture, methods=["GET"]),
        ]

    async def show_news(self, request: Request) -> Response:
        """What went out: the newest in full, and all of it by month."""
        view = self.site.view(request)
        issues = await self._issues()
        return view.page(
            "news.html",
            title=words.NEWS,
            issues=self._listed(view, issues[:IN_FULL]),
            months=[(month_in_words(month, view.lang), self._listed(view, each)) for month, each in by_month(issues)],
        )

    async def show_issue(self, request: Request) -> Response:
        """One of them, once it is out."""
        view = self.site.view(request)
        listed = await self._one(request, view)
        return to_read(
            view,
            listed.document,
            page=self.shelf.get(listed.issue.id, view.lang),
            quiz=quiz_of(listed.issue.id, shelf=self.shelf, lang=view.lang),
            lead=picture_of(listed.issue.id, shelf=self.shelf, lang=view.lang),
            paths=_other_forms(view, listed.issue),
        )

    async def show_picture(self, request: Request) -> Response:
        """The picture at the head of a newsletter that is out; a messenger's server asks for it, too."""
        wanted = request.path_params["issue"]
        lead = picture_of(wanted, shelf=self.shelf, lang=self.site.view(request).lang)
        if lead is None or wanted not in {issue.id for issue in await self._issues()}:
            raise HTTPException(404)
        content = await run_in_threadpool(lead.file.read_bytes)
        return Response(content, media_type=kind_of_picture(content))

    async def on_paper(self, request: Request) -> Response:
        """One of them as a letter to print."""
        view = self.site.view(request)
        listed = await self._one(request, view)
        school = self.site.school
        if school is None:
            raise HTTPException(404)
        address = f"{self._here}{joining_path() if self.joins else '/news'}"
        letter = Letter(
            document=listed.issue.told(self._page(listed.issue, view)),
            on=listed.issue.on,
            lang=view.lang,
            school=school,
            address=address,
            joins=self.joins,
        )
        try:
            made = await self.printer(letter)
        except NoPaperError:
            log("web.no_paper", level=logging.ERROR, via=Via.WEB, correlation=view.correlation)
            return view.page("wrong.html", title=words.PROBLEM, body=words.FAILED, status=503, again=False)
        # A page's id is of small letters, digits and hyphens, so that it is safe in a file's name.
        named = f'inline; filename="{listed.issue.id}-{view.lang}.pdf"'
        return Response(made, media_type="application/pdf", headers={"Content-Disposition": named})

    async def for_your_site(self, request: Request) -> Response:
        """One of them to copy onto the school's own site."""
        view = self.site.view(request)
        listed = await self._one(request, view)
        return view.page(
            "for_your_site.html",
            title=words.FOR_YOUR_SITE,
            made=self._fragment(view, listed),
            back=view.link(f"/news/{listed.issue.id}"),
        )

    def _fragment(self, view: View, listed: Listed) -> Fragment:
        # Whoever reads it there chose a language by the page that it was put on.
        return fragment_of(
            listed.document,
            lang=view.lang,
            here=self._here,
            path=f"/news/{listed.issue.id}?lang={view.lang}",
            page=self.site.page,
        )

    async def feed(self, request: Request) -> Response:
        """The same as Atom (RFC 4287), one for each language."""
        view = self.site.view(request)
        issues = await self._issues()
        newest = max((issue.on for issue in issues), default=self.school_clock.now().date())
        response = view.page(
            "feed.xml",
            title=words.NEWS,
            issues=self._listed(view, issues),
            here=self._here,
            query=f"?lang={view.lang}" if view.chosen else "",
            updated=f"{newest.isoformat()}T00:00:00Z",
        )
        response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
        response.headers["Content-Language"] = view.lang
        response.headers["Vary"] = "Accept-Language"
        return response

    @property
    def _here(self) -> str:
        return self.site.public_url.rstrip("/") + self.site.base

    async def _one(self, request: Request, view: View) -> Listed:
        wanted = request.path_params["issue"]
        issue = next((each for each in await self._issues() if each.id == wanted), None)
        if issue is None:
            raise HTTPException(404)
        (listed,) = self._listed(view, [issue])
        return listed

    def _listed(self, view: View, issues: Iterable[Issue]) -> list[Listed]:
        return [Listed(issue, owning_up(issue.told(self._page(issue, view)), view.lang)) for issue in issues]

    def _page(self, issue: Issue, view: View) -> Document:
        return own_words(self.shelf.told(issue.id, view.lang))

    async def _issues(self) -> Sequence[Issue]:
        return await run_in_threadpool(self.news, self.site.school_id)


def _other_forms(view: View, issue: Issue) -> list[tuple[str, str]]:
    """Where the same is on paper and for the school's own site, and what leads there."""
    return [
        (view.link(f"/news/{issue.id}.pdf"), view.t(words.ON_PAPER)),
        (view.link(f"/news/{issue.id}/for-your-site"), view.t(words.FOR_YOUR_SITE)),
    ]


def month_in_words(month: date, lang: str) -> str:
    """Such as "December 2026", as the language has it; as English has it where nobody knows better."""
    try:
        return format_skeleton("yMMMM", month, locale=lang.replace("-", "_"))
    except (UnknownLocaleError, ValueError, KeyError):
        return format_skeleton("yMMMM", month, locale="en_GB")
