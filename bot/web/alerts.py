"""`/inbox/alerts`: a file or an e-mail is brought, looked at, and kept when its reader says so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web import words
from bot.web.asking import ask, broken, incoming, not_from_here, refusal, status_of
from bot.web.body import posted
from bot.web.door import Door
from bot.web.forms import Fault, sorted_out
from bot.web.guard import from_here
from bot.web.sessions import SignedIn, same
from bot.web.signing import SigningPages
from bot.web.site import Site, View
from bot.web.tray import Tray
from bot.web.upload import LARGEST_FILE, TooLargeError, uploaded
from bot.wire import Answer
from safeguarding import Part, decoded
from school.sensitive import Sensitive
from school.words import Refusal

# What a form may say; where it stands in a long import is nobody's to say but the desk's.
FIELDS = frozenset({"source", "about", *(f"column-{part}" for part in Part)})
MOST_MB = LARGEST_FILE // 1_000_000
VERBS = frozenset({"alerts.look", "alerts.keep"})


@dataclass
class AlertPages:
    """The pages of one school."""

    door: Door
    signing: SigningPages
    tray: Tray

    @property
    def site(self) -> Site:
        """Whose pages these are."""
        return self.door.site

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            Route("/inbox/alerts", self.show, methods=["GET"]),
            Route("/inbox/alerts", self.act, methods=["POST"]),
            Route("/inbox/alerts/file", self.again, methods=["GET"]),
            Route("/inbox/alerts/file", self.bring, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The form for a file, for those who may bring one."""
        view, who = self.door.seen(request)
        return await self._form(view, who) if who else self.signing.page(view)

    async def again(self, request: Request) -> Response:
        """An address that only takes forms leads back to the form."""
        return RedirectResponse(self.site.view(request).link("/inbox/alerts"), 303)

    async def bring(self, request: Request) -> Response:
        """A file, or the text of an e-mail, laid down to be looked at."""
        view, who = self.door.seen(request)
        if not from_here(request, self.site.public_url):
            return not_from_here(view)
        cookie = request.cookies.get(self.door.cookie)
        if who is None or cookie is None:
            return self.signing.page(view, status=403)
        try:
            came = await uploaded(request)
        except TooLargeError as refused:
            response = await self._form(view, who, said=view.t(refused.text), status=413)
            response.headers["Connection"] = "close"  # the rest of it is never read
            return response
        if not same(came.posted.plain("csrf"), who.csrf):
            return not_from_here(view)
        letter, source = came.posted.words("letter"), came.posted.plain("source")
        if came.file is None and not letter:
            return await self._form(view, who, faults=(Fault("file", words.NOTHING_BROUGHT),), status=422)
        try:
            brought = Sensitive(await run_in_threadpool(decoded, came.file)) if came.file is not None else letter
        except Refusal as refused:
            return await self._form(view, who, said=view.t(refused.text), status=415)
        self.tray.lay(cookie, brought)
        kind = "letter" if came.file is None else "csv"
        return await self._step(view, who, "alerts.look", {"kind": kind, "source": source}, cookie=cookie)

    async def act(self, request: Request) -> Response:
        """A look by other columns, or the word that they are to be kept."""
        view, who = self.door.seen(request)
        if not from_here(request, self.site.public_url):
            return not_from_here(view)
        came = await posted(request)
        cookie = request.cookies.get(self.door.cookie)
        if who is None or cookie is None:
            return self.signing.page(view, status=403)
        if self.site.signer is None or not same(came.plain("csrf"), who.csrf):
            return not_from_here(view)
        verb, signed = self.site.signer.read_button(came.plain("go"), on=self.site.clock.now().date())
        if verb not in VERBS:
            return await self._form(view, who)
        typed = {name: value for name, value in sorted_out(came).args.items() if name in FIELDS}
        return await self._step(view, who, verb, {**typed, **signed}, cookie=cookie)

    async def _step(self, view: View, who: SignedIn, verb: str, args: Mapping[str, str], *, cookie: str) -> Response:
        brought = self.tray.look(cookie)
        if not brought:
            return await self._form(view, who, said=view.t(words.TRAY_EMPTY), status=410)
        answer = await self._desk(view, who, verb, args, brought)
        if answer is None:
            return broken(view)
        refused = refusal(answer)
        if refused is not None:
            self.tray.clear(cookie)
            return await self._form(view, who, said=view.renderer.inline(refused.inline), status=422)
        if answer.form is None:
            self.tray.clear(cookie)
        return _at_home(view).answer(answer, status=status_of(answer))

    async def _form(
        self, view: View, who: SignedIn, *, said: str = "", faults: tuple[Fault, ...] = (), status: int = 200
    ) -> Response:
        answer = await self._desk(view, who, "alerts", {}, Sensitive(""))
        if answer is None:
            return broken(view)
        if answer.refused:
            return view.answer(answer, status=403)
        title = answer.document.title if answer.document else words.BROKEN
        return _at_home(view).page(
            "alerts.html", title=title, status=status, answer=answer, said=said, faults=faults, most=MOST_MB
        )

    async def _desk(
        self, view: View, who: SignedIn, verb: str, args: Mapping[str, str], brought: Sensitive
    ) -> Answer | None:
        private = {"sheet": brought} if brought else None
        asked = incoming(view, verb, sender=who.person, key=who.key, args=args, private=private)
        return await ask(self.site.desk, asked)


def _at_home(view: View) -> View:
    """Forms go to the page itself, wherever the file was sent to."""
    return replace(view, path="/inbox/alerts")
