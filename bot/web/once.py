"""One form, one arrival: what a double click or a repeated request gets back."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from nacl.secret import SecretBox
from starlette.responses import HTMLResponse, Response

from bot.clock import Clock

# As long as a slow line may need to ask again; the page is sealed under the form's own mark until then.
KEPT = timedelta(minutes=2)
_MARK = re.compile(r"[A-Za-z0-9_-]{32,64}")


def fresh() -> str:
    """A form's mark: random, 256 bits."""
    return secrets.token_urlsafe(32)


def is_mark(given: str) -> bool:
    """Whether this looks like one of our marks."""
    return bool(_MARK.fullmatch(given))


class Once:
    """Runs a form's work once at a time, and for two minutes shows its answer again to whoever holds the form.

    Without this, the second click of a double click would show a page without the receipt.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._running: dict[bytes, asyncio.Task[Response]] = {}
        self._sealed: dict[bytes, tuple[bytes, datetime]] = {}

    async def run(self, mark: str, work: Callable[[], Awaitable[Response]], *, keep: bool = True) -> Response:
        """Do the work, or wait for it, or show again what came of it. Only a page of status 200 is kept."""
        now = self._clock.now()
        self._sealed = {name: kept for name, kept in self._sealed.items() if now - kept[1] < KEPT}
        name = hashlib.sha256(mark.encode()).digest()
        if name in self._sealed:
            return HTMLResponse(_box(mark).decrypt(self._sealed[name][0]))
        task = self._running.get(name)
        if task is None:
            task = asyncio.ensure_future(_awaited(work))
            self._running[name] = task
            task.add_done_callback(lambda _: self._running.pop(name, None))
        # A browser that goes away must not undo half of it for the one that waits as well.
        response = await asyncio.shield(task)
        if keep and response.status_code == 200:
            self._sealed[name] = (bytes(_box(mark).encrypt(bytes(response.body))), now)
        return HTMLResponse(bytes(response.body), response.status_code)


async def _awaited(work: Callable[[], Awaitable[Response]]) -> Response:
    return await work()


def _box(mark: str) -> SecretBox:
    return SecretBox(hashlib.blake2b(mark.encode(), digest_size=SecretBox.KEY_SIZE, person=b"form answer").digest())
