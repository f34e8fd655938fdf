"""A unit of one school sees, changes and ends nothing of another's, through any method of any store."""

import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.storage import Leases, Ledger, Pacing, new_code, new_id
from bot.storage.columns import METADATA
from bot.storage.tables import delivery, vault_chat
from bot.storage.units import SqlUnit
from bot.unit import Conversation, Unit
from bot.wire import Bucket
from parents import (
    AdultAnswer,
    Approval,
    Asking,
    Comes,
    ConsentEvent,
    Event,
    Family,
    FamilyCode,
    FamilyState,
    Invitation,
    LeavingReason,
    Pending,
    Reply,
    Said,
    Told,
)
from safeguarding import (
    SENDER,
    About,
    Account,
    Act,
    EntryKind,
    Identity,
    LeftBehind,
    LowLevel,
    Moved,
    NewConcern,
    NoPlaceError,
    NotForYouError,
    NothingAskedError,
    Recipient,
    RecoveryWrap,
    SecondFactor,
    State,
    Whom,
    WrappedKey,
)
from school.events import EventKind
from school.evidence import Evidence
from school.notices import CampaignAccount, Chat, MailingState, To
from school.people import Role, YearGroup
from school.sensitive import SecretKey, Sensitive
from staff import (
    Ask,
    Asker,
    CpdEntry,
    Dealt,
    Device,
    Did,
    Duty,
    DutyState,
    Entry,
    Faq,
    Find,
    Happening,
    Joined,
    Kind,
    OffBecause,
    Question,
    Register,
    RequestState,
    Seen,
    Site,
    Sort,
    StaffRequest,
    Version,
    Vote,
    When,
    Yes,
    shipped_releases,
)
from tests.storage.conftest import ELSEWHERE, HERE, NOW, Storage
from tests.storage.post import AUTUMN, notice
from tests.storage.test_storage_rooms import BEGUN, PAGE, family, taught
from tests.storage.test_storage_vault import PASSPHRASE, concern, enrol

CODE = new_code()
FORGOTTEN = "4713"
LETTER, PUPIL = "K7QM4TXP", "OAK-07"
SAM = Chat(via="telegram", address=Sensitive("4711"))
KEEP = Conversation(flow="join", step="language", held={}, touched=NOW)
HOUR = timedelta(hours=1)
YES = Approval(mailing=AUTUMN.id, digest="c3", person="dsl", at=NOW)
WAITING = Pending(id=UUID(int=77), address="somebody@example.org", lang="en", code="ABCD1234", asked=NOW)
ACCOUNT = Account(whom=Whom.ADULT, name=Sensitive("A"), by="teacher", via="slack", words=Sensitive("Uneasy"))
SENDER_OF_IT = Identity(via="telegram", address=Sensitive("4711"), called=Sensitive("Sam"))
YEAR_4 = YearGroup(4)
SITE = Site(
    id=new_id(NOW),
    address="https://www.example.org/maps",
    purpose="Maps",
    years=(YEAR_4, YEAR_4),
    lesson="maps",
    checked=NOW,
    checked_by="teacher",
)
FIND = Find(
    id=new_id(NOW),
    reference="LP-4ND0-7T",
    at=NOW,
    by="teacher",
    kind=Kind.SALES,
    device=Device.TABLET,
    when=When.NOW,
    seen=Seen.YES,
    upset=Seen.NO,
)
DUTY = Duty(
    id=new_id(NOW),
    sort=Sort.CHECK,
    subject="server-room",
    period="2026-autumn",
    person="teacher",
    laid=NOW,
    due=date(2026, 12, 8),
)
REQUESTED = StaffRequest(
    id=new_id(NOW), reference="LP-RQ57-2K", kind=Ask.INSTALL, asked_by="teacher", asked=NOW, state=RequestState.WAITING
)
SAID_YES = Vote(person="dsl", yes=True, at=NOW)
CPD = CpdEntry(id=new_id(NOW), person="teacher", day=NOW.date(), minutes=90, what="A webinar", at=NOW)
RELEASE = shipped_releases()[0].model_copy(update={"id": "ours"})
LAPTOP = Entry(id=new_id(NOW), register=Register.DEVICE, title="Laptop 3", made=NOW, made_by="teacher")
PUT_IN = Happening(id=new_id(NOW), entry=LAPTOP.id, at=NOW, by="teacher", did=Did.ADDED)
VERSION = Version(number=1, text="A policy", loaded=NOW, loaded_by="teacher")
AGREED = Yes(number=1, person="teacher", offices=frozenset({Role.HEAD}), at=NOW)
ASKED = Question(
    id=new_id(NOW),
    reference="LP-ASKD-22",
    asker=Asker.STAFF,
    by="teacher",
    lang="en",
    words=Sensitive("At what age?"),
    asked=NOW,
)
FAQ = Faq(reference="LP-ASKD-22", ask="At what age?", answer="It depends.", kept=NOW, by="dsl")
GIVEN = FamilyCode(id=new_id(NOW), pupil=PUPIL, class_id="oak", adult=1, made=NOW)
SAID = AdultAnswer(
    id=new_id(NOW),
    pupil=PUPIL,
    adult=1,
    page="photo-consent",
    use="web",
    said=Said.NO,
    version=1,
    lang="en",
    source="paper",
    when=NOW,
)
ASKING = Asking(id="a" * 16, class_id="oak", pages=("photo-consent@1",), opened=NOW)
TOLD = Told(
    event="oak-evening",
    version=1,
    name="An evening in Oak",
    kind=EventKind.PARENTS_EVENING,
    day=NOW.date(),
    starts="",
    off=False,
    at=NOW,
)
IDS = {"via": "slack", "transport_id": "Ev1", "semantic_id": "m1"}


