"""Staff as the office keeps them in a spreadsheet. All of a list is read, or nothing; every fault is said at once."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.paper import csv_of
from bot.school_faults import nearest
from safeguarding import decoded
from school.people import Role
from school.words import Refusal, Text

COLUMNS = ("id", "name", "roles", "email", "slack", "classes")
NEEDED = ("id", "name", "roles")
LISTS = ("roles", "classes")
MOST_PEOPLE = 1_000
MOST_FAULTS = 20
DELIMITERS = ",;\t"
# A cell that begins with one of these is a formula to a spreadsheet (OWASP, "CSV injection").
_FORMULA = ("=", "+", "-", "@")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
# Not by str.isprintable: names in several scripts are written with joiners, which it does not take for printable.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_MARK = "\ufeff"


class StaffListError(Refusal):
    """A list, or what it would make of the school file, that cannot stand. Every fault is listed."""

    text = Text("The list of staff needs mending:\n{faults}\nNothing was changed.")

    @classmethod
    def of(cls, faults: Sequence[str]) -> "StaffListError":
        """The first of them, and how many more."""
        more = [f"... and {len(faults) - MOST_FAULTS} more."] if len(faults) > MOST_FAULTS else []
        return cls(faults="\n".join([*faults[:MOST_FAULTS], *more]))


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One member of staff, and the line they end on. `said` has the columns of the list, empty cells too."""

    line: int
    said: Mapping[str, str | tuple[str, ...]]

    @property
    def id(self) -> str:
        """Of the person."""
        return str(self.said["id"])


def listed_staff(
    raw: bytes, *, file: str, classes: Mapping[str, str], emails: frozenset[str] = frozenset()
) -> tuple[Listed, ...]:
    """A CSV with a row for each member of staff; `classes` are names by their ids. Raises StaffListError, NotTextError.

    `emails` stand in the school file already, and are not looked at.
    UTF-8, UTF-16 or Windows-1252; commas, semicolons or tabs between cells; a first line `sep=;` is passed over.
    """
    rows = _rows(decoded(raw).removeprefix(_MARK), file)
    head = [cell.strip().casefold() for cell in rows[0][1]]
    if faults := list(_head_faults(head)):
        raise StaffListError.of([f"{file}:{rows[0][0]}: {fault}" for fault in faults])
    found, told = [], []
    for line, cells in rows[1:]:
        try:
            found.append(_listed(line, cells, head=head, classes=classes, emails=emails))
        except ValueError as error:
            told += [f"{file}:{line}: {fault}" for fault in error.args]
    told += [f"{file}:{line}: {fault}" for line, fault in _twice(found)]
    if told:
        raise StaffListError.of(told)
    return tuple(found)


def staff_csv(people: Sequence[Mapping[str, Any]]) -> bytes:
    """The same people as such a list, as a spreadsheet opens it: no cell is a formula."""
    rows = [[_escaped(_cell(person.get(key))) for key in COLUMNS] for person in people]
    return (_MARK + csv_of(COLUMNS, rows)).encode()


def plain(value: Any) -> str | tuple[str, ...]:
    """A value without what makes no difference: spaces round it, a word that is there twice."""
    if isinstance(value, list | tuple):
        return tuple(dict.fromkeys(str(each) for each in value))
    return " ".join(str(value or "").split())


def _cell(value: Any) -> str:
    said = plain(value)
    return said if isinstance(said, str) else ";".join(said)


def _escaped(said: str) -> str:
    return f"'{said}" if _needs_an_apostrophe(said) else said


def _needs_an_apostrophe(said: str) -> bool:
    """A formula; or what would be taken for one with its apostrophe, such as the words '=5."""
    return said.startswith(_FORMULA) or (said.startswith("'") and said[1:].lstrip().startswith((*_FORMULA, "'")))


