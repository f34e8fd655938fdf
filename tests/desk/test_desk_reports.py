"""What a report must never do: hand over another one, or go to whom it is about because nobody said who that is."""

import pytest

from bot.desk import Reception
from bot.unit import Conversation
from bot.wire import Incoming, Via
from school.sensitive import Sensitive
from tests.desk.test_desk_cases import case, desk, holder
from tests.desk.test_desk_inbox import MORNING, ask, product, reference_of, shown, sqlite_template

__all__ = ["ask", "case", "desk", "holder", "product", "sqlite_template"]

SAM, OTHER = "904215502", "7KQ4-M2XW-9D3F-HB6T"
SAID = f"It goes on. I told you before, {OTHER}, and he hit me."
KEPT = "It goes on. I told you before, (a receipt), and he hit me."


def typed(product, verb, words="", **args):
    said = {"words": Sensitive(words)} if words else {}
    asked = Incoming(school="oakfield", via=Via.TELEGRAM, sender=SAM, place=SAM, verb=verb, args=args, words=said)
    return Reception(product.house).receive(asked)


@pytest.mark.clause(40)
@pytest.mark.parametrize("way", ["web", "guided", "out of the blue"])
def test_whoever_reads_a_report_holds_no_receipt_of_another_however_it_came(product, ask, way):
    if way == "web":
        ask("report.send", words=SAID, about="pupil")
    elif way == "guided":
        typed(product, "report.about", a="pupil", y="13")
        typed(product, "words", SAID)
    else:
        typed(product, "words", SAID)
        typed(product, "draft.about", a="pupil")

    read = shown(ask("inbox.read", "dilys", ref=reference_of(ask("inbox.list", "dilys"))))

    assert KEPT in " ".join(read.split())
    assert OTHER not in read


@pytest.mark.clause(40)
def test_nor_in_what_its_sender_adds_to_it(ask, holder, case):
    reference, receipt = case
    holder("report.add", receipt, SAID)

    read = shown(ask("inbox.read", "dilys", ref=reference))

    assert KEPT in " ".join(read.split())
    assert OTHER not in read


@pytest.mark.clause(40)
@pytest.mark.parametrize("about", ["", "somebody", "pupil "])
def test_a_report_that_does_not_say_whom_it_is_about_is_not_given_to_the_lead_it_may_be_about(ask, about):
    ask("report.send", words="She shouted at me.", about=about)

    assert not ask("inbox.list", "dilys").cards
    assert "She shouted at me." in shown(ask("inbox.read", "hannah", ref=reference_of(ask("inbox.list", "hannah"))))


def test_a_question_that_another_release_asked_loses_no_words(product, ask):
    with product.house.units.write("oakfield") as unit:
        held = {"about": "a word of another release", "level": "ks9"}
        told = Conversation(flow="report", step="words", held=held, touched=MORNING)
        unit.conversations.keep(via=Via.TELEGRAM, address=SAM, conversation=told)
        unit.commit()

    typed(product, "words", "She shouted at me.")

    assert "She shouted at me." in shown(ask("inbox.read", "hannah", ref=reference_of(ask("inbox.list", "hannah"))))
