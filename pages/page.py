"""Page: one text in one language, checked and cut into its parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pages.document import Document
from pages.front_matter import Front, PartsFront
from pages.front_values import MACHINE
from pages.reading import Ease, ease


class NoSuchPartError(LookupError):
    """A part was asked of a page that does not have it."""

    def __init__(self, page: str, part: str, parts: Mapping[str, Document]) -> None:
        super().__init__(f"The page “{page}” has no part “{part}”. It has: {', '.join(parts) or 'none'}.")


class Body:
    """What stands under a page's keys, read when it is first asked for: most pages are not, on most days."""

    def __init__(self, read: Callable[[], tuple[Document, Mapping[str, Document]]]) -> None:
        self._read = read

    @cached_property
    def read(self) -> tuple[Document, Mapping[str, Document]]:
        """The whole, and its parts."""
        return self._read()


@dataclass(frozen=True)
class PartsPage:
    """Some parts of a page in another language than English. The rest of the page is English."""

    id: str
    kind: str
    lang: str
    front: PartsFront
    body: Body = field(compare=False, repr=False)
    path: Path
    content_hash: str

    @property
    def parts(self) -> Mapping[str, Document]:
        """As a page's: keyed by the slugs of the headings."""
        return self.body.read[1]


@dataclass(frozen=True)
class Told:
    """A page or a part of one in the best language there is, under the title that the page has in it.

    `unreviewed` holds the same in English where a machine helped to translate it and nobody has checked that yet.
    """

    title: str
    document: Document
    unreviewed: Document | None = None


@dataclass(frozen=True)
class Page:
    """One page in one language.

    `content_hash` changes with every letter of the file, and so stands for the body where two pages are compared.
    `source` is the file as it was read: what it is the hash of.
    """

    id: str
    kind: str
    lang: str
    front: Front
    body: Body = field(compare=False, repr=False)
    path: Path
    version: int
    content_hash: str
    source: str = field(compare=False, repr=False)

    @property
    def unreviewed(self) -> bool:
        """Whether a machine helped to translate it, and nobody has checked that yet."""
        return self.front.translation == MACHINE

    @property
    def document(self) -> Document:
        """The whole page."""
        return self.body.read[0]

    @property
    def parts(self) -> Mapping[str, Document]:
        """Keyed by the slugs of the `##` headings, such as `safe-teaching`, and titled with the headings."""
        return self.body.read[1]

    @cached_property
    def ease(self) -> Ease | None:
        """How hard it is to read, None where it is not English or has no words. Slow, so only worked out when asked."""
        return ease(self.document)

    @property
    def reading_age(self) -> float | None:
        """In years, or None as `ease`."""
        return self.ease.age if self.ease else None

    def part(self, name: str) -> Document:
        """One part, by its slug. Raises NoSuchPartError."""
        try:
            return self.parts[name]
        except KeyError:
            raise NoSuchPartError(self.id, name, self.parts) from None
