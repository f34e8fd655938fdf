"""Which reports a button is for: their references travel in it, signed, and stand in no row beside anybody's chat."""

from collections.abc import Sequence

from bot.desk.visit import Visit
from safeguarding import Concern, State

BEGINS, DASH_AFTER = "LP-", 4


def short(references: Sequence[str], most: int) -> str:
    """The first so many, in as few letters as they need (bot.wire.Choice says how much room there is)."""
    return ",".join(each.removeprefix(BEGINS).replace("-", "") for each in references[:most])


def named_in(visit: Visit) -> list[Concern]:
    """Those of the button that was tapped that are on their way, and still there."""
    named = [each for each in visit.incoming.args.get("r", "").split(",") if each]
    references = [f"{BEGINS}{each[:DASH_AFTER]}-{each[DASH_AFTER:]}" for each in named]
    found = [concern for each in references if (concern := visit.unit.concerns.by_reference(each))]
    return [concern for concern in found if concern.state is not State.DRAFT]
