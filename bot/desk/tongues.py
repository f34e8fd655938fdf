"""Which language: the buttons of the school's languages, and the one that a tap chose."""

from bot.desk.visit import Visit
from bot.wire import Choice
from school.words import Text


def language_rows(visit: Visit, verb: str, **args: str) -> tuple[tuple[Choice, ...], ...]:
    """A button for each language of the school, two in a row."""
    choices = [
        Choice(label=Text("{name}", {"name": language.name}), verb=verb, args={**args, "g": language.code})
        for language in visit.school.languages
    ]
    return tuple(tuple(choices[first : first + 2]) for first in range(0, len(choices), 2))


def chosen_lang(visit: Visit) -> str:
    """English, where nothing or nothing of the school's was chosen."""
    chosen = visit.incoming.args.get("g", "en")
    return chosen if chosen in {language.code for language in visit.school.languages} else "en"
