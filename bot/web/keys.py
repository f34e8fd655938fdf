"""A reader's own key, behind the sign-in: another passphrase, another recovery sheet, another key."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web import words
from bot.web.asking import ask, broken, incoming, not_from_here, status_of
from bot.web.body import Posted, posted
from bot.web.door import Door, source_of
from bot.web.forms import Fault
from bot.web.guard import from_here
from bot.web.sessions import SignedIn, same
from bot.web.signing import (
    LEAST,
    SigningPages,
    Turned,
    carried_over,
    passphrase_faults,
    sheet_page,
    tried,
    with_wait,
)
from bot.web.site import View
from school.words import Text


@dataclass(frozen=True, kw_only=True)
class Step:
    """A form that asks for the passphrase once more; `new` asks for another one as well."""

    title: Text
    lead: Text
    submit: Text
    new: bool = False


STEPS: Mapping[str, Step] = {
    "/inbox/keys/passphrase": Step(title=words.CHANGE, lead=words.CHANGE_LEAD, submit=words.CHANGE_SUBMIT, new=True),
    "/inbox/keys/sheet": Step(title=words.PRINT, lead=words.PRINT_LEAD, submit=words.PRINT_SUBMIT),
    "/inbox/keys/new": Step(title=words.REPLACE, lead=words.REPLACE_LEAD, submit=words.REPLACE_SUBMIT),
}


@dataclass
class KeyPages:
    """`/inbox/keys` and what lies below it, of one school."""

    door: Door
    signing: SigningPages

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        doings: Mapping[str, Callable[..., Awaitable[Response]]] = {
            "/inbox/keys/passphrase": self._change,
            "/inbox/keys/sheet": self._print,
            "/inbox/keys/new": self._replace,
        }
        return [
            Route("/inbox/keys", self.show, methods=["GET"]),
            *(Route(path, partial(self.form, path), methods=["GET"]) for path in STEPS),
            *(Route(path, partial(self.act, path, doing), methods=["POST"]) for path, doing in doings.items()),
        ]

    @property
    def _school(self) -> str:
        return self.door.site.school_id

    async def show(self, request: Request) -> Response:
        """How one's key stands, and what was done with everybody's."""
        view, who = self.door.seen(request)
        return await self._keys(view, who) if who else self.signing.page(view)

    async def _keys(self, view: View, who: SignedIn, *, toast: str = "") -> Response:
        answer = await ask(self.door.site.desk, incoming(view, "inbox.keys", sender=who.person, key=who.key))
        if answer is None:
            return broken(view)
        steps = [(path, step.title) for path, step in STEPS.items()]
        return view.answer(
            answer, template="keys.html", toast=toast, steps=steps, status=status_of(answer, refused=403)
        )

    async def form(self, path: str, request: Request) -> Response:
        """A step's form."""
        view, who = self.door.seen(request)
        return _page(view, path) if who else RedirectResponse(view.link("/inbox"), 303)

    async def act(self, path: str, doing: Callable[..., Awaitable[Response]], request: Request) -> Response:
        """A step: the passphrase once more, and then what was asked for."""
        view, who = self.door.seen(request)
        if not from_here(request, self.door.site.public_url):
            return not_from_here(view)
        came = await posted(request)
        if who is None:
            return self.signing.page(view, status=403)
        if not same(came.plain("csrf"), who.csrf):
            return not_from_here(view)
        faults = () if came.words("now") else (Fault("now", words.PASSPHRASE_EMPTY),)
        faults = (*faults, *(passphrase_faults(came) if STEPS[path].new else ()))
        if faults:
            return _page(view, path, faults=faults, status=422)
        source = source_of(request)
        wait = self.door.reception.attempt(school=self._school, person=who.person, source=source)
        return await doing(request, view, who, came, wait)

    def _done(self, request: Request, who: SignedIn) -> None:
        self.door.reception.right(school=self._school, person=who.person, source=source_of(request))

    async def _change(self, request: Request, view: View, who: SignedIn, came: Posted, wait: int) -> Response:
        old, new = came.words("now"), came.words("passphrase")
        turned = await tried(
            view,
            self.door,
            "passphrase",
            lambda desk: desk.change_passphrase(school=self._school, person=who.person, old=old, new=new),
            wait=wait,
        )
        if isinstance(turned, Turned):
            return _turned(view, "/inbox/keys/passphrase", turned)
        self._done(request, who)
        self.door.reception.end_all(school=self._school, person=who.person)
        response = RedirectResponse(view.link("/inbox/keys"), 303)
        return self.door.let_in(request, response, person=who.person, key=who.key)

    async def _print(self, request: Request, view: View, who: SignedIn, came: Posted, wait: int) -> Response:
        passphrase = came.words("now")
        sheet = await tried(
            view,
            self.door,
            "sheet",
            lambda desk: desk.print_sheet(school=self._school, person=who.person, passphrase=passphrase),
            wait=wait,
        )
        if isinstance(sheet, Turned):
            return _turned(view, "/inbox/keys/sheet", sheet)
        self._done(request, who)
        return sheet_page(view, sheet, name=view.person, done=words.PRINTED)

    async def _replace(self, request: Request, view: View, who: SignedIn, came: Posted, wait: int) -> Response:
        passphrase = came.words("now")
        replaced = await tried(
            view,
            self.door,
            "new_key",
            lambda desk: desk.replace_key(school=self._school, person=who.person, passphrase=passphrase),
            wait=wait,
        )
        if isinstance(replaced, Turned):
            return _turned(view, "/inbox/keys/new", replaced)
        self._done(request, who)
        self.door.reception.end_all(school=self._school, person=who.person)
        await carried_over(view, self.door, person=who.person, key=replaced.key)
        page = sheet_page(view, replaced.sheet, name=view.person, done=words.REPLACED)
        return self.door.let_in(request, page, person=who.person, key=replaced.key)


def _turned(view: View, path: str, turned: Turned) -> Response:
    return with_wait(_page(view, path, said=turned.said, status=turned.status), turned)


def _page(view: View, path: str, *, status: int = 200, faults: tuple[Fault, ...] = (), said: str = "") -> Response:
    step = STEPS[path]
    return view.page(
        "key_step.html", title=step.title, status=status, step=step, path=path, least=LEAST, faults=faults, said=said
    )
