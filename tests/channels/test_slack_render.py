import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.views import View

from bot.channels.slack.render import BLOCKS_IN_A_MESSAGE, blocks, fallback_text, messages
from bot.channels.slack.views import home, modal
from bot.languages import PSEUDO, translator
from bot.playground.slack.entries import enter, refusals
from bot.wire import Choice, Form, FormField, Kind, Look, Option
from pages.document import (
    Bullets,
    Divider,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    Quote,
    Span,
    Tone,
    note,
    paragraph,
    says,
)
from school.words import Text

ENGLISH = translator("en")


def mint(choice: Choice) -> str:
    return f"token:{choice.verb}"


def judged(drawn: list[dict[str, Any]]) -> None:
    """Slack's own models take every block, and none parses to nothing."""
    for block in drawn:
        parsed = SlackBlock.parse(block)
        assert parsed is not None, block
        parsed.validate_json()


LESSON = Document(
    "Think before you <click> & share",
    (
        Facts(((Text("Year"), "4"), (Text("Minutes"), "40"), ("Strand", "Privacy & security"))),
        Paragraph(
            (
                Span("Read "),
                Span("this", strong=True, emphasis=True),
                Span(", then "),
                Span("the guide", href="https://example.org/a?b=1&c=2"),
                Span(" or ring "),
                Span("Childline", href="tel:08001111"),
                Span(". "),
                Span("*not bold* <!channel>", code=True),
            )
        ),
        Heading(says("Say aloud"), 2),
        Quote((says("What would you do?"), says("Who could you tell?"))),
        Bullets((says("One"), says("Two", strong=True)), ordered=True),
        Divider(),
        note("Ask an adult you trust.", Tone.URGENT),
        Heading(says("After"), 3),
        Bullets((says("Hands up"),)),
    ),
)
CHOICES = (
    (
        Choice(label=Text("Next"), verb="lesson.step", args={"n": "2"}, look=Look.PRIMARY),
        Choice(label=Text("Web page"), href="https://example.org/"),
    ),
    (Choice(label=Text("Not today"), verb="lesson.later", look=Look.DANGER),),
)


def test_a_lesson_looks_on_slack_as_it_was_agreed() -> None:
    (message,) = messages(LESSON, CHOICES, translate=ENGLISH, mint=mint)

    judged(message.blocks)
    kinds = [
        block["elements"][0]["type"] if block["type"] == "rich_text" else block["type"] for block in message.blocks
    ]
    assert kinds == [
        "header",
        "section",
        "rich_text_section",
        "header",
        "rich_text_quote",
        "rich_text_quote",
        "rich_text_list",
        "divider",
        "rich_text_section",
        "rich_text_section",
        "rich_text_list",
        "actions",
        "actions",
    ]
    assert message.blocks[0]["text"]["text"] == "Think before you <click> & share"
    assert message.blocks[1]["fields"][2]["text"] == "*Strand*\nPrivacy &amp; security"
    assert message.blocks[2]["elements"][0]["elements"] == [
        {"type": "text", "text": "Read "},
        {"type": "text", "text": "this", "style": {"bold": True, "italic": True}},
        {"type": "text", "text": ", then "},
        {"type": "link", "text": "the guide", "url": "https://example.org/a?b=1&c=2"},
        {"type": "text", "text": " or ring "},
        {"type": "text", "text": "Childline (08001111)"},
        {"type": "text", "text": ". "},
        {"type": "text", "text": "*not bold* <!channel>", "style": {"code": True}},
    ]
    urgent = message.blocks[8]["elements"][0]["elements"]
    assert [part["text"] for part in urgent] == ["🔴 ", "Important:", " ", "Ask an adult you trust."]
    assert message.blocks[11]["elements"] == [
        {
            "type": "button",
            "action_id": "go:0:0",
            "text": {"type": "plain_text", "text": "Next", "emoji": True},
            "value": "token:lesson.step",
            "style": "primary",
        },
        {
            "type": "button",
            "action_id": "link:go:0:1",
            "text": {"type": "plain_text", "text": "Web page", "emoji": True},
            "url": "https://example.org/",
        },
    ]


def test_the_way_back_stands_below_the_title_of_a_long_page_too_and_no_button_has_the_id_of_another() -> None:
    (message,) = messages(LESSON, CHOICES, translate=ENGLISH, mint=mint, both_ends=True)

    kinds = [block["type"] for block in message.blocks]
    ids = [each["action_id"] for block in message.blocks if block["type"] == "actions" for each in block["elements"]]
    assert kinds[:3] == ["header", "actions", "actions"]
    assert kinds[-2:] == ["actions", "actions"]
    assert len(ids) == len(set(ids)) == 2 * sum(map(len, CHOICES))


