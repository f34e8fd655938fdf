"""The registers in words: what is chosen, what happened, and whoever acts, with what they write in."""

from collections.abc import Iterator, Mapping

from bot.desk.visit import Visit, button, day_of, id_carried, name_of
from bot.wire import Choice, Look, Show, Via
from pages import Bullets, says
from school.words import Text
from staff import Did, Entry, Hand, NoSuchEntryError, Register, entry_for, may_keep

DAY = "%d/%m/%Y"
TRAIL = 10
# The verb that lists each register.
LISTED: Mapping[Register, str] = {Register.DEVICE: "devices", Register.RISK: "risks", Register.POLICY: "policies"}
TITLES: Mapping[Register, Text] = {
    Register.DEVICE: Text("The school's devices"),
    Register.RISK: Text("The risk register"),
    Register.POLICY: Text("The school's other policies"),
}
ADD: Mapping[Register, Text] = {
    Register.DEVICE: Text("Add a device"),
    Register.RISK: Text("Add a risk"),
    Register.POLICY: Text("Add a policy"),
}
# What the fields ask, by their names in staff.COLUMNS.
ASKED: Mapping[str, Text] = {
    "label": Text("The label on it"),
    "sort": Text("What is it?"),
    "encrypted": Text("Is it encrypted?"),
    "place": Text("Its place in school"),
    "risk": Text("What may happen?"),
    "likelihood": Text("How likely is it, from 1 to 5?"),
    "impact": Text("How bad would it be, from 1 to 5?"),
    "does": Text("What does the school do about it?"),
    "legal": Text("Could it bring the school before a court or a regulator?"),
    "owner": Text("Whose is it?"),
    "review": Text("On which day is it looked at again?"),
    "area": Text("What is it about?"),
    "title": Text("What is it called?"),
    "link": Text("Where is it?"),
    "approved": Text("On which day was it last approved?"),
}
# The same in short, beside what stands there, and over a column of a table.
NAMED: Mapping[str, Text] = {
    "label": Text("Label"),
    "sort": Text("What it is"),
    "encrypted": Text("Encrypted"),
    "place": Text("Its place"),
    "risk": Text("Risk"),
    "likelihood": Text("How likely, of 5"),
    "impact": Text("How bad, of 5"),
    "does": Text("What we do about it"),
    "legal": Text("A legal side"),
    "owner": Text("Whose it is"),
    "review": Text("Looked at again by"),
    "area": Text("About"),
    "title": Text("Title"),
    "link": Text("Link"),
    "approved": Text("Last approved"),
}
SAID: Mapping[str, Mapping[str, Text]] = {
    "sort": {
        "camera": Text("Camera"),
        "tablet": Text("Tablet"),
        "laptop": Text("Laptop"),
        "phone": Text("Phone"),
        "drive": Text("Memory stick or drive"),
        "other": Text("Something else"),
    },
    "encrypted": {"yes": Text("Yes"), "no": Text("No, or it can't be"), "not_sure": Text("I'm not sure")},
    "legal": {"no": Text("No"), "yes": Text("Yes")},
    "area": {
        "behaviour": Text("Behaviour"),
        "bullying": Text("Bullying"),
        "curriculum": Text("Curriculum"),
        "data": Text("Data protection"),
        "security": Text("Security"),
        "safeguarding": Text("Safeguarding"),
        "ict": Text("ICT"),
        "other": Text("Another policy"),
    },
}
HAPPENED: Mapping[Did, Text] = {
    Did.ADDED: Text("{day}: put in by {name}"),
    Did.CHANGED: Text("{day}: changed by {name}"),
    Did.REVIEWED: Text("{day}: looked at again by {name}"),
    Did.CLOSED: Text("{day}: ended by {name}"),
    Did.OUT: Text("{day}: taken by {name}"),
    Did.OFF_SITE: Text("{day}: taken off site by {name}"),
    Did.BACK: Text("{day}: brought back, says {name}"),
    Did.LOST: Text("{day}: lost, says {name}"),
    Did.LEFT: Text("{day}: whoever had it has left the school"),
}


def hand_of(visit: Visit) -> Hand:
    """Whoever acts, with what they write in."""
    assert visit.person is not None
    unit = visit.unit
    return Hand(
        person=visit.person,
        registers=unit.registers,
        evidence=unit.evidence,
        new_id=visit.house.new_id,
        on=visit.today,
        now=visit.now,
    )


def entry_meant(visit: Visit) -> Entry:
    """The entry of a button, for whoever may change it. Raises NoSuchEntryError."""
    assert visit.person is not None
    return entry_for(id_carried(visit, "e"), person=visit.person, registers=visit.unit.registers)


def register_meant(visit: Visit) -> Register:
    """The register that a button carries. Raises NoSuchEntryError."""
    try:
        return Register(visit.incoming.args.get("k", ""))
    except ValueError as error:
        raise NoSuchEntryError from error


def keeps(visit: Visit, register: Register) -> bool:
    """Whether the visitor may add to a register, and change it."""
    return visit.person is not None and may_keep(visit.person, register)


def at_of(entry: Entry) -> dict[str, str]:
    """What a button about an entry carries: a tap on an older state of it is known for one."""
    return {"e": entry.id.hex, "v": str(entry.version)}


def version_meant(visit: Visit) -> int:
    """The version that was looked at; 0, which nothing has, where a button carries none."""
    given = visit.incoming.args.get("v", "")
    return int(given) if given.isdecimal() else 0


def said_of(name: str, value: str) -> Text:
    """A choice in words; anything else as it is."""
    return SAID.get(name, {}).get(value) or Text("{value}", {"value": value})


def owner_of(visit: Visit, entry: Entry) -> str | Text:
    """Whose it is, or that it is nobody's."""
    return name_of(visit, entry.holder) if entry.holder else Text("nobody")


def trail(visit: Visit, entry: Entry) -> Iterator[Bullets]:
    """What happened to an entry, the newest first."""
    found = visit.unit.registers.trail(entry.id, limit=TRAIL)
    if not found:
        return
    lines = []
    for each in found:
        values: dict[str, str | int | Text] = {"day": day_of(visit, each.at), "name": name_of(visit, each.by)}
        said = Text(HAPPENED[each.did].msgid, values)
        lines.append(Text("{said} – “{note}”", {"said": said, "note": each.note}) if each.note else said)
    yield Bullets(tuple(says(each) for each in lines))


ALL = button(Text("All registers"), "registers", Look.QUIET)


def ways(visit: Visit) -> tuple[tuple[Choice, ...], ...]:
    """On the web, the way back to all registers."""
    return ((ALL,),) if visit.incoming.via is Via.WEB else ()


def shown_as(visit: Visit) -> Show:
    """A message of its own where it was typed, and in place of what was tapped else."""
    return Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE
