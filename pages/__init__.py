"""Floor 0: a page is Markdown with front matter, in a language; a Document is what every renderer reads.

Front door: `from pages import load_shelf, Document`.
"""

from pages.document import (
    TONE_WORDS,
    Block,
    Bullets,
    Divider,
    Document,
    Facts,
    Heading,
    Inline,
    Note,
    Paragraph,
    Quote,
    Span,
    Tone,
    inlines,
    note,
    paragraph,
    plain,
    plain_text,
    says,
)
from pages.faults import ContentFaults, Fault
from pages.front_matter import (
    AssemblyFront,
    CampaignFront,
    Front,
    LessonFront,
    ModuleFront,
    NewsletterFront,
    QuizItem,
    Reader,
    Source,
    StarterFront,
    StoryFront,
    WordingFront,
)
from pages.links import linked
from pages.markdown import MarkdownFault, document_of, filled, placeholders
from pages.page import NoSuchPartError, Page
from pages.reading import CAPS, Ease, ease
from pages.shelf import NoSuchPageError, Shelf, load_shelf
from pages.split import CannotSplitError, split

__all__ = [
    "CAPS",
    "TONE_WORDS",
    "AssemblyFront",
    "Block",
    "Bullets",
    "CampaignFront",
    "CannotSplitError",
    "ContentFaults",
    "Divider",
    "Document",
    "Ease",
    "Facts",
    "Fault",
    "Front",
    "Heading",
    "Inline",
    "LessonFront",
    "MarkdownFault",
    "ModuleFront",
    "NewsletterFront",
    "NoSuchPageError",
    "NoSuchPartError",
    "Note",
    "Page",
    "Paragraph",
    "QuizItem",
    "Quote",
    "Reader",
    "Shelf",
    "Source",
    "Span",
    "StarterFront",
    "StoryFront",
    "Tone",
    "WordingFront",
    "document_of",
    "ease",
    "filled",
    "inlines",
    "linked",
    "load_shelf",
    "note",
    "paragraph",
    "placeholders",
    "plain",
    "plain_text",
    "says",
    "split",
]
