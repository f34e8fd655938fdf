"""Where the office's letters go: a table that grows as codes are kept, pages for each class, and a short screen."""

import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import click

from bot.clock import MachineClock
from bot.commands.house import Stores, say, say_json
from bot.keys import signer
from bot.paper import MOST_IN_ONE, PrintedLetter, csv_of, letters_pdf
from bot.tokens import CHILD
from pages import Document, Facts
from parents import Letter
from school.words import Refusal, Text

PAGE = "family-letter"
HEAD = ("letter", "class", "pupil", "adult", "code", "link")
_NO_WORD = re.compile(r"\W+")
# More than these are not listed on the screen where a table has them.
MOST_SAID = 200
Row = tuple[int, str, str, int, str, str]


@dataclass(frozen=True)
class CodeTable:
    """Codes on disk before they are kept: whatever ends the command, there is none that nobody knows."""

    file: Path

    @classmethod
    def opened(cls, wanted: Path) -> "CodeTable":
        """A new one, with its head. Raises OSError."""
        table = cls(_own_file(wanted))
        table.file.write_text(csv_of(HEAD, []), "utf-8")
        return table

    def add(self, rows: Sequence[Row]) -> None:
        """All of these, on the disk. Raises OSError, and then holds what it held before."""
        held = self.file.stat().st_size
        lines = csv_of(HEAD, rows).partition("\n")[2]
        try:
            with self.file.open("ab") as out:
                out.write(lines.encode())
                out.flush()
                os.fsync(out.fileno())
        except OSError:
            os.truncate(self.file, held)
            raise


@dataclass(frozen=True, kw_only=True)
class Made:
    """What was kept, and what ended it before the end of the list, where anything did."""

    rows: Sequence[Row]
    table: CodeTable | None
    stopped_by: str = ""


def rows_of(at: Stores, *, bot: str) -> Callable[[Sequence[Letter], int], list[Row]]:
    """What turns letters into rows, numbered on from how many there were before."""
    names = {klass.id: klass.name for klass in at.school.classes}
    on, signing = MachineClock().now().date(), signer(at.settings.home, at.school.id)

    def row(number: int, letter: Letter) -> Row:
        link = f"https://t.me/{bot}?start={signing.mint(CHILD, letter.code.encode(), on=on)}"
        name = names.get(letter.class_id, letter.class_id)
        return number, name, letter.pupil, letter.adult, _spelt(letter.code), link

    return lambda letters, before: [row(number, each) for number, each in enumerate(letters, start=before + 1)]


def hand_over(
    at: Stores, made: Made, *, pdf: Path | None, words: Callable[[], Document], lang: str, bot: str, as_json: bool
) -> None:
    """Print the letters and say which is whose; whatever goes wrong, the codes are shown. Raises ClickException."""
    rows = made.rows
    try:
        if pdf and rows:
            _print(rows, pdf=pdf, words=words(), lang=lang, bot=bot, author=at.school.name)
    except (OSError, Refusal) as error:
        if not made.table:
            say(csv_of(HEAD, rows).rstrip())
        raise click.ClickException(f"The file could not be written ({error}). {_where(made)}, once.") from error
    _say_letters(made, printed=pdf is not None, as_json=as_json)
    if made.stopped_by:
        raise click.ClickException(
            f"It stopped after {len(rows)} letters ({made.stopped_by}). {_where(made)}, once, and are good. For the "
            "rest, type the same command again: whoever has a letter gets no second one, and no file is written over."
        )


def _where(made: Made) -> str:
    return f"The codes stand in {made.table.file}" if made.table else "The codes stand above"


def _print(rows: Sequence[Row], *, pdf: Path, words: Document, lang: str, bot: str, author: str) -> None:
    """A file for each class, for its teacher sees no other's, in parts that a printer takes."""
    classes: dict[str, list[Row]] = {}
    for row in rows:
        classes.setdefault(row[1], []).append(row)
    for name, theirs in classes.items():
        one = pdf if len(classes) == 1 else pdf.with_stem(f"{pdf.stem}-{_NO_WORD.sub('-', name)}")
        parts = [theirs[first : first + MOST_IN_ONE] for first in range(0, len(theirs), MOST_IN_ONE)]
        for number, part in enumerate(parts, start=1):
            pages = letters_pdf(words, [_printed(row, bot=bot) for row in part], lang=lang, author=author)
            file = _own_file(one if len(parts) == 1 else one.with_stem(f"{one.stem}-{number}"))
            file.write_bytes(pages)
            many = "1 letter, a page of its own" if len(part) == 1 else f"{len(part)} letters, a page each"
            say(f"Wrote {file}: {many}.")


def _printed(row: Row, *, bot: str) -> PrintedLetter:
    """The adult's number is not on it, for a second adult would tell of a first: the letter's own number is."""
    number, name, pupil, _, code, link = row
    facts = Facts(
        (
            (Text("Class"), name),
            (Text("The school's code for your child"), pupil),
            (Text("Letter"), str(number)),
        )
    )
    return PrintedLetter(facts=facts, link=link, typed=code, bot=f"@{bot}")


def _own_file(wanted: Path) -> Path:
    """An empty file for its owner alone: whoever reads it can answer for a family. Raises OSError.

    Under the next free name where one is there, for the codes in that one stand nowhere else.
    """
    for number in count(1):
        file = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        try:
            file.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            continue
        return file
    raise AssertionError  # pragma: no cover


def _say_letters(made: Made, *, printed: bool, as_json: bool) -> None:
    rows = made.rows
    if as_json:
        say_json({"letters": [dict(zip(HEAD, row, strict=True)) for row in rows]})
        return
    if not rows:
        say("Every one of them has had a letter already. For another one: --again OAK-07 --adult 1")
        return
    if made.table:
        file = made.table.file
        say(f"Wrote {file}: {len(rows)} codes. Keep it as you would keep keys, and delete it when it is used up.")
    if made.table and len(rows) > MOST_SAID:
        say(csv_of(("class", "letters"), list(Counter(row[1] for row in rows).items())).rstrip())
    else:
        shown = HEAD.index("code") if made.table or printed else len(HEAD)
        say(csv_of(HEAD[:shown], [row[:shown] for row in rows]).rstrip())
    say("These codes are shown once: we keep only what knows one again.")


def _spelt(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"
