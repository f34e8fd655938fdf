"""What waits for a member of staff, line by line: people before papers, what has a clock before what has a day.

A line says what and by when, in words of ours and never anybody's own, and has one button.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.desk.may import may
from bot.desk.predicates import FINDING
from bot.desk.previewing import coming, missing_yes
from bot.desk.request_words import KINDS, ROLES, books_of, when
from bot.desk.todo import OPENS, titled
from bot.desk.visit import Visit, button, day_of, name_of
from bot.wire import Choice
from safeguarding import State
from school.people import SAFEGUARDING_ROLES, Person, Role
from school.words import Text, counted
from staff import (
    ICO_HOURS,
    MINDERS,
    OFFICES,
    Ask,
    Duty,
    DutyState,
    RequestState,
    Sort,
    StaffRequest,
    alarms,
    has_clock,
    may_read_find,
    missing_offices,
    on_again_by,
    waiting_for,
)

DAY = "%d/%m/%Y"
# More finds than these waiting would be told by their number alone.
MOST_COUNTED = 20
UNREAD = frozenset({State.NEW, State.OPENED})
# What the button of a duty says that somebody will do.
WAYS: Mapping[Sort, Text] = {
    Sort.CHECK: Text("Look at it"),
    Sort.SIGN: Text("Read and sign"),
    Sort.MODULE: Text("Begin"),
    Sort.SCENARIO: Text("Think it over"),
    Sort.SURVEY: Text("Answer"),
    Sort.MEETING: Text("Say so"),
}
GO_ON = Text("Go on")
LIST = button(Text("Your list"), "todo", args={"topic": "todo"})


@dataclass(frozen=True)
class Line:
    """What waits, and the one button that leads there."""

    said: Text
    tap: Choice


def pressing(visit: Visit, person: Person) -> Iterator[Line]:
    """All that waits, the most pressing first. Whoever shows it stops where the page is full."""
    asked = waiting_for(person, books=books_of(visit), now=visit.now)
    late, to_come = _duties(visit, person)
    yield from _reports(visit, person)
    yield from _running(visit, asked)
    yield from _finds(visit, person)
    yield from _decisions(visit, asked)
    yield from _to_do(visit, asked)
    yield from _late(visit, late)
    yield from _vacancies(visit, person)
    yield from _policy(visit, person)
    yield from _newsletters(visit, person)
    yield from _questions(visit)
    yield from _next(visit, to_come)
    yield from _late_elsewhere(visit, person)
    yield from _deliveries(visit)


def _reports(visit: Visit, person: Person) -> Iterator[Line]:
    """That there is one and since which day, to those who hold a key to it: the words are on the web alone."""
    if not person.holds(*SAFEGUARDING_ROLES):
        return
    found = [each for each in visit.unit.concerns.for_reader(person.id) if each.state in UNREAD]
    if not found:
        return
    values: dict[str, str | int | Text] = {
        "count": len(found),
        "day": day_of(visit, min(each.received for each in found)),
    }
    said = counted(
        "A report of {day} waits for somebody to take it on",
        "{count} reports wait for somebody to take them on, the oldest since {day}",
        values,
    )
    yield Line(said, Choice(label=Text("Open the inbox"), href=visit.address("/inbox")))


def _running(visit: Visit, asked: Sequence[StaffRequest]) -> Iterator[Line]:
    """What has a clock: the filter is off, or the 72 hours of a breach run. The first to end is the first here."""
    lines = []
    for each in asked:
        if each.state is RequestState.RUNNING and each.begun:
            ends = on_again_by(each)
            said = Text("The filter is off: switch it on again by {by}", {"by": when(visit, ends)})
        elif has_clock(each) and each.starts:
            ends = each.starts + timedelta(hours=ICO_HOURS)
            said = Text("A suspected breach: decide about telling the ICO by {by}", {"by": when(visit, ends)})
        else:
            continue
        lines.append((ends, Line(said, _opens(each, Text("Open it")))))
    yield from (line for _, line in sorted(lines, key=lambda each: each[0]))


def _opens(request: StaffRequest, label: Text) -> Choice:
    return button(label, "req.read", args={"ref": request.reference})


def _finds(visit: Visit, person: Person) -> Iterator[Line]:
    if not person.holds(*FINDING):
        return
    found = [
        each
        for each in visit.unit.finds.newest(limit=MOST_COUNTED)
        if not each.dealt and may_read_find(each, person=person)
    ]
    if not found:
        return
    oldest = min(found, key=lambda each: each.at)
    values: dict[str, str | int | Text] = {"count": len(found), "day": day_of(visit, oldest.at)}
    said = counted(
        "Something found on a screen on {day} waits to be dealt with",
        "{count} things found on screens wait to be dealt with, the oldest since {day}",
        values,
    )
    if len(found) == 1:
        yield Line(said, button(Text("Open it"), "found.read", args={"ref": oldest.reference}))
    else:
        yield Line(said, button(Text("See them"), "found.list", args={"topic": "finds"}))


def _decisions(visit: Visit, asked: Sequence[StaffRequest]) -> Iterator[Line]:
    """Yes or no: the one by its kind and who asks, several by their number."""
    votes = [each for each in asked if each.state is RequestState.WAITING]
    if len(votes) == 1:
        (one,) = votes
        values: dict[str, str | int | Text] = {"kind": KINDS[one.kind], "name": name_of(visit, one.asked_by)}
        said = Text("{kind}: {name} asks for your yes or no", values)
        if one.lapses:
            values["by"] = when(visit, one.lapses)
            said = Text("{kind}: {name} asks for your yes or no by {by}", values)
        yield Line(said, _opens(one, Text("Decide")))
    elif votes:
        several: dict[str, str | int | Text] = {"count": len(votes)}
        said = Text("{count} requests wait for your yes or no", several)
        if ends := [each.lapses for each in votes if each.lapses]:
            several["by"] = when(visit, min(ends))
            said = Text("{count} requests wait for your yes or no, the first by {by}", several)
        yield Line(said, button(Text("Decide"), "requests", args={"topic": "requests"}))


def _to_do(visit: Visit, asked: Sequence[StaffRequest]) -> Iterator[Line]:
    """What was granted or told of and waits for hands: it is installed, blocked again, mended or closed."""
    left = [each for each in asked if each.state in {RequestState.GRANTED, RequestState.OPEN} and not has_clock(each)]
    if len(left) == 1:
        yield Line(_what_to_do(visit, left[0]), _opens(left[0], Text("Open it")))
    elif left:
        said = Text("{count} requests wait for you to act, the oldest since {day}")
        values: dict[str, str | int | Text] = {"count": len(left), "day": day_of(visit, left[0].asked)}
        yield Line(Text(said.msgid, values), button(Text("See them"), "requests", args={"topic": "requests"}))


def _what_to_do(visit: Visit, request: StaffRequest) -> Text:
    values: dict[str, str | int | Text] = {"kind": KINDS[request.kind], "day": day_of(visit, request.asked)}
    match request.kind:
        case Ask.UNBLOCK | Ask.RESEARCH:
            return Text("{kind}: its time is over, so block it again", values)
        case Ask.INSTALL:
            return Text("{kind}: granted, and waits for you since {day}", values)
        case Ask.FILTER_OFF if request.starts:
            return Text("{kind}: granted for {at}", {**values, "at": when(visit, request.starts)})
        case _:
            return Text("{kind} of {day}: say how it ended", values)


def _duties(visit: Visit, person: Person) -> tuple[list[Duty], list[Duty]]:
    """Theirs: what is late or wrong, and what is still in time."""
    mine = visit.unit.duties.waiting(person=person.id)
    late = [each for each in mine if each.due < visit.today or each.said is DutyState.WRONG]
    return late, [each for each in mine if each not in late]


def _late(visit: Visit, late: Sequence[Duty]) -> Iterator[Line]:
    """In one line, so that it crowds nothing out: the one by its name, several by the first of them."""
    if not late:
        return
    first, values = late[0], {"count": len(late), **_titled(visit, late[0])}
    if len(late) > 1:
        yield Line(Text("{count} things of yours are late, the first since {day}: {title}", values), LIST)
    elif first.said is DutyState.WRONG:
        yield Line(Text("{title}: something is wrong, and waits to be put right", values), _way(first))
    else:
        yield Line(Text("{title}: was due by {day}", values), _way(first))


def _next(visit: Visit, to_come: Sequence[Duty]) -> Iterator[Line]:
    """What is still in time, the same way."""
    if len(to_come) == 1:
        yield Line(Text("{title}: by {day}", _titled(visit, to_come[0])), _way(to_come[0]))
    elif to_come:
        values = {"count": len(to_come), **_titled(visit, to_come[0])}
        yield Line(Text("{count} things for you to do, the first by {day}: {title}", values), LIST)


def _titled(visit: Visit, duty: Duty) -> dict[str, str | int | Text]:
    return {"title": titled(visit, duty), "day": f"{duty.due:{DAY}}"}


def _way(duty: Duty) -> Choice:
    label = GO_ON if duty.sort is Sort.MODULE and duty.step else WAYS[duty.sort]
    return button(label, OPENS[duty.sort], args={"d": duty.id.hex})


def _policy(visit: Visit, person: Person) -> Iterator[Line]:
    if not person.holds(*OFFICES):
        return
    newest = visit.unit.policies.newest()
    if newest and not newest.agreed and person.id not in {yes.person for yes in newest.yeses}:
        values: dict[str, str | int | Text] = {"number": newest.number, "day": day_of(visit, newest.loaded)}
        said = Text("Version {number} of the policy waits for your agreement since {day}", values)
        yield Line(said, button(Text("Read it"), "policy", args={"topic": "policy"}))


def _newsletters(visit: Visit, person: Person) -> Iterator[Line]:
    """Those that go nowhere before two people have looked; not for whoever has said yes to these very words."""
    if not may("newsletter.look", incoming=visit.incoming, person=visit.person):
        return
    for header in coming(visit):
        digest = visit.house.shelf.digest(header.mailing.page)
        given = {each.person for each in visit.unit.approvals.of(header.mailing.id) if each.digest == digest}
        if missing_yes(visit, header) and person.id not in given:
            said = Text("The newsletter of {day} waits for your look", {"day": day_of(visit, header.mailing.due)})
            yield Line(said, button(Text("Look at it"), "newsletter.look", args={"id": header.mailing.id}))


def _questions(visit: Visit) -> Iterator[Line]:
    if not may("ask.list", incoming=visit.incoming, person=visit.person):
        return
    if oldest := visit.unit.questions.waiting(limit=1):
        (first,) = oldest
        values: dict[str, str | int | Text] = {
            "count": visit.unit.questions.count_waiting(),
            "day": day_of(visit, first.asked),
        }
        said = counted(
            "A question of {day} waits for an answer",
            "{count} questions wait for an answer, the oldest since {day}",
            values,
        )
        if values["count"] == 1:
            yield Line(said, button(Text("Answer"), "ask.read", args={"ref": first.reference}))
        else:
            yield Line(said, button(Text("Answer"), "ask.list", args={"topic": "questions"}))


def _late_elsewhere(visit: Visit, person: Person) -> Iterator[Line]:
    """For whoever minds the others' work: checks that nobody has answered in time."""
    if not person.holds(*MINDERS):
        return
    late = [
        each
        for each in visit.unit.duties.waiting()
        if each.sort is Sort.CHECK and each.due < visit.today and each.person != person.id
    ]
    if late:
        values: dict[str, str | int | Text] = {"count": len(late), "day": f"{late[0].due:{DAY}}"}
        said = counted(
            "A colleague's check is late: it was due by {day}",
            "{count} checks of colleagues are late, the oldest since {day}",
            values,
        )
        yield Line(said, button(Text("See which"), "todo", args={"topic": "todo"}))


