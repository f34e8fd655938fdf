"""Rich text (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block)."""

from typing import Any

from bot.playground.slack.rules import Rule, boolean, by_type, integer, many, one_of, shape, string

TYPE: Rule = string()
_MARKS = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
MARKS: Rule = shape({}, dict.fromkeys(_MARKS, boolean))


def _piece(needed: dict[str, Rule], allowed: dict[str, Rule] | None = None) -> Rule:
    return shape({"type": TYPE, **needed}, {"style": MARKS, **(allowed or {})})


INLINE: Rule = by_type(
    {
        "text": _piece({"text": string(least=1)}),
        "link": _piece({"url": string(3000, 1)}, {"text": string(), "unsafe": boolean}),
        "emoji": _piece({"name": string(least=1)}, {"unicode": string(), "skin_tone": integer(1, 6)}),
        "user": _piece({"user_id": string(least=1)}),
        "channel": _piece({"channel_id": string(least=1)}),
        "usergroup": _piece({"usergroup_id": string(least=1)}),
        "broadcast": _piece({"range": one_of("here", "channel", "everyone")}),
        "date": _piece(
            {"timestamp": integer(0, 99_999_999_999), "format": string(least=1)},
            {"url": string(), "fallback": string()},
        ),
        "color": _piece({"value": string(7, 4)}),
    }
)
LINES: Rule = many(INLINE, 1000, least=0)
SECTION: Rule = shape({"type": TYPE, "elements": LINES})


def _list(value: Any, pointer: str, faults: list[str]) -> None:
    shape(
        {
            "type": TYPE,
            "style": one_of("bullet", "ordered"),
            "elements": many(by_type({"rich_text_section": SECTION}), 500),
        },
        {"indent": integer(0, 8), "offset": integer(0, 100_000), "border": integer(0, 1)},
    )(value, pointer, faults)


RICH_ELEMENT: Rule = by_type(
    {
        "rich_text_section": SECTION,
        "rich_text_list": _list,
        "rich_text_quote": shape({"type": TYPE, "elements": LINES}, {"border": integer(0, 1)}),
        "rich_text_preformatted": shape(
            {"type": TYPE, "elements": LINES}, {"border": integer(0, 1), "language": string()}
        ),
    }
)
