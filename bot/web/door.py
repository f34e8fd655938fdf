"""The door of the staff pages: who is in, who is half-way in, and how many wrong tries are borne."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from bot.clock import Clock
from bot.limits import Bucket
from bot.web.flood import GrowingWaits, Sources
from bot.web.sessions import HALF_WAY, LONGEST, HalfIn, HalfWay, Sessions, SignedIn
from bot.web.site import Site, View
from school.people import Person
from school.sensitive import SecretKey, Sensitive
from staff import MINDERS

# A staff room behind one address, on the morning after the holidays.
FROM_ONE_SOURCE = 60
# Wrong codes of one person from everywhere together: whoever gets so far has their passphrase.
CODES_OF_ONE = 10


class Reception:
    """What all schools' sign-ins share: the sessions, and the wrong tries."""

    def __init__(self, clock: Clock) -> None:
        self.sessions = Sessions(clock)
        self.half_way = HalfWay(clock)
        self.sources = Sources()
        self._waits = GrowingWaits(clock)
        self._codes = GrowingWaits(clock, free=CODES_OF_ONE)
        self._of_one = Bucket(clock, FROM_ONE_SOURCE, timedelta(minutes=10))
        # Each try costs the machine memory on purpose; two at once are enough.
        self.slow = asyncio.Semaphore(2)

    def attempt(self, *, school: str, person: str, source: str) -> int:
        """Count a try; the seconds to wait first, 0 where it may be made.

        Only this person from this address waits longer and longer, so that nobody can lock a colleague out.
        """
        mark = self.sources.mark(source)
        left = self._waits.attempt(_key(school, person, mark))
        if left > timedelta(0):
            return _seconds(left)
        return 0 if self._of_one.take(mark) else 60

    def attempt_code(self, *, school: str, person: str, source: str) -> int:
        """As `attempt`, with the same waits, for a code: and whoever tries codes from many addresses waits too."""
        wait = self.attempt(school=school, person=person, source=source)
        left = timedelta(0) if wait else self._codes.attempt(_key(school, person, b""))
        return wait or (_seconds(left) if left > timedelta(0) else 0)

    def right(self, *, school: str, person: str, source: str) -> None:
        """It was them: the tries are forgotten."""
        self._waits.clear(_key(school, person, self.sources.mark(source)))
        self._codes.clear(_key(school, person, b""))

    def end_all(self, *, school: str, person: str) -> None:
        """Sign somebody out, wherever they are signed in."""
        self.sessions.end_all(school=school, person=person)
        self.half_way.end_all(school=school, person=person)


def _seconds(left: timedelta) -> int:
    return max(1, round(left.total_seconds()))


def _key(school: str, person: str, mark: bytes) -> bytes:
    return b"\0".join((school.encode(), person.encode(), mark))


def source_of(request: Request) -> str:
    """The address that a request came from."""
    return request.client.host if request.client else ""


@dataclass
class Door:
    """One school's. `signable` gives the people who may sign in."""

    site: Site
    reception: Reception
    signable: Callable[[str], Sequence[Person]]
    secure: bool = field(init=False)

    def __post_init__(self) -> None:
        self.secure = self.site.public_url.startswith("https://")

    def _named(self, name: str) -> str:
        # The prefix makes browsers insist on Secure, on path / and on this very host (RFC 6265bis, section 4.1.3).
        return f"__Host-{name}" if self.secure else name

    @property
    def cookie(self) -> str:
        """Of a session."""
        return self._named("lollipop")

    @property
    def code_cookie(self) -> str:
        """Of somebody who waits for a code."""
        return self._named("lollipop-code")

    def people(self) -> Sequence[Person]:
        """Who may sign in."""
        return self.signable(self.site.school_id)

    def seen(self, request: Request) -> tuple[View, SignedIn | None]:
        """How a request sees the site, and who it is from."""
        view = self.site.view(request)
        who = self.reception.sessions.find(request.cookies.get(self.cookie), school=self.site.school_id)
        named = self._name(who.person) if who else None
        # Whoever has lost the role since has lost the inbox.
        if who is None or not named:
            return view, None
        person = self.site.school.person(who.person) if self.site.school else None
        minds = person is not None and person.holds(*MINDERS)
        return replace(view, csrf=who.csrf, person=named, minds=minds), who

    def half_in(self, request: Request) -> HalfIn | None:
        """Who gave their passphrase, and no code yet."""
        cookie = request.cookies.get(self.code_cookie)
        waiting = self.reception.half_way.find(cookie, school=self.site.school_id)
        return waiting if waiting and self._name(waiting.person) else None

    def _name(self, person: str) -> str | None:
        return next((each.name for each in self.people() if each.id == person), None)

    def let_in(self, request: Request, response: Response, *, person: str, key: SecretKey) -> Response:
        """Start a session, in place of whatever this browser had."""
        self.reception.sessions.end(request.cookies.get(self.cookie))
        self._end_half_way(request, response)
        value = self.reception.sessions.start(school=self.site.school_id, person=person, key=key)
        self._set(response, self.cookie, value, lasts=LONGEST)
        return response

    def let_half_in(
        self, request: Request, response: Response, *, person: str, key: SecretKey, secret: Sensitive, wanted: str
    ) -> Response:
        """Wait for a code; nobody is signed in by this browser any more."""
        self.turn_out(request, response)
        here = self.site.school_id
        value = self.reception.half_way.start(school=here, person=person, key=key, secret=secret, wanted=wanted)
        self._set(response, self.code_cookie, value, lasts=HALF_WAY)
        return response

    def turn_out(self, request: Request, response: Response) -> Response:
        """End the session, and whatever waits."""
        self.reception.sessions.end(request.cookies.get(self.cookie))
        self._delete(response, self.cookie)
        self._end_half_way(request, response)
        return response

    def _end_half_way(self, request: Request, response: Response) -> None:
        waiting = request.cookies.get(self.code_cookie)
        if waiting:
            self.reception.half_way.end(waiting)
            self._delete(response, self.code_cookie)

    def _set(self, response: Response, name: str, value: str, *, lasts: timedelta) -> None:
        seconds = int(lasts.total_seconds())
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="strict"
        )

    def _delete(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self.secure, httponly=True, samesite="strict")
