"""What a report is about, by its sender's word: asked once in whatever channel, sealed, and shown to its readers."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.desk import Reception
from bot.desk.topics import LABELS
from bot.storage.tables import vault_concern, vault_entry
from bot.wire import Incoming, Kind, Via
from safeguarding import Topic
from school.sensitive import Sensitive
from tests.desk.test_desk_cases import case, desk, go_to, holder, told
from tests.desk.test_desk_inbox import WORDS, ask, labels, product, reference_of, shown, sqlite_template

__all__ = ["ask", "case", "desk", "holder", "product", "sqlite_template"]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def sam(product):
    """Sam on Telegram: what he taps or types."""
    reception = Reception(product.house)

    def does(verb: str, words: str = "", **args: str):
        said = {"words": Sensitive(words)} if words else {}
        asked = Incoming(school="oakfield", via=Via.TELEGRAM, sender="502", verb=verb, args=args, words=said)
        return reception.receive(asked)

    return does


def tapped(answer, label: str) -> dict[str, str]:
    (choice,) = [each for row in answer.choices for each in row if each.label.msgid == label]
    return {"verb": choice.verb, **choice.args}


def reported(sam):
    sam("report.about", a="pupil", y="12")
    return sam("words", WORDS)


@pytest.mark.clause(40)
@pytest.mark.parametrize("via", [Via.WEB, Via.SLACK])
def test_the_form_asks_last_what_it_is_about_and_takes_no_answer_for_an_answer(product, via):
    asked = Incoming(school="oakfield", via=via, sender="", verb="report.form", args={"year": "12"})
    form = Reception(product.house).receive(asked).form

    names = [each.name for each in form.fields]
    assert names[:3] == ["about", "words", "topic"]
    topic = form.fields[2]
    assert (topic.kind, topic.optional) == (Kind.CHOICE, True)
    assert [each.value for each in topic.options] == list(Topic) == list(LABELS)


@pytest.mark.clause(40)
def test_dilys_sees_what_the_form_said_and_the_card_for_it(product, ask):
    ask("report.send", words=WORDS, about="pupil", topic="nudes")

    page = shown(ask("inbox.read", "dilys", ref=reference_of(ask("inbox.list", "dilys"))))

    assert "Nude or nearly nude pictures" in page
    assert "Report Remove" in page
    assert "topic" not in page
    with product.engines.reading() as connection:
        cells = [cell for row in connection.execute(select(vault_concern)) for cell in row]
    assert not [cell for cell in cells if b"nudes" in (cell if isinstance(cell, bytes) else str(cell).encode())]


@pytest.mark.clause(40)
@pytest.mark.parametrize("topic", ["", "unsaid", "rubbish"])
def test_a_report_without_it_is_taken_all_the_same(ask, topic):
    ask("report.send", words=WORDS, about="pupil", **({"topic": topic} if topic else {}))

    page = shown(ask("inbox.read", "dilys", ref=reference_of(ask("inbox.list", "dilys"))))

    assert WORDS in page
    assert "By its sender's word" not in page
    assert "Not flagged" in shown(ask("inbox.list", "dilys"))


@pytest.mark.clause(41)
def test_self_harm_is_urgent_whatever_the_words_and_lead_and_deputy_hear_of_it_at_once(product, ask):
    ask("report.send", words=WORDS, about="pupil", topic="self-harm")

    assert sorted(told(product)) == [("dilys", "concern-notice"), ("femi", "concern-notice")]
    assert "Flagged, by the word list or by its sender" in shown(ask("inbox.list", "dilys"))


@pytest.mark.clause(40)
def test_sam_says_it_in_a_chat_after_his_report_and_it_is_sealed_with_it(product, ask, sam):
    thanks = reported(sam)
    question = sam(**tapped(thanks, "Say what it is about"))
    assert labels(question) == [label.msgid for label in LABELS.values()]

    assert "Thank you." in shown(sam(**tapped(question, "Scams, money or blackmail")))

    page = shown(ask("inbox.read", "dilys", ref=reference_of(ask("inbox.list", "dilys"))))
    assert "By its sender's word: Scams, money or blackmail" in page
    assert "The sender said what it is about" in page
    with product.engines.reading() as connection:
        (entry,) = connection.execute(select(vault_entry)).all()
    assert b"money" not in entry.sealed


@pytest.mark.clause(41)
def test_sam_s_later_word_hurries_a_report_that_nobody_has_opened(product, sam):
    thanks = reported(sam)
    question = sam(**tapped(thanks, "Say what it is about"))
    assert told(product) == [("dilys", "concern-notice")]

    sam(**tapped(question, "Self-harm, or not wanting to live"))
    go_to(product, MINUTE)

    assert told(product) == [("dilys", "concern-notice"), ("femi", "concern-waiting")]


def test_sam_says_nothing_and_nothing_is_kept(product, sam):
    question = sam(**tapped(reported(sam), "Say what it is about"))
    sam(**tapped(question, "I'd rather not say"))

    with product.engines.reading() as connection:
        assert connection.execute(select(vault_entry)).all() == []


def test_a_button_for_a_report_that_is_gone_does_no_harm(sam):
    assert "Thank you." in shown(sam("report.is", r="0LD0ES,,x", t="b"))
    assert "isn't here any more" in shown(sam("report.tell", r="0LD0ES"))


@pytest.mark.clause(41)
def test_danger_in_what_is_added_reaches_everybody_who_may_read_it(product, ask, holder, case):
    reference, receipt = case
    ask("inbox.assign.to", "dilys", ref=reference, to="femi")

    holder("report.add", receipt, "I want to die")

    assert sorted(each for each in told(product) if each[1] == "concern-added") == [
        ("dilys", "concern-added"),
        ("femi", "concern-added"),
    ]


@pytest.mark.clause(41)
def test_danger_in_what_is_added_hurries_a_report_that_nobody_has_opened(product, holder, case):
    _, receipt = case

    holder("report.add", receipt, "I want to die")
    go_to(product, MINUTE)

    assert told(product)[-1] == ("femi", "concern-waiting")


def test_nobody_on_the_web_is_offered_what_only_a_chat_can_do(product):
    for verb in ("report.tell", "report.hush", "report.is", "report.topic", "draft.stay"):
        asked = Incoming(school="oakfield", via=Via.WEB, sender="", verb=verb, args={"r": "7KQ4M2", "t": "b"})

        assert Reception(product.house).receive(asked).refused
        assert not Reception(product.house).receive(replace(asked, via=Via.TELEGRAM, sender="502")).refused
