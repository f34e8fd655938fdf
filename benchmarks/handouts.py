"""How long a teacher waits for a lesson's slides, notes and home sheet when nobody asked for them before."""

import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.figures import Row, figure
from bot.addresses import Handout
from bot.library import load_library
from bot.paper import Handouts

ENGINES = {Handout.SLIDES: "pptx", Handout.NOTES: "typst", Handout.HOME: "typst"}
TIMES = 5


def rows() -> Iterator[Row]:
    """A figure for each kind: milliseconds a file, over every lesson of the library; a fault in one is raised."""
    library = load_library()
    handouts = Handouts(library.shelf, library.framework)
    for handout, engine in ENGINES.items():
        ours, peer = [], []
        for page in library.shelf.all(kind="lesson"):
            began = time.perf_counter()
            handouts.made(handout, page.id, lang="en", school=None)
            ours.append((time.perf_counter() - began) * 1000)
        for _ in range(TIMES):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-I", "-c", f"import {engine}"], check=True)
            peer.append((time.perf_counter() - began) * 1000)
        name, nothing = f"handouts.{handout.name.lower()}", f"Python with {engine}, and nothing drawn"
        yield figure(name, ours, peer, peer_name=nothing, unit="ms", better="lower")
