"""A school, a desk that answers from a script, and the app between them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette

from bot.addresses import Handout
from bot.clock import SetClock
from bot.desk import evidence
from bot.issues import Issue
from bot.keydesk import KeyDesk, Replaced, Sheet, Then
from bot.paper import Letter, NoPaperError
from bot.tokens import Signer
from bot.web import create_web
from bot.wire import SILENCE, Answer, Card, Choice, Form, FormField, Incoming, Kind, Look, Option, Show
from lessons import NoSuchLessonError
from pages import Told
from pages.document import (
    Bullets,
    Divider,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    Quote,
    Span,
    Tone,
    note,
    paragraph,
    says,
)
from school.calendar import Calendar
from school.evidence import Evidence
from school.people import LANGUAGES, Person, Reporting, Role, SchoolClass, YearGroup
from school.school import School
from school.sensitive import SecretKey, Sensitive
from school.words import Refusal, Text

TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
RECEIPT = "7KQ4-M2XW-9D3F-HB6T"
PASSPHRASE = "seven calm yellow umbrellas"
CODE = "HG7K-22PM"
KEY, NEW_KEY = b"k" * 32, b"n" * 32

AMINA = Person(id="amina", name="Amina Yusuf", roles=frozenset({Role.DSL}))
BEN = Person(id="ben", name="Ben Okafor", roles=frozenset({Role.HEAD}))

REPORT_FORM = Form(
    title=Text("Tell us about a worry"),
    submit=Text("Send it"),
    verb="report.send",
    args={"from": "web"},
    fields=(
        FormField(
            name="about",
            label=Text("Who is it about?"),
            kind=Kind.CHOICE,
            options=(
                Option(value="pupil", label=Text("A child or young person")),
                Option(value="adult", label=Text("A grown-up who works or helps at school")),
                Option(value="head", label=Text("The head teacher")),
                Option(value="not_sure", label=Text("I'm not sure")),
            ),
        ),
        FormField(
            name="words",
            label=Text("What happened?"),
            hint=Text("Tell us in your own words. You can write in any language."),
            kind=Kind.LONG_TEXT,
            private=True,
            missing=Text("There are no words yet. You can write anything."),
        ),
        FormField(
            name="name",
            label=Text("Your name, if you want to say"),
            kind=Kind.LONG_TEXT,
            private=True,
            optional=True,
            max_length=100,
        ),
        FormField(
            name="topic",
            label=Text("What sort of thing is it?"),
            kind=Kind.CHOICE,
            options=(
                Option(value="mean", label=Text("Someone is mean")),
                Option(value="other", label=Text("Something else")),
            ),
            hint=Text("Only if you want to."),
            optional=True,
            folded=True,
        ),
    ),
    more=Document("", (paragraph(Text("You will get a receipt.")),)),
)
REPORT_PAGE = Document(
    Text("Tell us about a worry"),
    (
        paragraph(Text("You don't have to give your name. A trained adult at school reads what you write.")),
        note(Text("We can't keep it secret if you or someone else may be unsafe.")),
    ),
)
THANKS = Document(
    Text("Thank you for telling us"),
    (
        paragraph(Text("You did the right thing. A trained adult will read this today.")),
        Note((Span(Text("Your receipt is ")), Span(RECEIPT, strong=True)), Tone.GOOD),
    ),
)


class WrongPassphraseError(Refusal):
    """Not it."""

    text = Text("That passphrase does not open your key.")


REFUSABLE = {"report.send", "report.status", "inbox.list", "inbox.read"}


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
APP_CODE, RECOVERY = "123456", "7KQ4-M2XW-9D3F-HB6T-0000"
WRONG_CODE = Text("That code isn't right.")


@dataclass
class ScriptedKeys:
    """A desk for keys: who is asked for what after the passphrase, and what was done."""

    asks: Then = Then.INBOX
    done: list[str] = field(default_factory=list)

    def unlock(self, *, school: str, person: str, passphrase: Sensitive) -> SecretKey:
        if passphrase.reveal() != PASSPHRASE:
            raise WrongPassphraseError
        return SecretKey(KEY)

    def then(self, *, school: str, person: str) -> Then:
        return self.asks

    def give_code(self, *, school: str, person: str, key: SecretKey, code: Sensitive) -> None:
        if code.reveal() != APP_CODE or key.reveal() != KEY:
            raise Refusal(WRONG_CODE)
        self.done.append("code")

    def fresh_secret(self) -> Sensitive:
        return Sensitive(SECRET)

    def app_address(self, *, school: str, person: str, secret: Sensitive) -> Sensitive:
        return Sensitive(f"otpauth://totp/{person}?secret={secret.reveal()}")

    def set_up(self, *, school: str, person: str, key: SecretKey, secret: Sensitive, code: Sensitive) -> None:
        if code.reveal() != APP_CODE or secret.reveal() != SECRET:
            raise Refusal(WRONG_CODE)
        self.done.append("set up")

    def enrol(self, *, school: str, code: Sensitive, passphrase: Sensitive) -> Sheet:
        if code.reveal() != CODE:
            raise WrongPassphraseError(Text("That code isn't in use."))
        return Sheet(person="amina", mark="RK-7KQ4-M2XW", letters=Sensitive(RECOVERY))

    def recover(self, *, school: str, person: str, typed: Sensitive, passphrase: Sensitive) -> Sheet:
        if typed.reveal() != RECOVERY:
            raise WrongPassphraseError(Text("That recovery key doesn't open anything."))
        self.done.append("recovered")
        return Sheet(person=person, mark="RK-9D3F-HB6T", letters=Sensitive(RECOVERY[::-1]))

    def print_sheet(self, *, school: str, person: str, passphrase: Sensitive) -> Sheet:
        self.unlock(school=school, person=person, passphrase=passphrase)
        return Sheet(person=person, mark="RK-9D3F-HB6T", letters=Sensitive(RECOVERY))

    def change_passphrase(self, *, school: str, person: str, old: Sensitive, new: Sensitive) -> None:
        self.unlock(school=school, person=person, passphrase=old)
        self.done.append("changed")

    def replace_key(self, *, school: str, person: str, passphrase: Sensitive) -> Replaced:
        self.unlock(school=school, person=person, passphrase=passphrase)
        return Replaced(
            key=SecretKey(NEW_KEY), sheet=self.print_sheet(school=school, person=person, passphrase=passphrase)
        )

    def carry_over(self, *, school: str, person: str, key: SecretKey) -> int:
        self.done.append(f"carried over by {'the new' if key.reveal() == NEW_KEY else 'the'} key")
        return 0


@dataclass
class ScriptedDesk:
    """Answers like the real one, keeps what was asked, and recognises a form that came before."""

    asked: list[Incoming] = field(default_factory=list)
    arrived: set[str] = field(default_factory=set)
    refuse: Refusal | None = None
    refuse_with_form: bool = False
    broken: bool = False
    down: bool = False
    slow: asyncio.Event | None = None
    key_desk: ScriptedKeys = field(default_factory=ScriptedKeys)
    child_words: str = "They said <b>mean</b> things\nand more"
    public_url: str = "http://testserver"

    async def ask(self, incoming: Incoming) -> Answer:
        self.asked.append(incoming)
        if self.down or (self.broken and incoming.verb != "report.form"):
            msg = f"database is locked while handling {[word.reveal() for word in incoming.words.values()]}"
            raise RuntimeError(msg)
        if incoming.verb == "report.send" and self.slow is not None:
            await self.slow.wait()
        if incoming.semantic_id is not None and incoming.semantic_id in self.arrived:
            return SILENCE
        if self.refuse is not None and incoming.verb in REFUSABLE:
            return Answer(document=Document(Text("Lollipop"), (note(self.refuse.text, Tone.URGENT),)), refused=True)
        if self.refuse_with_form and incoming.verb in REFUSABLE:
            above = Document(Text("Lollipop"), (note(Text("There is more to say."), Tone.URGENT),))
            return Answer(document=above, form=REPORT_FORM, refused=True)
        if incoming.semantic_id is not None:
            self.arrived.add(incoming.semantic_id)
        return self._answer(incoming)

    def _answer(self, incoming: Incoming) -> Answer:
        match incoming.verb:
            case "report.form":
                return Answer(document=REPORT_PAGE, form=REPORT_FORM, show=Show.FORM)
            case "report.send":
                again = Choice(label=Text("Ask about it later"), verb="report.status")
                return Answer(document=THANKS, choices=((again,),))
            case "report.status":
                opened = note(Text("Somebody has read it."), Tone.GOOD)
                return Answer(document=Document(Text("How it stands"), (opened,)))
            case "mail.door":
                return Answer(document=REPORT_PAGE)
            case "inbox.list":
                return Answer(document=INBOX, cards=(_card("LP-7KQ4-M2", "08:41"), _card("LP-9D3F-6Z", "08:40")))
            case "inbox.read":
                return Answer(document=self._opened(incoming.args["ref"]), choices=_acknowledge(incoming.args["ref"]))
            case "inbox.acknowledge":
                return Answer(
                    document=Document("", (note(Text("It is yours now. Thank you."), Tone.GOOD),)), show=Show.TOAST
                )
            case "inbox.keys":
                return Answer(document=Document(Text("Your key"), (Facts(((Text("Authenticator app"), "set up"),)),)))
            case "deliveries":
                counts = Facts(((Text("Planned"), "12"), (Text("Sent"), "340"), (Text("Failed"), "1")))
                return Answer(document=Document(Text("What was sent"), (counts,)))
            case "evidence":
                return evidence.shown(a_look(incoming, self.public_url))
            case _:
                return SILENCE

    def _opened(self, reference: str) -> Document:
        return Document(
            Text("Report {ref}", {"ref": reference}),
            (
                Facts(((Text("About"), Text("A child")), (Text("Received"), "24 November 2026, 09:00"))),
                Quote((says(self.child_words),)),
            ),
        )

    def answered(self, incoming: Incoming, *, sent: bool = True) -> None:
        raise NotImplementedError

    async def give_up(self, incoming: Incoming) -> bool:
        return False

    async def keys(self, work: Callable[[KeyDesk], Any]) -> Any:
        return work(self.key_desk)


INBOX = Document(Text("Reports for you"), (note(Text("Two reports have not been opened."), Tone.URGENT),))


def _card(reference: str, at: str) -> Card:
    came = Paragraph((Span(Text("Came in today at {at}. ", {"at": at})), Span(Text("New"), strong=True)))
    label = Text("Open {ref}", {"ref": reference})
    opens = Choice(label=label, verb="inbox.read", args={"ref": reference}, look=Look.PRIMARY)
    return Card(Document("", (Heading(says(reference), 2), came)), ((opens,),))


def _acknowledge(reference: str) -> tuple[tuple[Choice, ...], ...]:
    taken = Choice(label=Text("I have this one"), verb="inbox.acknowledge", args={"ref": reference}, look=Look.PRIMARY)
    return ((taken, Choice(label=Text("Back to the inbox"), verb="inbox.list")),)


def a_school(name: str = "Oakfield Primary School", school_id: str = "oakfield") -> School:
    return School(
        id=school_id,
        name=name,
        calendar=Calendar(zone=ZoneInfo("Europe/London"), half_terms=()),
        classes=(SchoolClass(id="oak", name="Oak", years=(YearGroup(4),)),),
        people=(AMINA, BEN),
        languages=(LANGUAGES["en"], LANGUAGES["pl"], LANGUAGES["ar"]),
        reporting=Reporting(out_of_hours_phone="01632 960 999"),
    )


class NoPolicies:
    """A school that has loaded no policy of its own."""

    def every(self):
        return ()

    def newest(self):
        return None


class ABook:
    """Evidence of four clauses: fresh, much of it, old, and of something that is wrong."""

    ACTS = (
        *(("C6", "lesson.taught", day, "lesson-y4-passwords with Oak") for day in range(1, 9)),
        ("C29", "check.done", 200, "server-room, summer 2026: done"),
        ("C42", "check.wrong", 3, "patches, 2026-11: something is wrong"),
        ("C40", "concern.received", 2, "A concern was received by web"),
    )

    def trails(self, *, limit: int, clause: str = "") -> dict[str, tuple[Evidence, ...]]:
        found: dict[str, tuple[Evidence, ...]] = {}
        for name, kind, days, what in self.ACTS:
            act = Evidence(clause=name, kind=kind, when=TUESDAY - timedelta(days=days), what=what, by="amina")
            if clause in {"", name} and len(found.get(name, ())) < limit:
                found[name] = (*found.get(name, ()), act)
        return found

    def by_kind(self) -> dict[str, dict[str, tuple[int, datetime]]]:
        acts = self.trails(limit=99)
        return {name: {each[0].kind: (len(each), each[0].when)} for name, each in acts.items()}


class Nothing:
    def of(self, _: object, **__: object) -> tuple[()]:
        return ()

    def waiting(self, **_: object) -> tuple[()]:
        return ()

    def own(self) -> tuple[()]:
        return ()


class NoShelf:
    def title(self, page_id: str) -> str:
        return page_id


def a_look(incoming: Incoming, public_url: str) -> Any:
    """What the desk's own page of the policy is drawn from."""
    return SimpleNamespace(
        incoming=incoming,
        unit=SimpleNamespace(evidence=ABook(), policies=NoPolicies(), duties=Nothing(), releases=Nothing()),
        house=SimpleNamespace(shelf=NoShelf()),
        school=a_school(),
        now=TUESDAY,
        today=TUESDAY.date(),
        address=lambda path: f"{public_url}{path}",
    )


