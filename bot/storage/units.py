"""Units: one school's stores in one transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.storage.answers import SqlAnswers
from bot.storage.approvals import SqlApprovals
from bot.storage.chats import SqlChats
from bot.storage.checked_sites import SqlSites
from bot.storage.children import SqlChildren
from bot.storage.concerns import SqlConcerns
from bot.storage.conversations import SqlConversations
from bot.storage.deliveries import SqlDeliveryBook
from bot.storage.drafts import SqlDrafts
from bot.storage.duties import SqlDuties
from bot.storage.editions import SqlEditions
from bot.storage.engine import Engines
from bot.storage.event_book import SqlEvents
from bot.storage.evidence import SqlEvidenceBook
from bot.storage.families import SqlFamilies
from bot.storage.identity import SqlIdentities
from bot.storage.inbox import SqlInbox
from bot.storage.key_tables import vault_recovery, vault_second
from bot.storage.keyring import SqlKeyring
from bot.storage.kicks import Kicks, NoKicks
from bot.storage.learning import SqlLearning
from bot.storage.lowlevel import SqlLowLevel
from bot.storage.mailings import SqlMailings
from bot.storage.outbox import Posting, SqlOutbox
from bot.storage.pendings import SqlPendings
from bot.storage.policies import SqlPolicies
from bot.storage.progress import SqlProgress
from bot.storage.questions import SqlQuestions
from bot.storage.registers import SqlRegisters
from bot.storage.releases import SqlReleases
from bot.storage.requests import SqlRequests
from bot.storage.schedules import SqlSchedules, due_everywhere
from bot.storage.scoped import Scoped
from bot.storage.sealed_tables import (
    vault_identity,
    vault_identity_half,
    vault_lowlevel,
    vault_lowlevel_copy,
    vault_uncovering,
    vault_uncovering_copy,
)
from bot.storage.tables import school as school_table
from bot.storage.tables import vault_concern, vault_entry, vault_key, vault_reading, vault_wrap
from bot.storage.tallies import SqlTallies
from bot.storage.unsuitable_finds import SqlFinds
from bot.storage.vault import SqlEnrolments, make_salts
from bot.unit import Conversations, DeliveryBook, Enrolments, Inbox, MailingBook, Schedules
from curriculum import EditionStore, ProgressStore
from parents import AnswerStore, ApprovalBook, ChildStore, EventStore, FamilyStore, PendingStore, TallyStore
from safeguarding import ConcernStore, Drafts, IdentityStore, KeyStore, LowLevelStore
from school.evidence import EvidenceBook
from school.notices import Chats, Outbox
from staff import (
    DutyStore,
    FindStore,
    LearningBook,
    PolicyStore,
    QuestionStore,
    RegisterStore,
    ReleaseStore,
    RequestStore,
    SiteStore,
)

QUIET = NoKicks()
# What a report or a low-level concern leaves rows in, and what opens it.
WITH_CONTENT = tuple(
    table.name
    for table in (
        *(vault_concern, vault_wrap, vault_entry, vault_reading, vault_identity, vault_identity_half),
        *(vault_uncovering, vault_uncovering_copy, vault_lowlevel, vault_lowlevel_copy),
        *(vault_key, vault_second, vault_recovery),
    )
)


@dataclass
class Traces:
    """Whether the database's own files may still show what was destroyed. At a start nobody knows, so they may."""

    left: bool = True