@dataclass(frozen=True)
class Theirs:
    """What HERE has, and somebody at ELSEWHERE has got to know of: every id, code and key."""

    storage: Storage
    family: Family
    concern: NewConcern
    dsl: Recipient
    key: SecretKey
    pair: WrappedKey
    second: SecondFactor
    sheet: RecoveryWrap
    entry: LowLevel
    head: Recipient
    asked_of: UUID
    tried: set[str] = field(default_factory=set)


@pytest.fixture
def theirs(storage: Storage) -> Theirs:
    dsl, key = enrol(storage)
    sent = concern(storage, dsl, state=State.DRAFT, sent_from="sender", destroy_after=NOW)
    with storage.units.read(HERE) as unit:
        pair = unit.keyring.newest("dsl")
    assert pair
    second = storage.vault.seal_second(Sensitive("JBSWY3DP"), key=pair, half=key)
    _, sheet = storage.vault.recovery(pair, key)
    entry = LowLevel(id=new_id(NOW), reference="LP-10W1-EV", logged=NOW)
    head, _ = enrol(storage, "head")
    found = Theirs(storage, family(), sent, dsl, key, pair, second, sheet, entry, head, new_id(NOW))
    with storage.units.write(HERE) as unit:
        fill(unit, found)
        unit.commit()
    held_until(storage, HOUR, school=HERE)
    assert Leases(storage.engines).hold(HERE, "telegram", holder="one", machine_now=NOW, length=HOUR)
    return found


def fill(unit: Any, found: Theirs) -> None:
    unit.inbox.first_time(**IDS, now=NOW)
    unit.outbox.leave(notice("a"))
    unit.evidence.write(Evidence(clause="C6", kind="lesson.taught", when=NOW, what="A lesson"))
    unit.progress.record(taught(0))
    unit.editions.begin(BEGUN, PAGE)
    unit.families.save(found.family)
    unit.families.note(joined(found.family))
    unit.families.add_invitation(Invitation(code="ABCD1234", class_id="oak", created=NOW))
    assert unit.children.add(GIVEN, code=LETTER)
    assert unit.children.use(GIVEN.id, family_id=found.family.id, now=NOW)
    unit.pendings.add(WAITING)
    unit.answers.add(replace(SAID, family=found.family.id))
    assert unit.answers.ask(ASKING)
    unit.events.tell(TOLD)
    unit.events.keep(replied(found.family))
    gone = family(FORGOTTEN)
    unit.families.save(gone)
    assert unit.families.erase(gone.id, now=NOW)
    unit.conversations.keep(via="telegram", address="4711", conversation=KEEP)
    unit.enrolments.invite(code=CODE, person="dsl", now=NOW)
    unit.keyring.keep_second_factor(found.second, now=NOW)
    unit.keyring.keep_recovery(found.sheet, now=NOW)
    unit.concerns.log.write(Act.SECOND_FACTOR_SET, actor="dsl", now=NOW, subject=found.second.mark)
    unit.schedules.know("news", now=NOW)
    unit.approvals.add(YES)
    unit.mailings.open(AUTUMN, now=NOW)
    unit.mailings.freeze(AUTUMN, expected=1, now=NOW)
    unit.mailings.lay(AUTUMN, [(found.family.id, "telegram")], excluded=0, after=None, upto=None, done=False)
    unit.concerns.add(found.concern)
    unit.drafts.go(found.concern.id, at=NOW, chat=SAM)
    unit.outbox.leave(replace(notice("c"), to=To.CHAT, recipient=unit.chats.keep(SAM)))
    unit.concerns.note_reading(found.concern.id, person="dsl", now=NOW)
    unit.concerns.log.write(Act.HELD, actor=SENDER, now=NOW, subject=found.concern.reference)
    unit.sites.add(SITE)
    unit.finds.add(FIND)
    unit.duties.lay(DUTY)
    unit.requests.add(REQUESTED)
    unit.requests.vote(REQUESTED.id, SAID_YES)
    unit.learning.join(Joined(person="teacher", since=NOW.date(), new=False))
    unit.learning.count(period="2026", topic="images", sure=2)
    unit.learning.log(CPD)
    unit.registers.add(LAPTOP)
    unit.registers.note(PUT_IN)
    unit.policies.add(VERSION)
    unit.policies.agree(AGREED)
    unit.releases.keep(RELEASE)
    unit.tallies.answered(page="newsletter-2026-12", question=1, lang="en", right=True)
    unit.tallies.left(month=date(2026, 11, 1), reason=LeavingReason.OTHER)
    unit.questions.add(ASKED)
    unit.questions.keep_faq(FAQ)
    unit.register.add(found.entry, ACCOUNT, readers=[found.dsl])
    receipt = found.storage.vault.receipt(HERE)
    passed_on = replace(found.concern, id=found.asked_of, reference="LP-0PEN-22", state=State.NEW, receipt=receipt)
    known = {"identity": SENDER_OF_IT, "guards": {About.PUPIL: ((found.dsl,), (found.head,))}}
    unit.concerns.add(replace(passed_on, sent_from="", watch_at=NOW, flood=True, **known))
    assert unit.identities.ask(passed_on.id, **asking(found))
    unit.concerns.add_entry(passed_on.id, kind=EntryKind.NOTE, author="dsl", words=Sensitive("A note"), now=NOW)


