"""A Document in Block Kit: messages, within every limit of docs.slack.dev/reference/block-kit/blocks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.channels.slack.inline import JSON, LINK_LENGTH, Run, bold, clean, cut, escape, parts, plain, runs, said
from bot.wire import Choice, Look
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
    Tone,
)
from school.words import Translate

Mint = Callable[[Choice], str]
Rows = tuple[tuple[Choice, ...], ...]

HEADER_LENGTH = 150
RUN_LENGTH = 2800  # a section's 3,000 less room for what stands round the words
FIELDS, FIELD_LENGTH = 10, 2000
BLOCKS_IN_A_MESSAGE = 50
# `msg_blocks_too_long` comes at about 13,200 characters over all blocks (github.com/slackapi/bolt-js/issues/2509).
CHARACTERS_IN_A_MESSAGE = 12_000
TEXT_LENGTH = 4000  # docs.slack.dev/reference/methods/chat.postMessage, advised length of `text`
BUTTONS, BUTTON_LENGTH, VALUE_LENGTH = 25, 75, 2000
ITEMS = 40
# The styles that there are (docs.slack.dev/reference/block-kit/block-elements/button-element).
STYLED = frozenset({Look.PRIMARY, Look.DANGER})

ICONS = {Tone.CALM: "💬", Tone.URGENT: "🔴", Tone.GOOD: "✅"}
_MARKUP = frozenset("*_~`")


@dataclass(frozen=True)
class Drawn:
    """A Slack block beside its words, which a screen reader and a notification say instead of it."""

    block: JSON
    words: str

    @property
    def size(self) -> int:
        """Characters that count against a message's total."""
        return sum(len(words) for words in _strings(self.block))


@dataclass(frozen=True)
class Message:
    """One Slack message."""

    text: str
    blocks: list[JSON]


def messages(
    document: Document | None, choices: Rows, *, translate: Translate, mint: Mint, both_ends: bool = False
) -> tuple[Message, ...]:
    """As many messages as it takes, split between blocks; the buttons end the last.

    At `both_ends` they stand below the title of the first as well.
    """
    drawn = [*draw(document, translate)] if document else []
    if both_ends:
        drawn[1:1] = buttons(choices, translate, mint, place="top")
    pages: list[list[Drawn]] = [[]]
    size = 0
    for piece in [*drawn, *buttons(choices, translate, mint)]:
        full = len(pages[-1]) >= BLOCKS_IN_A_MESSAGE or size + piece.size > CHARACTERS_IN_A_MESSAGE
        if full and pages[-1]:
            pages.append([])
            size = 0
        pages[-1].append(piece)
        size += piece.size
    return tuple(Message(_text(page), [piece.block for piece in page]) for page in pages if page)


def blocks(document: Document | None, choices: Rows, *, translate: Translate, mint: Mint) -> list[JSON]:
    """The blocks of every message, one after the other."""
    return [
        block for message in messages(document, choices, translate=translate, mint=mint) for block in message.blocks
    ]


def fallback_text(document: Document, *, translate: Translate) -> str:
    """The words of a document, for a notification or a screen reader."""
    return _text(list(draw(document, translate)))


def draw(document: Document, translate: Translate, *, titled: bool = True) -> Iterator[Drawn]:
    """A document's blocks, each within its own limits."""
    first = document.blocks[0] if document.blocks else None
    if titled and not (isinstance(first, Heading) and first.level == 1):
        yield from _heading(clean(said(document.title, translate)))
    for block in document.blocks:
        yield from _block(block, translate)


def _block(block: Block, translate: Translate) -> Iterator[Drawn]:
    match block:
        case Heading(inline, level):
            words = plain(runs(inline, translate))
            yield from _heading(words) if level <= 2 else _section((bold(words),))
        case Paragraph(inline):
            yield from _section(runs(inline, translate))
        case Note(inline, tone):
            yield from _note(inline, tone, translate)
        case Quote(paragraphs):
            for inline in paragraphs:
                yield from _rich("rich_text_quote", runs(inline, translate))
        case Bullets(items, ordered):
            yield from _list([runs(item, translate) for item in items], ordered=ordered)
        case Facts(pairs):
            told = [(said(label, translate).strip(), said(value, translate).strip()) for label, value in pairs]
            yield from _facts([pair for pair in told if any(pair)])
        case Divider():
            yield Drawn({"type": "divider"}, "")


def _heading(words: str) -> Iterator[Drawn]:
    words = " ".join(words.split())
    if len(words) > HEADER_LENGTH:
        yield from _section((bold(words),))
    elif words:
        yield Drawn({"type": "header", "text": {"type": "plain_text", "text": words, "emoji": True}}, words)


def _section(found: Iterable[Run]) -> Iterator[Drawn]:
    yield from _rich("rich_text_section", found)


def _rich(kind: str, found: Iterable[Run]) -> Iterator[Drawn]:
    for part in parts(found, RUN_LENGTH):
        if plain(part).strip():
            element = {"type": kind, "elements": [run.element() for run in part]}
            yield Drawn({"type": "rich_text", "elements": [element]}, plain(part))


