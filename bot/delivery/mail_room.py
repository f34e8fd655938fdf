"""The mail room: finds a recipient's address again at the moment of sending, makes the page, and hears what failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bot.addresses import page_address
from bot.clock import Clock
from bot.delivery.event_pages import said_days
from bot.delivery.letters import Route
from bot.languages import own_words, owning_up
from bot.storage import DeliveryRow
from bot.unit import Unit, Units
from bot.wire import SendFailed, Via
from lessons import STEP_OVER
from pages import Document, NoSuchPageError, Shelf, filled, linked, note
from parents import HOME, Family, FamilyState, still_asked_for, unreachable
from school.notices import Doubt, Lane, Notice, To
from school.people import Role
from school.roles import holders
from school.school import School
from school.words import Text
from staff import Asker

# What is too late is put away so many rows at a time: none may hold up a child's report (HOUSE, "Durable work").
LATE_CHUNK = 500
# What is of no use any more when it is late, and is missed by nobody.
NOBODY_WAITS = frozenset({STEP_OVER})
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

    def routes(self, rows: Sequence[DeliveryRow]) -> list[Route]:
        """The addresses as they stand now, in order. Consent and reachability are checked again here.

        One statement for all the families of a school.
        """
        asked: dict[str, set[UUID]] = {}
        for row in rows:
            if row.to is To.FAMILY:
                asked.setdefault(row.school, set()).add(UUID(row.recipient))
        families: dict[UUID, Family] = {}
        chats = self._chats([row for row in rows if row.to is To.CHAT])
        for school, ids in asked.items():
            with self.units.read(school) as unit:
                families |= unit.families.get_many(ids)
        routes = [chats.get(row.id) or self._route(row, families) for row in rows]
        for row, route in zip(rows, routes, strict=True):
            if route.skip and row.to is To.PERSON:
                self._person_gone(row)
        return routes

    def _chats(self, rows: Sequence[DeliveryRow]) -> dict[UUID, Route]:
        """Of whoever reported; one that is not to be found any more has no route."""
        found: dict[UUID, Route] = {}
        for row in rows:
            with self.units.read(row.school) as unit:
                if chat := unit.chats.find(row.recipient):
                    found[row.id] = Route(address=chat.address.reveal(), lang=chat.lang)
        return found

    def _route(self, row: DeliveryRow, families: Mapping[UUID, Family]) -> Route:
        school = self.schools[row.school]
        match row.to:
            case To.FAMILY:
                family = families.get(UUID(row.recipient))
                if family is None or family.state is not FamilyState.ACTIVE:
                    return Route(skip="not subscribed")
                if not still_asked_for(family, row.mailing):
                    return Route(skip="not asked for")
                return Route(address=family.address, lang=family.lang)
            case To.PERSON:
                person = school.person(row.recipient)
                address = (person.email if row.channel == Via.EMAIL else person.slack) if person else None
                return Route(address=address) if address else Route(skip="no address")
            case To.CLASS:
                klass = next((klass for klass in school.classes if klass.id == row.recipient), None)
                channel = klass.slack_channel if klass else None
                return Route(address=channel) if channel else Route(skip="no channel")
            case To.CHAT:
                return Route(skip="no address")

    def today(self, school: str) -> date:
        """The school's date: a page's links depend on it."""
        return self.schools[school].calendar.today(self.clock.now())

    def compose(self, row: DeliveryRow, lang: str) -> Document:
        """The page, or its part, in a language, with its values put in. Raises NoSuchPageError."""
        document = (
            own_words(self.shelf.part(row.page, row.part, lang))
            if row.part
            else self.shelf.get(row.page, lang).document
        )
        school = self.schools[row.school]
        base = self._base(row.school)
        pages = {page: f"{base}/{page}" for page in ("inbox", "report", "coverage", "finds")}
        values = {"school": school.name, **pages, **said_days(row.page, row.values, lang)}
        made = filled(document, values)
        made = linked(made, page_address(base, shelf=self.shelf, on=self.today(row.school)))
        if row.to is To.FAMILY and row.part == HOME:
            today = note(Text("{name} learned this today.", {"name": row.values.get("class", "")}))
            made = Document(made.title, (today, *made.blocks), made.lang)
        made = owning_up(made, lang)
        if row.repeat:
            repeat = note(Text("This may be a repeat: we could not be sure that it reached you."))
            made = Document(made.title, (repeat, *made.blocks), made.lang)
        return made

    def gone(self, row: DeliveryRow, failure: SendFailed) -> None:
        """A failure with a consequence: a block is a goodbye, a moved chat has a new address, the deaf a helper."""
        match row.to:
            case To.FAMILY:
                self._family_gone(row, failure)
            case To.PERSON:
                self._person_gone(row)
            case To.CLASS:
                self._class_gone(row, failure)
            case To.CHAT:
                pass  # they have left the chat, or blocked us: their receipt still works

    def _family_gone(self, row: DeliveryRow, failure: SendFailed) -> None:
        with self.units.write(row.school, correlation=row.correlation) as unit:
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
                unit.questions.forget_of(Asker.FAMILY, str(family.id))
            unit.commit()

    def _person_gone(self, row: DeliveryRow) -> None:
        """What safeguarding had to tell somebody goes to their e-mail, and to the head: it is never just dropped."""
        if row.lane is not Lane.SAFEGUARDING:
            return
        school = self.schools[row.school]
        person = school.person(row.recipient)
        others = [head.id for head in holders(school.people, Role.HEAD) if head.id != row.recipient]
        with self.units.write(row.school, correlation=row.correlation) as unit:
            if person is not None and person.email and row.channel != Via.EMAIL:
                unit.outbox.leave(self._instead(row, row.recipient, via=Via.EMAIL))
            for other in others:
                unit.outbox.leave(self._instead(row, other))
            unit.commit()

    def _instead(self, row: DeliveryRow, recipient: str, *, via: str = "") -> Notice:
        return Notice(
            key=f"instead:{row.id}:{recipient}:{via}",
            to=To.PERSON,
            recipient=recipient,
            page=row.page if recipient == row.recipient else "notice-not-delivered",
            part=row.part if recipient == row.recipient else "",
            values=row.values if recipient == row.recipient else {"inbox": self._base(row.school) + "/inbox"},
            lane=Lane.SAFEGUARDING,
            doubt=Doubt.REPEAT,
            via=via,
        )

    def _class_gone(self, row: DeliveryRow, failure: SendFailed) -> None:
        klass = next((each for each in self.schools[row.school].classes if each.id == row.recipient), None)
        with self.units.write(row.school) as unit:
            self._tell_owner(
                unit,
                row.school,
                key=f"channel-gone:{row.recipient}:{failure.reason}:{self.today(row.school)}",
                page="channel-gone",
                values={"class": klass.name if klass else row.recipient},
            )
            unit.commit()

    def late(self, school: str) -> None:
        """News is too late: a chunk of it is skipped, and whoever answers for it is told, once a page and day."""
        with self.units.write(school) as unit:
            _, late = unit.deliveries.expire(now=self.clock.now(), limit=LATE_CHUNK)
            for each in late if school in self.schools else ():
                if each.page in NOBODY_WAITS:
                    continue
                self._tell_owner(
                    unit,
                    school,
                    key=f"late:{each.mailing or each.page}:{self.today(school)}",
                    page="news-late",
                    values={"page": self._title(each.page), "count": str(each.count)},
                )
            unit.commit()

    def _tell_owner(self, unit: Unit, school: str, *, key: str, page: str, values: Mapping[str, str]) -> None:
        people = self.schools[school].people
        owners = holders(people, Role.ESAFETY_LEAD) or holders(people, Role.OFFICE) or holders(people, Role.HEAD)
        for owner in owners:
            each = Notice(key=f"{key}:{owner.id}"[:200], to=To.PERSON, recipient=owner.id, page=page, values=values)
            unit.outbox.leave(each)

    def _title(self, page: str) -> str:
        try:
            return self.shelf.get(page, "en").front.title
        except NoSuchPageError:
            return page

    def _base(self, school: str) -> str:
        return f"{self.public_url}{f'/s/{school}' if len(self.schools) > 1 else ''}"
