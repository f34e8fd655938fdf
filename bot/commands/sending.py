"""`lollipop delivery` and `lollipop campaign`: how sending stands, and holding, cancelling and letting go on."""

from datetime import datetime

import click

from bot.clock import MachineClock
from bot.commands.house import Stores, Where, library, pass_where, say, say_json, stores
from parents import Meant, days_in_words, dues_of, uncovered
from school.notices import MailingState
from school.words import Refusal, Text


class NothingToSetError(Refusal):
    """A campaign, page or mailing of which nothing is unfinished."""

    text = Text(
        "Nothing of “{asked}” is unfinished. There are: {there}. Write one of these, or its campaign or page.",
    )


class NoSuchCampaignError(Refusal):
    """An id that no campaign has."""

    text = Text("There is no campaign “{asked}”. There are: {there}.")


class CancelledCampaignError(Refusal):
    """A campaign that was cancelled in part or as a whole."""

    text = Text("{name} was cancelled, and stays so: whatever had not gone out never will. Nothing was changed.")


class UncoveredError(Refusal):
    """A campaign during which nobody would be there to listen."""

    text = Text(
        "Not started. No safeguarding lead or deputy is in on these days of it: {days}. Find somebody who is, and put "
        "it into the school file, or choose another date under [campaigns]. To start it all the same: --anyway",
    )


@click.group()
def delivery() -> None:
    """Sending."""


