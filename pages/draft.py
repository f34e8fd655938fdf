"""One file read and checked by itself, before it is known what else is on the shelf."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pages.document import Document, Heading, inlines, plain, plain_text
from pages.faults import Slip, hint
from pages.front_matter import Front, HomeFront, PartsFront, holds_parts, kind_of, read_front
from pages.keys import Halves, Keys, halves, read_keys
from pages.markdown import Placed, Reading, read
from pages.mending import hardest
from pages.page import Body, Page, PartsPage
from pages.pictures import picture_fault
from pages.reading import CAPS, Ease, ease_of

NAME = re.compile(r"(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\.(?P<lang>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.md")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_GAPS = re.compile(r"[\W_]+")


@dataclass
class Draft:
    """What became of a file: a page, or some parts of one in another language.

    Both are None where it has no usable front matter; `id` may be known even so. `rank` counts its folder: a page
    of a later folder replaces one of an earlier.
    """

    path: Path
    lang: str
    rank: int = 0
    proven: bool = False
    id: str | None = None
    page: Page | None = None
    partly: PartsPage | None = None
    keys: Keys = field(default_factory=Keys)
    links: Sequence[tuple[str, int]] = ()
    slips: list[Slip] = field(default_factory=list)


@dataclass(frozen=True)
class _Part:
    heading: Placed | None
    document: Document

    @property
    def line(self) -> int:
        return self.heading.line if self.heading else 1


def slug(heading: str) -> str:
    """The name of a part: `Safe teaching` is `safe-teaching`."""
    return _GAPS.sub("-", heading.casefold()).strip("-")


def read_draft(path: Path, *, ages: bool, proven: bool = False, rank: int = 0) -> Draft:
    """Read one file. What is wrong with it is in `slips`; nothing is raised.

    What is `proven` was checked before it shipped: its body is read when it is first asked for.
    """
    name = NAME.fullmatch(path.name)
    draft = Draft(path, name["lang"] if name else "en", rank, proven)
    if not name:
        what = f"“{path.name}” should be called <slug>.<language>.md, such as strong-passwords.en.md"
        draft.slips.append(Slip(1, "file name", what))
    text = _text(draft)
    if text is not None:
        _read_text(draft, text, ages=ages, proven=proven)
    return draft


def page_of(text: str, *, lang: str) -> Page | None:
    """A page from the text that a page had; None where its form is one that is not known any more."""
    draft = Draft(Path(f"kept.{lang}.md"), lang, proven=True)
    _read_text(draft, text, ages=False, proven=True)
    return draft.page


def _text(draft: Draft) -> str | None:
    try:
        raw = draft.path.read_bytes()
    except OSError as error:
        draft.slips.append(Slip(1, "file", f"cannot be read: {error.strerror}"))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        draft.slips.append(Slip(line, "file", f"is not UTF-8: byte 0x{raw[error.start]:02x}; save it as UTF-8"))
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _CONTROL.search(text):
        return text
    slips = [
        Slip(number, "file", f"there is a control character here (U+{ord(found[0]):04X}); take it out")
        for number, content in enumerate(text.split("\n"), start=1)
        if (found := _CONTROL.search(content))
    ]
    draft.slips += slips
    return None


def _read_text(draft: Draft, text: str, *, ages: bool, proven: bool) -> None:
    both = halves(text)
    if both is None:
        what = "is missing: the first line is ---, then come the keys, then --- again"
        draft.slips.append(Slip(1, "front matter", what))
        return
    draft.keys = read_keys(both.keys)
    named = draft.keys.values.get("id")
    draft.id = named if isinstance(named, str) else None
    reading = None if proven else read(both.body, first_line=both.body_line)
    draft.slips += draft.keys.slips
    if reading is not None:
        draft.links = reading.links
        draft.slips += reading.slips
    if draft.keys.slips:
        return
    front = read_front(draft.keys)
    title = front.title if not isinstance(front, list) else str(draft.keys.values.get("title", ""))
    if reading is not None and (model := kind_of(draft.keys)):
        document, parts = _whole(draft, title, reading)
        if holds_parts(draft.keys):
            _check_held(draft, parts, reading)
        else:
            _check_sections(draft, model, parts, reading)
        _check_budgets(draft, model, document, parts, reading)
    if isinstance(front, list):
        draft.slips += front
        return
    if isinstance(front, HomeFront) and front.picture and not proven:
        fault = picture_fault(draft.path.parent / front.picture)
        draft.slips += [Slip(draft.keys.line(("picture",)), "picture", fault)] if fault else []
    body = _body(draft.path, draft.lang, title, text, reading)
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    known: dict[str, Any] = {"id": front.id, "kind": front.kind, "lang": draft.lang, "path": draft.path}
    if isinstance(front, PartsFront):
        draft.partly = PartsPage(**known, front=front, body=body, content_hash=content_hash)
        return
    page = draft.page = Page(
        **known, front=front, body=body, version=front.version, content_hash=content_hash, source=text
    )
    if ages and reading is not None and page.ease and page.ease.age > CAPS[front.reader]:
        draft.slips.append(_too_hard(front, page.ease, reading, text))


def _body(path: Path, lang: str, title: str, text: str, reading: Reading | None) -> Body:
    def made() -> tuple[Document, Mapping[str, Document]]:
        both = halves(text) or Halves("", "", 1)
        found = reading or read(both.body, first_line=both.body_line)
        document, parts = _whole(Draft(path, lang), title, found)
        return document, MappingProxyType({name: part.document for name, part in parts.items()})

    return Body(made)


def _whole(draft: Draft, title: str, reading: Reading) -> tuple[Document, dict[str, _Part]]:
    """The document and its parts; what is wrong with the parts is in the draft's slips."""
    return Document(title, tuple(placed.block for placed in reading.placed), draft.lang), _parts(draft, reading)


