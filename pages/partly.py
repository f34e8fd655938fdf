"""A page in another language, or parts of one, beside the English page that they follow."""

from collections.abc import Iterator, Mapping

from pages.draft import Draft
from pages.faults import Fault, hint
from pages.page import Page, PartsPage

Kept = Mapping[tuple[str, str], Draft]


def following_faults(kept: Kept) -> Iterator[Fault]:
    """What is wrong with what follows an English page, beside that page."""
    for draft in kept.values():
        if draft.partly is not None:
            slips = _wrong(draft.partly, draft, kept)
        elif draft.page is not None:
            slips = _wrong_whole(draft.page, draft, kept)
        else:
            continue
        yield from (Fault(draft.path, line, where, what) for line, where, what in slips)


def following(kept: Kept) -> tuple[list[Page], list[PartsPage], list[Page | PartsPage]]:
    """Pages, parts of pages, and those of both that follow an English page that is not the one of now.

    A page of a later folder is another page, whatever its version: what follows ours does not follow a school's own.
    """
    whole: list[Page] = []
    parts: list[PartsPage] = []
    earlier: list[Page | PartsPage] = []
    for draft in kept.values():
        english = _english(draft, kept)
        if draft.page is not None:
            follows = draft.page.front.translates is None or _follows(draft, draft.page, english, kept)
            (whole if follows else earlier).append(draft.page)
        elif draft.partly is not None and english is not None:
            (parts if _follows(draft, draft.partly, english, kept) else earlier).append(draft.partly)
    return whole, parts, earlier


def _follows(draft: Draft, held: Page | PartsPage, english: Page | None, kept: Kept) -> bool:
    if english is None:
        return True
    return draft.rank >= kept[english.id, "en"].rank and held.front.translates == english.version


def _english(draft: Draft, kept: Kept) -> Page | None:
    english = kept.get((draft.id or "", "en"))
    return english.page if english else None


def _wrong(held: PartsPage, draft: Draft, kept: Kept) -> Iterator[tuple[int, str, str]]:
    front, keys = held.front, draft.keys
    if (front.id, "en") not in kept:
        others = [page_id for page_id, lang in kept if lang == "en"]
        what = f"there is no English page “{front.id}” that these parts could belong to{hint(front.id, others)}"
        yield keys.line(("id",)), "id", what
        return
    english = _english(draft, kept)
    if english is None or draft.rank < kept[front.id, "en"].rank:
        return  # it has faults of its own, or is a school's in place of the one that these follow
    if front.translates > english.version:
        what = f"there is no version {front.translates} yet: the English page is version {english.version}"
        yield keys.line(("translates",)), "translates", what
    elif front.translates == english.version and not draft.proven:
        for number, name in enumerate(front.parts):
            if name not in english.parts:
                what = f"the English page has no part “{name}”{hint(name, english.parts)}"
                yield keys.line(("parts", number)), f"parts {number + 1}", what


def _wrong_whole(page: Page, draft: Draft, kept: Kept) -> Iterator[tuple[int, str, str]]:
    front, keys = page.front, draft.keys
    if front.translates is None:
        if front.translation is not None:
            yield keys.line(("translation",)), "translates", "is missing: the version of the English page"
        return
    if page.lang.partition("-")[0] == "en":
        yield keys.line(("translates",)), "translates", "an English page follows no other: take it out"
        return
    if front.translation is None:
        yield keys.line(("translates",)), "translation", "is missing: machine-assisted, or who checked it and when"
    english = _english(draft, kept)
    if english is not None and draft.rank >= kept[front.id, "en"].rank and front.translates > english.version:
        what = f"there is no version {front.translates} yet: the English page is version {english.version}"
        yield keys.line(("translates",)), "translates", what
