"""What helps a teacher beside the steps: misconceptions, support and stretch, every child, no devices, words."""

from curriculum import Framework
from pages import Block, Bullets, Document, Facts, Heading, LessonFront, Page, says
from school.words import Text

PARTS = ("misconceptions", "support-and-stretch", "send-and-eal", "no-devices")


def help_card(page: Page, front: LessonFront, *, framework: Framework) -> Document:
    """The parts of a lesson that are no step of it, its words, and the published themes that it is mapped to."""
    blocks: list[Block] = []
    for name in PARTS:
        part = page.part(name)
        blocks += [Heading(says(part.title), 3), *part.blocks]
    if front.vocabulary:
        blocks += [Heading(says(Text("Words to know")), 3), Facts(tuple(front.vocabulary.items()))]
    if mapped := framework.mapped_to(front.statements):
        lines = tuple(says(f"{framework.published[item.framework].name}: {item.text}") for item in mapped)
        blocks += [Heading(says(Text("Mapped to")), 3), Bullets(lines)]
    return Document(front.title, tuple(blocks), page.lang)
