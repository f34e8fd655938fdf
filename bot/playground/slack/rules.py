"""A small language for what a JSON value may be. Each rule notes its complaints with a JSON pointer, as Slack does."""

from collections.abc import Callable, Mapping
from typing import Any

Rule = Callable[[Any, str, list[str]], None]
"""Looks at a value at a JSON pointer and adds what is wrong to the list."""


def complain(faults: list[str], what: str, pointer: str) -> None:
    """Note a complaint in Slack's wording."""
    faults.append(f"{what} [json-pointer:{pointer}]")


def string(most: int = 100_000, least: int = 0) -> Rule:
    """A string of `least` to `most` characters."""

    def rule(value: Any, pointer: str, faults: list[str]) -> None:
        if not isinstance(value, str):
            complain(faults, "must be a string", pointer)
        elif len(value) > most:
            complain(faults, f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            complain(faults, f"must be more than {least - 1} characters", pointer)

    return rule


def one_of(*allowed: Any) -> Rule:
    """One of a few values."""

    def rule(value: Any, pointer: str, faults: list[str]) -> None:
        if value not in allowed:
            complain(faults, f"must be one of {', '.join(map(str, allowed))}: {value!r}", pointer)

    return rule


def boolean(value: Any, pointer: str, faults: list[str]) -> None:
    """True or false."""
    if not isinstance(value, bool):
        complain(faults, "must be a boolean", pointer)


def integer(least: int, most: int) -> Rule:
    """A whole number."""

    def rule(value: Any, pointer: str, faults: list[str]) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            complain(faults, f"must be a whole number from {least} to {most}", pointer)

    return rule


def number_string(value: Any, pointer: str, faults: list[str]) -> None:
    """A number as a string, as number_input takes it."""
    try:
        float(value if isinstance(value, str) else "")
    except ValueError:
        complain(faults, "must be a number in a string", pointer)


def many(rule: Rule, most: int, least: int = 1) -> Rule:
    """A list of `least` to `most` items."""

    def check(value: Any, pointer: str, faults: list[str]) -> None:
        if not isinstance(value, list):
            complain(faults, "must be an array", pointer)
            return
        if len(value) > most:
            complain(faults, f"no more than {most} items allowed", pointer)
        if len(value) < least:
            complain(faults, f"no less than {least} items allowed", pointer)
        for place, item in enumerate(value):
            rule(item, f"{pointer}/{place}", faults)

    return check


def shape(needed: Mapping[str, Rule], allowed: Mapping[str, Rule] | None = None) -> Rule:
    """An object with the `needed` keys, perhaps the `allowed` ones, and no other."""
    known = {**needed, **(allowed or {})}

    def rule(value: Any, pointer: str, faults: list[str]) -> None:
        if not isinstance(value, dict):
            complain(faults, "must be an object", pointer)
            return
        for name in needed:
            if value.get(name) is None:
                complain(faults, f"missing required field: {name}", pointer)
        for name, inner in value.items():
            if name not in known:
                complain(faults, f"unknown field: {name}", pointer)
            elif inner is not None:
                known[name](inner, f"{pointer}/{name}", faults)

    return rule


def by_type(rules: Mapping[str, Rule]) -> Rule:
    """An object whose `type` says which rule it follows."""

    def rule(value: Any, pointer: str, faults: list[str]) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in rules:
            complain(faults, f"unsupported type: {kind}", f"{pointer}/type")
        else:
            rules[kind](value, pointer, faults)

    return rule


def both(*rules: Rule) -> Rule:
    """A value that has to follow several rules."""

    def check(value: Any, pointer: str, faults: list[str]) -> None:
        for rule in rules:
            rule(value, pointer, faults)

    return check


def plain(most: int, least: int = 1) -> Rule:
    """A plain_text object (https://docs.slack.dev/reference/block-kit/composition-objects/text-object)."""
    return shape({"type": one_of("plain_text"), "text": string(most, least)}, {"emoji": boolean})


def mrkdwn(most: int) -> Rule:
    """A mrkdwn object."""
    return shape({"type": one_of("mrkdwn"), "text": string(most, 1)}, {"verbatim": boolean})


def text(most: int) -> Rule:
    """A text object of either type."""
    return by_type({"plain_text": plain(most), "mrkdwn": mrkdwn(most)})
