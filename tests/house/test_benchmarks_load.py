"""Benchmarks run by hand alone, so a name that moves in the tests they borrow from would break them unseen."""

import pkgutil
from importlib import import_module

import pytest

import benchmarks

NAMES = [f"benchmarks.{each.name}" for each in pkgutil.iter_modules(benchmarks.__path__)]


@pytest.mark.parametrize("name", [name for name in NAMES if "peer_" not in name and not name.endswith("__main__")])
def test_a_benchmark_can_be_loaded(name: str) -> None:
    assert import_module(name).__doc__


def test_make_bench_knows_every_figure_it_prints() -> None:
    known = import_module("benchmarks.__main__").ALL
    assert {"delivery.free", "delivery.goodput", "planning", "transport"} <= set(known)
    assert all(callable(rows) for rows in known.values())
