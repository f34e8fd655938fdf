"""Quizzes answered by hands up: nothing is recorded of any one child."""

from collections.abc import Mapping, Sequence

from curriculum import Hands
from pages import Block, Bullets, Heading, LessonFront, Paragraph, QuizItem, Span, says
from school.words import Refusal, Text

# More hands than this is a slip of the finger: no class is larger.
MOST_HANDS = 99
LETTERS = "ABCD"


class HandsFault(Refusal):
    """A count that is not a whole number of hands."""

    text = Text(
        "{where}: “{typed}” can't be right. A count is a whole number from 0 to {most}, for no class is larger. "
        "Nothing else that you typed is lost."
    )


def questions(front: LessonFront) -> tuple[QuizItem, ...]:
    """The quiz of a lesson."""
    return tuple(front.quiz)


def letter(option: int) -> str:
    """What an option is called when hands go up: A for 0."""
    return LETTERS[option]


def lettered(item: QuizItem) -> Bullets:
    """The options of a question, each with its letter."""
    return Bullets(
        tuple((Span(letter(place), strong=True), Span(f". {option}")) for place, option in enumerate(item.options))
    )


def right_answer(item: QuizItem) -> Paragraph:
    """The right answer and its reason, for whoever teaches."""
    right = item.answer - 1
    said = Text("Right answer: {letter}, “{option}”.", {"letter": letter(right), "option": item.options[right]})
    return Paragraph((Span(said, strong=True), Span(" "), Span(item.why)))


def with_answers(items: Sequence[QuizItem]) -> tuple[Block, ...]:
    """Every question with its letters and its right answer, for whoever teaches."""
    return tuple(
        block
        for number, item in enumerate(items, start=1)
        for block in (Heading(says(f"{number}. {item.ask}"), 3), lettered(item), right_answer(item))
    )


def field(question: int, option: int) -> str:
    """The name of the form field for one option's hands; both count from 0."""
    return f"h{question}_{option}"


def hands_from(items: Sequence[QuizItem], typed: Mapping[str, str]) -> tuple[Hands, ...]:
    """Hands for each question from a form's fields; an empty field is no hands. Raises HandsFault."""
    return tuple(
        Hands(
            counts=tuple(
                count_of(typed.get(field(number, option), ""), where=_box(number, option))
                for option in range(len(item.options))
            ),
            right=item.answer - 1,
        )
        for number, item in enumerate(items)
    )


def _box(question: int, option: int) -> Text:
    return Text("Question {number}, answer {letter}", {"number": question + 1, "letter": letter(option)})


def count_of(typed: str, *, where: Text) -> int:
    """A count as it was typed, 0 where nothing was; `where` says which box it is of. Raises HandsFault."""
    stripped = typed.strip() or "0"
    if not (stripped.isascii() and stripped.isdigit() and int(stripped) <= MOST_HANDS):
        raise HandsFault(where=where, typed=stripped[:12], most=MOST_HANDS)
    return int(stripped)
