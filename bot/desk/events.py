"""Events at the desk: what is on, and each adult's own reply for a child; for staff, how many come."""

from bot.desk.event_words import TITLE, coming_events, facts_of, mark_of, when_of
from bot.desk.families import family_of, not_joined
from bot.desk.visit import Visit, button, says_only
from bot.wire import Answer, Choice, Look, Show, Via
from pages import Block, Bullets, Document, Heading, Span, Tone, note, paragraph, says
from parents import (
    MOST_COMING,
    STEERING,
    Child,
    Comes,
    Family,
    FamilyState,
    NoReplyError,
    Reply,
    asked_about,
    counted_of,
    is_open,
    is_theirs,
    is_to_come,
    reply,
    stage_page,
)
from school.events import EventKind, SchoolEvent
from school.words import Text, counted

NONE = Text("No event is planned just now. When there is one for you, we'll write to you here.")
NEEDS_LETTER = Text(
    "Would you like to reply? For that you need the letter from the school office: it says which child is yours. "
    "Please ask the office for it.",
)
YOURS_ALONE = Text("This is your own reply. Each adult of a child replies for themselves.")
SAYS: dict[Comes, Text] = {
    Comes.NO: Text("{pupil}: you can't come"),
    Comes.WAITS: Text("{pupil}: you are on the waiting list"),
}
NOT_YET = Text("{pupil}: no reply yet")
COUNTS = Text("{name}: adults coming {coming}, waiting {waiting}; replies of “can't come” {no}")
LATER = Text("You can change it here at any time until the event begins.")


def mine(visit: Visit) -> Answer:
    """`/events`: what is to come for this family, and the way to reply. On the web: what is to come for anybody."""
    if visit.incoming.via is not Via.TELEGRAM:
        return Answer(document=coming_events(visit.school, lang=visit.incoming.lang, now=visit.now))
    family = family_of(visit)
    if family is None or family.state is not FamilyState.ACTIVE:
        return not_joined()
    return _list(visit, family)


def _list(visit: Visit, family: Family) -> Answer:
    found = _for(visit, family)
    if not found:
        return says_only(NONE, title=TITLE)
    blocks: list[Block] = []
    rows: list[tuple[Choice, ...]] = []
    lettered = True
    for event in found:
        children = _children(visit, event, family)
        blocks += [Heading(says(event.name), 3), facts_of(event, school=visit.school, lang=family.lang)]
        if is_open(event, calendar=visit.school.calendar, now=visit.now):
            lettered = lettered and bool(children)
            if children:
                blocks.append(Bullets(tuple(says(_stands(visit, event, family, each)) for each in children)))
                rows.append((button(Text("Reply: {event}", {"event": event.name}), "event", args=_named(event)),))
        if event.kind is EventKind.PARENTS_EVENING:
            label = Text("What to talk about: {event}", {"event": event.name})
            rows.append((button(label, "event.talk", args=_named(event)),))
    if not lettered:
        blocks.append(note(NEEDS_LETTER))
    return Answer(document=Document(TITLE, tuple(blocks)), choices=tuple(rows))


def _for(visit: Visit, family: Family) -> list[SchoolEvent]:
    """What is to come for them, the next first."""
    calendar = visit.school.calendar
    found = (
        event
        for event in visit.school.events
        if is_to_come(event, calendar=calendar, now=visit.now)
        and (is_theirs(event, family, school=visit.school) or _children(visit, event, family))
    )
    return sorted(found, key=lambda event: (event.day, event.id))


def _children(visit: Visit, event: SchoolEvent, family: Family) -> tuple[Child, ...]:
    return asked_about(event, family, school=visit.school, children=visit.unit.children)


def _named(event: SchoolEvent) -> dict[str, str]:
    return {"e": mark_of(event.id)}


def _wanted(visit: Visit) -> SchoolEvent:
    """The one that a button names. Raises NoReplyError."""
    mark = visit.incoming.args.get("e", "")
    found = next((event for event in visit.school.events if mark_of(event.id) == mark), None)
    if found is None or not is_to_come(found, calendar=visit.school.calendar, now=visit.now):
        raise NoReplyError
    return found


def _reply_of(visit: Visit, event: SchoolEvent, family: Family, child: Child) -> Reply | None:
    theirs = visit.unit.events.replies_of(family.id)
    return next((each for each in theirs if (each.event, each.pupil) == (event.id, child.pupil)), None)


def _stands(visit: Visit, event: SchoolEvent, family: Family, child: Child) -> Text:
    found = _reply_of(visit, event, family, child)
    values: dict[str, str | int | Text] = {"pupil": child.pupil}
    if found is None:
        return Text(NOT_YET.msgid, values)
    if found.comes is Comes.YES:
        values["count"] = found.adults
        return counted("{pupil}: {count} adult is coming", "{pupil}: {count} adults are coming", values)
    return Text(SAYS[found.comes].msgid, values)


def one(visit: Visit) -> Answer:
    """One event, with the buttons to reply for each child. Raises NoReplyError."""
    family = family_of(visit)
    if family is None or family.state is not FamilyState.ACTIVE:
        return not_joined()
    return _card(visit, _wanted(visit), family)


def _card(visit: Visit, event: SchoolEvent, family: Family, *said: Block) -> Answer:
    children = _children(visit, event, family)
    blocks: list[Block] = [*said, facts_of(event, school=visit.school, lang=family.lang)]
    rows: list[tuple[Choice, ...]] = []
    if children and is_open(event, calendar=visit.school.calendar, now=visit.now):
        blocks += [
            Bullets(tuple(says(_stands(visit, event, family, each)) for each in children)),
            paragraph(Text("How many adults are coming with you, you included?")),
            note(YOURS_ALONE, Tone.PLAIN),
        ]
        rows += [row for child in children for row in _rows(event, child, alone=len(children) == 1)]
    elif event.rsvp:
        blocks.append(note(NEEDS_LETTER))
    if event.kind is EventKind.PARENTS_EVENING:
        rows.append((button(Text("What to talk about"), "event.talk", args=_named(event)),))
    return Answer(document=Document(event.name, tuple(blocks)), choices=tuple(rows), show=Show.REPLACE)


