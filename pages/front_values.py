"""What the keys of front matter may hold: years, days, readers, clauses and questions, each with its refusal."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from school.people import Role

# Who may not have looked yet: a page says so until somebody signs.
MACHINE = "machine-assisted"
_A_CLAUSE = re.compile(r"C[1-9][0-9]{0,2}")


class Reader(StrEnum):
    """For whom a page is written."""

    PUPIL_KS1 = "pupil-ks1"
    PUPIL_KS2 = "pupil-ks2"
    PUPIL_KS3 = "pupil-ks3"
    PARENT = "parent"
    STAFF = "staff"
    EVERYONE = "everyone"


class Signers(StrEnum):
    """Which adults in school a document is for."""

    STAFF = "staff"
    VOLUNTEERS = "volunteers"
    GOVERNORS = "governors"


def year_of(typed: object) -> object:
    """`R`, or a year."""
    if typed == "R" or (isinstance(typed, int) and not isinstance(typed, bool) and 1 <= typed <= 13):
        return typed
    raise PydanticCustomError("year", "should be R or a year from 1 to 13")


def day_of(typed: object) -> object:
    """An ISO day as a date."""
    try:
        return date.fromisoformat(typed) if isinstance(typed, str) and len(typed) == 10 else date.fromisoformat("")
    except ValueError:
        raise PydanticCustomError("day", "should be a day of the calendar, such as 2026-09-01") from None


def reader_of(typed: object) -> object:
    """One of Reader."""
    if isinstance(typed, str) and typed in set(Reader):
        return Reader(typed)
    known = ", ".join(Reader)
    raise PydanticCustomError("reader", "should be one of: {known}", {"known": known})


def signers_of(typed: object) -> object:
    """One of Signers."""
    if isinstance(typed, str) and typed in set(Signers):
        return Signers(typed)
    raise PydanticCustomError("signers", "should be one of: {known}", {"known": ", ".join(Signers)})


def role_of(typed: object) -> object:
    """A role, as the school file spells it."""
    if isinstance(typed, str) and typed in set(Role):
        return Role(typed)
    raise PydanticCustomError("role", "should be one of: {known}", {"known": ", ".join(Role)})


def clause_of(typed: object) -> object:
    """A clause by its id."""
    if isinstance(typed, str) and _A_CLAUSE.fullmatch(typed):
        return typed
    raise PydanticCustomError("clause", "should be a clause of the policy, such as C67")


def translation_of(typed: object) -> object:
    """Who has checked a translation; None where nobody has."""
    if typed == MACHINE:
        return None
    if isinstance(typed, Mapping) and set(typed) == set(Review.model_fields):
        return Review.model_validate(typed)
    said = "should be machine-assisted or, once somebody has checked it, {reviewed_by: A Name, on: 2026-09-01}"
    raise PydanticCustomError("translation", said)


def noted_of(typed: object) -> object:
    """As translation_of, with the word itself where nobody has."""
    return translation_of(typed) or MACHINE


Year = Annotated[Literal["R"] | int, BeforeValidator(year_of)]
Day = Annotated[date, BeforeValidator(day_of)]
Clause = Annotated[str, BeforeValidator(clause_of)]
Line = Annotated[str, Field(min_length=1)]
Minutes = Annotated[int, Field(ge=1, le=180)]


class Strict(BaseModel):
    """Unknown keys are refused, and nothing is turned into another type."""

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


class Review(Strict):
    """Who checked a translation, and on which day."""

    reviewed_by: Line
    on: Day
