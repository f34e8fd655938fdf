"""`lollipop parents codes`: letters with which adults answer for one child, made, listed, taken back, made anew."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot.clock import MachineClock
from bot.commands.bot_names import bot_of
from bot.commands.family_moves import move_many
from bot.commands.house import Stores, Where, library, pass_where, say, say_json, stores
from bot.keys import signer
from bot.paper import MOST_IN_ONE, PrintedLetter, csv_of, letters_pdf
from bot.storage import new_id
from bot.tokens import CHILD
from pages import Facts, Shelf
from parents import (
    CODE_LETTERS,
    FamilyCode,
    Letter,
    NoSuchPupilError,
    Wanted,
    give_again,
    hand_out,
    listed_in_file,
    none_elsewhere,
    pupil_code,
    some_at_a_time,
    typed_list,
    withdraw,
)
from safeguarding import ALPHABET, decoded
from school.people import SchoolClass
from school.words import Refusal, Text

PAGE = "family-letter"
HEAD = ("letter", "class", "pupil", "adult", "code", "link")
Row = tuple[int, str, str, int, str, str]
BITS_A_LETTER = 5  # of an alphabet of 32
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
    bot = bot_of(at, asked.bot)
    made = Made(_again(at, klass, asked)) if again else _make(at, klass, asked)
    rows = _rows(at, made.letters, bot=bot)
    try:
        if asked.csv:
            _write(asked.csv, csv_of(HEAD, rows).encode())
        if asked.pdf and rows:
            _print(at, rows, asked=asked, bot=bot, shelf=shelf())
    except (OSError, Refusal) as error:
        say(csv_of(HEAD, rows).rstrip())
        raise click.ClickException(f"The file could not be written ({error}). The codes stand above, once.") from error
    _say_letters(rows, asked)
    if made.stopped_by:
        raise click.ClickException(
            f"It stopped after {len(rows)} letters ({made.stopped_by}). Those above are good and are shown once. For "
            "the rest, type the same command again: whoever has a letter gets no second one."
        )


@dataclass(frozen=True)
class Made:
    """What was kept, and what ended it before the end of the list, where anything did."""

    letters: tuple[Letter, ...]
    stopped_by: str = ""


def _make(at: Stores, klass: SchoolClass, asked: Asked) -> Made:
    """All of a list is looked at before any of it is kept; then some of it at a time, for the house is not to wait."""
    wanted = _wanted(at, klass, asked)
    now = MachineClock().now()
    made: list[Letter] = []
    if not asked.move:
        with at.units.read(at.school.id) as unit:
            none_elsewhere(wanted, children=unit.children)
    try:
        for some in some_at_a_time(wanted):
            with at.units.write(at.school.id) as unit:
                fresh = hand_out(
                    some, fresh=lambda: (_fresh(), new_id(now)), children=unit.children, now=now, move=asked.move
                )
                unit.commit()
            made += fresh
    except Exception as error:
        if not made:
            raise
        return Made(tuple(made), stopped_by=str(error) if isinstance(error, Refusal) else type(error).__name__)
    return Made(tuple(made))


def _wanted(at: Stores, klass: SchoolClass, asked: Asked) -> tuple[Wanted, ...]:
    if asked.file is None:
        return typed_list(asked.pupils, klass=klass, adults=asked.adults)
    said = decoded(asked.file.read_bytes())
    return listed_in_file(said, school=at.school, klass=klass, adults=asked.adults)


def _again(at: Stores, klass: SchoolClass, asked: Asked) -> tuple[Letter, ...]:
    now = MachineClock().now()
    with at.units.write(at.school.id) as unit:
        pupil, adult = _meant(unit.children.listed(klass.id), asked.again, asked, klass)
        letter = give_again(pupil, adult=adult, code=_fresh(), code_id=new_id(now), children=unit.children, now=now)
        unit.commit()
    return (letter,)


def _withdraw(at: Stores, klass: SchoolClass, asked: Asked) -> None:
    with at.units.write(at.school.id) as unit:
        pupil, adult = _meant(unit.children.listed(klass.id), asked.taken_back, asked, klass)
        now = MachineClock().now()
        done = withdraw(pupil, adult=adult, children=unit.children, evidence=unit.evidence, now=now)
        unit.commit()
    if asked.as_json:
        say_json({"pupil": pupil, "adult": adult, "withdrawn": done})
    elif done:
        say(
            f"Taken back: {pupil}, adult {adult}. From now on that chat is asked nothing about {pupil}. Nobody is told."
        )
    else:
        say(f"Nothing of {pupil}, adult {adult}, stood any more. Nothing was changed.")


def _end(at: Stores, klass: SchoolClass, asked: Asked) -> None:
    pupil = pupil_code(asked.end)
    with at.units.write(at.school.id) as unit:
        _of_the_class(unit.children.listed(klass.id), pupil, klass)
        gone = unit.children.drop(pupil)
        unit.answers.drop(pupil)
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


def _rows(at: Stores, letters: Sequence[Letter], *, bot: str) -> list[Row]:
    names = {klass.id: klass.name for klass in at.school.classes}
    on, signing = MachineClock().now().date(), signer(at.settings.home, at.school.id)

    def row(number: int, letter: Letter) -> Row:
        link = f"https://t.me/{bot}?start={signing.mint(CHILD, letter.code.encode(), on=on)}"
        name = names.get(letter.class_id, letter.class_id)
        return number, name, letter.pupil, letter.adult, _spelt(letter.code), link

    return [row(number, letter) for number, letter in enumerate(letters, start=1)]


def _print(at: Stores, rows: Sequence[Row], *, asked: Asked, bot: str, shelf: Shelf) -> None:
    """The adult's number is not on it, for a second adult would tell of a first: the letter's own number is."""
    words = shelf.get(PAGE, asked.lang).document
    printed = [
        PrintedLetter(
            facts=Facts(
                (
                    (Text("Class"), name),
                    (Text("The school's code for your child"), pupil),
                    (Text("Letter"), str(number)),
                )
            ),
            link=link,
            typed=code,
            bot=f"@{bot}",
        )
        for number, name, pupil, _, code, link in rows
    ]
    parts = [printed[at_one : at_one + MOST_IN_ONE] for at_one in range(0, len(printed), MOST_IN_ONE)]
    for number, part in enumerate(parts, start=1):
        file = asked.pdf or Path()
        if len(parts) > 1:
            file = file.with_stem(f"{file.stem}-{number}")
        _write(file, letters_pdf(words, part, lang=asked.lang, author=at.school.name))
        say(f"Wrote {file}: {len(part)} letters, a page each.")


def _write(file: Path, content: bytes) -> None:
    """For its owner alone: whoever reads it can answer for a family."""
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(content)


def _say_letters(rows: Sequence[Row], asked: Asked) -> None:
    if asked.as_json:
        say_json({"letters": [dict(zip(HEAD, row, strict=True)) for row in rows]})
        return
    if not rows:
        say("Every one of them has had a letter already. For another one: --again OAK-07 --adult 1")
        return
    if asked.csv:
        say(f"Wrote {asked.csv}: {len(rows)} codes. Keep it as you would keep keys, and delete it when it is used up.")
    shown = len(HEAD) if not (asked.csv or asked.pdf) else HEAD.index("code")
    say(csv_of(HEAD[:shown], [row[:shown] for row in rows]).rstrip())
    say("These codes are shown once: we keep only what knows one again.")


def _fresh() -> str:
    """Forty random bits but for this: one letter is a digit that nobody misreads, so that no word is a code."""
    while True:
        # Five bits each of one random number: nine draws a letter took most of the time of a long list.
        drawn = secrets.randbits(BITS_A_LETTER * CODE_LETTERS)
        code = "".join(ALPHABET[drawn >> (BITS_A_LETTER * at) & (len(ALPHABET) - 1)] for at in range(CODE_LETTERS))
        if any(each in "23456789" for each in code):
            return code


def _spelt(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"
