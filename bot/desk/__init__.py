"""The front desk: one Incoming becomes one call on a room, and the value one Answer."""

from bot.desk.counter import Counter
from bot.desk.counting import in_words, numbers_in, reach_in
from bot.desk.family_rights import forget_family
from bot.desk.keynews import reset_second_factor
from bot.desk.pictures import look_up as look_up_photos
from bot.desk.pictures import meant as photos_of
from bot.desk.questions import plain_questions
from bot.desk.reception import Reception
from bot.desk.visit import House

__all__ = [
    "Counter",
    "House",
    "Reception",
    "forget_family",
    "in_words",
    "look_up_photos",
    "numbers_in",
    "photos_of",
    "plain_questions",
    "reach_in",
    "reset_second_factor",
]
