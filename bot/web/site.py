"""One school's pages: how they are addressed, in which language, and how a template becomes a response."""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.clock import Clock
from bot.languages import PSEUDO, is_right_to_left, translator
from bot.tokens import Signer
from bot.web import words
from bot.web.forms import html_name, wrote
from bot.web.render import Renderer
from bot.wire import Answer, Choice, Form, FrontDesk, Look
from pages.document import Document
from safeguarding import Audience, Level, help_lines
from school.people import LANGUAGES, Language, YearGroup
from school.school import School
from school.sensitive import Sensitive
from school.words import Text

HERE = Path(__file__).parent
STATIC = HERE / "static"
# Verbs with a page of their own; a choice that leads to one is a link.
PAGES = {
    "report.form": "/report",
    "report.start": "/report",
    "report.status": "/report/receipt",
    "inbox.list": "/inbox",
    "alerts": "/inbox/alerts",
    "deliveries": "/deliveries",
    "coverage": "/coverage",
    "evidence": "/evidence",
    "guidance": "/guidance",
    "policy": "/policy",
    "programme": "/programme",
    "sites": "/sites",
    "found.list": "/finds",
    "ladder": "/ladder",
    "whatnow": "/whatnow",
    "who": "/who",
    "inset": "/inset",
    "roll.people": "/roll",
    "registers": "/registers",
    "devices": "/devices",
    "risks": "/risks",
    "policies": "/policies",
    "roles": "/roles",
}
# What a page may be asked for in its address, by the verb: nothing that says anything of anybody.
ADDRESSED: Mapping[str, frozenset[str]] = {"evidence": frozenset({"c"}), "roll.people": frozenset({"r"})}
# A name, so that a page may be left for it at once; neutral, so that nobody asks why.
ELSEWHERE = "https://www.bbc.co.uk/weather"
# What the form in a page shows where nobody said otherwise.
BLANK_FORM: Mapping[str, object] = {"faults": (), "typed": {}, "once": "", "ticket": "", "said": None}


@dataclass(frozen=True)
class Site:
    """A school on the web. `base` is empty or `/s/<school>`; without a school, it is the lobby of several.

    `page` gives the path of `page:<id>` below the base, or None where it has no page.
    """

    school: School | None
    base: str
    public_url: str
    signer: Signer | None
    desk: FrontDesk
    clock: Clock
    page: Callable[[str], str | None] = lambda _: None

    @property
    def name(self) -> str:
        """What stands in the header."""
        return self.school.name if self.school else "Lollipop"

    @property
    def school_id(self) -> str:
        """The id in every Incoming."""
        return self.school.id if self.school else ""

    @property
    def languages(self) -> Sequence[Language]:
        """What the chooser offers."""
        return self.school.languages if self.school and self.school.languages else (LANGUAGES["en"],)

    def view(self, request: Request) -> "View":
        """How this request sees the site."""
        known = {language.code for language in self.languages} | {PSEUDO}
        asked = request.query_params.get("lang", "")
        chosen = asked in known
        lang = asked if chosen else _preferred(request.headers.get("accept-language", ""), self.languages)
        return View(
            site=self,
            lang=lang,
            chosen=chosen,
            kiosk=request.query_params.get("kiosk") == "1",
            level=_level(request.query_params.get("level", "")),
            poster=self._poster(request.query_params.get("code", "")),
            path=request.url.path.removeprefix(self.base) or "/",
            typed=request.method == "POST",
            correlation=correlation_of(request),
        )

    def _poster(self, code: str) -> tuple[str, str]:
        year = self.signer.poster_year(code) if self.signer else None
        return ("", "") if year is None else (code, YearGroup(year).code)

    def token(self, verb: str, args: Mapping[str, str]) -> str:
        """A signed token for a button or a form."""
        return self.signer.button(verb, args, on=self.clock.now().date()) if self.signer else ""


