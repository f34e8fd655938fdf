"""What an author writes becomes the Document that every renderer reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages import (
    Block,
    Bullets,
    Divider,
    Document,
    Facts,
    Heading,
    Inline,
    MarkdownFault,
    Note,
    Paragraph,
    Quote,
    Span,
    document_of,
    filled,
    paragraph,
    placeholders,
    plain_text,
    says,
)
from school.words import Text

GOLDEN = Path(__file__).parent / "markdown.md"


def cases() -> Iterator[tuple[str, str, str]]:
    """Title, `.`, input, `.`, expected, `.`, as in markdown-it-py's own fixtures."""
    parts = ("\n" + GOLDEN.read_text("utf-8")).split("\n.\n")
    for title, text, expected in zip(parts[0::3], parts[1::3], parts[2::3], strict=False):
        yield title.strip(), text, expected


def spelt(inline: Inline) -> str:
    def one(span: Span) -> str:
        marks = "".join(
            mark
            for mark, on in (("b", span.strong), ("i", span.emphasis), ("c", span.code), (f"@{span.href}", span.href))
            if on
        )
        return f"{marks}{str(span.text)!r}"

    return " + ".join(map(one, inline))


def drawn(block: Block) -> str:
    match block:
        case Heading(inline, level):
            return f"Heading {level}: {spelt(inline)}"
        case Paragraph(inline):
            return f"Paragraph: {spelt(inline)}"
        case Bullets(items, ordered, first):
            kind = f"Numbers from {first}:" if ordered else "Bullets:"
            return "\n".join([kind, *(f"  {spelt(item)}" for item in items)])
        case Quote(paragraphs):
            return "\n".join(["Quote:", *(f"  {spelt(inline)}" for inline in paragraphs)])
        case _:
            return type(block).__name__


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*case[1:], id=case[0]) for case in cases()])
def test_an_author_writes(text: str, expected: str) -> None:
    try:
        found = "\n".join(map(drawn, document_of(text, title="").blocks))
    except MarkdownFault as fault:
        found = str(fault)

    assert found == expected


def test_a_parent_reads_the_value_and_never_its_markup() -> None:
    document = Document(
        "Hello {name}",
        (
            Paragraph((Span("Dear {name}, "), Span("{theme}", strong=True), Span(Text("{name}")))),
            Bullets((says("{name}"),)),
            Quote((says("{theme}"),)),
            Note(says("{name}")),
            Facts((("{name}", Text("as it is")),)),
            Heading(says("{unknown} { name } {Name}")),
            Divider(),
        ),
    )
    values = {"name": "**Ben** [x](https://evil.example) {theme}", "theme": "Kind"}

    done = filled(document, values)

    ben = values["name"]
    assert done.title == f"Hello {ben}"
    assert done.blocks == (
        Paragraph((Span(f"Dear {ben}, "), Span("Kind", strong=True), Span(Text("{name}")))),
        Bullets((says(ben),)),
        Quote((says("Kind"),)),
        Note(says(ben)),
        Facts(((ben, Text("as it is")),)),
        Heading(says("{unknown} { name } {Name}")),
        Divider(),
    )
    assert placeholders(document) == {"name", "theme", "unknown"}


def test_an_author_may_not_put_a_placeholder_into_a_link() -> None:
    with pytest.raises(MarkdownFault, match="a link begins with"):
        document_of("[here]({link})", title="")


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8")) | st.text(alphabet="*_`[]()<>#-+.1 \n!\\|{}&;ab"))
def test_an_author_who_writes_anything_gets_a_document_or_its_faults(text: str) -> None:
    lines: list[int] = []
    try:
        plain_text(document_of(text, title=""))
    except MarkdownFault as fault:
        lines = [slip.line for slip in fault.slips]

    assert all(1 <= line <= text.count("\n") + text.count("\r") + 1 for line in lines)


def test_an_author_sees_plain_words_unchanged() -> None:
    assert document_of("It is 5 o'clock & all is well.", title="").blocks == (
        paragraph("It is 5 o'clock & all is well."),
    )
