"""What a browser posts: bounded, without files, every value wrapped at once."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from bot.web import words
from school.sensitive import Sensitive
from school.words import Refusal

# 20,000 characters of any script fit with room to spare: at most four bytes each in a multipart form.
LONGEST_BODY = 200_000
# A little more is read and thrown away, so that the browser hears the answer and not a broken connection.
DRAINED = 2_000_000
MOST_FIELDS = 100
# Line feed and tab stay; nothing else below the space means anything in a person's words.
UNSEEN = {code: None for code in (*range(32), 127) if chr(code) not in "\n\t"}


class TooMuchError(Refusal):
    """More than a page takes."""

    text = words.TOO_MUCH


class UnreadableError(Refusal):
    """Not a form."""

    text = words.UNREADABLE


@dataclass(frozen=True)
class Posted:
    """The fields of a form. `files` says that some came; they were thrown away unread."""

    fields: Mapping[str, Sensitive] = field(repr=False)
    files: bool = False

    def words(self, name: str) -> Sensitive:
        """A private value."""
        return self.fields.get(name, Sensitive(""))

    def plain(self, name: str) -> str:
        """A value that is nobody's own words, on one line."""
        return " ".join(self.words(name).reveal().split())


async def posted(request: Request) -> Posted:
    """Read a form. Raises TooMuchError or UnreadableError."""
    body = await _bounded(request)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _multipart(request, body)
    if kind != "application/x-www-form-urlencoded":
        raise UnreadableError
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        # Not chained: the fault's message would hold a piece of what was typed.
        raise UnreadableError from None
    return Posted({name: _clean(value) for name, value in pairs})


async def _bounded(request: Request) -> bytes:
    kept = bytearray()
    length = 0
    async for chunk in request.stream():
        length += len(chunk)
        if length <= LONGEST_BODY:
            kept += chunk
        if length > DRAINED:
            break
    if length > LONGEST_BODY:
        raise TooMuchError
    return bytes(kept)


async def _multipart(request: Request, body: bytes) -> Posted:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        form = await MultiPartParser(request.headers, stream(), max_files=10, max_fields=MOST_FIELDS).parse()
    except MultiPartException:
        raise UnreadableError from None
    values = form.multi_items()
    # A browser sends an empty, nameless part for a file box that was left alone.
    files = any(not isinstance(value, str) and (value.filename or value.size) for _, value in values)
    await form.close()
    return Posted({name: _clean(value) for name, value in values if isinstance(value, str)}, files)


def _clean(typed: str) -> Sensitive:
    return Sensitive(typed.replace("\r\n", "\n").replace("\r", "\n").translate(UNSEEN))
