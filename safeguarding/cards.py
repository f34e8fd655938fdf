"""Guidance as dated data: a card for whoever has read a report, with what to do, by when, and whom to call."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from pages import CAPS, Block, Bullets, Document, Heading, Inline, Reader, Span, ease, note, paragraph, says
from safeguarding.dated import is_stale, line_of
from safeguarding.helplines import OUT_OF_HOURS, HelpLine, contact, number, our_help_lines
from school.people import LocalService
from school.school import School
from school.words import Refusal, Text

CARDS = Path(__file__).parent / "content" / "guidance.toml"


class GuidanceFault(ValueError):  # noqa: N818 - a list of faults for an author
    """The file of guidance cards is wrong; the message names every place with its line."""


class NoSuchCardError(Refusal, LookupError):
    """There is no card with that id."""

    text = Text("There is no guidance card called “{name}”. The cards are: {cards}.")


class Unit(StrEnum):
    """What a time limit counts. 0 hours is at once, 0 days is before this one ends."""

    HOUR = "hour"
    SCHOOL_DAY = "school-day"
    WORKING_DAY = "working-day"


@dataclass(frozen=True, kw_only=True)
class Local:
    """Somebody outside whose number only the school knows: the ids it may have in the school file, and what if none."""

    ids: tuple[str, ...]
    missing: Text


OUT_OF_HOURS_ID = "out-of-hours"
LOCALS: Mapping[str, Local] = {
    "lado": Local(
        ids=("lado",),
        missing=Text(
            "Ask your local authority's children's services for the LADO, the officer for allegations against staff. "
            "The number is not in the school file yet.",
        ),
    ),
    "childrens-services": Local(
        ids=("childrens-services", "mash", "childrens-social-care"),
        missing=Text(
            "Ask your local authority's switchboard for children's services. The number is not in the school file yet.",
        ),
    ),
    "prevent": Local(
        ids=("prevent",),
        missing=Text("Ask your local authority's Prevent lead. The number is not in the school file yet."),
    ),
    OUT_OF_HOURS_ID: Local(
        ids=(OUT_OF_HOURS_ID,),
        missing=Text(
            "When school is closed: ask your local authority's emergency duty team. The number is not in the school "
            "file yet.",
        ),
    ),
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Sentence = Annotated[str, Field(min_length=1)]


class Within(_Frozen):
    """How soon after the report was read: `text` is what is said, `count` and `unit` are for timers."""

    text: Sentence
    count: Annotated[int, Field(ge=0, le=20)]
    unit: Unit


class Card(_Frozen):
    """One card. `call` holds ids of help lines and of `LOCALS`, in the order in which they are shown.

    `review_by` is at most twelve months after `checked`: until then it may be shown as fresh.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$")]
    title: Annotated[str, Field(min_length=1, max_length=80)]
    when: Sentence
    steps: Annotated[tuple[Sentence, ...], Field(min_length=2, max_length=6)]
    within: Within
    call: Annotated[tuple[str, ...], Field(min_length=1)]
    checked: date
    source: Sentence
    review_by: date

    @field_validator("call")
    @classmethod
    def _known(cls, call: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        lines: Mapping[str, HelpLine] = info.context or {}
        wrong = [name for name in call if name not in lines and name not in LOCALS]
        wrong += [f"{name} (nobody has verified it)" for name in call if name in lines and not lines[name].verified]
        if wrong:
            msg = f"there is no help line or local service to call: {', '.join(wrong)}"
            raise ValueError(msg)
        return call

    @field_validator("review_by")
    @classmethod
    def _in_a_year(cls, review_by: date, info: ValidationInfo) -> date:
        checked = info.data.get("checked")
        if checked is not None and (review_by <= checked or is_stale(checked, on=review_by)):
            msg = f"should be after {checked}, when it was checked, and at most twelve months later"
            raise ValueError(msg)
        return review_by

    def is_stale(self, on: date) -> bool:
        """Whether it ought to have been looked at again before this day."""
        return on > self.review_by or is_stale(self.checked, on=on)


class _File(_Frozen):
    card: tuple[Card, ...]


def load_cards(path: Path = CARDS) -> tuple[Card, ...]:
    """Every card in the file's order. Raises GuidanceFault with every fault; HelpLineFault without lines to call."""
    lines = {line.id: line for line in our_help_lines()}
    text = path.read_text("utf-8")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GuidanceFault(f"{path}: {error}") from error
    faults = [f"{path}:{line_of(text, 'card', ('card', at, 'id'))}: {what}" for at, what in _twice(values)]
    try:
        cards = _File.model_validate(values, context=lines).card
    except ValidationError as error:
        for fault in error.errors():
            key = ".".join(str(part) for part in fault["loc"][2:] or fault["loc"])
            faults.append(f"{path}:{line_of(text, 'card', fault['loc'])}: {key}: {fault['msg']}")
        raise GuidanceFault("\n".join(faults)) from error
    if faults:
        raise GuidanceFault("\n".join(faults))
    return cards


def _twice(values: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """Each card with the id of an earlier one, by its place in the file from 0."""
    cards = values.get("card")
    ids = [card.get("id") for card in cards if isinstance(card, dict)] if isinstance(cards, list) else []
    for at, name in enumerate(ids):
        if name is not None and name in ids[:at]:
            yield at, f"there are two cards with the id {name}"


def card_faults(on: date, path: Path = CARDS) -> tuple[str, ...]:
    """A fault for each card that is due to be looked at again, and for each that is too hard for its reader.

    Raises GuidanceFault and HelpLineFault. Reading ages take their time, so a start does not wait for this.
    """
    text, cap = path.read_text("utf-8"), CAPS[Reader.STAFF]
    faults = []
    for at, card in enumerate(load_cards(path)):
        if card.is_stale(on):
            line = line_of(text, "card", ("card", at, "review_by"))
            what = f"{card.id} was to be looked at again by {card.review_by}; compare it and write the new dates"
            faults.append(f"{path}:{line}: {what}")
        found = ease(Document("", (paragraph(card.when), *_to_do(card))))
        if found is not None and found.age > cap:
            line = line_of(text, "card", ("card", at, "steps"))
            what = f"{card.id} has a reading age of {found.age}, above {cap}; the longest sentence is “{found.longest}”"
            faults.append(f"{path}:{line}: {what}")
    return tuple(faults)


@cache
def our_cards() -> tuple[Card, ...]:
    """The cards of our own file, read once."""
    return load_cards()


def guidance(card_id: str, *, school: School | None, cards: Iterable[Card] | None = None) -> Document:
    """A card for its reader, with the school's own numbers where it has them. Raises NoSuchCardError."""
    known = {card.id: card for card in (our_cards() if cards is None else cards)}
    card = known.get(card_id)
    if card is None:
        raise NoSuchCardError(name=card_id[:40], cards=", ".join(known))
    return Document(
        card.title,
        (
            paragraph(card.when),
            *_to_do(card),
            Heading(says(Text("Whom to call")), 3),
            Bullets(tuple(_call(name, school) for name in card.call)),
            note(Text("For schools in England. Your own child protection policy goes before this card.")),
            paragraph(
                Text(
                    "Checked on {checked}, to be looked at again by {review_by}. Source: {source}.",
                    {"checked": _day(card.checked), "review_by": _day(card.review_by), "source": card.source},
                ),
            ),
        ),
    )


def _to_do(card: Card) -> tuple[Block, ...]:
    return (
        Heading(says(Text("By when")), 3),
        paragraph(card.within.text),
        Heading(says(Text("What to do")), 3),
        Bullets(tuple(says(step) for step in card.steps), ordered=True),
    )


def _call(name: str, school: School | None) -> Inline:
    if name not in LOCALS:
        line = next(line for line in our_help_lines() if line.id == name)
        return _numbered(line.name, contact(line), line.hours)
    if name == OUT_OF_HOURS_ID and school is not None and school.reporting.out_of_hours_phone:
        return _numbered(OUT_OF_HOURS, number(school.reporting.out_of_hours_phone))
    local = LOCALS[name]
    service = _service(local, school)
    if service is None:
        return says(local.missing)
    return _numbered(service.name, number(service.phone), service.hours)


def _service(local: Local, school: School | None) -> LocalService | None:
    services = {service.id: service for service in school.services} if school is not None else {}
    return next((services[name] for name in local.ids if name in services), None)


def _numbered(name: str | Text, reached: Span, hours: str = "") -> Inline:
    said = (Span(name), Span(": "), reached)
    return (*said, Span(" "), Span(hours, emphasis=True)) if hours else said


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
