"""A picture beside a page is looked at before it is sent to anybody."""

import struct
from pathlib import Path

import pytest

from pages import ContentFaults, load_shelf

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08"
PAGE = """---
id: kind-words
kind: newsletter
title: Kind words
version: 1
reader: parent
send_on: 2026-11-05
{keys}
---

Hello to you all.
"""


def png(width, height, more=b""):
    return PNG + struct.pack(">II", width, height) + more


def faults(folder: Path, keys: str, content: bytes | None) -> list[str]:
    (folder / "kind-words.en.md").write_text(PAGE.format(keys=keys), "utf-8")
    if content is not None:
        (folder / "kind.png").write_bytes(content)
    try:
        load_shelf([folder])
    except ContentFaults as fault:
        return [str(each).partition(".en.md:")[2] for each in fault.faults]
    return []


BOTH = "picture: kind.png\nalt: Two hearts."


@pytest.mark.parametrize(
    ("keys", "content", "said"),
    [
        (BOTH, None, "there is no picture “kind.png” beside the page"),
        (BOTH, b"<svg/>", "“kind.png” is no PNG or JPEG"),
        (BOTH, PNG, "“kind.png” is no PNG or JPEG"),
        (BOTH, png(960, 480, b"\0" * 200_000), "“kind.png” has 200,024 bytes; save it smaller: at most 200,000"),
        (BOTH, png(64, 64), "“kind.png” is 64 by 64 pixels; make it 600 to 2000 wide and 300 to 2000 high"),
        ("picture: kind.png", png(960, 480), "picture and alt go together"),
        ("alt: Two hearts.", png(960, 480), "picture and alt go together"),
        ("picture: ../kind.png\nalt: Two hearts.", png(960, 480), "should be the name of a PNG or JPEG file"),
    ],
)
def test_an_author_is_told_what_is_wrong_with_a_picture(tmp_path: Path, keys, content, said):
    (fault,) = faults(tmp_path, keys, content)

    assert said in fault


@pytest.mark.parametrize("content", [png(960, 480), JPEG + struct.pack(">HH", 480, 960) + b"\0" * 9])
def test_an_author_of_a_sound_picture_is_told_nothing(tmp_path: Path, content):
    assert faults(tmp_path, BOTH, content) == []
