"""What stands at the head of each kind of page. Unknown keys are refused; nothing is turned into another type."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from pages.faults import Slip, hint
from pages.front_values import (
    Clause,
    Day,
    Line,
    Minutes,
    QuizItem,
    Reader,
    Review,
    Signers,
    Source,
    Strict,
    Year,
    noted_of,
    reader_of,
    role_of,
    signers_of,
    translation_of,
)
from pages.keys import Keys, Place, said
from school.people import Role


class Head(Strict):
    """What every file has."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
    kind: str
    title: Annotated[str, Field(min_length=1, max_length=80)]
    reader: Annotated[Reader, BeforeValidator(reader_of)]


class PartsFront(Head):
    """Some parts of a page in another language. Everything else is the English page's, of the version `translates`.

    `translation` is None until somebody who reads the language has checked what a machine helped to write.
    """

    translates: Annotated[int, Field(ge=1)]
    parts: Annotated[tuple[Line, ...], Field(min_length=1)]
    translation: Annotated[Review | None, BeforeValidator(translation_of)]


class Front(Head):
    """What every page has. `years` holds `R` or 1 to 13; none means all.

    A page in another language says which version of the English one it `translates`, and whether somebody who reads the
    language has checked what a machine helped to write. One that says nothing was written by whoever put it there.
    """

    SECTIONS: ClassVar[tuple[str, ...]] = ()
    PART_BUDGET: ClassVar[int | None] = None
    PAGE_BUDGET: ClassVar[int | None] = None

    version: Annotated[int, Field(ge=1)]
    years: tuple[Year, ...] = ()
    sources: tuple[Source, ...] = ()
    translates: Annotated[int, Field(ge=1)] | None = None
    translation: Annotated[Review | Literal["machine-assisted"] | None, BeforeValidator(noted_of)] = None


class LessonFront(Front):
    """A lesson. `minutes` in class, `order` within the year, `half_term` such as `autumn-1`.

    `board` are names that stay in sight while pupils are taught and practise, such as those of columns to sort into.
    `searches` says that pupils search the web freely in it: whoever teaches it is reminded to watch closely.
    """

    SECTIONS = (
        "Card",
        "Safe teaching",
        "Hook",
        "Recall",
        "Teach",
        "Practise",
        "Exit check",
        "Close",
        "Misconceptions",
        "Support and stretch",
        "SEND and EAL",
        "No devices",
        "Class post",
        "Home",
    )
    PART_BUDGET = 2600

    kind: Literal["lesson"]
    years: Annotated[tuple[Year, ...], Field(min_length=1)]
    strand: Line
    minutes: Minutes
    order: Annotated[int, Field(ge=0)]
    half_term: Annotated[str, Field(pattern=r"^(autumn|spring|summer)-[12]$")]
    statements: tuple[Line, ...]
    vocabulary: Mapping[str, Line] = Field(default_factory=dict)
    board: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=40)], ...], Field(max_length=6)] = ()
    needs: tuple[Line, ...] = ()
    quiz: Annotated[tuple[QuizItem, ...], Field(min_length=1, max_length=5)]
    searches: bool = False


class AssemblyFront(Front):
    """An assembly prompt for a school week, 1 to 39; `hook` says why now.

    `day` is a date that the words name. In a calendar that has it, the prompt belongs to the week of that date,
    whatever number the school's own terms give that week.
    """

    SECTIONS = ("Card", "Script", "Questions", "Action", "Closer")
    PART_BUDGET = 2600

    kind: Literal["assembly"]
    minutes: Minutes
    week: Annotated[int, Field(ge=1, le=39)]
    day: Day | None = None
    hook: str = ""


class StarterFront(Front):
    """Two minutes at the start of a lesson in any subject, `subject` such as `Science`."""

    SECTIONS = ("Card", "Do", "Talk")
    PART_BUDGET = 1200

    kind: Literal["starter"]
    years: Annotated[tuple[Year, ...], Field(min_length=1)]
    subject: Line
    strand: Line
    minutes: Minutes = 2


