"""Grid: a table of shaded squares, for whoever looks at a whole school at once. Pages, paper and pictures draw it."""

from dataclasses import dataclass
from enum import StrEnum

from school.words import Text


class Shade(StrEnum):
    """What a square is shaded by. Never by itself: each square has its sign, and each sign its words."""

    NONE = "none"
    LATER = "later"
    NOW = "now"
    OLD = "old"
    WAITS = "waits"
    DONE = "done"
    SURE = "sure"


@dataclass(frozen=True, kw_only=True)
class Square:
    """One cell: a sign and figures to be seen, and the same in words for whoever does not see them.

    `href` is an address of ours that the square leads to, where a page can be tapped.
    """

    sign: str
    figures: str
    words: Text
    shade: Shade
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """What stands above a column, and smaller under that."""

    name: str | Text
    under: str | Text = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What stands before a row, smaller under that, and its squares, one a column."""

    name: str | Text
    under: str | Text
    squares: tuple[Square, ...]


@dataclass(frozen=True, kw_only=True)
class Key:
    """What a sign and its shade mean."""

    sign: str
    shade: Shade
    words: Text


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The table with what it is about, what its signs mean, and what is to be known beside it."""

    caption: Text
    corner: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    keys: tuple[Key, ...]
    notes: tuple[Text, ...] = ()
