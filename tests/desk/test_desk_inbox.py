"""What Dilys and her deputy Femi see of a concern, and when."""

import shutil
from datetime import UTC, datetime
from functools import cache

import pytest

from bot import demo
from bot.channels.email.render import render
from bot.clock import SetClock
from bot.desk import Reception
from bot.main import build, load_library
from bot.storage import QUICK, SqlVault
from bot.wire import Incoming, Via
from school.sensitive import Sensitive
from tests.databases import sqlite_template
from tests.flows.rig import nobody_else_looks, nobody_is_asked

__all__ = ["sqlite_template"]

MORNING = datetime(2026, 11, 24, 11, tzinfo=UTC)
WORDS = "I keep getting messages from somebody in the game."


@cache
def ours():
    """The pages are read once for all these people."""
    return load_library()


@pytest.fixture
def product(tmp_path, sqlite_template):
    shutil.copyfile(sqlite_template, tmp_path / "lollipop.db")
    settings = demo.prepare(tmp_path, 8000)
    nobody_else_looks(settings.school_file)
    nobody_is_asked(settings.school_file)
    product = build(
        settings,
        school_clock=SetClock(MORNING),
        make_vault=lambda engines: SqlVault(engines, costs=QUICK),
        library=ours(),
    )
    with product.house.units.write("oakfield") as unit:
        for person in ("dilys", "femi", "hannah"):
            pair = product.house.vault.pair(
                person=person, key_id=product.house.new_id(MORNING), passphrase=Sensitive(demo.PASSPHRASE)
            )
            unit.concerns.add_key(pair, now=MORNING)
        unit.commit()
    yield product
    product.counter.close()
    product.engines.close()


@pytest.fixture
def ask(product):
    desk = Reception(product.house)

    def asked(verb, person="", *, words="", **args):
        key = desk.unlock(school="oakfield", person=person, passphrase=Sensitive(demo.PASSPHRASE)) if person else None
        said = {"words": Sensitive(words)} if words else {}
        return desk.receive(
            Incoming(school="oakfield", via=Via.WEB, sender=person, verb=verb, args=args, words=said, key=key)
        )

    return asked


def shown(answer) -> str:
    cards = [render(card.document, lang="en").text for card in answer.cards]
    return "\n".join([render(answer.document, lang="en").text, *cards])


def reference_of(answer) -> str:
    return answer.cards[0].choices[0][0].args["ref"]


def labels(answer) -> list[str]:
    return [str(choice.label) for row in answer.choices for choice in row]


def test_dilys_is_never_told_that_a_childs_words_hold_nothing_urgent(ask):
    ask("report.send", words=WORDS, about="pupil")

    listed = shown(ask("inbox.list", "dilys"))

    assert "Not flagged by the word list; please read it all the same" in listed
    assert "no urgent words" not in listed


def test_dilys_sees_which_words_to_read_first(ask):
    ask("report.send", words="He says he will tell everyone if I stop", about="pupil")

    assert "Flagged, by the word list or by its sender: please read it first" in shown(ask("inbox.list", "dilys"))


def test_dilys_still_has_the_words_before_her_when_she_has_taken_a_concern_on(ask):
    ask("report.send", words=WORDS, about="pupil")
    reference = reference_of(ask("inbox.list", "dilys"))

    taken = ask("inbox.acknowledge", "dilys", ref=reference)

    assert WORDS in shown(taken)
    assert "Whoever sent it can now see that it is being dealt with." in shown(taken)
    assert "I am dealing with this" not in labels(taken)
    assert labels(taken)[-1] == "Back to the list"


def test_dilys_finds_the_way_back_to_the_list_from_an_open_concern(ask):
    ask("report.send", words=WORDS, about="pupil")
    reference = reference_of(ask("inbox.list", "dilys"))

    assert labels(ask("inbox.read", "dilys", ref=reference)) == [
        "I am dealing with this",
        "Write to the sender",
        "Write a private note",
        "Say who deals with it",
        "Let a colleague read it",
        "It is with a service outside",
        "It is in CPOMS now",
        "Close it without a record",
        "Back to the list",
    ]


def test_femi_sees_that_dilys_has_a_concern_in_hand_and_stays_the_second(ask):
    ask("report.send", words=WORDS, about="pupil")
    reference = reference_of(ask("inbox.list", "dilys"))
    assert "State: new" in shown(ask("inbox.list", "femi"))
    ask("inbox.acknowledge", "dilys", ref=reference)

    again = ask("inbox.acknowledge", "femi", ref=reference)

    assert "This concern had been acknowledged already." in shown(again)
    for answer in (again, ask("inbox.list", "femi"), ask("inbox.read", "femi", ref=reference)):
        assert "acknowledged by Dilys Morgan" in shown(answer)
        assert "acknowledged by Femi Adeyemi" not in shown(answer)


def test_hannah_who_may_not_read_a_concern_is_not_told_who_has_it_in_hand(ask):
    ask("report.send", words=WORDS, about="pupil")
    reference = reference_of(ask("inbox.list", "dilys"))
    ask("inbox.acknowledge", "dilys", ref=reference)

    refused = ask("inbox.acknowledge", "hannah", ref=reference)

    assert refused.refused
    assert "Dilys" not in shown(refused) + shown(ask("inbox.list", "hannah"))
