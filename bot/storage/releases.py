"""Guidance that a school wrote down itself: each text kept beside those of lessons, by what stands in it."""

from hashlib import sha256

from bot.storage.class_tables import page_version
from bot.storage.scoped import Scoped
from staff import Release

# No page of the library has a stroke in its id.
GUIDANCE = "guidance/"
WRITTEN_IN = "en"


class SqlReleases:
    """Implements ReleaseStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped
        # Read once in a transaction: a list of duties asks for each of its lines what that is called.
        self._own: tuple[Release, ...] | None = None

    def keep(self, release: Release) -> None:
        """See ReleaseStore."""
        page = f"{GUIDANCE}{release.id}"
        mine = self._scoped.select(page_version).where(page_version.c.page == page)
        version = max((row.version for row in self._scoped.all(mine)), default=0) + 1
        text = release.model_dump_json()
        values = {
            # With its version: a text may come back after another.
            "content_hash": sha256(f"{page} {version} {text}".encode()).hexdigest(),
            "page": page,
            "lang": WRITTEN_IN,
            "version": version,
            "text": text,
        }
        self._scoped.add_once(page_version, values)
        self._own = None

    def own(self) -> tuple[Release, ...]:
        """See ReleaseStore."""
        if self._own is None:
            self._own = self._read()
        return self._own

    def _read(self) -> tuple[Release, ...]:
        written = self._scoped.select(page_version).where(page_version.c.page.startswith(GUIDANCE))
        rows = self._scoped.all(written.order_by(page_version.c.page, page_version.c.version))
        newest = {row.page: row.text for row in rows}
        return tuple(Release.model_validate_json(text) for text in newest.values())
