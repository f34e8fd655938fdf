"""The button under what staff are told of a request: one tap, and its card stands there."""

from bot.storage import DeliveryRow
from bot.wire import Choice, Choices, Look, Via
from school.notices import To
from school.words import Text

# The pages that tell of a request, each with its reference among the values.
PAGES = ("request-", "filter-fault", "filter-left-off", "breach-")


def to_open(row: DeliveryRow) -> Choices:
    """The way to the request that a notice on Slack is about; nothing below any other."""
    reference = row.values.get("reference", "")
    if row.to is not To.PERSON or row.channel != Via.SLACK or not reference or not row.page.startswith(PAGES):
        return ()
    label = Text("Open {reference}", {"reference": reference})
    return ((Choice(label=label, verb="req.read", args={"ref": reference}, look=Look.PRIMARY),),)
