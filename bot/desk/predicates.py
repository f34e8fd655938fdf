"""Who somebody is, asked before a handler runs: one question each, of what was asked and of who asks."""

from collections.abc import Callable

from bot.wire import Incoming, Via
from parents import STEERING
from school.people import ANSWERING_ROLES, SAFEGUARDING_ROLES, Person, Role
from staff import ADVISERS, LEADS, MAY_SWITCH, MINDERS, OFFICES, OWNERS

Predicate = Callable[[Incoming, Person | None], bool]


def anyone(incoming: Incoming, person: Person | None) -> bool:  # noqa: ARG001 - all predicates look alike
    """Whoever it is."""
    return True


def staff(incoming: Incoming, person: Person | None) -> bool:  # noqa: ARG001
    """Somebody the school file names."""
    return person is not None


def teaching(incoming: Incoming, person: Person | None) -> bool:  # noqa: ARG001
    """Somebody who may move a class on."""
    return person is not None and person.holds(Role.TEACHER, Role.HEAD, Role.ESAFETY_LEAD)


def safeguarding(incoming: Incoming, person: Person | None) -> bool:
    """Somebody with a safeguarding role, signed in on the web with a key of theirs."""
    return (
        incoming.via is Via.WEB
        and incoming.key is not None
        and person is not None
        and person.holds(*SAFEGUARDING_ROLES)
    )


def answering(incoming: Incoming, person: Person | None) -> bool:
    """Somebody signed in who answers for reports by office: a year lead reads theirs, and ends none of them."""
    return safeguarding(incoming, person) and person is not None and person.holds(*ANSWERING_ROLES)


def sorting(incoming: Incoming, person: Person | None) -> bool:
    """The lead or a deputy, signed in: whoever looks after what filters and monitors."""
    return safeguarding(incoming, person) and person is not None and person.holds(Role.DSL, Role.DEPUTY_DSL)


# Whoever may be the reader of a low-level concern, by office; a lead never is.
REGISTER_ROLES = (Role.HEAD, Role.CHAIR_OF_GOVERNORS)


def over_staff(incoming: Incoming, person: Person | None) -> bool:
    """Somebody signed in on the web with a key, whom low-level concerns about adults may be sealed to."""
    return safeguarding(incoming, person) and person is not None and person.holds(*REGISTER_ROLES)


def signed_in(incoming: Incoming, person: Person | None) -> bool:
    """Staff on Slack, or somebody signed in on the web."""
    return person is not None and (incoming.via is not Via.WEB or incoming.key is not None)


def working(incoming: Incoming, person: Person | None) -> bool:
    """Somebody signed in who is more here than a volunteer: what is about pupils, requests and lists is for them."""
    return signed_in(incoming, person) and person is not None and not person.only_helps


# Who reads what turned up on a screen.
FINDING = (*OWNERS, *LEADS)


def steering(incoming: Incoming, person: Person | None) -> bool:
    """Somebody signed in who answers for what the school sends: a right apart from reading how it stands."""
    return signed_in(incoming, person) and person is not None and person.holds(*STEERING)


# Whoever answers for the policy, and whoever looks after it.
ANSWERING_FOR_POLICY = (
    *(Role.HEAD, Role.CHAIR_OF_GOVERNORS, Role.GOVERNOR, Role.ESAFETY_LEAD, Role.DSL, Role.DEPUTY_DSL),
)


def answering_for_policy(incoming: Incoming, person: Person | None) -> bool:
    """Somebody signed in who answers for the policy: what was done, by which member of staff, is for their eyes."""
    return signed_in(incoming, person) and person is not None and person.holds(*ANSWERING_FOR_POLICY)


def overseeing(incoming: Incoming, person: Person | None) -> bool:
    """Somebody signed in who answers for the policy, or the technician: whoever keeps the school's registers."""
    return signed_in(incoming, person) and person is not None and person.holds(*ANSWERING_FOR_POLICY, Role.TECHNICIAN)


def agreeing(incoming: Incoming, person: Person | None) -> bool:
    """The head or the chair of governors, signed in: they agree the policy."""
    return signed_in(incoming, person) and person is not None and person.holds(*OFFICES)


def over_the_filter(incoming: Incoming, person: Person | None) -> bool:
    """Somebody on the staff who owns the filter or leads on safeguarding, and hears of what turned up."""
    return signed_in(incoming, person) and person is not None and person.holds(*FINDING)


def advising(incoming: Incoming, person: Person | None) -> bool:
    """Somebody who leads on e-safety, or the head, signed in."""
    return signed_in(incoming, person) and person is not None and person.holds(*ADVISERS)


def switching(incoming: Incoming, person: Person | None) -> bool:
    """The technician or the head, signed in: whoever may ask for a time without the filter."""
    return signed_in(incoming, person) and person is not None and person.holds(*MAY_SWITCH)


def minding(incoming: Incoming, person: Person | None) -> bool:
    """Somebody who sees to it that staff sign, learn and look: the head or the e-safety lead, signed in."""
    return signed_in(incoming, person) and person is not None and person.holds(*MINDERS)


def on_the_web(incoming: Incoming, person: Person | None) -> bool:  # noqa: ARG001
    """On a page of the school's."""
    return incoming.via is Via.WEB


def in_a_chat(incoming: Incoming, person: Person | None) -> bool:  # noqa: ARG001
    """Where the bot can write by itself to whoever wrote to it."""
    return incoming.via in {Via.SLACK, Via.TELEGRAM}


def in_chat(incoming: Incoming, person: Person | None) -> bool:  # noqa: ARG001
    """In a chat of one's own with the bot."""
    return incoming.via is Via.TELEGRAM
