"""Lists of pupils' codes as the office types them or keeps them in a spreadsheet. All of a list is read, or nothing."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from parents.children import MOST_ADULTS
from school.people import SchoolClass
from school.school import School, UnknownClassError
from school.words import Refusal, Text

# As many as the largest groups of schools have together; they are kept some hundred at a time.
MOST_PUPILS = 50_000
COLUMNS = ("pupil", "class", "adults")
# Twelve, for it travels on a button of Telegram. A digit keeps a child's name out: a name has none.
_PUPIL = re.compile(r"(?=.*\d)[A-Z0-9](?:[A-Z0-9-]{0,10}[A-Z0-9])")
# A unique pupil number leads to the child in every school's records (DfE: one letter, then twelve, the last perhaps a
# letter).
_UPN = re.compile(r"[A-Z]\d{11}[0-9A-Z]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class NotAPupilCodeError(Refusal):
    """A name, a sentence, or nothing."""

    text = Text(
        "“{typed}” can't be a pupil's code{where}. Use 2 to 12 capital letters, digits and hyphens with at least one "
        "digit, such as OAK-07, and never a name. Nothing was kept.",
    )


class PupilNumberError(Refusal):
    """The number that every school knows a child by."""

    text = Text(
        "The code{where} looks like a unique pupil number, which leads to the child. Please use a code of your own, "
        "such as OAK-07. Nothing was kept.",
    )


class TwiceListedError(Refusal):
    """The same pupil twice."""

    text = Text("{pupil} is there twice{where}. Nothing was kept.")


class UnknownColumnError(Refusal):
    """A column that means nothing here."""

    text = Text(
        "The file has a column “{column}”. It may have these and no others: {columns}. Take the others out, so that no "
        "more about a child comes here than is needed. Nothing was kept.",
    )


class ListShapeError(Refusal):
    """No head, no rows, a torn row, or too many."""

    text = Text("{what} Nothing was kept.")


class FormulaError(Refusal):
    """A cell that a spreadsheet would run."""

    text = Text("Line {line}: “{typed}” begins like a formula. Please type the code itself. Nothing was kept.")


class ClassNotThereError(Refusal):
    """A class that the school file does not have."""

    text = Text("Line {line}: there is no class “{name}”. The classes are: {known}. Nothing was kept.")


class AdultsError(Refusal):
    """Not a number of adults."""

    text = Text("“{typed}” can't be a number of adults{where}: it goes from 1 to {most}. Nothing was kept.")


class MovesColumnsError(Refusal):
    """A list of moves that does not say who, or where to."""

    text = Text(
        "Line 1 has to name two columns, “pupil” and “class”, and no others. A class “-” ends the letters of a pupil "
        "who has left the school. Nothing was changed.",
    )


class NoClassError(Refusal):
    """A pupil who is said to move, and not where to."""

    text = Text(
        "Line {line}: there is no class. Write one, or “-” for a pupil who has left the school. Nothing was changed."
    )


@dataclass(frozen=True, kw_only=True)
class Move:
    """A pupil at the year's end: into a class, or out of the school where `class_id` is None."""

    pupil: str
    class_id: str | None
    line: int


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One pupil of a list, and for how many adults letters are wanted."""

    pupil: str
    class_id: str
    adults: int


def pupil_code(typed: str, *, line: int = 0) -> str:
    """As it is kept: in capitals. Raises NotAPupilCodeError or PupilNumberError."""
    code = "".join(typed.split()).upper()
    if _UPN.fullmatch(code):
        raise PupilNumberError(where=_where(line))
    if not _PUPIL.fullmatch(code):
        raise NotAPupilCodeError(typed=typed.strip()[:40], where=_where(line))
    return code


def typed_list(typed: str, *, klass: SchoolClass, adults: int) -> tuple[Wanted, ...]:
    """`OAK-01,OAK-02`. Raises NotAPupilCodeError, PupilNumberError, TwiceListedError, AdultsError, ListShapeError."""
    _adults(str(adults), line=0)
    named = [each for each in re.split(r"[,;\s]+", typed) if each]
    if not named:
        raise ListShapeError(what=Text("There is no pupil's code in the list."))
    wanted = tuple(Wanted(pupil=pupil_code(each), class_id=klass.id, adults=adults) for each in named)
    return _once([(each, 0) for each in wanted])


def listed_in_file(said: str, *, school: School, klass: SchoolClass, adults: int) -> tuple[Wanted, ...]:
    """A CSV with a column `pupil`, and `class` and `adults` where they differ from what is handed in.

    Raises a Refusal that names the line; nothing of a list with a fault is used.
    """
    rows = _rows(said.removeprefix("\ufeff"))
    head = [cell.strip().casefold() for cell in rows[0][1]]
    for column in head:
        if column not in COLUMNS:
            raise UnknownColumnError(column=column[:40], columns=", ".join(COLUMNS))
    if "pupil" not in head or len(set(head)) != len(head):
        raise ListShapeError(what=Text("Line 1 has to name the columns, each once, with “pupil” among them."))
    wanted = []
    classes: dict[str, str] = {"": klass.id}
    for line, cells in rows[1:]:
        if len(cells) != len(head):
            raise ListShapeError(what=Text("Line {line} has another number of cells than line 1.", {"line": line}))
        cell = dict(zip(head, cells, strict=True))
        for typed in cells:
            if typed.lstrip().startswith(_FORMULA) or typed.startswith(_FORMULA):
                raise FormulaError(line=line, typed=typed.strip()[:40])
        wanted.append((_wanted(cell, line=line, school=school, classes=classes, adults=adults), line))
    return _once(wanted)


def moves_in_file(said: str, *, school: School) -> tuple[Move, ...]:
    """A CSV with the columns `pupil` and `class`. Raises a Refusal that names the line."""
    rows = _rows(said.removeprefix("\ufeff"))
    head = [cell.strip().casefold() for cell in rows[0][1]]
    if sorted(head) != ["class", "pupil"]:
        raise MovesColumnsError
    moves, seen = [], set()
    for line, cells in rows[1:]:
        if len(cells) != len(head):
            raise ListShapeError(what=Text("Line {line} has another number of cells than line 1.", {"line": line}))
        cell = {name: typed.strip() for name, typed in zip(head, cells, strict=True)}
        leaves = cell["class"] == "-"
        for typed in cells:
            if typed.lstrip().startswith(_FORMULA) and not (leaves and typed.strip() == "-"):
                raise FormulaError(line=line, typed=typed.strip()[:40])
        pupil = pupil_code(cell["pupil"], line=line)
        if pupil in seen:
            raise TwiceListedError(pupil=pupil, where=_where(line))
        if not cell["class"]:
            raise NoClassError(line=line)
        seen.add(pupil)
        moves.append(
            Move(
                pupil=pupil, class_id=None if leaves else _class_id(cell["class"], line=line, school=school), line=line
            )
        )
    return tuple(moves)


def _class_id(name: str, *, line: int, school: School) -> str:
    try:
        return school.class_named(name).id
    except UnknownClassError:
        known = ", ".join(each.name for each in school.classes)
        raise ClassNotThereError(line=line, name=name[:40], known=known) from None


def _wanted(cell: dict[str, str], *, line: int, school: School, classes: dict[str, str], adults: int) -> Wanted:
    """`classes` are ids by what was typed for them, and learn what is typed here."""
    name = cell.get("class", "").strip()
    if name not in classes:
        classes[name] = _class_id(name, line=line, school=school)
    typed = cell.get("adults", "").strip() or str(adults)
    return Wanted(pupil=pupil_code(cell["pupil"], line=line), class_id=classes[name], adults=_adults(typed, line=line))


def _rows(said: str) -> Sequence[tuple[int, list[str]]]:
    first, _, _ = said.lstrip().partition("\n")
    # As Excel writes it where a comma stands before the decimals.
    mark = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(said, newline=""), delimiter=mark, strict=True)
    try:
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error:
        raise ListShapeError(
            what=Text("Line {line} can't be read as CSV.", {"line": reader.line_num}),
        ) from None
    if len(rows) < 2:
        raise ListShapeError(what=Text("There is no pupil in the file."))
    if len(rows) > MOST_PUPILS + 1:
        raise ListShapeError(what=Text("There are more than {most} pupils in the file.", {"most": MOST_PUPILS}))
    return rows


def _adults(typed: str, *, line: int) -> int:
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:3]) <= MOST_ADULTS):
        raise AdultsError(typed=typed[:40], where=_where(line), most=MOST_ADULTS)
    return int(typed)


def _once(wanted: Sequence[tuple[Wanted, int]]) -> tuple[Wanted, ...]:
    seen: set[str] = set()
    for each, line in wanted:
        if each.pupil in seen:
            raise TwiceListedError(pupil=each.pupil, where=_where(line))
        seen.add(each.pupil)
    return tuple(each for each, _ in wanted)


def _where(line: int) -> str | Text:
    return Text(" in line {line}", {"line": line}) if line else ""
