"""What somebody is asked about words that they typed straight into a chat: pass them on, or not."""

from dataclasses import dataclass

from bot.desk.visit import Visit, button
from bot.wire import Choice, Look
from safeguarding import Waiting
from school.words import Text

Rows = tuple[tuple[Choice, ...], ...]

NOT_SENT = "draft-stays"
CHANGE_OF_MIND: Rows = (
    (button(Text("Send it after all"), "draft.pass", Look.PRIMARY),),
    (button(Text("Wipe it now"), "draft.drop"),),
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A page, with a button for yes and one for no."""

    page: str
    yes: tuple[Choice, ...]
    no: tuple[Choice, ...]

    @property
    def rows(self) -> Rows:
        """As they stand below it."""
        return (self.yes, self.no)


ASKED = Question(
    page="draft-caught",
    yes=(button(Text("Yes, pass it on"), "draft.pass", Look.PRIMARY),),
    no=(button(Text("No, throw it away"), "draft.drop"),),
)
# Where a sign of danger stands in them: they go by themselves, unless somebody says no.
TOLD = Question(
    page="draft-danger",
    yes=(button(Text("Send it now"), "draft.pass", Look.PRIMARY),),
    no=(button(Text("Don't send it"), "draft.stay"),),
)
KEPT_BACK = Question(page=NOT_SENT, yes=CHANGE_OF_MIND[0], no=CHANGE_OF_MIND[1])


@dataclass(frozen=True)
class Found:
    """What of a sender's waits; false where nothing does."""

    drafts: tuple[Waiting, ...]

    def __bool__(self) -> bool:
        return bool(self.drafts)

    @property
    def going(self) -> bool:
        """Whether any goes by itself."""
        return any(each.goes_at for each in self.drafts)

    @property
    def kept_back(self) -> bool:
        """Whether nothing waits but what its sender has kept back."""
        return bool(self.drafts) and all(each.kept_back for each in self.drafts)


def mark_of(visit: Visit) -> str:
    """What a sender's drafts are found by."""
    return visit.house.vault.sender(visit.school.id, via=visit.incoming.via, address=visit.incoming.sender)


def waiting_of(visit: Visit) -> Found:
    """The drafts of whoever wrote."""
    return Found(visit.unit.drafts.of(mark_of(visit)))


def offer_of(*, going: bool, kept_back: bool = False) -> Question:
    """The question that fits."""
    if going:
        return TOLD
    return KEPT_BACK if kept_back else ASKED