class SqlUnit:
    """Implements Unit on one connection."""

    def __init__(
        self,
        connection: Connection,
        school: str,
        posting: Posting,
        correlation: str = "",
        kicks: Kicks = QUIET,
        traces: Traces | None = None,
    ) -> None:
        scoped = Scoped(connection, school)
        self.school = school
        self.inbox: Inbox = SqlInbox(scoped, correlation)
        outbox = SqlOutbox(scoped, posting, correlation)
        self.outbox: Outbox = outbox
        mailings = SqlMailings(scoped, posting)
        self.mailings: MailingBook = mailings
        self.approvals: ApprovalBook = SqlApprovals(scoped)
        self.evidence: EvidenceBook = SqlEvidenceBook(scoped)
        self.progress: ProgressStore = SqlProgress(scoped)
        self.editions: EditionStore = SqlEditions(scoped)
        chat_keys = posting.chat_keys(school)
        self.families: FamilyStore = SqlFamilies(scoped, chat_keys)
        self.children: ChildStore = SqlChildren(scoped, chat_keys)
        self.answers: AnswerStore = SqlAnswers(scoped)
        self.events: EventStore = SqlEvents(scoped)
        concerns = SqlConcerns(scoped)
        self.concerns: ConcernStore = concerns
        self.drafts: Drafts = SqlDrafts(scoped, chat_keys)
        self.chats: Chats = SqlChats(scoped, chat_keys)
        register, identities = SqlLowLevel(scoped), SqlIdentities(scoped)
        self.register: LowLevelStore = register
        self.identities: IdentityStore = identities
        self.registers: RegisterStore = SqlRegisters(scoped)
        self.sites: SiteStore = SqlSites(scoped)
        self.finds: FindStore = SqlFinds(scoped)
        self.policies: PolicyStore = SqlPolicies(scoped)
        self.duties: DutyStore = SqlDuties(scoped)
        self.releases: ReleaseStore = SqlReleases(scoped)
        self.requests: RequestStore = SqlRequests(scoped)
        self.learning: LearningBook = SqlLearning(scoped)
        self.questions: QuestionStore = SqlQuestions(scoped, chat_keys)
        self.pendings: PendingStore = SqlPendings(scoped)
        self.conversations: Conversations = SqlConversations(scoped)
        self.deliveries: DeliveryBook = SqlDeliveryBook(scoped, mailings)
        self.enrolments: Enrolments = SqlEnrolments(scoped)
        keyring = SqlKeyring(scoped)
        self.keyring: KeyStore = keyring
        self.schedules: Schedules = SqlSchedules(scoped)
        self.tallies: TallyStore = SqlTallies(scoped)
        self._connection = connection
        self._outbox = outbox
        self._mailings = mailings
        self._kicks = kicks
        self._sealing = (concerns, register, identities, keyring)
        self._traces = traces

    def commit(self) -> None:
        """See Unit. Where something was left to be sent, whoever sends is told."""
        left = self._outbox.left | ({False} if self._mailings.laid else set())
        for urgent in left:
            self._kicks.within(self._connection.connection.driver_connection, self.school, urgent=urgent)
        self._connection.commit()
        if self._traces is not None and any(store.destroyed for store in self._sealing):
            self._traces.left = True
        self._outbox.left, self._mailings.laid = set(), False
        if left:
            self._kicks.after(self.school)


class SqlUnits:
    """Implements Units. Tenancy: a unit's one `Scoped` carries its school into every statement."""

    def __init__(self, engines: Engines, posting: Posting, kicks: Kicks = QUIET) -> None:
        self._engines = engines
        self._posting = posting
        self._kicks = kicks
        self._traces = Traces()

    def add_school(self, school: str) -> bool:
        """Make a school known, with its salts, in its own transaction; False where it was. Call it at every start."""
        with self._engines.reading() as connection:
            if connection.execute(select(school_table.c.id).where(school_table.c.id == school)).first():
                return False
        with self._engines.writing() as connection:
            scoped = Scoped(connection, school)
            added = scoped.add_school(self._posting.school_clock.now())
            make_salts(connection, school)
            connection.commit()
        return added

    @contextmanager
    def write(self, school: str, *, correlation: str = "") -> Iterator[SqlUnit]:
        """See Units. Raises DatabaseLockedError after the engines' wait."""
        with self._engines.writing() as connection:
            yield SqlUnit(connection, school, self._posting, correlation, self._kicks, self._traces)

    @contextmanager
    def read(self, school: str) -> Iterator[SqlUnit]:
        """See Units."""
        with self._engines.reading() as connection:
            yield SqlUnit(connection, school, self._posting)

    def wipe(self) -> bool:
        """See Units."""
        if not self._traces.left:
            return False
        # Before it is done: what is destroyed meanwhile is wiped the next time.
        self._traces.left = False
        done = self._engines.wipe(WITH_CONTENT)
        self._traces.left = self._traces.left or not done
        return done

    def schedules_due(self, now: datetime, *, furthest: Mapping[str, timedelta]) -> list[tuple[str, str]]:
        """See Units."""
        with self._engines.reading() as connection:
            return due_everywhere(connection, now, furthest=furthest)
