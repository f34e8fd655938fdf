"""Behind the sign-in: the safeguarding inbox and what was sent. The key lives in the session and nowhere else."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.clock import Clock
from bot.limits import Bucket
from bot.web import words
from bot.web.asking import ask, broken, failed, incoming, not_from_here, status_of
from bot.web.body import Posted, posted
from bot.web.flood import GrowingWaits, Sources
from bot.web.forms import Fault, sorted_out
from bot.web.guard import from_here
from bot.web.papers import handed_out
from bot.web.sessions import LONGEST, Sessions, SignedIn, same
from bot.web.site import Site, View
from bot.wire import Answer, Show
from school.people import Person
from school.sensitive import Sensitive
from school.words import Refusal, Text

LEAST = 12
# A staff room behind one address, on the morning after the holidays.
FROM_ONE_SOURCE = 60


class Reception:
    """What all schools' sign-ins share: the sessions, and the wrong tries."""

    def __init__(self, clock: Clock) -> None:
        self.sessions = Sessions(clock)
        self.sources = Sources()
        self._waits = GrowingWaits(clock)
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
            return max(1, round(left.total_seconds()))
        return 0 if self._of_one.take(mark) else 60

    def right(self, *, school: str, person: str, source: str) -> None:
        """It was them: the tries are forgotten."""
        self._waits.clear(_key(school, person, self.sources.mark(source)))


def _key(school: str, person: str, mark: bytes) -> bytes:
    return b"\0".join((school.encode(), person.encode(), mark))


