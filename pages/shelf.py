"""The shelf: every page under some folders, in every language it has; refused as a whole with all faults at once."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from pages.draft import Draft, read_draft
from pages.faults import ContentFaults, Fault, hint
from pages.front_matter import HomeFront
from pages.page import Page, PartsPage, Told
from pages.partly import following, following_faults
from pages.pictures import picture_hash
from school.words import Refusal, Text

Key = tuple[str, str]


class NoSuchPageError(Refusal, LookupError):
    """That page isn't here any more."""

    text = Text("That page isn't here any more.")

    def __init__(self, page_id: str, lang: str) -> None:
        super().__init__()
        self.page_id = page_id
        self.lang = lang


class Shelf:
    """Pages by id and language (BCP 47), and parts of pages in languages that the whole is not in.

    `outdated` are pages and parts that follow another English page than the one that is here: nobody is shown
    them. It never changes; a new one is loaded.
    """

    def __init__(
        self, pages: Iterable[Page], partly: Iterable[PartsPage] = (), outdated: Iterable[Page | PartsPage] = ()
    ) -> None:
        self._pages: Mapping[Key, Page] = MappingProxyType({(page.id, page.lang): page for page in pages})
        self._partly: Mapping[Key, PartsPage] = MappingProxyType({(held.id, held.lang): held for held in partly})
        self.outdated = tuple(outdated)
        every: tuple[Page | PartsPage, ...] = (*self._pages.values(), *self._partly.values())
        prints = sorted((each.id, each.lang, each.content_hash) for each in every)
        self.hash = hashlib.sha256(repr(prints).encode()).hexdigest()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, page_id: str, lang: str) -> Page:
        """The page in a language, else in that language without its region, else in English. Raises NoSuchPageError."""
        for choice in _choices(lang):
            if page := self._pages.get((page_id, choice)):
                return page
        raise NoSuchPageError(page_id, lang)

    def told(self, page_id: str, lang: str) -> Told:
        """The whole page as `get`, with its English beside it where nobody has checked the translation."""
        page = self.get(page_id, lang)
        english = self._pages.get((page_id, "en")) if page.unreviewed else None
        return Told(page.front.title, page.document, english.document if english else None)

    def part(self, page_id: str, name: str, lang: str) -> Told:
        """One part of a page, by its slug, in the language as far as there is one, as `get`.

        Raises NoSuchPageError and NoSuchPartError.
        """
        for choice in _choices(lang):
            if page := self._pages.get((page_id, choice)):
                return Told(page.front.title, page.part(name))
            held = self.partly(page_id, choice)
            if held and name in held.front.parts:
                english = None if held.front.translation else self._pages[page_id, "en"].part(name)
                return Told(held.front.title, held.parts[name], english)
        raise NoSuchPageError(page_id, lang)

    def partly(self, page_id: str, lang: str) -> PartsPage | None:
        """The parts of a page that there are in exactly this language, where the whole page is not."""
        return self._partly.get((page_id, lang))

    def all(self, kind: str | None = None, lang: str = "en") -> tuple[Page, ...]:
        """Each page once, in the language or in English, by id; of one kind or of all."""
        ids = sorted({page_id for page_id, _ in self._pages})
        found = (self.get(page_id, lang) for page_id in ids if self._readable(page_id, lang))
        return tuple(page for page in found if kind in {None, page.kind})

    def langs(self, page_id: str) -> tuple[str, ...]:
        """The languages that a page is written in, in alphabetical order; none for a page that is not here."""
        return tuple(sorted(lang for known, lang in self._pages if known == page_id))

    def title(self, page_id: str) -> str:
        """A page's English title; its id where it is not here any more."""
        page = self._pages.get((page_id, "en"))
        return page.front.title if page else page_id

    def digest(self, page_id: str) -> str:
        """What changes with every letter of a page in any language, be it there in parts alone, and with its pictures.

        Whoever is shown a picture is shown the file as it is at that moment: so the files are read anew each time.
        """
        every: tuple[Page | PartsPage, ...] = (*self._pages.values(), *self._partly.values())
        here = [each for each in every if each.id == page_id]
        prints = sorted((each.lang, each.content_hash) for each in here)
        prints += sorted({(file.name, picture_hash(file)) for file in map(_picture, here) if file})
        return hashlib.sha256(repr(prints).encode()).hexdigest()

    def _readable(self, page_id: str, lang: str) -> bool:
        return any((page_id, choice) in self._pages for choice in _choices(lang))


