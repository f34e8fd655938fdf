"""What of the evidence leaves the staff's own pages: the pack, the page in a file and the table.

Only what stands here as safe is told as it was written down. Whatever somebody may have typed, and whatever a pupil, a
family or a reporter did, is told in a sentence of ours; of the latter neither the day, nor how often where that is
under five.
"""

import re
from collections.abc import Sequence
from datetime import date

from bot.desk.year_words import guarded
from school.evidence import Evidence
from school.words import Text
from staff import Standing

# Kinds whose words are ours alone: ids of pages and checks, classes, counts, references and versions.
AS_WRITTEN = (
    *("agreement.", "assembly.", "campaign.", "check.", "cpd.", "family.asked", "home.", "knowledge.", "lesson."),
    *("meeting.", "module.", "newsletter.", "policy.", "question.", "request.", "routine.", "scenario.", "sign."),
    *("sites.", "starter.", "survey.", "watching.", "whatif."),
)
# The first that a kind begins with is how it is told.
IN_OUR_WORDS: Sequence[tuple[str, Text]] = (
    ("concern.received", Text("Concerns were received.")),
    ("concern.", Text("Concerns were followed up.")),
    ("lowlevel.", Text("Concerns were followed up.")),
    ("identity.", Text("Concerns were followed up.")),
    ("alerts.", Text("Alerts of a filtering or monitoring system were brought in.")),
    ("media.", Text("Whoever sent a picture or a file was told how to report without it.")),
    ("find.", Text("Unsuitable material that turned up was dealt with in the agreed way.")),
    ("family.answered", Text("Families answered.")),
    ("family.joined", Text("Families joined the school's news.")),
    ("family.", Text("Families asked to change what is kept about them, or the office did.")),
    ("event.replied", Text("Families replied to an invitation.")),
    ("event.", Text("Families were told of an event.")),
    ("site.taken_off", Text("A site was taken off the list of checked sites.")),
    ("site.", Text("A site was looked at before pupils use it.")),
)
OTHERWISE = Text("Something was done for this clause.")
# What a pupil, a family or a reporter did: told by the month, and its number from five on.
OF_FEW = ("concern.", "lowlevel.", "identity.", "alerts.", "media.", "find.", "family.", "event.replied")
NOT_OF_FEW = ("family.asked",)
# Where an answer is to a family's question and not to a colleague's.
FAMILY_ASKED = ("C20", "question.answered")
FAMILY_ANSWERED = Text("Questions of families were answered.")
FEW_OF_THEM = re.compile(r"\b[1-4] (?=families|adults|messages|names)")
# An event's id is the office's own word.
AN_EVENT = re.compile(r"\bevent-[\w-]+")


def told_outside(act: Evidence) -> str | Text:
    """What was done, for governors and inspectors."""
    if (act.clause, act.kind) == FAMILY_ASKED:
        return FAMILY_ANSWERED
    if act.kind.startswith(AS_WRITTEN):
        return AN_EVENT.sub("before an event", FEW_OF_THEM.sub("fewer than five ", act.what))
    return next((words for begins, words in IN_OUR_WORDS if act.kind.startswith(begins)), OTHERWISE)


def is_of_few(act: Evidence) -> bool:
    """Whether a record is of what a pupil, a family or a reporter did."""
    return _of_few(act.kind) or (act.clause, act.kind) == FAMILY_ASKED


def _of_few(kind: str) -> bool:
    """The same of a kind, or of how it begins."""
    return kind.startswith(OF_FEW) and not kind.startswith(NOT_OF_FEW)


def counts_few(standing: Standing) -> bool:
    """Whether nothing but such records count for a clause."""
    return all(_of_few(each) for each in standing.clause.counts)


def records_outside(standing: Standing) -> str | Text:
    """How many records count, or that they are fewer than five."""
    return guarded(standing.records) if counts_few(standing) and standing.records else str(standing.records)


def total_outside(found: Sequence[Standing]) -> int:
    """Over all clauses whose number is told: with the others in it, theirs could be taken from it."""
    return sum(each.records for each in found if not isinstance(records_outside(each), Text))


def month_of(day: date) -> str:
    """A month as its number and its year."""
    return f"{day:%m/%Y}"
