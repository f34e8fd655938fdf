"""Parts of a page in another language, beside the English page that they follow."""

from collections.abc import Iterator, Mapping

from pages.draft import Draft
from pages.faults import Fault, hint
from pages.page import Page, PartsPage

Kept = Mapping[tuple[str, str], Draft]


def parts_faults(kept: Kept) -> Iterator[Fault]:
    """What is wrong with files of parts beside their English pages."""
    for draft in kept.values():
        if draft.partly is not None:
            slips = _wrong(draft.partly, draft, kept)
            yield from (Fault(draft.path, line, where, what) for line, where, what in slips)


def following(kept: Kept) -> tuple[list[PartsPage], list[PartsPage]]:
    """Those that follow the English page as it is now, and those that follow an earlier one.

    A page of a later folder is another page, whatever its version: what follows ours does not follow a school's own.
    """
    now: list[PartsPage] = []
    earlier: list[PartsPage] = []
    for draft in kept.values():
        if draft.partly is not None and (english := _english(draft, kept)) is not None:
            follows = draft.rank >= kept[english.id, "en"].rank and draft.partly.front.translates == english.version
            (now if follows else earlier).append(draft.partly)
    return now, earlier


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
