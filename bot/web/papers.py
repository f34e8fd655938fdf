"""A file instead of a page: made in memory, kept by nobody, and named by a reference alone."""

import logging
import re
from collections.abc import Callable
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.logs import log
from bot.paper import NoPaperError, csv_table, grid_pdf, grid_picture, pack_pdf, pdf, pptx
from bot.web import words
from bot.web.site import View
from bot.wire import Paper, Via

SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_SAFE = re.compile(r"[^0-9A-Za-z-]")


async def handed_out(view: View, paper: Paper) -> Response:
    """The file, to be saved and never shown in the browser; a page that says what to do where it cannot be made."""
    name = _SAFE.sub("", paper.name)
    if paper.document is None and paper.deck is None:
        made = await run_in_threadpool(csv_table, paper.head, paper.rows, lang=view.lang)
        return _file(made, f"{name}.csv", "text/csv; charset=utf-8")
    try:
        made = await run_in_threadpool(_drawing(paper), lang=view.lang, author=view.site.name)
    except NoPaperError as error:
        log("web.no_paper", level=logging.ERROR, via=Via.WEB, correlation=view.correlation)
        return view.page("wrong.html", title=words.PROBLEM, body=error.text, status=503, again=False)
    if paper.deck is not None:
        return _file(made, f"{name}.pptx", SLIDES)
    if paper.picture:
        return _file(made, f"{name}.png", "image/png")
    return _file(made, f"{name}.pdf", "application/pdf")


def _drawing(paper: Paper) -> Callable[..., bytes]:
    """How it is drawn: slides, a grid with what comes after it, or a page to read."""
    if paper.deck is not None:
        return partial(pptx, paper.deck)
    assert paper.document is not None
    if paper.grid is None:
        return partial(pdf, paper.document)
    if paper.after:
        return partial(pack_pdf, paper.document, paper.grid, paper.after)
    return partial(grid_picture if paper.picture else grid_pdf, paper.document, paper.grid)


def _file(made: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(made, media_type=kind, headers=headers)
