"""An event as it stands in the school file, under [[events]], and what no single field of it can show."""

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from school.events import NOTICE_DAYS, EventKind, SchoolEvent
from school.people import YearGroup


class EventTable(BaseModel):
    """`[[events]]`: families hear of it `notice` school days before. Leave out `classes` and `years` for all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    name: str = Field(min_length=1, max_length=60)
    day: date
    kind: EventKind
    starts: time | None = None
    classes: tuple[str, ...] = ()
    years: tuple[str | int, ...] = ()
    rsvp: bool = False
    places: int | None = Field(default=None, ge=1, le=5_000)
    notice: int = Field(default=NOTICE_DAYS, ge=0, le=30)
    cancelled: bool = False

    @field_validator("years")
    @classmethod
    def _years(cls, years: tuple[str | int, ...]) -> tuple[str | int, ...]:
        for year in years:
            YearGroup.parse(year)
        return years

    @model_validator(mode="after")
    def _counted(self) -> Self:
        if self.places is not None and not self.rsvp:
            msg = "places are counted by replies: add rsvp = true, or take places out"
            raise ValueError(msg)
        return self

    def event(self) -> SchoolEvent:
        """As rooms know it."""
        plain = self.model_dump(exclude={"years"})
        return SchoolEvent(**plain, years=tuple(YearGroup.parse(year) for year in self.years))


Loc = tuple[str | int, ...]


def days_out_of_reach(
    events: list[tuple[Loc, Mapping[str, Any]]], terms: list[tuple[Loc, Mapping[str, Any]]]
) -> Iterator[tuple[Loc, str]]:
    """Events of an earlier school year: the calendar does not have their days any more."""
    firsts = [term["first"] for _, term in terms if isinstance(term.get("first"), date)]
    began = min(firsts, default=None)
    for loc, event in events:
        day = event.get("day")
        if isinstance(day, date) and began is not None and day < began:
            said = f"{event.get('id', 'an event')!r} is on {day}, before the first term began on {began}"
            yield (*loc, "day"), f"{said}: take it out, or write its new day"