def _rows(said: str, file: str) -> Sequence[tuple[int, list[str]]]:
    first, _, rest = said.partition("\n")
    named = re.fullmatch(r'"?sep=(.)"?', first.strip(), re.IGNORECASE)
    text, skipped = (rest, 1) if named else (said, 0)
    top = next((line for line in text.split("\n") if line.strip(" \r\t,;")), "")
    mark = named[1] if named else max(DELIMITERS, key=top.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        rows.extend((reader.line_num + skipped, cells) for cells in reader if any(cell.strip() for cell in cells))
    except csv.Error:
        fault = (
            f"{file}:{reader.line_num + skipped}: it can't be read as CSV from here on. Look for a lone quotation mark."
        )
        raise StaffListError.of([fault]) from None
    if len(rows) < 2:
        raise StaffListError.of(
            [f"{file}: there is nobody in it. Its first line names the columns: {', '.join(COLUMNS)}"]
        )
    if len(rows) > MOST_PEOPLE + 1:
        raise StaffListError.of(
            [f"{file}: it has {len(rows) - 1} people; the most is {MOST_PEOPLE}. Is it another list?"]
        )
    return rows


def _head_faults(head: Sequence[str]) -> Iterator[str]:
    for name in dict.fromkeys(head):
        if name == "leave":
            yield "leave does not belong to the list of staff: it stands under [[leave]] in the school file"
        elif name not in COLUMNS:
            yield f"there is no column {name!r}{nearest(name, [*COLUMNS])}"
        elif head.count(name) > 1:
            yield f"the column {name!r} is there twice"
    if missing := [name for name in NEEDED if name not in head]:
        yield f"the first line has to name the columns; missing: {', '.join(missing)}"


def _listed(
    line: int, cells: Sequence[str], *, head: Sequence[str], classes: Mapping[str, str], emails: frozenset[str]
) -> Listed:
    """Raises ValueError with every fault of the row."""
    if len(cells) != len(head):
        raise ValueError(
            f"it has {len(cells)} cells, and the first line has {len(head)}. "
            'Put quotes (") round a cell that has a comma or semicolon in it'
        )
    faults: list[str] = []
    said: dict[str, str | tuple[str, ...]] = {}
    for name, typed in zip(head, cells, strict=True):
        words = " ".join(typed.split())
        if words.startswith(_FORMULA):
            faults.append(f"{name}: {words[:40]!r} begins like a formula. Type the words themselves")
            continue
        words = words[1:] if words.startswith("'") and _needs_an_apostrophe(words[1:]) else words
        if _CONTROL.search(words):
            faults.append(f"{name}: there is a character in it that can't be seen. Type it anew")
        said[name] = (
            words
            if name not in LISTS
            else tuple(dict.fromkeys(each.strip() for each in re.split("[;,]", words) if each.strip()))
        )
    faults += _faults(said, classes)
    email = str(said.get("email", ""))
    if email and email not in emails and not _EMAIL.fullmatch(email):
        faults.append(f"email: {email[:60]!r} is not an e-mail address")
    if faults:
        raise ValueError(*faults)
    return Listed(line=line, said=_spelt(said, classes))


def _faults(said: Mapping[str, str | tuple[str, ...]], classes: Mapping[str, str]) -> Iterator[str]:
    if "id" in said and not _ID.fullmatch(str(said["id"])):
        yield f"id: {str(said['id'])[:40]!r} can't be an id. Use small letters, digits and hyphens, such as amara"
    if "name" in said and not 0 < len(said["name"]) <= 80:
        yield "name: it is missing" if not said["name"] else "name: it is longer than 80 characters"
    if said.get("roles") == ():
        yield f"roles: it is missing. The roles are: {', '.join(Role)}"
    for role in said.get("roles", ()):
        if _role(role) not in [*Role]:
            near = nearest(_role(role), [*map(str, Role)]) or f"; the roles are: {', '.join(Role)}"
            yield f"roles: there is no {role[:40]!r}{near}"
    for name in said.get("classes", ()):
        if _class(name, classes) is None:
            yield f"classes: there is no {name[:40]!r}{nearest(name.casefold(), [*classes])}"


def _spelt(said: Mapping[str, str | tuple[str, ...]], classes: Mapping[str, str]) -> dict[str, str | tuple[str, ...]]:
    """With roles and classes as the school file spells them."""
    spelt = dict(said)
    spelt["roles"] = tuple(dict.fromkeys(_role(each) for each in said["roles"]))
    if "classes" in said:
        spelt["classes"] = tuple(dict.fromkeys(_class(each, classes) or each for each in said["classes"]))
    return spelt


def _role(typed: str) -> str:
    return re.sub(r"[\s-]+", "_", typed.casefold())


def _class(typed: str, classes: Mapping[str, str]) -> str | None:
    """By its id, else by its name."""
    if typed in classes:
        return typed
    return next((id_ for id_, name in classes.items() if typed.casefold() in {id_, name.casefold()}), None)


def _twice(found: Sequence[Listed]) -> Iterator[tuple[int, str]]:
    for key in ("id", "slack"):
        seen: dict[str, int] = {}
        for each in found:
            if not (value := str(each.said.get(key, ""))):
                continue
            if (first := seen.setdefault(value.casefold(), each.line)) != each.line:
                what = "the id" if key == "id" else "the Slack id"
                yield each.line, f"{what} {value[:40]!r} is in line {first} already. Look up whose it is"
