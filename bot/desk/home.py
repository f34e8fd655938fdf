"""The App Home of staff: what needs me now, in at most five lines with a tap each, and below it what I do every day."""

from collections.abc import Iterator

from bot.desk import previewing
from bot.desk.counting import NUMBERS
from bot.desk.doors import LOG_LOW_LEVEL
from bot.desk.events import events_to_come
from bot.desk.may import may
from bot.desk.request_words import books_of
from bot.desk.visit import Visit, button
from bot.desk.wording import notice
from bot.wire import Answer, Choice, Look, Show
from pages import Block, Bullets, Document, Tone, note, paragraph, says
from safeguarding import Level
from school.people import Person, Role
from school.words import Text, counted
from staff import OFFICES, DutyState, alarms, waiting_for

# So many are taken in at a glance; what is not among them stands behind the lists they lead to.
MOST = 5
Line = tuple[Text, Choice]


def home_of(visit: Visit, person: Person) -> Answer:
    """The five that press most, in the order in which somebody waits for them; then the doors."""
    lines = list(needed(visit, person))[:MOST]
    blocks: list[Block] = [paragraph(Text("Good to see you, {name}.", {"name": person.name}))]
    if lines:
        blocks.append(Bullets(tuple(says(said) for said, _ in lines)))
    else:
        blocks.append(note(Text("Nothing needs you now."), Tone.GOOD))
    blocks += notice(visit, Level.KS2).blocks
    taps = [tap for _, tap in lines]
    rows = [tuple(taps[at : at + 3]) for at in range(0, len(taps), 3)]
    return Answer(document=Document(Text("Lollipop"), tuple(blocks)), choices=(*rows, *_doors(visit)), show=Show.HOME)


def needed(visit: Visit, person: Person) -> Iterator[Line]:
    """What waits for somebody, the most pressing first: people before papers, late before new."""
    yield from _requests(visit, person)
    yield from _duties(visit, person)
    yield from _policy(visit, person)
    yield from _registers(visit, person)
    yield from _newsletters(visit)
    yield from _questions(visit)
    yield from _deliveries(visit)
    yield from _lessons(visit, person)


def _may(visit: Visit, verb: str) -> bool:
    return may(verb, incoming=visit.incoming, person=visit.person)


def _requests(visit: Visit, person: Person) -> Iterator[Line]:
    count = len(waiting_for(person, books=books_of(visit), now=visit.now))
    if count:
        said = counted(
            "{count} colleague waits for your yes or no", "{count} requests wait for your yes or no", {"count": count}
        )
        yield said, button(Text("Decide"), "requests", Look.PRIMARY, {"topic": "requests"})


def _duties(visit: Visit, person: Person) -> Iterator[Line]:
    mine = visit.unit.duties.waiting(person=person.id)
    late = sum(each.due < visit.today or each.said is DutyState.WRONG for each in mine)
    tap = button(Text("Your list"), "todo", Look.PRIMARY if late else Look.PLAIN, {"topic": "todo"})
    if late:
        yield counted("{count} thing of yours is late", "{count} things of yours are late", {"count": late}), tap
    elif mine:
        yield counted("{count} thing for you to do", "{count} things for you to do", {"count": len(mine)}), tap


def _policy(visit: Visit, person: Person) -> Iterator[Line]:
    if not person.holds(*OFFICES):
        return
    newest = visit.unit.policies.newest()
    if newest and not newest.agreed and person.id not in {yes.person for yes in newest.yeses}:
        said = Text("Version {number} of the policy waits for your agreement", {"number": newest.number})
        yield said, button(Text("Read it"), "policy", Look.PRIMARY, {"topic": "policy"})


def _registers(visit: Visit, person: Person) -> Iterator[Line]:
    """What the head alone can mend: a part that nobody has, or one person alone."""
    if person.holds(Role.HEAD) and (found := alarms(visit.school, on=visit.today)):
        said = counted(
            "{count} part is vacant, or one person's alone",
            "{count} parts are vacant, or one person's alone",
            {"count": len(found)},
        )
        yield said, button(Text("Who has which part"), "roles", Look.PRIMARY, {"topic": "roles"})


def _newsletters(visit: Visit) -> Iterator[Line]:
    for row in previewing.doors(visit):
        for door in row:
            if door.look is Look.PRIMARY:
                yield Text("{what}", {"what": door.label}), button(Text("Look at it"), door.verb, door.look, door.args)


def _questions(visit: Visit) -> Iterator[Line]:
    if _may(visit, "ask.list") and (count := visit.unit.questions.count_waiting()):
        waits = counted("{count} question waits for you", "{count} questions wait for you", {"count": count})
        yield waits, button(Text("Answer"), "ask.list", Look.PRIMARY, {"topic": "questions"})


def _deliveries(visit: Visit) -> Iterator[Line]:
    if not _may(visit, "mailing.pause"):
        return
    counts = visit.unit.deliveries.counts().states
    trouble = counts.get("failed", 0) + counts.get("unknown", 0)
    if trouble:
        said = counted(
            "{count} message did not get through", "{count} messages did not get through", {"count": trouble}
        )
        yield said, button(Text("See which"), "deliveries", args={"topic": "deliveries"})


def _lessons(visit: Visit, person: Person) -> Iterator[Line]:
    for klass in visit.school.classes:
        if klass.id in person.classes:
            name = {"name": klass.name}
            tap = button(Text("Next for {name}", name), "lesson", args={"class": klass.id})
            yield Text("{name} has a lesson coming", name), tap


def _doors(visit: Visit) -> Iterator[tuple[Choice, ...]]:
    yield button(Text("This week's assembly"), "assembly"), button(Text("What has been sent"), "deliveries")
    ways = [button(Text("Your list"), "todo", args={"topic": "todo"})]
    if _may(visit, "evidence"):
        ways.append(button(Text("How the policy stands"), "evidence"))
    if _may(visit, "numbers"):
        ways.append(NUMBERS)
    if events_to_come(visit):
        ways.append(button(Text("Events, and who comes"), "events.list"))
    yield tuple(ways)
    coming = tuple(door for row in previewing.doors(visit) for door in row if door.look is not Look.PRIMARY)
    if coming:
        yield coming[:4]
    tell = button(Text("Report a concern"), "report.start", Look.DANGER)
    yield tell, button(Text("Something on a screen"), "found"), LOG_LOW_LEVEL
