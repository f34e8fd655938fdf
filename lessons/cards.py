"""Cards made from a lesson: what a teacher sees before, during and after."""

from curriculum import Framework, Next
from lessons.quiz import with_answers
from pages import (
    Block,
    Bullets,
    Divider,
    Document,
    Facts,
    Heading,
    LessonFront,
    Page,
    Tone,
    note,
    paragraph,
    says,
)
from school.words import Text

# The parts a teacher steps through, in order, by the slugs of their headings.
STEPS = ("hook", "recall", "teach", "practise", "exit-check", "close")


def next_card(page: Page, front: LessonFront, *, position: Next, framework: Framework, class_name: str) -> Document:
    """What is next for a class, why, and what to have ready."""
    strand = framework.strand(front.strand)
    facts = Facts(
        (
            (Text("Class"), class_name),
            (Text("Strand"), strand.name),
            (Text("Time"), Text("{minutes} minutes", {"minutes": front.minutes})),
            (Text("Place"), Text("{done} of {total} taught", {"done": position.done, "total": position.total})),
        ),
    )
    blocks: list[Block] = [facts, note(position.why), *page.part("card").blocks]
    statements = [framework.statements[name].text for name in front.statements if name in framework.statements]
    if statements:
        blocks.append(Heading(says(Text("Pupils will be able to say")), 3))
        blocks.append(Bullets(tuple(says(statement) for statement in statements)))
    if front.needs:
        blocks.append(Heading(says(Text("Have ready")), 3))
        blocks.append(Bullets(tuple(says(need) for need in front.needs)))
    blocks.append(Heading(says(Text("Safe teaching")), 3))
    blocks.extend(page.part("safe-teaching").blocks)
    return Document(front.title, tuple(blocks), page.lang)


def step_card(page: Page, front: LessonFront, *, step: int, class_name: str) -> Document:
    """One step of a lesson; `step` counts from 0 and is held within the steps."""
    place = max(0, min(step, len(STEPS) - 1))
    part = page.part(STEPS[place])
    where = Text("Step {step} of {steps} for {name}", {"step": place + 1, "steps": len(STEPS), "name": class_name})
    blocks: list[Block] = [note(where, Tone.PLAIN), Heading(says(part.title), 2), *part.blocks]
    if STEPS[place] == "exit-check":
        blocks += [Divider(), *with_answers(front.quiz)]
    return Document(front.title, tuple(blocks), page.lang)


def finished_card(front: LessonFront, *, class_name: str, secure: float | None, following: str | None) -> Document:
    """What was recorded, and what comes next. `secure` is the share of right hands, 0 to 1."""
    done = Text("{name} has done “{title}”. Thank you.", {"name": class_name, "title": front.title})
    blocks: list[Block] = [note(done, Tone.GOOD)]
    if secure is not None:
        blocks.append(
            paragraph(
                Text("{share} in every 100 hands went up for the right answers.", {"share": round(secure * 100)}),
            ),
        )
    if following:
        blocks.append(paragraph(Text("Next for {name}: {title}", {"name": class_name, "title": following})))
    return Document(Text("Marked as taught"), tuple(blocks))
