"""Who is in the building: people with ids of our own, classes, year groups, languages; never a platform's names."""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import ClassVar


class Role(StrEnum):
    """What a member of staff may be asked to do. The spelling is the school file's."""

    HEAD = "head"
    DSL = "dsl"
    DEPUTY_DSL = "deputy_dsl"
    CHAIR_OF_GOVERNORS = "chair_of_governors"
    GOVERNOR = "governor"
    ESAFETY_LEAD = "esafety_lead"
    TECHNICIAN = "technician"
    TEACHER = "teacher"
    OFFICE = "office"
    STAFF = "staff"
    YEAR_LEAD = "year_lead"
    VOLUNTEER = "volunteer"


# Whoever answers for reports by office, whatever a pupil's year: one of them is always told, and they alone end a case.
ANSWERING_ROLES = frozenset({Role.DSL, Role.DEPUTY_DSL, Role.HEAD, Role.CHAIR_OF_GOVERNORS})
# Whoever has a part in the school without working in it.
BESIDE_STAFF = frozenset({Role.CHAIR_OF_GOVERNORS, Role.GOVERNOR, Role.VOLUNTEER})
# Whoever may hold a key to a report.
SAFEGUARDING_ROLES = ANSWERING_ROLES | {Role.YEAR_LEAD}


@dataclass(frozen=True, order=True)
class YearGroup:
    """A year of schooling in England: 0 is Reception, 1 to 13 are Years 1 to 13."""

    number: int

    def __post_init__(self) -> None:
        if not 0 <= self.number <= 13:  # the range of an English school, Reception to Year 13
            msg = f"year group {self.number} is not between 0 (Reception) and 13"
            raise ValueError(msg)

    @property
    def code(self) -> str:
        """`R`, or the number: the spelling in files and on buttons."""
        return "R" if self.number == 0 else str(self.number)

    @classmethod
    def parse(cls, code: str | int) -> "YearGroup":
        """From `R` or a number. Raises ValueError on anything else."""
        return cls(0 if str(code).strip().upper() == "R" else int(code))


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member of staff or a governor, as the school file names them. Pupils and parents are never one of these."""

    id: str
    name: str
    roles: frozenset[Role]
    slack: str | None = None
    email: str | None = None
    about: str = ""
    classes: tuple[str, ...] = ()

    def holds(self, *roles: Role) -> bool:
        """Whether any of these roles is theirs."""
        return not self.roles.isdisjoint(roles)

    @property
    def on_staff(self) -> bool:
        """Whether they work here; a teacher who is a governor as well does."""
        return bool(self.roles - BESIDE_STAFF)

    @property
    def only_helps(self) -> bool:
        """Whether they are a volunteer and nothing else here."""
        return self.roles == {Role.VOLUNTEER}


@dataclass(frozen=True, kw_only=True)
class Slot:
    """When a class has its lesson each week: `weekday` 0 is Monday, `at` the wall's time."""

    weekday: int
    at: time


@dataclass(frozen=True, kw_only=True)
class SchoolClass:
    """A class: its short id, the name on the door, its year groups (several in a mixed class), its Slack channel.

    `moved_up_from` are the ids of the classes in which its children were last year; `slot` is when it has its lesson.
    """

    id: str
    name: str
    years: tuple[YearGroup, ...]
    slack_channel: str | None = None
    moved_up_from: tuple[str, ...] = ()
    slot: Slot | None = None

    def year_in(self, began: date) -> YearGroup:
        """The year whose lessons it has in the school year that began on a day.

        A mixed class has its years' lessons in turn, a school year each, so that a child who stays as many years as
        there are in it meets each year's lessons once.
        """
        years = sorted(self.years)
        return years[began.year % len(years)]


@dataclass(frozen=True, kw_only=True)
class YearRoute:
    """A row of the school file's routing: who reads what is about a pupil of these years as well, by id."""

    years: tuple[YearGroup, ...]
    also: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Language:
    """A language that the school writes in; `code` is BCP 47, `name` is in the language itself."""

    code: str
    name: str
    right_to_left: bool = False


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language(code="en", name="English"),
        Language(code="pl", name="Polski"),
        Language(code="ro", name="Română"),
        Language(code="ur", name="اردو", right_to_left=True),
        Language(code="ar", name="العربية", right_to_left=True),
        Language(code="cy", name="Cymraeg"),
        Language(code="pa", name="ਪੰਜਾਬੀ"),
        Language(code="bn", name="বাংলা"),
        Language(code="pt", name="Português"),
        Language(code="es", name="Español"),
        Language(code="uk", name="Українська"),
    )
}


@dataclass(frozen=True, kw_only=True)
class LocalService:
    """Somebody outside to call, such as children's services or the LADO."""

    id: str
    name: str
    phone: str
    hours: str = ""


@dataclass(frozen=True, kw_only=True)
class Reporting:
    """Who may report where. A year that is not named may not report by DM: platforms ask for 16 years and more.

    Year 12 is the first in which everybody is 16; in Year 11 many are 15. A school may name fewer years, never more.
    Source: the user terms of Slack and Telegram for the United Kingdom, read November 2026.
    """

    SIXTEEN: ClassVar[YearGroup] = YearGroup(12)

    dm_years: frozenset[YearGroup] = field(
        default_factory=lambda: frozenset({YearGroup(12), YearGroup(13)}),
    )
    out_of_hours_phone: str = ""
    record_system: str = "CPOMS"
    # Whether the inbox asks for a code of an authenticator app after the passphrase.
    second_factor: bool = True

    @property
    def years_by_dm(self) -> tuple[YearGroup, ...]:
        """Those that may, youngest first, whatever younger ones the school's file names."""
        return tuple(sorted(year for year in self.dm_years if year >= self.SIXTEEN))

    def dm_allowed(self, year: YearGroup | None) -> bool:
        """Fails closed: an unknown year may not."""
        return year is not None and year in self.years_by_dm
