"""Keyboards under a message, checked as the server would (https://core.telegram.org/bots/api#inlinekeyboardmarkup).

Stricter than the real server: an unknown field of a keyboard or a button is refused by name, and more than
eight buttons in a row are refused where the real one breaks the row.
"""

from collections.abc import Mapping
from typing import Any

from bot.playground.telegram.errors import bad

MAX_BUTTONS = 100
MAX_ROW = 8
"""Both undocumented; python-telegram-bot's `InlineKeyboardMarkupLimit` holds them."""
MAX_CALLBACK_BYTES = 64

_ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}
_LOOKS = {"text", "icon_custom_emoji_id", "style"}
_REPLY_ACTIONS = {
    "request_users",
    "request_chat",
    "request_managed_bot",
    "request_contact",
    "request_location",
    "request_poll",
    "web_app",
}
_REPLY = {"keyboard", "is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder", "selective"}
_SCHEMES = ("http://", "https://", "tg://")


def refuse_unknown(given: Mapping[str, Any], allowed: set[str], where: str) -> None:
    """Refuse a field that `where` does not have; the real server would pass over it."""
    for name in given:
        if name not in allowed:
            raise bad(f'unknown field "{name}" in {where}')


def check_markup(markup: dict[str, Any] | None, *, inline_only: bool = False) -> dict[str, Any] | None:
    """The markup as it will be kept, or None where there is none.

    Raises:
        ApiError: 400, naming what is wrong with which button.
    """
    if not markup:
        return None
    if "inline_keyboard" in markup:
        refuse_unknown(markup, {"inline_keyboard"}, "InlineKeyboardMarkup")
        rows = _rows(markup["inline_keyboard"], "inline keyboard")
        return {"inline_keyboard": [[_inline_button(button) for button in row] for row in rows if row]}
    if inline_only:
        raise bad("object expected as reply markup: only an inline keyboard can be edited in")
    if "keyboard" in markup:
        refuse_unknown(markup, _REPLY, "ReplyKeyboardMarkup")
        rows = _rows(markup["keyboard"], "keyboard")
        return {**markup, "keyboard": [[_reply_button(button) for button in row] for row in rows]}
    if markup.get("remove_keyboard") is True:
        refuse_unknown(markup, {"remove_keyboard", "selective"}, "ReplyKeyboardRemove")
    elif markup.get("force_reply") is True:
        refuse_unknown(markup, {"force_reply", "input_field_placeholder", "selective"}, "ForceReply")
    else:
        raise bad("can't parse reply keyboard markup JSON object")
    return markup


def _rows(rows: object, what: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad(f"field of the {what} must be an Array of Arrays")
    if any(len(row) > MAX_ROW for row in rows) or sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad("reply markup is too long")
    return rows


def _inline_button(button: object) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    refuse_unknown(button, _LOOKS | _ACTIONS, "InlineKeyboardButton")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad("inline keyboard button text must be non-empty")
    actions = [name for name in button if name in _ACTIONS]
    if len(actions) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if "callback_data" in button and not (isinstance(data, str) and 1 <= len(data.encode()) <= MAX_CALLBACK_BYTES):
        raise bad("BUTTON_DATA_INVALID")
    url = button.get("url")
    if "url" in button and not (isinstance(url, str) and url.startswith(_SCHEMES)):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return button


def _reply_button(button: object) -> dict[str, Any]:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad("can't parse keyboard button: KeyboardButton must be a String or an Object")
    refuse_unknown(button, _LOOKS | _REPLY_ACTIONS, "KeyboardButton")
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad("keyboard button text must be non-empty")
    return button
