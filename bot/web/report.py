"""The open form: a worry is told without an account, and asked about with a receipt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.receipt_forms import ADD, ASK
from bot.web import words
from bot.web.asking import ask, broken, incoming, not_from_here, refusal, status_of
from bot.web.body import Posted, posted
from bot.web.doorway import Doorway
from bot.web.forms import Fault, filled
from bot.web.guard import from_here
from bot.web.once import Came, Forms, known_as
from bot.web.site import Site, View
from bot.wire import Answer, Form, FormField, Incoming, Kind, Show
from pages.document import Document, Tone, note
from school.sensitive import Sensitive
from school.words import Refusal, Text

SEND = Text("Send it safely")


@dataclass(frozen=True)
class Shown:
    """How the form is shown again: with what was typed, and what is wrong."""

    faults: tuple[Fault, ...] = ()
    said: str = ""
    typed: Mapping[str, Sensitive] = field(default_factory=dict, repr=False)
    once: str = ""
    ticket: str = ""


@dataclass
class ReportPages:
    """`/report` and `/report/receipt` of one school."""

    site: Site
    doorway: Doorway
    _last: dict[tuple[str, str, str], Answer] = field(default_factory=dict)

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            Route("/report", self.show, methods=["GET"]),
            Route("/report", self.send, methods=["POST"]),
            Route("/report/receipt", self.show_receipt, methods=["GET"]),
            Route("/report/receipt", self.send_receipt, methods=["POST"]),
        ]

    @cached_property
    def forms(self) -> Forms:
        """The marks of this school's forms. The lobby of several schools has none of its own."""
        if self.site.signer is None:
            msg = "a form belongs to a school"
            raise LookupError(msg)
        return Forms(self.site.signer, self.site.clock)

    async def show(self, request: Request) -> Response:
        """The form."""
        view = self.site.view(request)
        return self._form(view, await self._asked(view), Shown(once=self.forms.fresh()))

    async def send(self, request: Request) -> Response:
        """A worry, or a tap on a button of an answer."""
        view = self.site.view(request)
        if not from_here(request, self.site.public_url):
            return not_from_here(view)
        came = await posted(request)
        if "go" in came.fields and not any(name.startswith(("w-", "f-")) for name in came.fields):
            return await self._tapped(request, view, came)
        age = self.forms.age(came.plain("once"))
        once = self.forms.fresh() if age is None else came.plain("once")
        # What was given before is good enough to read an answer by: nobody waits twice for a slow desk.
        asked = self._last.get(_kind_of(view)) or await self._asked(view)
        again = Shown(typed=came.fields, once=once)
        if asked.form is None:
            return self._form(view, _given_back(came), _with(again, said=view.t(words.NOT_TAKEN)), status=503)
        if not self.doorway.lets_in(_source(request), ticket=came.plain("ticket"), once=once):
            return self._wait(view, asked, again)
        if came.files:
            return self._form(view, asked, _with(again, said=view.t(words.NO_FILES)), status=415)
        form = filled(asked.form, came)
        if form.faults:
            # Asked for anew: what the form says of opening hours may be from last night.
            return self._form(view, await self._asked(view), _with(again, faults=form.faults), status=422)
        said = came.words("w-words")
        before = self.doorway.taken.came(once, said)
        if age is None or before is Came.OTHER_WORDS:
            # Nothing was kept, and nothing is lost: one more press sends it. A machine that posts blindly ends here.
            told = words.PRESS_ONCE_MORE if age is None else words.USED_BEFORE
            again = Shown(typed=came.fields, once=self.forms.fresh())
            return self._form(view, asked, _with(again, said=view.t(told)), status=409)
        sent = incoming(
            view,
            asked.form.verb,
            args={**asked.form.args, **form.args},
            private=form.words,
            semantic_id=known_as(once),
        )
        pressed_again = before is Came.THE_SAME
        school, source = view.site.school_id, _source(request)
        flood = not pressed_again and self.doorway.flood(school, source, form=once, age=age, words=said)
        if flood and not self.doorway.joins_line():
            return self._wait(view, asked, again)
        # From now on, so that other words that come by it meanwhile are not taken for a second press.
        self.doorway.taken.keep(once, said)

        async def take() -> Response:
            if not flood:
                return await self._take(view, asked, again, sent, known=pressed_again)
            async with self.doorway.turn():
                return await self._take(view, asked, again, replace(sent, flood=True), known=pressed_again)

        return await self.doorway.once.run(once, take, keep=not view.kiosk)

    async def show_receipt(self, request: Request) -> Response:
        """The form for a receipt."""
        view = self.site.view(request)
        return view.answer(Answer(form=ASK))

    async def send_receipt(self, request: Request) -> Response:
        """How a worry stands."""
        view = self.site.view(request)
        if not from_here(request, self.site.public_url):
            return not_from_here(view)
        came = await posted(request)
        adds = bool(came.words("w-words"))
        again = Answer(form=ADD if adds else ASK)
        once = came.plain("once") if self.forms.age(came.plain("once")) is not None else self.forms.fresh()
        form = filled(ASK, came)
        if form.faults:
            faults = tuple(Fault(fault.name, words.RECEIPT_EMPTY) for fault in form.faults)
            return view.answer(again, status=422, faults=faults, typed=came.fields, once=once)
        if not self.doorway.answers(_source(request)):
            said = view.t(words.BUSY, seconds=_seconds(self.doorway.patience.wait))
            return view.answer(again, status=429, typed=came.fields, said=said, once=once)
        if not adds:
            return await self._standing(view, came, again, incoming(view, ASK.verb, private=form.words))
        private = {**form.words, "words": came.words("w-words")}
        sent = incoming(view, ADD.verb, private=private, semantic_id=known_as(once))

        async def take() -> Response:
            return await self._standing(view, came, again, sent, once=once)

        # Whoever presses twice has added once, and reads the same page twice.
        return await self.doorway.once.run(once, take, keep=not view.kiosk)

    async def _standing(self, view: View, came: Posted, again: Answer, sent: Incoming, *, once: str = "") -> Response:
        """How a worry stands, for whoever just typed its receipt; what was not taken is given back as it was typed."""
        answer = await ask(self.site.desk, sent)
        if answer is None:
            return view.answer(again, status=503, typed=came.fields, said=view.t(words.FAILED), once=once)
        if answer.show is Show.SILENT:
            return view.page("wrong.html", title=words.ALREADY, body=words.DONE_ALREADY, again=True)
        refused = refusal(answer)
        if refused is not None:
            said = view.renderer.inline(refused.inline)
            return view.answer(again, status=422, typed=came.fields, said=said, once=once)
        # The receipt stands in the form again, for whoever just typed it and in this one answer alone.
        return view.answer(answer, typed={"w-receipt": came.words("w-receipt")}, once=self.forms.fresh())

    async def _take(self, view: View, asked: Answer, again: Shown, sent: Incoming, *, known: bool) -> Response:
        answer = await ask(self.site.desk, sent)
        if answer is None:
            self.doorway.taken.forget(again.once)
            return self._form(view, asked, _with(again, said=view.t(words.NOT_TAKEN)), status=503)
        if answer.show is Show.SILENT:
            return self._arrived_before(view, asked, again, known=known)
        refused = refusal(answer)
        if refused is not None:
            self.doorway.taken.forget(again.once)
            return self._form(view, asked, _with(again, said=view.renderer.inline(refused.inline)), status=422)
        return view.answer(answer, thanks=True)

    def _arrived_before(self, view: View, asked: Answer, again: Shown, *, known: bool) -> Response:
        """The form was used. Where another process took it, nobody here knows by which words: they are given back."""
        if known:
            return view.page("wrong.html", title=words.ALREADY, body=words.ALREADY_BODY, again=True)
        fresh = Shown(typed=again.typed, once=self.forms.fresh())
        return self._form(view, asked, _with(fresh, said=view.t(words.USED_BEFORE)), status=409)

    async def _tapped(self, request: Request, view: View, came: Posted) -> Response:
        if self.site.signer is None:
            return not_from_here(view)
        if not self.doorway.answers(_source(request)):
            wait = Text(words.BUSY.msgid, {"seconds": _seconds(self.doorway.patience.wait)})
            return view.page("wrong.html", title=words.PROBLEM, body=wait, status=429, again=True)
        verb, args = self.site.signer.read_button(came.plain("go"), on=self.site.clock.now().date())
        answer = await ask(self.site.desk, incoming(view, verb, args=args))
        if answer is None:
            return broken(view, again=True)
        if answer.show is Show.SILENT:
            return view.page("wrong.html", title=words.ALREADY, body=words.DONE_ALREADY, again=True)
        return view.answer(answer, status=status_of(answer))

    async def _asked(self, view: View) -> Answer:
        """The form as the desk gives it; where the desk is down, as it last gave it."""
        given = {"level": view.level, "year": view.poster[1]}
        asked = incoming(view, "report.form", args={name: value for name, value in given.items() if value})
        answer = await ask(self.site.desk, asked)
        if answer is not None and answer.form is not None:
            self._last[_kind_of(view)] = answer
        return answer or self._last.get(_kind_of(view)) or _closed()

    def _form(self, view: View, asked: Answer, shown: Shown, *, status: int = 200) -> Response:
        return view.answer(
            asked,
            status=status if asked.form else 503,
            faults=shown.faults,
            typed=shown.typed,
            said=shown.said,
            once=shown.once,
            ticket=shown.ticket,
            kiosk_form=view.kiosk,
        )

    def _wait(self, view: View, asked: Answer, again: Shown) -> Response:
        seconds = _seconds(self.doorway.patience.wait)
        shown = _with(again, said=view.t(words.BUSY, seconds=seconds), ticket=self.doorway.patience.ticket(again.once))
        response = self._form(view, asked, shown, status=429)
        response.headers["Retry-After"] = str(seconds)
        return response


