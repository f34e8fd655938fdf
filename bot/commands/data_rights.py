"""`lollipop parents export` and `erase`: what the office does when a family asks for what is kept about it."""

from typing import Any
from uuid import UUID

import click

from bot.clock import MachineClock
from bot.commands.house import Stores, Where, pass_where, say, say_json, stores
from bot.desk import forget_family, plain_questions
from bot.storage import new_id
from bot.unit import Unit
from bot.wire import Via
from parents import Family, Kept, kept_about
from school.words import Refusal, Text


class NoSuchFamilyError(Refusal):
    """Nobody by that id or chat, or not any more."""

    text = Text(
        "We keep nothing about “{person}”. Give the family's id, as its own copy from /privacy shows it, or its "
        "chat's number or e-mail address with --address.",
    )


class NotErasedError(Refusal):
    """The office thought better of it."""

    text = Text("Nothing was erased.")


by_address = click.option(
    "--address", is_flag=True, help="PERSON is the number of a chat on Telegram, or an e-mail address."
)
as_json_too = click.option("--json", "as_json", is_flag=True, help="One JSON object.")


@click.command("export", epilog="Example: lollipop parents export 01a20cc8-8e80-7268-a80f-89e6a332d64f --json")
@click.argument("person", metavar="PERSON")
@by_address
@as_json_too
@pass_where
def export_family(where: Where, person: str, address: bool, as_json: bool) -> None:  # noqa: FBT001
    """Print all that is kept about PERSON, a family by its id. Reports of worries are not part of it."""
    with stores(where) as at, at.units.read(at.school.id) as unit:
        family = _found(unit, person, by_chat=address)
        kept = kept_about(
            family, families=unit.families, children=unit.children, answers=unit.answers, events=unit.events
        )
        asked = plain_questions(unit.questions, family=kept.family.id)
    if as_json:
        say_json({"school": at.school.name, **kept.plain(), "questions": asked})
        return
    _say_lines(at, kept)
    for each in asked:
        say(f"Asked on {each['asked']} ({each['state']}): {each['words']}")
        if each["answer"]:
            say(f"  Answer: {each['answer']}")


@click.command("erase", epilog="Example: lollipop parents erase 01a20cc8-8e80-7268-a80f-89e6a332d64f --yes")
@click.argument("person", metavar="PERSON")
@by_address
@click.option("--yes", is_flag=True, help="Do not ask first.")
@as_json_too
@pass_where
def erase_family(where: Where, person: str, address: bool, yes: bool, as_json: bool) -> None:  # noqa: FBT001
    """Erase all that is kept about PERSON, a family by its id, and never write to that chat again by mistake."""
    with stores(where) as at:
        with at.units.read(at.school.id) as unit:
            family = _found(unit, person, by_chat=address)
        # On the other channel, so that what a program reads is one JSON object and nothing else.
        if not yes and not click.confirm(f"Erase all that is kept about {family.id}? It cannot be undone.", err=True):
            raise NotErasedError
        with at.units.write(at.school.id) as unit:
            there = unit.families.get(family.id)
            erased, withdrawn = (
                forget_family(there, unit=unit, now=MachineClock().now(), new_id=new_id) if there else (False, 0)
            )
            unit.commit()
    if as_json:
        say_json({"id": str(family.id), "erased": erased, "withdrawn": withdrawn})
        return
    say(f"Erased. {withdrawn} messages that were waiting were taken back." if erased else "It was erased already.")
    say("Copies in backups end with the backups: after bringing one back, erase again.")


def _found(unit: Unit, person: str, *, by_chat: bool) -> Family:
    if by_chat:
        via, address = (Via.EMAIL, person.strip().lower()) if "@" in person else (Via.TELEGRAM, person)
        family = unit.families.by_address(via=via, address=address)
    else:
        try:
            family = unit.families.get(UUID(person))
        except ValueError:
            family = None
    if family is None:
        raise NoSuchFamilyError(person=person)
    return family


def _say_lines(at: Stores, kept: Kept) -> None:
    say(f"{at.school.name}: what is kept about one family")
    for name, value in kept.plain().items():
        if not isinstance(value, list):
            say(f"{name}: {value}")
        elif value and isinstance(value[0], dict):
            say(f"{name}:")
            for each in value:
                say("  " + _line(each))
        else:
            say(f"{name}: {', '.join(map(str, value)) or 'none'}")


def _line(each: dict[str, Any]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in each.items() if value)
