"""`lollipop keys`: recipients' invitations and second factors, and the keys that sign buttons and links."""

import click

from bot.clock import MachineClock
from bot.commands.house import Stores, Where, pass_where, say, stores
from bot.desk import reset_second_factor
from bot.keys import FILE, rotate
from bot.storage import new_code
from bot.tokens import BUTTON_LIFE
from school.people import Person, Role
from school.words import Refusal, Text

# The head, the lead, and the chair where the phone is the head's own.
MAY_RESET = (Role.HEAD, Role.DSL, Role.CHAIR_OF_GOVERNORS)


class NobodyError(Refusal):
    """An id that the school file does not have."""

    text = Text("There is nobody with the id “{person}” in the school file. The ids are: {people}.")


class NotByThemError(Refusal):
    """A reset that somebody asked for themselves, or that is not theirs to ask."""

    text = Text(
        "A second factor is reset at the word of the head, the safeguarding lead or the chair of governors, and of "
        "another person than the one it belongs to. Who says so? For example: --by {example}",
    )


class NothingToResetError(Refusal):
    """Somebody without a second factor."""

    text = Text("{person} has no second factor. They set one up when they next sign in.")


@click.group()
def keys() -> None:
    """Safeguarding recipients' keys, and the keys that sign buttons and links."""


@keys.command("invite", epilog="Example: lollipop keys invite dilys")
@click.argument("person")
@pass_where
def keys_invite(where: Where, person: str) -> None:
    """Print a one-time code with which PERSON sets a passphrase at /inbox/enrol."""
    with stores(where) as at:
        _known(at, person)
        code = new_code()
        with at.units.write(at.school.id) as unit:
            unit.enrolments.invite(code=code, person=person, now=MachineClock().now())
            unit.commit()
        say(f"Code for {person}, good once and for 14 days: {code.reveal()}")
        say(f"They open {at.address}/inbox/enrol and choose a passphrase that only they know.")


@keys.command("second-factor-reset", epilog="Example: lollipop keys second-factor-reset dilys --by hannah")
@click.argument("person")
@click.option("--by", "by", required=True, metavar="ID", help="The head, lead or chair of governors at whose word.")
@pass_where
def second_factor_reset(where: Where, person: str, by: str) -> None:
    """Forget the authenticator app of PERSON, who has lost their phone. Everybody with a key is told."""
    now = MachineClock().now()
    with stores(where) as at:
        _known(at, person)
        if by == person or not _known(at, by).holds(*MAY_RESET):
            others = (each.id for each in at.school.people if each.holds(*MAY_RESET) and each.id != person)
            raise NotByThemError(example=next(others, "nobody"))
        with at.units.write(at.school.id) as unit:
            if not reset_second_factor(at.school, person=person, by=by, unit=unit, now=now):
                raise NothingToResetError(person=person)
            unit.commit()
        say(f"{person} sets up an authenticator app anew at {at.address}/inbox, after their passphrase.")
        say("They and everybody else with a safeguarding role are told, and it stands in the log.")


def _known(at: Stores, person: str) -> Person:
    found = at.school.person(person)
    if found is None:
        raise NobodyError(person=person, people=", ".join(someone.id for someone in at.school.people))
    return found


@keys.command("rotate", epilog="Example: lollipop keys rotate")
@pass_where
def keys_rotate(where: Where) -> None:
    """Add a new key that signs buttons and links from now on; what older keys signed still works."""
    settings = where.settings()
    newest, *older = rotate(settings.home)
    say(f"Key {newest} signs from the next start on. Still read: {', '.join(map(str, older))}.")
    say(f"Old buttons stay good for {BUTTON_LIFE.days} days from the day they were sent.")
    say(f"Old links and posters stay good as long as their key is in {settings.home / FILE}.")
    say("Next: restart Lollipop. Where several machines run it, copy that file to each of them first.")
