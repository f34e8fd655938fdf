"""What was done with somebody's key is told to them, and to everybody who answers for reports."""

from datetime import datetime

from bot.unit import Unit
from safeguarding import Act
from school.notices import Doubt, Lane, Notice, Outbox, To
from school.people import ANSWERING_ROLES, Person
from school.school import School


def tell_of_a_key(school: School, *, person: str, mark: str, outbox: Outbox) -> None:
    """Leave each a notice that names nobody; whose key it was, and what was done, stands behind the sign-in."""
    for each in told_of_keys(school, person=person):
        outbox.leave(
            Notice(
                key=f"key:{mark}:{each.id}",
                to=To.PERSON,
                recipient=each.id,
                page="key-yours" if each.id == person else "key-colleague",
                lane=Lane.SAFEGUARDING,
                doubt=Doubt.REPEAT,
            ),
        )


def told_of_keys(school: School, *, person: str) -> tuple[Person, ...]:
    """Whose key it is, and everybody who answers for reports."""
    return tuple(each for each in school.people if each.holds(*ANSWERING_ROLES) or each.id == person)


def reset_second_factor(school: School, *, person: str, by: str, unit: Unit, now: datetime) -> bool:
    """For somebody who lost their phone; they set up another at their next sign-in. False where there is none.

    Only what opens the door a second time is gone: without their passphrase nobody reads anything. The caller commits.
    """
    standing = unit.keyring.standing(Act.SECOND_FACTOR_SET, person)
    unit.keyring.drop_second_factor(person)
    if not standing:
        return False
    unit.concerns.log.write(Act.SECOND_FACTOR_RESET, actor=by, now=now, subject=standing)
    tell_of_a_key(school, person=person, mark=standing, outbox=unit.outbox)
    return True
