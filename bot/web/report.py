"""The open form: a worry is told without an account, and asked about with a receipt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.clock import Clock
from bot.receipt_forms import ADD, ASK
from bot.web import words
from bot.web.asking import ask, broken, incoming, not_from_here, refusal, status_of
from bot.web.body import Posted, posted
from bot.web.flood import Bucket, Patience, Sources
from bot.web.forms import Fault, filled
from bot.web.guard import from_here
from bot.web.once import Once, fresh, is_mark
from bot.web.site import Site, View
from bot.wire import Answer, Form, FormField, Incoming, Kind, Show
from pages.document import Document, Tone, note
from school.sensitive import Sensitive
from school.words import Refusal, Text

# A class of 40 behind one address goes through at once, with room for those who press twice.
FROM_ONE_SOURCE = 60
FROM_EVERYWHERE = 600
PATIENT = 300
TEN_MINUTES = timedelta(minutes=10)
SEND = Text("Send it safely")


class Doorway:
    """What all schools' open forms share: how many may come through, and what came already."""

    def __init__(self, clock: Clock) -> None:
        self.sources = Sources()
        self.once = Once(clock)
        self.patience = Patience(clock, wait=timedelta(seconds=15), good_for=timedelta(minutes=30))
        self._of_one = Bucket(clock, FROM_ONE_SOURCE, TEN_MINUTES)
        self._of_all = Bucket(clock, FROM_EVERYWHERE, TEN_MINUTES)
        self._patient = Bucket(clock, PATIENT, TEN_MINUTES)

    def lets_in(self, source: str, *, ticket: str, once: str) -> bool:
        """Whether a form may be handled now: there is room, or its sender has waited as asked."""
        if self._of_one.take(self.sources.mark(source)) and self._of_all.take():
            return True
        return self.patience.accepts(ticket, once) and self._patient.take()


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
    _last: dict[tuple[str, str], Answer] = field(default_factory=dict)

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            Route("/report", self.show, methods=["GET"]),
            Route("/report", self.send, methods=["POST"]),
            Route("/report/receipt", self.show_receipt, methods=["GET"]),
            Route("/report/receipt", self.send_receipt, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The form."""
        view = self.site.view(request)
        return self._form(view, await self._asked(view), Shown(once=fresh()))

    async def send(self, request: Request) -> Response:
        """A worry, or a tap on a button of an answer."""
        view = self.site.view(request)
        if not from_here(request, self.site.public_url):
            return not_from_here(view)
        came = await posted(request)
        if "go" in came.fields and not any(name.startswith(("w-", "f-")) for name in came.fields):
            return await self._tapped(request, view, came)
        once = came.plain("once") if is_mark(came.plain("once")) else fresh()
        # What was given before is good enough to read an answer by: nobody waits twice for a slow desk.
        asked = self._last.get(_words_of(view)) or await self._asked(view)
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
        sent = incoming(
            view,
            asked.form.verb,
            args={**asked.form.args, **form.args},
            private=form.words,
            semantic_id=f"form:{once}",
        )

        async def take() -> Response:
            return await self._take(view, asked, again, sent)

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
        once = came.plain("once") if is_mark(came.plain("once")) else fresh()
        form = filled(ASK, came)
        if form.faults:
            faults = tuple(Fault(fault.name, words.RECEIPT_EMPTY) for fault in form.faults)
            return view.answer(again, status=422, faults=faults, typed=came.fields, once=once)
        if not self.doorway.lets_in(_source(request), ticket="", once=once):
            said = view.t(words.BUSY, seconds=_seconds(self.doorway.patience.wait))
            return view.answer(again, status=429, typed=came.fields, said=said, once=once)
        if not adds:
            return await self._standing(view, came, again, incoming(view, ASK.verb, private=form.words))
        private = {**form.words, "words": came.words("w-words")}
        sent = incoming(view, ADD.verb, private=private, semantic_id=f"form:{once}")

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
        return view.answer(answer, typed={"w-receipt": came.words("w-receipt")}, once=fresh())

    async def _take(self, view: View, asked: Answer, again: Shown, sent: Incoming) -> Response:
        answer = await ask(self.site.desk, sent)
        if answer is None:
            return self._form(view, asked, _with(again, said=view.t(words.NOT_TAKEN)), status=503)
        if answer.show is Show.SILENT:
            return view.page("wrong.html", title=words.ALREADY, body=words.ALREADY_BODY, again=True)
        refused = refusal(answer)
        if refused is not None:
            return self._form(view, asked, _with(again, said=view.renderer.inline(refused.inline)), status=422)
        return view.answer(answer, thanks=True)

    async def _tapped(self, request: Request, view: View, came: Posted) -> Response:
        if self.site.signer is None:
            return not_from_here(view)
        if not self.doorway.lets_in(_source(request), ticket="", once=""):
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
        level = {"level": view.level} if view.level else {}
        answer = await ask(self.site.desk, incoming(view, "report.form", args=level))
        if answer is not None and answer.form is not None:
            self._last[_words_of(view)] = answer
        return answer or self._last.get(_words_of(view)) or _closed()

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


def _words_of(view: View) -> tuple[str, str]:
    """In whose words a form is: a language and a reading level."""
    return view.lang, view.level


def _source(request: Request) -> str:
    return request.client.host if request.client else ""


def _seconds(wait: timedelta) -> int:
    return max(1, -(-int(wait.total_seconds() * 1000) // 1000))