def a_lesson() -> SimpleNamespace:
    parts = {
        "card": Document("Card", (paragraph("For the teacher"),)),
        "hook": Document(
            "Start here",
            (
                Paragraph(says("3 minutes", emphasis=True)),
                Quote((says("What makes a password strong?"),)),
                paragraph("Talk in pairs."),
            ),
        ),
        "teach": Document(
            "Three words are strong",
            (
                Bullets(
                    tuple(
                        (*says(step, strong=True), *says(" Expect: a good reason."))
                        for step in ("Pick three words", "Mix them up", "Tell nobody")
                    ),
                    ordered=True,
                ),
                note("A grown-up at home may know it."),
                Divider(),
            ),
        ),
        "exit-check": Document("Hands up", (paragraph("One question at a time."),)),
    }
    options = ("password1", "tiger-lamp-soup", "1234", "Oak2026")
    quiz = (SimpleNamespace(ask="Which is strongest?", options=options, answer=2, why="Odd words are hard to guess."),)
    whole = Document("Strong passwords", tuple(block for part in parts.values() for block in part.blocks))
    return SimpleNamespace(
        id="y4-passwords",
        document=whole,
        parts=parts,
        front=SimpleNamespace(
            kind="lesson",
            quiz=quiz,
            years=(4,),
            minutes=40,
            vocabulary={"password": "words that open my account"},
            board=("Strong", "Weak"),
        ),
    )


