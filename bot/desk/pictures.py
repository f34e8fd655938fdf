"""What photos of a child may be for, looked up by the school's own code of the pupil: for one, or for a class."""

from collections.abc import Mapping, Sequence

from bot.desk.family_agreements import SHORT, USED_FOR
from bot.desk.visit import Visit, says_only
from bot.unit import Unit
from bot.wire import Answer
from pages import Block, Document, Facts, Tone, note
from parents import PHOTOS, FamilyCode, Said, Use, heard, pictured, pupil_code, whose_word_counts
from school.people import SchoolClass
from school.school import School, UnknownClassError
from school.words import Refusal, Text

ALLOWED: Mapping[Said | None, Text] = {
    Said.YES: Text("yes"),
    Said.NO: Text("no"),
    None: Text("no: nobody has said yes"),
}
RULE = Text("Only a yes is a yes. Look again on the day: an answer can change at any time. No name belongs here.")
NOT_LISTED = Text("A pupil without a letter is not listed here, and may not be in pictures either.")
TITLE = Text("Photos")
Looked = Mapping[str, Mapping[Use, Said | None]]


class UnknownPupilError(Refusal):
    """A code that no letter was made for."""

    text = Text(
        "We know no pupil {pupil}. Without an answer the rule is: no photo. Check the code on the class's list, or ask "
        "the office.",
    )


def look_up(codes: Sequence[FamilyCode], *, unit: Unit, version: int) -> Looked:
    """What is allowed now, by pupil, in the order of their codes."""
    counts = whose_word_counts(codes)
    pupils = tuple(dict.fromkeys(each.pupil for each in codes))
    log = heard(codes, answers=unit.answers)
    return {pupil: pictured(pupil, log=log, counts=counts, version=version) for pupil in pupils}


def meant(typed: str, *, school: School, unit: Unit) -> tuple[SchoolClass | None, Sequence[FamilyCode]]:
    """A class with all its codes, or one pupil's. Raises UnknownPupilError, NotAPupilCodeError or PupilNumberError."""
    try:
        klass = school.class_named(typed)
    except UnknownClassError:
        pupil = pupil_code(typed)
        found = unit.children.of_pupil(pupil)
        if not found:
            raise UnknownPupilError(pupil=pupil) from None
        return None, found
    return klass, unit.children.listed(klass.id)


def photos(visit: Visit) -> Answer:
    """`/lollipop photos OAK-07`, or `/lollipop photos Oak`."""
    typed = visit.incoming.args.get("rest", "").strip()
    if not typed:
        example = {"name": visit.school.classes[0].name}
        words = Text("Say a pupil's code or a class, for example: /lollipop photos {name}", example)
        return says_only(words, title=TITLE)
    klass, codes = meant(typed, school=visit.school, unit=visit.unit)
    looked = look_up(codes, unit=visit.unit, version=visit.house.shelf.get(PHOTOS, "en").version)
    if klass is None:
        ((pupil, uses),) = looked.items()
        return Answer(document=Document(Text("Photos of {pupil}", {"pupil": pupil}), (_one(uses), note(RULE))))
    title = Text("Photos: {name}", {"name": klass.name})
    return Answer(document=Document(title, (*_class(klass, looked), note(NOT_LISTED), note(RULE))))


def _one(uses: Mapping[Use, Said | None]) -> Facts:
    return Facts(tuple((USED_FOR[use], ALLOWED[said]) for use, said in uses.items()))


def _class(klass: SchoolClass, looked: Looked) -> tuple[Block, ...]:
    """Who may not be in pictures, for a trip or a show."""
    if not looked:
        none_yet = Text("No letters were made for {name} yet, so nobody has said yes: no photos.", {"name": klass.name})
        return (note(none_yet, Tone.URGENT),)
    pairs = tuple((Text("{use}: not", {"use": SHORT[use]}), _listed(may_not(looked, use))) for use in Use)
    return (Facts(pairs),)


def may_not(looked: Looked, use: Use) -> tuple[str, ...]:
    """Pupils who may not be in pictures for a use: a no, or nobody's yes."""
    return tuple(pupil for pupil, uses in looked.items() if uses[use] is not Said.YES)


def _listed(pupils: Sequence[str]) -> str | Text:
    return ", ".join(pupils) if pupils else Text("nobody: all may be in them")
