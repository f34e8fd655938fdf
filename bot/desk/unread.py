"""Words after a command that reads none: whoever typed them is told, for nothing is left out in silence."""

from dataclasses import replace

from bot.desk.visit import Visit
from bot.wire import Answer, Via
from pages import Document, Tone, note
from school.words import Text

IN_THE_FORM = Text("The words after /report were not kept. Please write them in the form.")
ON_ITS_OWN = Text(
    "The words after the command were not read, and nothing of them was kept. If you want to tell us something, send "
    "it as a message of its own."
)
NO_MORE = Text("That command reads no more words, so the rest was left out. /lollipop help shows what you can type.")
# What reads the words that come with it.
HEARD = frozenset({"ask", "words"})
# What of /lollipop reads nothing after its first word.
SHORT_TOPICS = frozenset({"help", "status", "delivery", "deliveries"})


def with_unread(answer: Answer, *, visit: Visit) -> Answer:
    """The answer, with one sentence more where words were typed that nobody read. They are never shown again."""
    words = _left_out(visit)
    if words is None:
        return answer
    said = Document("", (note(words, Tone.URGENT if words is IN_THE_FORM else Tone.CALM),))
    if answer.form is not None:
        intro = answer.form.intro or Document(answer.form.title)
        return replace(answer, form=replace(answer.form, intro=intro + said))
    return replace(answer, document=answer.document + said) if answer.document is not None else answer


def _left_out(visit: Visit) -> Text | None:
    incoming = visit.incoming
    match incoming.via:
        case Via.TELEGRAM if incoming.verb not in HEARD and incoming.words:
            return ON_ITS_OWN
        case Via.SLACK if incoming.verb == "report.start" and incoming.words:
            return IN_THE_FORM
        case Via.SLACK if incoming.args.get("rest") and _reads_no_more(visit):
            return NO_MORE
        case _:
            return None


def _reads_no_more(visit: Visit) -> bool:
    args = visit.incoming.args
    return visit.incoming.verb == "check_it" or (
        visit.incoming.verb == "lollipop" and args.get("topic", "").casefold() in SHORT_TOPICS
    )
