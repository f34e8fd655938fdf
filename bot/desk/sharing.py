"""Letting a colleague read, at the desk: one report, or every open one for somebody who is new."""

from bot.desk.inbox import case_page, reader_of
from bot.desk.visit import Visit, button
from bot.wire import Answer, Look
from pages import Document, Tone, note, paragraph
from safeguarding import Sharing, give, give_all, who_may_be_given
from school.people import SAFEGUARDING_ROLES
from school.words import Text

BACK = Text("Back to the report")
BACK_TO_LIST = Text("Back to the list")


def _sharing(visit: Visit) -> Sharing:
    reader, key = reader_of(visit)
    return Sharing(
        school=visit.school,
        concerns=visit.unit.concerns,
        keyring=visit.unit.keyring,
        outbox=visit.unit.outbox,
        person=reader.id,
        key=key,
        now=visit.now,
    )


def give_asked(visit: Visit) -> Answer:
    """Who could be let in."""
    reference = visit.incoming.args.get("ref", "")
    people = who_may_be_given(reference, by=_sharing(visit))
    rows = tuple(
        (
            button(
                Text("Let {name} read it", {"name": person.name}),
                "inbox.give.to",
                args={"ref": reference, "to": person.id},
            ),
        )
        for person in people
    )
    title = Text("Let a colleague read it")
    said = (
        paragraph(Text("They can read everything in it from then on, your notes as well. It can't be taken back."))
        if people
        else note(
            Text(
                "There is nobody to give it to. Everybody whom a report like this may go to can read it already, "
                "is away, or has no key yet."
            )
        )
    )
    back = button(BACK, "inbox.read", args={"ref": reference})
    return Answer(document=Document(title, (said,)), choices=(*rows, (back,)))


def given(visit: Visit) -> Answer:
    """They are in, and told."""
    reference, to = visit.incoming.args.get("ref", ""), visit.incoming.args.get("to", "")
    person = give(reference, to=to, by=_sharing(visit))
    said = Text("{name} can read it now, and is told so.", {"name": person.name})
    return case_page(visit, note(said, Tone.GOOD))


def share_asked(visit: Visit) -> Answer:
    """Which colleague is new, or back."""
    reader, _ = reader_of(visit)
    with_keys = {each.person for each in visit.unit.concerns.recipients([each.id for each in visit.school.people])}
    people = [
        person
        for person in visit.school.people
        if person.id != reader.id and person.id in with_keys and person.holds(*SAFEGUARDING_ROLES)
    ]
    rows = tuple(
        (button(Text("Share with {name}", {"name": person.name}), "inbox.share.to", args={"to": person.id}),)
        for person in people
    )
    title = Text("Share your open reports with a colleague")
    said = paragraph(
        Text(
            "For somebody who is new in the team, or back from leave. They get every open report that you can read and "
            "that may go to them. One that is about them, or about somebody in their place, stays as it is."
        )
    )
    back = button(BACK_TO_LIST, "inbox.list")
    return Answer(document=Document(title, (said,)), choices=(*rows, (back,)))


def shared(visit: Visit) -> Answer:
    """So many of them at a time, with the way on."""
    to, after = visit.incoming.args.get("to", ""), visit.incoming.args.get("after", "")
    found = give_all(to, by=_sharing(visit), after=after)
    person = visit.school.person(to)
    said = Text("Shared with {name}: {count}.", {"name": person.name if person else to, "count": found.count})
    back = button(BACK_TO_LIST, "inbox.list")
    if found.after:
        args = {"to": to, "after": found.after}
        on = button(Text("Go on with the next ones"), "inbox.share.to", Look.PRIMARY, args)
        return Answer(document=Document(Text("There are more"), (note(said, Tone.GOOD),)), choices=((on,), (back,)))
    done = Document(Text("All of them are shared"), (note(said, Tone.GOOD),))
    return Answer(document=done, choices=((back,),))
