"""Whoever doubts a stand-in finds, at each of its methods, the official page that it was made from."""

import re

import pytest

from bot.playground.slack.api import METHODS as SLACK
from bot.playground.telegram.api import METHODS as TELEGRAM

PAGES = {
    **{f"slack {name}": (f"https://docs.slack.dev/reference/methods/{name}", SLACK[name]) for name in SLACK},
    **{f"telegram {name}": (f"https://core.telegram.org/bots/api#{name}", TELEGRAM[name]) for name in TELEGRAM},
}


def cites(page: str, words: str | None) -> bool:
    """Whether a docstring begins with that page, and not with one whose name only begins alike."""
    return re.match(rf"{re.escape(page)}(?![\w/#-]|\.\w)", words or "") is not None


@pytest.mark.parametrize("name", PAGES)
def test_an_engineer_who_doubts_a_method_finds_its_own_page(name: str) -> None:
    page, method = PAGES[name]

    assert cites(page, method.handler.__doc__), f"{method.handler.__name__} does not begin with {page}"


def test_the_methods_of_both_stand_ins_were_looked_at() -> None:
    assert {"chat.postMessage", "chat.update", "views.open", "users.list"} <= set(SLACK)
    assert {"sendmessage", "getupdates", "answercallbackquery", "sendpoll", "getme"} <= set(TELEGRAM)


@pytest.mark.parametrize(
    "words",
    [
        None,
        "Posts a message.",
        "https://docs.slack.dev/reference/methods/chat.updateSomething.",
        "https://docs.slack.dev/reference/methods/chat.update.more",
        "https://docs.slack.dev/reference/methods/chat.delete.",
    ],
)
def test_a_page_of_another_method_does_not_count(words: str | None) -> None:
    assert not cites("https://docs.slack.dev/reference/methods/chat.update", words)
