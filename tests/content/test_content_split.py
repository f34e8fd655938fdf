"""A reader on any platform gets all of a document, in order."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages import (
    Block,
    Bullets,
    CannotSplitError,
    Divider,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    Quote,
    Span,
    Tone,
    inlines,
    paragraph,
    plain,
    says,
    split,
)
from school.words import Text


def characters(block: Block) -> int:
    """As a renderer might: the words, and two line ends after each of them."""
    return sum(len(plain(inline)) + 2 for inline in inlines(block)) or 3


def octets(block: Block) -> int:
    return len("\n\n".join(plain(inline) for inline in inlines(block)).encode()) + 4


def words_of(*documents: Document) -> list[str]:
    return "".join(
        plain(inline) for document in documents for block in document.blocks for inline in inlines(block)
    ).split()


def letters_of(*documents: Document) -> str:
    return "".join(words_of(*documents))


WORDS = st.text(alphabet=st.sampled_from("aé .!?\n👩‍👧🏽ا\u0301b  "), max_size=60) | st.text(max_size=30)
SPANS = st.builds(Span, WORDS, st.booleans(), st.booleans())
INLINES = st.lists(SPANS, max_size=4).map(tuple)
BLOCKS = st.one_of(
    st.builds(Heading, INLINES, st.integers(2, 3)),
    st.builds(Paragraph, INLINES),
    st.builds(Note, INLINES, st.sampled_from(Tone)),
    st.builds(Bullets, st.lists(INLINES, max_size=5).map(tuple), st.booleans()),
    st.builds(Quote, st.lists(INLINES, max_size=3).map(tuple)),
    st.builds(Facts, st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple)),
    st.just(Divider()),
)
DOCUMENTS = st.builds(Document, WORDS, st.lists(BLOCKS, max_size=8).map(tuple))


@settings(max_examples=400, deadline=None)
@given(document=DOCUMENTS, limit=st.integers(12, 200), measure=st.sampled_from([characters, octets]))
def test_a_reader_loses_nothing_and_gets_it_in_order(
    document: Document, limit: int, measure: Callable[[Block], int]
) -> None:
    pieces = split(document, limit, measure)

    assert letters_of(*pieces) == letters_of(document)
    assert all(sum(map(measure, piece.blocks)) <= limit for piece in pieces)
    assert all((piece.title, piece.lang) == (document.title, document.lang) for piece in pieces)
    assert sum(isinstance(block, Divider) for piece in pieces for block in piece.blocks) == sum(
        isinstance(block, Divider) for block in document.blocks
    )


@given(document=DOCUMENTS)
def test_a_reader_of_a_short_document_gets_it_whole(document: Document) -> None:
    assert split(document, 100_000, characters) == [document]


def test_a_reader_gets_whole_sentences_where_they_fit() -> None:
    document = Document("", (Paragraph((Span("One is here. Two "), Span("is bold", strong=True), Span(". Three."))),))

    pieces = split(document, 20, characters)

    assert [piece.blocks for piece in pieces] == [
        (paragraph("One is here."),),
        (Paragraph((Span("Two "), Span("is bold", strong=True), Span("."))),),
        (paragraph("Three."),),
    ]


def test_a_reader_gets_whole_words_where_sentences_are_too_long() -> None:
    pieces = split(Document("", (paragraph("never cut a word in two unless you must"),)), 14, characters)

    assert [words_of(piece) for piece in pieces] == [
        ["never", "cut", "a"],
        ["word", "in", "two"],
        ["unless", "you"],
        ["must"],
    ]


def test_a_reader_sees_no_family_torn_apart() -> None:
    pieces = split(Document("", (paragraph("👩‍👧👩‍👧👩‍👧"),)), 9, characters)

    assert [words_of(piece) for piece in pieces] == [["👩‍👧👩‍👧"], ["👩‍👧"]]


def test_a_reader_of_a_numbered_list_sees_the_counting_go_on() -> None:
    steps = Bullets(tuple(says(f"Step {number}") for number in range(1, 6)), ordered=True)

    pieces = split(Document("", (steps,)), 16, characters)

    assert [
        (block.first, len(block.items)) for piece in pieces for block in piece.blocks if isinstance(block, Bullets)
    ] == [
        (1, 2),
        (3, 2),
        (5, 1),
    ]


def test_a_reader_never_finds_a_heading_alone_at_the_foot() -> None:
    document = Document("", (paragraph("Twelve words."), Heading(says("Next")), paragraph("And then more.")))

    first, second = split(document, 24, characters)

    assert first.blocks == document.blocks[:1]
    assert second.blocks == document.blocks[1:]


def test_a_developer_with_an_impossible_limit_is_told_so() -> None:
    with pytest.raises(CannotSplitError):
        split(Document("", (paragraph("a"),)), 2, characters)
    with pytest.raises(CannotSplitError):
        split(Document("", (paragraph(Text("Words of an interface are never cut")),)), 20, characters)


def test_a_reader_of_twenty_thousand_letters_is_served_soon() -> None:
    pieces = split(Document("", (paragraph("a" * 20_000),)), 4096, characters)

    assert len(pieces) == 5
    assert letters_of(*pieces) == "a" * 20_000
