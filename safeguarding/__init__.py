"""Floor 3: concerns. Imports school and pages, and nothing else. Front door: `from safeguarding import receive`."""

from safeguarding.concerns import (
    Concern,
    ConcernStore,
    NewConcern,
    NotForYouError,
    NothingToSendError,
    Opened,
    Recipient,
    State,
    TooLongError,
    WrappedKey,
)
from safeguarding.followup import acknowledge, destroy_stale_drafts, read, status_of
from safeguarding.helplines import Audience, HelpLine, HelpLineFault, help_lines, load_help_lines, stale_faults
from safeguarding.intake import (
    LONGEST_WORDS,
    NobodyForThisAnswerError,
    NobodyToReceiveError,
    Received,
    Report,
    discard,
    hold,
    pass_on,
    receive,
    says_nothing,
)
from safeguarding.receipts import ALPHABET, READ_AS, Receipt, UnknownReceiptError, typed_receipt, write_receipt
from safeguarding.routing import About, route
from safeguarding.triage import TriageFault, load_rules

__all__ = [
    "ALPHABET",
    "LONGEST_WORDS",
    "READ_AS",
    "About",
    "Audience",
    "Concern",
    "ConcernStore",
    "HelpLine",
    "HelpLineFault",
    "NewConcern",
    "NobodyForThisAnswerError",
    "NobodyToReceiveError",
    "NotForYouError",
    "NothingToSendError",
    "Opened",
    "Receipt",
    "Received",
    "Recipient",
    "Report",
    "State",
    "TooLongError",
    "TriageFault",
    "UnknownReceiptError",
    "WrappedKey",
    "acknowledge",
    "destroy_stale_drafts",
    "discard",
    "help_lines",
    "hold",
    "load_help_lines",
    "load_rules",
    "pass_on",
    "read",
    "receive",
    "route",
    "says_nothing",
    "stale_faults",
    "status_of",
    "typed_receipt",
    "write_receipt",
]
