"""How many syllables an English word has: vowel groups, corrected, and never fewer than the places to hyphenate it.

docs/decisions/0003-reading-age.md says why, with the figures.
"""

import re
from functools import cache, lru_cache

import pyphen

_GROUPS = re.compile(r"[aeiouy]+")
_CLITIC = re.compile(r"'(s|re|ll|ve|d|m)$")
_NOT = re.compile(r"(?<=[dst])n't$")
# An e that is written and not said: at the end, in -ed and -es, and before an ending (`useful`, `something`).
_SILENT = re.compile(
    r"(?<=[^aeiouy])e(?=(ly|less|ness|ful|fully|ments?|ty|things?|times?|work|one|where|body|style|mates?|names?)$)"
    r"|(?<=[^aeiouyl])e$"
    r"|(?<=[aeiouylr]l)e$"
    r"|(?<=[^aeioutdl])e(?=d$)|(?<=[aeiouyrl]l)e(?=d$)"
    r"|(?<=[^aeiouszxcgl])(?<!sh)(?<!ch)e(?=s$)|(?<=[aeiouyrl]l)e(?=s$)"
)
# Two vowels in one group that are said apart: `media`, `idea`, `being`, `create`, `quiet`, `science`.
_APART = re.compile(
    r"(?<![tcs])ia|io(?!n|us)|(?<![ctgx])ious|ea$|[aeiouy](?=ing)|(?<!g)ua(?=l)|iet|[^t]ien(?=c)|reat(?=[ei])|eo$"
)
# Frequent words that the rules get wrong.
_KNOWN = {
    "every": 2, "everything": 3, "everybody": 4, "everywhere": 3, "someone": 2, "anyone": 3, "maybe": 2, "ideas": 3,
    "videos": 3, "behaviour": 3, "safeguarding": 3, "safeguard": 2, "unique": 2, "uk": 2, "business": 2, "someone's": 2,
}  # fmt: skip


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """At least 1; hyphens and apostrophes may stand in the word, and capitals."""
    return sum(max(1, _one(part)) for part in re.split(r"[-\u2010\u2011]", word.casefold()) if part) or 1


def _one(word: str) -> int:
    word = word.replace("’", "'")
    if word in _KNOWN:
        return _KNOWN[word]
    said = _NOT.sub("nit", _CLITIC.sub("", word)).replace("'", "")
    groups = len(_GROUPS.findall(said)) - len(_SILENT.findall(said)) + len(_APART.findall(said))
    return max(groups, len(_hyphens().positions(said)) + 1)


@cache
def _hyphens() -> pyphen.Pyphen:
    """Read when the first word is asked about: the dictionary takes as long as all our own modules together."""
    return pyphen.Pyphen(lang="en_GB")
