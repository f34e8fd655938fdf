"""`lollipop audit` and `lollipop report`: the vault's log, and figures without content."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from bot.commands.house import Stores, Where, pass_where, say, say_json, stores
from bot.keys import signer
from bot.paper import poster
from safeguarding import Figures, Head, LogRow, by_half_term, figures, first_break, spans, spelt
from school.people import YearGroup
from school.words import Refusal, Text

CHUNK = 1_000
MARK_DIGITS = 64


class NoAnchorError(Refusal):
    """What was given as a mark to compare with is none."""

    text = Text("“{given}” is not a mark. Write it as the notice does: the number, then eight groups of eight.")


class NoYearError(Refusal):
    """What was given as a year group is none."""

    text = Text("“{given}” is no year group. Write R for Reception, or a number from 1 to 13.")


@click.group()
def audit() -> None:
    """The log of what was done in the vault."""


@audit.command("verify", epilog='Example: lollipop audit verify --anchor "17 0f3a91c2 …"')
@click.option(
    "--anchor", "anchors", multiple=True, metavar="MARK", help="What a daily notice said; any number of times."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_where
def verify(where: Where, anchors: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001
    """Look whether any row of the log was changed, removed or moved. Exit 1 where one was."""
    known = [anchor_of(given) for given in anchors]
    with stores(where) as at, at.units.read(at.school.id) as unit:
        head = unit.concerns.log.head()
        broken = first_break(rows_of(at), school=at.school.id, head=head, anchors=known)
    if as_json:
        found = broken.number if broken else None
        say_json({"ok": broken is None, "rows": head.number, "mark": head.mark.hex(), "broken_at": found})
    elif broken:
        say(f"The log does not hold at row {broken.number}: it was changed, removed or moved after it was written.")
    else:
        say(f"The log holds: {head.number} rows. Its mark is\n{head.number} {spelt(head.mark)}")
    if broken:
        sys.exit(1)


def rows_of(at: Stores) -> Iterator[LogRow]:
    """Every row of the school's log, in order, a chunk at a time."""
    after = 0
    while True:
        with at.units.read(at.school.id) as unit:
            rows = unit.concerns.log.rows(after=after, limit=CHUNK)
        yield from rows
        if len(rows) < CHUNK:
            return
        after = rows[-1].number


def anchor_of(given: str) -> Head:
    """A number and a mark, as `spelt` writes them. Raises NoAnchorError."""
    number, _, mark = given.strip().partition(" ")
    digits = "".join(mark.split())
    try:
        head = Head(number=int(number), mark=bytes.fromhex(digits))
    except ValueError as error:
        raise NoAnchorError(given=given[:100]) from error
    if len(digits) != MARK_DIGITS or head.number < 1:
        raise NoAnchorError(given=given[:100])
    return head


@click.group()
def report() -> None:
    """Reports, without their content."""


@report.command("stats", epilog="Example: lollipop report stats --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_where
def stats(where: Where, as_json: bool) -> None:  # noqa: FBT001
    """How many reports came, how soon they were opened, and how long they took; by half-term."""
    with stores(where) as at:
        reports = spans(rows_of(at))
        whole, terms = figures(reports), by_half_term(reports, calendar=at.school.calendar)
    if as_json:
        say_json({**asdict(whole), "by_half_term": {half: asdict(each) for half, each in terms.items()}})
        return
    for name, each in {**terms, "all": whole}.items():
        say(f"{name or 'after the last term':20} {_said(each)}")


@report.command("poster", epilog="Example: lollipop report poster 4 --file year-4.svg")
@click.argument("year", metavar="YEAR")
@click.option("--file", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write a poster (SVG) here.")
@pass_where
def report_poster(where: Where, year: str, file: Path | None) -> None:
    """Print the address and the code of the form for a year group (R, or 1 to 13), and write a poster."""
    try:
        group = YearGroup.parse(year)
    except ValueError:
        raise NoYearError(given=year[:100]) from None
    with stores(where) as at:
        code = signer(at.settings.home, at.school.id).poster_code(group.number)
        link = f"{at.address}/report?code={code}"
        say(link)
        say(f"Or in the chat with the bot: /start {code}")
        if file:
            lines = ("Is something worrying you? Tell us here.", "You don't have to give your name.")
            file.write_text(poster(title=at.school.name, lines=lines, address=link), "utf-8")
            say(f"Wrote {file}.")


def _said(each: Figures) -> str:
    opened = "" if each.minutes_to_open is None else f", opened after {each.minutes_to_open} minutes (median)"
    closed = "" if each.minutes_to_close is None else f", over after {each.minutes_to_close} minutes (median)"
    return f"{each.received} received, {each.unopened} unopened, {each.open} open, {each.over} over{opened}{closed}"
