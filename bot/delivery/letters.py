"""Letters: claimed rows made ready to go, each with its address and a page that was drawn once for many."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.clock import Clock
from bot.delivery.verdicts import later, not_made, skipped
from bot.logs import log
from bot.storage import DeliveryRow, End
from bot.wire import Channel, Choices, Drawn, SendFailed
from pages import Document

DRAWINGS_KEPT = 256
CHANNEL_OFF = timedelta(minutes=1)

DrawingKey = tuple[str, str, str, str, str, str, bool, date, tuple[tuple[str, str], ...]]


def no_buttons(row: DeliveryRow) -> Choices:  # noqa: ARG001 - all that give buttons look alike
    """Nothing below a page."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where a delivery goes, found again at the moment of sending; `skip` says why it goes nowhere after all.

    `own` is an address on our pages that is the recipient's alone; see Drawn.
    """

    address: str = ""
    lang: str = "en"
    skip: str = ""
    own: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One delivery, ready to be posted."""

    row: DeliveryRow
    channel: Channel
    address: str
    drawn: Drawn

    @property
    def keys(self) -> tuple[str, ...]:
        """What it counts against."""
        return self.channel.pacing_keys(self.address)


@dataclass(kw_only=True)
class Drawings:
    """Pages drawn and encoded once for a school, channel and language, whatever the number of recipients.

    Only the values that a page uses tell two drawings apart; they are nearly always the same for everybody.
    """

    compose: Callable[[DeliveryRow, str], Document]
    buttons: Callable[[DeliveryRow], Choices] = no_buttons
    today: Callable[[str], date]
    _kept: OrderedDict[DrawingKey, Drawn] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    made: int = 0

    def of(self, row: DeliveryRow, lang: str, channel: Channel) -> Drawn:
        """Raises whatever `compose` raises, and SendFailed."""
        key = (
            *(
                row.school,
                channel.via.value,
                row.to.value,
                row.page,
                row.part,
                lang,
                row.repeat,
                self.today(row.school),
            ),
            tuple(sorted(row.values.items())),
        )
        with self._lock:
            if (known := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return known
        drawn = channel.draw(self.compose(row, lang), lang=lang, choices=self.buttons(row))
        with self._lock:
            self.made += 1
            self._kept[key] = drawn
            while len(self._kept) > DRAWINGS_KEPT:
                self._kept.popitem(last=False)
        return drawn


@dataclass(frozen=True, kw_only=True)
class Preparing:
    """Turns claimed rows into letters. Runs in a thread."""

    channels: Callable[[str], Mapping[str, Channel]]
    routes: Callable[[Sequence[DeliveryRow]], Sequence[Route]]
    drawings: Drawings
    machine_clock: Clock

    def letters(self, rows: Sequence[DeliveryRow]) -> tuple[list[Letter], list[End]]:
        """Those that go, and what became of those that do not. Consent and reachability are asked again here."""
        ready: list[Letter] = []
        ends: list[End] = []
        for row, route in zip(rows, self.routes(rows), strict=True):
            made = self._letter(row, route)
            if isinstance(made, Letter):
                ready.append(made)
            else:
                ends.append(made)
        return ready, ends

    def _letter(self, row: DeliveryRow, route: Route) -> Letter | End:
        now = self.machine_clock.now()
        if route.skip:
            return skipped(row, route.skip)
        channel = self.channels(row.school).get(row.channel)
        if channel is None:
            return later(row, "the channel is off", not_before=now + CHANNEL_OFF, untried=True)
        try:
            drawn = self.drawings.of(row, route.lang, channel)
        except (Exception, SendFailed) as error:  # noqa: BLE001 - whatever it is, it is this page's and holds up no other
            log("delivery.not_made", school=row.school, via=row.channel, correlation=row.correlation, error=error)
            return not_made(row, machine_now=now)
        return Letter(row=row, channel=channel, address=route.address, drawn=replace(drawn, own=route.own))
