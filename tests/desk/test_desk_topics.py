"""What a report is about, by its sender's word: asked once in whatever channel, sealed, and shown to its readers."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.desk import Reception
from bot.desk.asks import ABOUT, ABOUT_ASKED, ABOUT_MISSING, RECEIPT_FOR, WORDS_ASKED, WORDS_HINT
from bot.desk.topics import ASKED_AT, LABELS, LABELS_AT, NEED_NOT_AT
from bot.storage.tables import vault_concern, vault_entry
from bot.wire import Incoming, Kind, Via
from pages import CAPS, Bullets, Document, Reader, ease, says
from safeguarding import About, Level, Topic
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


READERS = {Level.KS1: Reader.PUPIL_KS1, Level.KS2: Reader.PUPIL_KS2, Level.KS3: Reader.PUPIL_KS3}
# What a button has room for on Slack; on a phone, about two lines.
LONGEST = 55
# Words that a child of that age need not know, or need not meet here.
HARD = {
    Level.KS1: "self-harm|nude|groom|blackmail|scam|violence|suicide|kill|dead|die|abuse|safeguarding",
    Level.KS2: "self-harm|nude|groom|blackmail|scam|violence|suicide|kill|dead|die|abuse|safeguarding",
    Level.KS3: "groom|suicide|kill|dead|die|abuse|secret",
}


def asked_at(level: Level) -> list[str]:
    """Every sentence of the form's questions and answers."""
    both = (*ABOUT[level].values(), *LABELS_AT[level].values())
    asked = (ABOUT_ASKED, ABOUT_MISSING, WORDS_ASKED, WORDS_HINT, ASKED_AT, NEED_NOT_AT, RECEIPT_FOR)
    return [str(text) for text in (*both, *(each[level] for each in asked))]


@pytest.mark.clause(40)
@pytest.mark.parametrize("level", Level)
def test_a_child_of_each_age_is_asked_everything_in_words_of_that_age(level):
    said = asked_at(level)
    found = ease(Document("", (Bullets(tuple(says(each) for each in said)),)))

    assert found is not None
    assert found.age <= CAPS[READERS[level]], found
    assert [each for each in said if re.search(rf"\b(?:{HARD[level]})", each, re.IGNORECASE)] == []


@pytest.mark.parametrize("level", Level)
def test_no_route_is_lost_at_any_age_and_none_can_be_taken_for_another(level):
    for given, all_of_them in ((ABOUT[level], About), (LABELS_AT[level], Topic)):
        said = [str(label) for label in given.values()]

        assert list(given) == list(all_of_them)
        assert len({*said}) == len(said)
        assert [each for each in said if len(each) > LONGEST] == []


def test_the_young_read_other_words_than_their_elders_and_staff_read_none_of_theirs(product):
    def form(level: str, sender: str = ""):
        asked = Incoming(school="oakfield", via=Via.WEB, sender=sender, verb="report.form", args={"level": level})
        about, words, topic = Reception(product.house).receive(asked).form.fields[:3]
        return [about.label, words.label, *(each.label for each in (*about.options, *topic.options))]

    easy, usual, eldest, staff = (form(*each) for each in (("ks1",), ("ks2",), ("ks3",), ("", "dilys")))

    assert "What happened? Tell us in your own words." in [str(each) for each in easy]
    assert LABELS_AT[Level.KS1][Topic.SELF_HARM] in easy
    assert LABELS_AT[Level.KS2][Topic.NUDES] in usual
    assert [each for each in LABELS.values() if each not in eldest] == []
    assert [each for each in LABELS.values() if each not in staff] == []


@pytest.mark.clause(41)
def test_what_the_youngest_tap_is_as_urgent_and_is_shown_to_staff_in_their_own_words(product, ask):
    asked = Incoming(school="oakfield", via=Via.WEB, sender="", verb="report.form", args={"level": "ks1"})
    topic = Reception(product.house).receive(asked).form.fields[2]
    (tapped,) = [each.value for each in topic.options if "does not want to live" in str(each.label)]

    ask("report.send", words=WORDS, about="pupil", topic=tapped, level="ks1")

    assert sorted(told(product)) == [("dilys", "concern-notice"), ("femi", "concern-notice")]
    page = shown(ask("inbox.read", "dilys", ref=reference_of(ask("inbox.list", "dilys"))))
    assert "By its sender's word: Self-harm, or not wanting to live" in page


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
