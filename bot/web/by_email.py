"""Pages that join by e-mail, and those behind the links in letters. None has an address in its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.addresses import STOP, joining_path, letters_path, saying_yes_path
from bot.limits import Bucket
from bot.tokens import ForgedTokenError, OldTokenError
from bot.web import words
from bot.web.asking import ask, broken, incoming, not_from_here, refusal, status_of
from bot.web.body import posted
from bot.web.door import source_of
from bot.web.doorway import Doorway
from bot.web.guard import from_here
from bot.web.site import Site, View
from bot.wire import Answer
from parents import LONGEST_ADDRESS
from school.sensitive import Sensitive
from school.words import Text

# A parents' evening joins from behind one address; a machine that types other people's is slowed down.
OF_ONE_SOURCE, OF_A_SCHOOL = 30, 200
AN_HOUR = timedelta(hours=1)
# Besides what stands on a button, the token in the page's own path says whose it is.
TOKEN, CHOSEN = "t", "chosen"


@dataclass
class ByEmailPages:
    """`/join`, `/join/<class's link>`, `/join/yes/<token>`, `/letters/<token>` and `/letters/<token>/stop`."""

    site: Site
    doorway: Doorway

    def __post_init__(self) -> None:
        self._of_one = Bucket(self.site.clock, OF_ONE_SOURCE, AN_HOUR)
        self._of_all = Bucket(self.site.clock, OF_A_SCHOOL, AN_HOUR)

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            Route(joining_path(), self.show_door, methods=["GET"]),
            Route(joining_path(), self.send_letter, methods=["POST"]),
            Route(joining_path("{token}"), self.show_door, methods=["GET"]),
            Route(joining_path("{token}"), self.send_letter, methods=["POST"]),
            Route(saying_yes_path("{token}"), self.show_yes, methods=["GET"]),
            Route(saying_yes_path("{token}"), self.say_yes, methods=["POST"]),
            Route(letters_path("{token}"), self.show_letters, methods=["GET"]),
            Route(letters_path("{token}"), self.choose, methods=["POST"]),
            Route(letters_path("{token}") + STOP, self.show_stop, methods=["GET"]),
            Route(letters_path("{token}") + STOP, self.stop, methods=["POST"]),
        ]

    async def show_door(self, request: Request) -> Response:
        """Which language; then what one joins, and the form."""
        view = self.site.view(request)
        answer = await ask(self.site.desk, incoming(view, "mail.door", args=_args(request, view)))
        if answer is None:
            return broken(view)
        if answer.refused:
            return _shown(view, answer, status=status_of(answer, refused=403))
        return self._door(view, answer)

    def _door(self, view: View, answer: Answer, *, said: str = "", typed: str = "", status: int = 200) -> Response:
        document = answer.document
        return view.page(
            "join.html",
            title=document.title if document else words.JOIN,
            lang=document.lang if document else "",
            document=document,
            which=len(self.site.languages) > 1 and not view.chosen and not view.typed,
            longest=LONGEST_ADDRESS,
            faults=(),
            said=said,
            typed=typed,
            status=status,
        )

    async def send_letter(self, request: Request) -> Response:
        """An address came: one letter goes to it, and the page says the same whoever's it is."""
        view = self.site.view(request)
        if not from_here(request, self.site.public_url):
            return not_from_here(view)
        typed = (await posted(request)).words("address")
        if not (self._of_one.take(self.doorway.sources.mark(source_of(request))) and self._of_all.take()):
            return await self._again(request, view, said=view.t(words.JOIN_LATER), typed=typed, status=429)
        args = _args(request, view)
        answer = await ask(self.site.desk, incoming(view, "mail.ask", args=args, private={"address": typed}))
        if answer is None:
            return broken(view)
        if answer.refused:
            why = refusal(answer)
            said = "".join(view.renderer.words(span.text) for span in why.inline) if why else ""
            return await self._again(request, view, said=said, typed=typed, status=status_of(answer))
        return _shown(view, answer)

    async def _again(self, request: Request, view: View, *, said: str, typed: Sensitive, status: int) -> Response:
        """The form once more, with what was typed in it, and why."""
        door = await ask(self.site.desk, incoming(view, "mail.door", args=_args(request, view)))
        if door is None:
            return broken(view)
        if door.refused:
            return _shown(view, door, status=status)
        return self._door(view, door, said=said, typed=typed.reveal(), status=status)

    async def show_yes(self, request: Request) -> Response:
        """The page behind the link in the letter: one button."""
        return await self._answered(request, "mail.look")

    async def say_yes(self, request: Request) -> Response:
        """The tap that subscribes."""
        return await self._pressed(request, "mail.join")

    async def show_letters(self, request: Request) -> Response:
        """What a family hears of and what is kept."""
        return await self._answered(request, "letters")

    async def choose(self, request: Request) -> Response:
        """A tap on a button there."""
        view = self.site.view(request)
        if not from_here(request, self.site.public_url):
            return not_from_here(view)
        go = (await posted(request)).plain("go")
        try:
            verb, args = self._button(go)
        except (ForgedTokenError, OldTokenError) as error:
            return view.page("wrong.html", title=words.PROBLEM, body=error.text, status=403, again=False)
        if verb not in {"letters.do", "letters.stop"}:
            return not_from_here(view)
        return await self._answered(request, verb, args)

    def _button(self, go: str) -> tuple[str, Mapping[str, str]]:
        if self.site.signer is None:
            raise ForgedTokenError
        return self.site.signer.read_button(go, on=self.site.clock.now().date())

    async def show_stop(self, request: Request) -> Response:
        """One button. Whatever opens links by itself ends nothing here."""
        return await self._answered(request, "letters.leave")

    async def stop(self, request: Request) -> Response:
        """At once. A mail program posts this by itself, from elsewhere, for somebody who pressed its own button."""
        return await self._answered(request, "letters.stop")

    async def _pressed(self, request: Request, verb: str) -> Response:
        if not from_here(request, self.site.public_url):
            return not_from_here(self.site.view(request))
        return await self._answered(request, verb)

    async def _answered(self, request: Request, verb: str, args: Mapping[str, str] | None = None) -> Response:
        view = self.site.view(request)
        asked = incoming(view, verb, args={**(args or {}), **_args(request, view)})
        answer = await ask(self.site.desk, asked)
        if answer is None:
            return broken(view)
        return _shown(_in_their_language(view, answer), answer, status=status_of(answer, refused=403))


def _args(request: Request, view: View) -> dict[str, str]:
    token = request.path_params.get("token", "")
    return {**({TOKEN: token} if token else {}), **({CHOSEN: "1"} if view.chosen else {})}


def _in_their_language(view: View, answer: Answer) -> View:
    known = {language.code for language in view.site.languages}
    return view if view.chosen or answer.lang not in known else replace(view, lang=answer.lang)


def _shown(view: View, answer: Answer, *, status: int = 200) -> Response:
    title: str | Text = answer.document.title if answer.document else words.JOIN
    lang = answer.document.lang if answer.document else ""
    return view.page("letters.html", title=title, lang=lang, status=status, answer=answer)
