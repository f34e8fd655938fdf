"""How long it takes to load and check all content, beside only parsing its Markdown and YAML."""

import time
from collections.abc import Iterator

import yaml
from markdown_it import MarkdownIt

from benchmarks.figures import Row, figure
from bot.library import CONTENT, load_library

TIMES = 5


def rows() -> Iterator[Row]:
    """One figure: milliseconds for everything."""
    load_library()
    ours, peer = [], []
    for _ in range(TIMES):
        began = time.perf_counter()
        load_library()
        ours.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        _only_parse()
        peer.append((time.perf_counter() - began) * 1000)
    yield figure("content.load", ours, peer, peer_name="markdown-it-py + PyYAML, no checks", unit="ms", better="lower")


def _only_parse() -> None:
    parser = MarkdownIt("commonmark")
    for root in CONTENT:
        for path in root.rglob("*.md"):
            _, front, body = path.read_text("utf-8").split("---", 2)
            yaml.safe_load(front)
            parser.parse(body)
