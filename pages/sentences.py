"""Where sentences end."""

import re

_END = re.compile(r"[.!?…؟。।]+[\"'”’»)\]]*(?=\s|$)")
_LAST_WORD = re.compile(r"[^\s(\[“\"]+$")
# A full stop after one of these ends no sentence.
_SHORT = frozenset({"e.g.", "i.e.", "cf.", "mr.", "mrs.", "ms.", "dr.", "st.", "vs.", "no.", "p.", "pp."})


def sentence_ends(text: str) -> list[int]:
    """Offsets just behind each sentence and the white space after it, the end of the text included."""
    ends = []
    for found in _END.finditer(text):
        word = _LAST_WORD.search(text, 0, found.end())
        if word and word.group().casefold() in _SHORT:
            continue
        after = found.end()
        while after < len(text) and text[after].isspace():
            after += 1
        ends.append(after)
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return ends


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, stripped; a text without a full stop is one."""
    starts = [0, *(ends := sentence_ends(text))]
    found = (text[start:end].strip() for start, end in zip(starts, ends, strict=False))
    return [sentence for sentence in found if sentence]
