"""Pages for tests: whole ones, to be spoilt in one place."""

from pathlib import Path

from pages import ContentFaults, load_shelf
from pages.front_matter import LessonFront

NEWSLETTER = """\
---
id: kind-words
kind: newsletter
title: Kind words online
version: 1
years: [R, 4]
reader: parent
sources:
  - what: Our own policy
    url: https://www.example.org/policy
    checked: 2026-09-01
send_on: 2026-11-02
---

Hello. We talk about kind words this week.

## At home

- Ask what made them smile.
- Read one message aloud.
"""

LESSON_KEYS = """\
---
id: strong-passwords
kind: lesson
title: Strong passwords
version: 2
years: [4]
reader: staff
strand: privacy-and-security
minutes: 40
order: 3
half_term: autumn-1
statements: [privacy-4-1]
vocabulary:
  password: a secret that opens a door
needs: [paper]
quiz:
  - ask: Who may know your password?
    options: [My friends, "My parent, or carer", No]
    answer: 2
    why: A grown-up at home can help you when you forget it.
---
"""


def lesson() -> str:
    """A lesson with every section."""
    return LESSON_KEYS + "".join(f"\n## {section}\n\nSay it now.\n" for section in LessonFront.SECTIONS)


def write(root: Path, name: str, text: str | bytes) -> Path:
    """Put a page into a folder."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def report(*roots: Path, **options: object) -> list[str]:
    """The lines of the report on some folders, without the folder's own name; empty where nothing is wrong."""
    try:
        load_shelf(roots, **options)  # type: ignore[arg-type]
    except ContentFaults as faults:
        return [line.replace(f"{roots[0].as_posix()}/", "") for line in str(faults).splitlines()]
    return []