def test_a_screen_reader_hears_every_word_and_no_mention_can_be_smuggled_in() -> None:
    heard = fallback_text(LESSON, translate=ENGLISH)

    assert "&lt;!channel&gt;" in heard
    assert "<" not in heard
    assert "1. One\n2. Two" in heard


def test_a_long_page_becomes_several_messages_split_between_blocks() -> None:
    page = Document("Long", tuple(paragraph(f"{number} " + "word " * 100) for number in range(120)))

    sent = messages(page, CHOICES, translate=ENGLISH, mint=mint)

    assert len(sent) > 4
    assert all(len(message.blocks) <= BLOCKS_IN_A_MESSAGE for message in sent)
    assert [block["type"] for block in sent[-1].blocks[-2:]] == ["actions", "actions"]
    assert not any(block["type"] == "actions" for message in sent[:-1] for block in message.blocks)
    assert "".join(message.text for message in sent).count("119 word") == 1


def test_one_endless_word_and_one_endless_paragraph_still_fit() -> None:
    page = Document("x" * 400, (paragraph("a" * 20_000), paragraph("word " * 4000), Bullets((says("b" * 9000),) * 3)))

    sent = messages(page, (), translate=ENGLISH, mint=mint)

    judged([block for message in sent for block in message.blocks])
    words = json.dumps([message.blocks for message in sent])
    assert words.count("a" * 2800) == 7
    assert sum(message.blocks != [] for message in sent) == len(sent)


span = st.builds(
    Span,
    st.text(max_size=80) | st.builds(Text, st.text(max_size=40)),
    strong=st.booleans(),
    emphasis=st.booleans(),
    code=st.booleans(),
    href=st.none() | st.sampled_from(["https://example.org/x", "tel:08001111", "page:help", "javascript:alert(1)"]),
)
inline = st.lists(span, max_size=4).map(tuple)
block = st.one_of(
    st.builds(Heading, inline, st.integers(1, 4)),
    st.builds(Paragraph, inline),
    st.builds(Paragraph, st.integers(0, 9000).map(lambda n: says("é " * n))),
    st.builds(Bullets, st.lists(inline, max_size=60).map(tuple), st.booleans()),
    st.builds(Quote, st.lists(inline, max_size=4).map(tuple)),
    st.builds(Note, inline, st.sampled_from(Tone)),
    st.builds(Facts, st.lists(st.tuples(st.text(max_size=90), st.text(max_size=2500)), max_size=25).map(tuple)),
    st.just(Divider()),
)
document = st.builds(Document, st.text(max_size=300), st.lists(block, max_size=30).map(tuple))


@settings(max_examples=60, deadline=None)
@given(document, st.sampled_from(["en", PSEUDO]))
def test_any_page_fits_in_messages_a_modal_and_the_home_tab(page: Document, lang: str) -> None:
    translate = translator(lang)
    sent = messages(page, CHOICES, translate=translate, mint=mint)

    for message in sent:
        judged(message.blocks)
        assert 1 <= len(message.blocks) <= 50
        assert len(message.text) <= 4000
        shown = sum(len(words) for words in strings(message.blocks))
        assert shown <= 13_000
    View(**modal(page, CHOICES, translate=translate, mint=mint)).validate_json()
    tab = home(page, CHOICES, translate=translate, mint=mint)
    assert len(tab["blocks"]) <= 100
    judged(tab["blocks"])


def strings(value: object) -> list[str]:
    match value:
        case dict():
            return [
                text
                for name, inside in value.items()
                if name not in {"type", "style", "url"}
                for text in strings(inside)
            ]
        case list():
            return [text for inside in value for text in strings(inside)]
        case str():
            assert value != ""
            return [value]
        case _:
            return []


FORM = Form(
    title=Text("Tell us about something that worries you"),
    submit=Text("Send"),
    verb="report.send",
    args={"about": "self"},
    intro=Document("Intro", (paragraph("You are not in trouble."),)),
    fields=(
        FormField(
            name="words", label=Text("What happened?"), kind=Kind.LONG_TEXT, private=True, initial="secret words"
        ),
        FormField(
            name="year",
            label=Text("Your year"),
            kind=Kind.CHOICE,
            options=tuple(Option(value=str(n), label=Text("Year {n}", {"n": n})) for n in range(12)),
            initial="4",
        ),
        FormField(
            name="safe",
            label=Text("Are you safe now?"),
            kind=Kind.CHOICE,
            options=(Option(value="y", label=Text("Yes")), Option(value="n", label=Text("No"))),
            hint=Text("Only you can say."),
        ),
        FormField(name="hands", label=Text("Hands up"), kind=Kind.NUMBER, optional=True, initial="3"),
    ),
)


