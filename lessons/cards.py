"""Cards made from a lesson: what a teacher sees before, during and after."""

from collections.abc import Sequence

from curriculum import Framework, Hands, Next, Revisit
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


def step_card(page: Page, front: LessonFront, *, step: int, class_name: str, time: Sequence[Text] = ()) -> Document:
    """One step of a lesson; `step` counts from 0 and is held within the steps. `time` says from when until when."""
    place = max(0, min(step, len(STEPS) - 1))
    part = page.part(STEPS[place])
    where = Text("Step {step} of {steps} for {name}", {"step": place + 1, "steps": len(STEPS), "name": class_name})
    began = [note(said, Tone.PLAIN) for said in time]
    blocks: list[Block] = [note(where, Tone.PLAIN), *began, Heading(says(part.title), 2), *part.blocks]
    if STEPS[place] == "exit-check":
        blocks += [Divider(), *with_answers(front.quiz)]
    return Document(front.title, tuple(blocks), page.lang)


def finished_card(
    front: LessonFront,
    *,
    class_name: str,
    hands: Sequence[Hands] = (),
    again: Revisit | None = None,
    following: str | None = None,
) -> Document:
    """What was recorded, how it went, when it is asked again, and what comes next. `hands` are by question."""
    done = Text("{name} has done “{title}”. Thank you.", {"name": class_name, "title": front.title})
    blocks: list[Block] = [note(done, Tone.GOOD)]
    shares = [share for counted in hands if (share := counted.secure) is not None]
    if shares:
        secure = sum(shares) / len(shares)
        blocks.append(
            paragraph(
                Text("{share} in every 100 hands went up for the right answers.", {"share": round(secure * 100)}),
            ),
        )
    blocks += [paragraph(said) for said in (_hardest(hands), _comes_back(again, class_name)) if said]
    if following:
        blocks.append(paragraph(Text("Next for {name}: {title}", {"name": class_name, "title": following})))
    return Document(Text("Marked as taught"), tuple(blocks))


def _hardest(hands: Sequence[Hands]) -> Text | None:
    """The question that the fewest were sure of; None where every hand was right, or none was counted."""
    counted = [(share, number) for number, each in enumerate(hands) if (share := each.secure) is not None]
    share, number = min(counted, default=(1.0, 0))
    if share == 1:
        return None
    values = {"number": number + 1, "right": hands[number].sure, "all": hands[number].all}
    return Text("Question {number} was hardest: {right} of {all} hands were right.", values)


def _comes_back(again: Revisit | None, class_name: str) -> Text | None:
    if again is None:
        return None
    values: dict[str, str | int | Text] = {
        "name": class_name,
        "number": again.question + 1,
        "date": f"{again.due:%d/%m/%Y}",
    }
    return Text(
        "Question {number} comes back in {name}'s first lesson from {date} on, for two minutes.",
        values,
    )
