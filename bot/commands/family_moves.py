"""`lollipop parents codes --moved`: a year's end for the codes of many pupils at once."""

from pathlib import Path

import click

from bot.commands.house import Stores, leave_alone, say, say_json
from parents import Move, MovedUp, look_at_moves, move_up, moves_in_file
from safeguarding import decoded


def move_many(at: Stores, file: Path, *, yes: bool, as_json: bool) -> None:
    """All of the list, or nothing. It is asked first where letters would end, for that can't be taken back."""
    moves = moves_in_file(decoded(file.read_bytes()), school=at.school)
    with at.units.read(at.school.id) as unit:
        ahead = look_at_moves(moves, children=unit.children)
    if ahead.ended and not yes and not click.confirm(_question(ahead), err=True):
        leave_alone("Nothing was changed.")
    done = _move(at, moves)
    if as_json:
        say_json({"moved": done.moved, "there_already": done.there, "ended": done.ended})
        return
    said = f"Moved into another class: {done.moved}. There already: {done.there}. Left, and forgotten: {done.ended}."
    say(f"{said} Nobody is told.")


def _question(ahead: MovedUp) -> str:
    who = "1 pupil" if ahead.ended == 1 else f"{ahead.ended} pupils"
    return f"All letters of {who} end, and what was answered for them is forgotten. It cannot be undone. Go on?"


def _move(at: Stores, moves: tuple[Move, ...]) -> MovedUp:
    with at.units.write(at.school.id) as unit:
        done = move_up(moves, children=unit.children, answers=unit.answers, events=unit.events)
        unit.commit()
    return done