def _picture(page: Page | PartsPage) -> Path | None:
    """The file at its head; None where it has none of its own."""
    front = page.front
    return page.path.parent / front.picture if isinstance(front, HomeFront) and front.picture else None


def _choices(lang: str) -> tuple[str, ...]:
    return lang, lang.partition("-")[0], "en"


def load_shelf(
    roots: Sequence[Path],
    *,
    known_strands: Collection[str] | None = None,
    known_statements: Mapping[str, str] | None = None,
    ages: bool = True,
    proven: Collection[Path] = (),
) -> Shelf:
    """Every `<slug>.<language>.md` under the roots; a page in a later root replaces one in an earlier.

    `known_strands` are the ids that a page's `strand` may have, `known_statements` those of a lesson's statements with
    the strand of each; None for any. `ages` says whether reading ages are checked, which is slow; under the roots that
    are `proven` they are not, and a body is read when it is first asked for. README.md and whatever begins with a full
    stop are passed over. Raises ContentFaults with every fault.
    """
    faults: list[Fault] = []
    drafts: list[Draft] = []
    kept: dict[Key, Draft] = {}
    for rank, root in enumerate(roots):
        if not root.is_dir():
            faults.append(Fault(root, 1, "folder", "there is no such folder"))
            continue
        checked = root in proven
        here = [read_draft(path, ages=ages and not checked, proven=checked, rank=rank) for path in _files(root)]
        drafts += here
        faults += _twice(here)
        kept |= {(draft.id, draft.lang): draft for draft in here if draft.id is not None}
    known = {draft.id for draft in drafts if draft.id is not None}
    for draft in drafts:
        faults += (slip.at(draft.path) for slip in draft.slips)
        faults += _broken_links(draft, known)
        faults += _unknown_strand(draft, known_strands)
        faults += _unknown_statements(draft, known_statements)
    faults += _other_kinds(kept)
    faults += following_faults(kept)
    if faults:
        raise ContentFaults(faults)
    return Shelf(*following(kept))


def _files(root: Path) -> list[Path]:
    return sorted(
        path
        for path in root.rglob("*.md")
        if path.name != "README.md" and not any(part.startswith(".") for part in path.relative_to(root).parts)
    )


def _twice(drafts: Iterable[Draft]) -> Iterable[Fault]:
    first: dict[Key, Draft] = {}
    for draft in drafts:
        if draft.id is None:
            continue
        earlier = first.setdefault((draft.id, draft.lang), draft)
        if earlier is not draft:
            what = f"“{draft.id}” in {draft.lang} is already in {earlier.path.as_posix()}"
            yield Fault(draft.path, draft.keys.line(("id",)), "id", what)


def _broken_links(draft: Draft, known: Collection[str]) -> Iterable[Fault]:
    for target, line in draft.links:
        if target not in known:
            yield Fault(draft.path, line, "text", f"there is no page “{target}” to link to{hint(target, known)}")


def _unknown_strand(draft: Draft, strands: Collection[str] | None) -> Iterable[Fault]:
    strand = draft.keys.values.get("strand")
    if strands is not None and isinstance(strand, str) and strand and strand not in strands:
        what = f"there is no strand “{strand}”{hint(strand, strands)}"
        yield Fault(draft.path, draft.keys.line(("strand",)), "strand", what)


def _unknown_statements(draft: Draft, statements: Mapping[str, str] | None) -> Iterable[Fault]:
    """A lesson's statements are the framework's own, and of the lesson's strand."""
    named = draft.keys.values.get("statements")
    if statements is None or not isinstance(named, tuple):
        return
    for number, each in enumerate(named):
        if not isinstance(each, str):
            continue
        line = draft.keys.line(("statements", number))
        if each not in statements:
            what = f"there is no statement “{each}”{hint(each, statements)}"
            yield Fault(draft.path, line, f"statements.{number + 1}", what)
        elif statements[each] != draft.keys.values.get("strand"):
            what = f"“{each}” belongs to the strand “{statements[each]}”"
            yield Fault(draft.path, line, f"statements.{number + 1}", what)


def _other_kinds(kept: Mapping[Key, Draft]) -> Iterable[Fault]:
    """A translation is of the same kind as its English page."""
    for (page_id, _), draft in kept.items():
        english = kept.get((page_id, "en"))
        here = draft.page or draft.partly
        if english and english.page and here and here.kind != english.page.kind:
            what = f"is {here.kind} here but {english.page.kind} in English"
            yield Fault(draft.path, draft.keys.line(("kind",)), "kind", what)
