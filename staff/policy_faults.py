"""What is wrong with a policy's file, line by line and with the cure, for whoever wrote it and never saw a program."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from school.people import Role
from staff.checks import Check, all_checks
from staff.policy import WHO, Clause, load_clauses

KINDS: Mapping[str, type[BaseModel]] = {"clause": Clause, "check": Check}
# How a line with a key looks that somebody left out.
LIKE: Mapping[str, str] = {
    "id": '"C70"',
    "theme": '"policy"',
    "text": '"What the school promises."',
    "who": '["TEC"]',
    "rhythm": '"termly"',
    "counts": '["check."]',
    "title": '"The phone box is locked"',
    "ask": '"Is the phone box locked?"',
    "clauses": '["C70"]',
}
SOME, SOME_LIST = '"…"', '["…"]'
# A check asks people by their role in the school file, and a clause names them by letters.
LETTERS_OF: Mapping[str, str] = {
    "head": "HT",
    "dsl": "DSL",
    "deputy_dsl": "DSL",
    "chair_of_governors": "GOV",
    "governor": "GOV",
    "esafety_lead": "ESC",
    "technician": "TEC",
    "teacher": "TCH",
    "office": "OFF",
    "staff": "STF",
    "volunteer": "STF",
}
BY_LETTERS = {"GOV": Role.GOVERNOR, **{LETTERS_OF[role]: Role(role) for role in ("head", "dsl", "esafety_lead")}}
BY_LETTERS |= {LETTERS_OF[role]: Role(role) for role in ("technician", "teacher", "office", "staff")}
MOST_SHOWN = 60
_PLACE = re.compile(r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$", re.DOTALL)
_SINGLE = re.compile(r"\s*\[\s*(clause|check)\s*\]\s*(?:#.*)?$")
_CURLY = re.compile(r"=\s*\[?\s*[“”‘’„«»]")
Told = tuple[int, str]


class Lines:
    """On which line of a policy's file a table and each of its keys stands."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self._heads: dict[str, list[int]] = {kind: [] for kind in KINDS}
        for number, line in enumerate(self.lines, 1):
            if found := re.match(r"\s*\[\[\s*(clause|check)\s*\]\]", line):
                self._heads[found[1]].append(number)
        self._every = sorted(line for lines in self._heads.values() for line in lines)

    def of(self, kind: str, index: int, key: str = "") -> int:
        """Counts from 1: the key's own line where it has one, else that of its table; 0 where that is unknown."""
        heads = self._heads.get(kind, [])
        if index >= len(heads):
            return 0
        head = heads[index]
        end = next((line for line in self._every if line > head), len(self.lines) + 1)
        own = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
        return next((line for line in range(head, end) if key and own.match(self.lines[line - 1])), head)

    def top(self, key: str) -> int:
        """The line of a key, or of a table, that stands outside of every clause; 0 where there is none."""
        own = re.compile(rf"\s*(\[+\s*{re.escape(key)}\b|{re.escape(key)}\s*=)")
        return next((number for number, line in enumerate(self.lines, 1) if own.match(line)), 0)


def toml_fault(text: str, error: tomllib.TOMLDecodeError) -> str:
    """Where a file stops being readable, and what is most likely the cause."""
    lines = text.splitlines()
    heads = ((number, _SINGLE.match(line)) for number, line in enumerate(lines, 1))
    if single := [(number, f"write two brackets on each side: [[{head[1]}]]") for number, head in heads if head]:
        return _sorted(single)
    found = _PLACE.match(str(error))
    number = int(found["line"]) if found and found["line"] else len(lines)
    what = found["what"] if found else str(error)
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    shown = f": {line[:MOST_SHOWN]}{'…' if len(line) > MOST_SHOWN else ''}" if line else ""
    return _sorted([(number, f"{_cause(line, what)}{shown}")])


def _cause(line: str, what: str) -> str:
    if _CURLY.search(line):
        return 'a word processor put curly quotation marks here. Type straight ones: "'
    if what.startswith("Illegal character '\\n'") or "Unterminated string" in what or "Expected '\"" in what:
        return "the quotation mark at the end is missing"
    if what.startswith("Illegal character"):
        return "a character that can't be seen stands here. Type the line anew"
    if what == "Cannot overwrite a value":
        return "this stands in the clause already. Take one of the two out, or write [[clause]] above a new one"
    if "Unescaped '\\'" in what:
        return "a \\ stands inside the quotation marks. Write it twice: \\\\, or use /"
    if what in {"Unclosed array", "Expected newline or end of document after a statement"} or "," in line[-1:]:
        return 'a comma, bracket or quotation mark is wrong. A line is name = "words" or name = ["one", "two"]'
    return 'this can\'t be read. A line is name = "words"; words go between straight quotation marks'