def refused_page(view: View, refused: Refusal, *, status: int) -> Response:
    """A refusal before anything was asked of the desk."""
    return view.page("wrong.html", title=words.PROBLEM, body=refused.text, status=status, again=False)


def _with(shown: Shown, *, faults: tuple[Fault, ...] = (), said: str = "", ticket: str = "") -> Shown:
    return Shown(faults=faults, said=said, typed=shown.typed, once=shown.once, ticket=ticket)


def _kind_of(view: View) -> tuple[str, str, str]:
    """What the desk's form depends on: the language, the reading level, and the year of a poster."""
    return view.lang, view.level, view.poster[1]


def _closed() -> Answer:
    return Answer(document=Document(words.BROKEN, (note(words.BROKEN_BODY, Tone.URGENT),)))


def _given_back(came: Posted) -> Answer:
    """Somebody's own words in a form to be sent again, where the desk never said what its form is."""
    fields = tuple(
        FormField(name=name[2:], label=words.REPORT, kind=Kind.LONG_TEXT, private=True)
        for name in came.fields
        if name.startswith("w-")
    )
    return Answer(form=Form(title=words.BROKEN, submit=SEND, verb="report.send", fields=fields))


def _source(request: Request) -> str:
    return request.client.host if request.client else ""


def _seconds(wait: timedelta) -> int:
    return max(1, -(-int(wait.total_seconds() * 1000) // 1000))
