"""A lesson on paper: the teacher's notes, which have the answers, and a sheet for families, which has none."""

from collections.abc import Iterable, Iterator

from curriculum import Framework
from lessons.cards import STEPS
from lessons.quiz import with_answers
from pages import Block, Bullets, Document, Facts, Heading, LessonFront, Note, Page, Span, Tone, paragraph, says
from school.people import YearGroup
from school.words import Text

# The parts after the lesson itself, by the slugs of their headings. Families have a sheet of their own.
AFTER = ("misconceptions", "support-and-stretch", "send-and-eal", "no-devices", "class-post")
MAPPED = Text("“Mapped to” says that a statement belongs to a theme, in our own words. It claims nothing more.")


def teacher_notes(page: Page, front: LessonFront, *, framework: Framework) -> Document:
    """All that a teacher needs in class, in the order in which it is needed."""
    blocks: list[Block] = [_facts(front, framework), *_parts(page, ("card",)), *_statements(front, framework)]
    if front.vocabulary:
        blocks.append(Heading(says(Text("Words to know"))))
        blocks.append(meanings(front.vocabulary.items()))
    if front.needs:
        blocks.append(Heading(says(Text("Have ready"))))
        blocks.append(Bullets(tuple(says(need) for need in front.needs)))
    blocks += _parts(page, ("safe-teaching",))
    for step in STEPS:
        blocks += _parts(page, (step,))
        if step == "exit-check":
            blocks += with_answers(front.quiz)
    blocks += [*_parts(page, AFTER), *_sources(front)]
    return Document(front.title, tuple(blocks), page.lang)


def home_sheet(home: Document, *, school: str, help_lines: Document) -> Document:
    """One page for families: what the lesson was, what to try at home, whom to call.

    `home` is that part of the lesson under the lesson's title, in the family's language; `school` a name, or empty.
    """
    lead = Text("For families, from {school}", {"school": school}) if school else Text("For families")
    return Document(
        home.title,
        (
            Note(says(lead), Tone.PLAIN),
            *home.blocks,
            Heading(says(Text("Where to get help"))),
            paragraph(Text("Talk to us at school about any worry, large or small. These people help too:")),
            *help_lines.blocks,
        ),
        home.lang,
    )


def door_poster(page: Page, front: LessonFront) -> Document:
    """What stands on a lesson's poster above the code. It leads to what pupils may see."""
    asks = Text("See it on the classroom's own screen: scan the code, or type the address.")
    return Document(front.title, (paragraph(asks),), page.lang)


def meanings(words: Iterable[tuple[str, str]]) -> Bullets:
    """New words, each with what it means."""
    return Bullets(tuple((Span(word, strong=True), Span(f": {meaning}")) for word, meaning in words))


def years_of(front: LessonFront) -> tuple[Text, ...]:
    """The years that a lesson is for."""
    groups = [YearGroup.parse(year) for year in front.years]
    return tuple(Text("Year {year}", {"year": group.code}) if group.number else Text("Reception") for group in groups)


def _facts(front: LessonFront, framework: Framework) -> Facts:
    return Facts(
        (
            (Text("Strand"), framework.strand(front.strand).name),
            *((Text("Year group"), year) for year in years_of(front)),
            (Text("Time"), Text("{minutes} minutes", {"minutes": front.minutes})),
        ),
    )


def _parts(page: Page, names: tuple[str, ...]) -> Iterator[Block]:
    for name in names:
        part = page.part(name)
        yield Heading(says(part.title))
        yield from part.blocks


def _statements(front: LessonFront, framework: Framework) -> Iterator[Block]:
    statements = [framework.statements[name].text for name in front.statements if name in framework.statements]
    if statements:
        yield Heading(says(Text("Pupils will be able to say")))
        yield Bullets(tuple(says(statement) for statement in statements))
    items = framework.mapped_to(front.statements)
    if items:
        yield Heading(says(Text("Mapped to")), 3)
        yield Bullets(
            tuple(
                (Span(f"{framework.published[item.framework].name}: ", strong=True), Span(item.text)) for item in items
            )
        )
        yield paragraph(MAPPED)


def _sources(front: LessonFront) -> Iterator[Block]:
    if not front.sources:
        return
    yield Heading(says(Text("Sources")))
    yield Bullets(
        tuple(
            (
                *(Span(f"{source.what}: "), Span(source.url, href=source.url), Span(" ")),
                Span(Text("(looked at on {day})", {"day": source.checked.isoformat()})),
            )
            for source in front.sources
        )
    )
