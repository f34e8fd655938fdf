"""Units: one school's stores in one transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.storage.chats import SqlChats
from bot.storage.concerns import SqlConcerns
from bot.storage.conversations import SqlConversations
from bot.storage.deliveries import SqlDeliveryBook
from bot.storage.drafts import SqlDrafts
from bot.storage.engine import Engines
from bot.storage.evidence import SqlEvidenceBook
from bot.storage.families import SqlFamilies
from bot.storage.identity import SqlIdentities
from bot.storage.inbox import SqlInbox
from bot.storage.kicks import Kicks, NoKicks
from bot.storage.lowlevel import SqlLowLevel
from bot.storage.mailings import SqlMailings
from bot.storage.outbox import Posting, SqlOutbox
from bot.storage.progress import SqlProgress
from bot.storage.schedules import SqlSchedules, due_everywhere
from bot.storage.scoped import Scoped
from bot.storage.tables import school as school_table
from bot.storage.vault import SqlEnrolments, make_salts
from bot.unit import Conversations, DeliveryBook, Enrolments, Inbox, MailingBook, Schedules
from curriculum import ProgressStore
from parents import FamilyStore
from safeguarding import ConcernStore, Drafts, IdentityStore, LowLevelStore
from school.evidence import EvidenceBook
from school.notices import Chats, Outbox

QUIET = NoKicks()


class SqlUnit:
    """Implements Unit on one connection."""

    def __init__(
        self,
        connection: Connection,
        school: str,
        posting: Posting,
        correlation: str = "",
        kicks: Kicks = QUIET,
    ) -> None:
        scoped = Scoped(connection, school)
        self.school = school
        self.inbox: Inbox = SqlInbox(scoped, correlation)
        outbox = SqlOutbox(scoped, posting, correlation)
        self.outbox: Outbox = outbox
        mailings = SqlMailings(scoped, posting)
        self.mailings: MailingBook = mailings
        self.evidence: EvidenceBook = SqlEvidenceBook(scoped)
        self.progress: ProgressStore = SqlProgress(scoped)
        self.families: FamilyStore = SqlFamilies(scoped)
        self.concerns: ConcernStore = SqlConcerns(scoped)
        chat_keys = posting.chat_keys(school)
        self.drafts: Drafts = SqlDrafts(scoped, chat_keys)
        self.chats: Chats = SqlChats(scoped, chat_keys)
        self.register: LowLevelStore = SqlLowLevel(scoped)
        self.identities: IdentityStore = SqlIdentities(scoped)
        self.conversations: Conversations = SqlConversations(scoped)
        self.deliveries: DeliveryBook = SqlDeliveryBook(scoped, mailings)
        self.enrolments: Enrolments = SqlEnrolments(scoped)
        self.schedules: Schedules = SqlSchedules(scoped)
        self._connection = connection
        self._outbox = outbox
        self._mailings = mailings
        self._kicks = kicks

    def commit(self) -> None:
        """See Unit. Where something was left to be sent, whoever sends is told."""
        left = self._outbox.left | ({False} if self._mailings.laid else set())
        for urgent in left:
            self._kicks.within(self._connection.connection.driver_connection, self.school, urgent=urgent)
        self._connection.commit()
        self._outbox.left, self._mailings.laid = set(), False
        if left:
            self._kicks.after(self.school)


class SqlUnits:
    """Implements Units. Tenancy: a unit's one `Scoped` carries its school into every statement."""

    def __init__(self, engines: Engines, posting: Posting, kicks: Kicks = QUIET) -> None:
        self._engines = engines
        self._posting = posting
        self._kicks = kicks

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
            yield SqlUnit(connection, school, self._posting, correlation, self._kicks)

    @contextmanager
    def read(self, school: str) -> Iterator[SqlUnit]:
        """See Units."""
        with self._engines.reading() as connection:
            yield SqlUnit(connection, school, self._posting)

    def schedules_due(self, now: datetime, *, furthest: Mapping[str, timedelta]) -> list[tuple[str, str]]:
        """See Units."""
        with self._engines.reading() as connection:
            return due_everywhere(connection, now, furthest=furthest)
