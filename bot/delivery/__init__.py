"""Delivery: the one outward loop."""

from bot.delivery.letters import Drawings, Route
from bot.delivery.loop import DeliveryLoop, Post
from bot.delivery.mail_room import MailRoom
from bot.delivery.pacing import Rate, rate_of
from bot.delivery.replies import ReplyPace

__all__ = ["DeliveryLoop", "Drawings", "MailRoom", "Post", "Rate", "ReplyPace", "Route", "rate_of"]
