"""Editions of pages: those that classes began, and those that somebody agreed to."""

from typing import Any

from sqlalchemy import Row

from bot.storage.class_tables import begun as begun_table
from bot.storage.class_tables import page_version
from bot.storage.scoped import Scoped
from curriculum import Begun, Edition


class SqlEditions:
    """Implements EditionStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def begun(self, class_id: str, lesson: str) -> Begun | None:
        """See EditionStore."""
        found = self._scoped.first(
            self._scoped.select(begun_table).where(begun_table.c.class_id == class_id, begun_table.c.lesson == lesson)
        )
        if found is None:
            return None
        return Begun(class_id=class_id, lesson=lesson, content_hash=found.content_hash, when=found.at)

    def begin(self, begun: Begun, edition: Edition) -> None:
        """See EditionStore."""
        self.keep(edition)
        values = {
            "class_id": begun.class_id,
            "lesson": begun.lesson,
            "content_hash": begun.content_hash,
            "at": begun.when,
        }
        self._scoped.put(begun_table, values, key=("class_id", "lesson"))

    def over(self, class_id: str, lesson: str) -> None:
        """See EditionStore."""
        mine = (begun_table.c.class_id == class_id, begun_table.c.lesson == lesson)
        self._scoped.run(self._scoped.delete(begun_table).where(*mine))

    def edition(self, content_hash: str) -> Edition | None:
        """See EditionStore."""
        found = self._scoped.first(self._scoped.select(page_version).where(page_version.c.content_hash == content_hash))
        return _edition(found) if found else None

    def keep(self, edition: Edition) -> None:
        """See EditionStore."""
        kept = {
            "content_hash": edition.content_hash,
            "page": edition.page,
            "lang": edition.lang,
            "version": edition.version,
            "text": edition.text,
        }
        self._scoped.add_once(page_version, kept)

    def of_page(self, page: str) -> tuple[Edition, ...]:
        """See EditionStore."""
        newest_first = (page_version.c.version.desc(), page_version.c.lang, page_version.c.content_hash)
        chosen = self._scoped.select(page_version).where(page_version.c.page == page).order_by(*newest_first)
        return tuple(map(_edition, self._scoped.all(chosen)))


def _edition(row: Row[Any]) -> Edition:
    return Edition(page=row.page, lang=row.lang, version=row.version, content_hash=row.content_hash, text=row.text)
