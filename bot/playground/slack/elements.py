"""Block elements and composition objects, each with its keys and limits.

Source: https://docs.slack.dev/reference/block-kit/block-elements and, below it, a page an element;
https://docs.slack.dev/reference/block-kit/composition-objects.
"""

import re
from typing import Any

from bot.playground.slack.rules import (
    Rule,
    boolean,
    both,
    by_type,
    complain,
    integer,
    many,
    number_string,
    one_of,
    plain,
    shape,
    string,
    text,
)

TYPE: Rule = string()
ACTION_ID: Rule = string(255, 1)
URL: Rule = string(3000, 1)
CONFIRM: Rule = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
DISPATCH: Rule = shape({"trigger_actions_on": many(one_of("on_enter_pressed", "on_character_entered"), 2)})
OPTION: Rule = shape({"text": plain(75), "value": string(150, 1)}, {"description": plain(75)})
RICH_OPTION: Rule = shape({"text": text(75), "value": string(150, 1)}, {"description": text(75)})
MENU_OPTION: Rule = shape({"text": plain(75), "value": string(150, 1)}, {"description": plain(75), "url": URL})
GROUP: Rule = shape({"label": plain(75), "options": many(OPTION, 100)})
FILTER: Rule = shape(
    {},
    {
        "include": many(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
ASKED: dict[str, Rule] = {"action_id": ACTION_ID, "focus_on_load": boolean}
PICKED: dict[str, Rule] = {**ASKED, "confirm": CONFIRM, "placeholder": plain(150)}
TYPED: dict[str, Rule] = {**ASKED, "placeholder": plain(150), "dispatch_action_config": DISPATCH}
MAX_SELECTED: dict[str, Rule] = {"max_selected_items": integer(1, 100)}


def _matching(pattern: str, what: str) -> Rule:
    def rule(value: Any, pointer: str, faults: list[str]) -> None:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            complain(faults, f"must be {what}", pointer)

    return rule


DATE = _matching(r"\d{4}-\d{2}-\d{2}", "a date as YYYY-MM-DD")
TIME = _matching(r"([01]\d|2[0-3]):[0-5]\d", "a time as HH:mm")


def _options(value: Any, pointer: str, faults: list[str]) -> None:
    """A menu has options or groups, and what is chosen at first is one of them, to the letter."""
    if not isinstance(value, dict):
        return
    if (value.get("options") is None) == (value.get("option_groups") is None):
        complain(faults, "needs either options or option_groups", pointer)
    there = options_of(value)
    first = value.get("initial_options") or ([value["initial_option"]] if value.get("initial_option") else [])
    for option in first if isinstance(first, list) else []:
        if option not in there:
            complain(faults, "the initial option must match one of the options", pointer)


def options_of(element: dict[str, Any]) -> list[Any]:
    """Every option of a menu, those in groups as well."""
    grouped = element.get("option_groups") or []
    inner = [group.get("options") or [] for group in grouped if isinstance(group, dict)]
    return [*(element.get("options") or []), *(option for options in inner for option in options)]


def _lengths(value: Any, pointer: str, faults: list[str]) -> None:
    least, most = value.get("min_length"), value.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        complain(faults, "min_length must not be above max_length", pointer)
    first = value.get("initial_value")
    if isinstance(first, str) and isinstance(most, int) and len(first) > most:
        complain(faults, "initial_value must not be longer than max_length", pointer)


def _image_source(value: Any, pointer: str, faults: list[str]) -> None:
    if (value.get("image_url") is None) == (value.get("slack_file") is None):
        complain(faults, "needs either image_url or slack_file", pointer)


def element(**needed_and_allowed: dict[str, Rule]) -> Rule:
    """A rule with `type` among what is needed."""
    return shape({"type": TYPE, **needed_and_allowed.get("needed", {})}, needed_and_allowed.get("allowed", {}))


def _static(chosen: dict[str, Rule]) -> Rule:
    kinds: dict[str, Rule] = {"options": many(OPTION, 100), "option_groups": many(GROUP, 100)}
    return both(element(allowed={**PICKED, **kinds, **chosen}), _options)


def _buttons_of_choice(chosen: dict[str, Rule]) -> Rule:
    some: dict[str, Rule] = {"options": many(RICH_OPTION, 10)}
    return both(element(needed=some, allowed={**ASKED, "confirm": CONFIRM, **chosen}), _options)


SLACK_FILE: Rule = shape({}, {"id": string(255), "url": URL})
IMAGE: Rule = both(
    element(needed={"alt_text": string(2000)}, allowed={"image_url": URL, "slack_file": SLACK_FILE}), _image_source
)
BUTTON: Rule = element(
    needed={"text": plain(75)},
    allowed={
        "action_id": ACTION_ID,
        "url": URL,
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
CONVERSATION: dict[str, Rule] = {"default_to_current_conversation": boolean, "filter": FILTER}
SELECTS: dict[str, Rule] = {
    "static_select": _static({"initial_option": OPTION}),
    "multi_static_select": _static({"initial_options": many(OPTION, 100), **MAX_SELECTED}),
    "users_select": element(allowed={**PICKED, "initial_user": string()}),
    "multi_users_select": element(allowed={**PICKED, "initial_users": many(string(), 100), **MAX_SELECTED}),
    "channels_select": element(allowed={**PICKED, "initial_channel": string(), "response_url_enabled": boolean}),
    "multi_channels_select": element(allowed={**PICKED, "initial_channels": many(string(), 100), **MAX_SELECTED}),
    "conversations_select": element(
        allowed={**PICKED, **CONVERSATION, "initial_conversation": string(), "response_url_enabled": boolean}
    ),
    "multi_conversations_select": element(
        allowed={**PICKED, **CONVERSATION, "initial_conversations": many(string(), 100), **MAX_SELECTED}
    ),
}
PICKERS: dict[str, Rule] = {
    "datepicker": element(allowed={**PICKED, "initial_date": DATE}),
    "timepicker": element(allowed={**PICKED, "initial_time": TIME, "timezone": string()}),
    "datetimepicker": element(
        allowed={**ASKED, "confirm": CONFIRM, "initial_date_time": integer(1_000_000_000, 9_999_999_999)}
    ),
    "radio_buttons": _buttons_of_choice({"initial_option": RICH_OPTION}),
    "checkboxes": _buttons_of_choice({"initial_options": many(RICH_OPTION, 10)}),
}
TEXTS: dict[str, Rule] = {
    "plain_text_input": both(
        element(
            allowed={
                **TYPED,
                "initial_value": string(3000),
                "multiline": boolean,
                "min_length": integer(0, 3000),
                "max_length": integer(1, 3000),
            }
        ),
        _lengths,
    ),
    "number_input": element(
        needed={"is_decimal_allowed": boolean},
        allowed={**TYPED, "initial_value": number_string, "min_value": number_string, "max_value": number_string},
    ),
    "email_text_input": element(allowed={**TYPED, "initial_value": string(3000)}),
    "url_text_input": element(allowed={**TYPED, "initial_value": string(3000)}),
}
OVERFLOW: Rule = element(needed={"options": many(MENU_OPTION, 5)}, allowed={"action_id": ACTION_ID, "confirm": CONFIRM})

CONTEXT_ELEMENT: Rule = by_type({"image": IMAGE, "plain_text": plain(2000), "mrkdwn": text(2000)})
ACTION_ELEMENT: Rule = by_type({"button": BUTTON, "overflow": OVERFLOW, **SELECTS, **PICKERS})
ACCESSORY: Rule = by_type({"button": BUTTON, "overflow": OVERFLOW, "image": IMAGE, **SELECTS, **PICKERS})
INPUT_ELEMENT: Rule = by_type({**SELECTS, **PICKERS, **TEXTS})
