"""`lollipop newsletter`: what would go out, a test of it to one member of staff, and sending it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import click

from bot.channels.telegram.parts import messages_of
from bot.clock import MachineClock
from bot.commands.house import Stores, Where, library, pass_where, say, say_json, stores
from bot.connecting import channel_of
from bot.desk.outlook import Outlook, Press, finished_by, outlook, wanted
from bot.desk.previewing import REASONS, a_test, via_name
from bot.served import Served
from bot.unit import Unit
from pages import Shelf
from parents import PEOPLE_NEEDED, can_approve, plan_newsletter
from school.notices import MailingState, To
from school.people import LANGUAGES
from school.words import Refusal, Text


class NobodyOfThatNameError(Refusal):
    """A test for somebody who is not in the school file."""

    text = Text("There is nobody “{asked}” in the school file. There are: {there}.")


class NotReachedError(Refusal):
    """A test for somebody who has neither Slack nor e-mail in the school file."""

    text = Text("{name} has no Slack id and no e-mail address in the school file. Add one, and try again.")


class LookMissingError(Refusal):
    """A newsletter for the whole school that is to go now, and has not been looked at by two people."""

    text = Text(
        "Nothing was sent: it is for the whole school, and {missing} of {needed} people still have to look at it and "
        "say yes. These can, in Slack or on the page “What has been sent”: {who}.",
    )


class QuietNowError(Refusal):
    """A newsletter that is to go now, in quiet hours."""

    text = Text("Nothing was sent: families hear nothing before {until}. Run it again then, or leave it to its day.")


class OverAlreadyError(Refusal):
    """A newsletter that went out, or was cancelled."""

    text = Text("Nothing was sent: this version of it went out already, or was cancelled. Give the page a new version.")


class HeldError(Refusal):
    """A newsletter that somebody holds."""

    text = Text("Nothing was sent: somebody has paused it. Let it go on with: lollipop campaign resume {page}")


@click.group()
def newsletter() -> None:
    """Newsletters: what would go out, a test, and sending."""


@newsletter.command("plan", epilog="Example: lollipop newsletter plan newsletter-2026-12 --json")
@click.argument("asked", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_where
def plan(where: Where, asked: str, as_json: bool) -> None:  # noqa: FBT001
    """What would go out: to whom, in which languages, when, until when, and who has still to look. Nothing is sent."""
    shelf = library(where).shelf
    with stores(where) as at, at.units.read(at.school.id) as unit:
        found = outlook(wanted(asked, shelf), _press(at, unit, shelf, now=MachineClock().now()))
        if as_json:
            say_json(found.plain())
            return
        for line in _lines(at, found):
            say(line)


@newsletter.command("test", epilog="Example: lollipop newsletter test newsletter-2026-12 --to amara --lang pl")
@click.argument("asked", metavar="ID")
@click.option("--to", "person", required=True, help="The id of a member of staff, as in the school file.")
@click.option("--lang", default="en", show_default=True, type=click.Choice(list(LANGUAGES)))
@pass_where
def test(where: Where, asked: str, person: str, lang: str) -> None:
    """Send it to one member of staff, marked as a test. It counts for nothing."""
    shelf, now = library(where).shelf, MachineClock().now()
    with stores(where) as at, at.units.write(at.school.id) as unit:
        to = at.school.person(person)
        if to is None:
            raise NobodyOfThatNameError(asked=person[:40], there=", ".join(each.id for each in at.school.people))
        if not (to.slack or to.email):
            raise NotReachedError(name=to.name)
        found = outlook(wanted(asked, shelf), _press(at, unit, shelf, now=now))
        here = Served(school=at.school, tokens=at.tokens)
        notice = a_test(found, person=to.id, lang=lang, mark=f"{now:%Y%m%d%H%M%S}")
        unit.outbox.leave(replace(notice, via=channel_of(at.settings, here, To.PERSON, to.id)))
        unit.commit()
    say(f"A test of “{found.page.front.title}” is on its way to {to.name} alone, as soon as Lollipop runs.")


@newsletter.command("send", epilog="Example: lollipop newsletter send newsletter-2026-12 --now")
@click.argument("asked", metavar="ID")
@click.option("--now", "at_once", is_flag=True, help="Not on its day, but now.")
@pass_where
def send(where: Where, asked: str, at_once: bool) -> None:  # noqa: FBT001
    """Have it go out on its day, or now, and say who has still to look at it."""
    shelf, now = library(where).shelf, MachineClock().now()
    with stores(where) as at:
        with at.units.write(at.school.id) as unit:
            found = outlook(wanted(asked, shelf), _press(at, unit, shelf, now=now))
            header = unit.mailings.open(found.mailing, now=now)
            unit.commit()
        if header.laid or header.state in {MailingState.CANCELLED, MailingState.FINISHED}:
            raise OverAlreadyError
        if at_once:
            _send_now(at, found, state=header.state, now=now)
            return
        for line in _lines(at, found):
            say(line)
        say("It goes by itself on its day; you needn't do anything more." if found.approved else _still_to(at, found))
        if header.state is MailingState.PAUSED:
            say(f"Somebody has paused it. Let it go on with: lollipop campaign resume {found.page.id}")


def _send_now(at: Stores, found: Outlook, *, state: MailingState, now: datetime) -> None:
    """Raises LookMissingError, HeldError and QuietNowError before anything is laid down."""
    calendar = at.school.calendar
    if not found.approved:
        missing = PEOPLE_NEEDED - len(found.yes)
        raise LookMissingError(missing=missing, needed=PEOPLE_NEEDED, who=_who_can(at, found))
    if state is MailingState.PAUSED:
        raise HeldError(page=found.page.id)
    if calendar.is_quiet(now):
        raise QuietNowError(until=f"{calendar.local(calendar.next_open(now)):%d/%m/%Y %H:%M}")
    added, done = 0, False
    while not done:
        with at.units.write(at.school.id) as unit:
            laid = plan_newsletter(
                found.newsletter,
                school=at.school,
                families=unit.families,
                mailings=unit.mailings,
                approvals=unit.approvals,
                evidence=unit.evidence,
                due=now,
                now=now,
            )
            unit.commit()
        added, done = added + laid.added, laid.done
    until = calendar.local(finished_by(added, start=now))
    say(f"It goes out now to {added} families, until about {until:%H:%M}, while Lollipop runs.")


def _press(at: Stores, unit: Unit, shelf: Shelf, *, now: datetime) -> Press:
    return Press(school=at.school, shelf=shelf, unit=unit, base=at.address, parts=messages_of, now=now)


def _lines(at: Stores, found: Outlook) -> Iterator[str]:
    audience, local = found.audience, at.school.calendar.local
    yield f"{found.page.front.title} ({found.newsletter.page}, version {found.newsletter.version})"
    yield f"Goes out: {local(found.mailing.due):%Y-%m-%d %H:%M}" + (
        f" (its time, {local(found.wished):%H:%M}, falls in quiet hours)" if found.quiet_hours else ""
    )
    yield f"Families: {audience.families}"
    yield from _counts("By language", audience.by_lang)
    yield from _counts("By channel", {str(via_name(via)): number for via, number in audience.by_via.items()})
    yield from _counts("By class", audience.by_class)
    yield from _counts("By year", {code or "no class chosen": number for code, number in audience.by_year.items()})
    yield from _counts("Left out", {str(REASONS[why]): number for why, number in audience.left_out.items()})
    if found.missing:
        yield f"Not written in: {', '.join(found.missing)}. Those families get it in English, and it says so."
    yield from _counts("Messages each", found.parts)
    quiet = ": that is in quiet hours; what is left then goes on in the morning" if found.finish_is_quiet else ""
    yield f"The last of it about: {local(found.finish):%Y-%m-%d %H:%M}{quiet}"
    if found.needs_two:
        names = ", ".join(_name(at, person) for person in found.yes) or "nobody yet"
        yield f"Looked at by: {names} ({len(found.yes)} of {PEOPLE_NEEDED})"


def _counts(label: str, counts: Mapping[str, int]) -> Iterator[str]:
    if counts:
        yield f"{label}: {', '.join(f'{what} {number}' for what, number in counts.items())}"


def _still_to(at: Stores, found: Outlook) -> str:
    missing = PEOPLE_NEEDED - len(found.yes)
    return f"It waits: {missing} of {PEOPLE_NEEDED} people still have to look at it and say yes: {_who_can(at, found)}."


def _who_can(at: Stores, found: Outlook) -> str:
    can = [person.name for person in can_approve(at.school.people) if person.id not in found.yes]
    return ", ".join(can) or "nobody; give somebody the role of head, dsl, esafety_lead or office"


def _name(at: Stores, person: str) -> str:
    known = at.school.person(person)
    return known.name if known else person
