import functools
import gc
import os
from pathlib import Path

import pages.shelf
from bot.library import ROOT
from pages.draft import Draft, read_draft

# python-telegram-bot 22.2 and later warn about seconds as numbers unless told to hand out timedeltas.
os.environ.setdefault("PTB_TIMEDELTA", "true")

# What is collected stays to the end: a collector that looks through it again and again takes a quarter of the time.
gc.disable()


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
