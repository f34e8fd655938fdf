"""`lollipop guidance`: what changed in guidance and what became of it; and a school's own releases from a file."""

from pathlib import Path
from typing import Any

import click

from bot.clock import MachineClock
from bot.commands.house import Where, pass_where, say, say_json, stores
from school.words import Refusal, Text
from staff import DutyState, Worked, add_releases, worked_through


class NotReadableError(Refusal):
    """A file that cannot be read as text."""

    text = Text(
        "{file} can't be read as text. Guidance is a TOML file of [[release]] tables, as docs/training.md shows. "
        "Nothing was kept."
    )


@click.group()
def guidance() -> None:
    """Changes in guidance: the list with what is open, and releases of the school's own."""


@guidance.command("list", epilog="Example: lollipop guidance list --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
@pass_where
def guidance_list(where: Where, as_json: bool) -> None:  # noqa: FBT001
    """Each release, the newest on top: from when it is asked, and whether the school has worked through it."""
    with stores(where) as at, at.units.read(at.school.id) as unit:
        found = worked_through(unit.releases, duties=unit.duties)
        today = at.school.calendar.today(MachineClock().now())
    if as_json:
        say_json([_object(each) for each in found])
        return
    for each in found:
        state = "later" if each.release.start > today else _state(each)
        say(f"{each.release.start}  {state:14}  {each.release.id:30}  {each.release.title}")


@guidance.command("add", epilog="Example: lollipop guidance add our-guidance.toml")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_where
def guidance_add(where: Where, file: Path) -> None:
    """Bring in releases of the school's own from FILE. One with an id that it brought before takes its place."""
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise NotReadableError(file=str(file)) from error
    with stores(where) as at, at.units.write(at.school.id) as unit:
        kept = add_releases(text, store=unit.releases)
        unit.commit()
    for release in kept:
        say(f"{release.id}: kept, and asked of the e-safety lead from {release.start:%d/%m/%Y} on.")


def _state(worked: Worked) -> str:
    if worked.is_open:
        return "open"
    return "not ours" if worked.duty and worked.duty.said is DutyState.ASIDE else "worked through"


def _object(worked: Worked) -> dict[str, Any]:
    duty = worked.duty
    return {
        **worked.release.model_dump(mode="json"),
        "asked_from": worked.release.start.isoformat(),
        "state": _state(worked),
        "said_at": duty.said_at.isoformat() if duty and duty.said_at else None,
    }
