"""A quick poll by hands up, at any moment of a lesson. Nothing of it is kept: it is for the board."""

from bot.desk.visit import Visit, button
from bot.wire import Answer, Choice, Form, FormField, Kind, Look, Show
from lessons import MOST_HANDS, count_of
from pages import Bullets, Document, Span, Tone, note, paragraph
from school.words import Text

ANSWERS = {"yes": Text("Yes"), "no": Text("No"), "unsure": Text("Not sure")}
# The longest bar in signs: a phone shows so many in one line beside the words.
LONGEST = 14
TITLE = Text("Quick poll")


def poll_form(visit: Visit) -> Answer:
    """A box for each answer. What was asked stands nowhere: it is said aloud."""
    fields = tuple(
        FormField(name=name, label=label, kind=Kind.NUMBER, optional=True) for name, label in ANSWERS.items()
    )
    words = Text("Ask your question aloud and count hands for one answer at a time, from 0 to {most}.")
    intro = paragraph(Text(words.msgid, {"most": MOST_HANDS}))
    form = Form(
        title=TITLE,
        submit=Text("Show the bars"),
        verb="poll.show",
        args={"c": visit.incoming.args.get("c", "")},
        fields=fields,
        intro=Document(TITLE, (intro,)),
    )
    return Answer(form=form, show=Show.FORM)


def poll_bars(visit: Visit) -> Answer:
    """The counts as bars."""
    typed = visit.incoming.args
    counts = {name: count_of(typed.get(name, ""), where=label) for name, label in ANSWERS.items()}
    total, most = sum(counts.values()), max(counts.values())
    lines = tuple(
        (Span(ANSWERS[name], strong=True), Span(": "), Span(_said(count, total)), Span(_bar(count, most)))
        for name, count in counts.items()
    )
    kept = note(Text("For the board only: nothing of a poll is kept."), Tone.PLAIN)
    return Answer(document=Document(TITLE, (Bullets(lines), kept)), choices=((_another(visit),),), show=Show.REPLACE)


def _said(count: int, total: int) -> Text:
    return Text("{count} of {total}", {"count": count, "total": total})


def _bar(count: int, most: int) -> str:
    return " " + "▇" * max(1, round(count * LONGEST / most)) if count else ""


def _another(visit: Visit) -> Choice:
    return button(Text("Another poll"), "poll", Look.PRIMARY, {"c": visit.incoming.args.get("c", "")})
