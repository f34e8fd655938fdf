"""Block Kit, strictly: every block with its keys and limits, and what holds across a message or a view.

Source: https://docs.slack.dev/reference/block-kit/blocks; the total of a message is from
https://github.com/slackapi/bolt-js/issues/2509.
Stricter than the real server where that passes over an unknown key.
"""

from collections.abc import Iterator
from typing import Any

from bot.playground.slack.elements import (
    ACCESSORY,
    ACTION_ELEMENT,
    CONTEXT_ELEMENT,
    INPUT_ELEMENT,
    SLACK_FILE,
    TYPE,
    URL,
)
from bot.playground.slack.errors import SlackError
from bot.playground.slack.model import Json
from bot.playground.slack.rich import RICH_ELEMENT
from bot.playground.slack.rules import (
    Rule,
    boolean,
    both,
    by_type,
    complain,
    integer,
    many,
    one_of,
    plain,
    shape,
    string,
    text,
)

MAX_MESSAGE_BLOCKS = 50
MAX_VIEW_BLOCKS = 100
MAX_MESSAGE_CHARACTERS = 13_200
MAX_MARKDOWN_CHARACTERS = 12_000
MAX_VIEW_BYTES = 250_000
BLOCK_ID: Rule = string(255, 1)


def _block(needed: dict[str, Rule], allowed: dict[str, Rule] | None = None) -> Rule:
    return shape({"type": TYPE, **needed}, {"block_id": BLOCK_ID, **(allowed or {})})


def _section_says_something(value: Any, pointer: str, faults: list[str]) -> None:
    if value.get("text") is None and value.get("fields") is None:
        complain(faults, "needs text or fields", pointer)


def _image_has_source(value: Any, pointer: str, faults: list[str]) -> None:
    if (value.get("image_url") is None) == (value.get("slack_file") is None):
        complain(faults, "needs either image_url or slack_file", pointer)


def _rows_are_even(value: Any, pointer: str, faults: list[str]) -> None:
    rows = value.get("rows")
    if isinstance(rows, list) and len({len(row) for row in rows if isinstance(row, list)}) > 1:
        complain(faults, "every row needs the same number of cells", f"{pointer}/rows")


