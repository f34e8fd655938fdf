"""Which characters our fonts can draw; every other one is spelled as its number, so that none is lost unseen."""

import re
import unicodedata
from enum import IntEnum
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
COVERED = FONTS / "covered.txt"
# They join letters and emoji, or choose between two looks, and say nothing by themselves. Those that would make a line
# read otherwise than it was typed (U+202A to U+202E, U+2066 to U+2069) are spelled.
JOINERS = frozenset("\u200c\u200d\u200e\u200f\u061c" + "".join(chr(code) for code in range(0xFE00, 0xFE10)))
_ISOLATED = re.compile("\u2066([^\u2066-\u2069]*)\u2069")
TAGS = range(0xE0020, 0xE0080)  # the flags of England, Scotland and Wales
# The widest line that always fits. Longer runs without a space, such as addresses, may be broken after so many.
LONGEST_RUN = 40
BREAK = "\u200b"

_NUMBER = re.compile(r"\+?\d+(?: \d+)+")


class Care(IntEnum):
    """How much is spelled: what no font has; marks and joiners as well; whatever is not ASCII."""

    USUAL = 0
    NO_MARKS = 1
    ASCII = 2


def spelled(words: str, *, care: Care = Care.USUAL) -> str:
    """One line as it can be drawn: `[U+16A0]` for a rune, four spaces for a tab."""
    line = words.replace("\t", "    ")
    missing = [letter for letter in set(line) if not _drawn(letter, care)]
    return line.translate({ord(letter): _number(letter) for letter in missing}) if missing else line


def in_order(words: str) -> str:
    """A translator's words without the isolates that keep a number or a name in order: no font of ours bears them.

    A space that doesn't break holds the groups of a number together as well (Unicode Standard Annex 9, rule W4). Never
    for what somebody else typed: there such a mark may hide what a line says, and is spelled.
    """
    return _ISOLATED.sub(lambda found: _together(found[1]), words)


def numbers_together(words: str) -> str:
    """With a space that doesn't break between the groups of a number, which then stay in their order in any line.

    Else "0808 800 5000" stands as "5000 800 0808" in a line that runs from right to left: another number.
    """
    return _NUMBER.sub(lambda found: found[0].replace(" ", "\u00a0"), words)


def _together(words: str) -> str:
    return words.replace(" ", "\u00a0") if words[:1].isalnum() else f"\u200e{words}\u200e"


def breakable(line: str) -> str:
    """The line with places to break in each run that is longer than a line."""
    if all(len(run) <= LONGEST_RUN for run in line.split(" ")):
        return line
    made: list[str] = []
    so_far = 0
    for letter in line:
        joined = letter in JOINERS or unicodedata.category(letter).startswith("M") or made[-1:] == ["\u200d"]
        if so_far >= LONGEST_RUN and not joined and letter != " ":
            made.append(BREAK)
            so_far = 0
        so_far = 0 if letter == " " else so_far + 1
        made.append(letter)
    return "".join(made)


def encodable(words: str) -> str:
    """The words with each half of a surrogate pair spelled: UTF-8 has no bytes for it."""
    return "".join(_number(letter) if unicodedata.category(letter) == "Cs" else letter for letter in words)


def writable(words: str) -> str:
    """The words with each character spelled that XML cannot hold (XML 1.0, section 2.2)."""
    return "".join(_number(letter) if _unwritable(letter) else letter for letter in words)


def _unwritable(letter: str) -> bool:
    kind = unicodedata.category(letter)
    return kind == "Cs" or letter in "\ufffe\uffff" or (kind == "Cc" and letter not in "\t\n\r")


def runs_to_the_left(line: str) -> bool:
    """By its first letter that has a direction (Unicode Standard Annex 9, rule P2)."""
    for letter in line:
        direction = unicodedata.bidirectional(letter)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def _drawn(letter: str, care: Care) -> bool:
    code = ord(letter)
    if care is Care.ASCII or code < 0x7F:
        return 0x20 <= code < 0x7F
    kind = unicodedata.category(letter)
    if kind in {"Cc", "Co", "Cs", "Zl", "Zp"}:
        return False
    if care is Care.NO_MARKS and (kind in {"Mn", "Mc", "Me", "Cf"} or letter in JOINERS):
        return False
    if kind == "Cf" and letter not in JOINERS and code not in TAGS:
        return False
    return letter in JOINERS or code in _covered()


def _number(letter: str) -> str:
    return f"[U+{ord(letter):04X}]"


@cache
def _covered() -> frozenset[int]:
    codes: set[int] = set()
    for line in COVERED.read_text("ascii").splitlines():
        first, _, last = line.partition("-")
        codes.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(codes)
