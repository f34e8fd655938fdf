"""Guidance as it changes: releases that people enter by hand, and each of them as a check that is asked once."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Protocol, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from school.people import Role
from school.words import Refusal, Text
from staff.addresses import tidied
from staff.checks import Check, Rhythm
from staff.days import day_typed
from staff.duties import Duty, DutyState, DutyStore, Sort
from staff.policy import CONTENT, PolicyFault
from staff.versions import PolicyStore, policy_of

GUIDANCE = "C24"
# What stands before a release's id where a check's is asked for, so that the two never meet.
ASKED_AS = "guidance-"
OWN = "own-"
WITHIN_DAYS = 20
LINE_LENGTH, TITLE_LENGTH, SOURCE_LENGTH = 240, 70, 120
MOST_CHANGED, MOST_TO_DO = 5, 8
MOST_BYTES = 100_000

Line = Annotated[str, StringConstraints(min_length=1, max_length=LINE_LENGTH)]
# A day, or a month where no day was found.
DAY_OR_MONTH = r"^(20[0-9]{2}-(0[1-9]|1[0-2])(-[0-3][0-9])?)?$"


class Release(BaseModel):
    """One release of guidance in our own words, or in a school's.

    `published` and `looked`, the day on which it was read, may be a month; `in_force` is missing where nothing is said
    of it. `read` says whether the document itself was read, or a summary by others. `do` are lines of a checklist.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,28}$")
    title: str = Field(min_length=1, max_length=TITLE_LENGTH)
    published: str = Field(default="", pattern=DAY_OR_MONTH)
    in_force: date | None = None
    source: str = Field(min_length=1, max_length=SOURCE_LENGTH)
    address: str = Field(default="", pattern=r"^(https?://\S+)?$", max_length=300)
    looked: str = Field(pattern=DAY_OR_MONTH, min_length=7)
    read: Literal["source", "summary"]
    changed: tuple[Line, ...] = Field(min_length=1, max_length=MOST_CHANGED)
    do: tuple[Line, ...] = Field(min_length=1, max_length=MOST_TO_DO)
    clauses: tuple[str, ...] = (GUIDANCE,)

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if not self.published and self.in_force is None:
            msg = "published or in_force: give one of them, so that it is known from when to ask"
            raise ValueError(msg)
        if GUIDANCE not in self.clauses:
            msg = f"clauses: {GUIDANCE} has to be among them"
            raise ValueError(msg)
        for name in ("published", "looked"):
            if said := getattr(self, name):
                first_day(said)
        return self

    @property
    def start(self) -> date:
        """From which day on it is asked: as it was published, else as it came into force."""
        if self.published:
            return first_day(self.published)
        assert self.in_force is not None
        return self.in_force

    @property
    def check(self) -> Check:
        """The same as something that the e-safety lead is asked, once."""
        return Check(
            id=f"{ASKED_AS}{self.id}",
            title=self.title,
            ask="This guidance is new. Read what changed, do what concerns the school, and say that it is done.",
            steps=self.do,
            clauses=self.clauses,
            who=Role.ESAFETY_LEAD,
            else_who=(Role.HEAD,),
            rhythm=Rhythm.ONCE,
            start=self.start,
            within=WITHIN_DAYS,
        )


def first_day(said: str) -> date:
    """A day, or the first of a month. Raises ValueError where there is no such day."""
    return date.fromisoformat(said if len(said) > len("2026-01") else f"{said}-01")


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    release: tuple[Release, ...] = Field(min_length=1)


class ReleaseStore(Protocol):
    """What a school wrote down of guidance itself. Only added to; the caller commits."""

    def keep(self, release: Release) -> None:
        """One more, or a newer text of one that is there."""

    def own(self) -> tuple[Release, ...]:
        """The newest text of each."""


class NotGuidanceError(Refusal):
    """A file or a form that is no release."""

    text = Text("This needs mending:\n{faults}\nNothing was kept.")


class NameTakenError(Refusal):
    """There is another by that id."""

    text = Text("There is one by the name of “{name}” already. Give it another name; what you typed is still here.")


