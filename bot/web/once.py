"""One form, one arrival: the signed mark of a form, and what a double click or a repeated request gets back."""

import asyncio
import hashlib
import secrets
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto

from nacl.secret import SecretBox
from starlette.responses import HTMLResponse, Response

from bot.clock import Clock
from bot.limits import MANY
from bot.tokens import FORM, ForgedTokenError, Signer
from school.sensitive import Sensitive

# As long as a slow line may need to ask again; the page is sealed under the form's own mark until then.
KEPT = timedelta(minutes=2)
# A form that has been open for longer wants one more press, with the words still in it.
HOLDS = timedelta(hours=24)
_RANDOM_BYTES = 32
_CONTENT = struct.Struct(f">{_RANDOM_BYTES}sQ")  # 256 random bits, and milliseconds since 1970 by the machine's clock


@dataclass(frozen=True)
class Forms:
    """One school's forms: each is given a mark, signed with the school's own key, that is good for one report.

    Any process of the school's reads it, and after a restart too. It says when the form was opened and nothing of whom
    for: nothing of it stays in the browser once the page is gone.
    """

    signer: Signer = field(repr=False)
    clock: Clock

    def fresh(self) -> str:
        """A mark that nobody can guess."""
        now = self.clock.now()
        content = _CONTENT.pack(secrets.token_bytes(_RANDOM_BYTES), int(now.timestamp() * 1000))
        return self.signer.mint(FORM, content, on=now.date())

    def age(self, mark: str) -> timedelta | None:
        """How long ago the form was opened; None where the mark is none of ours, or from too long ago."""
        try:
            content, _ = self.signer.read(FORM, mark)
            _, opened = _CONTENT.unpack(content)
        except (ForgedTokenError, struct.error):
            return None
        age = timedelta(milliseconds=int(self.clock.now().timestamp() * 1000) - opened)
        # Two machines' clocks may differ a little: a form from the next minute is one that was opened just now.
        return max(age, timedelta(0)) if timedelta(minutes=-1) <= age <= HOLDS else None


def known_as(mark: str) -> str:
    """What a form is known by where it is kept: the mark itself would open the answer that it got."""
    return f"form:{hashlib.blake2b(mark.encode(), digest_size=32, person=b'form known as').hexdigest()}"


class Came(Enum):
    """What came by a form before."""

    NOTHING = auto()
    THE_SAME = auto()
    OTHER_WORDS = auto()


class Taken:
    """Which words came by which form: a second press is told from a second worry, so that neither is lost.

    Kept are keyed hashes, by the form's own mark, which is not kept; in this process alone and for so many forms.
    """

    def __init__(self) -> None:
        self._digests: dict[bytes, bytes] = {}

    def came(self, mark: str, words: Sensitive) -> Came:
        """Whether anything came by it, and whether it was this."""
        digest = self._digests.get(_name(mark))
        if digest is None:
            return Came.NOTHING
        return Came.THE_SAME if secrets.compare_digest(digest, _digest(mark, words)) else Came.OTHER_WORDS

    def forget(self, mark: str) -> None:
        """It was not taken after all: whatever comes by it next is the first."""
        self._digests.pop(_name(mark), None)

    def keep(self, mark: str, words: Sensitive) -> None:
        """It is being taken, or was. The oldest are forgotten."""
        while len(self._digests) >= MANY:
            self._digests.pop(next(iter(self._digests)))
        self._digests[_name(mark)] = _digest(mark, words)


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
        name = _name(mark)
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


def _name(mark: str) -> bytes:
    return hashlib.sha256(mark.encode()).digest()


def _digest(mark: str, words: Sensitive) -> bytes:
    key = hashlib.blake2b(mark.encode(), person=b"form words").digest()
    return hashlib.blake2b(words.reveal().encode("utf-8", "surrogatepass"), key=key, digest_size=32).digest()


async def _awaited(work: Callable[[], Awaitable[Response]]) -> Response:
    return await work()


def _box(mark: str) -> SecretBox:
    return SecretBox(hashlib.blake2b(mark.encode(), digest_size=SecretBox.KEY_SIZE, person=b"form answer").digest())
