"""How hard a page is to read: the Flesch-Kincaid grade plus five, as an age in years. English only."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pages.document import Block, Document, inlines, plain
from pages.front_values import Reader
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
# What a text for families is to be; up to the cap it passes.
AIM: float = 9
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


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A sentence, its words as they are said, and all their syllables."""

    sentence: str
    words: tuple[str, ...]
    syllables: int


def ease(document: Document) -> Ease | None:
    """How hard a document is; None where it is not English, or has no words."""
    return ease_of(document.blocks) if document.lang.partition("-")[0] == "en" else None


def ease_of(blocks: Iterable[Block]) -> Ease | None:
    """The same for blocks of English."""
    found = spoken_in(blocks)
    age = age_of(found)
    if age is None:
        return None
    words = sum(len(each.words) for each in found)
    longest = max(found, key=lambda each: len(each.words))
    return Ease(
        age=round(age, 1),
        words=words,
        sentences=len(found),
        mean_sentence=round(words / len(found), 1),
        longest_sentence=len(longest.words),
        longest=longest.sentence,
    )


def spoken_in(blocks: Iterable[Block]) -> list[Spoken]:
    """Every sentence that has a word in it."""
    return [
        Spoken(sentence=sentence, words=tuple(spoken), syllables=sum(map(syllables, spoken)))
        for block in blocks
        for inline in inlines(block)
        for sentence in sentences(_ADDRESS.sub("", plain(inline)))
        if (spoken := _WORD.findall(sentence))
    ]


def age_of(found: Sequence[Spoken]) -> float | None:
    """The reading age of sentences, in years; None of none."""
    words = sum(len(each.words) for each in found)
    if not words:
        return None
    # Kincaid et al., Derivation of New Readability Formulas for Navy Enlisted Personnel, 1975; an American grade is
    # entered five years younger than its pupils' age.
    return 0.39 * words / len(found) + 11.8 * sum(each.syllables for each in found) / words - 15.59 + 5
