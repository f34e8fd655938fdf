import functools
import gc
import os
from collections import Counter
from pathlib import Path

import pytest

import pages.shelf
from bot.library import ROOT
from pages.draft import Draft, read_draft

# python-telegram-bot 22.2 and later warn about seconds as numbers unless told to hand out timedeltas.
os.environ.setdefault("PTB_TIMEDELTA", "true")

# What is collected stays to the end: a collector that looks through it again and again takes a quarter of the time.
gc.disable()

# Files of a quarter of a minute and more. They begin first, so that no worker is left alone with one at the end: xdist
# would hand out files by their number of tests, and these have few. Neighbours here wait for different things.
LONG = [
    "test_flow_a_year",
    "test_flow_policy_year",
    "test_crash_silences",
    "test_bad_input_database",
    "test_web_floods",
    "test_crash_kills_postgresql_one",
    "test_flow_kill",
    "test_bad_input_start_up",
    "test_flow_papers_browser",
    "test_crash_kills_postgresql_two",
    "test_flow_answers",
    "test_web_chromium",
    "test_flow_kill_modes",
    "test_flow_families",
    "test_crash_kills_sqlite",
    "test_flow_canary",
    "test_several_schools",
    "test_commands_agreements",
    "test_crash_kills_channels",
    "test_bad_input_files",
    "test_flow_sending",
    "test_crash_kills_kicked",
    "test_flow_coverage",
    "test_flow_events",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first, then those with the most tests; each file stays as it is written."""
    tests = Counter(item.path for item in items)
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: (places.get(item.path.stem, len(LONG)), -tests[item.path], item.path))


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.enable()


@functools.cache
def _read_once(path: Path, seen: tuple[int, int], **told: bool | int) -> Draft:
    del seen  # a file that was written since is another
    return read_draft(path, **told)


def _read(path: Path, **told: bool | int) -> Draft:
    """One of our own pages as it was read before, as long as its file is the same; any other is read."""
    if not path.is_relative_to(ROOT):
        return read_draft(path, **told)
    stat = path.stat()
    return _read_once(path, (stat.st_mtime_ns, stat.st_size), **told)


# Dozens of tests bring up a product of their own, in the same process, over the same 1,800 pages, which never change.
pages.shelf.read_draft = _read