def schema_faults(text: str, error: ValidationError) -> str:
    """What has a wrong name, is missing or of a wrong kind, by line."""
    values, lines = tomllib.loads(text), Lines(text)
    told: list[Told] = []
    misspelt = {
        (*each["loc"][:-1], _meant(each["loc"])) for each in error.errors() if each["type"] == "extra_forbidden"
    }
    for fault in error.errors():
        kind, *rest = fault["loc"]
        if fault["type"] == "missing" and fault["loc"] in misspelt:
            continue
        if not rest or not isinstance(rest[0], int) or kind not in KINDS:
            told.append(_at_the_top(str(kind), lines, missing=fault["type"] == "missing"))
            continue
        index, key = rest[0], str(rest[1]) if len(rest) > 1 else ""
        name = _name(values, str(kind), index)
        told.append((lines.of(str(kind), index, key), f"{kind} {name}: {_what(str(kind), key, fault, values)}"))
    return _sorted(told)


def _meant(loc: tuple[str | int, ...]) -> str:
    """The key that a misspelt one is close to; empty where there is none."""
    close = get_close_matches(str(loc[-1]), KINDS[str(loc[0])].model_fields, n=1) if loc[0] in KINDS else []
    return close[0] if close else ""


def _at_the_top(key: str, lines: Lines, *, missing: bool) -> Told:
    if missing:
        return 0, "there is no clause in it. Begin with: lollipop policy export ours.toml"
    if key in KINDS:
        return lines.top(key), f"write two brackets on each side: [[{key}]]"
    return lines.top(key), f"“{key}” belongs to no clause. Put it under its [[clause]] or take it out"


def _name(values: Mapping[str, Any], kind: str, index: int) -> str:
    """A clause by its id where it has one, since nobody counts to the sixty-first."""
    try:
        return str(values[kind][index].get("id", f"number {index + 1}"))
    except (KeyError, IndexError, TypeError, AttributeError):
        return f"number {index + 1}"


def _what(kind: str, key: str, fault: Any, values: Mapping[str, Any]) -> str:
    given, sort = fault["input"], fault["type"]
    if sort == "extra_forbidden":
        return f"there is no “{key}” in a {kind}{_near(key, KINDS[kind].model_fields)}"
    if sort == "missing":
        return f"“{key}” is missing. Add a line such as: {key} = {LIKE.get(key, SOME)}"
    if sort == "enum":
        return f"{key} can't be “{given}”. It is one of: {_one_of(fault)}{_role_for(kind, key, given)}"
    if sort == "literal_error":
        return f"{key} can't be “{given}”. It is one of: {_one_of(fault)}"
    if sort == "string_pattern_mismatch" and kind == "clause":
        return f"its id can't be “{given}”. Write C and a number up to 99: {free_id(values)} is free"
    if sort == "string_pattern_mismatch":
        return f"its id can't be “{given}”. Write small letters, digits and hyphens, such as phone-box"
    if sort == "string_too_long":
        return f"{key} has {len(given)} letters, and {fault['ctx']['max_length']} is the most. Say it shorter"
    if sort in {"tuple_type", "too_short"}:
        return f"{key} is a list, with something in it. Write: {key} = {LIKE.get(key, SOME_LIST)}"
    if sort.startswith("int_") or sort in {"greater_than_equal", "less_than_equal"}:
        return f"{key} is a whole number, without quotation marks{_bounds(fault)}"
    if sort == "string_type":
        return f"{key} is words. Put them between quotation marks: {key} = {LIKE.get(key, SOME)}"
    if sort.startswith("bool"):
        return f"{key} is true or false, without quotation marks"
    return f"{key}: {fault['msg'].removeprefix('Value error, ')}".removeprefix(": ")


def _bounds(fault: Any) -> str:
    bounds = fault.get("ctx", {})
    if "ge" in bounds:
        return f", {bounds['ge']} or more"
    return f", {bounds['le']} at most" if "le" in bounds else ", such as 365"


def _one_of(fault: Any) -> str:
    return str(fault["ctx"]["expected"]).replace("'", "")


def _role_for(kind: str, key: str, given: object) -> str:
    role = BY_LETTERS.get(str(given).upper())
    return f". For {given} write {role}" if kind == "check" and key == "who" and role else ""


def _near(typed: str, known: Mapping[str, object]) -> str:
    close = get_close_matches(typed, known, n=1)
    return f". Did you mean “{close[0]}”?" if close else f". It may have: {', '.join(known)}"


def free_id(values: Mapping[str, Any]) -> str:
    """The first number for a clause of one's own that stands neither in the file nor in what comes with Lollipop."""
    tables = values.get("clause", ())
    taken = {str(each.get("id")) for each in tables if isinstance(each, dict)} if isinstance(tables, list) else set()
    taken |= {each.id for each in load_clauses()}
    return next((f"C{number}" for number in range(70, 100) if f"C{number}" not in taken), "none")


