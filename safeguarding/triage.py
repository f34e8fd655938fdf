"""Triage: a readable table of signs that can raise urgency and never lower it. No model, no score."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from school.sensitive import Sensitive

TABLE = Path(__file__).parent / "content" / "triage.toml"
# How many other words may stand where a sign has `...`.
BETWEEN = 4
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"[a-z0-9]+\*?(?:/[a-z0-9]+\*?)*")
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘ʼ`´＇"))


class TriageFault(ValueError):  # noqa: N818 - a list of faults for whoever writes the table
    """The table of signs is wrong; the message names every rule that cannot be used."""


class Rule(BaseModel):
    """Signs of one danger. The table's head says how they are read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(min_length=1)]
    why: Annotated[str, Field(min_length=1)]
    # Whether the words wait for their sender's yes all the same: the sign says when, and not what.
    asks_first: bool = False
    signs: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: Annotated[tuple[Rule, ...], Field(min_length=1)]


@dataclass(frozen=True)
class _Sought:
    """A rule with its signs as one expression over words that are joined by single spaces."""

    id: str
    pattern: re.Pattern[str]


def load_rules(path: Path = TABLE) -> tuple[Rule, ...]:
    """Every rule in the file's order. Raises TriageFault with every fault."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
        rules = _Table.model_validate(values).rule
    except tomllib.TOMLDecodeError as error:
        raise TriageFault(f"{path}: {error}") from error
    except ValidationError as error:
        faults = [f"{path}: {_said(values, fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        raise TriageFault("\n".join(faults)) from error
    faults = [f"{path}: {rule.id}: {fault}" for rule in rules for sign in rule.signs if (fault := _fault(sign))]
    if faults:
        raise TriageFault("\n".join(faults))
    return rules


def is_urgent(words: Sensitive) -> bool:
    """Whether any sign of danger stands in the words."""
    return bool(signs(words))


def goes_by_itself(words: Sensitive) -> bool:
    """Whether a sign stands in them for which a draft is handed over without its sender's yes."""
    ask_first = {rule.id for rule in load_our_rules() if rule.asks_first}
    return bool({*signs(words)} - ask_first)


def signs(words: Sensitive) -> tuple[str, ...]:
    """The ids of the rules whose signs stand in the words, whatever the capitals, the spacing and the stops."""
    spellings = _spellings(words.reveal())
    return tuple(sought.id for sought in _sought() if any(sought.pattern.search(said) for said in spellings))


def _spellings(said: str) -> tuple[str, ...]:
    """The words alone, once with what follows an apostrophe as a part of its word (don't) and once without (gun's)."""
    plain = unicodedata.normalize("NFKC", said).casefold()
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    return " ".join(_WORD.findall(plain.translate(_APOSTROPHES))), " ".join(_WORD.findall(plain))


@cache
def load_our_rules() -> tuple[Rule, ...]:
    """The rules of our own file, read once."""
    return load_rules()


@cache
def _sought() -> tuple[_Sought, ...]:
    return tuple(
        _Sought(rule.id, re.compile(r"\b(?:" + "|".join(_expression(sign) for sign in rule.signs) + r")\b"))
        for rule in load_our_rules()
    )


def _expression(sign: str) -> str:
    """A sign as an expression. The gap is bounded, so that long reports are read at once."""
    found = ""
    for part in sign.split():
        if part == "...":
            found += rf"(?: \w+){{0,{BETWEEN}}}"
            continue
        either = "|".join(word.replace("*", r"\w*") for word in part.split("/"))
        found += f"{' ' if found else ''}(?:{either})"
    return found


def _fault(sign: str) -> str:
    """What is wrong with a sign; empty where nothing is."""
    parts = sign.split()
    if "..." in (parts[:1] or ["..."]) or parts[-1] == "...":
        return f"“{sign}” has no words at its beginning or end"
    wrong = [part for part in parts if part != "..." and not _PART.fullmatch(part)]
    return f"“{sign}” has “{wrong[0]}”: write small letters, digits, / and * alone" if wrong else ""


def _said(values: object, place: tuple[str | int, ...]) -> str:
    """The rule's own name and the key, where there are any."""
    rules = values.get("rule", []) if isinstance(values, dict) else []
    number = next((part for part in place if isinstance(part, int)), None)
    named = rules[number].get("id", f"rule {number + 1}") if number is not None and number < len(rules) else "rule"
    return f"{named}: {place[-1]}"
