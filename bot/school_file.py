"""The school file: `school.toml` as people write it, checked all at once, with the line and the cure of each fault."""

import re
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from bot.approver_file import ApproverTable, DataProtectionTable, FilteringTable
from bot.event_file import EventTable
from bot.sanction_file import SanctionTable, StepTable
from bot.school_faults import cross_faults, nearest, place_of
from bot.settings import TokenNames
from school.calendar import Calendar, HalfTerm
from school.people import LANGUAGES, LocalService, Person, Reporting, Role, SchoolClass, Slot, YearGroup, YearRoute
from school.roles import Leave
from school.school import CatchUp, School, SignRule, SiteRules
from school.words import Refusal, Text

# What only a token looks like: core.telegram.org/bots/api#authorizing-your-bot, docs.slack.dev/authentication/tokens.
_LOOKS_LIKE_A_TOKEN = re.compile(r"\d{6,14}:[A-Za-z0-9_-]{20,}|\b(?:xox[a-z]|xapp|xwfp)(?:\.[a-z0-9]+)?-[A-Za-z0-9-]+")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_A_SLOT = re.compile(rf"({'|'.join(DAYS)}) ([01]\d|2[0-3]):[0-5]\d")
_A_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


class SchoolFileError(Refusal):
    """A school file that cannot be used; every fault is listed."""

    text = Text("The school file needs mending:\n{faults}")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Term(_Strict):
    id: str
    first: date
    last: date

    @field_validator("last")
    @classmethod
    def _in_order(cls, last: date, info: Any) -> date:
        if "first" in info.data and last < info.data["first"]:
            msg = "ends before it begins"
            raise ValueError(msg)
        return last


class _Calendar(_Strict):
    timezone: str = "Europe/London"
    terms: tuple[_Term, ...] = Field(min_length=1)
    inset: frozenset[date] = frozenset()
    closed: frozenset[date] = frozenset()
    quiet_from: time = time(20, 0)
    quiet_until: time = time(7, 30)
    open_from: time = time(8, 30)
    open_until: time = time(16, 0)

    @field_validator("timezone")
    @classmethod
    def _known(cls, zone: str) -> str:
        if zone not in available_timezones():
            msg = f"there is no time zone {zone!r}: write one such as Europe/London"
            raise ValueError(msg)
        return zone

    @field_validator("open_until")
    @classmethod
    def _after_opening(cls, until: time, told: ValidationInfo) -> time:
        if until <= told.data.get("open_from", time.min):
            msg = "the school closes before it opens"
            raise ValueError(msg)
        return until


class _Class(_Strict):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,15}$")
    name: str = Field(min_length=1, max_length=40)
    years: tuple[str | int, ...] = Field(min_length=1)
    slack_channel: str | None = None
    moved_up_from: tuple[str, ...] = ()
    lesson: str = ""

    @property
    def slot(self) -> Slot | None:
        """When it has its lesson each week; None where the file does not say."""
        day, _, at = self.lesson.partition(" ")
        return Slot(weekday=DAYS.index(day), at=time.fromisoformat(at)) if at else None

    @field_validator("lesson")
    @classmethod
    def _lesson(cls, typed: str) -> str:
        if typed and not _A_SLOT.fullmatch(typed):
            msg = f'{typed!r} is not a weekday and a time: write it as lesson = "Tuesday 13:30"'
            raise ValueError(msg)
        return typed

    @field_validator("years")
    @classmethod
    def _years(cls, years: tuple[str | int, ...]) -> tuple[str | int, ...]:
        for year in years:
            YearGroup.parse(year)
        return years


class _Curriculum(_Strict):
    catch_up: CatchUp = CatchUp.HOLD
    assemblies_by: tuple[str, ...] = ()


class _Sites(_Strict):
    """How checked sites are looked after."""

    recheck_weeks: int = Field(default=12, ge=1, le=52)
    ask_weekly: bool = True


class _Person(_Strict):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    name: str = Field(min_length=1, max_length=80)
    roles: frozenset[Role] = Field(min_length=1)
    slack: str | None = None
    email: str | None = None
    classes: tuple[str, ...] = ()


class _Leave(_Strict):
    person: str
    first: date
    last: date


class _Route(_Strict):
    """Who reads a concern about a pupil of these years as well; rows add up."""

    years: tuple[str | int, ...] = Field(min_length=1)
    also: tuple[str, ...] = Field(min_length=1)

    @field_validator("years")
    @classmethod
    def _years(cls, years: tuple[str | int, ...]) -> tuple[str | int, ...]:
        for year in years:
            YearGroup.parse(year)
        return years


