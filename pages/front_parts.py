"""What front matter is made of: a day, a line, a source, a question of a quiz."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError


def _day(typed: object) -> object:
    try:
        return date.fromisoformat(typed) if isinstance(typed, str) and len(typed) == 10 else date.fromisoformat("")
    except ValueError:
        raise PydanticCustomError("day", "should be a day of the calendar, such as 2026-09-01") from None


Day = Annotated[date, BeforeValidator(_day)]
Line = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """Frozen; unknown keys are refused, and nothing is turned into another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)


class Source(Strict):
    """Where something in a page is written, and the day on which somebody looked."""

    what: Line
    url: Annotated[str, Field(pattern=r"^https://[^\s/]+")]
    checked: Day


class QuizItem(Strict):
    """A question; `answer` counts the options from 1. The lengths are those of a Telegram quiz and a Slack button."""

    ask: Annotated[str, Field(min_length=1, max_length=300)]
    options: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=75)], ...], Field(min_length=2, max_length=4)
    ]
    answer: Annotated[int, Field(ge=1)]
    why: Annotated[str, Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _answer_is_an_option(self) -> Self:
        if self.answer > len(self.options):
            raise PydanticCustomError(
                "answer",
                "the answer is option {answer}, but there are only {options}",
                {"answer": self.answer, "options": len(self.options)},
            )
        if len(set(self.options)) < len(self.options):
            raise PydanticCustomError("options", "two options are the same")
        return self
