"""Every permission as a page: who may ask for what, and where. Made by asking MAY itself."""

from collections.abc import Iterator

from bot.desk.may import MAY, may
from bot.wire import Incoming, Via
from school.people import Person, Role
from school.sensitive import SecretKey

# What a column is called, and which role its person holds; None is somebody whom the school file does not name.
WHO: tuple[tuple[str, Role | None], ...] = (
    ("Teacher", Role.TEACHER),
    ("Teaching assistant, other staff", Role.STAFF),
    ("Office", Role.OFFICE),
    ("Technician", Role.TECHNICIAN),
    ("E-safety lead", Role.ESAFETY_LEAD),
    ("Year lead", Role.YEAR_LEAD),
    ("Deputy lead", Role.DEPUTY_DSL),
    ("Safeguarding lead", Role.DSL),
    ("Head", Role.HEAD),
    ("Chair of governors", Role.CHAIR_OF_GOVERNORS),
    ("Governor", Role.GOVERNOR),
    ("Volunteer", Role.VOLUNTEER),
    ("Pupil, parent, unknown", None),
)
# Where somebody is met. Staff are known on Slack, and on the web when they have signed in; nobody is on Telegram.
SLACK, TELEGRAM, SIGNED_IN, OPEN_WEB = "S", "T", "W", "w"
PLACES = {
    SLACK: "on Slack",
    TELEGRAM: "on Telegram",
    SIGNED_IN: "on the web, signed in with a passphrase",
    OPEN_WEB: "on an open page of the web",
}
# Any key at all: MAY asks whether there is one, and the vault whether it opens anything.
A_KEY = SecretKey(bytes(32))
BEGIN = """\
# Who may ask for what

Every verb of Lollipop by everybody who can be met, made from `bot/desk/may.py` itself; a test drives the desk with
every cell and compares. To make it anew: `lollipop permissions > docs/permissions.md`.

{places}.
“–” is nowhere: it is refused, and where it is about reports the try leaves a row in the vault's log.

Staff are known by their Slack account, and on the web when they have signed in. On Telegram, and on an open page, they
are like anybody else. Only somebody with a safeguarding role can set a passphrase, so the other columns' **W** is what
would hold if one of them could. Pupils and parents are never named in a file: both are “unknown”, and what a parent's
chat may do is decided by that chat's own sign (a family's news, a draft, a receipt). **May ask** is not **may read**:
what a report says opens only with a key that it was sealed to, whoever asks (`docs/safeguarding.md`).
"""


def asked(verb: str, role: Role | None, place: str) -> tuple[Incoming, Person | None]:
    """Somebody with a role who asks for a verb in a place, as MAY sees it."""
    known = place in {SLACK, SIGNED_IN} and role is not None
    person = Person(id=f"a-{role}", name=f"A {role}", roles=frozenset({role}), slack=f"U-{role}") if role else None
    via = {SLACK: Via.SLACK, TELEGRAM: Via.TELEGRAM}.get(place, Via.WEB)
    sender = {SLACK: f"U-{role}", SIGNED_IN: f"a-{role}", TELEGRAM: f"7{len(str(role))}"}.get(place, "")
    key = A_KEY if place == SIGNED_IN else None
    return Incoming(school="", via=via, sender=sender, verb=verb, key=key), person if known else None


def cells(verb: str) -> Iterator[str]:
    """Where each of WHO may ask for it."""
    for _, role in WHO:
        places = [place for place in PLACES if role is not None or place != SIGNED_IN]
        allowed = [place for place in places if _may(verb, role, place)]
        yield " ".join(allowed) or "–"


def _may(verb: str, role: Role | None, place: str) -> bool:
    incoming, person = asked(verb, role, place)
    return may(verb, incoming=incoming, person=person)


def page() -> str:
    """The matrix as Markdown."""
    places = ", ".join(f"**{letter}** {where}" for letter, where in PLACES.items())
    head = ["Verb", *(name for name, _ in WHO), "Rule"]
    lines = [BEGIN.format(places=places), f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for verb, predicates in MAY.items():
        rule = ", ".join(allows.__name__ for allows in predicates)
        lines.append(f"| `{verb}` | {' | '.join(cells(verb))} | `{rule}` |")
    rules = {allows.__name__: (allows.__doc__ or "").strip() for each in MAY.values() for allows in each}
    lines += ["", "## The rules", "", *(f"- `{name}`: {said}" for name, said in rules.items())]
    return "\n".join(lines)