def asking(found: Theirs) -> dict[str, Any]:
    return {"person": "dsl", "key": found.key, "reason": Sensitive("Why"), "to": [found.head], "now": NOW}


def held_until(storage: Storage, wait: timedelta, *, school: str) -> float | None:
    """Hold a bot's key, and say until when it was held before."""
    until = (NOW + wait).timestamp()

    def decide(held: Mapping[str, Bucket]) -> tuple[dict[str, Bucket], float | None]:
        return {"tg:1": Bucket(blocked_until=until)}, held["tg:1"].blocked_until

    return Pacing(storage.engines).settle(["tg:1"], school=school, decide=decide)


def joined(known: Family) -> ConsentEvent:
    return ConsentEvent(family=known.id, event=Event.JOINED, wording="w", lang="en", source="s", when=NOW)


def rows_of(storage: Storage, school: str) -> Mapping[str, list[Any]]:
    """Every row of a school in every table."""
    with storage.engines.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table).where(table.c.school_id == school)).all()))
            for table in METADATA.sorted_tables
            if table.name != "school"
        }


class Trying:
    """A store, through which every call is noted."""

    def __init__(self, store: Any, name: str, tried: set[str]) -> None:
        self._store, self._name, self._tried = store, name, tried

    def __getattr__(self, method: str) -> Any:
        self._tried.add(f"{self._name}.{method}")
        return getattr(self._store, method)


Attempt = Callable[[Any, Theirs], None]


def inbox(store: Any, _: Theirs) -> None:
    assert not store.unanswered(**IDS)
    store.forget_chat(via="slack", address="m1")
    store.answered(**IDS, now=NOW)
    assert store.first_time(**IDS, now=NOW)
    assert store.failed(via="slack", transport_id="Ev1", now=NOW) == 1
    store.park(via="slack", transport_id="Ev1", now=NOW)
    assert store.forget(before=NOW + 99 * HOUR, limit=99) == 1, "our own alone"


def outbox(store: Any, _: Theirs) -> None:
    assert store.withdraw(to=To.PERSON, recipient="a") == 0
    assert store.leave(notice("a")), "a key of theirs is free here"


def evidence(store: Any, _: Theirs) -> None:
    assert store.by_kind() == store.trails(limit=9) == store.trails(limit=9, clause="C6") == {}
    store.write(Evidence(clause="C6", kind="lesson.taught", when=NOW + HOUR, what="A lesson"))


def progress(store: Any, _: Theirs) -> None:
    assert store.taught("oak") == ()
    assert store.record(replace(taught(0), by="somebody-else"))


def editions(store: Any, _: Theirs) -> None:
    assert store.begun("oak", "strong-passwords") is None
    assert store.edition(PAGE.content_hash) is None
    assert store.of_page(PAGE.page) == ()
    store.over("oak", "strong-passwords")
    store.keep(replace(PAGE, text="Another text"))
    store.begin(replace(BEGUN, when=NOW + HOUR), replace(PAGE, text="Another text"))


