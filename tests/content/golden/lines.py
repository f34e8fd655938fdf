"""What is kept of every page: a line for each form of it, with its length and a short hash; of three pages, all of it.

`lines/<language>.tsv` has one line for each page and form that there is in that language. The three in `READABLE` are
kept whole, in every language and form, so that a change of a renderer can be read in a diff.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from school.people import LANGUAGES
from tests.content.golden.forms import FORMS, Held, held_in, paper_to_read, shelf, web_page

HERE = Path(__file__).parent
AGAIN = "make golden"
# A newsletter, a page on what to do, and an agreement.
READABLE = ("newsletter-2026-11", "whatif-grown-up-contact", "parent-agreement")
HEAD = "page\tform\tcharacters\thash"
# Of those, the form that a person reads.
WHOLE = {**FORMS, "paper.json": paper_to_read, "web.html": web_page}
# A page and a form, with the length and the hash of what is drawn.
Lines = dict[tuple[str, str], str]


def drawn(lang: str) -> dict[tuple[str, str], str]:
    """All that there is in a language, in every form."""
    return {(held.name, form): draw(held) for held in held_in(lang) for form, draw in FORMS.items()}


def lines_of(made: Mapping[tuple[str, str], str]) -> Lines:
    """A line for each."""
    return {key: f"{len(said)}\t{sha256(said.encode()).hexdigest()[:12]}" for key, said in made.items()}


def kept_lines(lang: str) -> Lines:
    """Those that were kept."""
    file = _file(lang)
    rows = [line.split("\t") for line in file.read_text("utf-8").splitlines()[1:]] if file.is_file() else []
    return {(page, form): f"{length}\t{mark}" for page, form, length, mark in rows}


def changed(lang: str, made: Mapping[tuple[str, str], str]) -> list[str]:
    """What is not as it was kept, each in words."""
    now, then = lines_of(made), kept_lines(lang)
    return [_said(key, now.get(key), then.get(key)) for key in sorted({*now, *then}) if now.get(key) != then.get(key)]


def _said(key: tuple[str, str], now: str | None, then: str | None) -> str:
    named = f"{key[0]} as {key[1]}"
    if then is None:
        return f"{named}: is new, and has no line yet"
    if now is None:
        return f"{named}: is not there any more, and still has a line"
    before, after = then.partition("\t")[0], now.partition("\t")[0]
    return f"{named}: has changed ({before} characters before, {after} now)"


def readable(lang: str) -> Iterator[tuple[Path, str]]:
    """The files that are kept whole, with what belongs in them; in English where a page is not in the language."""
    for page_id in READABLE:
        held = Held(shelf().get(page_id, lang), lang)
        for form, draw in WHOLE.items():
            yield HERE / page_id / f"{lang}.{form}", draw(held)


def write() -> None:
    """Keep all of it as it is now."""
    for lang in LANGUAGES:
        rows = sorted("\t".join((*key, line)) for key, line in lines_of(drawn(lang)).items())
        _put(_file(lang), "\n".join((HEAD, *rows)) + "\n")
        for file, said in readable(lang):
            _put(file, said)


def _put(file: Path, said: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(said, "utf-8", newline="\n")


def _file(lang: str) -> Path:
    return HERE / "lines" / f"{lang}.tsv"
