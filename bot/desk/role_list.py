"""The role register at the desk: each named part, who has it and who stands in, and what nobody has in red words."""

from collections.abc import Iterator, Mapping

from bot.desk.register_words import hand_of, shown_as, ways
from bot.desk.visit import Visit, button
from bot.wire import Answer, Look, Paper, Via
from pages import Block, Document, Facts, Tone, note, paragraph
from school.people import Person, Role
from school.words import Text
from staff import Alarm, Part, alarms, role_register

TITLE = Text("Who has which part")
NOBODY = Text("nobody")
DATA_PROTECTION = "data_protection"
PARTS: Mapping[str, Text] = {
    Role.HEAD: Text("Head"),
    Role.CHAIR_OF_GOVERNORS: Text("Chair of governors"),
    Role.DSL: Text("Safeguarding lead"),
    Role.DEPUTY_DSL: Text("Deputy safeguarding lead"),
    Role.ESAFETY_LEAD: Text("E-safety lead"),
    Role.TECHNICIAN: Text("Technician"),
    DATA_PROTECTION: Text("Data protection"),
    "unblock": Text("Yes to unblocking a site"),
    "install": Text("Yes to a program"),
    "research": Text("Yes to a research topic"),
}


def shown(visit: Visit) -> Answer:
    """Every part; what somebody has to be found for on top."""
    return _shown(visit)


def _shown(visit: Visit, said: Text | None = None) -> Answer:
    parts = role_register(visit.school, on=visit.today)
    away = visit.school.away(visit.today)
    blocks: list[Block] = [note(said, Tone.GOOD)] if said else []
    blocks += alarm_lines(visit)
    blocks.append(Facts(tuple((PARTS[part.id], _people(part, away)) for part in parts)))
    blocks.append(
        paragraph(Text("Parts and deputies stand in the school file: whoever looks after Lollipop changes them there."))
    )
    kind = {"k": "roles"}
    rows = [(button(Text("It is right today"), "registers.right", Look.PRIMARY, kind),)]
    if visit.incoming.via is Via.WEB:
        rows.append((button(Text("Download it as a CSV"), "registers.paper", args=kind),))
    return Answer(document=Document(TITLE, tuple(blocks)), choices=(*ways(visit), *rows), show=shown_as(visit))


def alarm_lines(visit: Visit) -> Iterator[Block]:
    """A line for each part that nobody has, or one person alone; none where all is well."""
    for part in alarms(visit.school, on=visit.today):
        if part.alarm is Alarm.VACANT:
            yield note(Text("{part}: vacant.", {"part": PARTS[part.id]}), Tone.URGENT)
        else:
            values: dict[str, str | int | Text] = {"part": PARTS[part.id], "name": part.holders[0].name}
            yield note(Text("{part}: {name} alone, and nobody stands in.", values), Tone.URGENT)


def _people(part: Part, away: frozenset[str]) -> Text:
    if not part.holders and part.id == DATA_PROTECTION:
        return Text("not named in the school file")
    held = _named(part.holders, away) if part.holders else NOBODY
    if not part.deputies:
        return Text("{names}", {"names": held})
    return Text("{names}; standing in: {others}", {"names": held, "others": _named(part.deputies, away)})


def _named(people: tuple[Person, ...], away: frozenset[str]) -> Text:
    said = [
        Text("{name} (away today)", {"name": each.name}) if each.id in away else Text("{name}", {"name": each.name})
        for each in people
    ]
    together = said[0]
    for each in said[1:]:
        together = Text("{some}, {other}", {"some": together, "other": each})
    return together


def right(visit: Visit) -> Answer:
    """Somebody looked at it and says that it is right: evidence for clause 27, with how much is vacant."""
    found = alarms(visit.school, on=visit.today)
    parts = len(role_register(visit.school, on=visit.today))
    what = f"{parts} parts looked at, {len(found)} vacant or held by one person alone"
    hand = hand_of(visit)
    hand.prove("C27", "roles", what)
    return _shown(visit, Text("Kept: you have looked at the parts today."))


def taken(visit: Visit) -> Answer:
    """The register as a table."""
    rows = tuple(
        (
            PARTS[part.id],
            ", ".join(each.name for each in part.holders),
            ", ".join(each.name for each in part.deputies),
            part.alarm.value if part.alarm else "",
        )
        for part in role_register(visit.school, on=visit.today)
    )
    head = (Text("Part"), Text("Who has it"), Text("Who stands in"), Text("Alarm"))
    return Answer(paper=Paper(name=f"roles-{visit.today.isoformat()}", head=head, rows=rows))
