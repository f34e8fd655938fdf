"""Behind the sign-in: the inbox, what was sent, what was taught. The key lives in the session and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.web import words
from bot.web.asking import ask, broken, incoming, not_from_here, status_of
from bot.web.body import Posted, posted
from bot.web.door import Door
from bot.web.forms import sorted_out
from bot.web.guard import from_here
from bot.web.papers import handed_out
from bot.web.sessions import SignedIn, same
from bot.web.signing import SigningPages
from bot.web.site import ADDRESSED, Site, View
from bot.wire import Answer, Show
from school.sensitive import Sensitive

# What each page asks the desk for.
LISTS: Mapping[str, str] = {
    "/inbox": "inbox.list",
    "/deliveries": "deliveries",
    "/coverage": "coverage",
    "/evidence": "evidence",
    "/guidance": "guidance",
    "/policy": "policy",
    "/programme": "programme",
    "/sites": "sites",
    "/finds": "found.list",
    "/ladder": "ladder",
    "/whatnow": "whatnow",
    "/who": "who",
    "/inset": "inset",
    "/roll": "roll.people",
    "/registers": "registers",
    "/devices": "devices",
    "/risks": "risks",
    "/policies": "policies",
    "/roles": "roles",
}


@dataclass
class InboxPages:
    """`/inbox`, and the other lists and cards of one school that are behind the sign-in."""

    door: Door
    signing: SigningPages

    @property
    def site(self) -> Site:
        """Whose pages these are."""
        return self.door.site

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            *(Route(path, self.show, methods=["GET"]) for path in LISTS),
            # A form posts to the path of its page, and the button says what it is.
            *(Route(path, self.act, methods=["POST"]) for path in (*LISTS, "/inbox/keys")),
        ]

    async def show(self, request: Request) -> Response:
        """The list, or the sign-in."""
        view, who = self.door.seen(request)
        if who is None:
            return self.signing.page(view)
        allowed = ADDRESSED.get(LISTS.get(view.path, ""), frozenset())
        wanted = {name: value for name, value in request.query_params.items() if name in allowed}
        return await self._listed(view, who, wanted)

    async def act(self, request: Request) -> Response:
        """A button of the list or of an open report."""
        view, who = self.door.seen(request)
        if not from_here(request, self.site.public_url):
            return not_from_here(view)
        came = await posted(request)
        if who is None:
            return self.signing.page(view, status=403, kept=_typed(came))
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

    async def _listed(
        self, view: View, who: SignedIn, wanted: Mapping[str, str] = MappingProxyType({}), *, toast: str = ""
    ) -> Response:
        answer = await self._ask(view, who, LISTS.get(view.path, LISTS["/inbox"]), wanted)
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


def _typed(came: Posted) -> Sensitive:
    """Long words on their way when a session ended: whoever wrote them sees them once more, and can take them along."""
    typed = [value for name, value in came.fields.items() if name.startswith("w-") and value]
    return Sensitive("\n\n".join(each.reveal() for each in typed))
