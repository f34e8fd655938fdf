"""Triage: a readable list of phrases that can raise urgency and never lower it. No model, no score."""

import re

from school.sensitive import Sensitive

# Our own list of plain danger signs, in the words children use; reviewed termly by the school's lead.
DANGER = (
    "kill myself",
    "kill me",
    "suicide",
    "want to die",
    "wanna die",
    "hurt myself",
    "hurting myself",
    "self harm",
    "self-harm",
    "cut myself",
    "cutting myself",
    "hits me",
    "hit me",
    "touches me",
    "touched me",
    "meet me",
    "meet him",
    "meet her",
    "meet them",
    "naked",
    "nude",
    "nudes",
    "knife",
    "gun",
    "scared to go home",
    "not safe",
    "right now",
    "tonight",
    "running away",
    "run away",
)
_DANGER = re.compile(r"\b(?:" + "|".join(re.escape(sign) for sign in DANGER) + r")\b")


def is_urgent(words: Sensitive) -> bool:
    """Whether any danger sign stands in the words, whatever the capitals and the spacing."""
    return bool(_DANGER.search(" ".join(words.reveal().casefold().split())))