def families(store: Any, theirs: Theirs) -> None:
    known = theirs.family
    assert store.get(known.id) is None
    assert store.by_address(via=known.via, address=known.address) is None
    assert store.events(known.id) == ()
    assert list(store.active()) == []
    assert store.get_many([known.id]) == {}
    assert store.audience(after=None, until=NOW + HOUR, limit=9) == []
    assert store.audience_size(until=NOW + HOUR) == 0
    assert store.alike() == store.alike(joined_by=NOW) == ()
    assert store.invitation("ABCD1234") is None
    assert store.invitation_for("oak") is None
    store.moved(via=known.via, old=known.address, new="1")
    assert store.sent(known.id) == ()
    assert store.revoke("oak", now=NOW) == 0
    assert not store.erase(known.id, now=NOW)
    assert not store.forgotten(via="telegram", address=FORGOTTEN)
    store.remember(via="telegram", address=FORGOTTEN)
    store.save(replace(known, state=FamilyState.STOPPED))
    store.add_invitation(Invitation(code="ABCD1234", class_id="elm", created=NOW))
    store.note(joined(known))


def children(store: Any, theirs: Theirs) -> None:
    assert store.by_code(LETTER) is None
    assert store.of_pupil(PUPIL) == store.listed() == store.listed("oak") == store.of_family(theirs.family.id) == ()
    assert store.of_pupils([PUPIL]) == ()
    assert not store.use(GIVEN.id, family_id=theirs.family.id, now=NOW)
    assert store.withdraw(PUPIL, adult=1, now=NOW) == store.move(PUPIL, class_id="elm") == store.drop(PUPIL) == 0
    more = replace(GIVEN, id=new_id(NOW))
    assert store.add_many([(more, LETTER)]) == {more.id}, "letters of theirs are free here"
    assert store.drop(PUPIL) == 1
    assert store.add(GIVEN, code=LETTER), "letters of theirs are free here"


def pendings(store: Any, theirs: Theirs) -> None:
    assert store.get(WAITING.id) is None
    assert store.since(NOW - HOUR, address=WAITING.address) == 0
    store.forget(WAITING.address)
    assert store.forget_old(before=NOW + 99_999 * HOUR, limit=9) == 0
    store.add(WAITING)


def answers(store: Any, theirs: Theirs) -> None:
    assert store.of_pupils([PUPIL]) == store.of_family(theirs.family.id) == store.asked() == store.asked("oak") == ()
    assert store.drop(PUPIL) == 0
    store.go_on(ASKING.id, stage=3)
    store.add(SAID)
    assert store.ask(ASKING)


def replied(known: Family) -> Reply:
    return Reply(event=TOLD.event, pupil=PUPIL, family=known.id, class_id="oak", adults=2, comes=Comes.YES, since=NOW)


def events(store: Any, theirs: Theirs) -> None:
    assert store.told() == store.replies(TOLD.event) == store.replies_of(theirs.family.id) == ()
    assert store.forget(before=(NOW + 48 * HOUR).date(), limit=9) == 0
    assert store.forget(before=NOW.date(), limit=9, asked_before=NOW + HOUR) == 0
    store.drop(replied(theirs.family))
    store.tell(replace(TOLD, version=2))


def events_reply_home(store: Any, theirs: Theirs) -> None:
    with pytest.raises(IntegrityError):  # there is no such family here
        store.keep(replied(theirs.family))


def concerns(store: Any, theirs: Theirs) -> None:
    sent = theirs.concern
    assert store.recipients(["dsl"]) == ()
    assert store.wrapped_keys("dsl") == ()
    assert store.by_reference(sent.reference) is None
    assert store.by_receipt(sent.receipt.lookup) is None
    assert store.draft_of("sender") is None
    assert store.for_reader("dsl") == ()
    assert store.stale_drafts(NOW) == ()
    with pytest.raises(NotForYouError):
        store.open(sent.id, person="dsl", key=theirs.key)
    with pytest.raises(NotForYouError):
        store.open_by_receipt(sent.id, wrapping=sent.receipt.wrapping)
    with pytest.raises(NotForYouError):
        store.chat_of(sent.id, person="dsl", key=theirs.key)
    with pytest.raises(NotForYouError):
        store.chat_by_receipt(sent.id, wrapping=sent.receipt.wrapping)
    with pytest.raises(NoPlaceError):
        store.add_entry(sent.id, kind=EntryKind.NOTE, author="dsl", words=Sensitive("x"), now=NOW)
    store.mark(sent.id, state=State.OPENED, by="dsl", now=NOW)
    store.assign(sent.id, to="dsl")
    store.hurry(sent.id, at=NOW)
    store.ask_to_close(sent.id, by="dsl")
    assert store.over(since=NOW + 99_999 * HOUR) == ()
    assert store.watched(NOW) == ()
    assert [store.flood_waits("dsl", urgent=urgent) for urgent in (True, False)] == [0, 0]
    assert [store.flood_due(urgent=urgent) for urgent in (True, False)] == [None, None]
    store.watch(sent.id, rung=9, at=NOW, let_in=["dsl"])
    assert store.known_alerts([sent.alert_mark]) == ()
    assert (store.log.head().number, store.log.rows(after=0, limit=9), store.log.of(sent.reference)) == (0, [], [])
    store.log.write(Act.READ, actor="dsl", now=NOW, subject=sent.reference)
    assert not store.hand_over(sent.id, about=About.PUPIL, to=["dsl"])
    assert not store.destroy(sent.id)
    store.add_key(theirs.storage.vault.pair(person="dsl", key_id=new_id(NOW), passphrase=PASSPHRASE), now=NOW)
    store.add(replace(sent, routed=()))


