"""Pages that somebody agrees to and whose words changed while their version did not: nobody would be asked again."""

from collections.abc import Iterator

from bot.commands.house import Where, library
from bot.library import LibraryError
from curriculum import EditionStore, reworded
from lessons import AGREEMENTS
from parents import PARENT, PHOTOS

AGREED_TO = (PARENT, PHOTOS, *(page for _, page in AGREEMENTS))


def changed_words(where: Where, editions: EditionStore) -> Iterator[tuple[str, str]]:
    """What is wrong with each of them, and its cure. Nothing where the content can't be read: that is said elsewhere.

    Of what families read in other languages the English page decides: a better translation asks nobody anew.
    """
    try:
        shelf = library(where).shelf
    except LibraryError:
        return
    pages = (*shelf.all(kind="agreement", lang="en"), *(shelf.get(each, "en") for each in AGREED_TO))
    for page in reworded(pages, editions=editions):
        what = (
            f"{page.path}: the words of {page.id} have changed since people agreed to version {page.version}, "
            "so nobody is asked to agree to the new ones."
        )
        yield (
            what,
            f"Write version: {page.version + 1} into it, and everybody is asked again; or put the old words back.",
        )
