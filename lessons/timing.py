"""The minutes of a lesson's steps, and the short word to whoever teaches when a step's time is up."""

import re
from datetime import datetime, timedelta

from lessons.cards import STEPS
from pages import Page, plain_text
from school.notices import Lane, Notice, Outbox, To
from school.people import SchoolClass

STEP_OVER = "step-over"
# Later than so long it disturbs more than it helps: the class has gone on by then.
OF_USE = timedelta(minutes=2)
# A step says its minutes in its first line (docs/authors.md).
_MINUTES = re.compile(r"(\d{1,3}) minutes?\b")


def minutes_of(page: Page, step: int) -> int:
    """How many minutes a step has, `step` from 0; 0 where its page does not say."""
    lines = plain_text(page.part(STEPS[step])).strip().splitlines()
    found = _MINUTES.match(lines[0].strip()) if lines else None
    return int(found[1]) if found else 0


def remind(
    page: Page, *, step: int, klass: SchoolClass, teacher: str, ends: datetime, key: str, outbox: Outbox
) -> None:
    """Leave the word for when a step's time is up, in the place of any that waits for its teacher. The caller commits.

    `key` is a fresh one: a reminder that was taken back may be asked for again.
    """
    forget_reminders(teacher, outbox=outbox)
    outbox.leave(
        Notice(
            key=f"{STEP_OVER}:{key}",
            to=To.PERSON,
            recipient=teacher,
            page=STEP_OVER,
            values={"step": str(page.part(STEPS[step]).title), "class": klass.name},
            lane=Lane.REPLIES,
            due=ends,
            not_after=ends + OF_USE,
        )
    )


def forget_reminders(teacher: str, *, outbox: Outbox) -> None:
    """Take back what waits for somebody: nobody teaches two lessons at once. The caller commits."""
    outbox.withdraw(to=To.PERSON, recipient=teacher, page=STEP_OVER)
