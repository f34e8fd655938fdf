"""One school as its file describes it: the building, its people, its year and its rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from school.calendar import Calendar
from school.events import SchoolEvent
from school.people import (
    ANSWERING_ROLES,
    Language,
    LocalService,
    Person,
    Reporting,
    Role,
    SchoolClass,
    YearGroup,
    YearRoute,
)
from school.roles import Leave, holders, present
from school.sanctions import Sanctions
from school.words import Refusal, Text


class CatchUp(StrEnum):
    """What becomes of lessons that a class is behind with.

    HOLD: each in its order, however late. DIGEST: in their order, several joined in one lesson, until the class is
    in step. FAST_FORWARD: what this half-term has comes first, and the missed ones when that is done.
    """

    HOLD = "hold"
    DIGEST = "digest"
    FAST_FORWARD = "fast-forward"


@dataclass(frozen=True, kw_only=True)
class SiteRules:
    """How checked sites are looked after: looked at again after so many weeks, 1 to 52; asked weekly if they answer."""

    recheck_weeks: int = 12
    ask_weekly: bool = True


@dataclass(frozen=True, kw_only=True)
class Approvers:
    """Who says yes to what staff ask for: a role each, and the ids of those who stand in for a role, by the role."""

    unblock: tuple[Role, ...] = (Role.TECHNICIAN, Role.HEAD, Role.ESAFETY_LEAD)
    install: tuple[Role, ...] = (Role.TECHNICIAN, Role.ESAFETY_LEAD)
    research: tuple[Role, ...] = (Role.ESAFETY_LEAD, Role.TECHNICIAN)
    deputies: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Filtering:
    """Who provides the filter, and where its faults are told by e-mail; both may be empty."""

    provider: str = ""
    fault_email: str = ""


@dataclass(frozen=True, kw_only=True)
class SignRule:
    """A school's own choice for a document that adults sign: the `roles` that do, None for its own signers.

    `quiz` says whether its questions, where it has some, come before the signature.
    """

    roles: frozenset[Role] | None = None
    quiz: bool = True


class UnknownClassError(Refusal):
    """A class was named that the school file does not have."""

    text = Text("There is no class called “{name}”. The classes are: {classes}.")


@dataclass(frozen=True, kw_only=True)
class School:
    """Everything that rooms may know of a school. `id` is short, stable and stands in every row."""

    id: str
    name: str
    calendar: Calendar
    classes: tuple[SchoolClass, ...]
    people: tuple[Person, ...]
    languages: tuple[Language, ...]
    reporting: Reporting = field(default_factory=Reporting)
    leave: tuple[Leave, ...] = ()
    routing: tuple[YearRoute, ...] = ()
    services: tuple[LocalService, ...] = ()
    # The school's own dates of campaigns, and its themes, by the campaigns' ids.
    campaigns: Mapping[str, date] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    catch_up: CatchUp = CatchUp.HOLD
    # The ids of those who lead assemblies.
    assemblies_by: tuple[str, ...] = ()
    sites: SiteRules = field(default_factory=SiteRules)
    approvers: Approvers = field(default_factory=Approvers)
    filtering: Filtering = field(default_factory=Filtering)
    # The id of whoever is told of a breach beside the head, the technician and the leads; empty where nobody is named.
    data_protection: str = ""
    # Whether a newsletter for the whole school waits until two people have said yes to it.
    second_person: bool = True
    # Whether staff are asked over the year for checks, signatures and training.
    asks_staff: bool = True
    events: tuple[SchoolEvent, ...] = ()
    # Rules for documents that adults sign, by their pages' ids; one that is not here has the usual ones.
    agreements: Mapping[str, SignRule] = field(default_factory=dict)
    # What may follow when a rule is broken; a part that is empty is the usual one.
    sanctions: Sanctions = field(default_factory=Sanctions)

    @property
    def years(self) -> tuple[YearGroup, ...]:
        """Every year that a class of the school is for, the youngest first."""
        return tuple(sorted({year for klass in self.classes for year in klass.years}))

    def class_named(self, name: str) -> SchoolClass:
        """By id or by name, whatever the capitals. Raises UnknownClassError."""
        wanted = " ".join(name.split()).casefold()
        for klass in self.classes:
            if wanted in {klass.id.casefold(), klass.name.casefold()}:
                return klass
        raise UnknownClassError(name=name[:40], classes=", ".join(klass.name for klass in self.classes))

    def person(self, person_id: str) -> Person | None:
        """The member of staff with this id of ours."""
        return next((person for person in self.people if person.id == person_id), None)

    def person_on_slack(self, slack_id: str) -> Person | None:
        """The member of staff behind a Slack user id."""
        return next((person for person in self.people if person.slack == slack_id), None)

    def holders(self, role: Role) -> tuple[Person, ...]:
        """Everybody with the role."""
        return holders(self.people, role)

    def year_leads(self, year: YearGroup | None) -> tuple[Person, ...]:
        """Who reads what is about a pupil of a year beside the lead and the deputies; nobody where it is not known.

        Whoever answers for reports by office reads what that office gives them, and nothing more by this.
        """
        named = {each for route in self.routing if year in route.years for each in route.also}
        leads = (person for person in self.holders(Role.YEAR_LEAD) if not person.holds(*ANSWERING_ROLES))
        return tuple(person for person in leads if person.id in named)

    def away(self, on: date) -> frozenset[str]:
        """The ids of those who are not in on a day."""
        return frozenset(leave.person for leave in self.leave if leave.covers(on))

    def first_present(self, *roles: Role, on: date) -> tuple[Person, ...]:
        """The holders of the first of these roles that anybody who is in on the day has; nobody where nobody is."""
        return next((people for role in roles if (people := self.present(role, on=on))), ())

    def present(self, role: Role, *, on: date) -> tuple[Person, ...]:
        """Everybody with the role who is not away on the day."""
        return present(self.people, role, leave=self.leave, on=on)
