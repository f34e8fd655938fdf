"""How hard a page is to read: the Flesch-Kincaid grade plus five, as an age in years. English only."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pages.document import Block, Document, inlines, plain
from pages.front_matter import Reader
from pages.sentences import sentences
from pages.syllables import syllables

# The oldest reading age, in years, that a page for each reader may ask for.
CAPS: dict[Reader, float] = {
    Reader.PUPIL_KS1: 7,
    Reader.PUPIL_KS2: 9,
    Reader.PUPIL_KS3: 11,
    Reader.PARENT: 11,
    Reader.EVERYONE: 11,
    Reader.STAFF: 14,
}
_WORD = re.compile(r"[^\W\d_]+(?:['’\-\u2010\u2011][^\W\d_]+)*")
_ADDRESS = re.compile(r"\S*(?:://|@)\S*|\b[\w.-]+\.(?:uk|com|org|net|gov)\b\S*")


@dataclass(frozen=True, kw_only=True)
class Ease:
    """`age` is in years, to one decimal; sentences are measured in words. A heading or an item is a sentence."""

    age: float
    words: int
    sentences: int
    mean_sentence: float
    longest_sentence: int
    longest: str


def ease(document: Document) -> Ease | None:
    """How hard a document is; None where it is not English, or has no words."""
    return ease_of(document.blocks) if document.lang.partition("-")[0] == "en" else None


def ease_of(blocks: Iterable[Block]) -> Ease | None:
    """The same for blocks of English."""
    found = [
        (len(spoken), sum(map(syllables, spoken)), sentence)
        for block in blocks
        for inline in inlines(block)
        for sentence in sentences(_ADDRESS.sub("", plain(inline)))
        if (spoken := _WORD.findall(sentence))
    ]
    if not found:
        return None
    words = sum(count for count, _, _ in found)
    mean = words / len(found)
    # Kincaid et al., Derivation of New Readability Formulas for Navy Enlisted Personnel, 1975; an American grade is
    # entered five years younger than its pupils' age.
    grade = 0.39 * mean + 11.8 * sum(count for _, count, _ in found) / words - 15.59
    longest = max(found, key=lambda entry: entry[0])
    return Ease(
        age=round(grade + 5, 1),
        words=words,
        sentences=len(found),
        mean_sentence=round(mean, 1),
        longest_sentence=longest[0],
        longest=longest[2],
    )
