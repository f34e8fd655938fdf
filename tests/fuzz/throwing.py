"""Throwing: so many inputs at one parser, or as many as fit into a time; each failure is shrunk and told whole."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.doors import DOORS, Doors
from tests.fuzz.plain import PLAIN

TARGETS = (*PLAIN, *DOORS)
# Inputs that one example of a quick parser is made of: the machinery round an example costs more than such a parser.
TOGETHER = 40
# Examples between two looks at the clock.
ROUND = 250


class OutOfTimeError(Exception):
    """The budget is spent."""


@dataclass
class Thrown:
    """How it went with one parser."""

    target: str
    inputs: int = 0
    seconds: float = 0.0


@contextmanager
def opened(folder: Path) -> Iterator[Callable[[str, Any], None]]:
    """What tries one input of a target, with every door open behind it."""
    doors = Doors()
    with asyncio.Runner() as loop:
        loop.run(doors.open(folder))
        try:

            def tries(target: str, value: Any) -> None:
                if target in PLAIN:
                    PLAIN[target][0](value)
                else:
                    loop.run(getattr(doors, DOORS[target][0])(value))

            yield tries
        finally:
            loop.run(doors.close())


def throw(target: str, *, inputs: int, seconds: float, tries: Callable[[str, Any], None], number: int = 0) -> Thrown:
    """Until there were so many or the time is up. Raises whatever a parser should not have raised, shrunk."""
    thrown, began = Thrown(target), time.monotonic()
    quick = target in PLAIN
    strategy = (PLAIN if quick else DOORS)[target][1]
    source = (
        st.lists(strategy, min_size=TOGETHER, max_size=TOGETHER)
        if quick
        else st.lists(strategy, min_size=1, max_size=1)
    )
    while thrown.inputs < inputs and time.monotonic() - began < seconds:
        left = inputs - thrown.inputs
        examples = min(ROUND, max(1, -(-left // (TOGETHER if quick else 1))))
        number += 1

        @seed(number)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(source)
        def round_(values: list[Any]) -> None:
            for value in values:
                tries(target, value)
                thrown.inputs += 1

        round_()
    thrown.seconds = time.monotonic() - began
    return thrown
