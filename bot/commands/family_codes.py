"""`lollipop parents codes`: letters with which adults answer for one child, made, listed, taken back, made anew."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from bot.clock import MachineClock
from bot.commands.bot_names import bot_of
from bot.commands.family_moves import move_many
from bot.commands.house import Stores, Where, library, pass_where, say, say_json, stores
from bot.commands.letter_files import PAGE, CodeTable, Made, Row, hand_over, rows_of
from bot.paper import csv_of
from bot.storage import new_id
from bot.unit import Unit
from pages import Shelf
from parents import (
    CODE_LETTERS,
    MOST_ADULTS,
    FamilyCode,
    Letter,
    NoSuchPupilError,
    Wanted,
    forget_pupil,
    give_again,
    hand_out,
    listed_in_file,
    none_elsewhere,
    pupil_code,
    some_at_a_time,
    take_back,
    typed_list,
)
from safeguarding import ALPHABET, decoded
from school.people import SchoolClass
from school.words import Refusal, Text

Letters = tuple[Letter, ...]
Keep = Callable[[Unit], Letters]
_PAIRS = tuple(one + other for one in ALPHABET for other in ALPHABET)  # 32 letters, so ten bits
_SURE = frozenset("23456789")
FILE = click.Path(dir_okay=False, path_type=Path)
READ = click.Path(exists=True, dir_okay=False, path_type=Path)


class OneThingError(Refusal):
    """Nothing, or two things at once."""

    text = Text(
        "Say one thing at a time: --pupils or --file makes codes; --list shows them; --withdraw, --again (both with "
        "--adult) or --end changes those of one pupil; --moved changes those of many, and stands without a class.",
    )


class NoClassNamedError(Refusal):
    """Everything but --moved is about one class."""

    text = Text("Say which class: lollipop parents codes Oak --list")


class WhichAdultError(Refusal):
    """A change for nobody in particular."""

    text = Text(
        "Say for which adult: --adult 1, or --adult 2. The list shows them: lollipop parents codes {name} --list"
    )


class NotOfTheClassError(Refusal):
    """A pupil of another class, or of none."""

    text = Text("{pupil} is not in {name}. The list shows who is: lollipop parents codes {name} --list")


class LanguageError(Refusal):
    """A language that families can't choose."""

    text = Text("The school's file has no language “{lang}”. It has: {known}")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The options, as they were typed."""

    pupils: str
    file: Path | None
    adults: int
    move: bool
    listed: bool
    taken_back: str
    again: str
    end: str
    moved: Path | None
    yes: bool
    adult: int | None
    pdf: Path | None
    csv: Path | None
    lang: str
    bot: str | None
    as_json: bool

    def one(self) -> str:
        """What is to be done. Raises OneThingError."""
        acts = {
            "make": bool(self.pupils) or self.file is not None,
            "list": self.listed,
            "withdraw": bool(self.taken_back),
            "again": bool(self.again),
            "end": bool(self.end),
            "moved": self.moved is not None,
        }
        chosen = [name for name, is_so in acts.items() if is_so]
        if len(chosen) != 1 or (self.pupils and self.file):
            raise OneThingError
        return chosen[0]


@click.command("codes", epilog="Example: lollipop parents codes Oak --file pupils.csv --pdf letters.pdf")
@click.argument("class_name", metavar="[CLASS]", default="")
@click.option("--pupils", default="", help="The school's own codes of pupils, such as OAK-01,OAK-02. Never names.")
@click.option("--file", type=READ, help="The same in a CSV.")
@click.option("--adults", default=2, show_default=True, help="How many adults of each pupil get a letter.")
@click.option("--move", is_flag=True, help="A pupil who was in another class has moved to CLASS; the codes stay.")
@click.option("--list", "listed", is_flag=True, help="Which letters there are, and whether they were used.")
@click.option("--withdraw", "taken_back", default="", help="Take back what one adult of a pupil has. Nobody is told.")
@click.option("--again", default="", help="A new letter for one adult of a pupil; what they had ends at once.")
@click.option("--end", default="", help="Forget all letters of a pupil, as when the pupil leaves the school.")
@click.option("--moved", type=READ, help="Year's end: a CSV with pupil and class moves many; a class “-” is --end.")
@click.option("--yes", is_flag=True, help="With --moved: do not ask before letters end.")
@click.option("--adult", type=int, help="Which adult, for --withdraw and --again.")
@click.option("--pdf", type=FILE, help="Write the letters here, a page for each adult.")
@click.option("--csv", type=FILE, help="Write the codes here as a table. Keep it as you would keep keys.")
@click.option("--lang", default="en", show_default=True, help="In which language the letters are.")
@click.option("--bot", help="The Telegram bot's name; else it is asked of Telegram with the token.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_where
def family_codes(where: Where, /, class_name: str, **typed: Any) -> None:
    """Make the letters with which adults of CLASS answer for their own child, or take them back."""
    asked = Asked(**typed)
    act = asked.one()
    if bool(class_name) == (asked.moved is not None):
        raise OneThingError if class_name else NoClassNamedError
    with stores(where) as at:
        if asked.moved is not None:
            move_many(at, asked.moved, yes=asked.yes, as_json=asked.as_json)
            return
        klass = at.school.class_named(class_name)
        match act:
            case "list":
                _list(at, klass, as_json=asked.as_json)
            case "withdraw":
                _withdraw(at, klass, asked)
            case "end":
                _end(at, klass, asked)
            case _:
                _hand_over(at, klass, asked, shelf=lambda: library(where).shelf, again=act == "again")


def _hand_over(at: Stores, klass: SchoolClass, asked: Asked, *, shelf: Callable[[], Shelf], again: bool) -> None:
    """What can be wrong is looked at before a code is kept; whatever goes wrong afterwards, the codes are shown."""
    known = [language.code for language in at.school.languages]
    if asked.lang not in known:
        raise LanguageError(lang=asked.lang, known=", ".join(known))
    now = MachineClock().now()
    if again:
        pupil_code(asked.again)
        steps: Iterator[Keep] = iter([partial(_again, klass, asked, now)])
    else:
        steps = _steps(at, _wanted(at, klass, asked), now, move=asked.move)
    bot = bot_of(at, asked.bot)
    hand_over(
        at,
        _made(at, steps, csv=asked.csv, bot=bot),
        pdf=asked.pdf,
        words=lambda: shelf().get(PAGE, asked.lang).document,
        lang=asked.lang,
        bot=bot,
        as_json=asked.as_json,
    )


def _made(at: Stores, steps: Iterator[Keep], *, csv: Path | None, bot: str) -> Made:
    """A transaction for each step, for the house is not to wait; a code is in the table before it is kept."""
    rows: list[Row] = []
    table: CodeTable | None = None
    numbered = rows_of(at, bot=bot)
    try:
        for keep in steps:
            with at.units.write(at.school.id) as unit:
                fresh = numbered(keep(unit), len(rows))
                if csv and fresh:
                    table = table or CodeTable.opened(csv)
                    table.add(fresh)
                unit.commit()
            rows += fresh
    except (Exception, KeyboardInterrupt) as error:
        if rows:
            return Made(rows=rows, table=table, stopped_by=str(error) or type(error).__name__)
        if isinstance(error, OSError):
            raise click.ClickException(f"The file could not be written ({error}). Nothing was kept.") from error
        raise
    return Made(rows=rows, table=table)


def _steps(at: Stores, wanted: tuple[Wanted, ...], now: datetime, *, move: bool) -> Iterator[Keep]:
    """All of a list is looked at before any of it is kept."""
    if not move:
        with at.units.read(at.school.id) as unit:
            none_elsewhere(wanted, children=unit.children)
    for some in some_at_a_time(wanted):
        drawn = _drawn(now)
        ready = list(islice(drawn, sum(each.adults for each in some)))  # before others have to wait
        yield partial(_out, some, fresh=chain(ready, drawn), now=now, move=move)


def _out(
    some: Sequence[Wanted], unit: Unit, *, fresh: Iterator[tuple[str, UUID]], now: datetime, move: bool
) -> Letters:
    return hand_out(some, fresh=fresh.__next__, children=unit.children, now=now, move=move)


def _wanted(at: Stores, klass: SchoolClass, asked: Asked) -> tuple[Wanted, ...]:
    if asked.file is None:
        return typed_list(asked.pupils, klass=klass, adults=asked.adults)
    said = decoded(asked.file.read_bytes())
    return listed_in_file(said, school=at.school, klass=klass, adults=asked.adults)


def _again(klass: SchoolClass, asked: Asked, now: datetime, unit: Unit) -> Letters:
    pupil, adult = _meant(unit.children.listed(klass.id), asked.again, asked, klass)
    had = unit.children.of_pupil(pupil)
    answered = any(each.adult == adult for each in unit.answers.of_pupils([pupil]))
    letter = give_again(pupil, adult=adult, code=_fresh(), code_id=new_id(now), children=unit.children, now=now)
    newest = [each for each in had if each.adult == adult][-1]
    # Whoever had theirs taken back before begins anew.
    if newest.withdrawn is None and (newest.used or answered):
        _say_same_adult(letter, klass, others=max(each.adult for each in had) + 1)
    return (letter,)


def _say_same_adult(letter: Letter, klass: SchoolClass, *, others: int) -> None:
    """What an adult answered goes on with the number: nobody else may come by it. Beside the letter, not in it."""
    said = f"Give this letter to the same adult only: what adult {letter.adult} answered goes on with it."
    if others <= MOST_ADULTS:
        said += f" For somebody else: lollipop parents codes {klass.name} --pupils {letter.pupil} --adults {others}"
    click.echo(said, err=True)


def _withdraw(at: Stores, klass: SchoolClass, asked: Asked) -> None:
    with at.units.write(at.school.id) as unit:
        pupil, adult = _meant(unit.children.listed(klass.id), asked.taken_back, asked, klass)
        now = MachineClock().now()
        done = take_back(
            pupil,
            adult=adult,
            families=unit.families,
            children=unit.children,
            events=unit.events,
            evidence=unit.evidence,
            now=now,
        )
        unit.commit()
    if asked.as_json:
        say_json({"pupil": pupil, "adult": adult, "withdrawn": done})
    elif done:
        say(
            f"Taken back: {pupil}, adult {adult}. From now on that chat is asked nothing about {pupil}, and has the "
            "news of the class no more unless it joined by the class's own link. Nobody is told."
        )
    else:
        say(f"Nothing of {pupil}, adult {adult}, stood any more. Nothing was changed.")


def _end(at: Stores, klass: SchoolClass, asked: Asked) -> None:
    pupil = pupil_code(asked.end)
    with at.units.write(at.school.id) as unit:
        _of_the_class(unit.children.listed(klass.id), pupil, klass)
        gone = forget_pupil(pupil, children=unit.children, answers=unit.answers, events=unit.events)
        unit.commit()
    if asked.as_json:
        say_json({"pupil": pupil, "ended": gone})
    else:
        say(f"All letters of {pupil} have ended, and are forgotten, with what was answered. Nobody is told.")


def _meant(listed: Sequence[FamilyCode], typed: str, asked: Asked, klass: SchoolClass) -> tuple[str, int]:
    pupil = pupil_code(typed)
    _of_the_class(listed, pupil, klass)
    if asked.adult is None:
        raise WhichAdultError(name=klass.name)
    if not any((each.pupil, each.adult) == (pupil, asked.adult) for each in listed):
        raise NoSuchPupilError(pupil=pupil, adult=asked.adult)
    return pupil, asked.adult


def _of_the_class(listed: Sequence[FamilyCode], pupil: str, klass: SchoolClass) -> None:
    if pupil not in {each.pupil for each in listed}:
        raise NotOfTheClassError(pupil=pupil, name=klass.name)


def _list(at: Stores, klass: SchoolClass, *, as_json: bool) -> None:
    """The newest letter of each adult; no chat, no name."""
    with at.units.read(at.school.id) as unit:
        newest = {(each.pupil, each.adult): each for each in unit.children.listed(klass.id)}
    lines = [
        {"pupil": pupil, "adult": adult, "state": _state(each), "made": _day(at, each.made)}
        for (pupil, adult), each in newest.items()
    ]
    if as_json:
        say_json({"class": klass.name, "codes": lines})
    elif lines:
        say(csv_of(("pupil", "adult", "state", "made"), [list(each.values()) for each in lines]).rstrip())
    else:
        say(f"No letters were made for {klass.name} yet.")


def _state(code: FamilyCode) -> str:
    if code.withdrawn:
        return "taken back"
    if code.left:
        return "used, left since"
    return "used" if code.used else "not used yet"


def _day(at: Stores, when: Any) -> str:
    return f"{at.school.calendar.local(when):%Y-%m-%d}"


def _drawn(now: datetime) -> Iterator[tuple[str, UUID]]:
    """Codes and ids without end."""
    while True:
        yield _fresh(), new_id(now)


def _fresh() -> str:
    """Forty random bits but for this: one letter is a digit that nobody misreads, so that no word is a code."""
    while True:
        # Ten bits each of one random number: eight draws a letter took most of the time of a long list.
        drawn = secrets.randbits(5 * CODE_LETTERS)
        code = "".join([_PAIRS[drawn >> place & 1023] for place in range(0, 5 * CODE_LETTERS, 10)])
        if not _SURE.isdisjoint(code):
            return code
