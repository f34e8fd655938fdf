"""How hard it is to read what goes to families, and which sentences make it so: for `lollipop content check`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.library import Library
from pages import (
    AIM,
    Block,
    Bullets,
    CampaignFront,
    NewsletterFront,
    Page,
    QuizItem,
    Reader,
    ease_of,
    hardest,
    paragraph,
    says,
)
from parents import HOME

# So many texts are shown with their hardest sentences, even where none is over the aim.
MOST_SHOWN = 5


@dataclass(frozen=True)
class Eased:
    """One text: where it stands, its age in years, and its blocks."""

    place: str
    age: float
    blocks: tuple[Block, ...]
    source: Sequence[str]


def for_families(found: Library) -> list[Eased]:
    """Every English text for families, the hardest first: pages, their quizzes, and what lessons say to families."""
    texts = [each for page in found.shelf.all() if page.lang == "en" for each in _texts(page)]
    return sorted(texts, key=lambda each: (-each.age, each.place))


def reading_lines(found: Library) -> list[str]:
    """What to mend, the hardest text first."""
    texts = for_families(found)
    over = [each for each in texts if each.age > AIM]
    youngest, oldest = texts[-1].age, texts[0].age
    ages = f"{len(texts)} texts for families have a reading age from {youngest:g} to {oldest:g}"
    lines = [f"{ages}; {len(over)} are over {AIM:g}, the aim."]
    for each in over if len(over) > MOST_SHOWN else texts[:MOST_SHOWN]:
        lines.append(f"{each.place}: {each.age:g}")
        hard = hardest(((block, 1) for block in each.blocks), source=each.source)
        lines += [f"  {sentence}" for sentence in hard]
    return lines


def _texts(page: Page) -> Iterator[Eased]:
    place, source = page.path.as_posix(), page.source.split("\n")

    def eased(blocks: Sequence[Block], what: str = "") -> Iterator[Eased]:
        if found := ease_of(blocks):
            yield Eased(f"{place}{what}", found.age, tuple(blocks), source)

    if page.kind == "lesson":
        yield from eased(page.part(HOME).blocks, " (home)")
    if page.front.reader is Reader.PARENT:
        yield from eased(page.document.blocks)
    if isinstance(page.front, NewsletterFront | CampaignFront) and page.front.quiz:
        yield from eased([block for item in page.front.quiz for block in _asked(item)], " (quiz)")


def _asked(item: QuizItem) -> tuple[Block, ...]:
    return paragraph(item.ask), Bullets(tuple(map(says, item.options))), paragraph(item.why)
