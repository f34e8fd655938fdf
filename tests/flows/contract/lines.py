"""What people and platforms do, said once for the four ways in which Lollipop is connected.

A `Line` is one way: Socket Mode, signed HTTP, polling or webhook. It speaks to the stand-ins alone.
"""

import asyncio
import contextlib
import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import select

from bot.storage.tables import delivery, vault_concern
from bot.wire import Via
from tests.flows.rig import Rig

NUMBERS = itertools.count(1)
UNHURRIED_SECONDS = 30.0
"""How long Slack's stand-in waits for an acknowledgement where a test is not about that: machines can be busy."""


@dataclass
class Desk:
    """The school's desk with a gate in front of it: what has been asked of it, and a way to keep it waiting."""

    rig: Rig
    asked: list[str] = field(default_factory=list)
    _open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._open.set()
        counter = self.rig.product.counter
        counter.ask = partial(self._ask, counter.ask)  # type: ignore[method-assign]

    async def _ask(self, ask, incoming):
        self.asked.append(incoming.verb)
        await self._open.wait()
        return await ask(incoming)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Whoever asks now waits until the block has ended."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    async def asked_again(self, before: int) -> None:
        """Wait until somebody has asked for more than `before` times."""
        await self.rig.until(lambda: len(self.asked) > before)


class Line(ABC):
    """One way of being connected. A person is an id of the platform's; `sent` is what it can deliver again."""

    name: str
    via: Via
    answer_method: str
    """How the channel answers words in a private chat."""
    longest: int
    """The characters that a person may send in one message."""

    def __init__(self, rig: Rig, desk: Desk, waits: list[float]) -> None:
        self.rig, self.desk, self.waits = rig, desk, waits
        self.said: list[str] = []
        self.logged: Callable[[], str] = str

    # What people do

    @abstractmethod
    def newcomer(self) -> Any:
        """Somebody whom Lollipop has never met."""

    @abstractmethod
    async def ask_for_help(self, person: Any) -> Any:
        """Type the command for help."""

    @abstractmethod
    async def say(self, person: Any, words: str) -> Any:
        """Write to the bot; back once the platform has delivered it as often as it does by itself."""

    @abstractmethod
    async def send_picture(self, person: Any, words: str) -> Any:
        """Send a picture with words."""

    @abstractmethod
    async def press(self, person: Any, label: str, *, times: int = 1) -> None:
        """Press the newest button with this label, so often at once; back when every press was acknowledged."""

    @abstractmethod
    def tamper(self, person: Any, label: str, token: str) -> None:
        """What the button holds is changed, as somebody else's programme would."""

    # What the platform does

    @abstractmethod
    async def again(self, sent: Any) -> None:
        """Deliver the same thing once more, as the platform does."""

    @abstractmethod
    def confirmed(self, sent: Any) -> bool:
        """Whether the platform may forget it."""

    @abstractmethod
    async def until_given_up(self, sent: Any) -> None:
        """Deliver it as often as it takes to have it parked: three times."""

    @abstractmethod
    async def send_strange(self) -> bool:
        """Something of a kind that did not exist when this was written; whether it was acknowledged."""

    @abstractmethod
    async def say_as_line_breaks(self, person: Any, words: str) -> Any:
        """The line breaks while the desk has it in hand, and the platform delivers it again over a new one."""

    @abstractmethod
    async def say_to_closing_desk(self, person: Any, words: str) -> Any:
        """The channel is stopped while the desk has it in hand, and started again."""

    @abstractmethod
    def too_many(self, seconds: int) -> None:
        """The platform answers the next answer with 429."""

    @abstractmethod
    def server_error(self) -> None:
        """The platform answers the next answer with 503, and does not show it."""

    @staticmethod
    async def _stops(channel: Any) -> asyncio.Task[None]:
        stopping = asyncio.create_task(channel.stop())
        done, _ = await asyncio.wait({stopping}, timeout=0.3)
        assert not done, "it stopped before what it had in hand was finished"
        return stopping

    # What can be seen

    @abstractmethod
    def heard(self, person: Any) -> list[str]:
        """What the bot has said to somebody, buttons and all."""

    @abstractmethod
    def told(self, person: Any) -> str:
        """Everything somebody can read, in their window's own hints too."""

    @abstractmethod
    def downloads(self) -> Sequence[object]:
        """Every attempt to get at a file."""

    @abstractmethod
    def secrets(self) -> list[str]:
        """What no log may hold."""

    async def heard_from(self, person: Any, times: int = 1) -> None:
        """Wait until the bot has said so much."""
        await self.rig.until(lambda: len(self.heard(person)) >= times, seconds=30)

    def kept(self, person: Any) -> list[Any]:
        """The rows of what somebody said and the vault holds, still sealed."""
        house = self.rig.product.house
        mark = house.vault.sender("oakfield", via=self.via, address=str(person))
        with self.rig.product.engines.reading() as connection:
            return list(connection.execute(select(vault_concern).where(vault_concern.c.sent_from == mark)).all())

    def notices_of(self, reference: str) -> list[str]:
        """Whom the notices about a concern are for."""
        with self.rig.product.engines.reading() as connection:
            rows = connection.execute(select(delivery.c.recipient, delivery.c["values"])).all()
        return [row.recipient for row in rows if row._mapping["values"].get("reference") == reference]
