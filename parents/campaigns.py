"""Campaigns: steps at school days before and after a date, such as Safer Internet Day."""

import tomllib
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from parents.choosing import more_than_news
from parents.families import FamilyStore
from parents.mailings import Laid, lay_next
from school.calendar import BeyondTheCalendarError
from school.evidence import Evidence, EvidenceBook
from school.notices import Mailing, Mailings
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
class Soon:
    """Steps whose time is near; `beyond` how many the calendar does not reach."""

    mailings: tuple[Mailing, ...]
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


def steps_soon(campaign: Campaign, *, school: School, now: datetime) -> Soon:
    """The steps that come due soon, or are caught up, as mailings. Those the calendar does not reach are counted."""
    anchor = school.campaigns.get(campaign.id, campaign.anchor)
    found: list[Mailing] = []
    dues: list[tuple[Step, datetime]] = []
    for step in campaign.step:
        with suppress(BeyondTheCalendarError):
            dues.append((step, due_of(step, anchor=anchor, school=school)))
    newest = max((due for _, due in dues if due <= now), default=now)
    for step, due in dues:
        # Caught up is the newest alone: after a long sleep families get one message, and no history.
        caught_up = step.catch_up == "send" and due == newest and due + HORIZON >= now
        if due > now + HORIZON or (due + LATE < now and not caught_up):
            continue
        found.append(
            Mailing(
                id=f"campaign:{campaign.id}:{step.id}:{step.version}",
                campaign=campaign.id,
                page=step.page,
                due=due,
                not_after=max(due, now) + LATE if step.catch_up == "send" else due + LATE,
                joined_by=due,
            ),
        )
    return Soon(mailings=tuple(found), beyond=len(campaign.step) - len(dues))


def plan_step(
    mailing: Mailing,
    *,
    families: FamilyStore,
    mailings: Mailings,
    evidence: EvidenceBook,
    now: datetime,
) -> Laid:
    """Lay down the next chunk of a step. Planning twice stores once. The caller commits, and asks again until done.

    Only those who had joined by the time it was due get it; others enter at the step that comes next.
    """
    laid = lay_next(mailing, meant=more_than_news, families=families, mailings=mailings, now=now)
    if laid.whole:
        what = f"{mailing.campaign}: {laid.whole} messages planned"
        evidence.write(Evidence(clause="C18", kind="campaign.planned", when=now, what=what))
    return laid
