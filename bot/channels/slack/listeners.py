"""One entry for each kind of payload: read it, ask the desk, acknowledge, show the answer.

The desk commits before Slack hears anything. Bolt loses an acknowledgement when a listener raises, so nothing
leaves these listeners but an acknowledgement.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.channels.slack.answers import Answers, is_view, refuses, sorry
from bot.channels.slack.quiet import log_failure
from bot.channels.slack.reading import Reader, Spot, spot
from bot.channels.slack.tasks import Tasks
from bot.wire import SILENCE, Answer, FrontDesk, Incoming, Show
from school.words import Refusal

Body = Mapping[str, Any]
ANYTHING = re.compile("")
# Slack waits 3 s for an acknowledgement (docs.slack.dev/interactivity/handling-user-interaction)
PATIENCE_SECONDS = 2.5


class Listeners:
    """What Bolt calls."""

    def __init__(
        self,
        desk: FrontDesk,
        reader: Reader,
        answers: Answers,
        tasks: Tasks,
        *,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._desk = desk
        self._reader = reader
        self._answers = answers
        self._tasks = tasks
        self._patience = patience

    def attach(self, app: AsyncApp) -> None:
        """Register; whatever Slack sends finds one of these."""
        app.command(ANYTHING)(self.command)
        app.shortcut(ANYTHING)(self.shortcut)
        app.action(ANYTHING)(self.action)
        app.view_submission(ANYTHING)(self.submission)
        app.view_closed(ANYTHING)(self.closed)
        app.event(ANYTHING)(self.event)
        app.error(self.unheard)

    async def command(self, body: Body, ack: AsyncAck) -> None:
        """A slash command."""
        await self._guarded(ack, self._interaction(self._reader.command, body))

    async def shortcut(self, body: Body, ack: AsyncAck) -> None:
        """A global or message shortcut."""
        await self._guarded(ack, self._interaction(self._reader.shortcut, body))

    async def action(self, body: Body, ack: AsyncAck) -> None:
        """A button."""
        await self._guarded(ack, self._interaction(self._reader.action, body))

    async def closed(self, ack: AsyncAck) -> None:
        """A form put away: nothing was said."""
        await ack()

    async def unheard(self, error: Exception) -> BoltResponse:
        """A payload of a kind that we never ask for: acknowledged, for Slack turns off an app that answers 404."""
        log_failure("a payload had no listener", error)
        return BoltResponse(status=200, body="")

    async def submission(self, body: Body, ack: AsyncAck) -> None:
        """A form sent; the answer travels in the acknowledgement."""
        await self._guarded(ack, self._submission(body, ack))

    async def event(self, body: Body, ack: AsyncAck) -> None:
        """An event; what says nothing to us is acknowledged all the same."""
        await self._guarded(ack, self._event(body))

    async def _guarded(self, ack: AsyncAck, work: Coroutine[Any, Any, None]) -> None:
        """In hand until it ends, whoever hangs up meanwhile: a stop waits for it."""
        await asyncio.shield(self._tasks.start(self._caught(ack, work)))

    async def _caught(self, ack: AsyncAck, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - Bolt would lose the acknowledgement
            log_failure("a listener failed", error)
        finally:
            if ack.response is None:
                await ack()

    async def _interaction(self, read: Callable[[Body], Incoming | None], body: Body) -> None:
        """Ask, and wait until the desk has committed and a view is open, but never past Slack's patience."""
        ready = asyncio.Event()
        self._tasks.start(self._converse(read, body, ready))
        try:
            await asyncio.wait_for(ready.wait(), self._patience)
        except TimeoutError as error:
            log_failure("acknowledged before the answer", error)

    async def _converse(self, read: Callable[[Body], Incoming | None], body: Body, ready: asyncio.Event) -> None:
        try:
            answer, incoming = await self._answer(read, body)
            if not is_view(answer):
                ready.set()
            await self._show(answer, spot(body), incoming)
        finally:
            ready.set()

    async def _submission(self, body: Body, ack: AsyncAck) -> None:
        where, clock = spot(body), asyncio.get_running_loop()
        began = clock.time()
        answer, incoming = await self._answer(self._reader.submission, body)
        await ack(**self._answers.for_ack(answer, where))
        late = clock.time() - began > self._patience
        if answer.show is Show.HOME or late:
            # Too late for Slack: the form is still open under "We had some trouble connecting", and is changed now.
            self._tasks.start(self._show(answer, where, incoming))
        else:
            self._say_answered(answer, incoming, sent=True)
            if answer.buttons_spent:
                self._tasks.start(self._answers.take_buttons(answer, where))

    async def _event(self, body: Body) -> None:
        """Acknowledged once the answers are shown: until then Slack sends the event again if this process dies."""
        clock = asyncio.get_running_loop()
        patient_until = clock.time() + self._patience
        answers = [(await self._ask(incoming), incoming) for incoming in self._reader.events(body)]
        if answers:
            shown = self._tasks.start(self._show_all(answers, spot(body)))
            await asyncio.wait({shown}, timeout=max(0.0, patient_until - clock.time()))

    async def _show_all(self, answers: list[tuple[Answer, Incoming]], where: Spot) -> None:
        for answer, incoming in answers:
            await self._show(answer, where, incoming)

    async def _show(self, answer: Answer, where: Spot, incoming: Incoming | None) -> None:
        shown = await self._answers.show(answer, where)
        self._say_answered(answer, incoming, sent=shown)
        if shown and answer.buttons_spent:
            await self._answers.take_buttons(answer, where)

    def _say_answered(self, answer: Answer, incoming: Incoming | None, *, sent: bool) -> None:
        if incoming is not None and answer.show is not Show.SILENT:
            self._desk.answered(incoming, sent=sent)

    async def _answer(self, read: Callable[[Body], Incoming | None], body: Body) -> tuple[Answer, Incoming | None]:
        """The desk's answer; a forged or old token has its own sentence."""
        try:
            incoming = read(body)
        except Refusal as refusal:
            return refuses(refusal.text), None
        return SILENCE if incoming is None else await self._ask(incoming), incoming

    async def _ask(self, incoming: Incoming) -> Answer:
        try:
            return await self._desk.ask(incoming)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is undone; the person is told
            log_failure("the desk failed", error, incoming)
        try:
            await self._desk.give_up(incoming)
        except Exception as error:  # noqa: BLE001 - a failure to count a failure changes no answer
            log_failure("a failure was not counted", error, incoming)
        return sorry(incoming.verb)