def _parts(draft: Draft, reading: Reading) -> dict[str, _Part]:
    parts: dict[str, _Part] = {}
    starts = [at for at, placed in enumerate(reading.placed) if _is_section(placed)]
    for start, end in pairwise([*starts, len(reading.placed)]):
        heading = reading.placed[start]
        title = _title(heading)
        name = heading.name or slug(title)
        if name in parts:
            what = f"there is another section called “{name}” on line {parts[name].line}"
            draft.slips.append(Slip(heading.line, f"section “{title}”", what))
            continue
        blocks = tuple(placed.block for placed in reading.placed[start + 1 : end])
        parts[name] = _Part(heading, Document(title, blocks, draft.lang))
    return parts


def _is_section(placed: Placed) -> bool:
    return isinstance(placed.block, Heading) and placed.block.level == 2


def _title(placed: Placed) -> str:
    return " ".join("".join(map(plain, inlines(placed.block))).split())


def _check_held(draft: Draft, parts: dict[str, _Part], reading: Reading) -> None:
    """What the keys say it holds, it holds, and nothing else."""
    if draft.lang.partition("-")[0] == "en":
        what = "parts are held in another language: an English page is whole"
        draft.slips.append(Slip(1, "file name", what))
    if reading.placed and not _is_section(reading.placed[0]):
        what = "this stands before the first ## heading, and belongs to no part"
        draft.slips.append(Slip(reading.placed[0].line, "text", what))
    named = draft.keys.values.get("parts")
    names = [each for each in named if isinstance(each, str)] if isinstance(named, tuple) else []
    for number, name in enumerate(names):
        line, where = draft.keys.line(("parts", number)), f"parts {number + 1}"
        if name in names[:number]:
            draft.slips.append(Slip(line, where, f"“{name}” is here twice"))
        elif name not in parts:
            what = f"there is no section “{name}” below: a translated heading is followed by {{#{name}}}"
            draft.slips.append(Slip(line, where, what))
        elif not parts[name].document.blocks:
            draft.slips.append(Slip(parts[name].line, f"section “{parts[name].document.title}”", "is empty"))
    for name, part in parts.items():
        if name not in names:
            what = f"is not among the parts that the keys name; add “{name}” to them, or take it out"
            draft.slips.append(Slip(part.line, f"section “{part.document.title}”", what))


def _check_sections(draft: Draft, front: type[Front], parts: dict[str, _Part], reading: Reading) -> None:
    if front.SECTIONS and reading.placed and not _is_section(reading.placed[0]):
        what = "this stands before the first ## heading, where no card shows it"
        draft.slips.append(Slip(reading.placed[0].line, "text", what))
    kind, known = draft.keys.values["kind"], {slug(section) for section in front.SECTIONS}
    others = [_title(placed) for placed in reading.placed if _is_section(placed) and slug(_title(placed)) not in known]
    for section in front.SECTIONS:
        part = parts.get(slug(section))
        where = f"section “{section}”"
        if part is None:
            near = hint(section, others).replace("did you mean", "is it")
            draft.slips.append(Slip(draft.keys.line(("kind",)), where, f"is missing; a {kind} needs it{near}"))
        elif not part.document.blocks:
            draft.slips.append(Slip(part.line, where, "is empty"))


def _check_budgets(
    draft: Draft, front: type[Front], document: Document, parts: dict[str, _Part], reading: Reading
) -> None:
    if front.PART_BUDGET is not None:
        for part in parts.values():
            over = len(plain_text(part.document)) - front.PART_BUDGET
            if over > 0:
                what = f"is too long by {over:,} characters: at most {front.PART_BUDGET:,}"
                draft.slips.append(Slip(part.line, f"section “{part.document.title}”", what))
    if front.PAGE_BUDGET is not None:
        over = len(plain_text(document)) - front.PAGE_BUDGET
        if over > 0:
            what = f"is too long by {over:,} characters: at most {front.PAGE_BUDGET:,} on the whole page"
            draft.slips.append(Slip(reading.placed[0].line, "text", what))


def _too_hard(front: Front, found: Ease, reading: Reading, text: str) -> Slip:
    """Points at the block with the longest sentence: that is where to begin. Then come the three hardest sentences."""
    line = next(
        (
            placed.line
            for placed in reading.placed
            if (own := ease_of((placed.block,))) and own.longest_sentence == found.longest_sentence
        ),
        1,
    )
    hard = hardest([(placed.block, placed.line) for placed in reading.placed], source=text.split("\n"))
    words = found.longest if len(found.longest) <= 60 else found.longest[:60].rsplit(" ", 1)[0] + " …"
    what = (
        f"reading age {found.age:g} is over {CAPS[front.reader]:g}, the most for {front.reader}; sentences have "
        f"{found.mean_sentence:g} words on average, and the longest, here, has {found.longest_sentence}: “{words}”. "
        f"Hardest: {'; '.join(map(str, hard))}"
    )
    return Slip(line, "text", what)
