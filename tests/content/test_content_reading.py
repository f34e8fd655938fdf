"""A page says how hard it is to read."""

from pathlib import Path

import pytest

from pages import Bullets, Document, Heading, ease, paragraph, says
from pages.sentences import sentences
from pages.syllables import syllables

COUNTED = [line.split() for line in (Path(__file__).parent / "syllables.txt").read_text("utf-8").splitlines()]


def test_a_listener_counts_the_same_syllables_in_a_hundred_words() -> None:
    assert len(COUNTED) == 100
    assert [(word, syllables(word)) for word, count in COUNTED if syllables(word) != int(count)] == []


@pytest.mark.parametrize(
    ("word", "count"),
    [("doesn’t", 2), ("you'll", 1), ("well-being", 3), ("I", 1), ("www", 1), ("Idea", 2 + 1), ("someone", 2)],
)
def test_a_listener_counts_short_forms_and_joined_words(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_reader_stops_at_full_stops_and_not_at_short_forms() -> None:
    assert sentences("Ask Mr. Hill, e.g. today. “Why?” he said! It costs 2.50 now") == [
        "Ask Mr. Hill, e.g. today.",
        "“Why?”",
        "he said!",
        "It costs 2.50 now",
    ]
    assert sentences("   ") == []


def test_a_reader_stops_after_each_heading_and_item() -> None:
    found = ease(
        Document(
            "", (Heading(says("At home")), Bullets((says("Ask them"), says("Tell me. Listen."))), paragraph("All well"))
        )
    )

    assert found is not None
    assert (found.sentences, found.words, found.longest_sentence) == (5, 9, 2)
    assert found.mean_sentence == 1.8


def test_a_reader_of_a_known_text_has_the_age_that_the_formula_gives() -> None:
    found = ease(Document("", (paragraph("The cat sat on the mat. The dog ran to the park."),)))

    # 0.39 × 6 + 11.8 × 1 - 15.59 + 5, by hand
    assert found is not None
    assert found.age == pytest.approx(3.6, abs=0.06)


@pytest.mark.parametrize("lang", ["pl", "ur"])
def test_a_reader_of_another_language_has_no_age(lang: str) -> None:
    assert ease(Document("", (paragraph("Dzień dobry."),), lang)) is None


def test_a_reader_of_nothing_has_no_age() -> None:
    assert ease(Document("", (paragraph("0800 1111 https://example.org/very/long"),))) is None
