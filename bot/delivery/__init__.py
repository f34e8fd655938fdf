"""Delivery: the one outward loop."""

from bot.delivery.loop import DeliveryLoop, Route
from bot.delivery.mail_room import MailRoom
from bot.delivery.pacing import Rate, rate_of
from bot.delivery.replies import ReplyPace

__all__ = ["DeliveryLoop", "MailRoom", "Rate", "ReplyPace", "Route", "rate_of"]