def test_a_form_is_a_modal_that_slack_takes_and_that_holds_nobodys_words() -> None:
    view = modal(FORM, translate=ENGLISH, mint=mint)

    View(**view).validate_json()
    judged(view["blocks"])
    assert view["title"]["text"] == "Tell us about something…"
    assert view["private_metadata"] == "token:report.send"
    assert view["blocks"][0]["text"]["text"] == "Tell us about something that worries you"
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    assert [block["element"]["type"] for block in inputs] == [
        "plain_text_input",
        "static_select",
        "radio_buttons",
        "number_input",
    ]
    assert [block["element"]["action_id"] for block in inputs] == ["private", "open", "open", "open"]
    assert inputs[0]["element"]["max_length"] == 3000
    assert inputs[1]["element"]["initial_option"]["value"] == "4"
    assert inputs[3]["element"] == {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": "0",
        "initial_value": "3",
        "action_id": "open",
    }
    assert "secret" not in json.dumps(view)


def test_sam_is_told_before_typing_how_much_fits_and_where_more_does() -> None:
    view = modal(FORM, translate=ENGLISH, mint=mint, web_form="https://oak.example/report")

    View(**view).validate_json()
    judged(view["blocks"])
    at = next(number for number, block in enumerate(view["blocks"]) if block.get("block_id") == "words")
    assert view["blocks"][at]["hint"]["text"] == "There is room for 3000 characters here."
    (before,) = view["blocks"][at - 1]["elements"]
    assert [each["url"] for each in before["elements"] if each["type"] == "link"] == ["https://oak.example/report"]
    hints = [block["hint"]["text"] for block in view["blocks"] if "hint" in block]
    assert hints == ["There is room for 3000 characters here.", "Only you can say."]


def test_sam_is_sent_to_no_page_that_does_not_exist() -> None:
    view = modal(FORM, translate=ENGLISH, mint=mint)

    assert "link" not in json.dumps(view["blocks"])
    assert "There is room for 3000 characters here." in json.dumps(view["blocks"])


def test_a_field_that_takes_less_than_slack_does_says_nothing_of_room() -> None:
    short = FormField(name="words", label=Text("What?"), kind=Kind.LONG_TEXT, private=True, max_length=500)

    view = modal(replace(FORM, fields=(short,)), translate=ENGLISH, mint=mint, web_form="https://oak.example/report")

    assert view["blocks"][-1]["element"]["max_length"] == 500
    assert "hint" not in view["blocks"][-1]
    assert "oak.example" not in json.dumps(view)


def test_sam_s_3001_characters_stay_in_the_form_which_says_why() -> None:
    view, typed = modal(FORM, translate=ENGLISH, mint=mint), "x" * 3001
    entered: dict[tuple[str, str], dict[str, Any]] = {}

    enter(view["blocks"], entered, {"words": typed, "safe": "y"})

    assert refusals(view["blocks"], entered) == {"words": "Please shorten this text to 3000 characters or less."}
    assert entered["words", "private"]["value"] == typed


def test_every_action_of_a_message_has_an_id_of_its_own() -> None:
    drawn = blocks(LESSON, (CHOICES[0] * 20, CHOICES[1]), translate=ENGLISH, mint=mint)

    ids = [element["action_id"] for block in drawn if block["type"] == "actions" for element in block["elements"]]
    assert len(ids) == len(set(ids)) == 41


def test_a_token_longer_than_a_button_carries_is_refused_here_and_not_by_slack() -> None:
    with pytest.raises(ValueError, match="2000"):
        blocks(None, CHOICES, translate=ENGLISH, mint=lambda _: "x" * 2001)


def test_a_way_out_of_a_form_is_met_before_its_fields() -> None:
    view = modal(FORM, CHOICES, translate=ENGLISH, mint=mint)

    View(**view).validate_json()
    kinds = [block["type"] for block in view["blocks"]]
    assert kinds.count("actions") == len(CHOICES)
    assert kinds.index("actions") < kinds.index("input")
    assert kinds[-1] == "input"


@pytest.mark.parametrize("look", list(Look))
def test_a_button_has_a_style_of_slack_s_or_none(look):
    document = Document("Card", (paragraph("Words"),))
    choice = Choice(label=Text("Slides"), href="https://safe.example/slides.pptx", look=look)

    *_, actions = blocks(document, ((choice,),), translate=translator("en"), mint=lambda _: "x")

    (button,) = actions["elements"]
    assert button.get("style") in {None, "primary", "danger"}
