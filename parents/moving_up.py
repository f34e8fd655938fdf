"""Pupils' codes at the year's end: many move into other classes or leave, all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from parents.agreements import AnswerStore
from parents.children import ChildStore
from parents.pupil_lists import Move
from school.words import Refusal, Text

MOST_NAMED = 20


class NeverGivenOutError(Refusal):
    """Pupils of whom nothing is known."""

    text = Text(
        "No letter stands for: {pupils}. Correct the code, or take the line out: whoever has no letter needs no move. "
        "Nothing was changed.",
    )


@dataclass(frozen=True, kw_only=True)
class MovedUp:
    """How many pupils are in another class now, were there already, and have left."""

    moved: int
    there: int
    ended: int


def look_at_moves(moves: Sequence[Move], *, children: ChildStore) -> MovedUp:
    """What they would come to; nothing is changed. Raises NeverGivenOutError with all who are not known."""
    known = {each.pupil: each.class_id for each in children.listed()}
    if strange := [each for each in moves if each.pupil not in known]:
        named = ", ".join(f"{each.pupil} ({each.line})" for each in strange[:MOST_NAMED])
        raise NeverGivenOutError(pupils=f"{named}, ..." if len(strange) > MOST_NAMED else named)
    stays = sum(each.class_id == known[each.pupil] for each in moves)
    ended = sum(each.class_id is None for each in moves)
    return MovedUp(moved=len(moves) - stays - ended, there=stays, ended=ended)


def move_up(moves: Sequence[Move], *, children: ChildStore, answers: AnswerStore) -> MovedUp:
    """Letters go along with those who move; of those who leave nothing is kept. Nobody is told.

    Raises NeverGivenOutError, before anything is changed. The caller commits.
    """
    said = look_at_moves(moves, children=children)
    for each in moves:
        if each.class_id is None:
            children.drop(each.pupil)
            answers.drop(each.pupil)
        else:
            children.move(each.pupil, class_id=each.class_id)
    return said
