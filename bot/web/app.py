"""The web application: every school's pages, the channels' routes and the machine's, behind one set of headers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.addresses import path_to
from bot.clock import Clock
from bot.issues import Issue
from bot.tokens import Signer
from bot.web import words
from bot.web.alerts import AlertPages
from bot.web.asking import failed
from bot.web.body import TooMuchError, UnreadableError
from bot.web.by_email import ByEmailPages
from bot.web.classroom import ClassroomPages, Copier, HandoutsToGive, LettersToGive
from bot.web.door import Door, Reception
from bot.web.doorway import Doorway
from bot.web.guard import HEADERS, Headers
from bot.web.inbox import InboxPages
from bot.web.inset import InsetPages
from bot.web.keys import KeyPages
from bot.web.machine import MachinePages, Metrics
from bot.web.news import NewsPages
from bot.web.reading import ReadingPages, ShelfToRead
from bot.web.report import ReportPages, refused_page
from bot.web.signing import SigningPages
from bot.web.site import STATIC, Site
from bot.web.tray import Tray
from bot.wire import FrontDesk
from school.people import Person
from school.school import School
from school.words import Refusal


class Assets(StaticFiles):
    """Style and script: the same for everybody, under an address that changes when they do."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """As Starlette's, and kept by the browser."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response


def create_web(
    *,
    schools: Mapping[str, School],
    desk: FrontDesk,
    signers: Mapping[str, Signer],
    clock: Clock,
    school_clock: Clock,
    shelf: ShelfToRead,
    handouts: HandoutsToGive,
    channel_routes: Sequence[BaseRoute],
    public_url: str,
    ready: Callable[[], Awaitable[Mapping[str, bool]]],
    metrics: Callable[[], Awaitable[Metrics]],
    signable: Callable[[str], Sequence[Person]],
    news: Callable[[str], Sequence[Issue]],
    letters: LettersToGive,
    letters_go: bool = False,
    health: Callable[[], Mapping[str, Mapping[str, bool]]] = dict,
) -> Starlette:
    """Build it. `clock` is the machine's: sessions, limits and signatures; `school_clock` dates the news.

    `letters` are on paper; `letters_go` says that e-mail goes out. `ready` says how the process is, `health` how each
    school's channels are.
    """
    doorway, reception, tray, copier = Doorway(clock), Reception(clock), Tray(clock), Copier(handouts, letters)
    alone = len(schools) == 1
    sites = [
        Site(
            school,
            "" if alone else f"/s/{school.id}",
            public_url,
            signers[school.id],
            desk,
            clock,
            _pages_of(school, shelf, school_clock),
        )
        for school in schools.values()
    ]
    lobby = Site(None, "", public_url, None, desk, clock)
    read = partial(_open_routes, shelf=shelf, news=news, school_clock=school_clock, copier=copier, joins=letters_go)
    routes: list[BaseRoute] = [
        *channel_routes,
        *MachinePages(ready, metrics, health).routes(),
        Mount("/static", Assets(directory=STATIC)),
    ]
    for site in sites:
        pages = [
            *ReportPages(site, doorway).routes(),
            *_staff_routes(Door(site, reception, signable), tray),
            *ByEmailPages(site, doorway).routes(),
            *read(site),
        ]
        routes.extend(pages if alone else [Mount(site.base, routes=pages)])
    if not alone:
        routes.extend(_lobby_routes(lobby, sites))
    return Starlette(
        routes=routes,
        middleware=[Middleware(Headers, https=public_url.startswith("https://"))],
        exception_handlers=_handlers(sites, lobby),
    )


def _lobby_routes(lobby: Site, sites: Sequence[Site]) -> list[BaseRoute]:
    """What stands on a poster from the time when there was one school leads to the choice, and not to nothing."""
    paths = ("/", "/report", "/inbox", "/inbox/enrol", "/inbox/recover", "/join", "/news")
    return [Route(path, _which_school(lobby, sites, path), methods=["GET"]) for path in paths]


def _open_routes(
    site: Site,
    *,
    shelf: ShelfToRead,
    news: Callable[[str], Sequence[Issue]],
    school_clock: Clock,
    copier: Copier,
    joins: bool,
) -> list[BaseRoute]:
    """What anybody may read."""
    return [
        *ReadingPages(site, shelf).routes(),
        *NewsPages(site, shelf, news, school_clock, copier.letter, joins=joins).routes(),
        *ClassroomPages(site, copier, shelf).routes(),
        *InsetPages(site).routes(),
    ]


def _staff_routes(door: Door, tray: Tray) -> list[BaseRoute]:
    signing = SigningPages(door)
    return [
        *signing.routes(),
        *InboxPages(door, signing).routes(),
        *KeyPages(door, signing).routes(),
        *AlertPages(door, signing, tray).routes(),
    ]


def _pages_of(school: School, shelf: ShelfToRead, school_clock: Clock) -> Callable[[str], str | None]:
    def page(page_id: str) -> str | None:
        return path_to(page_id, shelf=shelf, on=school.calendar.today(school_clock.now()))

    return page


def _which_school(lobby: Site, sites: Sequence[Site], path: str) -> Callable[[Request], Awaitable[Response]]:
    async def which_school(request: Request) -> Response:
        links = [(f"{site.base}{path}", site.name) for site in sites]
        return lobby.view(request).page("landing.html", title=words.WHICH_SCHOOL, schools=links)

    return which_school


def _handlers(
    sites: Sequence[Site],
    lobby: Site,
) -> Mapping[int | type[Exception], Callable[[Request, Exception], Response]]:
    def site_of(scope: Scope) -> Site:
        path = f"{scope['path']}/"
        return next((site for site in sites if path.startswith(f"{site.base}/")), lobby)

    def refused(request: Request, error: Exception) -> Response:
        statuses = {TooMuchError: 413, UnreadableError: 400}
        view = site_of(request.scope).view(request)
        refusal = error if isinstance(error, Refusal) else Refusal()
        return refused_page(view, refusal, status=statuses.get(type(refusal), 403))

    def missing(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        title = words.WRONG_WAY if status == 405 else words.NOT_FOUND
        view = site_of(request.scope).view(request)
        response = view.page("wrong.html", title=title, body=words.NOT_FOUND_BODY, status=status, again=False)
        if isinstance(error, HTTPException) and error.headers:
            response.headers.update(error.headers)
        return response

    def broken(request: Request, error: Exception) -> Response:
        view = site_of(request.scope).view(request)
        failed(error, "", correlation=view.correlation)
        response = view.page("wrong.html", title=words.BROKEN, body=words.BROKEN_BODY, status=500, again=False)
        # Starlette answers for an unforeseen error outside every middleware.
        response.headers.update({**HEADERS, "Cache-Control": "no-store"})
        return response

    return {Refusal: refused, HTTPException: missing, Exception: broken}
