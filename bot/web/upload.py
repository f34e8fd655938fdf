"""A file that a signed-in person uploads: bounded before it is read, kept in memory, its name looked at by nobody."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from bot.web.body import UNSEEN, Posted, UnreadableError
from school.sensitive import Sensitive
from school.words import Refusal, Text

# 500 alerts of an ordinary export are a tenth of that.
LARGEST_FILE = 4_000_000
ROUND_IT = 200_000


class TooLargeError(Refusal):
    """A file that is not even read."""

    text = Text("That file is too large: at most {most} MB. Please take fewer days, and bring it in in parts.")


@dataclass(frozen=True)
class Uploaded:
    """A form with at most one file."""

    posted: Posted
    file: bytes | None = field(default=None, repr=False)


async def uploaded(request: Request) -> Uploaded:
    """Read it. Raises TooLargeError before the first byte where the browser says how much it is, else on the way."""
    most = LARGEST_FILE + ROUND_IT
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > most:
        raise TooLargeError(most=LARGEST_FILE // 1_000_000)

    async def bounded() -> AsyncGenerator[bytes, None]:
        length = 0
        async for chunk in request.stream():
            length += len(chunk)
            if length > most:
                raise TooLargeError(most=LARGEST_FILE // 1_000_000)
            yield chunk

    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "multipart/form-data":
        raise UnreadableError
    parser = MultiPartParser(request.headers, bounded(), max_files=1, max_fields=20, max_part_size=most)
    # Above this a file would be put on a disk.
    parser.spool_max_size = most
    try:
        form = await parser.parse()
    except MultiPartException:
        raise UnreadableError from None
    values = form.multi_items()
    fields = {name: Sensitive(value.translate(UNSEEN)) for name, value in values if isinstance(value, str)}
    file = next((value for _, value in values if isinstance(value, UploadFile)), None)
    raw = await file.read() if file is not None else b""
    await form.close()
    return Uploaded(Posted(fields), raw or None)