def concerns_point_home(store: Any, theirs: Theirs) -> None:
    """What would point across: the database says no."""
    with pytest.raises(IntegrityError):
        store.note_reading(theirs.concern.id, person="dsl", now=NOW)


def keyring(store: Any, theirs: Theirs) -> None:
    pair, second, sheet = theirs.pair, theirs.second, theirs.sheet
    assert store.newest("dsl") is None
    assert not store.spent(second.mark)
    assert store.standing(Act.SECOND_FACTOR_SET, "dsl") == ""
    assert not store.replace_wrap(replace(pair, mark="PW-FORGED"), instead_of=pair)
    assert not store.succeed(replace(pair, key_id=new_id(NOW)), older=pair, half=theirs.key, now=NOW)
    assert store.move("dsl", key=theirs.key, after=None, limit=9) == (Moved(moved=0, stuck=0, left=0), None)
    assert store.move_copies("dsl", key=theirs.key, skip=0, limit=9) == (0, 0)
    assert store.destroy_spare_copies([]) == 0
    assert store.hanging("dsl") == 0
    assert store.second_factor("dsl") is None
    assert not store.take_step(second, step=9)
    assert store.drop_second_factor("dsl") == ""
    assert store.recovery("dsl") is None
    assert not store.use_recovery(sheet)
    assert store.holding(theirs.concern.id) is None
    assert store.open_holdings() == ()
    assert store.left_behind([], limit=9) == ()
    assert store.last_ones([]) == ()
    store.let_in(theirs.concern.id, ["dsl"])
    store.destroy_wraps(LeftBehind(concern_id=theirs.concern.id, person="dsl"))
    assert store.destroy_pairs(staying=[], before=NOW + HOUR) == ()
    with pytest.raises(NotForYouError):
        store.give(theirs.concern.id, by="dsl", key=theirs.key, to=theirs.dsl, rung=0)


def keyring_points_home(store: Any, theirs: Theirs) -> None:
    with pytest.raises(IntegrityError):
        store.keep_second_factor(theirs.second, now=NOW)


def keyring_points_home_as_well(store: Any, theirs: Theirs) -> None:
    with pytest.raises(IntegrityError):
        store.keep_recovery(theirs.sheet, now=NOW)


def drafts(store: Any, theirs: Theirs) -> None:
    sent = theirs.concern
    assert store.of(sent.sent_from) == ()
    assert store.due(NOW + HOUR) == ()
    assert store.goes_at(sent.id) is None
    assert store.chat(sent.id) is None


def drafts_are_left_going(store: Any, theirs: Theirs) -> None:
    """What would point across: the database says no."""
    with pytest.raises(IntegrityError):
        store.keep_back(theirs.concern.id)


def drafts_are_left_waiting(store: Any, theirs: Theirs) -> None:
    with pytest.raises(IntegrityError):
        store.go(theirs.concern.id, at=NOW, chat=SAM)


def chats(store: Any, theirs: Theirs) -> None:
    with theirs.storage.engines.reading() as connection:
        mark = connection.execute(select(vault_chat.c.id)).scalar_one()
    assert store.find(mark) is None
    with theirs.storage.units.read(HERE) as unit:
        locked = unit.chats.lock(SAM, place="here")
    assert store.unlock(locked, place="here") is None
    assert store.unlock(store.lock(SAM, place="here"), place="here") is not None
    assert store.forget_told() == 0
    assert store.keep(SAM) != mark


