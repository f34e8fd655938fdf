"""A page as a piece of HTML and as plain text, for somebody to copy onto the school's own site."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from bot.channels.email.render import render
from bot.languages import is_right_to_left, translator
from bot.web import words
from bot.web.render import Renderer
from pages import linked
from pages.document import TONE_WORDS, Document, Inline, Tone


@dataclass(frozen=True)
class _Bare(Renderer):
    """Without what needs a style sheet of ours."""

    def _note(self, inline: Inline, tone: Tone) -> Markup:
        mark = f"{self.translate(TONE_WORDS[tone])}: " if tone in TONE_WORDS else ""
        return Markup("<p><strong>{}</strong>{}</p>").format(mark, self.inline(inline))


@dataclass(frozen=True)
class Fragment:
    """Both forms. The HTML has no style and no script of its own: it looks as the site does that it is put on."""

    html: str
    text: str


def fragment_of(document: Document, *, lang: str, here: str, path: str, page: Callable[[str], str | None]) -> Fragment:
    """A page for readers of `lang`, with every link whole: `here` is the address of the school's pages.

    `page` gives the path of `page:<id>` below that. At the end, a link leads back to the page itself at `path`.
    """

    def address(page_id: str) -> str | None:
        below = page(page_id)
        return None if below is None else f"{here}{below}"

    whole = linked(document, address)
    say = translator(lang)
    renderer = _Bare(say, lang)
    back = f"{here}{path}"
    html = Markup(
        '<article lang="{lang}" dir="{dir}">\n<h2{marks}>{title}</h2>\n{body}\n'
        '<p><a href="{back}">{more}</a></p>\n</article>\n'
    ).format(
        lang=lang,
        dir="rtl" if is_right_to_left(lang) else "ltr",
        marks=renderer.marks(document.lang) if isinstance(document.title, str) else "",
        title=renderer.title(whole),
        body=renderer.body(whole, 2),
        back=back,
        more=say(words.READ_THERE),
    )
    return Fragment(html=str(html), text=f"{render(whole, lang=lang).text}\n{say(words.READ_THERE)}: {back}\n")
