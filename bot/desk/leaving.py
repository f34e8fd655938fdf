"""Why a family leaves, if it likes to say: one tap, counted by month, and never with the family."""

from bot.desk.counting import REASONS
from bot.desk.visit import Visit, button, says_only
from bot.wire import Answer, Choice, Show
from pages import Document, Tone, paragraph
from parents import LeavingReason, month_of
from school.words import Text

WHY = "w"
ASKED = Document("", (paragraph(Text("If you like, tell us why. We only count it: nobody sees that it was you.")),))
ROWS: tuple[tuple[Choice, ...], ...] = tuple(
    (button(label, "stop.why", args={WHY: reason.value}),) for reason, label in REASONS.items()
)


def count_left(visit: Visit) -> None:
    """A family has just left."""
    visit.unit.tallies.left(month=month_of(visit.today), reason=LeavingReason.LEFT)


def said_why(visit: Visit) -> Answer:
    """The tap on a reason. It takes the buttons' place, so that it is given once."""
    given = next((reason for reason in REASONS if reason.value == visit.incoming.args.get(WHY, "")), None)
    if given is not None:
        visit.unit.tallies.left(month=month_of(visit.today), reason=given)
    thanks = Text("Thank you for telling us. You get no more news from us here.")
    return says_only(thanks, tone=Tone.GOOD, show=Show.REPLACE)