@dataclass(frozen=True)
class View:
    """A site as one request sees it. `typed` says that leaving the page would lose what was posted.

    `person` is who is signed in, by name; `minds`, that they see to it that staff sign and learn.
    `correlation` is the request's, in whatever it asks of the desk and in every line of the log about it. `poster` is
    the code of a year group's poster and that year, both empty where there was none that is ours.
    """

    site: Site
    lang: str
    chosen: bool = False
    kiosk: bool = False
    level: str = ""
    poster: tuple[str, str] = ("", "")
    path: str = "/"
    typed: bool = False
    csrf: str = ""
    person: str = ""
    minds: bool = False
    correlation: str = ""

    @cached_property
    def renderer(self) -> Renderer:
        """Renders documents in this view's language."""
        return Renderer(translator(self.lang), self.lang, self.site.public_url, self._page, self._own)

    def _page(self, page_id: str) -> str | None:
        path = self.site.page(page_id)
        return self.link(path) if path else None

    def _own(self, address: str) -> str:
        """The same page with the language, the level and the kiosk of this one."""
        path = address.removeprefix(self.site.public_url.rstrip("/"))
        within = path.startswith(f"{self.site.base}/") and not {"?", "#"} & set(path)
        return self.link(path.removeprefix(self.site.base)) if within else address

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return "rtl" if is_right_to_left(self.lang) else "ltr"

    def t(self, said: str | Text, **values: str | int | Text) -> str:
        """A Text in this language, with values."""
        if isinstance(said, Text) and values:
            said = Text(said.msgid, values, said.plural)
        return self.renderer.words(said)

    def link(
        self,
        path: str,
        lang: str | None = None,
        level: str | None = None,
        asked: Mapping[str, str] | None = None,
    ) -> str:
        """The address of a page of this school's, keeping language, reading level and kiosk; `asked` is its own."""
        query = dict(asked or {})
        if lang or self.chosen:
            query["lang"] = lang or self.lang
        if level or self.level:
            query["level"] = level or self.level
        if self.kiosk:
            query["kiosk"] = "1"
        if self.poster[0]:
            query["code"] = self.poster[0]
        return f"{self.site.base}{path}" + (f"?{urlencode(query)}" if query else "")

    def choice_link(self, choice: Choice) -> str | None:
        """Where a choice leads without a form, if it does."""
        if choice.href is not None:
            return self.renderer.href(choice.href)
        if choice.look is Look.QUIET and choice.verb in PAGES and choice.verb not in ADDRESSED:
            return self.link(PAGES[choice.verb], level=choice.args.get("level"))
        if choice.verb in PAGES and choice.args.keys() <= ADDRESSED.get(choice.verb, frozenset()):
            return self.link(PAGES[choice.verb], asked=choice.args)
        return None

    def token(self, asked: Choice | Form) -> str:
        """What a button or a form posts as `go`."""
        return self.site.token(asked.verb, asked.args)

    @property
    def help_lines(self) -> Document:
        """Whom somebody who reads the open pages may call."""
        return help_lines(Audience.PUPIL, school=self.site.school)

    def document(self, document: Document, under: int = 1) -> Markup:
        """The blocks of a document, under a heading of some level."""
        return self.renderer.body(document, under)

    def marks(self, said: str | Text, lang: str) -> Markup:
        """The attributes of an element that holds one string of a document in some language."""
        return self.renderer.marks(self.lang if isinstance(said, Text) else lang)

    def page(
        self, template: str, *, title: str | Text, lang: str = "", status: int = 200, **values: object
    ) -> Response:
        """A template as a response. `lang` is the title's, where that is not the view's."""
        faults = values.get("faults") or ()
        heading = self.t(title)
        html = TEMPLATES.get_template(template).render(
            view=self,
            t=self.t,
            words=words,
            heading=heading,
            heading_marks=self.marks(title, lang or self.lang),
            tab=self.t(words.ERROR_TITLE, title=heading) if faults else heading,
            elsewhere=ELSEWHERE,
            asset=_asset,
            html_name=html_name,
            **values,
        )
        return HTMLResponse(html, status)

    def answer(
        self,
        answer: Answer,
        *,
        status: int = 200,
        template: str = "answer.html",
        typed: Mapping[str, Sensitive] | None = None,
        **values: object,
    ) -> Response:
        """An answer of the desk as a page; its form posts back to this page's own path, with what was `typed` in it."""
        document = answer.document or (answer.form.intro if answer.form else None)
        title: str | Text = document.title if document else (answer.form.title if answer.form else words.DONE_ALREADY)
        lang = document.lang if document else ""
        kept = answer.form is not None and wrote(answer.form, typed or {})
        given = {**BLANK_FORM, **values, "answer": answer, "typed": typed or {}, "kept": kept}
        return self.page(template, title=title, lang=lang, status=status, **given)


def _level(asked: str) -> str:
    """A reading level from an address; nothing for anything else, which is shown as usual."""
    return asked if asked in set(Level) else ""


def _preferred(header: str, languages: Sequence[Language]) -> str:
    """The first of the browser's languages that the school writes in, by the order they are listed in."""
    codes = {language.code for language in languages}
    for part in header.split(","):
        code = part.split(";")[0].strip().split("-")[0].lower()
        if code in codes:
            return code
    return languages[0].code


def correlation_of(request: Request) -> str:
    """The request's own id, given when it is first asked for. It says nothing of who asks."""
    known = getattr(request.state, "correlation", "")
    if not known:
        known = request.state.correlation = secrets.token_hex(8)
    return str(known)


def _asset(name: str) -> str:
    return f"/static/{name}?v={_VERSIONS[name]}"


_VERSIONS = {
    file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:12] for file in sorted(STATIC.iterdir()) if file.is_file()
}
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
