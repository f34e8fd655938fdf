"""The roll of training, for whoever minds it: each module, who has done it, who has not, and a reminder in one tap."""

from collections.abc import Sequence
from dataclasses import replace

from bot.desk.reminding import told
from bot.desk.visit import Visit, button, says_only
from bot.wire import Answer, Look, Show
from pages import Block, Bullets, Document, Span, paragraph
from school.words import Text
from staff import RollLine, all_modules, all_scenarios, remind_learners, roll, thought_about

TITLE = Text("Who has done what")
# So that all of it stands in one message: who has not by name, as far as there is room.
MOST_NAMES = 12
BEYOND = Text("Not on Slack, so tell them yourself: {names}")
NOBODY = Text("Everybody has done theirs. There is nobody to remind.")


def roll_of_training(visit: Visit) -> Answer:
    """By module: how many of those asked have done it, and the names of who has not."""
    return _shown(visit)


def _lines(visit: Visit) -> tuple[RollLine, ...]:
    return roll(all_modules(visit.house.shelf), school=visit.school, duties=visit.unit.duties, on=visit.today)


def _shown(visit: Visit, said: Sequence[Block] = ()) -> Answer:
    lines = _lines(visit)
    show = Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE
    if not lines:
        none = Text("No module has been laid yet this school year. The first ones come on the next school day.")
        return replace(says_only(none, title=TITLE), show=show)
    blocks: list[Block] = [*said]
    blocks.append(
        Bullets(tuple((Span(line.module.title, strong=True), Span(" "), Span(_line(line))) for line in lines))
    )
    if said_of := _thought(visit):
        blocks.append(paragraph(said_of))
    waits = any(line.open for line in lines)
    remind = (button(Text("Remind them"), "training.remind", Look.PRIMARY),) if waits else ()
    choices = ((*remind, button(Text("Back to your training"), "training")),)
    return Answer(document=Document(TITLE, tuple(blocks)), choices=choices, show=show)


def _line(line: RollLine) -> Text:
    values: dict[str, str | int | Text] = {"done": line.done, "asked": line.asked}
    if not line.open:
        return Text("all {asked} have done it", values)
    names = ", ".join(person.name for person in line.open[:MOST_NAMES])
    more = len(line.open) - MOST_NAMES
    if more > 0:
        return Text("{done} of {asked}; not yet: {names} and {more} more", {**values, "names": names, "more": more})
    return Text("{done} of {asked}; not yet: {names}", {**values, "names": names})


def _thought(visit: Visit) -> Text | None:
    found = thought_about(all_scenarios(visit.house.shelf), duties=visit.unit.duties, on=visit.today)
    if found is None:
        return None
    values: dict[str, str | int | Text] = {"title": found.title, "answered": found.answered, "asked": found.asked}
    if found.right is None:
        return Text("{title}: {answered} of {asked} have thought about it", values)
    values["right"] = found.right
    return Text("{title}: {answered} of {asked} have thought about it, {right} in 100 chose best", values)


def remind(visit: Visit) -> Answer:
    """Each who has something open hears of it once a day, when staff are in, and of nobody else's."""
    found = remind_learners(_lines(visit), school=visit.school, outbox=visit.unit.outbox, now=visit.now)
    return _shown(visit, tuple(told(visit, found, beyond=BEYOND, nobody=NOBODY)))