class _Service(_Strict):
    id: str
    name: str
    phone: str
    hours: str = ""


class _Reporting(_Strict):
    dm_years: frozenset[int] = frozenset({12, 13})
    out_of_hours_phone: str = ""
    record_system: str = "CPOMS"
    second_factor: Literal["required", "off"] = "required"

    @field_validator("dm_years")
    @classmethod
    def _years(cls, years: frozenset[int]) -> frozenset[int]:
        for year in years:
            YearGroup(year)
        return years


class _Agreement(_Strict):
    """Who signs a document, and whether its questions come first. Without `roles`, whoever the document is for."""

    roles: frozenset[Role] | None = Field(default=None, min_length=1)
    quiz: Literal["required", "off"] = "required"


class _Campaign(_Strict):
    """A campaign's day in this school, and its theme where the school has chosen one."""

    date: date
    theme: str = Field(default="", max_length=80)


class _Newsletters(_Strict):
    """Whether two people look at what goes to the whole school."""

    second_person: Literal["required", "off"] = "required"


class _Staff(_Strict):
    """Whether staff are asked over the year for checks, signatures and training."""

    ask: Literal["on", "off"] = "on"


class _Tokens(_Strict):
    """The names of the variables that hold the school's own tokens. A token itself never stands in the file."""

    telegram: str = ""
    slack_bot: str = ""
    slack_app: str = ""
    slack_signing_secret: str = ""

    @field_validator("*")
    @classmethod
    def _name(cls, name: str) -> str:
        if not _A_VARIABLE.fullmatch(name):
            # What stands there is not repeated: it may be the token.
            msg = "write the name of a variable here, such as OAKFIELD_TELEGRAM_TOKEN, and the token itself into .env"
            raise ValueError(msg)
        return name


