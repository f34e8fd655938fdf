"""What is taken away of a lesson: slides, notes, the sheet for home, a poster.

The last two are as open as the big screen is. Slides and notes hold the answers, and open with a ticket alone: nothing
that a class sees leads to them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.addresses import WITH_ANSWERS, Handout, handout_path, papers_path, screen_path
from bot.logs import log
from bot.paper import Letter, NoPaperError
from bot.tokens import ForgedTokenError, OldTokenError
from bot.web import words
from bot.web.site import Site, View
from bot.wire import Via
from lessons import NoSuchLessonError
from pages.document import Document
from school.school import School
from school.words import Refusal

KINDS = {
    Handout.SLIDES: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    Handout.NOTES: "application/pdf",
    Handout.HOME: "application/pdf",
    Handout.POSTER: "application/pdf",
}
# Far more than a staff room asks for at once: the rest are told to come again.
LONGEST_LINE = 40


class HandoutsToGive(Protocol):
    """Where they come from."""

    def kept(self, handout: Handout, lesson_id: str, *, lang: str, school: School | None) -> bytes | None:
        """What was made before."""

    def made(self, handout: Handout, lesson_id: str, *, lang: str, school: School | None, screen: str = "") -> bytes:
        """It, made where it was not. `screen` is the address of the lesson on the big screen, for its poster."""


class LettersToGive(Protocol):
    """Where letters for families come from."""

    def kept(self, letter: Letter) -> bytes | None:
        """What was printed before."""

    def printed(self, letter: Letter) -> bytes:
        """The file, printed where it was not."""


class Copier:
    """One for all schools. One file is made at a time, so that a case never waits for more than one of them."""

    def __init__(self, handouts: HandoutsToGive, letters: LettersToGive) -> None:
        self._handouts = handouts
        self._letters = letters
        self._one = asyncio.Semaphore(1)
        self._in_line = 0

    async def copy(self, handout: Handout, lesson_id: str, *, lang: str, school: School | None, screen: str) -> bytes:
        """The file. Raises NoSuchLessonError, and NoPaperError also where the line is too long."""
        kept = self._handouts.kept(handout, lesson_id, lang=lang, school=school)
        if kept is not None:
            return kept
        return await self._in_turn(
            partial(self._handouts.made, handout, lesson_id, lang=lang, school=school, screen=screen)
        )

    async def letter(self, letter: Letter) -> bytes:
        """A letter for families. Raises NoPaperError, as above."""
        kept = self._letters.kept(letter)
        return kept if kept is not None else await self._in_turn(partial(self._letters.printed, letter))

    async def _in_turn(self, work: Callable[[], bytes]) -> bytes:
        if self._in_line >= LONGEST_LINE:
            raise NoPaperError
        self._in_line += 1
        try:
            async with self._one:
                return await run_in_threadpool(work)
        finally:
            self._in_line -= 1


class Lesson(Protocol):
    """What is read of one here."""

    @property
    def document(self) -> Document:
        """The whole of it."""

    @property
    def front(self) -> Any:
        """Its front matter, of the kind `lesson` where it is one."""


class ShelfOfLessons(Protocol):
    """Where lessons are found."""

    def get(self, page_id: str, lang: str, /) -> Lesson:
        """The lesson in the language, or in English; a LookupError or a Refusal where there is none."""


@dataclass
class ClassroomPages:
    """`/lessons/<id>/home.pdf` and `/lessons/<id>/poster.pdf` of one school.

    With a ticket, `/lessons/<id>/papers/<ticket>` and the slides and notes below it. Where those two were open once, a
    page says how to come by them.
    """

    site: Site
    copier: Copier
    shelf: ShelfOfLessons

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        files = [
            Route(handout_path("{lesson}", each, "{ticket}"), self._handing_out(each), methods=["GET"])
            for each in Handout
        ]
        once = [Route(f"/lessons/{{lesson}}/{each}", self.moved, methods=["GET"]) for each in WITH_ANSWERS]
        return [*files, Route(papers_path("{lesson}", "{ticket}"), self.papers, methods=["GET"]), *once]

    async def papers(self, request: Request) -> Response:
        """All of a lesson's papers, a home sheet in each language."""
        view, lesson_id, ticket = self.site.view(request), request.path_params["lesson"], request.path_params["ticket"]
        if not self._holds(ticket, lesson_id):
            return _moved(view)
        page = self.shelf.get(lesson_id, view.lang)
        return view.page(
            "papers.html",
            title=page.document.title,
            lang=page.document.lang,
            files={each.name: handout_path(lesson_id, each, ticket) for each in Handout},
            screen=screen_path(lesson_id),
        )

    async def moved(self, request: Request) -> Response:
        """An address of slides or notes from before they were signed."""
        return _moved(self.site.view(request))

    def _holds(self, ticket: str, lesson_id: str) -> bool:
        """Whether a ticket opens the papers of a lesson that there is."""
        try:
            if self.site.signer is None or self.shelf.get(lesson_id, "en").front.kind != "lesson":
                return False
            self.site.signer.check_papers(ticket, lesson_id, on=self.site.clock.now().date())
        except (ForgedTokenError, OldTokenError):
            return False
        except (LookupError, Refusal):
            raise HTTPException(404) from None
        return True

    def _handing_out(self, handout: Handout) -> Callable[[Request], Awaitable[Response]]:
        async def hand_out(request: Request) -> Response:
            view = self.site.view(request)
            lesson_id = request.path_params["lesson"]
            if handout in WITH_ANSWERS and not self._holds(request.path_params["ticket"], lesson_id):
                return _moved(view)
            screen = f"{self.site.public_url.rstrip('/')}{self.site.base}{screen_path(lesson_id)}"
            try:
                made = await self.copier.copy(
                    handout, lesson_id, lang=view.lang, school=self.site.school, screen=screen
                )
            except NoSuchLessonError:
                raise HTTPException(404) from None
            except NoPaperError:
                log("web.no_paper", level=logging.ERROR, via=Via.WEB, correlation=view.correlation)
                return view.page("wrong.html", title=words.PROBLEM, body=words.FAILED, status=503, again=False)
            # A page's id is of small letters, digits and hyphens, so that it is safe in a file's name.
            named = f'attachment; filename="{lesson_id}-{handout}"'
            return Response(made, media_type=KINDS[handout], headers={"Content-Disposition": named})

        return hand_out


def _moved(view: View) -> Response:
    return view.page("wrong.html", title=words.PAPERS_MOVED, body=words.PAPERS_MOVED_BODY, status=410, again=False)
