"""The mail room: finds a recipient's address again at the moment of sending, makes the page, and hears what failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from bot.addresses import page_address
from bot.clock import Clock
from bot.delivery.loop import Route
from bot.delivery.ports import Due
from bot.unit import Units
from bot.wire import SendFailed, Via
from pages import Document, Page, Shelf, filled, linked, note
from parents import FamilyState, unreachable
from school.notices import To
from school.school import School
from school.words import Text

# Reasons after which a family is not written to again until it joins again.
GONE = frozenset({"blocked", "deactivated", "not_found", "not_started", "removed", "forbidden"})


@dataclass(frozen=True, kw_only=True)
class MailRoom:
    """What the delivery loop asks; every method opens a unit of its own."""

    schools: Mapping[str, School]
    units: Units
    shelf: Shelf
    clock: Clock
    public_url: str

    def route(self, row: Due) -> Route:
        """The address as it stands now. Consent and reachability are checked again here."""
        school = self.schools[row.school]
        match row.to:
            case To.FAMILY:
                return self._family(row)
            case To.PERSON:
                person = school.person(row.recipient)
                address = (person.email if row.channel == Via.EMAIL else person.slack) if person else None
                return Route(address=address) if address else Route(skip="no address")
            case To.CLASS:
                klass = next((klass for klass in school.classes if klass.id == row.recipient), None)
                channel = klass.slack_channel if klass else None
                return Route(address=channel) if channel else Route(skip="no channel")

    def _family(self, row: Due) -> Route:
        with self.units.read(row.school) as unit:
            family = unit.families.get(UUID(row.recipient))
        if family is None or family.state is not FamilyState.ACTIVE:
            return Route(skip="not subscribed")
        return Route(address=family.address, lang=family.lang)

    def compose(self, row: Due, lang: str) -> Document:
        """The page, or its part, in a language, with its values put in. Raises NoSuchPageError."""
        page: Page = self.shelf.get(row.page, lang)
        document = page.part(row.part) if row.part else page.document
        school = self.schools[row.school]
        base = f"{self.public_url}{f'/s/{school.id}' if len(self.schools) > 1 else ''}"
        values = {"school": school.name, "inbox": f"{base}/inbox", "report": f"{base}/report", **row.values}
        made = filled(document, values)
        on = school.calendar.today(self.clock.now())
        made = linked(made, page_address(base, shelf=self.shelf, on=on))
        if row.part:
            made = Document(page.front.title, made.blocks, made.lang)
        if row.repeat:
            repeat = note(Text("This may be a repeat: we could not be sure that it reached you."))
            made = Document(made.title, (repeat, *made.blocks), made.lang)
        return made

    def gone(self, row: Due, failure: SendFailed) -> None:
        """A failure with a consequence in a room: a block is a goodbye, a moved chat has a new address."""
        if row.to is not To.FAMILY:
            return
        with self.units.write(row.school) as unit:
            family = unit.families.get(UUID(row.recipient))
            if family is None:
                return
            if failure.moved_to is not None:
                unit.families.moved(via=family.via, old=family.address, new=failure.moved_to)
            elif failure.permanent and failure.reason in GONE:
                unreachable(
                    family,
                    families=unit.families,
                    outbox=unit.outbox,
                    now=self.clock.now(),
                    source=f"{family.via}:{failure.reason}",
                )
            unit.commit()