class SchoolFile(_Strict):
    """What may stand in the file. A pupil is never named in it."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    name: str = Field(min_length=1, max_length=80)
    languages: tuple[str, ...] = ("en",)
    calendar: _Calendar
    classes: tuple[_Class, ...] = Field(min_length=1)
    people: tuple[_Person, ...] = Field(min_length=1)
    leave: tuple[_Leave, ...] = ()
    routing: tuple[_Route, ...] = ()
    services: tuple[_Service, ...] = ()
    reporting: _Reporting = _Reporting()
    campaigns: dict[str, date | _Campaign] = {}
    agreements: dict[str, _Agreement] = {}
    curriculum: _Curriculum = _Curriculum()
    events: tuple[EventTable, ...] = ()
    sites: _Sites = _Sites()
    newsletters: _Newsletters = _Newsletters()
    staff: _Staff = _Staff()
    approvers: ApproverTable = ApproverTable()
    filtering: FilteringTable = FilteringTable()
    data_protection: DataProtectionTable = DataProtectionTable()
    sanctions: SanctionTable = SanctionTable()
    tokens: _Tokens | None = None

    @property
    def token_names(self) -> TokenNames | None:
        """The variables that hold this school's own tokens; None where it has none of its own."""
        return None if self.tokens is None else TokenNames(**self.tokens.model_dump())

    def school(self) -> School:
        """As rooms know it."""
        zone = ZoneInfo(self.calendar.timezone)
        return School(
            id=self.id,
            name=self.name,
            calendar=Calendar(
                zone=zone,
                half_terms=tuple(HalfTerm(**term.model_dump()) for term in self.calendar.terms),
                **self.calendar.model_dump(exclude={"timezone", "terms"}),
            ),
            classes=tuple(
                SchoolClass(
                    id=klass.id,
                    name=klass.name,
                    years=tuple(YearGroup.parse(year) for year in klass.years),
                    slack_channel=klass.slack_channel,
                    moved_up_from=klass.moved_up_from,
                    slot=klass.slot,
                )
                for klass in self.classes
            ),
            people=tuple(Person(**person.model_dump()) for person in self.people),
            languages=tuple(LANGUAGES[code] for code in self.languages),
            reporting=Reporting(
                **self.reporting.model_dump(include={"out_of_hours_phone", "record_system"}),
                dm_years=frozenset(YearGroup(year) for year in self.reporting.dm_years),
                second_factor=self.reporting.second_factor == "required",
            ),
            leave=tuple(Leave(**absence.model_dump()) for absence in self.leave),
            routing=tuple(
                YearRoute(years=tuple(YearGroup.parse(year) for year in row.years), also=row.also)
                for row in self.routing
            ),
            services=tuple(LocalService(**service.model_dump()) for service in self.services),
            campaigns={
                name: each.date if isinstance(each, _Campaign) else each for name, each in self.campaigns.items()
            },
            themes={
                name: each.theme
                for name, each in self.campaigns.items()
                if isinstance(each, _Campaign) and each.theme.strip()
            },
            catch_up=self.curriculum.catch_up,
            assemblies_by=self.curriculum.assemblies_by,
            sites=SiteRules(**self.sites.model_dump()),
            second_person=self.newsletters.second_person == "required",
            asks_staff=self.staff.ask == "on",
            events=tuple(each.event() for each in self.events),
            approvers=self.approvers.approvers(),
            filtering=self.filtering.filtering(),
            data_protection=self.data_protection.contact,
            sanctions=self.sanctions.sanctions(),
            agreements={
                name: SignRule(roles=each.roles, quiz=each.quiz == "required") for name, each in self.agreements.items()
            },
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read and check a file. Raises SchoolFileError with every fault, each with its line where it has one."""
        return cls.parse(cls.text_of(path), place=str(path))

    @classmethod
    def text_of(cls, path: Path) -> str:
        """What stands in a file. Raises SchoolFileError."""
        try:
            return path.read_text("utf-8-sig")
        except FileNotFoundError as error:
            raise SchoolFileError(faults=f"{path} is not there. Make one with: lollipop init") from error
        except OSError as error:
            raise SchoolFileError(faults=f"{path} can't be read. Check what it is and who may read it.") from error
        except UnicodeDecodeError as error:
            raise SchoolFileError(faults=f"{path} is not UTF-8 text. Save it as UTF-8.") from error

    @classmethod
    def parse(cls, text: str, *, place: str) -> Self:
        """Check what stands in a school file; `place` is where it stands. Raises SchoolFileError with every fault."""
        lines = text.splitlines()
        if tokens := _tokens_in(lines):
            raise SchoolFileError(faults="\n".join(f"{place}:{line}: {_FOUND_ONE}" for line in tokens))
        read, faults = cls._read(text, place, lines)
        # Outside of whatever except clause: pydantic's own words repeat what stands in the file.
        if read is None or faults:
            raise SchoolFileError(faults="\n".join(faults))
        return read

    @classmethod
    def _read(cls, text: str, place: str, lines: list[str]) -> tuple[Self | None, list[str]]:
        """The file, and its faults: those of single fields, then those between fields."""
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            return None, [f"{place}: {error}"]
        beside = [f"{place_of(place, lines, loc)}: {said}" for loc, said in cross_faults(values)]
        try:
            return cls.model_validate(values), beside
        except ValidationError as error:
            return None, [_fault(place, lines, fault) for fault in error.errors()] + beside


_FOUND_ONE = (
    "a token stands here. It belongs into .env, never into a school file, for that is kept in the database: "
    "write the name of its variable instead, such as OAKFIELD_TELEGRAM_TOKEN. Whoever saw it here could use it; "
    "ask for a new one."
)


def _tokens_in(lines: list[str]) -> list[int]:
    """The numbers of the lines in which a token stands, be it in a comment."""
    return [number for number, line in enumerate(lines, 1) if _LOOKS_LIKE_A_TOKEN.search(line)]


def _fault(file: str, lines: list[str], fault: Any) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    key = str(fault["loc"][-1]) if fault["loc"] else ""
    where = place_of(file, lines, fault["loc"])
    if fault["type"] == "extra_forbidden":
        return (
            f"{where}: {place}: there is no such key{nearest(key, _keys())}. Take it out or spell it as in the guide."
        )
    if fault["type"] == "missing":
        return f"{where}: {place} is missing. Add it."
    return f"{where}: {place}: {fault['msg'].removeprefix('Value error, ')}"


def _keys() -> list[str]:
    models: tuple[type[BaseModel], ...] = (
        SchoolFile,
        *(ApproverTable, DataProtectionTable, FilteringTable, SanctionTable, StepTable),
        EventTable,
        _Agreement,
        _Staff,
        _Calendar,
        _Campaign,
        _Class,
        _Person,
        _Leave,
        _Newsletters,
        _Route,
        _Service,
        _Reporting,
        _Sites,
        _Term,
        _Tokens,
    )
    return sorted({name for model in models for name in model.model_fields})
