"""Signing in: a passphrase, then a code; enrolling, and coming back with a recovery key. All of it before the inbox."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.keydesk import KeyDesk, Sheet, Then
from bot.logs import log
from bot.paper import qr_svg
from bot.web import words
from bot.web.asking import failed, not_from_here
from bot.web.body import Posted, posted
from bot.web.door import Door, source_of
from bot.web.forms import Fault
from bot.web.guard import from_here
from bot.web.sessions import HalfIn, same
from bot.web.site import PAGES, View
from bot.wire import Value
from school.sensitive import SecretKey, Sensitive
from school.words import Refusal, Text

LEAST = 12
NOTHING = Sensitive("")


@dataclass(frozen=True)
class Turned:
    """Somebody was turned away: what is said to them, and the status."""

    said: str
    status: int
    seconds: int = 0


async def tried(
    view: View, door: Door, verb: str, work: Callable[[KeyDesk], Value], *, slow: bool = True, wait: int = 0
) -> Value | Turned:
    """Work at the desk for keys; why not, where it came to nothing. `wait`: the seconds that are left to wait first."""
    if wait:
        return Turned(view.t(words.WAIT, seconds=wait), 429, wait)
    try:
        if not slow:
            return await door.site.desk.keys(work)
        async with door.reception.slow:
            return await door.site.desk.keys(work)
    except Refusal as refused:
        return Turned(view.t(refused.text), 403)
    except Exception as error:  # noqa: BLE001 - the message of a fault may hold a passphrase
        failed(error, verb, correlation=view.correlation)
        return Turned(view.t(words.FAILED), 503)


def with_wait(response: Response, turned: Turned) -> Response:
    """For how long, where a browser or a program looks for it."""
    if turned.seconds:
        response.headers["Retry-After"] = str(turned.seconds)
    return response


def passphrase_faults(came: Posted) -> tuple[Fault, ...]:
    """Of a new passphrase, typed twice."""
    if len(came.words("passphrase")) < LEAST:
        return (Fault("passphrase", Text(words.TOO_SHORT.msgid, {"least": LEAST})),)
    if not same(came.words("passphrase").reveal(), came.words("again").reveal()):
        return (Fault("again", words.NOT_THE_SAME),)
    return ()


def sheet_page(view: View, sheet: Sheet, *, name: str, done: Text) -> Response:
    """The recovery key, once."""
    return view.page("sheet.html", title=words.SHEET, sheet=sheet, name=name, done=done, faults=(), said=None)


async def carried_over(view: View, door: Door, *, person: str, key: SecretKey) -> None:
    """What hangs on an older pair still: a fault of this must not keep anybody from signing in."""
    work = partial(_carry_over, school=door.site.school_id, person=person, key=key)
    try:
        left = await door.site.desk.keys(work)
    except Exception as error:  # noqa: BLE001 - the next sign-in goes on
        failed(error, "carry_over", correlation=view.correlation)
        return
    if left:
        log("keys.left_on_an_older_pair", level=logging.ERROR, school=door.site.school_id, count=left)


def _carry_over(desk: KeyDesk, *, school: str, person: str, key: SecretKey) -> int:
    return desk.carry_over(school=school, person=person, key=key)


@dataclass
class SigningPages:
    """`/inbox/sign-in`, `/inbox/code`, `/inbox/sign-out`, `/inbox/enrol` and `/inbox/recover` of one school."""

    door: Door

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        pages: Sequence[tuple[str, Callable[[Request], Awaitable[Response]], Callable[[Request], Awaitable[Response]]]]
        pages = (
            ("/inbox/sign-in", self.back, self.sign_in),
            ("/inbox/code", self.show_code, self.give_code),
            ("/inbox/sign-out", self.back, self.sign_out),
            ("/inbox/enrol", self.show_enrol, self.enrol),
            ("/inbox/recover", self.show_recover, self.recover),
        )
        return [
            *(Route(path, shown, methods=["GET"]) for path, shown, _ in pages),
            *(Route(path, done, methods=["POST"]) for path, _, done in pages),
        ]

    @property
    def _school(self) -> str:
        return self.door.site.school_id

    async def back(self, request: Request) -> Response:
        """An address that only takes forms leads back to the inbox."""
        return RedirectResponse(self.door.site.view(request).link("/inbox"), 303)

    async def sign_in(self, request: Request) -> Response:
        """A passphrase opens the key; the key a session, or the way to a code."""
        view, _ = self.door.seen(request)
        if not from_here(request, self.door.site.public_url):
            return not_from_here(view)
        came = await posted(request)
        person, passphrase = came.plain("person"), came.words("passphrase")
        faults = self._sign_in_faults(person, passphrase)
        if faults:
            return self.page(view, chosen=person, faults=faults, status=422, wanted=came.plain("wanted"))
        source = source_of(request)
        wait = self.door.reception.attempt(school=self._school, person=person, source=source)
        work = partial(_open, school=self._school, person=person, passphrase=passphrase)
        opened = await tried(view, self.door, "unlock", work, wait=wait)
        if isinstance(opened, Turned):
            page = self.page(view, chosen=person, said=opened.said, status=opened.status, wanted=came.plain("wanted"))
            return with_wait(page, opened)
        wanted = came.plain("wanted")
        if opened.then is Then.INBOX:
            return await self._in(request, view, person=person, key=opened.key, wanted=wanted)
        response = RedirectResponse(view.link("/inbox/code"), 303)
        return self.door.let_half_in(
            request, response, person=person, key=opened.key, secret=opened.secret, wanted=wanted
        )

    async def _in(self, request: Request, view: View, *, person: str, key: SecretKey, wanted: str) -> Response:
        """To the list that they asked for, else to the inbox: what a form sends is no address to be led to."""
        self.door.reception.right(school=self._school, person=person, source=source_of(request))
        await carried_over(view, self.door, person=person, key=key)
        place = view.link(wanted if wanted in PAGES.values() else "/inbox")
        return self.door.let_in(request, RedirectResponse(place, 303), person=person, key=key)

    async def show_code(self, request: Request) -> Response:
        """Where a code is asked for, or an authenticator set up first."""
        view, waiting = self.door.site.view(request), self.door.half_in(request)
        if waiting is None:
            return RedirectResponse(view.link("/inbox"), 303)
        return await self._code_page(view, waiting)

    async def give_code(self, request: Request) -> Response:
        """The code opens the inbox."""
        view, waiting = self.door.site.view(request), self.door.half_in(request)
        if not from_here(request, self.door.site.public_url):
            return not_from_here(view)
        came = await posted(request)
        if waiting is None:
            return self.page(replace(view, path="/inbox"), said=view.t(words.TOO_LATE), status=403)
        if not same(came.plain("csrf"), waiting.csrf):
            return not_from_here(view)
        code = came.words("code")
        if not code:
            return await self._code_page(view, waiting, faults=(Fault("code", words.APP_CODE_EMPTY),), status=422)
        source = source_of(request)
        wait = self.door.reception.attempt_code(school=self._school, person=waiting.person, source=source)
        work = partial(_check, school=self._school, waiting=waiting, code=code)
        turned = await tried(view, self.door, "code", work, slow=False, wait=wait)
        if turned is None:
            return await self._in(request, view, person=waiting.person, key=waiting.key, wanted=waiting.wanted)
        if turned.status == 403 and self.door.reception.half_way.wrong(request.cookies.get(self.door.code_cookie)):
            return self.page(replace(view, path="/inbox"), said=view.t(words.CODES_WRONG), status=403)
        return with_wait(await self._code_page(view, waiting, said=turned.said, status=turned.status), turned)

    async def _code_page(
        self, view: View, waiting: HalfIn, *, status: int = 200, faults: tuple[Fault, ...] = (), said: str = ""
    ) -> Response:
        view = replace(view, csrf=waiting.csrf)
        if not waiting.secret:
            return view.page("code.html", title=words.APP_CODE_TITLE, status=status, faults=faults, said=said)
        address = await self.door.site.desk.keys(
            lambda desk: desk.app_address(school=self._school, person=waiting.person, secret=waiting.secret)
        )
        letters = waiting.secret.reveal()
        return view.page(
            "set_up.html",
            title=words.SET_UP_TITLE,
            status=status,
            faults=faults,
            said=said,
            picture=Markup(qr_svg(address.reveal())),  # noqa: S704 - paths and numbers of our own making
            groups=" ".join(letters[start : start + 4] for start in range(0, len(letters), 4)),
        )

    async def sign_out(self, request: Request) -> Response:
        """The session is over and its key forgotten."""
        view, who = self.door.seen(request)
        came = await posted(request)
        if not from_here(request, self.door.site.public_url) or (who and not same(came.plain("csrf"), who.csrf)):
            return not_from_here(view)
        response = self.page(replace(view, person="", csrf="", path="/inbox"), toast=words.SIGNED_OUT)
        return self.door.turn_out(request, response)

    async def show_enrol(self, request: Request) -> Response:
        """The form for a one-time code."""
        return self._enrol_page(self.door.site.view(request))

    async def enrol(self, request: Request) -> Response:
        """A one-time code and a new passphrase."""
        view = self.door.site.view(request)
        if not from_here(request, self.door.site.public_url):
            return not_from_here(view)
        came = await posted(request)
        faults = () if came.words("code") else (Fault("code", words.CODE_EMPTY),)
        faults = (*faults, *passphrase_faults(came))
        if faults:
            return self._enrol_page(view, faults=faults, status=422)
        source = source_of(request)
        wait = self.door.reception.attempt(school=self._school, person="", source=source)
        code, passphrase = Sensitive(came.plain("code")), came.words("passphrase")
        sheet = await tried(
            view,
            self.door,
            "enrol",
            lambda desk: desk.enrol(school=self._school, code=code, passphrase=passphrase),
            wait=wait,
        )
        if isinstance(sheet, Turned):
            return with_wait(self._enrol_page(view, said=sheet.said, status=sheet.status), sheet)
        self.door.reception.right(school=self._school, person="", source=source)
        return self._sheet(view, sheet, done=words.ENROLLED)

    async def show_recover(self, request: Request) -> Response:
        """The form for a recovery key."""
        return self._recover_page(self.door.site.view(request))

    async def recover(self, request: Request) -> Response:
        """A recovery key and a new passphrase."""
        view = self.door.site.view(request)
        if not from_here(request, self.door.site.public_url):
            return not_from_here(view)
        came = await posted(request)
        person, typed = came.plain("person"), came.words("recovery")
        faults = (*self._who_faults(person), *(() if typed else (Fault("recovery", words.RECOVERY_EMPTY),)))
        faults = (*faults, *passphrase_faults(came))
        if faults:
            return self._recover_page(view, chosen=person, faults=faults, status=422)
        source = source_of(request)
        wait = self.door.reception.attempt(school=self._school, person=person, source=source)
        passphrase = came.words("passphrase")
        sheet = await tried(
            view,
            self.door,
            "recover",
            lambda desk: desk.recover(school=self._school, person=person, typed=typed, passphrase=passphrase),
            wait=wait,
        )
        if isinstance(sheet, Turned):
            page = self._recover_page(view, chosen=person, said=sheet.said, status=sheet.status)
            return with_wait(page, sheet)
        self.door.reception.right(school=self._school, person=person, source=source)
        self.door.reception.end_all(school=self._school, person=person)
        return self._sheet(view, sheet, done=words.RECOVERED)

    def _sheet(self, view: View, sheet: Sheet, *, done: Text) -> Response:
        name = next((each.name for each in self.door.people() if each.id == sheet.person), sheet.person)
        return sheet_page(view, sheet, name=name, done=done)

    def _who_faults(self, person: str) -> tuple[Fault, ...]:
        known = {each.id for each in self.door.people()}
        return () if person in known else (Fault("person", words.WHO_EMPTY),)

    def _sign_in_faults(self, person: str, passphrase: Sensitive) -> tuple[Fault, ...]:
        empty = () if passphrase else (Fault("passphrase", words.PASSPHRASE_EMPTY),)
        return (*self._who_faults(person), *empty)

    def page(
        self,
        view: View,
        *,
        status: int = 200,
        chosen: str = "",
        faults: tuple[Fault, ...] = (),
        said: str = "",
        toast: Text | None = None,
        kept: Sensitive = NOTHING,
        wanted: str = "",
    ) -> Response:
        """Who are you, and your passphrase. `kept` is what somebody was writing when their session ended.

        `wanted` is the page that they asked for before, where it is not this one.
        """
        return view.page(
            "sign_in.html",
            title=words.STAFF,
            status=status,
            people=self.door.people(),
            chosen=chosen,
            faults=faults,
            said=said,
            toast=toast,
            kept=kept,
            wanted=wanted or view.path,
        )

    def _enrol_page(self, view: View, *, status: int = 200, faults: tuple[Fault, ...] = (), said: str = "") -> Response:
        return view.page("enrol.html", title=words.ENROL, status=status, least=LEAST, faults=faults, said=said)

    def _recover_page(
        self, view: View, *, status: int = 200, chosen: str = "", faults: tuple[Fault, ...] = (), said: str = ""
    ) -> Response:
        return view.page(
            "recover.html",
            title=words.RECOVER,
            status=status,
            people=self.door.people(),
            chosen=chosen,
            faults=faults,
            said=said,
            least=LEAST,
        )


@dataclass(frozen=True)
class _Opened:
    """After the passphrase. `secret` is a fresh one for somebody who has no authenticator yet."""

    key: SecretKey
    then: Then
    secret: Sensitive


def _open(desk: KeyDesk, *, school: str, person: str, passphrase: Sensitive) -> _Opened:
    key = desk.unlock(school=school, person=person, passphrase=passphrase)
    then = desk.then(school=school, person=person)
    return _Opened(key, then, desk.fresh_secret() if then is Then.SET_UP else Sensitive(""))


def _check(desk: KeyDesk, *, school: str, waiting: HalfIn, code: Sensitive) -> None:
    if waiting.secret:
        desk.set_up(school=school, person=waiting.person, key=waiting.key, secret=waiting.secret, code=code)
    else:
        desk.give_code(school=school, person=waiting.person, key=waiting.key, code=code)
