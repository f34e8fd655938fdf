"""Which message a report came in: on the case page and in its files, and never whose chat it was."""

import json
from datetime import UTC, datetime

import pytest

from bot.desk import Reception
from bot.storage import sealing
from bot.wire import Incoming, Via
from school.messages import ChatMessage
from school.sensitive import Sensitive
from tests.desk.test_desk_inbox import ask, product, reference_of, shown, sqlite_template
from tests.desk.test_desk_papers import words_of

__all__ = ["ask", "product", "sqlite_template"]

CHAT, PUPIL, AMARA = "904215502", "U0PUPIL", "U0AMARA"
AT, LATER = datetime(2026, 6, 24, 13, 5, 7, tzinfo=UTC), datetime(2026, 6, 24, 13, 9, tzinfo=UTC)
MESSAGE = ChatMessage(number="482", at=AT)
ON_SLACK = ChatMessage(number="1795514400.000200", at=AT)
WORDS = "Somebody asks for pictures."


@pytest.fixture
def said(product):
    desk = Reception(product.house)

    def asked(sender, verb, words="", message=None, args=None, **more):
        via = Via.SLACK if sender.startswith("U") else Via.TELEGRAM
        typed = {"words": Sensitive(words)} if words else {}
        return desk.receive(
            Incoming(
                school="oakfield",
                via=via,
                sender=sender,
                place=sender,
                verb=verb,
                args={**(args or {}), **more},
                words=typed,
                message=message,
                semantic_id=f"{sender}:{message.number}" if message else None,
            )
        )

    return asked


@pytest.fixture
def chosen(said):
    """From the shortcut at a message to the last form; what is filled in there is sent."""

    def begin(sender, told):
        answer = said(sender, "report.start", args={"message": told})
        while answer.form.verb != "report.send":
            answer = said(sender, answer.form.verb, args={**answer.form.args, "year": "12"})
        form = answer.form
        return lambda words, **given: said(sender, form.verb, words, args={**form.args, **given})

    return begin


@pytest.fixture
def everything(ask):
    """All that a reader ever sees of the one report there is."""

    def read(person="dilys") -> str:
        reference = reference_of(ask("inbox.list", person))
        page = shown(ask("inbox.read", person, ref=reference))
        paper = words_of(ask("inbox.paper", person, ref=reference, **{"as": "pdf"}).paper.document)
        table = ask("inbox.paper", person, ref=reference, **{"as": "csv"}).paper.rows
        return "\n".join([page, paper, *(" ".join(map(str, row)) for row in table)])

    return read


@pytest.mark.clause(42)
def test_the_message_that_sam_wrote_when_he_was_asked_to_stands_on_the_page_and_in_the_files(said, everything):
    said(CHAT, "report.about", a="pupil", y="13")
    said(CHAT, "words", WORDS, MESSAGE)

    read = everything()

    # By the school's clock: it is summer.
    assert read.count("Telegram message 482, 24/06/2026 14:05:07") == 3
    assert CHAT not in read


@pytest.mark.clause(42)
@pytest.mark.parametrize(("sender", "message"), [(CHAT, MESSAGE), (PUPIL, ON_SLACK)])
def test_so_does_the_message_that_came_out_of_the_blue(said, everything, sender, message):
    said(sender, "words", WORDS, message)
    said(sender, "draft.about", a="pupil")

    read = everything()

    platform = "Slack" if sender == PUPIL else "Telegram"
    assert read.count(f"{platform} message {message.number}, 24/06/2026 14:05:07") == 3
    assert sender not in read


def test_words_that_were_changed_say_so_and_when(said, everything):
    said(CHAT, "words", WORDS, ChatMessage(number="482", at=AT, edited=LATER))
    said(CHAT, "draft.about", a="pupil")

    told = "Telegram message 482, 24/06/2026 14:05:07, changed by its writer 24/06/2026 14:09:00"
    assert told in " ".join(everything().split())


@pytest.mark.parametrize("sender", [PUPIL, AMARA])
def test_a_message_that_somebody_chose_to_report_goes_along_with_the_form(chosen, everything, sender):
    form = chosen(sender, ChatMessage(number="1795514400.000200", at=AT, channel="C0OAK").spelt())
    form(about="pupil", words=WORDS)

    read = " ".join(everything().split())

    assert read.count("Slack message 1795514400.000200 in the channel C0OAK, 24/06/2026 14:05:07") == 3


def test_a_form_without_a_message_says_nothing_of_one(chosen, everything):
    chosen(PUPIL, "D0PUPIL:3.3")(about="pupil", words=WORDS)

    read = everything()

    assert " message " not in read
    assert "D0PUPIL" not in read


def test_a_message_in_a_form_of_the_web_is_nobody_s_word(ask, everything):
    ask("report.send", words=WORDS, about="pupil", message=MESSAGE.spelt())

    assert "Slack message" not in everything()


def test_the_sealed_words_hold_the_number_and_the_times_and_not_one_byte_of_the_chat(said, ask, monkeypatch):
    sealed = []

    def canonical(story):
        sealed.append(json.dumps([story.about, story.via, story.words.reveal(), *story.details]))
        return taken(story)

    taken = sealing._canonical
    monkeypatch.setattr(sealing, "_canonical", canonical)
    said(CHAT, "report.about", a="pupil", y="13")
    said(CHAT, "words", WORDS, MESSAGE)
    said(CHAT, "words", WORDS, ChatMessage(number="483", at=AT))

    assert [told.count(MESSAGE.spelt()) for told in sealed] == [1, 0]
    assert "483 2026-06-24T13:05:07+00:00 - -" in sealed[1]
    assert not any(CHAT in told for told in sealed)