def a_newsletter() -> SimpleNamespace:
    story = Document(
        "Kind words online",
        (
            paragraph("This half-term we talk about kindness & care."),
            Paragraph((Span("Read more", href="https://www.thinkuknow.co.uk/"),)),
            Paragraph(
                (
                    Span("See the lesson", href="page:y4-passwords"),
                    Span(" or "),
                    Span("the note to come", href="page:news-later"),
                ),
            ),
        ),
    )
    return SimpleNamespace(
        id="news-kindness",
        document=story,
        parts={},
        front=SimpleNamespace(kind="newsletter", send_on=date(2026, 11, 20)),
    )


class OneShelf:
    """Holds one lesson and one newsletter."""

    def get(self, page_id: str, lang: str, /) -> SimpleNamespace:
        return {"y4-passwords": a_lesson, "news-kindness": a_newsletter}[page_id]()

    def told(self, page_id: str, lang: str, /) -> Told:
        page = self.get(page_id, lang)
        return Told(page.document.title, page.document)


@dataclass
class OneHandout:
    """Says what was asked for, and counts what was made; knows one lesson."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)
    screens: list[str] = field(default_factory=list)
    before: dict[tuple[str, str, str], bytes] = field(default_factory=dict)
    fails: bool = False

    def kept(self, handout: Handout, lesson_id: str, *, lang: str, school: School | None) -> bytes | None:
        if lesson_id != "y4-passwords":
            raise NoSuchLessonError
        return self.before.get((handout, lang, school.id if school else ""))

    def made(self, handout: Handout, lesson_id: str, *, lang: str, school: School | None, screen: str = "") -> bytes:
        if lesson_id != "y4-passwords":
            raise NoSuchLessonError
        key = (handout, lang, school.id if school else "")
        self.asked.append(key)
        self.screens.append(screen)
        if self.fails:
            raise NoPaperError
        return self.before.setdefault(key, f"{handout} in {lang}".encode())


ISSUES = (Issue(id="news-kindness", on=date(2026, 11, 20)),)


@dataclass
class OneLetter:
    """Keeps what was asked for, and prints it once."""

    asked: list[Letter] = field(default_factory=list)

    def kept(self, letter: Letter) -> bytes | None:
        return b"%PDF" if letter in self.asked else None

    def printed(self, letter: Letter) -> bytes:
        self.asked.append(letter)
        return b"%PDF"


def signer_of(school_id: str = "oakfield") -> Signer:
    return Signer(school_id, ((1, b"s" * 32),))


def an_app(
    desk: ScriptedDesk,
    clock: SetClock,
    *,
    public_url: str = "http://127.0.0.1:8000",
    schools: tuple[School, ...] = (),
    ready: bool = True,
    health: dict[str, dict[str, bool]] | None = None,
    handouts: Any = None,
    letters: Any = None,
) -> Starlette:
    taught = schools or (a_school(),)

    async def parts() -> dict[str, bool]:
        return {"database": ready, "telegram": True}

    async def metrics() -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
        return {"lollipop_deliveries": {(("state", "sent"),): 340.0}, "lollipop_updates_total": {(): 7.0}}

    return create_web(
        schools={school.id: school for school in taught},
        desk=desk,
        signers={school.id: signer_of(school.id) for school in taught},
        clock=clock,
        school_clock=clock,
        shelf=OneShelf(),
        handouts=handouts or OneHandout(),
        channel_routes=(),
        public_url=public_url,
        ready=parts,
        metrics=metrics,
        signable=lambda _: (AMINA, BEN),
        news=lambda _: ISSUES,
        letters=letters or OneLetter(),
        health=lambda: health or {},
    )
