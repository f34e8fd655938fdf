"""A case as a document and as a table, to be filed in the school's own records before it is handed over."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.desk.inbox import ABOUT, ACTS, STATES, reader_of
from bot.desk.origins import origin_facts
from bot.desk.topics import LABELS
from bot.desk.visit import Visit, button
from bot.wire import Answer, Choice, Look, Paper
from pages import Block, Bullets, Document, Facts, Heading, Quote, Span, Tone, note, paragraph, says
from safeguarding import (
    LOLLIPOP,
    SENDER,
    Act,
    CasePapers,
    Entry,
    EntryKind,
    LogRow,
    Outcome,
    Topic,
    besides_origin,
    readable,
    take_out,
)
from school.sensitive import Sensitive
from school.words import Text

PDF, TABLE = "pdf", "csv"
# On paper, before anybody has said where it is recorded.
TO_BE_FILLED_IN = Sensitive("…" * 15)
KEEP_IT_SAFE = Text(
    "Keep the file in {system} and nowhere else. Then delete it from your downloads folder, and empty the bin."
)
# KCSIE on the safeguarding lead: read in November 2026 in the words of Devon (devon.gov.uk, one-minute guide no. 6) and
# of Bristol (bristolsafeguardingineducation.org), which agree; not at GOV.UK, and not in the text of September 2026. It
# does not say school days.
MOVES_SCHOOL = Text(
    "Is the child moving to another school? Keeping Children Safe in Education asks for the child protection file to "
    "reach it within 5 days of a move in the year, or within the first 5 days of a new term. Send it from {system}, "
    "apart from the main file, and ask for a receipt."
)
CANNOT_READ = Text("This can't be read: it was changed after it was written.")
REASONS: Mapping[Act, Text] = {
    Act.REFERRED: Text("Why it is with a service outside"),
    Act.CLOSE_ASKED: Text("Why it needs no record"),
    Act.HANDED_OVER: Text("Where it is recorded"),
}
HEAD = (Text("Part"), Text("Number"), Text("When"), Text("Who"), Text("What"), Text("Words"), Text("Mark in the log"))
Row = tuple[str | Text, ...]


def take_it_along(visit: Visit, reference: str) -> tuple[tuple[Block, ...], tuple[tuple[Choice, ...], ...]]:
    """What to know before one files a case, and the two files."""
    system = {"system": visit.school.reporting.record_system}
    said = (
        note(Text(KEEP_IT_SAFE.msgid, system), Tone.URGENT),
        paragraph(Text("It has everything: the words, the dialogue, the private notes, and what was done by whom.")),
        note(Text(MOVES_SCHOOL.msgid, system)),
    )
    files = (
        button(Text("Download it as a PDF"), "inbox.paper", Look.PRIMARY, {"ref": reference, "as": PDF}),
        button(Text("Download it as a CSV"), "inbox.paper", args={"ref": reference, "as": TABLE}),
    )
    return said, (files,)


def asked(visit: Visit) -> Answer:
    """The files once more, where it was handed over or closed already."""
    reader, _ = reader_of(visit)
    concern = readable(visit.incoming.args.get("ref", ""), concerns=visit.unit.concerns, person=reader.id)
    said, files = take_it_along(visit, concern.reference)
    back = button(Text("Back to the report"), "inbox.read", args={"ref": concern.reference})
    return Answer(document=Document(Text("Take it out as a file"), said), choices=(*files, (back,)))


def taken_out(visit: Visit) -> Answer:
    """The file. That it was taken out is logged with this."""
    reader, key = reader_of(visit)
    reference = visit.incoming.args.get("ref", "")
    papers = take_out(
        reference,
        school=visit.school,
        concerns=visit.unit.concerns,
        person=reader.id,
        key=key,
        now=visit.now,
    )
    name = papers.opened.concern.reference
    if visit.incoming.args.get("as") == TABLE:
        return Answer(paper=Paper(name=name, head=HEAD, rows=tuple(_rows(visit, papers))))
    title = Text("Concern {reference}", {"reference": name})
    return Answer(paper=Paper(name=name, document=Document(title, tuple(_blocks(visit, papers)))))


def _blocks(visit: Visit, papers: CasePapers) -> Iterator[Block]:
    yield Facts(tuple(_facts(visit, papers)))
    yield Heading(says(_logged_in(visit)), 2)
    recorded = papers.recorded
    yield _quoted(recorded.words if recorded else TO_BE_FILLED_IN)
    yield Heading(says(Text("Their own words")), 2)
    yield _quoted(papers.opened.words)
    yield Heading(says(Text("What was written since")), 2)
    if not papers.opened.entries:
        yield paragraph(Text("Nothing."))
    for entry in papers.opened.entries:
        said = Text("{what}, {when}", {"what": _kind(visit, entry, papers), "when": _when(visit, entry.at)})
        yield Heading(says(said), 3)
        yield _quoted(entry.words)
    yield Heading(says(Text("What was done")), 2)
    yield Bullets(tuple((Span(f"{_when(visit, row.at)} "), Span(_act(visit, row))) for row in papers.log))


def _facts(visit: Visit, papers: CasePapers) -> Iterator[tuple[Text | str, Text | str]]:
    concern, opened = papers.opened.concern, papers.opened
    yield Text("Reference"), concern.reference
    yield Text("Received"), _when(visit, concern.received)
    yield Text("By way of"), opened.via
    yield Text("About"), ABOUT[opened.about]
    if papers.topic is not Topic.UNSAID:
        yield Text("By its sender's word"), LABELS[papers.topic]
    yield Text("State"), STATES[concern.state]
    yield Text("Flagged by the word list"), Text("yes") if concern.urgent else Text("no")
    if concern.assigned:
        yield Text("Dealt with by"), _who(visit, concern.assigned)
    yield from origin_facts(visit, opened)
    for name, value in besides_origin(opened.details):
        yield name.replace("_", " "), value
    yield Text("This copy was made"), _when(visit, visit.now)
    yield Text("By"), _who(visit, reader_of(visit)[0].id)


def _rows(visit: Visit, papers: CasePapers) -> Iterator[Row]:
    for label, value in _facts(visit, papers):
        yield Text("report"), "", "", "", label, value, ""
    recorded = papers.recorded
    yield Text("report"), "", "", "", _logged_in(visit), _words(recorded.words) if recorded else "", ""
    came = _iso(visit, papers.opened.concern.received)
    yield Text("words"), "", came, _who(visit, SENDER), Text("Their own words"), papers.opened.words.reveal(), ""
    for entry in papers.opened.entries:
        who = _who(visit, entry.author or SENDER)
        kind = _kind(visit, entry, papers)
        yield Text("added"), str(entry.number), _iso(visit, entry.at), who, kind, _words(entry.words), ""
    for row in papers.log:
        who = _who(visit, row.actor)
        yield Text("log"), str(row.number), _iso(visit, row.at), who, _act(visit, row), "", row.mark.hex()


def _logged_in(visit: Visit) -> Text:
    return Text("Logged in {system}, reference", {"system": visit.school.reporting.record_system})


def _kind(visit: Visit, entry: Entry, papers: CasePapers) -> Text:
    who = {"name": _who(visit, entry.author or SENDER)}
    if entry.kind is EntryKind.FROM_SENDER:
        return Text("The sender added")
    if entry.kind is EntryKind.TO_SENDER:
        return Text("{name} wrote to the sender", who)
    reason = papers.reasons.get(entry.number)
    if reason is not None:
        return Text("{why}, by {name}", {"why": REASONS[reason], **who})
    return Text("A private note of {name}", who)


def _act(visit: Visit, row: LogRow) -> Text:
    """What a row of the log says. An act that this page has no words for is told as it stands in the log."""
    done = ACTS.get(row.act, Text("{name}: {act}", {"act": row.act}))
    said = Text(done.msgid, {**done.values, "name": _who(visit, row.actor)})
    return said if row.outcome == Outcome.DONE else Text("Tried and refused: {what}", {"what": said})


def _who(visit: Visit, actor: str) -> str | Text:
    if actor == SENDER:
        return Text("whoever reported")
    if actor == LOLLIPOP:
        return "Lollipop"
    known = visit.school.person(actor)
    return known.name if known else Text("{id}, who is no longer in the school file", {"id": actor})


def _quoted(words: Sensitive | None) -> Block:
    """Every line as it was typed, the empty ones too."""
    if words is None:
        return note(CANNOT_READ, Tone.URGENT)
    return Quote(tuple(says(line) for line in words.reveal().split("\n")))


def _words(words: Sensitive | None) -> str | Text:
    return CANNOT_READ if words is None else words.reveal()


def _when(visit: Visit, at: datetime) -> str:
    return f"{visit.school.calendar.local(at):%d/%m/%Y %H:%M}"


def _iso(visit: Visit, at: datetime) -> str:
    """By the school's clock, with its distance from Greenwich (RFC 3339)."""
    return visit.school.calendar.local(at).isoformat(timespec="seconds")