def _rows(event: SchoolEvent, child: Child, *, alone: bool) -> tuple[tuple[Choice, ...], ...]:
    args = {**_named(event), "c": mark_of(child.pupil)}
    coming = tuple(
        button(_label(child, adults, alone=alone), "event.say", Look.PRIMARY, {**args, "r": str(adults)})
        for adults in range(1, MOST_COMING + 1)
    )
    no = Text("We can't come") if alone else Text("{pupil}: we can't come", {"pupil": child.pupil})
    return coming, (button(no, "event.say", args={**args, "r": "0"}),)


def _label(child: Child, adults: int, *, alone: bool) -> Text:
    if alone:
        return counted("{count} adult", "{count} adults", {"count": adults})
    return Text("{pupil}: {number}", {"pupil": child.pupil, "number": adults})


def said(visit: Visit) -> Answer:
    """The tap on a reply: it may be tapped twice, and changed. Raises NeedsLetterError or NoReplyError."""
    family = family_of(visit)
    if family is None or family.state is not FamilyState.ACTIVE:
        return not_joined()
    event, args = _wanted(visit), visit.incoming.args
    child = next((each for each in _children(visit, event, family) if mark_of(each.pupil) == args.get("c")), None)
    asked = int(args["r"]) if args.get("r", "") in {"0", "1", "2", "3"} else 0
    found = reply(
        event,
        family=family,
        pupil=child.pupil if child else "",
        adults=asked,
        school=visit.school,
        children=visit.unit.children,
        events=visit.unit.events,
        outbox=visit.unit.outbox,
        evidence=visit.unit.evidence,
        now=visit.now,
    )
    return _card(visit, event, family, note(_thanks(found, asked), Tone.GOOD), paragraph(LATER))


def _thanks(found: Reply, asked: int) -> Text:
    if found.adults != asked:
        values = {"count": found.adults}
        return counted(
            "There is no room for more just now. Your place for {count} adult stays yours.",
            "There is no room for more just now. Your places for {count} adults stay yours.",
            values,
        )
    match found.comes:
        case Comes.YES:
            return Text("Thank you. We look forward to seeing you.")
        case Comes.WAITS:
            return Text(
                "All places are taken just now. You are on the waiting list. "
                "As soon as there is room for you, we'll write to you here.",
            )
        case Comes.NO:
            return Text("Thank you for telling us. We'll miss you.")


def talk(visit: Visit) -> Answer:
    """What to talk about at a parents' evening: for the stage of their own child, or else of the event's classes."""
    family = family_of(visit)
    if family is None or family.state is not FamilyState.ACTIVE:
        return not_joined()
    event = _wanted(visit)
    theirs = {each.class_id for each in _children(visit, event, family)} or set(family.classes)
    classes = event.classes_among(visit.school.classes)
    own = [klass for klass in classes if klass.id in theirs] or classes
    pages = dict.fromkeys(stage_page(klass.years) for klass in own)
    first, *rest = [visit.page(page, lang=family.lang) for page in pages] or [visit.page(stage_page(()))]
    document = first
    for each in rest:
        document = document + Document("", (Heading(says(each.title), 2), *each.blocks))
    return Answer(document=document, lang=family.lang)


def listed(visit: Visit) -> Answer:
    """`/lollipop events`: how many come; of the classes that one teaches, or of all for whoever steers."""
    blocks: list[Block] = []
    for event in events_to_come(visit):
        seen = _seen(visit, event)
        blocks += [Heading(says(event.name), 3), paragraph(when_of(event, visit.incoming.lang))]
        if event.cancelled:
            blocks.append(note(Text("Off. Families who had been told of it are told.")))
        elif event.rsvp:
            blocks.append(Bullets(tuple(_counts(visit, event, seen))))
        else:
            blocks.append(paragraph(Text("No replies are asked for.")))
    if not blocks:
        blocks.append(note(Text("No event is planned. Events stand in the school file, under [[events]].")))
    return Answer(document=Document(Text("Events"), tuple(blocks)))


def events_to_come(visit: Visit) -> list[SchoolEvent]:
    """Those that are this person's business, from today on, the next first; cancelled ones as well."""
    found = [event for event in visit.school.events if event.day >= visit.today and _seen(visit, event)]
    return sorted(found, key=lambda each: (each.day, each.id))


def _seen(visit: Visit, event: SchoolEvent) -> frozenset[str]:
    """The ids of the event's classes whose replies are this person's business."""
    person = visit.person
    if person is None:
        return frozenset()
    ids = frozenset(klass.id for klass in event.classes_among(visit.school.classes))
    return ids if person.holds(*STEERING) else ids & frozenset(person.classes)


def _counts(visit: Visit, event: SchoolEvent, seen: frozenset[str]) -> list[tuple[Span, ...]]:
    replies = visit.unit.events.replies(event.id)
    lines = []
    for klass in visit.school.classes:
        if klass.id in seen:
            found = counted_of([each for each in replies if each.class_id == klass.id])
            values: dict[str, str | int | Text] = {
                "name": klass.name,
                "coming": found.coming,
                "waiting": found.waiting,
                "no": found.not_coming,
            }
            lines.append(says(Text(COUNTS.msgid, values)))
    if event.places is not None:
        taken = counted_of(replies).coming
        lines.append(says(Text("Places taken: {taken} of {places}", {"taken": taken, "places": event.places})))
    return lines
