"""A channel under test in a building of its own: the real Bolt, a recording Slack, a fake desk."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from slack_double import FakeDesk, RecordingSlack

from bot.channels.slack.channel import UNPACED, SlackChannel, SlackSettings
from bot.clock import SetClock
from bot.playground.serving import serve
from bot.tokens import Signer
from bot.wire import Answer, Form, FormField, Kind, Option, Pace, Show
from pages.document import Document, note
from school.words import Text

CANARY = "the grey heron stood on one leg behind the bike shed"
SIGNER = Signer("oak", [(1, b"k" * 32)])
TODAY = datetime(2026, 11, 24, 9, tzinfo=UTC)


def says(words: str, **more: Any) -> Answer:
    return Answer(document=Document("Lollipop", (note(Text(words)),)), **more)


FORM = Answer(
    form=Form(
        title=Text("Tell us"),
        submit=Text("Send"),
        verb="report.send",
        args={"about": "self"},
        fields=(
            FormField(name="words", label=Text("What happened?"), kind=Kind.LONG_TEXT, private=True),
            FormField(
                name="safe",
                label=Text("Are you safe?"),
                kind=Kind.CHOICE,
                options=(Option(value="y", label=Text("Yes")), Option(value="n", label=Text("No"))),
            ),
        ),
    ),
    show=Show.FORM,
)
SENT = {
    "words": {"private": {"type": "plain_text_input", "value": CANARY}},
    "safe": {"open": {"type": "radio_buttons", "selected_option": {"value": "n", "text": {}}}},
}


@dataclass
class Building:
    slack: RecordingSlack
    desk: FakeDesk
    channel: SlackChannel
    base: str
    pauses: list[float] = field(default_factory=list)
    clock: SetClock = field(default_factory=lambda: SetClock(TODAY))

    async def sends(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        """One payload over Socket Mode; its acknowledgement, once every answer has been shown."""
        acknowledged = await self.slack.envelope(kind, payload)
        await self.channel.drained()
        return acknowledged

    def shown(self) -> str:
        return json.dumps([self.slack.calls, self.slack.responses], ensure_ascii=False)


@asynccontextmanager
async def building(*, patience: float = 2.5, pace: Pace = UNPACED, **settings: Any) -> AsyncIterator[Building]:
    slack, desk, pauses, clock = RecordingSlack(), FakeDesk(), [], SetClock(TODAY)

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async with serve(slack.app()) as base:
        slack.base = base
        given = SlackSettings(bot_token="xoxb-bot", api_url=f"{base}/api/", **({"app_token": "xapp-app"} | settings))
        channel = SlackChannel(given, "oak", desk, SIGNER, clock, pace=pace, patience=patience, pause=pause)
        await channel.start()
        try:
            yield Building(slack, desk, channel, base, pauses, clock)
        finally:
            await channel.stop()


def drawn_form() -> dict[str, Any]:
    token = SIGNER.button("report.send", {"about": "self"}, on=TODAY.date())
    return {
        "type": "modal",
        "callback_id": "form",
        "private_metadata": token,
        "blocks": [{"type": "input", "block_id": "words"}, {"type": "input", "block_id": "safe"}],
    }
