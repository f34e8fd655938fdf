"""What a teacher takes away of a lesson: slides, notes, the sheet for home. As open as the big screen is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.addresses import Handout, handout_path
from bot.logs import log
from bot.paper import NoPaperError
from bot.web import words
from bot.web.site import Site
from bot.wire import Via
from lessons import NoSuchLessonError
from school.school import School

KINDS = {
    Handout.SLIDES: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    Handout.NOTES: "application/pdf",
    Handout.HOME: "application/pdf",
}
# Far more than a staff room asks for at once: the rest are told to come again.
LONGEST_LINE = 40


class HandoutsToGive(Protocol):
    """Where they come from."""

    def kept(self, handout: Handout, lesson_id: str, *, lang: str, school: School | None) -> bytes | None:
        """What was made before."""

    def made(self, handout: Handout, lesson_id: str, *, lang: str, school: School | None) -> bytes:
        """It, made where it was not."""


class Copier:
    """One for all schools. One file is made at a time, so that a case never waits for more than one of them."""

    def __init__(self, handouts: HandoutsToGive) -> None:
        self._handouts = handouts
        self._one = asyncio.Semaphore(1)
        self._in_line = 0

    async def copy(self, handout: Handout, lesson_id: str, *, lang: str, school: School | None) -> bytes:
        """The file. Raises NoSuchLessonError, and NoPaperError also where the line is too long."""
        kept = self._handouts.kept(handout, lesson_id, lang=lang, school=school)
        if kept is not None:
            return kept
        if self._in_line >= LONGEST_LINE:
            raise NoPaperError
        self._in_line += 1
        try:
            async with self._one:
                return await run_in_threadpool(self._handouts.made, handout, lesson_id, lang=lang, school=school)
        finally:
            self._in_line -= 1


@dataclass
class ClassroomPages:
    """`/lessons/<id>/slides.pptx`, `/lessons/<id>/notes.pdf` and `/lessons/<id>/home.pdf` of one school."""

    site: Site
    copier: Copier

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [Route(handout_path("{lesson}", each), self._handing_out(each), methods=["GET"]) for each in Handout]

    def _handing_out(self, handout: Handout) -> Callable[[Request], Awaitable[Response]]:
        async def hand_out(request: Request) -> Response:
            view = self.site.view(request)
            lesson_id = request.path_params["lesson"]
            try:
                made = await self.copier.copy(handout, lesson_id, lang=view.lang, school=self.site.school)
            except NoSuchLessonError:
                raise HTTPException(404) from None
            except NoPaperError:
                log("web.no_paper", level=logging.ERROR, via=Via.WEB, correlation=view.correlation)
                return view.page("wrong.html", title=words.PROBLEM, body=words.FAILED, status=503, again=False)
            # A page's id is of small letters, digits and hyphens, so that it is safe in a file's name.
            named = f'attachment; filename="{lesson_id}-{handout}"'
            return Response(made, media_type=KINDS[handout], headers={"Content-Disposition": named})

        return hand_out
