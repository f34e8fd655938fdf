"""Campaigns: steps at school days before and after a date, such as Safer Internet Day."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from parents.families import FamilyStore
from school.calendar import BeyondTheCalendarError
from school.evidence import Evidence, EvidenceBook
from school.notices import Lane, Notice, Outbox, To
from school.school import School

CONTENT = Path(__file__).parent / "content"
# How far ahead steps become rows: rows grow with people and steps soon, not with all steps.
HORIZON = timedelta(days=14)
LATE = timedelta(days=2)


class CampaignFault(ValueError):  # noqa: N818 - a list of faults for an author
    """A campaign's file is wrong; the message names every place."""


class Step(BaseModel):
    """One message: `school_days` from the anchor (before it if negative), at a time on the school's wall."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    version: int = 1
    page: str
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
class Planned:
    """What one planning did."""

    added: int
    beyond: int


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


def plan_campaign(
    campaign: Campaign,
    *,
    school: School,
    families: FamilyStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    now: datetime,
) -> Planned:
    """Leave notices for the steps that come due soon. Planning twice stores once. The caller commits.

    A step whose time has passed is caught up only where it says so, and only for those who had joined by then; others
    enter at the step that comes next.
    """
    anchor = school.campaigns.get(campaign.id, campaign.anchor)
    everybody = list(families.active())
    added = beyond = 0
    for step in campaign.step:
        try:
            due = due_of(step, anchor=anchor, school=school)
        except BeyondTheCalendarError:
            beyond += 1
            continue
        if due > now + HORIZON or (due + LATE < now and step.catch_up == "skip"):
            continue
        added += _leave(
            (str(family.id) for family in everybody if family.joined <= due),
            campaign=campaign,
            step=step,
            due=due,
            outbox=outbox,
        )
    if added:
        what = f"{campaign.id}: {added} messages planned"
        evidence.write(Evidence(clause="C18", kind="campaign.planned", when=now, what=what))
    return Planned(added=added, beyond=beyond)


def _leave(families: Iterable[str], *, campaign: Campaign, step: Step, due: datetime, outbox: Outbox) -> int:
    return sum(
        outbox.leave(
            Notice(
                key=f"campaign:{campaign.id}:{step.id}:{step.version}:{family}",
                to=To.FAMILY,
                recipient=family,
                page=step.page,
                lane=Lane.BULK,
                due=due,
                not_after=due + LATE,
                campaign=campaign.id,
            ),
        )
        for family in families
    )
