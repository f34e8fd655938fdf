"""What adults answered about one child, as a log that is only added to; and what classes were asked."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from bot.storage.agreement_tables import adult_answer
from bot.storage.agreement_tables import asking as asking_table
from bot.storage.scoped import Scoped
from parents import AdultAnswer, Asking, Said


class SqlAnswers:
    """Implements AnswerStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def add(self, answer: AdultAnswer) -> None:
        """See AnswerStore."""
        values = {
            "id": answer.id,
            "pupil": answer.pupil,
            "adult": answer.adult,
            "page": answer.page,
            "use": answer.use,
            "said": answer.said.value,
            "version": answer.version,
            "lang": answer.lang,
            "source": answer.source,
            "at": answer.when,
            "family_id": answer.family,
        }
        self._scoped.add(adult_answer, values)

    def of_pupils(self, pupils: Collection[str]) -> tuple[AdultAnswer, ...]:
        """See AnswerStore."""
        return self._found(adult_answer.c.pupil.in_(pupils)) if pupils else ()

    def of_family(self, family_id: UUID) -> tuple[AdultAnswer, ...]:
        """See AnswerStore."""
        return self._found(adult_answer.c.family_id == family_id)

    def drop(self, pupil: str) -> int:
        """See AnswerStore."""
        gone = self._scoped.delete(adult_answer).where(adult_answer.c.pupil == pupil)
        return len(self._scoped.all(gone.returning(adult_answer.c.id)))

    def ask(self, asking: Asking) -> bool:
        """See AnswerStore."""
        values = {
            "id": asking.id,
            "class_id": asking.class_id,
            "pages": ",".join(asking.pages),
            "opened": asking.opened,
            "stage": asking.stage,
        }
        return self._scoped.add_once(asking_table, values)

    def asked(self, class_id: str = "") -> tuple[Asking, ...]:
        """See AnswerStore."""
        found = self._scoped.select(asking_table).order_by(asking_table.c.opened, asking_table.c.id)
        rows = self._scoped.all(found.where(asking_table.c.class_id == class_id) if class_id else found)
        return tuple(
            Asking(
                id=row.id, class_id=row.class_id, pages=tuple(row.pages.split(",")), opened=row.opened, stage=row.stage
            )
            for row in rows
        )

    def go_on(self, asking_id: str, *, stage: int) -> None:
        """See AnswerStore."""
        this = self._scoped.update(asking_table).where(asking_table.c.id == asking_id)
        self._scoped.run(this.values(stage=stage))

    def _found(self, *where: Any) -> tuple[AdultAnswer, ...]:
        log = self._scoped.select(adult_answer).where(*where).order_by(adult_answer.c.at, adult_answer.c.id)
        return tuple(_answer(row) for row in self._scoped.all(log))


def forget_who(scoped: Scoped, family_id: UUID) -> None:
    """What was answered stays with the child's code; that this chat did, does not."""
    scoped.run(scoped.update(adult_answer).where(adult_answer.c.family_id == family_id).values(family_id=None))


def _answer(row: Row[Any]) -> AdultAnswer:
    return AdultAnswer(
        id=row.id,
        pupil=row.pupil,
        adult=row.adult,
        page=row.page,
        use=row.use,
        said=Said(row.said),
        version=row.version,
        lang=row.lang,
        source=row.source,
        when=row.at,
        family=row.family_id,
    )
