"""Questions to whoever leads on e-safety, sealed under the server's own key; and the FAQ, open to everybody."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import Aead
from sqlalchemy import Row, func, or_

from bot.storage.question_tables import faq as faq_table
from bot.storage.question_tables import question as table
from bot.storage.scoped import Scoped
from school.sensitive import Sensitive
from staff import Asker, Faq, Question, QuestionState

# Padded to whole steps, so that a length tells little.
STEP_BYTES = 256


class SqlQuestions:
    """Implements QuestionStore."""

    def __init__(self, scoped: Scoped, keys: Sequence[bytes]) -> None:
        self._scoped = scoped
        self._keys = keys

    def add(self, question: Question) -> None:
        """See QuestionStore."""
        values = {
            "id": question.id,
            "reference": question.reference,
            "asker": question.asker.value,
            "by": question.by,
            "lang": question.lang,
            "words": self._seal(question.words, question.reference, "words"),
            "answer": None if question.answer is None else self._seal(question.answer, question.reference, "answer"),
            "state": question.state.value,
            "asked": question.asked,
            "settled": question.settled,
            "settled_by": question.settled_by,
            "faq": question.faq,
        }
        self._scoped.add(table, values)

    def by_reference(self, reference: str) -> Question | None:
        """See QuestionStore."""
        row = self._scoped.first(self._scoped.select(table).where(table.c.reference == reference))
        return self._question(row) if row else None

    def waiting(self, *, limit: int) -> tuple[Question, ...]:
        """See QuestionStore."""
        still_open = self._scoped.select(table).where(table.c.settled.is_(None))
        rows = self._scoped.all(still_open.order_by(table.c.asked, table.c.id).limit(limit))
        return tuple(map(self._question, rows))

    def count_waiting(self) -> int:
        """See QuestionStore."""
        counted = self._scoped.first(self._scoped.select(table, func.count()).where(table.c.settled.is_(None)))
        return int(counted[0]) if counted else 0

    def of(self, asker: Asker, by: str, *, limit: int) -> tuple[Question, ...]:
        """See QuestionStore."""
        theirs = self._scoped.select(table).where(table.c.asker == asker.value, table.c.by == by)
        rows = self._scoped.all(theirs.order_by(table.c.asked.desc(), table.c.id.desc()).limit(limit))
        return tuple(map(self._question, rows))

    def settle(self, reference: str, *, answer: Sensitive | None, by: str, now: datetime) -> bool:
        """See QuestionStore."""
        still_open = self._scoped.update(table).where(table.c.reference == reference, table.c.settled.is_(None))
        settled = still_open.values(
            state=(QuestionState.CLOSED if answer is None else QuestionState.ANSWERED).value,
            answer=None if answer is None else self._seal(answer, reference, "answer"),
            settled=now,
            settled_by=by,
        )
        return self._scoped.first(settled.returning(table.c.id)) is not None

    def forget(self, *, before: datetime, asked_before: datetime, limit: int) -> int:
        """See QuestionStore."""
        over = or_(table.c.settled < before, table.c.asked < asked_before)
        rows = self._scoped.all(self._scoped.select(table, table.c.id).where(over).limit(limit))
        for row in rows:
            self._scoped.run(self._scoped.delete(table).where(table.c.id == row.id))
        return len(rows)

    def forget_of(self, asker: Asker, by: str) -> int:
        """See QuestionStore."""
        theirs = self._scoped.delete(table).where(table.c.asker == asker.value, table.c.by == by)
        return len(self._scoped.all(theirs.returning(table.c.id)))

    def keep_faq(self, faq: Faq) -> bool:
        """See QuestionStore."""
        values = {"reference": faq.reference, "ask": faq.ask, "answer": faq.answer, "kept": faq.kept, "by": faq.by}
        fresh = self._scoped.add_once(faq_table, values)
        if fresh:
            self._flag(faq.reference, kept=True)
        return fresh

    def faqs(self) -> tuple[Faq, ...]:
        """See QuestionStore."""
        newest = self._scoped.select(faq_table).order_by(faq_table.c.kept.desc(), faq_table.c.reference)
        return tuple(
            Faq(reference=row.reference, ask=row.ask, answer=row.answer, kept=row.kept, by=row.by)
            for row in self._scoped.all(newest)
        )

    def drop_faq(self, reference: str) -> bool:
        """See QuestionStore."""
        self._flag(reference, kept=False)
        gone = self._scoped.delete(faq_table).where(faq_table.c.reference == reference)
        return self._scoped.first(gone.returning(faq_table.c.reference)) is not None

    def _flag(self, reference: str, *, kept: bool) -> None:
        self._scoped.run(self._scoped.update(table).where(table.c.reference == reference).values(faq=kept))

    def _seal(self, words: Sensitive, reference: str, place: str) -> bytes:
        """XChaCha20-Poly1305 under the newest key, bound to the school, the question and the place in it."""
        plain = words.reveal().encode()
        # A byte that no UTF-8 has ends the words, so that their own spaces at the end stay.
        padded = (plain + b"\xff").ljust(-(-(len(plain) + 1) // STEP_BYTES) * STEP_BYTES)
        return bytes(Aead(self._keys[0]).encrypt(padded, aad=self._bound(reference, place)))

    def _open(self, sealed: bytes, reference: str, place: str) -> Sensitive:
        """Empty where no key of ours opens it: the keys beside the database were lost, or it was changed."""
        for key in self._keys:
            try:
                plain = bytes(Aead(key).decrypt(sealed, aad=self._bound(reference, place)))
            except (CryptoError, ValueError):
                continue
            return Sensitive(plain.rpartition(b"\xff")[0].decode())
        return Sensitive("")

    def _bound(self, reference: str, place: str) -> bytes:
        return b"\0".join((b"question", self._scoped.school.encode(), reference.encode(), place.encode()))

    def _question(self, row: Row[Any]) -> Question:
        return Question(
            id=row.id,
            reference=row.reference,
            asker=Asker(row.asker),
            by=row.by,
            lang=row.lang,
            words=self._open(row.words, row.reference, "words"),
            asked=row.asked,
            state=QuestionState(row.state),
            answer=None if row.answer is None else self._open(row.answer, row.reference, "answer"),
            settled=row.settled,
            settled_by=row.settled_by,
            faq=row.faq,
        )
