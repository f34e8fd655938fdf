"""Delivery: the one outward loop."""

from bot.delivery.event_pages import buttons_below
from bot.delivery.inprocess import InProcess
from bot.delivery.letters import Drawings, Route
from bot.delivery.loop import DeliveryLoop, Post
from bot.delivery.mail_room import MailRoom
from bot.delivery.own_links import OwnLinks
from bot.delivery.pacing import Rate, rate_of
from bot.delivery.ports import Engine
from bot.delivery.replies import ReplyPace

__all__ = [
    "DeliveryLoop",
    "Drawings",
    "Engine",
    "InProcess",
    "MailRoom",
    "OwnLinks",
    "Post",
    "Rate",
    "ReplyPace",
    "Route",
    "buttons_below",
    "rate_of",
]
