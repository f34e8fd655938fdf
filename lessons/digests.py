"""A digest: the new ideas and exit checks of several missed lessons in the time of one."""

from collections.abc import Sequence
from datetime import datetime

from curriculum import Framework, Next, Outcome, ProgressStore
from lessons.quiz import questions, with_answers
from lessons.teaching import clauses_of, entry_of
from pages import Block, Document, Facts, Heading, LessonFront, Page, Quote, Tone, note, paragraph, says
from school.evidence import Evidence, EvidenceBook
from school.people import SchoolClass
from school.words import Refusal, Text

Joined = Sequence[tuple[Page, LessonFront]]
# Of what is said aloud in the Teach part: its first two passages carry the new idea, the rest is practice of it.
PASSAGES = 2


class MarkedMeanwhileError(Refusal):
    """One of a digest's turns was taken by somebody else: nothing of it is kept."""

    text = Text("Something was marked for {name} meanwhile, so nothing was changed. Type /lesson to see what is next.")


def digest_card(joined: Joined, *, position: Next, framework: Framework, class_name: str) -> Document:
    """Which lessons are joined, and of each its key message and the questions of its exit check."""
    minutes = min(front.minutes for _, front in joined)
    done = {"done": position.done, "total": position.total}
    facts = Facts(
        (
            (Text("Class"), class_name),
            (Text("Joined"), str(len(joined))),
            (Text("Time"), Text("about {minutes} minutes for each", {"minutes": minutes // len(joined)})),
            (Text("Place"), Text("{done} of {total} taught", done)),
        )
    )
    blocks: list[Block] = [facts, note(position.why)]
    for number, (page, front) in enumerate(joined, start=1):
        blocks.append(Heading(says(Text("{number}. {title}", {"number": number, "title": front.title})), 2))
        blocks.append(paragraph(Text("{strand}", {"strand": framework.strand(front.strand).name})))
        blocks.append(Heading(says(Text("Key message")), 3))
        blocks += key_message(page)
        blocks.append(Heading(says(Text("Ask at the end")), 3))
        blocks += with_answers(questions(front))
    lang = joined[0][0].lang
    safe = Text("Read Safe teaching of each before you begin: open the whole lesson for it.")
    return Document(Text("A digest for {name}", {"name": class_name}), (*blocks, note(safe, Tone.CALM)), lang)


def key_message(page: Page) -> tuple[Block, ...]:
    """What a teacher says aloud of a lesson's new idea: the first passages of its Teach part, else its beginning."""
    teach = page.part("teach")
    said = tuple(block for block in teach.blocks if isinstance(block, Quote))
    return said[:PASSAGES] or teach.blocks[:PASSAGES]


def digested_card(joined: Joined, *, class_name: str, following: str) -> Document:
    """What was recorded of a digest, what was not sent, and what comes next."""
    done = Text("{name} has had {count} lessons as a digest. Thank you.", {"name": class_name, "count": len(joined)})
    left = Text(
        "The class's post and the part for home tell of whole lessons, so none was sent. Questions of these lessons "
        "come back in the weeks to come."
    )
    after = Text("Next for {name}: {title}", {"name": class_name, "title": following})
    return Document(Text("Marked as taught"), (note(done, Tone.GOOD), paragraph(left), paragraph(after)))


def mark_digest(
    joined: Joined,
    *,
    klass: SchoolClass,
    turn: int,
    by: str,
    progress: ProgressStore,
    evidence: EvidenceBook,
    now: datetime,
) -> bool:
    """Record every joined lesson as taught, a turn each; False where the first turn was taken. The caller commits.

    Raises MarkedMeanwhileError.
    """
    for place, (page, front) in enumerate(joined):
        entry = entry_of(page, front, klass, turn=turn + place, outcome=Outcome.TAUGHT, hands=(), by=by, now=now)
        if not progress.record(entry):
            if place == 0:
                return False
            raise MarkedMeanwhileError(name=klass.name)
        for clause in clauses_of(front):
            what = f"{page.id} with {klass.name} (digest)"
            evidence.write(Evidence(clause=clause, kind="lesson.taught", when=now, what=what, by=by))
    return True