class KnowledgeFront(Front):
    """Questions on one strand for one band of years, asked before its lessons and once more after them."""

    SECTIONS = ("Card", "Before", "After")
    PART_BUDGET = 1200

    kind: Literal["knowledge"]
    years: Annotated[tuple[Year, ...], Field(min_length=1)]
    strand: Line
    questions: Annotated[tuple[QuizItem, ...], Field(min_length=4, max_length=6)]


class HomeFront(Front):
    """What goes home. Its `quiz` is for grown-ups and children together; `lesson` is the id of one that goes with it.

    `picture` is a file beside the page, and `alt` says in the page's language what it shows. Each may be left out.
    """

    quiz: Annotated[tuple[QuizItem, ...], Field(max_length=3)] = ()
    lesson: str = ""
    picture: Annotated[str, Field(pattern=r"^([a-z0-9]+(-[a-z0-9]+)*\.(png|jpg|jpeg))?$")] = ""
    alt: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _picture_is_told(self) -> Self:
        if bool(self.picture) != bool(self.alt):
            raise PydanticCustomError("picture", "picture and alt go together: say in alt what the picture shows")
        return self


class NewsletterFront(HomeFront):
    """A newsletter to families, sent on a day."""

    PAGE_BUDGET = 3500

    kind: Literal["newsletter"]
    send_on: Day


class CampaignFront(HomeFront):
    """One step of a campaign; when it goes out stands in the campaign's own file."""

    PAGE_BUDGET = 3500

    kind: Literal["campaign"]


class StoryFront(Front):
    """A story."""

    kind: Literal["story"]


Syllabus = Literal["acceptable-use", "social-media", "settings", "data", "reporting", "other"]


class ModuleFront(Front):
    """A module of staff training; its steps are its `##` sections. A `scenario` is one step with one question.

    `clauses` are those of the policy that it is evidence for beside those of all training; `for_roles` are spelt as in
    the school file, and none means all staff. `month`, 1 to 12, is when it is first laid in a school year. One that is
    `yearly` comes every year, and one of the `induction` to whoever is new as well.
    """

    PART_BUDGET = 1600

    kind: Literal["module"]
    minutes: Annotated[int, Field(ge=1, le=10)]
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]
    syllabus: Syllabus
    month: Annotated[int, Field(ge=1, le=12)]
    for_roles: tuple[Annotated[Role, BeforeValidator(role_of)], ...] = ()
    yearly: bool = True
    induction: bool = False
    scenario: bool = False
    quiz: Annotated[tuple[QuizItem, ...], Field(min_length=1, max_length=4)]

    @model_validator(mode="after")
    def _as_long_as_it_says(self) -> Self:
        if self.scenario and len(self.quiz) != 1:
            raise PydanticCustomError("quiz", "a scenario has one question")
        if not self.scenario and (len(self.quiz) < 3 or self.minutes < 5):
            raise PydanticCustomError("quiz", "a module takes 5 to 10 minutes and has 3 or 4 questions")
        return self


class WordingFront(Front):
    """Something that Lollipop itself says, such as the thanks after a report."""

    PAGE_BUDGET = 3500

    kind: Literal["wording"]


class AgreementFront(Front):
    """What adults in school agree to and sign once a year, `signers` unless the school's own file says who.

    `clauses` are those of the policy that a signature is evidence for. Its `quiz` comes before the signature.
    """

    PAGE_BUDGET = 6000

    kind: Literal["agreement"]
    signers: Annotated[Signers, BeforeValidator(signers_of)]
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]
    quiz: Annotated[tuple[QuizItem, ...], Field(max_length=5)] = ()


