"""Modals and the App Home tab. Limits: docs.slack.dev/reference/views, .../block-kit/blocks/input-block."""

from collections.abc import Iterator, Sequence
from itertools import islice

from bot.channels.slack.inline import JSON, clean, cut, said
from bot.channels.slack.render import Drawn, Mint, Rows, beside, buttons, draw, messages
from bot.wire import Card, Choice, Form, FormField, Kind, Option
from pages.document import Document, Paragraph, Span, Tone, note
from school.words import Text, Translate

TITLE_LENGTH = 24
BLOCKS_IN_A_VIEW = 100
LONG_TEXT_LENGTH = 3000
LABEL_LENGTH = 2000
RADIO_BUTTONS, SELECT_OPTIONS = 10, 100
OPTION_LENGTH, OPTION_VALUE_LENGTH = 75, 150
METADATA_LENGTH = 3000
FORM, PAGE = "form", "page"
# The action id of an input says whether its value travels wrapped; whatever is not OPEN does.
PRIVATE, OPEN = "private", "open"

CLOSE = Text("Close")
CANCEL = Text("Cancel")
MORE = Text("There is more than fits here.")
ROOM = Text("There is room for {most} characters here.", {"most": LONG_TEXT_LENGTH})
LONGER = Text("If you have more to tell than fits here, you can use the longer form on the school's web page:")
WEB_FORM = Text("Open the school's form")


def modal(
    shown: Form | Document,
    choices: Rows = (),
    *,
    translate: Translate,
    mint: Mint,
    web_form: str = "",
) -> JSON:
    """A modal: a form that comes back with its token, or a page with its buttons.

    `web_form` is the address of the account-free form, where it has one: it takes more words than a modal does.
    """
    if isinstance(shown, Form):
        return _form(shown, choices, translate, mint, web_form)
    title, drawn = _title(shown.title, translate), [*draw(shown, translate, titled=False)]
    return {
        "type": "modal",
        "callback_id": PAGE,
        "title": _words(title, TITLE_LENGTH),
        "close": _words(said(CLOSE, translate), TITLE_LENGTH),
        "blocks": _fitted(_full_title(shown.title, title, translate) + drawn, choices, translate, mint),
    }


def home(
    document: Document, choices: Rows = (), *, cards: Sequence[Card] = (), translate: Translate, mint: Mint
) -> JSON:
    """The App Home tab: a card of one sentence and one button has that button beside it."""
    drawn = [*draw(document, translate)]
    for number, card in enumerate(cards):
        drawn += _card(card, f"card:{number}", translate, mint)
    return {"type": "home", "blocks": _fitted(drawn, choices, translate, mint)}


def _card(card: Card, place: str, translate: Translate, mint: Mint) -> Iterator[Drawn]:
    match card:
        case Card(Document(title="", blocks=(Paragraph(inline),)), ((tap,),)):
            yield beside(inline, tap, place=place, translate=translate, mint=mint)
        case _:
            yield from draw(card.document, translate, titled=bool(card.document.title))
            yield from buttons(card.choices, translate, mint, place=place)


def _form(form: Form, choices: Rows, translate: Translate, mint: Mint, web_form: str) -> JSON:
    title = _title(form.title, translate)
    intro = [*draw(form.intro, translate, titled=False)] if form.intro else []
    above = [piece.block for piece in _full_title(form.title, title, translate) + intro]
    # Above the fields: whoever taps one leaves the form, so it is met before anything is typed.
    inputs = [block for row in messages(None, choices, translate=translate, mint=mint) for block in row.blocks]
    inputs += [
        block
        for field in form.fields
        for block in (
            *_above(field, translate),
            *_way_to_more_room(field, translate, web_form),
            _input(field, translate),
        )
    ]
    room = BLOCKS_IN_A_VIEW - len(inputs)
    if room < 0:
        msg = f"a form may have {BLOCKS_IN_A_VIEW} fields, with what stands above them"
        raise ValueError(msg)
    metadata = mint(Choice(label=form.submit, verb=form.verb, args=form.args))
    if len(metadata) > METADATA_LENGTH:
        msg = f"a form's token may have {METADATA_LENGTH} characters"
        raise ValueError(msg)
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": metadata,
        "title": _words(title, TITLE_LENGTH),
        "submit": _words(said(form.submit, translate), TITLE_LENGTH),
        "close": _words(said(CANCEL, translate), TITLE_LENGTH),
        "blocks": above[:room] + inputs,
    }


