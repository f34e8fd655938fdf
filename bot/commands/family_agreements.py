"""`lollipop parents ask`, `agreements` and `photos`: asking a class, the roll with its paper list, and looking up."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from bot.clock import MachineClock
from bot.commands.house import Stores, Where, library, pass_where, say, say_json, stores
from bot.desk import look_up_photos, photos_of
from bot.paper import csv_of
from bot.storage import new_id
from pages import Shelf
from parents import (
    PHOTOS,
    SHEETS,
    AdultAnswer,
    FamilyCode,
    Said,
    Sheet,
    Use,
    ask_class,
    asked_of,
    heard,
    last_said,
    note_answer,
    paper_code,
    pupil_code,
    sheets_of,
    still_open,
    whose_word_counts,
)
from school.people import SchoolClass
from school.words import Refusal, Text

FILE = click.Path(dir_okay=False, path_type=Path)
ALL = "all"
NO_ANSWER, SEEN = "no answer", "seen, no answer"


class PaperError(Refusal):
    """A paper that nobody can tell what it says."""

    text = Text(
        "Say what is on the paper: --adult 1 with --agreed parent-agreement, or --photos school=yes,web=no,media=no. "
        "Nothing was kept.",
    )


class NotOnPaperError(Refusal):
    """A page that is no agreement, or a use that is none."""

    text = Text("“{typed}” is not on the paper. There are: {known}. Nothing was kept.")


@click.command("ask", epilog="Example: lollipop parents ask Oak --agreements parent-agreement,photo-consent")
@click.argument("class_name", metavar="CLASS|all")
@click.option("--agreements", "named", default=",".join(SHEETS), show_default=True, help="Which pages, with commas.")
@pass_where
def ask(where: Where, class_name: str, named: str) -> None:
    """Ask the families of CLASS, or of all classes, to read and answer. Notices go by themselves, never at night."""
    shelf, names = library(where).shelf, [each.strip() for each in named.split(",") if each.strip()]
    with stores(where) as at:
        whole = class_name.strip().casefold() == ALL
        classes = at.school.classes if whole else (at.school.class_named(class_name),)
        now, opened = MachineClock().now(), []
        with at.units.write(at.school.id) as unit:
            for klass in classes:
                asked = ask_class(klass, names, school=at.school, shelf=shelf, answers=unit.answers, now=now)
                opened += [klass.name] if asked else []
            unit.commit()
    if opened:
        say(
            f"Asked: {', '.join(opened)}. Whoever has used a letter hears of it; who has not answered hears twice more."
        )
    else:
        say("These versions were asked of them already this school year. Nothing was changed.")


@click.command("agreements", epilog="Example: lollipop parents agreements Oak --csv roll.csv")
@click.argument("class_name", metavar="CLASS")
@click.option("--csv", "file", type=FILE, help="Write the roll here.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--paper", default="", help="Keep what stands on paper for a pupil, by the school's own code.")
@click.option("--adult", type=int, help="Whose paper it is.")
@click.option("--agreed", default="", help="The agreements that were signed on paper, with commas.")
@click.option("--photos", default="", help="What was ticked: school=yes,web=no,media=no.")
@pass_where
def agreements(
    where: Where,
    class_name: str,
    file: Path | None,
    as_json: bool,  # noqa: FBT001
    paper: str,
    adult: int | None,
    agreed: str,
    photos: str,
) -> None:
    """Who has answered in CLASS, and who needs paper. Pupils' codes and adults' numbers, no name and no chat."""
    shelf = library(where).shelf
    with stores(where) as at:
        klass = at.school.class_named(class_name)
        if paper:
            _keep_paper(at, klass, paper, adult=adult, agreed=agreed, photos=photos, shelf=shelf)
            return
        with at.units.read(at.school.id) as unit:
            sheets = asked_of(klass, answers=unit.answers, shelf=shelf)
            codes = unit.children.listed(klass.id)
            log = heard(codes, answers=unit.answers)
        rows, needs = _roll(at, codes, sheets, log), _needs_paper(codes, sheets, log)
    if as_json:
        say_json({"class": klass.name, "roll": rows, "paper": needs})
        return
    _say_roll(klass, rows, sheets, needs, file)


def _say_roll(
    klass: SchoolClass, rows: Sequence[Mapping[str, Any]], sheets: Sequence[Sheet], needs: Any, file: Path | None
) -> None:
    if not rows:
        say(f"No letters were made for {klass.name} yet: lollipop parents codes {klass.name} --pupils OAK-01")
        return
    if not sheets:
        say(f"{klass.name} was asked nothing yet: lollipop parents ask {klass.name}")
        return
    table = csv_of(list(rows[0]), [list(each.values()) for each in rows])
    if file:
        file.write_text(table, "utf-8")
        say(f"Wrote {file}.")
    else:
        say(table.rstrip())
    for name, pupils in needs.items():
        say(f"Paper for {name} ({len(pupils)}): {', '.join(pupils) or 'nobody'}")


def _counting(codes: Sequence[FamilyCode]) -> list[tuple[str, int]]:
    return sorted(whose_word_counts(codes))


def _roll(
    at: Stores, codes: Sequence[FamilyCode], sheets: Sequence[Sheet], log: Sequence[AdultAnswer]
) -> list[dict[str, Any]]:
    """A row for each adult whose word counts."""
    return [
        {
            "pupil": pupil,
            "adult": adult,
            **{each.name: _cell(at, each, log, pupil=pupil, adult=adult) for each in sheets},
        }
        for pupil, adult in _counting(codes)
    ]


def _cell(at: Stores, sheet: Sheet, log: Sequence[AdultAnswer], *, pupil: str, adult: int) -> str:
    if still_open(sheet, log, pupil=pupil, adult=adult):
        seen = {
            each.version
            for each in log
            if (each.pupil, each.adult, each.page, each.said) == (pupil, adult, sheet.page, Said.SHOWN)
        }
        return SEEN if sheet.version in seen else NO_ANSWER
    last = [last_said(log, pupil=pupil, adult=adult, page=sheet.page, use=use) for use in sheet.uses]
    days = [f"{at.school.calendar.local(each.when):%Y-%m-%d}" for each in last if each]
    said = " ".join(f"{each.use}={each.said}" if each.use else str(each.said) for each in last if each)
    return f"{said} {max(days)}"


def _needs_paper(
    codes: Sequence[FamilyCode], sheets: Sequence[Sheet], log: Sequence[AdultAnswer]
) -> dict[str, list[str]]:
    """For each page the pupils of whom no adult has answered all of it."""
    counting = _counting(codes)
    pupils = sorted({each.pupil for each in codes})
    return {
        sheet.name: [
            pupil
            for pupil in pupils
            if all(still_open(sheet, log, pupil=pupil, adult=adult) for whose, adult in counting if whose == pupil)
        ]
        for sheet in sheets
    }


def _keep_paper(
    at: Stores, klass: SchoolClass, typed: str, *, adult: int | None, agreed: str, photos: str, shelf: Shelf
) -> None:
    pupil, said = pupil_code(typed), _on_paper(agreed, photos)
    if adult is None or not said:
        raise PaperError
    sheets = {each.name: each for each in sheets_of(klass, {name for name, _, _ in said}, shelf=shelf)}
    now = MachineClock().now()
    with at.units.write(at.school.id) as unit:
        code = paper_code(pupil, adult, children=unit.children)
        kept = 0
        for name, use, answer in said:
            kept += note_answer(
                sheets[name],
                answer,
                code=code,
                use=use,
                lang="en",
                source="paper",
                answer_id=new_id(now),
                shelf=shelf,
                children=unit.children,
                answers=unit.answers,
                editions=unit.editions,
                evidence=unit.evidence,
                now=now,
            )
        unit.commit()
    say(f"Kept for {pupil}, adult {adult}: {kept} new answers from paper.")


def _on_paper(agreed: str, photos: str) -> list[tuple[str, str, Said]]:
    """Raises NotOnPaperError."""
    said = []
    signed = [each for each in SHEETS if each != PHOTOS]
    for name in filter(None, (each.strip() for each in agreed.split(","))):
        if name not in signed:
            raise NotOnPaperError(typed=name[:40], known=", ".join(signed))
        said.append((name, "", Said.AGREED))
    for ticked in filter(None, (each.strip() for each in photos.split(","))):
        use, _, answer = (each.strip() for each in ticked.partition("="))
        if use not in set(Use) or answer not in {"yes", "no"}:
            raise NotOnPaperError(typed=ticked[:40], known=", ".join(f"{each}=yes, {each}=no" for each in Use))
        said.append((PHOTOS, use, Said(answer)))
    return said


@click.command("photos", epilog="Example: lollipop parents photos OAK-07")
@click.argument("about", metavar="PUPIL|CLASS")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_where
def photos(where: Where, about: str, as_json: bool) -> None:  # noqa: FBT001
    """Whether a pupil may be in pictures now, by the school's own code; or each pupil of a class."""
    version = library(where).shelf.get(PHOTOS, "en").version
    with stores(where) as at, at.units.read(at.school.id) as unit:
        _, codes = photos_of(about, school=at.school, unit=unit)
        looked = look_up_photos(codes, unit=unit, version=version)
    rows = {pupil: {use.value: said is Said.YES for use, said in uses.items()} for pupil, uses in looked.items()}
    if as_json:
        say_json({"photos": rows})
        return
    table = [[pupil, *("yes" if may else "no" for may in uses.values())] for pupil, uses in rows.items()]
    say(csv_of(["pupil", *(each.value for each in Use)], table).rstrip())
    say("A pupil without a letter is not listed, and may not be in pictures either.")
    say("Only a yes is a yes. Look again on the day: an answer can change at any time.")
