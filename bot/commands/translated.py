"""What there is in other languages than English, and what follows an English page that is not used any more."""

from collections.abc import Iterator, Sequence

from pages import Page, PartsPage, Reader, Shelf
from parents import HOME
from school.people import LANGUAGES

ENGLISH = "en"


def in_other_languages(shelf: Shelf, *, names: bool) -> list[str]:
    """A line a language, with how many are missing; with `names`, each that is missing on a line of its own."""
    lines = [line for lang in _languages(shelf) for line in _one(shelf, lang, names=names)]
    return lines + [_outdated(shelf, held) for held in shelf.outdated]


def missing_in(shelf: Shelf, lang: str) -> str:
    """What a language that a school writes in does not have, in a sentence; empty where it has everything."""
    lessons, read, at_home, whole = _missing(shelf, lang)
    if lang == ENGLISH or not (at_home or whole):
        return ""
    name = LANGUAGES[lang].name if lang in LANGUAGES else lang
    return (
        f"{name} ({lang}) has no words yet for the Home of {len(at_home)} of {len(lessons)} lessons and for "
        f"{len(whole)} of {len(read)} pages. Families get these in English, and are told so."
    )


def _languages(shelf: Shelf) -> list[str]:
    whole = {lang for page in shelf.all() for lang in shelf.langs(page.id)}
    partly = {lang for page in shelf.all() for lang in LANGUAGES if shelf.partly(page.id, lang)}
    return sorted((whole | partly | {held.lang for held in shelf.outdated}) - {ENGLISH})


# A teacher says these to a class, in the language of the class.
SPOKEN = ("assembly", "knowledge", "starter")


def _missing(shelf: Shelf, lang: str) -> tuple[Sequence[Page], Sequence[Page], Sequence[str], Sequence[str]]:
    """Lessons, other pages that pupils and families read, and the ids of those of both that there are not."""
    lessons = shelf.all(kind="lesson")
    read = [
        page for page in shelf.all() if page.kind not in {"lesson", *SPOKEN} and page.front.reader is not Reader.STAFF
    ]
    at_home = [page.id for page in lessons if not _has(shelf, page, lang)]
    return lessons, read, at_home, [page.id for page in read if lang not in shelf.langs(page.id)]


def _one(shelf: Shelf, lang: str, *, names: bool) -> Iterator[str]:
    lessons, read, at_home, whole = _missing(shelf, lang)
    unread = [page.id for page in shelf.all() if _waits(shelf, page, lang)]
    name = LANGUAGES[lang].name if lang in LANGUAGES else lang
    yield (
        f"{lang} ({name}): missing are the Home of {len(at_home)} of {len(lessons)} lessons, and {len(whole)} of "
        f"{len(read)} pages for pupils and families. Waiting for a reviewer: {len(unread)}."
    )
    if names:
        yield from (f"  {page_id}: Home" for page_id in at_home)
        yield from (f"  {page_id}" for page_id in whole)
        yield from (f"  {page_id}: waits for a reviewer" for page_id in unread)


def _waits(shelf: Shelf, page: Page, lang: str) -> bool:
    held = shelf.partly(page.id, lang)
    return not held.front.translation if held else (there := shelf.get(page.id, lang)).lang == lang and there.unreviewed


def _has(shelf: Shelf, lesson: Page, lang: str) -> bool:
    held = shelf.partly(lesson.id, lang)
    return lang in shelf.langs(lesson.id) or (held is not None and HOME in held.front.parts)


def _outdated(shelf: Shelf, held: Page | PartsPage) -> str:
    now = shelf.get(held.id, ENGLISH)
    if held.front.translates is not None and now.version > held.front.translates:
        why = f"follows version {held.front.translates} of the English page, which is now at version {now.version}"
    else:
        why = f"follows another English page than the one that is used, {now.path.as_posix()}"
    return f"{held.path.as_posix()}: {why}; families get the English until it is brought up to date"
