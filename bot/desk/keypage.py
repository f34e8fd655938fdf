"""What a reader sees of keys: how their own stands, and what was done with everybody's."""

from collections.abc import Iterator, Mapping

from bot.desk.inbox import reader_of
from bot.desk.visit import Visit, button, name_of
from bot.wire import Answer
from pages import Block, Bullets, Document, Facts, Heading, Span, Tone, note, paragraph, says
from safeguarding import Act, LogRow, Outcome
from school.people import ANSWERING_ROLES
from school.words import Text

# So many rows of the log are looked through for what was done with keys, the newest.
LOOKED_AT = 2_000
SHOWN = 30

DONE: Mapping[str, Text] = {
    Act.KEY_MADE: Text("{name} was given a new key"),
    Act.SECOND_FACTOR_SET: Text("{name} set up an authenticator app"),
    Act.SECOND_FACTOR_RESET: Text("{name} reset a second factor"),
    Act.RECOVERY_MADE: Text("{name} printed a recovery key"),
    Act.RECOVERED: Text("{name} came back with a recovery key"),
    Act.PASSPHRASE_CHANGED: Text("{name} changed their passphrase"),
    Act.KEY_REPLACED: Text("{name} replaced their key"),
}
REFUSED: Mapping[str, Text] = {
    Act.SIGNED_IN: Text("A wrong passphrase was given for {name}"),
    Act.CODE_GIVEN: Text("A wrong code was given for {name}"),
    Act.RECOVERED: Text("A wrong recovery key was given for {name}"),
    Act.RECOVERY_MADE: Text("A wrong passphrase was given for {name}"),
    Act.PASSPHRASE_CHANGED: Text("A wrong passphrase was given for {name}"),
    Act.KEY_REPLACED: Text("A wrong passphrase was given for {name}"),
}


def keys_page(visit: Visit) -> Answer:
    """One's own key, and what was done of late."""
    share = button(Text("Share your open reports with a colleague"), "inbox.share")
    return Answer(document=Document(Text("Your key"), (*_own(visit), *_done(visit))), choices=((share,),))


def _own(visit: Visit) -> Iterator[Block]:
    reader, _ = reader_of(visit)
    keyring = visit.unit.keyring
    sheet = keyring.standing(Act.RECOVERY_MADE, reader.id)
    app = keyring.standing(Act.SECOND_FACTOR_SET, reader.id)
    if not visit.school.reporting.second_factor:
        second = Text("switched off in the school file")
    else:
        second = Text("set up") if app else Text("not set up yet")
    facts = (
        (Text("Authenticator app"), second),
        (Text("Recovery key in the safe"), sheet or Text("none")),
    )
    yield Facts(facts)
    if not sheet:
        yield note(
            Text("Please print a recovery key. Without one, a lost passphrase means that you lose what you can read."),
            Tone.URGENT,
        )
    left = keyring.hanging(reader.id)
    if left:
        yield note(
            Text(
                "{count} reports still open with your older key. They are moved when you next sign in.", {"count": left}
            )
        )


def _done(visit: Visit) -> Iterator[Block]:
    yield Heading(says(Text("What was done with keys")), 2)
    lines = [_line(visit, row) for row in reversed(_rows(visit)) if _said(row) is not None][:SHOWN]
    if lines:
        yield Bullets(tuple(lines))
    else:
        yield paragraph(Text("Nothing yet."))


def _rows(visit: Visit) -> tuple[LogRow, ...]:
    """Those of everybody's keys; for a year lead those of their own."""
    reader, _ = reader_of(visit)
    log = visit.unit.concerns.log
    rows = log.rows(after=max(0, log.head().number - LOOKED_AT), limit=LOOKED_AT)
    return tuple(row for row in rows if row.actor == reader.id or reader.holds(*ANSWERING_ROLES))


def _said(row: LogRow) -> Text | None:
    return (DONE if row.outcome == Outcome.DONE else REFUSED).get(row.act)


def _line(visit: Visit, row: LogRow) -> tuple[Span, ...]:
    name = name_of(visit, row.actor)
    when = f"{visit.school.calendar.local(row.at):%d/%m/%Y %H:%M}"
    said = _said(row)
    return (Span(f"{when} "), Span(Text(said.msgid, {"name": name}) if said else ""))
