"""`lollipop school`: schools into the database and out of it."""

import contextlib
import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot.clock import MachineClock
from bot.commands.house import Where, named, pass_where, say, say_json
from bot.commands.school_staff import staff
from bot.school_file import SchoolFile, SchoolFileError
from bot.served import files_of, loaded_schools, parsed, served
from bot.settings import Settings
from bot.storage import LoadedSchool, Posting, SqlSchools, SqlUnits, check_schema, open_engines
from school.words import Refusal, Text


class WouldBeLeftOutError(Refusal):
    """Where schools are loaded, only those are served: the one that is served from its file would vanish."""

    text = Text(
        "{name} is served from {file}, and would no longer be as soon as another school is loaded. Load it first: "
        "lollipop school load {file}",
    )


class NoSuchSchoolError(Refusal):
    """A name that no school here has, or that two have."""

    text = Text("There is no one school “{name}” here. The ids are: {ids}.")


@click.group("school")
def schools() -> None:
    """Several schools in one Lollipop: load their files, list them, get a file out again."""


schools.add_command(staff)


@schools.command("load", epilog="Example: lollipop school load ashgrove.toml")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_where
def load(where: Where, file: Path) -> None:
    """Check FILE and keep it in the database. Loading it twice changes nothing."""
    settings = where.settings()
    text = SchoolFile.text_of(file)
    new = SchoolFile.parse(text, place=str(file))
    engines = open_engines(settings.database_url)
    try:
        check_schema(engines.read)
        kept = SqlSchools(engines)
        before = {each.id: each for each in kept.loaded()}
        if not before:
            _leaves_nobody_out(settings, new, kept.known())
        served(settings, [*_others(new, before.values()), new])
        old = before.get(new.id)
        if old is not None and old.text == text:
            say(f"{new.name} ({new.id}) is loaded already, and the file is the same. Nothing was changed.")
            return
        clock = MachineClock()
        SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock)).add_school(new.id)
        kept.keep(new.id, text, now=clock.now())
    finally:
        engines.close()
    if old is None:
        say(f"Loaded {new.name} ({new.id}): {len(new.classes)} classes, {len(new.people)} people.")
    else:
        say(f"Changed {new.name} ({new.id}): {changes(old.text, text)}.")
    say("A Lollipop that is running takes it up when it is started again. Before that: lollipop check")


def _others(new: SchoolFile, loaded: Iterable[LoadedSchool]) -> Iterator[SchoolFile]:
    """The other schools' files; one that a newer Lollipop refuses holds up no other: `lollipop check` names it."""
    for kept in loaded:
        if kept.id != new.id:
            with contextlib.suppress(SchoolFileError):
                yield parsed(kept)


def _leaves_nobody_out(settings: Settings, new: SchoolFile, known: frozenset[str]) -> None:
    """Raises WouldBeLeftOutError; a school file that nobody has used yet is left out without a word."""
    try:
        here = SchoolFile.read(settings.school_file)
    except SchoolFileError:
        return
    if here.id in known and here.id != new.id:
        raise WouldBeLeftOutError(name=here.name, file=str(settings.school_file))


def changes(before: str, after: str) -> str:
    """What is different, in one line: the tables and keys, and of lists who came, went or is otherwise."""
    old, new = tomllib.loads(before), tomllib.loads(after)
    said = [_change(key, old.get(key), new.get(key)) for key in dict.fromkeys([*old, *new])]
    return "; ".join(part for part in said if part) or "only its comments or its layout"


def _change(key: str, old: Any, new: Any) -> str:
    if old == new:
        return ""
    if old is None or new is None:
        return f"{key} {'added' if old is None else 'taken out'}"
    if not (_has_ids(old) and _has_ids(new)):
        return f"{key} changed"
    was, now = ({entry["id"]: entry for entry in entries} for entries in (old, new))
    signed = [
        *(f"+{name}" for name in now if name not in was),
        *(f"-{name}" for name in was if name not in now),
        *(f"~{name}" for name in now if name in was and was[name] != now[name]),
    ]
    return f"{key} {' '.join(signed) or 'in another order'}"


def _has_ids(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) and "id" in entry for entry in value)


@schools.command("list", epilog="Example: lollipop school list --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
@pass_where
def list_(where: Where, as_json: bool) -> None:  # noqa: FBT001
    """The schools that `lollipop run` serves."""
    settings = where.settings()
    when: dict[str, datetime] = {each.id: each.loaded for each in loaded_schools(settings)}
    rows = [
        {
            "id": file.id,
            "name": file.name,
            "loaded": when[file.id].isoformat() if file.id in when else None,
            "classes": len(file.classes),
            "people": len(file.people),
        }
        for file in files_of(settings)
    ]
    if as_json:
        say_json(rows)
        return
    for row in rows:
        origin = f"loaded {row['loaded']}" if row["loaded"] else f"from {settings.school_file}"
        say(f"{row['id']}  {row['name']}  {row['classes']} classes, {row['people']} people  {origin}")


@schools.command("export", epilog="Example: lollipop school export ashgrove > ashgrove.toml")
@click.argument("name")
@pass_where
def export(where: Where, name: str) -> None:
    """Print the school file of NAME, a school's name or id, as it was loaded."""
    settings = where.settings()
    texts = {each.id: each.text for each in loaded_schools(settings)}
    files = files_of(settings)
    found = named(files, name)
    if len(found) != 1:
        raise NoSuchSchoolError(name=name, ids=", ".join(file.id for file in files))
    text = texts.get(found[0].id) or SchoolFile.text_of(settings.school_file)
    click.echo(text, nl=False)
