"""The cards that everybody on the staff should know, kept as looked at: not by whom, which one, nor on which day."""

from datetime import UTC, timedelta

from bot.desk.visit import Visit
from bot.wire import Show
from school.evidence import Evidence

CLAUSE, SEEN = "C60", "card.seen"


def card_seen(visit: Visit) -> None:
    """Once a week, dated by its Monday.

    A name or a day here, beside the day of a report, would show the head who told of whom.
    """
    local = visit.school.calendar.local(visit.now)
    monday = local - timedelta(days=local.weekday())
    week = monday.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    evidence = visit.unit.evidence
    if visit.person is not None and SEEN not in evidence.by_kind(since=week).get(CLAUSE, {}):
        what = "Staff looked at who does what, what to do now, or what may follow"
        evidence.write(Evidence(clause="C60", kind="card.seen", when=week, what=what))


def where(visit: Visit) -> Show:
    """What was typed is answered below it; a tap takes the card's place."""
    return Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE
