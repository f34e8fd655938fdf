"""What has been sent, in the words that staff know: titles, classes and people, never an id."""

from collections.abc import Mapping

from bot.desk import previewing, sending
from bot.desk.visit import Visit
from bot.unit import DeliveryLine
from bot.wire import Answer, Via
from pages import Block, Bullets, Document, Facts, Heading, NoSuchPageError, says
from school.notices import Lane, To
from school.words import Text

STATES: dict[str, Text] = {
    "planned": Text("Planned"),
    "claimed": Text("Being prepared"),
    "sending": Text("Being sent"),
    "sent": Text("Sent"),
    "failed": Text("Failed"),
    "skipped": Text("Skipped"),
    "unknown": Text("Unknown: may or may not have gone out"),
}
CHANNELS: Mapping[str, Text] = {
    Via.SLACK: Text("Slack"),
    Via.TELEGRAM: Text("Telegram"),
    Via.EMAIL: Text("e-mail"),
}
LINES = 12


def deliveries(visit: Visit) -> Answer:
    """What is planned, sent, failed and unknown, in one place."""
    counts = visit.unit.deliveries.counts()
    facts = tuple((label, str(counts.states.get(state, 0))) for state, label in STATES.items())
    blocks: list[Block] = [Facts(facts)]
    lines = visit.unit.deliveries.lines(limit=LINES)
    if lines:
        blocks.append(Heading(says(Text("Newest")), 3))
        blocks.append(Bullets(tuple(says(_said(visit, line)) for line in lines)))
    return Answer(
        document=Document(Text("What has been sent"), tuple(blocks)),
        cards=sending.cards(visit),
        choices=sending.school_choices(visit) if visit.incoming.via is Via.WEB else previewing.doors(visit),
    )


def _said(visit: Visit, line: DeliveryLine) -> Text:
    return Text(
        "{page} to {to} by {channel}: {state} ({due})",
        {
            "page": _title(visit, line.page),
            "to": _recipient(visit, line),
            "channel": CHANNELS.get(line.channel, Text("{channel}", {"channel": line.channel})),
            "state": STATES.get(line.state, Text("{state}", {"state": line.state})),
            "due": f"{visit.school.calendar.local(line.due):%d %b %H:%M}",
        },
    )


def _title(visit: Visit, page: str) -> Text:
    """A page that is no longer in the library keeps its id: it is all that is known of it."""
    try:
        return Text("“{title}”", {"title": visit.house.shelf.get(page, "en").front.title})
    except NoSuchPageError:
        return Text("“{title}”", {"title": page})


def _recipient(visit: Visit, line: DeliveryLine) -> Text:
    """Who gets it. All staff read this list: of a concern nobody may see to whom it went, and so whom it is about."""
    kind, _, recipient = line.to.partition(" ")
    if kind == To.CHAT:
        return Text("somebody who wrote to us")
    if kind == To.PROVIDER:
        return Text("The filter's provider")
    if kind == To.PENDING:
        return Text("somebody who asked to join")
    if line.lane is Lane.SAFEGUARDING:
        return Text("somebody with a safeguarding role")
    if kind == To.FAMILY:
        return Text("a family")
    known = visit.school.classes if kind == To.CLASS else visit.school.people
    name = next((each.name for each in known if each.id == recipient), None)
    if name is not None:
        return Text("{name}", {"name": name})
    return Text("a class of earlier") if kind == To.CLASS else Text("somebody of earlier")
