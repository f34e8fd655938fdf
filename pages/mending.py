"""The sentences that make a text hard to read, with what makes them so: for whoever is to mend it. English only."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pages.document import Block
from pages.reading import Spoken, age_of, spoken_in
from pages.syllables import syllables

# So many words are a long sentence in a text for everybody; so many syllables are a long word.
LONG_SENTENCE = 15
LONG_WORD = 3
SHOWN = 60
_MARKS = re.compile(r"[*_`\[\]]|\]\([^)]*\)")


@dataclass(frozen=True, kw_only=True)
class Hard:
    """A sentence that raises a text's reading age by so many years. `line` counts from 1 in the file; 0 is unknown."""

    line: int
    words: str
    years: float
    hint: str

    def __str__(self) -> str:
        """As it is told."""
        return f"{'line ' + str(self.line) + ': ' if self.line else ''}“{self.words}” ({self.hint})"


def hardest(blocks: Iterable[tuple[Block, int]], *, source: Sequence[str] = (), most: int = 3) -> tuple[Hard, ...]:
    """The sentences without which a text would be easiest, the worst first.

    Each block comes with the line that it begins on; `source` are the lines of its file, in which a sentence of a long
    block is looked for.
    """
    found = [(spoken, line) for block, line in blocks for spoken in spoken_in((block,))]
    whole = age_of([spoken for spoken, _ in found])
    if whole is None:
        return ()
    weighed = []
    for place, (spoken, line) in enumerate(found):
        rest = age_of([each for at, (each, _) in enumerate(found) if at != place])
        years = whole - rest if rest is not None else whole
        if years > 0:
            weighed.append((years, spoken, line))
    weighed.sort(key=lambda each: -each[0])
    return tuple(
        Hard(
            line=_line(spoken.sentence, line, source),
            words=_cut(spoken.sentence),
            years=round(years, 2),
            hint=_hint(spoken),
        )
        for years, spoken, line in weighed[:most]
    )


def _hint(spoken: Spoken) -> str:
    long = list(dict.fromkeys(word for word in spoken.words if syllables(word) >= LONG_WORD))
    hints = []
    if len(spoken.words) >= LONG_SENTENCE:
        hints.append(f"a long sentence: {len(spoken.words)} words")
    if long:
        hints.append(f"long words: {', '.join(long[:4])}")
    return "; ".join(hints) or f"{len(spoken.words)} words, {spoken.syllables} syllables"


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= SHOWN else sentence[:SHOWN].rsplit(" ", 1)[0] + " …"


def _line(sentence: str, begins: int, source: Sequence[str]) -> int:
    """The first line from there on that holds the sentence's beginning; the block's own where none does."""
    begin = sentence[:20]
    for number in range(begins, len(source) + 1):
        if begin in _MARKS.sub("", source[number - 1]):
            return number
    return begins
