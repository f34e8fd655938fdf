"""The papers of an INSET day: slides, and a sheet with the agenda and lines to sign. Whoever leads has a link to them.

The link is signed, as the one to a lesson's papers is: who leads on e-safety may hold no key to the web. It opens
numbers and the policy in short, and nobody's name.
"""

from bot.addresses import INSET_TICKET, InsetFile, inset_path
from bot.desk.visit import Visit
from bot.tokens import ForgedTokenError
from bot.wire import Answer, Choice, Look, Paper
from school.words import Text
from staff import inset_agenda, inset_deck

LABELS = {
    InsetFile.SLIDES: Text("Slides (PPTX)"),
    InsetFile.AGENDA: Text("Agenda and signing sheet (PDF)"),
}


def files(visit: Visit) -> tuple[Choice, ...]:
    """A link to each, good for half a year; none where no web page can be reached."""
    if not visit.house.open_web:
        return ()
    # As every signature, it is dated by the machine's clock: the school's may be moved in a demo.
    on = visit.house.machine_clock.now().date()
    ticket = visit.house.signers[visit.school.id].papers(INSET_TICKET, on=on)
    return tuple(
        Choice(label=label, href=visit.address(inset_path(file, ticket)), look=Look.PLAIN)
        for file, label in LABELS.items()
    )


def taken(visit: Visit) -> Answer:
    """One of them. Raises ForgedTokenError or OldTokenError where the ticket is none of ours, or half a year old."""
    args = visit.incoming.args
    on = visit.house.machine_clock.now().date()
    visit.house.signers[visit.school.id].check_papers(args.get("t", ""), INSET_TICKET, on=on)
    name = f"inset-{visit.today.isoformat()}"
    match args.get("as"):
        case InsetFile.SLIDES:
            deck = inset_deck(
                school=visit.school,
                shelf=visit.house.shelf,
                duties=visit.unit.duties,
                book=visit.unit.learning,
                on=visit.today,
            )
            return Answer(paper=Paper(name=name, deck=deck))
        case InsetFile.AGENDA:
            return Answer(paper=Paper(name=name, document=inset_agenda(school=visit.school, on=visit.today)))
        case _:
            raise ForgedTokenError
