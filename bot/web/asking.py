"""Asking the desk from a page: what goes wrong is told by its kind alone, and the page says so calmly."""

import logging
from collections.abc import Mapping

from starlette.responses import Response

from bot.logs import log
from bot.web import words
from bot.web.site import View
from bot.wire import Answer, FrontDesk, Incoming, Via
from pages.document import Note
from school.sensitive import SecretKey, Sensitive


def incoming(
    view: View,
    verb: str,
    *,
    sender: str = "",
    key: SecretKey | None = None,
    args: Mapping[str, str] | None = None,
    private: Mapping[str, Sensitive] | None = None,
    semantic_id: str | None = None,
) -> Incoming:
    """What somebody did on a page."""
    return Incoming(
        school=view.site.school_id,
        via=Via.WEB,
        sender=sender,
        verb=verb,
        args=args or {},
        words=private or {},
        key=key,
        semantic_id=semantic_id,
        lang=view.lang,
        correlation=view.correlation,
    )


async def ask(desk: FrontDesk, asked: Incoming) -> Answer | None:
    """The desk's answer; None where it failed, so that the caller can show again what was typed."""
    try:
        return await desk.ask(asked)
    except Exception as error:  # noqa: BLE001 - whatever broke, the page stands
        failed(error, asked.verb, correlation=asked.correlation)
        return None


def failed(error: Exception, verb: str, *, correlation: str) -> None:
    """Note a failure: its kind, its place and whose request it was. Its message may hold what was typed."""
    log("web.failed", level=logging.ERROR, via=Via.WEB, verb=verb, error=error, correlation=correlation)


def refusal(answer: Answer) -> Note | None:
    """The sentence of a refusal, to be said above the form that was sent; None where it was done, or says nothing."""
    blocks = answer.document.blocks if answer.refused and answer.document is not None else ()
    return next((block for block in blocks if isinstance(block, Note)), None)


def status_of(answer: Answer, *, refused: int = 422) -> int:
    """The HTTP status of an answer's own page."""
    return refused if answer.refused else 200


def broken(view: View, *, again: bool = False) -> Response:
    """The desk did not answer, and there is nothing to show again."""
    return view.page("wrong.html", title=words.BROKEN, body=words.BROKEN_BODY, status=503, again=again)


def not_from_here(view: View) -> Response:
    """A form that another site sent."""
    return view.page("wrong.html", title=words.NOT_ALLOWED, body=words.NOT_ALLOWED_BODY, status=403, again=False)
