"""`lollipop school staff`: members of staff come and go by a list, and the school file stays otherwise as it was."""

import contextlib
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from bot.clock import MachineClock
from bot.commands.house import Where, leave_alone, pass_where, say
from bot.commands.staff_changes import Changes, Written, changes, held_back, to_hand_over
from bot.commands.staff_csv import listed_staff, plain, staff_csv
from bot.school_file import SchoolFile, SchoolFileError
from bot.served import files_of, loaded_schools
from bot.settings import Settings
from bot.storage import Posting, SqlSchools, SqlUnits, check_schema, current, open_engines
from safeguarding import Holding
from school.words import Refusal, Text

MOST_BYTES = 4_000_000


class StaffActError(Refusal):
    """Nothing, or two things at once."""

    text = Text("Say one thing at a time: --csv FILE brings a list of staff in, --out FILE writes it.")


class ListTooLongError(Refusal):
    """Something else than a list of staff."""

    text = Text("{file} is larger than a list of staff can be. Is it another file? Nothing was changed.")


class ChangedMeanwhileError(Refusal):
    """Somebody else wrote the school file while the question stood."""

    text = Text("{place} was changed by somebody else meanwhile. Nothing was changed. Please ask again.")


class HeldBackError(Refusal):
    """Somebody who can't go yet."""

    text = Text("Not yet:\n{reasons}\nNothing was changed.")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a school's file is kept: in the database where it was loaded, else on its path."""

    settings: Settings
    written: Written
    loaded: str = ""
    path: Path = Path()

    def keep(self, text: str, *, now: datetime) -> Path:
        """All of it or nothing; the file as it was is kept. Gives where. Raises ChangedMeanwhileError, OSError."""
        stamp = f"{now:%Y%m%dT%H%M%SZ}"
        if not self.loaded:
            file = self.path.resolve()
            if _text_of(file) != self.written.text:
                raise ChangedMeanwhileError(place=self.written.place)
            kept = _kept(file.with_name(f"{file.stem}-{stamp}{file.suffix}"), file.read_bytes(), mode=0o600)
            mark = "\ufeff" if file.read_bytes().startswith(b"\xef\xbb\xbf") else ""
            beside = _kept(file.with_name(f".{file.name}.new"), (mark + text).encode(), mode=0o600)
            _as_readable_as(file, beside)
            beside.replace(file)
            return kept
        engines = open_engines(self.settings.database_url)
        try:
            schools = SqlSchools(engines)
            if {each.id: each.text for each in schools.loaded()}.get(self.loaded) != self.written.text:
                raise ChangedMeanwhileError(place=self.written.place)
            kept = self.settings.home / f"school-{self.loaded}-{stamp}.toml"
            _kept(kept, self.written.text.encode(), mode=0o600)
            schools.keep(self.loaded, text, now=now)
        finally:
            engines.close()
        return kept


