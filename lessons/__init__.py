"""Floor 2: the lesson library and the cards made from a lesson. Front door: `from lessons import teacher_card`."""

from lessons.ahead import tell_assembly, tell_lessons
from lessons.assemblies import (
    NoAssemblyError,
    NoSuchAssemblyError,
    assemblies_like,
    assembly_card,
    assembly_of_the_week,
)
from lessons.cards import STEPS, finished_card, next_card, step_card
from lessons.digests import MarkedMeanwhileError, digest_card, digested_card, key_message, mark_digest
from lessons.helping import help_card
from lessons.knowing import (
    NoSuchQuestionsError,
    compared_card,
    knowledge,
    knowledge_card,
    knowledge_of,
    mark_known,
    not_counted,
)
from lessons.library import NoSuchLessonError, lesson, lesson_plan, tags_of, title_of
from lessons.outline import outline as curriculum_outline
from lessons.papers import door_poster, home_sheet, teacher_notes, years_of
from lessons.quiz import (
    MOST_HANDS,
    HandsFault,
    count_of,
    field,
    hands_from,
    letter,
    lettered,
    questions,
    right_answer,
)
from lessons.revisiting import again_card, mark_again, only_question, others_card
from lessons.screen import Screen, screens
from lessons.sign_roll import AGREEMENTS, NAMES, agreement_page, last_signed, names_from, sign, signed_said
from lessons.slides import Deck, Slide, deck
from lessons.starters import NoStarterError, starter_card, starter_for
from lessons.teaching import mark
from lessons.timing import STEP_OVER, forget_reminders, minutes_of, remind

__all__ = [
    "AGREEMENTS",
    "MOST_HANDS",
    "NAMES",
    "STEPS",
    "STEP_OVER",
    "Deck",
    "HandsFault",
    "MarkedMeanwhileError",
    "NoAssemblyError",
    "NoStarterError",
    "NoSuchAssemblyError",
    "NoSuchLessonError",
    "NoSuchQuestionsError",
    "Screen",
    "Slide",
    "again_card",
    "agreement_page",
    "assemblies_like",
    "assembly_card",
    "assembly_of_the_week",
    "compared_card",
    "count_of",
    "curriculum_outline",
    "deck",
    "digest_card",
    "digested_card",
    "door_poster",
    "field",
    "finished_card",
    "forget_reminders",
    "hands_from",
    "help_card",
    "home_sheet",
    "key_message",
    "knowledge",
    "knowledge_card",
    "knowledge_of",
    "last_signed",
    "lesson",
    "lesson_plan",
    "letter",
    "lettered",
    "mark",
    "mark_again",
    "mark_digest",
    "mark_known",
    "minutes_of",
    "names_from",
    "next_card",
    "not_counted",
    "only_question",
    "others_card",
    "questions",
    "remind",
    "right_answer",
    "screens",
    "sign",
    "signed_said",
    "starter_card",
    "starter_for",
    "step_card",
    "tags_of",
    "teacher_notes",
    "tell_assembly",
    "tell_lessons",
    "title_of",
    "years_of",
]
