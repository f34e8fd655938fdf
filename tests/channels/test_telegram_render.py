"""Every document within Telegram's limits, in markup that its own parser takes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.lines import LRM, RLM, clean, cut, units
from bot.channels.telegram.render import keyboard, render, toast
from bot.playground.telegram.entities import parse
from bot.wire import Choice
from pages import (
    Bullets,
    Divider,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    Quote,
    Span,
    Tone,
    note,
    paragraph,
    says,
)
from school.words import Text


def mint(choice):
    return f"{choice.verb}:{','.join(choice.args.values())}"


def shown(document, lang="en"):
    return render(document, (), lang=lang, mint=mint).parts


def test_each_block_has_its_markup():
    document = Document(
        "Passwords & pets",
        (
            Heading(says("At home")),
            Paragraph(
                (
                    Span("Ask "),
                    Span("why", strong=True),
                    Span(" & "),
                    Span("how", emphasis=True),
                    Span("x<y", code=True),
                )
            ),
            Paragraph(
                (Span("Read", href="https://a.example/?x=1&y=2"), Span(" or "), Span("a page", href="page:intro"))
            ),
            Bullets((says("one"), says("two"))),
            Bullets((says("third"),), ordered=True, first=3),
            Quote((says("Is this safe?"), says("Who asks?"))),
            note("Call Childline", Tone.URGENT),
            Note((Span("Childline", href="tel:0800 1111"),), Tone.PLAIN),
            Facts((("Year", "4"), ("Minutes", "40"))),
            Divider(),
        ),
    )

    [html] = shown(document)

    assert html == (
        "<b>Passwords &amp; pets</b>\n\n<b>At home</b>\n\n"
        "Ask <b>why</b> &amp; <i>how</i><code>x&lt;y</code>\n\n"
        '<a href="https://a.example/?x=1&amp;y=2">Read</a> or a page\n\n'
        "• one\n• two\n\n3. third\n\n<blockquote>Is this safe?\nWho asks?</blockquote>\n\n"
        "⚠️ <b>Important:</b> Call Childline\n\nChildline (0800 1111)\n\n"
        "<b>Year</b>: 4\n<b>Minutes</b>: 40\n\n———"
    )


def test_a_title_that_the_page_repeats_is_shown_once():
    assert shown(Document("Hello", (Heading(says("Hello"), 1), paragraph("World")))) == ("<b>Hello</b>\n\nWorld",)


def test_a_long_page_is_split_between_blocks_and_a_heading_goes_with_what_follows():
    first, second = paragraph("a" * 3000), paragraph("b" * 3000)

    parts = shown(Document("T", (first, Heading(says("Next")), second)))

    assert parts == (f"<b>T</b>\n\n{'a' * 3000}", f"<b>Next</b>\n\n{'b' * 3000}")


def test_a_page_of_exactly_the_limit_is_one_message():
    assert len(shown(Document("T", (paragraph("😀" * 2046 + "x"),)))) == 1
    assert len(shown(Document("T", (paragraph("😀" * 2046 + "xy"),)))) == 2


def test_a_block_longer_than_a_message_is_cut_at_white_space_and_nothing_is_lost():
    words = " ".join(f"word{number}" for number in range(2000))

    parts = shown(Document("T", (Paragraph((Span(words, strong=True),)),)))

    assert " ".join(parse(part, "HTML")[0] for part in parts).replace("T\n\n", "T ").split() == ["T", *words.split()]


def test_a_family_of_emoji_is_never_cut_apart():
    family = "👨‍👩‍👧‍👦"

    head, tail = cut(family * 10, units(family) + 3)

    assert head == family
    assert tail == family * 9


def test_right_to_left_lines_keep_their_direction_and_numbers_their_order():
    document = Document("أخبار", (Paragraph((Span("Childline هو 0800 1111."),)), paragraph("English only")), "ar")

    [html] = shown(document, "ar")

    assert f"{RLM}Childline هو {LRM}0800 1111{LRM}." in html
    assert f"{RLM}English" not in html


@pytest.mark.parametrize("words", ["", "   ", "\x00\x07", "\u200b\u200e"])
def test_nothing_to_be_seen_is_no_message(words):
    assert shown(Document(words)) == ()


def test_control_characters_and_halves_of_characters_are_taken_out():
    assert clean("a\x00b\x07\r\nc\td\ud83d") == "ab\nc d\ufffd"


def test_choices_become_rows_of_buttons():
    choices = (
        (
            Choice(label=Text("Yes"), verb="join", args={"code": "C1"}),
            Choice(label=Text("Read"), href="https://a.example"),
        ),
        tuple(Choice(label=Text(str(number)), verb="year", args={"year": str(number)}) for number in range(11)),
    )

    rows = keyboard(choices, lang="en", mint=mint).inline_keyboard

    assert [len(row) for row in rows] == [2, 8, 3]
    assert rows[0][0].callback_data == "join:C1"
    assert rows[0][1].url == "https://a.example"


def test_a_token_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="65 bytes"):
        keyboard(((Choice(label=Text("x"), verb="v"),),), lang="en", mint=lambda choice: "x" * 65)


def test_a_toast_leaves_the_title_out():
    assert toast(Document("Lollipop", (note("Well done", Tone.PLAIN),)), lang="en") == "Well done"
    assert toast(Document("Lollipop"), lang="en") == "Lollipop"
    assert units(toast(Document("", (paragraph("😀" * 300),)), lang="en")) <= 200


class Long(str):
    """A long text that a failing example does not print whole."""

    __slots__ = ()

    def __repr__(self):
        return f"Long({str(self[:8])!r}, {len(self)})"


LONG = (
    *("a" * 5000, "😀" * 3000, "wort " * 1500, "<b>&amp;" * 20, "\n" * 5000, "مرحبا 0800 1111 " * 400),
    *("e\u0301" * 3000, "\u200b" * 4200, "👨‍👩‍👧‍👦" * 900),
)
words = st.text(st.characters(exclude_categories=()), max_size=60) | st.sampled_from([Long(text) for text in LONG])
spans = st.builds(
    Span,
    words | words.map(Text),
    strong=st.booleans(),
    emphasis=st.booleans(),
    code=st.booleans(),
    href=st.none() | st.sampled_from(['https://a.example/?a=1&b="', "tel:0800 1111", "page:x", "javascript:x"]),
)
inlines = st.lists(spans, max_size=4).map(tuple)
blocks = st.one_of(
    st.builds(Heading, inlines, st.integers(1, 3)),
    st.builds(Paragraph, inlines),
    st.builds(Bullets, st.lists(inlines, max_size=5).map(tuple), st.booleans()),
    st.builds(Quote, st.lists(inlines, max_size=3).map(tuple)),
    st.builds(Note, inlines, st.sampled_from(Tone)),
    st.builds(Facts, st.lists(st.tuples(words, words), max_size=3).map(tuple)),
    st.just(Divider()),
)
documents = st.builds(Document, words, st.lists(blocks, max_size=8).map(tuple), st.sampled_from(["en", "ar"]))


@settings(deadline=None, max_examples=40)  # the machine is shared
@given(documents, st.sampled_from(["en", "ar"]))
def test_any_document_is_within_the_limits_and_parseable(document, lang):
    for part in shown(document, lang):
        text, _ = parse(part, "HTML")

        assert 1 <= units(text) <= 4096
        assert text.strip()
        part.encode()
    assert units(toast(document, lang=lang)) <= 200
