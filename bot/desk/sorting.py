"""What came in a flood, at the end of the list and apart from the rest: calm, sealed like any report, to be sorted."""

from collections.abc import Iterator, Sequence

from bot.wire import Card
from pages import Document, Heading, note, says
from safeguarding import Concern, State
from school.words import Text

# On one page; those that nobody has opened come first.
SHOWN = 100
TITLE = Text("Arrived in a flood")
WHY = Text(
    "More reports came at once than people send, so these are kept apart and you were told of them once. No word of "
    "the list of danger signs stood in them. Some may be real: please look through them when the others are done."
)


def apart(concerns: Sequence[Concern]) -> tuple[tuple[Concern, ...], tuple[Concern, ...]]:
    """Those to be read like any other, as they are; and those that are held, the unopened first, then by their age."""
    held = sorted(
        (each for each in concerns if each.held), key=lambda each: (each.state is not State.NEW, each.received)
    )
    return tuple(each for each in concerns if not each.held), tuple(held)


def heading(held: Sequence[Concern]) -> Iterator[Card]:
    """Above those that are held; nothing where there are none."""
    if not held:
        return
    more = len(held) - SHOWN
    rest = Text("{count} more come up here when these are closed.", {"count": more})
    blocks = (Heading(says(TITLE), 2), note(WHY), *((note(rest),) if more > 0 else ()))
    yield Card(Document("", blocks))
