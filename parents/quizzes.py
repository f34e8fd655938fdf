"""The quiz of what goes home: found for a reader, found again by its own words, and written out for paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from lessons import lettered, right_answer
from pages import (
    Block,
    CampaignFront,
    Document,
    Heading,
    NewsletterFront,
    QuizItem,
    Shelf,
    paragraph,
    says,
)
from parents.tallies import TallyStore
from school.words import Refusal, Text

QUIZ = Text("Quiz")
WITH_A_QUIZ = ("newsletter", "campaign")


@dataclass(frozen=True, kw_only=True)
class Quiz:
    """The questions that go with a page, in the language `lang`; `title` is the page's in that language."""

    page: str
    title: str
    lang: str
    items: tuple[QuizItem, ...]


class ShelfToAsk(Protocol):
    """Where a page is found."""

    def get(self, page_id: str, lang: str, /) -> Any:
        """The page in the language, or in English; a LookupError or a Refusal where there is none."""


def quiz_of(page_id: str, *, shelf: ShelfToAsk, lang: str) -> Quiz | None:
    """In a language, else in English; None where the page has none, or is not there."""
    for choice in (lang, "en"):
        try:
            page = shelf.get(page_id, choice)
        except (LookupError, Refusal):
            return None
        if isinstance(page.front, NewsletterFront | CampaignFront) and page.front.quiz:
            return Quiz(page=page.id, title=page.front.title, lang=page.lang, items=page.front.quiz)
    return None


def count_answer(*, ask: str, chosen: str, shelf: Shelf, langs: Iterable[str], tallies: TallyStore) -> bool:
    """Count an answer to a question that is found by its words; False where no page asks it any more.

    The caller commits. Nothing tells whose answer it was.
    """
    for lang in ("en", *langs):
        for kind in WITH_A_QUIZ:
            for page in shelf.all(kind=kind, lang=lang):
                quiz = quiz_of(page.id, shelf=shelf, lang=lang)
                for number, item in enumerate(quiz.items if quiz else (), start=1):
                    if quiz and item.ask == ask and chosen in item.options:
                        right = item.options[item.answer - 1] == chosen
                        tallies.answered(page=quiz.page, question=number, lang=quiz.lang, right=right)
                        return True
    return False


def quiz_part(quiz: Quiz) -> Document:
    """The questions, and the answers at their foot: for a letter or a sheet of paper, where nothing can be tapped."""
    asked: list[Block] = [Heading(says(QUIZ), 2)]
    for number, item in enumerate(quiz.items, start=1):
        asked += [paragraph(f"{number}. {item.ask}"), lettered(item)]
    answers: list[Block] = [Heading(says(Text("Answers")), 3)]
    for number, item in enumerate(quiz.items, start=1):
        said = right_answer(item)
        answers.append(type(said)((*says(f"{number}. "), *said.inline)))
    return Document(QUIZ, (*asked, *answers), quiz.lang)
