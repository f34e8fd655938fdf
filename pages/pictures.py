"""A picture beside a page: whether it is one that a telephone can show, told from its first bytes."""

import struct
from hashlib import sha256
from pathlib import Path

# So that it comes quickly on a slow line, and fills a screen without being fuzzy.
MOST_BYTES = 200_000
WIDTHS, HEIGHTS = range(600, 2001), range(300, 2001)
KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
# The markers of a JPEG that give its size (ITU-T T.81, B.1.1.3): start of frame, but for C4, C8 and CC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def kind_of_picture(content: bytes) -> str | None:
    """Its media type; None where it is neither PNG nor JPEG."""
    return next((kind for begin, kind in KINDS.items() if content.startswith(begin)), None)


def picture_fault(path: Path) -> str | None:
    """What is wrong with a picture, as a clause that says what to do; None where it is sound."""
    try:
        content = path.read_bytes()
    except OSError:
        return f"there is no picture “{path.name}” beside the page; put it there, or take the key out"
    size = _size(content)
    if kind_of_picture(content) is None or size is None:
        return f"“{path.name}” is no PNG or JPEG; save it as one of these"
    if len(content) > MOST_BYTES:
        return f"“{path.name}” has {len(content):,} bytes; save it smaller: at most {MOST_BYTES:,}"
    width, height = size
    if width not in WIDTHS or height not in HEIGHTS:
        return (
            f"“{path.name}” is {width} by {height} pixels; make it {WIDTHS[0]} to {WIDTHS[-1]} wide and "
            f"{HEIGHTS[0]} to {HEIGHTS[-1]} high"
        )
    return None


def picture_hash(path: Path) -> str:
    """What changes with every byte of it; empty where there is no such file any more."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None where they are not where they should be."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        if len(content) < 24 or content[12:16] != b"IHDR":
            return None
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