def _fitted(drawn: list[Drawn], choices: Rows, translate: Translate, mint: Mint) -> list[JSON]:
    """What a view has room for: the buttons always, and a line that says so where words are missing."""
    rows = [block for message in messages(None, choices, translate=translate, mint=mint) for block in message.blocks]
    room = BLOCKS_IN_A_VIEW - len(rows)
    found = [piece.block for piece in drawn]
    if len(found) > room:
        more = draw(Document("", (note(MORE, Tone.PLAIN),)), translate, titled=False)
        found = [*islice(found, room - 1), *(piece.block for piece in more)]
    return found + rows


def _title(title: str | Text, translate: Translate) -> str:
    return " ".join(said(title, translate).split()) or "Lollipop"


def _full_title(title: str | Text, shown: str, translate: Translate) -> list[Drawn]:
    """The whole title as a heading where the bar has no room for it."""
    return [*draw(Document(title), translate)] if len(shown) > TITLE_LENGTH else []


def _words(words: str, limit: int) -> JSON:
    return {"type": "plain_text", "text": cut(words, limit) or "…", "emoji": True}


def _above(field: FormField, translate: Translate) -> list[JSON]:
    return [piece.block for piece in draw(field.above, translate, titled=False)] if field.above else []


def _short_of_room(field: FormField) -> bool:
    return field.kind is Kind.LONG_TEXT and field.max_length > LONG_TEXT_LENGTH


def _way_to_more_room(field: FormField, translate: Translate, web_form: str) -> list[JSON]:
    """Said before anybody types: Slack takes no key beyond its limit, and nobody should have to begin again."""
    if not (web_form and field.private and _short_of_room(field)):
        return []
    inline = (Span(LONGER), Span(" "), Span(WEB_FORM, href=web_form))
    return [piece.block for piece in draw(Document("", (Paragraph(inline),)), translate, titled=False)]


def _input(field: FormField, translate: Translate) -> JSON:
    block: JSON = {
        "type": "input",
        "block_id": field.name,
        "label": _words(said(field.label, translate), LABEL_LENGTH),
        "element": _element(field, translate) | {"action_id": PRIVATE if field.private else OPEN},
        "optional": field.optional,
    }
    hints = [*([field.hint] if field.hint is not None else []), *([ROOM] if _short_of_room(field) else [])]
    if hints:
        block["hint"] = _words(" ".join(said(hint, translate) for hint in hints), LABEL_LENGTH)
    return block


def _element(field: FormField, translate: Translate) -> JSON:
    initial = "" if field.private and not field.known else clean(field.initial)
    match field.kind:
        case Kind.LONG_TEXT:
            element: JSON = {
                "type": "plain_text_input",
                "multiline": True,
                "max_length": min(field.max_length, LONG_TEXT_LENGTH),
            }
            return element | ({"initial_value": initial[: element["max_length"]]} if initial else {})
        case Kind.NUMBER:
            number: JSON = {"type": "number_input", "is_decimal_allowed": False, "min_value": "0"}
            return number | ({"initial_value": initial} if initial.isdecimal() else {})
        case Kind.CHOICE:
            return _choice(field, translate)


def _choice(field: FormField, translate: Translate) -> JSON:
    if not 1 <= len(field.options) <= SELECT_OPTIONS:
        msg = f"{field.name} has {len(field.options)} options; a select takes 1 to {SELECT_OPTIONS}"
        raise ValueError(msg)
    options = [_option(option, translate) for option in field.options]
    kind = "radio_buttons" if len(options) <= RADIO_BUTTONS else "static_select"
    chosen = [option for option in options if option["value"] == field.initial]
    return {"type": kind, "options": options} | ({"initial_option": chosen[0]} if chosen else {})


def _option(option: Option, translate: Translate) -> JSON:
    if not 1 <= len(option.value) <= OPTION_VALUE_LENGTH:
        msg = f"an option's value has 1 to {OPTION_VALUE_LENGTH} characters"
        raise ValueError(msg)
    return {"text": _words(said(option.label, translate), OPTION_LENGTH), "value": option.value}
