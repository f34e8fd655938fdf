"""Help lines as dated data: who is there to call, since when we know it, and how a person is told."""

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pages import Bullets, Document, Inline, Span
from safeguarding.dated import is_stale, line_of
from school.school import School
from school.words import Text

CONTENT = Path(__file__).parent / "content"
# The words of the lines that are shown, here for Babel to find; a test compares them with the file.
WORDS = (
    Text("In danger now?"),
    Text("Call 999"),
    Text("Talk to Childline"),
    Text("Free, day and night"),
    Text("By text"),
    Text("Text SHOUT to 85258"),
    Text("Grown-ups can call the NSPCC"),
    Text("Worried how a concern is handled? Call the NSPCC's advice line for staff"),
)
OUT_OF_HOURS = Text("When school is closed")
# Local services that a school calls and a family does not: a child who is given five numbers calls none.
STAFF_ONLY = frozenset({"lado", "prevent"})


class HelpLineFault(ValueError):  # noqa: N818 - a list of faults for an author
    """The file of help lines is wrong; the message names every place with its line."""


class Audience(StrEnum):
    """Who is told of a line."""

    PUPIL = "pupil"
    ADULT = "adult"
    STAFF = "staff"


class HelpLine(BaseModel):
    """One line: whom it is for, how to reach it, when that was last checked and against what.

    `show` says who is told of it, with `lead` before the number and `link` instead of it, both in `WORDS`. `sms` is a
    number to text, with the word to send.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$")]
    name: str
    for_whom: str
    phone: Annotated[str, Field(pattern=r"^(\d[\d ]{1,13}\d)?$")] = ""
    sms: Annotated[str, Field(pattern=r"^(\d{5,11} [A-Z]+)?$")] = ""
    web: Annotated[str, Field(pattern=r"^(https://[^\s/@]+\.[^\s@]+)?$")] = ""
    hours: str = ""
    checked: date
    source: Annotated[str, Field(min_length=1)]
    verified: bool = True
    show: frozenset[Audience] = frozenset()
    lead: str = ""
    link: str = ""

    def is_stale(self, on: date) -> bool:
        """Whether nobody has looked for more than twelve months."""
        return is_stale(self.checked, on=on)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    line: tuple[HelpLine, ...]


def load_help_lines(path: Path = CONTENT / "helplines.toml") -> tuple[HelpLine, ...]:
    """Every line in the file's order. Raises HelpLineFault with every fault."""
    text = path.read_text("utf-8")
    try:
        lines = _File.model_validate(tomllib.loads(text)).line
    except tomllib.TOMLDecodeError as error:
        raise HelpLineFault(f"{path}: {error}") from error
    except ValidationError as error:
        faults = [
            f"{path}:{line_of(text, 'line', fault['loc'])}: {fault['loc'][-1]}: {fault['msg']}"
            for fault in error.errors()
        ]
        raise HelpLineFault("\n".join(faults)) from error
    ids = [line.id for line in lines]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise HelpLineFault("\n".join(f"{path}: there are two lines with the id {name}" for name in twice))
    return lines


def stale_faults(on: date, path: Path = CONTENT / "helplines.toml") -> tuple[str, ...]:
    """A fault for each line that nobody has checked for more than twelve months. Raises HelpLineFault."""
    text = path.read_text("utf-8")
    return tuple(
        f"{path}:{line_of(text, 'line', ('line', at, 'checked'))}: {line.id} was last checked on {line.checked}; "
        "look again and write the new date"
        for at, line in enumerate(load_help_lines(path))
        if line.is_stale(on)
    )


@cache
def our_help_lines() -> tuple[HelpLine, ...]:
    """The lines of our own file, read once."""
    return load_help_lines()


def names_help(words: str) -> bool:
    """Whether words give the number of a line, such as 999: a slip in those is not like any other."""
    digits = re.findall(r"\d+", words)
    run = f" {' '.join(digits)} "
    return any(f" {called} " in run for line in our_help_lines() if (called := line.phone or line.sms.split(" ")[0]))


def help_lines(audience: Audience, *, school: School | None, lines: Iterable[HelpLine] | None = None) -> Document:
    """Whom somebody may call: our lines for them, then the school's own number out of hours and its local services.

    A line that nobody has verified is left out. The title is empty: where it stands says what it is.
    """
    ours = our_help_lines() if lines is None else lines
    items = [_item(line) for line in ours if line.verified and audience in line.show]
    if school is not None:
        if school.reporting.out_of_hours_phone:
            items.append((Span(OUT_OF_HOURS), Span(" "), number(school.reporting.out_of_hours_phone)))
        for service in school.services:
            if service.id in STAFF_ONLY and audience is not Audience.STAFF:
                continue
            hours = (Span(" "), Span(service.hours, emphasis=True)) if service.hours else ()
            items.append((Span(service.name), Span(" "), number(service.phone), *hours))
    return Document("", (Bullets(tuple(items)),))


def _item(line: HelpLine) -> Inline:
    said: tuple[Span, ...] = (Span(Text(line.lead or line.name)), Span(" "), contact(line))
    return (*said, Span(" "), Span(Text(line.hours), emphasis=True)) if line.hours else said


def contact(line: HelpLine) -> Span:
    """What reaches a line: its number, else the word to text, else its address."""
    if line.phone:
        return number(line.phone, Text(line.link) if line.link else None)
    if line.sms:
        digits, _, word = line.sms.partition(" ")
        return Span(Text(line.link), href=f"sms:{digits}?body={word}")
    return Span(line.web.removeprefix("https://"), href=line.web)


def number(phone: str, words: Text | None = None) -> Span:
    """A telephone number to tap, with other words in its place where there are any."""
    return Span(words or phone, strong=True, href="tel:" + re.sub(r"[^\d+]", "", phone))
