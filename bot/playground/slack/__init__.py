"""A local stand-in for Slack, in memory, for the demo and for tests; it serves slack-bolt and slack-sdk as they are.

Source: https://docs.slack.dev. It is stricter than the real server where that finds mistakes early: unknown arguments
and unknown Block Kit keys are refused by name, and a message needs a text beside its blocks.
"""

from bot.playground.slack.app import slack_routes
from bot.playground.slack.errors import CannotActError, SlackError
from bot.playground.slack.faults import Drop, RateLimiter, Refuse, ServerError, Stall, TooMany
from bot.playground.slack.model import Ack, CallRecord, Channel, Delivery, Message, Toast, User, View
from bot.playground.slack.world import SlackWorld

__all__ = [
    "Ack",
    "CallRecord",
    "CannotActError",
    "Channel",
    "Delivery",
    "Drop",
    "Message",
    "RateLimiter",
    "Refuse",
    "ServerError",
    "SlackError",
    "SlackWorld",
    "Stall",
    "Toast",
    "TooMany",
    "User",
    "View",
    "slack_routes",
]