@click.command("staff", epilog="Example: lollipop school staff --csv staff.csv --dry-run")
@click.option("--csv", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Bring this list in.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the list of staff here.")
@click.option("--dry-run", is_flag=True, help="Say who would come, change and go; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@pass_where
def staff(where: Where, file: Path | None, out: Path | None, dry_run: bool, yes: bool) -> None:  # noqa: FBT001
    """Bring the people of the school file into the state of a list (CSV), or write that list."""
    if (file is None) == (out is None):
        raise StaffActError
    place = _place(where)
    if out is not None:
        people = place.written.people
        _kept(out, staff_csv(people), mode=0o600)
        say(f"Wrote {out}: {len(people)} people. There are addresses in it: keep it where staff records are kept.")
        return
    if file is not None:
        _bring_in(place, file, dry_run=dry_run, yes=yes)


def _bring_in(place: Place, file: Path, *, dry_run: bool, yes: bool) -> None:
    """Everything that can be wrong is looked at before it is asked, and again nothing is written until it was."""
    if file.stat().st_size > MOST_BYTES:
        raise ListTooLongError(file=str(file))
    listed = listed_staff(
        file.read_bytes(), file=str(file), classes=_classes(place.written), emails=_emails(place.written)
    )
    wanted = changes(place.written, listed, file=str(file))
    if not wanted.any:
        say("The list says what the school file says. Nothing was changed.")
        return
    for line in wanted.spoken():
        say(line)
    new = wanted.text()
    _hold_back(place, wanted, new)
    if dry_run:
        say("All of it can be done. Nothing was changed: this was --dry-run.")
        return
    if not yes and not click.confirm(f"Change {place.written.place} so?", err=True):
        leave_alone("Nothing was changed.")
    try:
        kept = place.keep(new, now=MachineClock().now())
    except OSError as error:
        raise click.ClickException(f"{place.written.place} can't be written ({error}). Nothing was changed.") from error
    say(f"Changed {place.written.place}. As it was, it is kept in {kept}.")
    say("A Lollipop that is running takes it up when it is started again. Before that: lollipop check")


def _place(where: Where) -> Place:
    """Raises SchoolFileError where it is no TOML, and click.UsageError where it is not said which school."""
    settings = where.settings()
    loaded = loaded_schools(settings)
    if loaded:
        chosen = where.chosen(files_of(settings)).id
        text = next(each.text for each in loaded if each.id == chosen)
        return Place(settings=settings, written=_good(text, f"school {chosen}"), loaded=chosen)
    path = settings.school_file
    written = _good(_text_of(path), str(path))
    if where.name:
        where.chosen([SchoolFile.parse(written.text, place=written.place)])
    return Place(settings=settings, written=written, path=path)


def _good(text: str, place: str) -> Written:
    """Good TOML; what else may be wrong is looked at when it is known what the list makes of it."""
    written = Written(text=text, place=place)
    try:
        written.people  # noqa: B018
    except ValueError as error:
        raise SchoolFileError(faults=f"{place}: {error}") from None
    return written


def _text_of(path: Path) -> str:
    """With its ends of lines as they are. Raises SchoolFileError."""
    SchoolFile.text_of(path)
    return path.read_bytes().decode("utf-8-sig")


def _classes(written: Written) -> dict[str, str]:
    listed = written.values.get("classes")
    tables = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return {str(each.get("id")): str(each.get("name", "")) for each in tables}


def _emails(written: Written) -> frozenset[str]:
    return frozenset(str(plain(each["email"])) for each in written.people if each.get("email"))


def _hold_back(place: Place, wanted: Changes, new: str) -> None:
    """Raises HeldBackError; and what the database raises, without which nobody knows who has the last key."""
    had, after = wanted.had(), SchoolFile.parse(new, place=place.written.place).school()
    today, reports = after.calendar.today(MachineClock().now()), _open_reports(place.settings, after.id)
    if reasons := held_back(had, after, open_reports=reports, on=today):
        raise HeldBackError(reasons="\n".join(reasons))
    for line in to_hand_over(had, after, open_reports=reports):
        say(f"note     {line}")


def _open_reports(settings: Settings, school_id: str) -> tuple[Holding, ...]:
    if current(settings.database_url) is None:
        return ()
    engines = open_engines(settings.database_url)
    try:
        check_schema(engines.read)
        clock = MachineClock()
        units = SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock))
        with units.read(school_id) as unit:
            return unit.keyring.open_holdings()
    finally:
        engines.close()


def _as_readable_as(old: Path, new: Path) -> None:
    """Root may type the command, and the bot, which is not root, reads the file next."""
    shutil.copymode(old, new)
    with contextlib.suppress(PermissionError):
        os.chown(new, old.stat().st_uid, old.stat().st_gid)


def _kept(file: Path, content: bytes, *, mode: int) -> Path:
    """Written to the disk, and for whom it is meant from the first byte on."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    return file
