from html.parser import HTMLParser

import pytest

from bot.channels.email.render import render
from bot.wire import Choice
from pages import (
    Bullets,
    Divider,
    Document,
    Facts,
    Heading,
    Paragraph,
    Quote,
    Span,
    Tone,
    note,
    paragraph,
    says,
)
from school.words import Text

NEWS = Document(
    "Passwords & pets",
    (
        Heading(says("At home"), 2),
        Paragraph(
            (Span("Ask "), Span("why", strong=True), Span(" & read "), Span("this", href="https://a.example/?x=1&y=2"))
        ),
        Bullets((says("two"), says("three")), ordered=True, first=2),
        Quote((says("Is this <safe>?"),)),
        note("Childline", Tone.URGENT),
        Paragraph((Span("Call", href="tel:08001111"),)),
        Facts((("Year", "4"),)),
        Divider(),
    ),
)


class Tags(HTMLParser):
    """Balanced, or it fails."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in {"meta", "br", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def tags(html):
    parser = Tags()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser.seen


def test_a_letter_reads_well_without_html():
    email = render(NEWS, lang="en")

    assert email.subject == "Passwords & pets"
    assert email.text == (
        "Passwords & pets\n\nAt home\n\nAsk why & read this (https://a.example/?x=1&y=2)\n\n2. two\n3. three\n\n"
        "> Is this <safe>?\n\n⚠️ Important: Childline\n\nCall (08001111)\n\nYear: 4\n\n----\n"
    )


def test_the_html_says_its_language_and_escapes_what_people_wrote():
    html = render(NEWS, lang="en").html

    seen = tags(html)
    assert ("html", {"lang": "en", "dir": "ltr"}) in seen
    assert "&lt;safe&gt;" in html
    assert ("ol", {"start": "2"}) in seen
    assert ("a", {"href": "https://a.example/?x=1&y=2"}) in seen


def test_a_letter_in_arabic_runs_from_right_to_left_and_english_in_it_does_not():
    arabic = render(Document("أخبار", (paragraph("مرحبا"),), "ar"), lang="ar")
    mixed = render(Document("News", (paragraph("Hello"),), "en"), lang="ar")

    assert ("html", {"lang": "ar", "dir": "rtl"}) in tags(arabic.html)
    assert ("p", {"lang": "en", "dir": "ltr"}) in tags(mixed.html)


def test_only_choices_with_an_address_are_in_a_letter():
    choices = ((Choice(label=Text("Read"), href="https://a.example"), Choice(label=Text("Tap"), verb="news")),)

    email = render(Document("News"), choices, lang="en")

    assert "Read (https://a.example)" in email.text
    assert "Tap" not in email.html


@pytest.mark.parametrize("title", ["", "two\nlines\r\nBcc: x@y.example", "long " * 80, "a\x00b\ud800"])
def test_any_title_makes_one_line_of_subject(title):
    subject = render(Document(title), lang="en").subject

    assert subject
    assert "\n" not in subject
    assert len(subject) <= 150
    subject.encode()


def test_a_link_that_runs_something_is_no_link():
    html = render(Document("T", (Paragraph((Span("x", href="javascript:alert(1)"),)),)), lang="en").html

    assert "javascript" not in html