FRONTS: dict[str, type[Front]] = {
    "agreement": AgreementFront,
    "lesson": LessonFront,
    "assembly": AssemblyFront,
    "starter": StarterFront,
    "knowledge": KnowledgeFront,
    "newsletter": NewsletterFront,
    "campaign": CampaignFront,
    "story": StoryFront,
    "module": ModuleFront,
    "wording": WordingFront,
}

# Pydantic's kinds of error in words for an author; `{...}` are its own figures.
_SAYS = {
    "string_type": "should be text; put it in quotes",
    "string_too_short": "is empty",
    "string_too_long": "is too long: at most {max_length} characters",
    "string_unicode": "holds half a character",
    "int_type": "should be a whole number",
    "greater_than_equal": "should be {ge} or more",
    "less_than_equal": "should be {le} or less",
    "too_short": "needs at least {min_length}",
    "too_long": "may hold at most {max_length}",
    "tuple_type": "should be a list",
    "mapping_type": "should be a list of “word: meaning”",
    "model_type": "should be a group of keys",
}
_PATTERNS = {
    "id": "should be small letters, digits and single hyphens",
    "picture": "should be the name of a PNG or JPEG file beside the page, such as kind-words.png",
    "url": "should be an address that begins with https://",
    "half_term": "should be autumn-1, autumn-2, spring-1, spring-2, summer-1 or summer-2",
}


def holds_parts(keys: Keys) -> bool:
    """Whether it is some parts of a page in another language, rather than a page."""
    return "parts" in keys.values or ("translates" in keys.values and "version" not in keys.values)


def read_front(keys: Keys) -> Front | PartsFront | list[Slip]:
    """The front matter of a page or of some parts of one, or everything that is wrong with it."""
    kind = keys.values.get("kind")
    if kind is None:
        return [Slip(1, "kind", f"is missing; it is one of: {', '.join(FRONTS)}")]
    if not isinstance(kind, str) or kind not in FRONTS:
        what = f"there is no kind “{kind}”{hint(str(kind), FRONTS)}"
        return [Slip(keys.line(("kind",)), "kind", what)]
    model: type[Front | PartsFront] = PartsFront if holds_parts(keys) else FRONTS[kind]
    try:
        return model.model_validate(keys.values)
    except ValidationError as error:
        details = error.errors()
        return [_slip(detail, keys, model) for detail in details if not _follows(detail, details)]


def kind_of(keys: Keys) -> type[Front] | None:
    """What the page is to be, even where its front matter is not whole."""
    kind = keys.values.get("kind")
    return FRONTS.get(kind) if isinstance(kind, str) else None


def _follows(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Whether a list is only said to be too short because something in it is wrong."""
    place = detail["loc"]
    return detail["type"] == "too_short" and any(
        other["loc"][: len(place)] == place and len(other["loc"]) > len(place) for other in details
    )


def _slip(detail: ErrorDetails, keys: Keys, model: type[Head]) -> Slip:
    place: Place = detail["loc"]
    where, key = said(place), str(place[-1]) if place else ""
    context: dict[str, Any] = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return Slip(keys.line(place[:-1]), where, "is missing")
        case "extra_forbidden" if model is PartsFront and key in getattr(kind_of(keys), "model_fields", ()):
            what = "comes from the English page: take it out here"
        case "extra_forbidden":
            what = f"there is no such key here{hint(key, _known(model, place[:-1]))}"
        case "string_pattern_mismatch":
            what = _PATTERNS.get(key, detail["msg"])
        case "answer":
            place, what = (*place, "answer"), detail["msg"]
        case "options":
            place, what = (*place, "options"), detail["msg"]
        case other:
            what = _SAYS[other].format_map(context) if other in _SAYS else detail["msg"]
    return Slip(keys.line(place), said(place), what)


def _known(model: type[Head], place: Place) -> list[str]:
    within: dict[str, type[BaseModel]] = {"quiz": QuizItem, "questions": QuizItem, "sources": Source}
    return list((within.get(str(place[0]), model) if place else model).model_fields)
