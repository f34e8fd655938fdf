"""Some of what `make fuzz` does a million times: no parser that the world can reach falls over; no words are lost."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.fuzz.plain import PLAIN
from tests.fuzz.throwing import TARGETS, opened, throw

# The same numbers each time: a test that finds something only on Fridays helps nobody. `make fuzz` looks further.
SEED = 2026
QUICK, REQUESTS = 400, 40


@pytest.fixture(scope="module")
def tries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, Any], None]]:
    with opened(tmp_path_factory.mktemp("fuzz")) as found:
        yield found


@pytest.mark.parametrize("target", TARGETS)
def test_what_anybody_sends_is_understood_or_refused_in_a_sentence(target: str, tries) -> None:
    inputs = QUICK if target in PLAIN else REQUESTS

    thrown = throw(target, inputs=inputs, seconds=120, tries=tries, number=SEED)

    assert thrown.inputs >= inputs