def register(store: Any, theirs: Theirs) -> None:
    entry = theirs.entry
    assert store.for_reader("dsl") == ()
    assert store.open(entry.id, person="dsl", key=theirs.key) is None
    store.note_opened(entry.id, now=NOW)
    assert not store.destroy(entry.id)
    assert store.readers(entry.id) == ()
    store.add(entry, ACCOUNT, readers=())


def register_points_home(store: Any, theirs: Theirs) -> None:
    """What would point across: the database says no."""
    with pytest.raises(IntegrityError):
        store.let_in(theirs.entry.id, ACCOUNT, reader=theirs.dsl)


def identities(store: Any, theirs: Theirs) -> None:
    asked_of, mine = theirs.asked_of, {"person": "dsl", "key": theirs.key}
    assert store.holders(asked_of) == ((), ())
    assert store.request(asked_of) is None
    assert store.requests() == store.requests(holder="head") == store.requests(asked_before=NOW + HOUR) == ()
    assert not store.ask(asked_of, **asking(theirs))
    assert store.reason(asked_of, **mine) is None
    with pytest.raises(NothingAskedError):
        store.agree(asked_of, **mine, asker=theirs.dsl, now=NOW)
    assert store.take(asked_of, **mine) is None
    assert not store.withdraw(asked_of)
    store.end(asked_of)


def sites(store: Any, _: Theirs) -> None:
    assert store.get(SITE.id) is None
    assert store.listed() == store.of_lesson(SITE.lesson) == ()
    assert not store.check(SITE.id, by="teacher", now=NOW + HOUR)
    assert not store.take_off(SITE.id, why=OffBecause.CHANGED, by="teacher", now=NOW)
    store.note_reminded([SITE.id], now=NOW)
    store.note_silent([SITE.id], since=NOW)
    store.add(SITE)


def duties(store: Any, _: Theirs) -> None:
    assert store.one(DUTY.id) is None
    assert store.waiting() == store.waiting(person=DUTY.person) == store.of(DUTY.sort) == ()
    assert not store.answer(DUTY.id, said=DutyState.DONE, by="teacher", note="", now=NOW)
    assert not store.hand(DUTY.id, person="teacher")
    assert not store.lay_again(DUTY.id, laid=NOW, due=DUTY.due)
    assert not store.move(DUTY.id, was=0, step=1, right=1)
    store.tell([DUTY.id], stage=2)
    assert store.lay(DUTY)


def learning(store: Any, _: Theirs) -> None:
    assert store.joined() == {}
    assert store.counts(period="2026") == store.logged(person="teacher", limit=9) == ()
    store.leave("teacher")
    store.count(period="2026", topic="images", sure=1)
    store.log(CPD)
    assert store.join(Joined(person="teacher", since=NOW.date(), new=True))


def registers(store: Any, _: Theirs) -> None:
    assert store.one(LAPTOP.id) is None
    assert store.open(Register.DEVICE) == store.trail(LAPTOP.id, limit=9) == ()
    assert not store.change(replace(LAPTOP, title="Ours now"), was=LAPTOP.version)
    store.tell([LAPTOP.id], stage=3)
    store.add(LAPTOP)
    store.note(PUT_IN)


def policies(store: Any, _: Theirs) -> None:
    assert store.newest() is None
    assert store.every() == ()
    assert store.add(VERSION)
    assert store.newest().yeses == ()
    assert store.agree(AGREED)


def releases(store: Any, _: Theirs) -> None:
    assert store.own() == ()
    store.keep(RELEASE)
    assert store.own() == (RELEASE,)


def tallies(store: Any, _: Theirs) -> None:
    assert store.quizzes() == store.leavings() == ()
    store.answered(page="newsletter-2026-12", question=1, lang="en", right=False)
    store.left(month=date(2026, 11, 1), reason=LeavingReason.OTHER)


def finds(store: Any, _: Theirs) -> None:
    assert store.by_reference(FIND.reference) is None
    assert store.newest(limit=9) == ()
    assert not store.deal(FIND.id, how=Dealt.PROVIDER, by="teacher", now=NOW)
    store.add(FIND)


def requests(store: Any, _: Theirs) -> None:
    assert store.by_reference(REQUESTED.reference) is None
    assert store.going_on() == store.newest(limit=9) == store.votes(REQUESTED.id) == ()
    assert not store.hold(REQUESTED.id, was=RequestState.WAITING)
    assert not store.save(replace(REQUESTED, state=RequestState.GRANTED), was=REQUESTED)
    store.add(REQUESTED)
    store.vote(REQUESTED.id, replace(SAID_YES, yes=False))
    assert [each.yes for each in store.votes(REQUESTED.id)] == [False]


