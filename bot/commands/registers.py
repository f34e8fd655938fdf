"""`lollipop registers`: devices, risks and policies out to a spreadsheet and in again; and who has which part."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from bot.clock import MachineClock
from bot.commands.house import Stores, Where, pass_where, say, stores
from bot.commands.register_csv import register_csv, rows_of
from bot.paper import csv_of
from bot.storage import new_id
from school.people import Person
from school.school import School
from school.words import Refusal, Text
from staff import Hand, Register, may_keep, role_register, same_title

ROLES = "roles"
KINDS: Mapping[str, Register] = {
    "devices": Register.DEVICE,
    "risks": Register.RISK,
    "policies": Register.POLICY,
}
MOST_BYTES = 1_000_000


class NotAKeeperError(Refusal):
    """An id that is not in the school file, or of somebody who does not keep that register."""

    text = Text("“{id}” does not keep this register. Those who do: {known}. Nothing was loaded.")


class FileTooLargeError(Refusal):
    """Something else than a register."""

    text = Text("{file} is larger than a register can be. Is it another file? Nothing was loaded.")


@click.group()
def registers() -> None:
    """The school's registers: devices, risks, other policies, and who has which part."""


@registers.command("export", epilog="Example: lollipop registers export risks risks.csv")
@click.argument("kind", type=click.Choice([*KINDS, ROLES]))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@pass_where
def export(where: Where, kind: str, file: Path | None) -> None:
    """Print a register of KIND as a table, or write it into FILE for a spreadsheet."""
    with stores(where) as at, at.units.read(at.school.id) as unit:
        if kind == ROLES:
            table = _roles(at.school, on=_today(at))
        else:
            table = register_csv(KINDS[kind], unit.registers.open(KINDS[kind]))
    if file is None:
        say(table.rstrip())
        return
    try:
        file.write_text("\ufeff" + table, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{file} could not be written: {error.strerror}. Choose another place.") from None
    say(f"Wrote {file}. There may be names of staff in it: keep it where staff records are kept.")


@registers.command("load", epilog="Example: lollipop registers load policies policies.csv --by hannah")
@click.argument("kind", type=click.Choice([*KINDS]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, metavar="PERSON", help="Who brings it in, by id: it stands in the trail.")
@pass_where
def load(where: Where, kind: str, file: Path, by: str) -> None:
    """Bring the rows of FILE into a register. What is there already is left as it is; a wrong row stops all of it."""
    register = KINDS[kind]
    if file.stat().st_size > MOST_BYTES:
        raise FileTooLargeError(file=str(file))
    with stores(where) as at:
        person, now = _keeper(at.school, register, by), MachineClock().now()
        rows = rows_of(file.read_bytes(), file=str(file), register=register, school=at.school, on=_today(at))
        with at.units.write(at.school.id) as unit:
            hand = Hand(
                person=person,
                registers=unit.registers,
                evidence=unit.evidence,
                new_id=new_id,
                on=_today(at),
                now=now,
            )
            there = [each.title for each in unit.registers.open(register)]
            new = [row for _, row in rows if not same_title(row.title, there)]
            for row in new:
                there.append(hand.add(register, row, taken=there).title)
            unit.commit()
    say(f"Loaded {len(new)} into the {kind}; {len(rows) - len(new)} were there already.")


def _today(at: Stores) -> date:
    return at.school.calendar.today(MachineClock().now())


def _keeper(school: School, register: Register, typed: str) -> Person:
    """Raises NotAKeeperError."""
    keepers = [each for each in school.people if may_keep(each, register)]
    found = next((each for each in keepers if each.id == typed.strip()), None)
    if found is None:
        raise NotAKeeperError(id=typed[:40], known=", ".join(each.id for each in keepers) or "nobody")
    return found


def _roles(school: School, *, on: date) -> str:
    rows = [
        (
            part.id,
            "; ".join(each.name for each in part.holders),
            "; ".join(each.name for each in part.deputies),
            part.alarm.value if part.alarm else "",
        )
        for part in role_register(school, on=on)
    ]
    return csv_of(("part", "holders", "standing in", "alarm"), rows)