def _note(inline: Inline, tone: Tone, translate: Translate) -> Iterator[Drawn]:
    found = runs(inline, translate)
    if not plain(found).strip():
        return
    if tone is not Tone.PLAIN:
        found = (Run(f"{ICONS[tone]} "), bold(f"{said(TONE_WORDS[tone], translate)}:"), Run(" "), *found)
    yield from _section(found)


def _list(items: list[tuple[Run, ...]], *, ordered: bool) -> Iterator[Drawn]:
    """Lists of at most ITEMS items and RUN_LENGTH characters; the counting goes on from one to the next."""
    group: list[JSON] = []
    said_so_far: list[str] = []
    done = 0
    for number, item in enumerate((item for item in items if plain(item).strip()), start=1):
        for part in parts(item, RUN_LENGTH):
            if group and (len(group) == ITEMS or sum(map(len, said_so_far)) + len(plain(part)) > RUN_LENGTH):
                yield _one_list(group, said_so_far, ordered=ordered, offset=done)
                group, said_so_far, done = [], [], number - 1
            group.append({"type": "rich_text_section", "elements": [run.element() for run in part]})
            said_so_far.append(f"{number}. {plain(part)}" if ordered else f"• {plain(part)}")
    if group:
        yield _one_list(group, said_so_far, ordered=ordered, offset=done)


def _one_list(group: list[JSON], words: list[str], *, ordered: bool, offset: int) -> Drawn:
    listed: JSON = {"type": "rich_text_list", "style": "ordered" if ordered else "bullet", "elements": group}
    if ordered and offset:
        listed["offset"] = offset
    return Drawn({"type": "rich_text", "elements": [listed]}, "\n".join(words))


def _facts(pairs: list[tuple[str, str]]) -> Iterator[Drawn]:
    """Fields in two columns; a list where a field's markup or length would get in the way."""
    if any(_MARKUP & {*label, *value} or len(escape(label + value)) > FIELD_LENGTH - 10 for label, value in pairs):
        yield from _list([(bold(f"{label}: "), Run(value)) for label, value in pairs], ordered=False)
        return
    for at in range(0, len(pairs), FIELDS):
        group = pairs[at : at + FIELDS]
        fields = [{"type": "mrkdwn", "text": _field(*pair)} for pair in group]
        words = "\n".join(f"{label}: {value}" for label, value in group)
        yield Drawn({"type": "section", "fields": fields}, words)


def _field(label: str, value: str) -> str:
    return "\n".join([*([f"*{escape(label)}*"] if label else []), escape(value)])


def buttons(choices: Rows, translate: Translate, mint: Mint, *, place: str = "go") -> Iterator[Drawn]:
    """Rows of buttons. `place` keeps the ids of those apart that stand in one message or view twice."""
    for number, row in enumerate(choices):
        for at in range(0, len(row), BUTTONS):
            elements = [
                _button(choice, f"{place}:{number}:{at + offset}", translate, mint)
                for offset, choice in enumerate(row[at : at + BUTTONS])
            ]
            labels = " | ".join(element["text"]["text"] for element in elements)
            yield Drawn({"type": "actions", "elements": elements}, f"[{labels}]")


def beside(inline: Inline, choice: Choice, *, place: str, translate: Translate, mint: Mint) -> Drawn:
    """A sentence with its one button beside it. Source: docs.slack.dev/reference/block-kit/blocks/section-block."""
    words = cut(plain(runs(inline, translate)), RUN_LENGTH)
    button = _button(choice, f"{place}:0:0", translate, mint)
    text = {"type": "plain_text", "text": words or "…", "emoji": True}
    return Drawn({"type": "section", "text": text, "accessory": button}, words)


def _button(choice: Choice, action_id: str, translate: Translate, mint: Mint) -> JSON:
    label = cut(" ".join(said(choice.label, translate).split()), BUTTON_LENGTH) or "…"
    button: JSON = {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": label, "emoji": True},
    }
    if choice.href is not None:
        if len(choice.href) > LINK_LENGTH:
            msg = f"a button's address may have {LINK_LENGTH} characters"
            raise ValueError(msg)
        button |= {"url": choice.href, "action_id": f"link:{action_id}"}
    else:
        button["value"] = mint(choice)
        if len(button["value"]) > VALUE_LENGTH:
            msg = f"a button's value may have {VALUE_LENGTH} characters"
            raise ValueError(msg)
    if choice.look in STYLED:
        button["style"] = choice.look.value
    return button


def _text(page: list[Drawn]) -> str:
    words = "\n".join(piece.words for piece in page if piece.words)
    return cut(escape(words), TEXT_LENGTH)


def _strings(value: object) -> Iterator[str]:
    match value:
        case {"type": "button", "text": label}:  # a value and an address are not shown, and do not count
            yield from _strings(label)
        case dict():
            for name, inside in value.items():
                if name in {"text", "fields", "elements", "url"}:
                    yield from _strings(inside)
        case list():
            for inside in value:
                yield from _strings(inside)
        case str():
            yield value
