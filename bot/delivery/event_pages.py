"""Pages of events as they go out: days and times in the reader's language, and the button to reply with."""

from collections.abc import Mapping
from datetime import date

from bot.days import NO_TIME, day_in, time_in
from bot.languages import translator
from bot.storage import DeliveryRow
from bot.wire import Choice, Choices, Look
from school.words import Text

EVENT_PAGES = "event-"
# After these nothing is asked.
NO_REPLY = frozenset({"event-off"})
REPLY = Text("See our events, and reply")


def said_days(page: str, values: Mapping[str, str], lang: str) -> Mapping[str, str]:
    """The values of an event's page for readers of one language; of any other page, as they are."""
    if not page.startswith(EVENT_PAGES) or "day" not in values:
        return values
    day = day_in(date.fromisoformat(values["day"]), lang)
    return {**values, "day": day, "time": time_in(values.get("time", ""), lang) or translator(lang)(NO_TIME)}


def buttons_below(row: DeliveryRow) -> Choices:
    """Under what is said of an event, the way to reply: whose chat it is, is looked up when it is tapped."""
    if not row.page.startswith(EVENT_PAGES) or row.page in NO_REPLY:
        return ()
    return ((Choice(label=REPLY, verb="events", look=Look.PRIMARY),),)
