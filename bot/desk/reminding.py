"""What became of one tap on “Remind them”: who is reminded, who was, who is away, and who is to be told by mouth."""

from collections.abc import Iterable, Iterator

from bot.desk.visit import Visit
from pages import Block, Tone, note
from school.people import Person
from school.words import Text
from staff import Reminded


def told(visit: Visit, found: Reminded, *, beyond: Text, nobody: Text) -> Iterator[Block]:
    """A line for each. `beyond` has a place for the names of those whom no message reaches."""
    day = {"day": f"{found.day:%d/%m/%Y}"}
    if found.told and found.day == visit.today:
        yield note(Text("Reminded: {names}", _names(found.told)), Tone.GOOD)
    elif found.told:
        words = Text("Reminded on {day}, when staff are in: {names}", {**day, **_names(found.told)})
        yield note(words, Tone.GOOD)
    if found.already:
        words = Text("Reminded once for {day}, and not twice: {names}", {**day, **_names(found.already)})
        yield note(words, Tone.CALM)
    if found.away:
        yield note(Text("Away, and left in peace: {names}", _names(found.away)), Tone.CALM)
    if found.beyond:
        yield note(Text(beyond.msgid, _names(found.beyond)), Tone.CALM)
    if not any((found.told, found.already, found.away, found.beyond)):
        yield note(nobody, Tone.GOOD)


def _names(people: Iterable[Person]) -> dict[str, str | int | Text]:
    return {"names": ", ".join(person.name for person in people)}
