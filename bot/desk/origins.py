"""Which message of a chat a report came in, as its readers see it on the page and on paper."""

from collections.abc import Iterator
from datetime import datetime

from bot.desk.visit import Visit
from bot.wire import Via
from safeguarding import Opened, Origin, origin_of
from school.messages import ChatMessage, spoken_message
from school.words import Text

# What the reported message is called among the arguments of a form on its way back.
ABOUT_MESSAGE = "message"
PLATFORMS = {Via.SLACK: "Slack", Via.TELEGRAM: "Telegram"}


def origin_here(visit: Visit) -> Origin:
    """Of what came: the message that was typed, and on Slack the one that somebody chose to report."""
    return Origin(wrote=visit.incoming.message, reported=spoken_message(about_message(visit).get(ABOUT_MESSAGE, "")))


def about_message(visit: Visit) -> dict[str, str]:
    """The message that somebody chose to report, to be sent along with the form; nothing where there is none."""
    told = visit.incoming.args.get(ABOUT_MESSAGE, "") if visit.incoming.via is Via.SLACK else ""
    return {ABOUT_MESSAGE: told} if spoken_message(told) else {}


def origin_facts(visit: Visit, opened: Opened) -> Iterator[tuple[Text, Text]]:
    """A line each for who needs them as evidence."""
    origin = origin_of(opened.details)
    if origin.wrote is not None:
        yield Text("Written in"), _named(visit, opened, origin.wrote)
    if origin.reported is not None:
        yield Text("About the message"), _named(visit, opened, origin.reported)


def _named(visit: Visit, opened: Opened, message: ChatMessage) -> Text:
    known = next((name for via, name in PLATFORMS.items() if via == opened.via), opened.via)
    values = {"platform": known, "number": message.number, "when": _clock(visit, message.at)}
    said = Text("{platform} message {number}, {when}", values)
    if message.channel:
        values["channel"] = message.channel
        said = Text("{platform} message {number} in the channel {channel}, {when}", values)
    if message.edited is None:
        return said
    return Text("{message}, changed by its writer {when}", {"message": said, "when": _clock(visit, message.edited)})


def _clock(visit: Visit, at: datetime) -> str:
    return f"{visit.school.calendar.local(at):%d/%m/%Y %H:%M:%S}"
