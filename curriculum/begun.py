"""What a class has in hand: the text of a page as it stood when the class began it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One text that a page had. `text` is the whole file, and `content_hash` the SHA-256 of it in hexadecimal."""

    page: str
    lang: str
    version: int
    content_hash: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A lesson that a class has begun and is not through with, and the edition that it goes on with."""

    class_id: str
    lesson: str
    content_hash: str
    when: datetime


class EditionStore(Protocol):
    """Which editions classes have in hand, and every edition that any class began or that somebody agreed to."""

    def begun(self, class_id: str, lesson: str) -> Begun | None:
        """A lesson that the class is in, else None."""

    def begin(self, begun: Begun, edition: Edition) -> None:
        """The class has it in hand from now on, instead of whichever edition it had before."""

    def over(self, class_id: str, lesson: str) -> None:
        """The class is through with it, or put it off. The edition stays: its questions are asked again."""

    def edition(self, content_hash: str) -> Edition | None:
        """One that is kept, else None."""

    def keep(self, edition: Edition) -> None:
        """Somebody agreed to it. Once it is kept, nothing changes it."""

    def of_page(self, page: str) -> tuple[Edition, ...]:
        """Every edition of a page that is kept, the newest version first."""
