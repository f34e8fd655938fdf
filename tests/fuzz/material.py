"""What is thrown at parsers: text of every kind, JSON that is nearly right, bytes that are nearly a form."""

import copy
import string
from typing import Any

from hypothesis import strategies as st

# Half of a surrogate pair is in it: phones send them, and JSON carries them. So are NUL, bidirectional marks, emoji.
ANY_TEXT = st.one_of(
    st.binary(max_size=40).map(lambda raw: raw.decode("latin-1")),
    st.text(st.characters(), max_size=20),
    st.text(string.printable, max_size=30),
    st.text("\x00\u200b\u202e\ufeff\ud800\U0001f622²٣①<>&|@:/.,'\"\\%+- \n\t", max_size=20),
)
# As it is when somebody tells something: it says something, and it can be written into JSON and UTF-8.
WHOLE_TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=300)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    ANY_TEXT,
)
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(ANY_TEXT, inner, max_size=3)),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in it."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, each in inner for found in places(each, (*path, key)))]


@st.composite
def nearly(draw: st.DrawFn, *models: Any) -> Any:
    """One of the models with up to three of its parts exchanged, taken out or added."""
    value = copy.deepcopy(draw(st.sampled_from(models)))
    for _ in range(draw(st.integers(0, 3))):
        *way, last = draw(st.sampled_from(places(value))) or (None,)
        holder = value
        for key in way:
            holder = holder[key]
        if last is None or not isinstance(holder, dict | list):
            continue
        match draw(st.integers(0, 3)):
            case 0:
                del holder[last]
            case 1 if isinstance(holder, dict):
                holder[draw(ANY_TEXT)] = draw(ANY_JSON)
            case _:
                holder[last] = draw(ANY_JSON)
    return value


@st.composite
def torn(draw: st.DrawFn, *models: bytes) -> bytes:
    """One of the models with bytes cut out, doubled, or put in."""
    value = draw(st.sampled_from(models))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(value)))
        end = draw(st.integers(start, min(len(value), start + 40)))
        between = draw(st.one_of(st.just(b""), st.binary(max_size=12), st.just(value[start:end] * 2)))
        value = value[:start] + between + value[end:]
    return value


@st.composite
def torn_text(draw: st.DrawFn, *models: str) -> str:
    """The same of text."""
    value = draw(st.sampled_from(models))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(value)))
        end = draw(st.integers(start, min(len(value), start + 40)))
        between = draw(st.one_of(st.just(""), ANY_TEXT, st.just(value[start:end] * 2)))
        value = value[:start] + between + value[end:]
    return value