def questions(store: Any, _: Theirs) -> None:
    assert store.by_reference(ASKED.reference) is None
    assert store.waiting(limit=9) == store.of(Asker.STAFF, "teacher", limit=9) == store.faqs() == ()
    assert store.count_waiting() == 0
    assert not store.settle(ASKED.reference, answer=Sensitive("Ours"), by="dsl", now=NOW)
    assert store.forget(before=NOW + 9_999 * HOUR, asked_before=NOW + HOUR, limit=9) == 0
    assert store.forget_of(Asker.STAFF, "teacher") == 0
    assert not store.drop_faq(FAQ.reference)
    store.add(ASKED)
    assert store.keep_faq(FAQ)


def conversations(store: Any, _: Theirs) -> None:
    assert store.current(via="telegram", address="4711") is None
    store.end(via="telegram", address="4711")
    assert store.forget(before=NOW + 99 * HOUR, limit=99) == 0
    store.keep(via="telegram", address="4711", conversation=replace(KEEP, step="elsewhere"))


def deliveries(store: Any, theirs: Theirs) -> None:
    assert store.lines(limit=9) == ()
    assert store.doubtful(limit=9) == ()
    assert store.progress(limit=9) == ()
    with theirs.storage.units.read(HERE) as unit:
        there = unit.deliveries.doubtful(limit=9) + unit.deliveries.lines(limit=9)
    store.pause(since=NOW)
    assert store.paused() == NOW
    for line in there:
        assert not store.decide(line.id, again=True, now=NOW)
    assert store.expire(now=NOW + 9_999 * HOUR, limit=9) == (0, ())
    assert store.forget_pacing(before=NOW + 9_999 * HOUR, limit=9) == 0
    assert sum(store.counts().states.values()) == 0


def enrolments(store: Any, _: Theirs) -> None:
    assert store.open_until(person="dsl", now=NOW) is None
    assert store.use(code=CODE, now=NOW) is None
    store.invite(code=CODE, person="head", now=NOW)


def schedules(store: Any, _: Theirs) -> None:
    rest = {"following": lambda now: now + HOUR, "furthest": HOUR}
    assert store.take("news", now=NOW, **rest) is None, "their slot is not ours"
    assert store.hold("news", now=NOW, furthest=HOUR) is None
    store.know("news", now=NOW)
    assert store.take("news", now=NOW, **rest) == NOW


def approvals(store: Any, _: Theirs) -> None:
    assert store.of(AUTUMN.id) == ()
    assert store.add(YES), "theirs is no yes of ours"
    assert not store.add(replace(YES, at=NOW + HOUR))


def mailings(store: Any, theirs: Theirs) -> None:
    assert store.standings(limit=9) == ()
    assert store.unlaid("newsletter:") == ()
    assert store.to_lay("newsletter:", now=NOW) == ()
    assert store.set_state(AUTUMN.campaign, MailingState.CANCELLED, now=NOW) == 0
    assert store.state_of(AUTUMN.campaign) is MailingState.RUNNING
    store.reopen(AUTUMN.id)
    assert store.had("", besides="", to=To.FAMILY, among=[str(theirs.family.id)]) == frozenset()
    assert store.begun("") == ()
    assert store.account(AUTUMN.campaign) == CampaignAccount(sent=0, families=0, mailings=frozenset())
    assert store.open(AUTUMN, now=NOW).candidates == 0
    assert store.freeze(AUTUMN, expected=7, now=NOW).expected == 7
    store.lay(AUTUMN, [(theirs.family.id, "telegram")], excluded=0, after=None, upto=None, done=True)
    assert store.set_state(AUTUMN.campaign, MailingState.PAUSED, now=NOW) == 1


# One for each store of the Unit, or several: a store that is not here fails the test below. Each is given what HERE
# has, and may do with it at ELSEWHERE whatever the store lets it do.
ATTEMPTS: Mapping[str, tuple[Attempt, ...]] = {
    "inbox": (inbox,),
    # First, while there is nothing of our own to be counted.
    "deliveries": (deliveries,),
    "outbox": (outbox,),
    "evidence": (evidence,),
    "progress": (progress,),
    "editions": (editions,),
    "families": (families,),
    "children": (children,),
    "answers": (answers,),
    "events": (events, events_reply_home),
    "keyring": (keyring, keyring_points_home, keyring_points_home_as_well),
    "concerns": (concerns_point_home, concerns),
    "drafts": (drafts, drafts_are_left_going, drafts_are_left_waiting),
    "chats": (chats,),
    "register": (register_points_home, register),
    "identities": (identities,),
    "duties": (duties,),
    "learning": (learning,),
    "policies": (policies,),
    "releases": (releases,),
    "registers": (registers,),
    "sites": (sites,),
    "finds": (finds,),
    "requests": (requests,),
    "questions": (questions,),
    "pendings": (pendings,),
    "tallies": (tallies,),
    "conversations": (conversations,),
    "enrolments": (enrolments,),
    "schedules": (schedules,),
    "approvals": (approvals,),
    "mailings": (mailings,),
}


