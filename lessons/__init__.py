"""Floor 2: the lesson library and the cards made from a lesson. Front door: `from lessons import teacher_card`."""

from lessons.assemblies import NoAssemblyError, assembly_of_the_week
from lessons.cards import STEPS, finished_card, next_card, step_card
from lessons.library import NoSuchLessonError, lesson, lesson_plan, title_of
from lessons.papers import home_sheet, teacher_notes
from lessons.quiz import HandsFault, field, hands_from, letter, questions, right_answer
from lessons.revisiting import again_card, mark_again, only_question, others_card
from lessons.screen import Screen, screens
from lessons.slides import Deck, Slide, deck
from lessons.teaching import mark

__all__ = [
    "STEPS",
    "Deck",
    "HandsFault",
    "NoAssemblyError",
    "NoSuchLessonError",
    "Screen",
    "Slide",
    "again_card",
    "assembly_of_the_week",
    "deck",
    "field",
    "finished_card",
    "hands_from",
    "home_sheet",
    "lesson",
    "lesson_plan",
    "letter",
    "mark",
    "mark_again",
    "next_card",
    "only_question",
    "others_card",
    "questions",
    "right_answer",
    "screens",
    "step_card",
    "teacher_notes",
    "title_of",
]
