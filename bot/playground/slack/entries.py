"""What a person enters or chooses, in the shape that payloads give it.

Source: https://docs.slack.dev/reference/views/#view-state and, for the keys by element,
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload.
"""

import copy
from typing import Any

from bot.playground.slack.blocks import interactive
from bot.playground.slack.elements import options_of
from bot.playground.slack.errors import CannotActError
from bot.playground.slack.model import Json

Entered = dict[tuple[str, str], Json]
"""By block id and action id."""

_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
_SEVERAL = {"checkboxes", "multi_static_select", "multi_users_select", "multi_channels_select"}
_SEVERAL |= {"multi_conversations_select"}
_WITHOUT_STATE = {"button", "overflow"}
REQUIRED = "Please complete this required field."


def fill_ids(blocks: list[Json], number: int) -> list[Json]:
    """The same blocks with an id wherever the app gave none, as Slack makes them up; plain text gets its `emoji`."""
    filled = copy.deepcopy(blocks)
    for place, block in enumerate(filled):
        block.setdefault("block_id", f"b{number}x{place}")
    for place, (_, asked) in enumerate(interactive(filled)):
        asked.setdefault("action_id", f"a{number}x{place}")
    _fill_emoji(filled)
    return filled


def _fill_emoji(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _fill_emoji(item)
    elif isinstance(value, dict):
        if value.get("type") == "plain_text":
            value.setdefault("emoji", True)
        elif value.get("type") == "mrkdwn":
            value.setdefault("verbatim", False)
        for inner in value.values():
            _fill_emoji(inner)


def find(blocks: list[Json], action_id: str, block_id: str | None = None) -> tuple[Json, Json]:
    """The block and the element with this action id.

    Raises:
        CannotActError: there is none.
    """
    for block, asked in interactive(blocks):
        if asked.get("action_id") == action_id and block_id in {None, block["block_id"]}:
            return block, asked
    raise CannotActError(f"There is nothing with the action id {action_id!r} here.")


def entry(asked: Json, value: Any) -> Json:
    """What was entered, by the element's type. Options are named by their value.

    Raises:
        CannotActError: there is no such option.
    """
    kind = asked["type"]
    key, _ = _KEYS[kind]
    if kind in _SEVERAL:
        several = [] if value is None else [value] if isinstance(value, str | dict) else list(value)
        return {"type": kind, key: [_chosen(asked, one) for one in several]}
    return {"type": kind, key: _chosen(asked, value) if value is not None else None}


def _chosen(asked: Json, value: Any) -> Any:
    options = options_of(asked)
    if not options:
        return value if asked["type"] == "datetimepicker" else str(value)
    name = value["value"] if isinstance(value, dict) else value
    for option in options:
        if option["value"] == name:
            return option
    raise CannotActError(f"There is no option {name!r} at {asked.get('action_id')!r}.")


def first_entry(asked: Json) -> Json:
    """What an element holds before anybody touched it."""
    kind = asked["type"]
    key, initial = _KEYS[kind]
    return {"type": kind, key: asked.get(initial, [] if kind in _SEVERAL else None)}


def state_of(blocks: list[Json], entered: Entered) -> Json:
    """The `state` of a view or of a message: every element but buttons and overflow menus."""
    values: dict[str, Json] = {}
    for block, asked in interactive(blocks):
        if asked["type"] not in _WITHOUT_STATE:
            now = entered.get((block["block_id"], asked["action_id"])) or first_entry(asked)
            values.setdefault(block["block_id"], {})[asked["action_id"]] = now
    return {"values": values}


def kept(blocks: list[Json], entered: Entered) -> Entered:
    """What stays of the entries when the blocks are replaced: those whose block, action and type are still there."""
    there = {(block["block_id"], asked["action_id"]): asked["type"] for block, asked in interactive(blocks)}
    return {place: value for place, value in entered.items() if there.get(place) == value["type"]}


def enter(blocks: list[Json], entered: Entered, values: dict[str, Any]) -> None:
    """Fill in a form: `values` by block id, each a value or a mapping of action ids to values.

    Raises:
        CannotActError: there is no such block or option.
    """
    for block_id, given in values.items():
        asked = {each["action_id"]: each for block, each in interactive(blocks) if block["block_id"] == block_id}
        if not asked:
            raise CannotActError(f"There is nothing to fill in with the block id {block_id!r}.")
        named = isinstance(given, dict) and "value" not in given
        for action_id, value in (given if named else {next(iter(asked)): given}).items():
            if action_id not in asked:
                raise CannotActError(f"There is nothing with the action id {action_id!r} in {block_id!r}.")
            entered[block_id, action_id] = entry(asked[action_id], value)


def refusals(blocks: list[Json], entered: Entered) -> dict[str, str]:
    """What Slack's own window says under each field before it asks the app, by block id."""
    found = {}
    for block in blocks:
        if block["type"] == "input":
            asked = block["element"]
            now = entered.get((block["block_id"], asked["action_id"])) or first_entry(asked)
            given = now[_KEYS[asked["type"]][0]]
            if given in (None, "", []):
                if not block.get("optional"):
                    found[block["block_id"]] = REQUIRED
            elif said := _malformed(asked, given):
                found[block["block_id"]] = said
    return found


def _malformed(asked: Json, given: Any) -> str | None:
    match asked["type"]:
        case "plain_text_input":
            if len(given) < asked.get("min_length", 0):
                return f"Please lengthen this text to {asked['min_length']} characters or more."
            if len(given) > asked.get("max_length", 3000):
                return f"Please shorten this text to {asked.get('max_length', 3000)} characters or less."
        case "number_input":
            return _malformed_number(asked, given)
        case "email_text_input" if "@" not in given:
            return "Please enter a valid email address."
        case "url_text_input" if "://" not in given:
            return "Please enter a valid URL."
    return None


def _malformed_number(asked: Json, given: str) -> str | None:
    try:
        number = float(given)
    except ValueError:
        return "Please enter a valid number."
    if not asked["is_decimal_allowed"] and not number.is_integer():
        return "Please enter a whole number."
    least, most = asked.get("min_value"), asked.get("max_value")
    if least is not None and number < float(least):
        return f"Please enter a number that is {least} or more."
    if most is not None and number > float(most):
        return f"Please enter a number that is {most} or less."
    return None
