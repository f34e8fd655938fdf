"""The keys at the head of a page, with the line of each.

YAML as its version 1.2 has it: `Yes` and `No` are words, `2026-09-01` and `12:30` are text until a schema says
otherwise. Anchors, aliases and tags are refused: nobody who writes a lesson needs them.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import yaml
from yaml.composer import Composer, ComposerError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from pages.faults import Slip

DEEPEST = 8
FENCE = re.compile(r"---[ \t]*")
NULLS = frozenset({"", "~", "null"})
BOOLEANS = {"true": True, "false": False}
INTEGER = re.compile(r"[-+]?[0-9]{1,15}")
DECIMAL = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")
PLAIN_TAGS = frozenset({f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map")})

# PyYAML takes `[Who says?, Why?]` for something else, which YAML 1.2 does not. So a question mark is another character
# while it reads: one of Unicode's private use area, as long as the first so that places stay right.
MARK, STAND_IN = "?", "\ue03f"

Place = tuple[str | int, ...]
LineAt = Callable[[int], int]


@dataclass(frozen=True)
class Halves:
    """A file cut in two: the text of its keys, and its body with the file's line on which that begins."""

    keys: str
    body: str
    body_line: int


@dataclass
class Keys:
    """The values, and the line of every key and item by its place, such as `("quiz", 0, "ask")`."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)
    slips: list[Slip] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest thing round it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def said(place: Place) -> str:
    """A place as a person says it: `quiz 2, ask`."""
    words = ""
    for step in place:
        words += f" {step + 1}" if isinstance(step, int) else f", {step}" if words else step
    return words or "front matter"


def halves(text: str) -> Halves | None:
    """Cut a file between its `---` lines; None if it does not begin with keys."""
    lines = text.split("\n")
    if not FENCE.fullmatch(lines[0]):
        return None
    for number, line in enumerate(lines[1:], start=1):
        if FENCE.fullmatch(line):
            return Halves("\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2)
    return None


class _Careful(Composer):
    """Composes what nobody who writes a lesson needs to refuse: names, repetitions, and what is nested too deeply."""

    depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        del parent, index  # only the library's own rules want to know where they are
        parser: Any = self  # which this class is mixed into
        event = parser.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ComposerError(None, None, "nothing can be named with & or repeated with * here", event.start_mark)
        if self.depth > DEEPEST:
            raise ComposerError(None, None, "this is nested too deeply", event.start_mark)
        self.depth += 1
        # As the library does it, without asking again what was just asked, nor for rules of its own that there are not.
        composer: Any = self
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = composer.compose_scalar_node(None)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = composer.compose_sequence_node(None)
        else:
            node = composer.compose_mapping_node(None)
        self.depth -= 1
        return node


class _Loader(Reader, Scanner, Parser, _Careful, BaseResolver):
    """In Python alone: slower by far, and with the better words for what is wrong."""

    def __init__(self, stream: str) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        BaseResolver.__init__(self)


def _swift() -> type[_Careful] | None:
    """The same over libyaml's parser; None where PyYAML was built without it."""
    if not yaml.__with_libyaml__:
        return None
    parser: Any = import_module("yaml.cyaml").CParser

    def begin(self: Any, stream: str) -> None:
        parser.__init__(self, stream)
        Composer.__init__(self)
        BaseResolver.__init__(self)

    return type("_Swift", (_Careful, parser, BaseResolver), {"__init__": begin})


_SWIFT: Any = _swift()


def read_keys(text: str, *, first_line: int = 2) -> Keys:
    """The keys of a page. What is wrong with them as YAML is in `slips`, and `values` then holds what could be read."""
    keys = Keys()

    def line_at(index: int) -> int:
        # Not the mark's own line: YAML ends lines at more characters than an editor does.
        return first_line + text.count("\n", 0, index)

    try:
        root = _root(text.replace(MARK, STAND_IN))
    except ReaderError as error:
        keys.slips.append(Slip(line_at(error.position), "front matter", "there is a control character here"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"{error.problem or error.context or 'this is not YAML'}; words with : # [ ] {{ }} & * go in quotes"
        keys.slips.append(Slip(line_at(mark.index if mark else 0), "front matter", what))
    else:
        if isinstance(root, MappingNode):
            keys.values = _mapping(root, (), keys, line_at)
        else:
            keys.slips.append(Slip(first_line, "front matter", "there are no keys here, such as “title: A title”"))
    return keys


def _root(text: str) -> Node | None:
    """The fast way, and once more the slow way for the words of whatever fault there is."""
    if _SWIFT is not None:
        with suppress(yaml.YAMLError):
            return _SWIFT(text).get_single_node()  # type: ignore[no-any-return]
    return _Loader(text).get_single_node()


def _value(node: Node, place: Place, keys: Keys, line_at: LineAt) -> Any:
    line = line_at(node.start_mark.index)
    keys.lines.setdefault(place, line)
    if node.tag not in PLAIN_TAGS:
        keys.slips.append(Slip(line, said(place), "tags such as “!this” are not used here; put the words in quotes"))
    match node:
        case MappingNode():
            return _mapping(node, place, keys, line_at)
        case SequenceNode():
            return tuple(_value(item, (*place, number), keys, line_at) for number, item in enumerate(node.value))
        case ScalarNode():
            return _scalar(node)
    return None


def _mapping(node: MappingNode, place: Place, keys: Keys, line_at: LineAt) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in node.value:
        line = line_at(key.start_mark.index)
        if not isinstance(key, ScalarNode):
            keys.slips.append(Slip(line, said(place), "a key is one word or phrase"))
            continue
        name = str(key.value).replace(STAND_IN, MARK)
        if name in values:
            keys.slips.append(Slip(line, said((*place, name)), "this key is here twice"))
            continue
        keys.lines[(*place, name)] = line
        values[name] = _value(value, (*place, name), keys, line_at)
    return values


def _scalar(node: ScalarNode) -> Any:
    text: str = node.value.replace(STAND_IN, MARK)
    if node.style:  # libyaml says '' of a plain word, where the other says nothing
        return text
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text