def _sorted(told: Sequence[Told]) -> str:
    return "\n".join(f"line {line}: {said}" if line else said for line, said in sorted(told))


def cross_faults(text: str, clauses: Sequence[Clause], checks: Sequence[Check]) -> str:
    """What no single line shows, and without which a policy can't be used at all. Empty where nothing is wrong."""
    lines, values = Lines(text), {"clause": [{"id": each.id} for each in clauses]}
    told: list[Told] = []
    for index, line in _again(lines, "clause", [each.id for each in clauses]):
        said = f"stands on line {line} already. Give one of them another number: {free_id(values)} is free"
        told.append((lines.of("clause", index, "id"), f"clause {clauses[index].id} {said}"))
    for index, line in _again(lines, "check", [each.id for each in checks]):
        said = f"stands on line {line} already. Give one of them another id"
        told.append((lines.of("check", index, "id"), f"check {checks[index].id} {said}"))
    known = {each.id for each in clauses}
    for index, check in enumerate(checks):
        for missing in (each for each in check.clauses if each not in known):
            said = f"there is no clause {missing}. Name one that is in the file, or take the check out as well"
            told.append((lines.of("check", index, "clauses"), f"check {check.id}: {said}"))
    if not clauses:
        told.append((0, "there is no clause in it. Begin with: lollipop policy export ours.toml"))
    return _sorted(told)


def _again(lines: Lines, kind: str, names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Each that stands there a second time: its place among them, and the line of the first."""
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in first:
            yield index, lines.of(kind, first[name], "id")
        first.setdefault(name, index)


def sense_faults(text: str, clauses: Sequence[Clause], checks: Sequence[Check]) -> str:
    """What could be used, and would mean nothing: asked of a new version alone, so that an old one stays readable."""
    lines, asked = Lines(text), {clause for check in (*all_checks(), *checks) for clause in check.clauses}
    known = sorted({kind.partition(".")[0] for clause in load_clauses() for kind in clause.counts})
    told: list[Told] = []
    for index, clause in enumerate(clauses):
        found = [*_blank(clause), *_nobody(clause), *_uncounted(clause, known=known, asked=asked)]
        told += [(lines.of("clause", index, key), f"clause {clause.id}: {said}") for key, said in found]
    counted, ours = {clause.id: clause.counts for clause in clauses}, {each.id for each in all_checks()}
    for index, check in enumerate(checks):
        told += [(lines.of("check", index, key), f"check {check.id}: {said}") for key, said in _blank(check)]
        # A later release may bring one by the name of a check of a policy in force: there the school's own stays.
        if check.id in ours:
            said = "is a check that comes with Lollipop. Give yours another id"
            told.append((lines.of("check", index, "id"), f"check {check.id} {said}"))
        for clause_id in check.clauses:
            if not "check.done".startswith(counted.get(clause_id, ("check.",))):
                said = f'its answer turns nothing green. Add "check." to counts of clause {clause_id}'
                told.append((lines.of("check", index, "clauses"), f"check {check.id}: {said}"))
    return _sorted(told)


def _blank(what: Clause | Check) -> Iterator[tuple[str, str]]:
    for key in ("text", "rhythm", "title", "ask"):
        if not str(getattr(what, key, "x")).strip():
            yield key, f"{key} has no words. Write them, or take the whole {type(what).__name__.lower()} out"


def _nobody(clause: Clause) -> Iterator[tuple[str, str]]:
    listed = ", ".join(f"{letters} {words}" for letters, words in WHO.items())
    if not clause.who:
        yield "who", f"nobody is named. Name one or more of: {listed}"
    for given in clause.who:
        if given not in WHO:
            letters = LETTERS_OF.get(given.lower())
            meant = f"For {given} write {letters}" if letters else f"It is one of: {listed}"
            yield "who", f"who can't be “{given}”. {meant}"


def _uncounted(clause: Clause, *, known: Sequence[str], asked: set[str]) -> Iterator[tuple[str, str]]:
    for kind in clause.counts:
        if kind.partition(".")[0] not in known:
            close = get_close_matches(kind.partition(".")[0], known, n=1)
            meant = f"Did you mean “{close[0]}.”?" if close else f"It begins with one of: {', '.join(known)}"
            yield "counts", f"nothing that is written down begins with “{kind}”. {meant}"
    if all(kind.startswith("check") for kind in clause.counts) and clause.id not in asked:
        said = f'no check asks for it, so it would never turn green. Add a [[check]] with clauses = ["{clause.id}"]'
        yield "counts", said
