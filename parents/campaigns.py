"""Campaigns: steps at school days before and after a date, such as Safer Internet Day.

A step's id and version name its mailing. Whoever edits a step raises its version: it then goes once more, as long as it
is news at all, and only to those who have had no version of it. A family that joins later enters at the step that comes
next. A step that was missed is caught up or left out as its `catch_up` says.
"""

import tomllib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from parents.choosing import more_than_news
from parents.families import FamilyStore
from parents.mailings import Laid, lay_next
from parents.newsletters import wants
from school.calendar import BeyondTheCalendarError, Calendar
from school.evidence import Evidence, EvidenceBook
from school.notices import Mailing, Mailings, To
from school.people import YearGroup
from school.school import School

CONTENT = Path(__file__).parent / "content"
# How far ahead steps become rows: rows grow with people and steps soon, not with all steps.
HORIZON = timedelta(days=14)
LATE = timedelta(days=2)


class CampaignFault(ValueError):  # noqa: N818 - a list of faults for an author
    """A campaign's file is wrong; the message names every place."""


class Meant(StrEnum):
    """Whose a step is. LEAD: whoever leads on e-safety, or else the head. ALL_STAFF: everybody but governors."""

    FAMILIES = "families"
    TEACHERS = "teachers"
    LEAD = "lead"
    ALL_STAFF = "all_staff"


class Step(BaseModel):
    """One message: `school_days` from the anchor (before it if negative), at a time on the school's wall.

    What is skipped when it is late is good for two days where it is for families, and for its own day where it is for
    staff: nobody can use today's activity tomorrow.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    version: int = 1
    page: str
    to: Meant = Meant.FAMILIES
    school_days: int
    at: time = time(16, 0)
    catch_up: Literal["skip", "send"] = "skip"


class Campaign(BaseModel):
    """A campaign as its file describes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    anchor: date
    step: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Coming:
    """A step whose time is near, and its mailing."""

    step: Step
    mailing: Mailing


@dataclass(frozen=True, kw_only=True)
class Soon:
    """Steps whose time is near; `beyond` how many the calendar does not reach."""

    steps: tuple[Coming, ...]
    beyond: int

    @property
    def mailings(self) -> tuple[Mailing, ...]:
        """Of each."""
        return tuple(each.mailing for each in self.steps)


def load_campaigns(root: Path = CONTENT) -> dict[str, Campaign]:
    """Every campaign under a root, by id. Raises CampaignFault with every fault."""
    found: dict[str, Campaign] = {}
    faults: list[str] = []
    for path in sorted(root.rglob("campaign.toml")):
        try:
            campaign = Campaign.model_validate(tomllib.loads(path.read_text("utf-8")))
        except tomllib.TOMLDecodeError as error:
            faults.append(f"{path}: {error}")
        except ValidationError as error:
            faults += [f"{path}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        else:
            if campaign.id in found:
                faults.append(f"{path}: there is already a campaign {campaign.id}")
            found[campaign.id] = campaign
    if faults:
        raise CampaignFault("\n".join(faults))
    return found


def due_of(step: Step, *, anchor: date, school: School) -> datetime:
    """When a step goes out: its school day, its time, and never in quiet hours. Raises BeyondTheCalendarError."""
    day = school.calendar.add_school_days(anchor, step.school_days)
    return school.calendar.next_open(school.calendar.at(day, step.at))


def dues_of(campaign: Campaign, *, school: School) -> list[tuple[Step, datetime]]:
    """The steps that the calendar reaches, in the file's order, and when each goes out; by the school's own date."""
    anchor = school.campaigns.get(campaign.id, campaign.anchor)
    found = []
    for step in campaign.step:
        with suppress(BeyondTheCalendarError):
            found.append((step, due_of(step, anchor=anchor, school=school)))
    return found


def steps_soon(campaign: Campaign, *, school: School, now: datetime) -> Soon:
    """The steps that come due soon, or are caught up, as mailings. Those the calendar does not reach are counted.

    A page may speak of the {theme}: it is the school's own, or else the campaign's name.
    """
    dues = dues_of(campaign, school=school)
    day = school.campaigns.get(campaign.id, campaign.anchor)
    newest: dict[Meant, datetime] = {}
    for step, due in dues:
        if due <= now:
            newest[step.to] = max(due, newest.get(step.to, due))
    values = {"theme": school.themes.get(campaign.id, campaign.name)}
    found = []
    for step, due in dues:
        # Caught up is the newest alone: after a long sleep families get one message, and no history. So do teachers,
        # the lead and all staff. What leads up to the day is history once the day is over.
        news = step.school_days >= 0 or school.calendar.today(now) <= day
        caught_up = step.catch_up == "send" and due == newest.get(step.to) and due + HORIZON >= now and news
        good_until = _good_until(step, due, calendar=school.calendar)
        if due > now + HORIZON or (good_until < now and not caught_up):
            continue
        mailing = Mailing(
            id=f"campaign:{campaign.id}:{step.id}:{step.version}",
            campaign=campaign.id,
            page=step.page,
            due=due,
            not_after=max(due, now) + LATE if step.catch_up == "send" else good_until,
            joined_by=due if step.to is Meant.FAMILIES else None,
            to=To.FAMILY if step.to is Meant.FAMILIES else To.PERSON,
            values=values,
        )
        found.append(Coming(step=step, mailing=mailing))
    return Soon(steps=tuple(found), beyond=len(campaign.step) - len(dues))


def _good_until(step: Step, due: datetime, *, calendar: Calendar) -> datetime:
    if step.catch_up == "skip" and step.to is not Meant.FAMILIES:
        return max(due, calendar.at(calendar.today(due), calendar.open_until))
    return due + LATE


def had_before(mailing: Mailing, who: Sequence[str], *, mailings: Mailings) -> frozenset[str]:
    """The ids among these of those who have had another version of a step, or have it on its way."""
    step, _, version = mailing.id.rpartition(":")
    return mailings.had(f"{step}:", besides=mailing.id, to=mailing.to, among=who) if version != "1" else frozenset()


def plan_step(
    mailing: Mailing,
    *,
    school: School,
    years: frozenset[YearGroup],
    families: FamilyStore,
    mailings: Mailings,
    evidence: EvidenceBook,
    now: datetime,
) -> Laid:
    """Lay down the next chunk of a step for families of the years, of all where there are none. Twice stores once.

    Only those who had joined by the time it was due get it; others enter at the step that comes next. One that is late
    waits for the end of the quiet hours. The caller commits, and asks again until done.
    """
    if school.calendar.is_quiet(now):
        return Laid()
    laid = lay_next(
        mailing,
        meant=lambda family: more_than_news(family) and wants(family, years=years, school=school),
        had=lambda who: had_before(mailing, who, mailings=mailings),
        families=families,
        mailings=mailings,
        now=now,
    )
    if laid.whole:
        what = f"{mailing.campaign}: {laid.whole} messages planned"
        evidence.write(Evidence(clause="C18", kind="campaign.planned", when=now, what=what))
    return laid
