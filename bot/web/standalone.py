"""A document as a file for a browser, which asks for nothing else: to be kept, sent on and printed."""

from collections.abc import Sequence
from types import SimpleNamespace

from bot.languages import is_right_to_left, translator
from bot.web.render import Renderer
from bot.web.site import TEMPLATES
from pages import Block, Document, Grid


def page_file(document: Document, grid: Grid, after: Sequence[Block], *, lang: str) -> str:
    """One page of HTML: what stands above the map, the map, and what comes after it. Its squares lead nowhere."""
    renderer = Renderer(translator(lang), lang)
    return TEMPLATES.get_template("standalone.html").render(
        view=SimpleNamespace(renderer=renderer),
        t=renderer.words,
        lang=lang,
        direction="rtl" if is_right_to_left(lang) else "ltr",
        title=renderer.title(document),
        above=renderer.body(document),
        grid=grid,
        after=renderer.body(Document("", tuple(after), document.lang)),
    )
