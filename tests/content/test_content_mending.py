"""Whoever has to make a text easier is shown where to begin."""

from dataclasses import replace

from bot.commands.eased import for_families, reading_lines
from bot.commands.undated import undated
from bot.main import load_library
from pages import AIM, Bullets, Shelf, hardest, paragraph, says

LONG = "When you have read all of this you can go out and play with them in the park or stay at home with me today."
WORDS = "Notwithstanding considerable technological complications."


def test_an_author_sees_the_sentence_with_long_words_where_it_stands_in_a_list():
    blocks = [(paragraph("Hello. We play. It is fun."), 3), (Bullets((says("We sing."), says(WORDS))), 5)]
    source = ["---", "---", "Hello. We play. It is fun.", "", "- We sing.", f"- **{WORDS}**"]

    worst = hardest(blocks, source=source)[0]

    assert (worst.line, worst.hint) == (
        6,
        "long words: Notwithstanding, considerable, technological, complications",
    )
    assert worst.years > 10


def test_an_author_sees_the_long_sentence_and_how_many_words_it_has():
    worst = hardest([(paragraph(f"We play. We sing. {LONG} We rest."), 7)], most=1)

    assert [str(each) for each in worst] == [
        "line 7: “When you have read all of this you can go out and play with …” (a long sentence: 25 words)"
    ]


def test_nothing_is_hard_in_nothing_and_one_sentence_is_all_of_it():
    assert hardest([]) == ()
    assert [each.line for each in hardest([(paragraph("Hello."), 1)])] in ([], [1])


def test_every_text_for_families_is_within_the_aim():
    found = load_library()

    assert [f"{each.place}: {each.age}" for each in for_families(found) if each.age > AIM] == []
    assert "0 are over 9, the aim." in reading_lines(found)[0]


def test_every_link_on_a_page_for_families_has_a_source_with_a_day_and_one_without_is_named():
    found = load_library()
    page = found.shelf.get("newsletter-2026-12", "en")
    bare = replace(page, front=page.front.model_copy(update={"sources": ()}))

    assert undated(found) == []
    assert undated(replace(found, shelf=Shelf([bare]))) == [
        f"{page.path.as_posix()}: “{address}” has no source with a day; look at it, and add it under `sources`"
        for address in ("https://www.internetmatters.org", "https://www.nspcc.org.uk")
    ]