def read_releases(text: str) -> tuple[Release, ...]:
    """Every release of a file, in its order. Raises PolicyFault with every fault."""
    try:
        found = _File.model_validate(tomllib.loads(text)).release
    except tomllib.TOMLDecodeError as error:
        raise PolicyFault(str(error)) from error
    except ValidationError as error:
        lines = [f"{_place(text, fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        raise PolicyFault("\n".join(lines)) from error
    ids = [each.id for each in found]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        msg = f"these releases are there twice: {', '.join(twice)}"
        raise PolicyFault(msg)
    return found


def _place(text: str, loc: Sequence[str | int]) -> str:
    """A release by its id where it has one."""
    if len(loc) < len(("release", 0)):
        return ".".join(map(str, loc))
    try:
        name = tomllib.loads(text)["release"][int(loc[1])].get("id", f"number {int(loc[1]) + 1}")
    except (KeyError, IndexError, ValueError, TypeError, AttributeError):
        name = str(loc[1])
    return ": ".join(filter(None, (f"release {name}", ".".join(map(str, loc[2:])))))


def load_releases(path: Path = CONTENT / "guidance.toml") -> tuple[Release, ...]:
    """Those that come with Lollipop. Raises PolicyFault with every fault."""
    try:
        return read_releases(path.read_text("utf-8"))
    except PolicyFault as fault:
        raise PolicyFault("\n".join(f"{path}: {line}" for line in str(fault).splitlines())) from fault


@cache
def shipped_releases() -> tuple[Release, ...]:
    """As load_releases, read once."""
    return load_releases()


def releases_of(store: ReleaseStore) -> tuple[Release, ...]:
    """Ours and the school's own, the newest on top."""
    found = {each.id: each for each in (*shipped_releases(), *store.own())}
    return tuple(sorted(found.values(), key=lambda each: (each.start, each.id), reverse=True))


def checks_of(policies: PolicyStore, releases: ReleaseStore) -> tuple[Check, ...]:
    """The calendar of checks with each release as one; not for clauses that the school has dropped."""
    policy = policy_of(policies)
    known = {clause.id for clause in policy.clauses}
    asked = (each.check for each in releases_of(releases))
    return (*policy.checks, *(check for check in asked if not known.isdisjoint(check.clauses)))


def add_releases(text: str, *, store: ReleaseStore) -> tuple[Release, ...]:
    """Keep those of a file. The caller commits. Raises NotGuidanceError or NameTakenError."""
    if len(text.encode()) > MOST_BYTES:
        raise NotGuidanceError(faults="it is larger than such a file can be. Is it another one?")
    try:
        found = read_releases(text)
    except PolicyFault as fault:
        raise NotGuidanceError(faults=str(fault)) from fault
    ours = {each.id for each in shipped_releases()}
    for release in found:
        if release.id in ours:
            raise NameTakenError(name=release.id)
    for release in found:
        store.keep(release)
    return found


def add_typed(typed: Mapping[str, str], *, store: ReleaseStore, on: date) -> Release:
    """Keep one that came from a form: a line each for what changed and what to do. The caller commits.

    Raises NotGuidanceError, NameTakenError, NoAddressError or LongAddressError.
    """
    title = " ".join(typed.get("title", "").split())
    name = f"{OWN}{re.sub(r'[^a-z0-9]+', '-', title.casefold()).strip('-')[:24].strip('-')}"
    address = typed.get("address", "").strip()
    values = {
        "id": name if len(name) > len(OWN) else f"{OWN}{on:%Y%m%d}",
        "title": title,
        "published": _iso(typed.get("published", ""), name="The day it was published"),
        "in_force": _iso(typed.get("in_force", ""), name="The day it is in force from") or None,
        "source": " ".join(typed.get("source", "").split()),
        "address": tidied(address).address if address else "",
        "looked": on.isoformat(),
        "read": "source",
        "changed": _lines(typed.get("changed", "")),
        "do": _lines(typed.get("do", "")),
    }
    if not values["published"] and not values["in_force"]:
        raise NotGuidanceError(faults="Say on which day it was published, or from which day on it is in force.")
    try:
        release = Release.model_validate(values)
    except ValidationError as error:
        faults = "\n".join(
            f"{FIELDS.get(str(each['loc'][0]), '') if each['loc'] else ''}{_said(each['msg'])}"
            for each in error.errors()
        )
        raise NotGuidanceError(faults=faults) from error
    if release.id in {each.id for each in releases_of(store)}:
        raise NameTakenError(name=title)
    store.keep(release)
    return release


FIELDS = {
    "title": "Its name: ",
    "source": "Where you read it: ",
    "changed": f"What changed, up to {MOST_CHANGED} lines of {LINE_LENGTH} characters: ",
    "do": f"What a school does about it, up to {MOST_TO_DO} lines of {LINE_LENGTH} characters: ",
}


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")


def _lines(typed: str) -> tuple[str, ...]:
    found = (" ".join(line.split()).lstrip("-•* ") for line in typed.splitlines())
    return tuple(line for line in found if line)


def _iso(typed: str, *, name: str) -> str:
    """24/11/2026 as 2026-11-24; nothing where nothing was typed."""
    said = typed.strip()
    if not said:
        return ""
    day = day_typed(said)
    if day is None:
        raise NotGuidanceError(faults=f"{name}: write it as 24/11/2026")
    return day.isoformat()


@dataclass(frozen=True, kw_only=True)
class Worked:
    """A release and the duty that it became; None where nobody was asked yet."""

    release: Release
    duty: Duty | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to work through it."""
        return self.duty is None or self.duty.waits


def worked_through(store: ReleaseStore, *, duties: DutyStore) -> tuple[Worked, ...]:
    """Every release with what became of it, the newest on top."""
    latest: dict[str, Duty] = {}
    for duty in duties.of(Sort.CHECK):
        if duty.subject.startswith(ASKED_AS) and duty.said is not DutyState.DROPPED:
            latest.setdefault(duty.subject, duty)
    return tuple(Worked(release=each, duty=latest.get(each.check.id)) for each in releases_of(store))


def take_up(release: Release, *, person: str, due: date, duties: DutyStore, new_id: UUID, now: datetime) -> None:
    """Somebody works through it before it is asked of them: the same duty, laid today. The caller commits."""
    duties.lay(
        Duty(
            id=new_id,
            sort=Sort.CHECK,
            subject=release.check.id,
            period=Rhythm.ONCE.value,
            person=person,
            laid=now,
            due=due,
        )
    )
