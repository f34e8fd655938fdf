"""The mail room: finds a recipient's address again at the moment of sending, makes the page, and hears what failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from bot.addresses import picture_path
from bot.clock import Clock
from bot.composing import composed
from bot.delivery.event_pages import buttons_below, said_days
from bot.delivery.letters import Route
from bot.delivery.notice_buttons import to_open
from bot.delivery.one_child import is_asked_for, is_one_childs
from bot.delivery.own_links import OwnLinks, with_own_links
from bot.languages import own_words, owning_up
from bot.storage import DeliveryRow
from bot.undernews import Rows, under_news
from bot.unit import Unit, Units
from bot.wire import SendFailed, Via
from lessons import STEP_OVER
from pages import Document, NoSuchPageError, Paragraph, Picture, Shelf, Span, marked, note
from parents import (
    HOME,
    JOIN_LETTER,
    TEST,
    Family,
    FamilyState,
    picture_of,
    quiz_of,
    quiz_part,
    still_asked_for,
    unreachable,
)
from school.notices import Doubt, Lane, Notice, To
from school.people import Role
from school.roles import holders
from school.school import School
from school.words import Text
from staff import Asker

# What is too late is put away so many rows at a time: none may hold up a child's report (HOUSE, "Durable work").
LATE_CHUNK = 500
# What is of no use any more when it is late, and is missed by nobody.
NOBODY_WAITS = frozenset({JOIN_LETTER, STEP_OVER})
A_TEST = Text("This is a test. Only you have got it; families have not.")
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
    own_links: OwnLinks = field(default_factory=lambda: OwnLinks(signers={}))

    def routes(self, rows: Sequence[DeliveryRow]) -> list[Route]:
        """The addresses as they stand now, in order. Consent and reachability are checked again here.

        One statement for all the families of a school.
        """
        asked: dict[str, set[UUID]] = {}
        for row in rows:
            if row.to is To.FAMILY:
                asked.setdefault(row.school, set()).add(UUID(row.recipient))
        families: dict[UUID, Family] = {}
        ended: set[UUID] = set()
        chats = self._chats([row for row in rows if row.to is To.CHAT]) | self._pendings(rows)
        for school, ids in asked.items():
            with self.units.read(school) as unit:
                families |= unit.families.get_many(ids)
                about_one = (row for row in rows if row.school == school and is_one_childs(row))
                ended |= {row.id for row in about_one if not is_asked_for(row, unit)}
        routes = [chats.get(row.id) or self._route(row, families) for row in rows]
        for at, row in enumerate(rows):
            # The office may have taken a letter back since: nothing about the child goes to that chat any more.
            if row.id in ended:
                routes[at] = Route(skip="not asked for")
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

    def _pendings(self, rows: Sequence[DeliveryRow]) -> dict[UUID, Route]:
        """Of addresses that somebody typed; one that said yes meanwhile, or waited for too long, has no route."""
        found: dict[UUID, Route] = {}
        for row in rows:
            if row.to is not To.PENDING:
                continue
            with self.units.read(row.school) as unit:
                if pending := unit.pendings.get(UUID(row.recipient)):
                    found[row.id] = Route(address=pending.address, lang=pending.lang, own=self._own(row))
        return found

    def _own(self, row: DeliveryRow) -> str:
        return self.own_links.of(row, base=self._base(row.school), now=self.clock.now())

    def _route(self, row: DeliveryRow, families: Mapping[UUID, Family]) -> Route:
        school = self.schools[row.school]
        match row.to:
            case To.FAMILY:
                family = families.get(UUID(row.recipient))
                if family is None or family.state is not FamilyState.ACTIVE:
                    return Route(skip="not subscribed")
                if not still_asked_for(family, row.mailing):
                    return Route(skip="not asked for")
                return Route(address=family.address, lang=family.lang, own=self._own(row))
            case To.PERSON:
                person = school.person(row.recipient)
                address = (person.email if row.channel == Via.EMAIL else person.slack) if person else None
                lang = row.values.get(TEST, "en")
                return Route(address=address, lang=lang) if address else Route(skip="no address")
            case To.CLASS:
                klass = next((klass for klass in school.classes if klass.id == row.recipient), None)
                channel = klass.slack_channel if klass else None
                return Route(address=channel) if channel else Route(skip="no channel")
            case To.PROVIDER:
                mailed = school.filtering.fault_email
                return Route(address=mailed) if mailed else Route(skip="no address")
            case To.CHAT | To.PENDING:
                return Route(skip="no address")

    def today(self, school: str) -> date:
        """The school's date: a page's links depend on it."""
        return self.schools[school].calendar.today(self.clock.now())

    def quiet(self, school: str) -> bool:
        """Whether its families are left in peace just now."""
        return school in self.schools and self.schools[school].calendar.is_quiet(self.clock.now())

    def compose(self, row: DeliveryRow, lang: str) -> Document:
        """The page, or its part, in a language, with its values put in. Raises NoSuchPageError."""
        told = self.shelf.part(row.page, row.part, lang) if row.part else self.shelf.told(row.page, lang)
        document = own_words(told)
        school, base = self.schools[row.school], self._base(row.school)
        made = composed(
            document,
            school=school,
            base=base,
            values=said_days(row.page, row.values, lang),
            shelf=self.shelf,
            on=self.today(row.school),
        )
        if row.to is To.FAMILY and row.part == HOME:
            today = note(Text("{name} learned this today.", {"name": row.values.get("class", "")}))
            made = Document(made.title, (today, *made.blocks), made.lang)
        made = self._with_quiz(owning_up(made, lang), row, lang)
        made = with_own_links(made, row, base=base, lang=lang)
        if TEST in row.values:
            made = Document(made.title, (note(A_TEST), *made.blocks), made.lang)
        if row.repeat:
            repeat = note(Text("This may be a repeat: we could not be sure that it reached you."))
            made = Document(made.title, (repeat, *made.blocks), made.lang)
        lead = None if row.part else picture_of(row.page, shelf=self.shelf, lang=lang)
        return replace(made, picture=Picture(f"{base}{picture_path(row.page)}", lead.alt, lead.lang)) if lead else made

    def _with_quiz(self, document: Document, row: DeliveryRow, lang: str) -> Document:
        """In a letter, the quiz with its answers stands below the words, then what are buttons in a chat."""
        if row.channel != Via.EMAIL or row.to is not To.FAMILY or row.part:
            return document
        rows = under_news(row.page, shelf=self.shelf, in_chat=False, base=self._base(row.school))
        ways = tuple(
            Paragraph((Span(each.label, href=each.href),)) for below in rows for each in below if each.href is not None
        )
        quiz = quiz_of(row.page, shelf=self.shelf, lang=lang)
        below = marked(quiz_part(quiz)) if quiz else ()
        return Document(document.title, (*document.blocks, *below, *ways), document.lang)

    def buttons(self, row: DeliveryRow) -> Rows:
        """What stands below a page: the same for every family."""
        if below := to_open(row):
            return below
        if row.to is not To.FAMILY or row.part or row.channel == Via.EMAIL:
            return ()
        if below := buttons_below(row):
            return below
        base = self._base(row.school)
        return under_news(row.page, shelf=self.shelf, in_chat=True, base=base)

    def gone(self, row: DeliveryRow, failure: SendFailed) -> None:
        """A failure with a consequence: a block is a goodbye, a moved chat has a new address, the deaf a helper."""
        match row.to:
            case To.FAMILY:
                self._family_gone(row, failure)
            case To.PERSON:
                self._person_gone(row)
            case To.CLASS:
                self._class_gone(row, failure)
            case To.PROVIDER:
                self._provider_not_reached(row)
            case To.CHAT | To.PENDING:
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

    def _provider_not_reached(self, row: DeliveryRow) -> None:
        """A fault of the filter waits for nobody: somebody here is asked to ring."""
        reference = row.values.get("reference", "")
        with self.units.write(row.school, correlation=row.correlation) as unit:
            page, key = "filter-fault-not-mailed", f"not-mailed:{row.id}"
            self._tell_owner(unit, row.school, key=key, page=page, values={"reference": reference})
            unit.commit()

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