RICH: Rule = _block({"elements": many(RICH_ELEMENT, 500)})
CELL: Rule = by_type({"raw_text": shape({"type": TYPE, "text": string(least=1)}), "rich_text": RICH})
COLUMN: Rule = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
COMMON: dict[str, Rule] = {
    "section": both(
        _block({}, {"text": text(3000), "fields": many(text(2000), 10), "accessory": ACCESSORY, "expand": boolean}),
        _section_says_something,
    ),
    "header": _block({"text": plain(150)}, {"level": integer(1, 4)}),
    "divider": _block({}),
    "context": _block({"elements": many(CONTEXT_ELEMENT, 10)}),
    "actions": _block({"elements": many(ACTION_ELEMENT, 25)}),
    "image": both(
        _block({"alt_text": string(2000)}, {"image_url": URL, "slack_file": SLACK_FILE, "title": plain(2000)}),
        _image_has_source,
    ),
    "input": _block(
        {"label": plain(2000), "element": INPUT_ELEMENT},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH,
    "video": _block(
        {
            "alt_text": string(),
            "title": plain(199),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        {
            "title_url": URL,
            "description": plain(200),
            "author_name": string(49),
            "provider_name": string(),
            "provider_icon_url": URL,
        },
    ),
}
IN_MESSAGES: dict[str, Rule] = {
    **COMMON,
    "markdown": _block({"text": string(MAX_MARKDOWN_CHARACTERS, 1)}),
    "table": both(_block({"rows": many(many(CELL, 20), 100)}, {"column_settings": many(COLUMN, 20)}), _rows_are_even),
}
MESSAGE_BLOCK: Rule = by_type(IN_MESSAGES)
VIEW_BLOCK: Rule = by_type(COMMON)
MODAL: Rule = shape(
    {"type": one_of("modal"), "title": plain(24), "blocks": many(VIEW_BLOCK, MAX_VIEW_BLOCKS, least=0)},
    {
        "submit": plain(24),
        "close": plain(24),
        "private_metadata": string(3000),
        "callback_id": string(255),
        "external_id": string(255),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
HOME: Rule = shape(
    {"type": one_of("home"), "blocks": many(VIEW_BLOCK, MAX_VIEW_BLOCKS, least=0)},
    {"private_metadata": string(3000), "callback_id": string(255), "external_id": string(255)},
)


def check_message_blocks(blocks: Any) -> list[Json]:
    """The blocks of a message, if Slack would take them.

    Raises:
        SlackError: `invalid_blocks`, `invalid_blocks_format` or `msg_blocks_too_long`.
    """
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format", ["must be an array of blocks [json-pointer:/blocks]"])
    faults: list[str] = []
    many(MESSAGE_BLOCK, MAX_MESSAGE_BLOCKS, least=0)(blocks, "/blocks", faults)
    _no_twins(_objects(blocks), "/blocks", faults)
    markdown = sum(len(str(block.get("text"))) for block in _objects(blocks) if block.get("type") == "markdown")
    if markdown > MAX_MARKDOWN_CHARACTERS:
        complain(faults, f"markdown blocks may have {MAX_MARKDOWN_CHARACTERS} characters in all", "/blocks")
    if faults:
        raise SlackError("invalid_blocks", faults)
    if sum(map(len, _texts(blocks))) > MAX_MESSAGE_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    return blocks


def check_view(view: Any, kind: str) -> Json:
    """The definition of a `modal` or a `home` view, if Slack would take it.

    Source: https://docs.slack.dev/reference/views/modal-views and
    https://docs.slack.dev/reference/views/home-tab-views.

    Raises:
        SlackError: `invalid_arguments`, which names each fault, or `view_too_large`.
    """
    faults: list[str] = []
    (MODAL if kind == "modal" else HOME)(view, "/view", faults)
    blocks = _objects(view.get("blocks")) if isinstance(view, dict) else []
    _no_twins(blocks, "/view/blocks", faults)
    if kind == "modal" and any(block.get("type") == "input" for block in blocks) and not view.get("submit"):
        complain(faults, "submit is required when an input block is within the blocks array", "/view/submit")
    if sum(1 for _, asked in interactive(blocks) if asked.get("focus_on_load") is True) > 1:
        complain(faults, "only one element may have focus_on_load", "/view/blocks")
    if faults:
        raise SlackError("invalid_arguments", faults)
    if len(str(view).encode()) > MAX_VIEW_BYTES:
        raise SlackError("view_too_large")
    return dict(view)


def interactive(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every element that a person can work, each behind its block."""
    for block in blocks:
        found = [block.get("accessory"), block.get("element")]
        if block.get("type") == "actions":
            found += _objects(block.get("elements"))
        for asked in found:
            if isinstance(asked, dict) and asked.get("type") != "image":
                yield block, asked


def _objects(value: Any) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _no_twins(blocks: list[Json], pointer: str, faults: list[str]) -> None:
    """Block ids are unique in a message or view, action ids in a block."""
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen:
                complain(faults, f"block_id {block_id!r} already exists", f"{pointer}/{place}/block_id")
            seen.add(block_id)
        ids = [asked["action_id"] for _, asked in interactive([block]) if isinstance(asked.get("action_id"), str)]
        for action_id in sorted({one for one in ids if ids.count(one) > 1}):
            complain(faults, f"action_id {action_id!r} already exists in this block", f"{pointer}/{place}")


def _texts(value: Any) -> Iterator[str]:
    """Every text that is shown, however deep."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in {"text", "alt_text"} and isinstance(inner, str):
                yield inner
            elif isinstance(inner, dict | list):
                yield from _texts(inner)
