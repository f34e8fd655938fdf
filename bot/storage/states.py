"""The states of a delivery, and the order of the lanes."""

from enum import StrEnum

from school.notices import Lane


class DeliveryState(StrEnum):
    """Pending is planned, claimed and sending. `sending` is committed before the network is touched."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


LANE_ORDER = (Lane.SAFEGUARDING, Lane.REPLIES, Lane.BULK)
WITHDRAWN = "withdrawn"
EXPIRED = "expired"
CANCELLED = "cancelled"
PERHAPS_A_REPEAT = "perhaps a repeat"
MOVED = "the chat moved"
# A person has looked at a doubtful one and let it be.
LEFT = "left as it is"
