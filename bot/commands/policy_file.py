"""What a policy's file holds as text, and what is different in it: for `lollipop policy load`."""

import re
from collections.abc import Iterator
from pathlib import Path

from school.people import Role
from school.school import School
from school.words import Refusal, Text
from staff import MOST_BYTES, OFFICES, Policy, Version

# How files begin that are no text: documents of word processors and spreadsheets, old ones of Word, and PDF.
_DOCUMENTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_NULS_OF_UTF16 = re.compile(rb"(\x00[ -~]){4}|([ -~]\x00){4}")


class UnreadableFileError(Refusal):
    """A file that the machine does not let us read."""

    text = Text("{file} can't be read. Check who may read it. Nothing was changed.")


class TooLargeFileError(Refusal):
    """A file that is no policy by its size."""

    text = Text(
        "{file} has {size} kB, and a policy has {most} kB at most. Is it another file? Leave pictures out. "
        "Nothing was changed."
    )


class DocumentFileError(Refusal):
    """A word processor's document."""

    text = Text(
        "{file} is a document of a word processor, a spreadsheet or a PDF. A policy is plain text: write it out with "
        "lollipop policy export ours.toml, and copy your words into that with a text editor such as Notepad. "
        "Nothing was changed."
    )


class OtherLettersError(Refusal):
    """Text in another encoding than UTF-8."""

    text = Text(
        "{file}, line {line}: letters such as ’, é or £ are not saved as UTF-8 there. In Notepad choose “Save as”, and "
        "“UTF-8” beside “Encoding”. Then load it again. Nothing was changed."
    )


def text_of(file: Path) -> str:
    """A policy's file as text, with the ends of its lines as on any machine.

    It takes UTF-8, and UTF-16 where the file says that it is, as an older Notepad saves it. Raises a Refusal that
    names the cure.
    """
    try:
        size = file.stat().st_size
        if size > MOST_BYTES * 2:
            raise TooLargeFileError(file=str(file), size=size // 1000, most=MOST_BYTES // 1000)
        found = file.read_bytes()
    except OSError as error:
        raise UnreadableFileError(file=str(file)) from error
    if found.startswith(_DOCUMENTS):
        raise DocumentFileError(file=str(file))
    encoding = "utf-16" if found.startswith(_UTF16) else "utf-8-sig"
    try:
        text = found.decode(encoding)
    except UnicodeDecodeError as error:
        line = 1 if encoding == "utf-16" else found[: error.start].count(b"\n") + 1
        raise OtherLettersError(file=str(file), line=line) from error
    if encoding == "utf-8-sig" and _NULS_OF_UTF16.search(found[:200]):
        raise OtherLettersError(file=str(file), line=1)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def differences(before: Policy, after: Policy) -> Iterator[str]:
    """A line each for what is new, changed and dropped in a version, and for checks that are begun and ended by it."""
    was, now = {each.id: each for each in before.clauses}, {each.id: each for each in after.clauses}
    yield from _line("New clauses", [name for name in now if name not in was])
    yield from _line("Changed", [name for name in now if name in was and now[name] != was[name]])
    yield from _line("Dropped", [name for name in was if name not in now])
    asked, asks = {each.id: each for each in before.checks}, {each.id: each for each in after.checks}
    yield from _line("Asked from now on", [each.title for name, each in asks.items() if name not in asked])
    yield from _line("Not asked any more", [each.title for name, each in asked.items() if name not in asks])


def _line(what: str, names: list[str]) -> Iterator[str]:
    if names:
        yield f"  {what}: {', '.join(names)}"


def who_agrees(school: School, version: Version) -> str:
    """Who is asked to agree and where; or that one person holds both offices, since then nobody can."""
    both = {each.id: each.name for role in OFFICES for each in school.holders(role)}
    if len(both) == 1:
        (name,) = both.values()
        return (
            f"{name} holds both offices, and two people have to agree: give one of the roles to another in school.toml."
        )
    head, chair = ([each.name for each in school.holders(role)] for role in (Role.HEAD, Role.CHAIR_OF_GOVERNORS))
    return (
        f"{' or '.join(head)} (head) and {' or '.join(chair)} (chair of governors) are asked to agree to mark "
        f"{version.short}: /lollipop policy in Slack, or the page /policy."
    )
