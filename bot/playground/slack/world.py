"""The stand-in's world: one object that the routes, the demo's page and the tests share."""

from bot.playground.slack.model import Json, Message
from bot.playground.slack.people import People
from bot.playground.slack.snapshot import snapshot


class SlackWorld(People):
    """One workspace in memory. Everything runs on one event loop, and no time passes by itself."""

    def snapshot(self, user_id: str) -> Json:
        """What a person sees, JSON-ready.

        Raises:
            KeyError: no such person.
        """
        return snapshot(self, user_id)

    def messages(self, channel_id: str) -> list[Message]:
        """Every message of a channel in order, ephemeral ones as well."""
        return list(self.channels[channel_id].messages.values())

    def dm_messages(self, user_id: str) -> list[Message]:
        """Every message between a person and the app, in order."""
        return self.messages(self.dm(user_id).id)