@dataclass
class InboxPages:
    """`/inbox`, `/inbox/enrol` and `/deliveries` of one school."""

    site: Site
    reception: Reception
    signable: Callable[[str], Sequence[Person]]
    cookie: str = field(init=False)
    secure: bool = field(init=False)

    def __post_init__(self) -> None:
        self.secure = self.site.public_url.startswith("https://")
        # The prefix makes browsers insist on Secure, on path / and on this very host (RFC 6265bis, section 4.1.3).
        self.cookie = "__Host-lollipop" if self.secure else "lollipop"

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            Route("/inbox", self.show, methods=["GET"]),
            Route("/inbox", self.act, methods=["POST"]),
            Route("/inbox/sign-in", self.back, methods=["GET"]),
            Route("/inbox/sign-in", self.sign_in, methods=["POST"]),
            Route("/inbox/sign-out", self.back, methods=["GET"]),
            Route("/inbox/sign-out", self.sign_out, methods=["POST"]),
            Route("/inbox/enrol", self.show_enrol, methods=["GET"]),
            Route("/inbox/enrol", self.enrol, methods=["POST"]),
            Route("/deliveries", self.show, methods=["GET"]),
            Route("/deliveries", self.act, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The list, or the sign-in."""
        view, who = self._seen(request)
        return await self._listed(view, who) if who else self._sign_in_page(view)

    async def act(self, request: Request) -> Response:
        """A button of the list or of an open report."""
        view, who = self._seen(request)
        if not from_here(request, self.site.public_url):
            return not_from_here(view)
        came = await posted(request)
        if who is None:
            return self._sign_in_page(view, status=403)
        if self.site.signer is None or not same(came.plain("csrf"), who.csrf):
            return not_from_here(view)
        verb, args = self.site.signer.read_button(came.plain("go"), on=self.site.clock.now().date())
        answer = await self._ask(view, who, verb, args, came)
        if answer is None:
            return broken(view)
        if answer.paper is not None:
            return await handed_out(view, answer.paper)
        if answer.show in {Show.TOAST, Show.SILENT}:
            said = view.document(answer.document) if answer.document else view.t(words.DONE_ALREADY)
            return await self._listed(view, who, toast=said)
        # A form that is asked for anew because something in it can't be taken keeps what was typed.
        typed = came.fields if answer.refused and answer.form is not None else {}
        return view.answer(answer, status=status_of(answer), typed=typed)

    async def back(self, request: Request) -> Response:
        """An address that only takes forms leads back to the inbox."""
        return RedirectResponse(self.site.view(request).link("/inbox"), 303)

    async def sign_in(self, request: Request) -> Response:
        """A passphrase opens the key, and the key a session."""
        view, _ = self._seen(request)
        if not from_here(request, self.site.public_url):
            return not_from_here(view)
        came = await posted(request)
        person, passphrase = came.plain("person"), came.words("passphrase")
        faults = self._sign_in_faults(person, passphrase)
        if faults:
            return self._sign_in_page(view, chosen=person, faults=faults, status=422)
        source = request.client.host if request.client else ""
        wait = self.reception.attempt(school=self.site.school_id, person=person, source=source)
        if wait:
            response = self._sign_in_page(view, chosen=person, said=view.t(words.WAIT, seconds=wait), status=429)
            response.headers["Retry-After"] = str(wait)
            return response
        try:
            async with self.reception.slow:
                key = await self.site.desk.unlock(school=self.site.school_id, person=person, passphrase=passphrase)
        except Refusal as refused:
            return self._sign_in_page(view, chosen=person, said=view.t(refused.text), status=403)
        except Exception as error:  # noqa: BLE001 - the message of a fault may hold a passphrase
            failed(error, "unlock", correlation=view.correlation)
            return self._sign_in_page(view, chosen=person, said=view.t(words.FAILED), status=503)
        self.reception.right(school=self.site.school_id, person=person, source=source)
        self.reception.sessions.end(request.cookies.get(self.cookie))
        response = RedirectResponse(view.link("/inbox"), 303)
        response.set_cookie(
            self.cookie,
            self.reception.sessions.start(school=self.site.school_id, person=person, key=key),
            max_age=int(LONGEST.total_seconds()),
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="strict",
        )
        return response

    async def sign_out(self, request: Request) -> Response:
        """The session is over and its key forgotten."""
        view, who = self._seen(request)
        came = await posted(request)
        if not from_here(request, self.site.public_url) or (who and not same(came.plain("csrf"), who.csrf)):
            return not_from_here(view)
        self.reception.sessions.end(request.cookies.get(self.cookie))
        response = self._sign_in_page(replace(view, person="", csrf="", path="/inbox"), toast=words.SIGNED_OUT)
        response.delete_cookie(self.cookie, path="/", secure=self.secure, httponly=True, samesite="strict")
        return response

    async def show_enrol(self, request: Request) -> Response:
        """The form for a one-time code."""
        return self._enrol_page(self.site.view(request))

    async def enrol(self, request: Request) -> Response:
        """A one-time code and a new passphrase."""
        view = self.site.view(request)
        if not from_here(request, self.site.public_url):
            return not_from_here(view)
        came = await posted(request)
        faults = _enrol_faults(came)
        if faults:
            return self._enrol_page(view, faults=faults, status=422)
        source = request.client.host if request.client else ""
        wait = self.reception.attempt(school=self.site.school_id, person="", source=source)
        if wait:
            return self._enrol_page(view, said=view.t(words.WAIT, seconds=wait), status=429)
        code, passphrase = Sensitive(came.plain("code")), came.words("passphrase")
        try:
            async with self.reception.slow:
                person = await self.site.desk.enrol(school=self.site.school_id, code=code, passphrase=passphrase)
        except Refusal as refused:
            return self._enrol_page(view, said=view.t(refused.text), status=403)
        except Exception as error:  # noqa: BLE001 - the message of a fault may hold a passphrase
            failed(error, "enrol", correlation=view.correlation)
            return self._enrol_page(view, said=view.t(words.FAILED), status=503)
        self.reception.right(school=self.site.school_id, person="", source=source)
        return self._sign_in_page(replace(view, path="/inbox"), chosen=person, toast=words.ENROLLED)

    def _seen(self, request: Request) -> tuple[View, SignedIn | None]:
        view = self.site.view(request)
        who = self.reception.sessions.find(request.cookies.get(self.cookie), school=self.site.school_id)
        named = next((each.name for each in self._people() if who and each.id == who.person), None)
        # Whoever has lost the role since has lost the inbox.
        return (replace(view, csrf=who.csrf, person=named), who) if who and named else (view, None)

    def _people(self) -> Sequence[Person]:
        return self.signable(self.site.school_id)

    async def _listed(self, view: View, who: SignedIn, *, toast: str = "") -> Response:
        verb = "deliveries" if view.path == "/deliveries" else "inbox.list"
        answer = await self._ask(view, who, verb, {})
        return view.answer(answer, toast=toast, status=status_of(answer, refused=403)) if answer else broken(view)

    async def _ask(
        self,
        view: View,
        who: SignedIn,
        verb: str,
        args: Mapping[str, str],
        came: Posted | None = None,
    ) -> Answer | None:
        form = sorted_out(came) if came else None
        asked = incoming(
            view,
            verb,
            sender=who.person,
            key=who.key,
            args={**(form.args if form else {}), **args},
            private=form.words if form else None,
        )
        return await ask(self.site.desk, asked)

    def _sign_in_faults(self, person: str, passphrase: Sensitive) -> tuple[Fault, ...]:
        faults = []
        if person not in {each.id for each in self._people()}:
            faults.append(Fault("person", words.WHO_EMPTY))
        if not passphrase:
            faults.append(Fault("passphrase", words.PASSPHRASE_EMPTY))
        return tuple(faults)

    def _sign_in_page(
        self,
        view: View,
        *,
        status: int = 200,
        chosen: str = "",
        faults: tuple[Fault, ...] = (),
        said: str = "",
        toast: Text | None = None,
    ) -> Response:
        return view.page(
            "sign_in.html",
            title=words.STAFF,
            status=status,
            people=self._people(),
            chosen=chosen,
            faults=faults,
            said=said,
            toast=toast,
        )

    def _enrol_page(self, view: View, *, status: int = 200, faults: tuple[Fault, ...] = (), said: str = "") -> Response:
        return view.page("enrol.html", title=words.ENROL, status=status, least=LEAST, faults=faults, said=said)


def _enrol_faults(came: Posted) -> tuple[Fault, ...]:
    faults = []
    if not came.words("code"):
        faults.append(Fault("code", words.CODE_EMPTY))
    if len(came.words("passphrase")) < LEAST:
        faults.append(Fault("passphrase", Text(words.TOO_SHORT.msgid, {"least": LEAST})))
    elif not same(came.words("passphrase").reveal(), came.words("again").reveal()):
        faults.append(Fault("again", words.NOT_THE_SAME))
    return tuple(faults)
