"""Staff at their Slack over a year: what they type, tap and fill in, each time through the SDK as it is."""

import json
from collections.abc import Iterable

from bot.playground.slack import Message
from tests.flows.rig import Rig, button_of

ROOM = "C0OAK"


class Staffroom:
    """Whoever is in the room; each sees what the channel says to all and what the bot says to them alone."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig

    def card(self, person: str) -> Message:
        """The newest card that they see."""
        return next(each for each in reversed(self.rig.slack.messages(ROOM)) if each.ephemeral_for in {None, person})

    def says(self, person: str) -> str:
        """What stands on it, with its buttons."""
        return json.dumps(self.card(person).blocks, ensure_ascii=False)

    def labels(self, person: str) -> list[str]:
        """Its buttons."""
        found = (element for block in self.card(person).blocks for element in block.get("elements", ()))
        return [each["text"]["text"] for each in found if each.get("type") == "button"]

    def form(self, person: str) -> str:
        """The window that is open before them; empty where none is."""
        return str(self.rig.slack.modal(person) or "")

    async def asks(self, person: str, words: str, command: str = "/lollipop") -> None:
        """Type a command, and have its answer: a card or a window."""
        before = self._seen(person)
        await self.rig.slack.slash(person, command, words, ROOM)
        await self._until_other(person, before, f"{command} {words}")

    async def taps(self, person: str, label: str) -> None:
        """Tap a button of the newest card by its label or its beginning, and have what comes of it."""
        whole = next((each for each in self.labels(person) if each.startswith(label)), None)
        assert whole, f"{person} sees no button {label!r}: {self.says(person)[:2000]}"
        card, before = self.card(person), self._seen(person)
        await self.rig.slack.press(person, ROOM, card.ts, *button_of(card.blocks, whole))
        await self._until_other(person, before, label)

    async def fills(self, person: str, then: str = "", **values: str) -> None:
        """Fill in the window and send it; `then` is what has to be said, in the window or on the card."""
        before = self._seen(person)
        await self.rig.slack.submit(person, values=values)
        await self._until_other(person, before, f"the window of {values}")
        if then:
            seen = self.form(person) + self.says(person)
            assert then in seen, f"{then!r} is not in {seen[:3000]}"

    async def opens_the_notice(self, person: str, label: str, *, then: str) -> None:
        """Tap a button of the newest notice in their own chat that has it; `then` stands on the card that comes."""
        await self.rig.settle()
        await self.taps_there(person, label, then=then)

    async def taps_there(self, person: str, label: str, *, then: str) -> None:
        """Tap a button of the newest card in their own chat that has it."""
        slack, chat = self.rig.slack, self.rig.slack.dm(person).id
        cards = [each for each in slack.dm_messages(person) if f"'text': '{label}'" in str(each.blocks)]
        assert cards, f"nothing in the chat of {person} has a button {label!r}"
        await slack.press(person, chat, cards[-1].ts, *button_of(cards[-1].blocks, label))

        def told() -> str:
            return str([each.blocks for each in slack.dm_messages(person) if each.ts >= cards[-1].ts])

        try:
            await self.rig.until(lambda: then in told())
        except AssertionError as error:
            raise AssertionError(f"nothing like {then!r} came of {label!r}: {told()[:3000]}") from error

    async def reads_on(self, person: str, right: Iterable[str], *, until: str) -> None:
        """Step by step through a module, or question by question, with the right answers, until it says so."""
        answers = set(right)
        for _ in range(40):
            if until in self.says(person):
                return
            forward = (each for each in self.labels(person) if each in answers | ONWARD)
            await self.taps(person, next(forward))
        raise AssertionError(f"it does not end: {self.says(person)[:2000]}")

    def _seen(self, person: str) -> tuple[int, str, str]:
        shown = self.rig.slack.messages(ROOM)
        mine = [each for each in shown if each.ephemeral_for in {None, person}]
        return len(mine), str(mine[-1].blocks) if mine else "", self.form(person)

    async def _until_other(self, person: str, before: tuple[int, str, str], what: str) -> None:
        try:
            await self.rig.until(lambda: self._seen(person) != before)
        except AssertionError as error:
            toasts = self.rig.slack.snapshot(person)["toasts"]
            told = f"{self.says(person)[:500]}\n{toasts}\n{self.rig.logs.getvalue()[-6000:]}"
            raise AssertionError(f"nothing came of {what!r} for {person}: {told}") from error


ONWARD = {"Next", "To the questions", "Next question", "I have read it: on to the questions"}