def _deliveries(visit: Visit) -> Iterator[Line]:
    if not may("mailing.pause", incoming=visit.incoming, person=visit.person):
        return
    counts = visit.unit.deliveries.counts().states
    trouble = counts.get("failed", 0) + counts.get("unknown", 0)
    if trouble:
        said = counted(
            "{count} message did not get through", "{count} messages did not get through", {"count": trouble}
        )
        yield Line(said, button(Text("See which"), "deliveries", args={"topic": "deliveries"}))


def _vacancies(visit: Visit, person: Person) -> Iterator[Line]:
    """What the head alone can mend: a part that nobody has, or one person alone; or an office that is away today."""
    if not person.holds(Role.HEAD):
        return
    if found := alarms(visit.school, on=visit.today):
        said = counted(
            "{count} part is vacant, or one person's alone",
            "{count} parts are vacant, or one person's alone",
            {"count": len(found)},
        )
        yield Line(said, button(Text("Who has which part"), "roles", args={"topic": "roles"}))
    if empty := missing_offices(school=visit.school, now=visit.now):
        together = ROLES[empty[0]]
        for role in empty[1:]:
            together = Text("{some}, {other}", {"some": together, "other": ROLES[role]})
        said = Text("Nobody is there today as: {offices}", {"offices": together})
        yield Line(said, button(Text("Who does what"), "who", args={"topic": "who"}))