POINTING = (concerns_point_home, register_points_home, drafts_are_left_going, drafts_are_left_waiting)


def stores_of(unit: SqlUnit) -> dict[str, Any]:
    return {name: store for name, store in vars(unit).items() if not name.startswith("_") and name != "school"}


def test_every_store_of_a_unit_is_tried_from_another_school(theirs: Theirs) -> None:
    with theirs.storage.units.read(HERE) as unit:
        there = stores_of(unit)
    promised = {name for name in typing.get_type_hints(Unit) if name != "school"}

    assert set(ATTEMPTS) == set(there) | promised, "a new store needs an attempt to cross it"


@pytest.mark.parametrize("name", ATTEMPTS)
def test_somebody_who_knows_every_id_of_another_school_finds_and_changes_nothing(theirs: Theirs, name: str) -> None:
    before = rows_of(theirs.storage, HERE)
    assert not [table for table, rows in before.items() if not rows], "every table of theirs has something to lose"

    for attempt in ATTEMPTS[name]:
        with theirs.storage.units.write(ELSEWHERE) as unit:
            store = stores_of(unit)[name]
            attempt(Trying(store, name, theirs.tried), theirs)
            if attempt not in POINTING:
                unit.commit()

    public = {f"{name}.{each}" for each, _ in inspect.getmembers(type(store), callable) if not each.startswith("_")}
    assert theirs.tried >= public, "a new method needs an attempt to cross it"
    assert rows_of(theirs.storage, HERE) == before


def test_one_school_that_is_told_to_wait_holds_up_no_other(theirs: Theirs) -> None:
    before = rows_of(theirs.storage, HERE)

    assert held_until(theirs.storage, 2 * HOUR, school=ELSEWHERE) is None

    with theirs.storage.units.write(ELSEWHERE) as unit:
        assert unit.deliveries.forget_pacing(before=NOW + 99 * HOUR, limit=9) == 1
        unit.commit()
    assert rows_of(theirs.storage, HERE) == before
    assert held_until(theirs.storage, HOUR, school=HERE) == (NOW + HOUR).timestamp()


def test_a_lease_of_one_school_is_free_at_another(theirs: Theirs) -> None:
    leases = Leases(theirs.storage.engines)
    two = {"holder": "two", "machine_now": NOW, "length": HOUR}

    assert not leases.hold(HERE, "telegram", **two)
    assert leases.hold(ELSEWHERE, "telegram", **two)
    leases.give_back(ELSEWHERE, "telegram", holder="one")
    assert not leases.hold(ELSEWHERE, "telegram", **{**two, "holder": "three"})


def test_the_ledger_counts_one_school_alone(theirs: Theirs) -> None:
    ledger = Ledger(theirs.storage.engines)

    assert sum(ledger.counts(HERE).states.values()) == 3
    assert sum(ledger.counts(ELSEWHERE).states.values()) == 0


def test_a_receipt_of_one_school_is_none_at_another(theirs: Theirs) -> None:
    vault, typed = theirs.storage.vault, Sensitive(theirs.concern.receipt.shown)

    assert vault.lookup(HERE, typed) == theirs.concern.receipt.lookup
    assert vault.lookup(ELSEWHERE, typed) != theirs.concern.receipt.lookup


def test_a_row_never_points_into_another_school(storage: Storage) -> None:
    known = family()
    with storage.units.write(HERE) as unit:
        unit.families.save(known)
        unit.commit()

    with storage.units.write(ELSEWHERE) as unit, pytest.raises(IntegrityError):
        unit.families.note(joined(known))


def test_a_school_that_was_never_added_keeps_nothing(storage: Storage) -> None:
    with storage.units.write("nowhere") as unit, pytest.raises(IntegrityError):
        unit.progress.record(taught(0))


def test_a_school_is_added_once(storage: Storage) -> None:
    assert not storage.units.add_school(HERE)


# What was sent is told by ids alone, of whichever school: tables.py says why. Nobody asks for a row by it from outside.
BY_ID_FIRST = {delivery.primary_key}


def test_every_key_begins_with_the_school() -> None:
    for table in METADATA.sorted_tables:
        if table.name == "school":
            continue
        assert "school_id" in table.primary_key.columns, table
        for constraint in table.constraints - BY_ID_FIRST:
            columns = [column.name for column in getattr(constraint, "columns", [])]
            assert not columns or columns[0] == "school_id", (table, constraint.name)
