"""What was asked of the vault and refused: a row of its own, for what was tried is worth as much as what was done."""

import re
from collections.abc import Mapping
from datetime import datetime

from bot.unit import Units
from bot.wire import Incoming
from safeguarding import SENDER, Act, Outcome
from school.people import Person

# What each verb would have been, had it been done. A question asked first stands for what it leads to.
ACTS: Mapping[str, Act] = {
    "alerts.keep": Act.BROUGHT_IN,
    "draft.stay": Act.KEPT_BACK,
    "identity.agree": Act.UNCOVERED,
    "identity.ask": Act.IDENTITY_ASKED,
    "identity.ask.send": Act.IDENTITY_ASKED,
    "identity.list": Act.LISTED,
    "identity.look": Act.UNCOVERED,
    "identity.refuse": Act.IDENTITY_REFUSED,
    "identity.see": Act.IDENTITY_SEEN,
    "identity.take_back": Act.IDENTITY_ENDED,
    "inbox.acknowledge": Act.ACKNOWLEDGED,
    "inbox.assign": Act.ASSIGNED,
    "inbox.assign.to": Act.ASSIGNED,
    "inbox.close": Act.CLOSE_ASKED,
    "inbox.close.agree": Act.CLOSED,
    "inbox.close.send": Act.CLOSE_ASKED,
    "inbox.give": Act.SHARED,
    "inbox.give.to": Act.SHARED,
    "inbox.hand_over": Act.HANDED_OVER,
    "inbox.hand_over.send": Act.HANDED_OVER,
    "inbox.keys": Act.LISTED,
    "inbox.list": Act.LISTED,
    "inbox.note": Act.NOTED,
    "inbox.note.send": Act.NOTED,
    "inbox.paper": Act.EXPORTED,
    "inbox.papers": Act.EXPORTED,
    "inbox.read": Act.READ,
    "inbox.refer": Act.REFERRED,
    "inbox.refer.send": Act.REFERRED,
    "inbox.reopen": Act.REOPENED,
    "inbox.reply": Act.REPLIED,
    "inbox.reply.send": Act.REPLIED,
    "inbox.routing": Act.LISTED,
    "inbox.share": Act.SHARED,
    "inbox.share.to": Act.SHARED,
    "lowlevel.allege": Act.READ,
    "lowlevel.allege.yes": Act.ALLEGED,
    "lowlevel.end": Act.READ,
    "lowlevel.end.yes": Act.DESTROYED,
    "lowlevel.form": Act.LOW_LEVEL,
    "lowlevel.list": Act.LISTED,
    "lowlevel.people": Act.REGISTER_OPENED,
    "lowlevel.read": Act.READ,
    "lowlevel.send": Act.LOW_LEVEL,
    "lowlevel.share": Act.SHARED,
    "report.add": Act.ADDED,
    "report.hush": Act.CHAT_TAKEN,
    "report.is": Act.TOPIC_SAID,
    "report.status": Act.ASKED,
    "report.tell": Act.CHAT_GIVEN,
    "report.topic": Act.TOPIC_SAID,
}
_REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")


def note_refused(incoming: Incoming, *, person: Person | None, units: Units, now: datetime) -> None:
    """In a transaction of its own, after that of the try was undone.

    What was given as a reference and is none is not kept: it may be anything.
    """
    act, given = ACTS.get(incoming.verb), incoming.args.get("ref", "")
    if act is None:
        return
    note_act(
        act,
        school=incoming.school,
        actor=person.id if person else SENDER,
        units=units,
        now=now,
        subject=given if _REFERENCE.fullmatch(given) else "",
        outcome=Outcome.REFUSED,
    )


def note_act(
    act: Act,
    *,
    school: str,
    actor: str,
    units: Units,
    now: datetime,
    subject: str = "",
    outcome: Outcome = Outcome.DONE,
) -> None:
    """One row of the log, committed."""
    with units.write(school) as unit:
        unit.concerns.log.write(act, actor=actor, now=now, subject=subject, outcome=outcome)
        unit.commit()
