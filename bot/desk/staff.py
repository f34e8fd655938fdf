"""Staff at the desk: help and home."""

from collections.abc import Mapping

from bot.desk import halves
from bot.desk.counting import numbers
from bot.desk.families import said_stop
from bot.desk.home import home_of
from bot.desk.may import may
from bot.desk.sent import deliveries
from bot.desk.slash import COMMANDS
from bot.desk.visit import Handler, Visit, button, says_only
from bot.desk.whatif import with_door
from bot.desk.wording import notice
from bot.wire import Answer, Look, Show, Via
from pages import Block, Bullets, Document, Tone, note, paragraph, says
from safeguarding import Level
from school.words import Text

TELL = Text("/report – tell someone about a worry")
# Words after /lollipop that this desk answers itself, with the verb whose permission each needs.
TOPICS_HERE: Mapping[str, str] = {
    "coverage": "coverage",
    "deliveries": "deliveries",
    "delivery": "deliveries",
    "numbers": "numbers",
    "status": "deliveries",
}
HANDLERS_HERE: Mapping[str, Handler] = {"coverage": halves.shown, "deliveries": deliveries, "numbers": numbers}
CHAT_COMMANDS: tuple[Text, ...] = (
    Text("/language – choose your language"),
    Text("/years – your classes, and how often you hear from us"),
    Text("/news – the newest newsletter"),
    Text("/quiz – a short quiz for you and your child"),
    Text("/events – what is on at school, and your replies"),
    Text("/whatif – what to do if something goes wrong online"),
    Text("/ask – ask the school about life online"),
    Text("/faq – questions that others have asked"),
    TELL,
    Text("/agree – what the school asks about your own child, and what you answered"),
    Text("/privacy – what we keep about you"),
    Text("/stop – leave at once"),
)


def commands(visit: Visit) -> tuple[Block, ...]:
    """What can be typed here, by this person."""
    offered = CHAT_COMMANDS if visit.incoming.via is Via.TELEGRAM else _slash_commands(visit)
    return (
        paragraph(Text("This is what you can type:")),
        Bullets(tuple(says(command) for command in offered)),
        note(Text("If anyone is in danger now, call 999. Childline is free at any time: 0800 1111.")),
    )


def _slash_commands(visit: Visit) -> tuple[Text, ...]:
    return tuple(
        command if visit.person or verb != "report.start" else TELL
        for verb, command in COMMANDS
        if may(verb, incoming=visit.incoming, person=visit.person)
    )


def help_card(visit: Visit) -> Answer:
    """What can be typed here."""
    return with_door(Answer(document=Document(Text("Lollipop"), commands(visit))), visit=visit)


def unknown(visit: Visit) -> Answer:
    """A word that the desk does not know: say so, and what it does know. With a slash, too, a family may say stop."""
    if left := said_stop(visit, visit.incoming.args.get("typed", "")):
        return left
    words = Text("That isn't something I know.")
    return Answer(document=Document(Text("Lollipop"), (note(words), *commands(visit))))


def lollipop(visit: Visit) -> Answer:
    """`/lollipop TOPIC`."""
    topic = visit.incoming.args.get("topic", "").casefold()
    if topic in {"", "help"}:
        return help_card(visit)
    if visit.person is None:
        return says_only(
            Text("That part is for school staff. If you want to tell someone about a worry, type /report.")
        )
    found = TOPICS_HERE.get(topic)
    if found is None or not may(found, incoming=visit.incoming, person=visit.person):
        return unknown(visit)
    return HANDLERS_HERE[found](visit)


def home(visit: Visit) -> Answer:
    """The App Home: what needs me now, and one tap each."""
    tell = button(Text("Report a concern"), "report.start", Look.DANGER)
    if visit.person is None:
        document = Document(
            Text("Lollipop"),
            (
                paragraph(Text("If something online worries you, you can tell the school's safeguarding team here.")),
                note(
                    Text("If anyone is in danger now, call 999. Childline is free at any time: 0800 1111."), Tone.URGENT
                ),
                *notice(visit, Level.KS2).blocks,
            ),
        )
        return Answer(document=document, choices=((tell,),), show=Show.HOME)
    return home_of(visit, visit.person)