@delivery.command("status", epilog="Example: lollipop delivery status --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_where
def delivery_status(where: Where, as_json: bool) -> None:  # noqa: FBT001
    """What is planned, sent, failed and unknown."""
    with stores(where) as at:
        counts = at.ledger.counts(at.school.id)
    states = ("planned", "claimed", "sending", "sent", "failed", "skipped", "unknown")
    whole = {state: counts.states.get(state, 0) for state in states}
    if as_json:
        say_json({**whole, "by_channel": {channel: dict(each) for channel, each in counts.by_channel.items()}})
        return
    for state, number in whole.items():
        say(f"{state:8} {number}")


@delivery.command("pause", epilog="Example: lollipop --school oakfield delivery pause")
@pass_where
def delivery_pause(where: Where) -> None:
    """Hold everything of the school but safeguarding."""
    with stores(where) as at:
        _hold(at, since=MachineClock().now())
    say("Held. Notices about safeguarding still go out; everything else waits. Let it go on with: delivery resume")


@delivery.command("resume", epilog="Example: lollipop --school oakfield delivery resume")
@pass_where
def delivery_resume(where: Where) -> None:
    """Let everything of the school go on."""
    with stores(where) as at:
        _hold(at, since=None)
    say("Everything goes on.")


def _hold(at: Stores, *, since: datetime | None) -> None:
    with at.units.write(at.school.id) as unit:
        unit.deliveries.pause(since=since)
        unit.commit()


@click.group()
def campaign() -> None:
    """Campaigns and newsletters that are being sent."""


@campaign.command("status", epilog="Example: lollipop campaign status")
@pass_where
def campaign_status(where: Where) -> None:
    """What each campaign sends to whom and when, and the days of it on which nobody is there to listen."""
    found = library(where)
    with stores(where) as at:
        school, today = at.school, at.school.calendar.today(MachineClock().now())
    for each in found.campaigns.values():
        say(f"{each.id}: {each.name}")
        dues = dues_of(each, school=school)
        for step, due in sorted(dues, key=lambda pair: pair[1]):
            say(f"  {school.calendar.local(due):%Y-%m-%d %H:%M}  {step.to:9}  {step.id}")
        if beyond := len(each.step) - len(dues):
            say(f"  Steps beyond the calendar in the school file: {beyond}. Add the terms to come.")
        if days := uncovered(each, school=school, on=today):
            say(f"  No safeguarding lead or deputy is in on these days: {days_in_words(days)}.")


@campaign.command("start", epilog="Example: lollipop campaign start safer-internet-day-2027")
@click.argument("asked", metavar="ID")
@click.option("--anyway", is_flag=True, help="Also where nobody is there to listen on some of its days.")
@pass_where
def campaign_start(where: Where, asked: str, anyway: bool) -> None:  # noqa: FBT001
    """Say what it sends and when, see that somebody is there to listen, and let it run where it was paused.

    A campaign runs by itself from its date; one that was cancelled stays so.
    """
    campaigns, now = library(where).campaigns, MachineClock().now()
    found = campaigns.get(asked)
    if found is None:
        raise NoSuchCampaignError(asked=asked[:80], there=", ".join(campaigns))
    with stores(where) as at, at.units.write(at.school.id) as unit:
        school, today = at.school, at.school.calendar.today(now)
        dues = sorted(dues_of(found, school=school), key=lambda pair: pair[1])
        say(f"{found.id}: {found.name}")
        for step, due in dues:
            say(f"  {school.calendar.local(due):%Y-%m-%d %H:%M}  {step.to:9}  {step.id}")
        states = {each.state for each in unit.mailings.standings(limit=200) if each.mailing.campaign == found.id}
        if MailingState.CANCELLED in {*states, unit.mailings.state_of(found.id)}:
            raise CancelledCampaignError(name=found.name)
        first = min((school.calendar.today(due) for step, due in dues if step.to is Meant.FAMILIES), default=today)
        days = uncovered(found, school=school, on=max(today, first))
        if days and not anyway:
            raise UncoveredError(days=days_in_words(days))
        paused = MailingState.PAUSED in {*states, unit.mailings.state_of(found.id)}
        unit.mailings.set_state(found.id, MailingState.RUNNING, now=now, to_come=paused)
        unit.commit()
    coming = [due for _, due in dues if due > now]
    if paused:
        say("It was paused, and goes on.")
    if coming:
        when = f"{school.calendar.local(coming[0]):%Y-%m-%d %H:%M}"
        say(f"It runs by itself while Lollipop runs: {len(coming)} of {len(dues)} steps to come, the next on {when}.")
    else:
        say("Nothing of it is to come: all of its steps are over. Another date goes under [campaigns] in school.toml.")


@campaign.command("pause", epilog="Example: lollipop campaign pause safer-internet-day-2027")
@click.argument("asked", metavar="ID")
@pass_where
def campaign_pause(where: Where, asked: str) -> None:
    """Hold a campaign, a page or one mailing, begun or not; what is on its way is finished."""
    say(f"Paused: {_set(where, asked, MailingState.PAUSED)}. Let it go on with: campaign resume {asked}")


@campaign.command("resume", epilog="Example: lollipop campaign resume safer-internet-day-2027")
@click.argument("asked", metavar="ID")
@pass_where
def campaign_resume(where: Where, asked: str) -> None:
    """Let it go on."""
    say(f"Goes on: {_set(where, asked, MailingState.RUNNING)}.")


@campaign.command("cancel", epilog="Example: lollipop campaign cancel safer-internet-day-2027")
@click.argument("asked", metavar="ID")
@pass_where
def campaign_cancel(where: Where, asked: str) -> None:
    """End it, begun or not: whatever has not gone out never will."""
    say(f"Cancelled: {_set(where, asked, MailingState.CANCELLED)}. What has not gone out is skipped.")


def _set(where: Where, asked: str, state: MailingState) -> str:
    """In words what was held, ended or let go on. A campaign may be though none of its steps is open yet."""
    campaigns, now = library(where).campaigns, MachineClock().now()
    found = campaigns.get(asked)
    with stores(where) as at, at.units.write(at.school.id) as unit:
        if found is not None and unit.mailings.state_of(found.id) is MailingState.CANCELLED:
            raise CancelledCampaignError(name=found.name)
        coming = sum(due > now for _, due in dues_of(found, school=at.school)) if found is not None else 0
        moved = unit.mailings.set_state(asked, state, now=now, to_come=coming > 0)
        if not moved and not coming:
            over = {MailingState.CANCELLED, MailingState.FINISHED}
            open_ = [each.mailing.id for each in unit.mailings.standings(limit=20) if each.state not in over]
            raise NothingToSetError(asked=asked, there=", ".join([*campaigns, *open_]) or "none")
        unit.commit()
    return f"{asked}, with {coming} steps to come" if coming else str(moved)
