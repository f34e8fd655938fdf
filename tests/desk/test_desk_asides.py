"""A receipt and a greeting are no worries: nothing of them is kept. Everything else, however short, is caught."""

import re

import pytest

from safeguarding import UnknownReceiptError
from safeguarding.receipts import without_receipts
from school.sensitive import Sensitive

PUPIL, AMARA = "U0PUPIL", "U0AMARA"
CANARY = "zebra umbrella seventeen lighthouse"
RECEIPT = re.compile(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}")
UNKNOWN = "7KQ4-M2XW-9D3F-HB6T"
NOT_FOUND = str(UnknownReceiptError.text)


def a_report_of(front_desk) -> str:
    found = RECEIPT.search(front_desk.told("report.send", words=CANARY, sender="U0FEMI", lang="en", about="pupil"))
    assert found
    return found[0]


@pytest.mark.parametrize("sender", ["502", PUPIL])
@pytest.mark.parametrize(
    "around",
    ["{}", "  {} ", "my receipt is {}", "Hi, what happened with my report? {} Thanks!", "{} co z moje zgłoszenie?"],
)
def test_sam_sends_his_receipt_and_is_told_how_his_report_stands(front_desk, sender, around):
    receipt = a_report_of(front_desk)

    for typed in (receipt, receipt.lower(), receipt.replace("-", "\u2013")):
        answer = front_desk("words", words=around.format(typed), sender=sender, lang="en")
        assert "Your report has arrived. Nobody has opened it yet." in repr(answer.document)
        assert answer.delete_incoming
        assert not front_desk.drafts(sender)


def test_sam_leaves_the_dashes_out_of_his_receipt_and_is_told_all_the_same(front_desk):
    receipt = a_report_of(front_desk)

    for typed in (receipt.replace("-", ""), receipt.replace("-", " ")):
        assert "Your report has arrived." in front_desk.told("words", words=typed, sender="502", lang="en")


def test_an_unknown_receipt_is_answered_in_the_words_of_the_web_page_and_kept_nowhere(front_desk):
    answer = front_desk("words", words=UNKNOWN, sender="502", lang="en")

    assert NOT_FOUND in repr(answer.document)
    assert answer.delete_incoming
    assert not front_desk.drafts("502")


def test_an_unknown_receipt_takes_as_long_as_a_known_one_and_neither_holds_the_writer(front_desk, monkeypatch):
    known, looked_up = a_report_of(front_desk), []
    house = front_desk.product.house
    slowly = house.vault.halves

    def halves(school, typed):
        with house.units.write(school):  # raises where this thread holds the writer already
            looked_up.append(school)
        return slowly(school, typed)

    monkeypatch.setattr(house.vault, "halves", halves)

    front_desk("words", words=known, sender="502")
    front_desk("words", words=UNKNOWN, sender="502")

    assert looked_up == ["oakfield", "oakfield"]


@pytest.mark.parametrize(
    "words",
    [
        "{} he hit me again",
        "my receipt is {} and it happened again last night",
        "{} please help",
        "{} 😢",
        "help help help help",
        "this must stop here",
        "help-help-help-help",
        "meet 2day park gate",
    ],
)
def test_sams_trouble_is_caught_though_a_receipt_or_something_like_one_stands_in_it(front_desk, words):
    receipt = a_report_of(front_desk)

    front_desk("words", words=words.format(receipt), sender="502", lang="en")

    assert front_desk.drafts("502")


def test_the_lead_never_reads_the_receipt_of_another_report_in_sams_words():
    said = without_receipts(Sensitive(f"my receipt is {UNKNOWN} and he hit me, help help help help"))

    assert said.reveal() == "my receipt is (a receipt) and he hit me, help help help help"


def test_the_lead_reads_the_number_of_a_card_that_sam_was_made_to_give():
    told = "he made me give him mums card 4929-1234-5678-9012"

    assert without_receipts(Sensitive(told)).reveal() == told


GREETINGS = (
    *("hi", "Hello", "hey!", "HELLO THERE", "good morning", "Thanks!", "thank you 🙏", "ok", "ok, thanks", "hi 👋"),
    *("cześć", "czesc", "Dzień dobry!", "dziękuję", "bună ziua", "buna", "Mulțumesc", "السلام علیکم", "شکریہ"),
    *("مرحبًا", "شكرًا", "صباح الخير", "hi, good morning"),
)


@pytest.mark.parametrize("words", GREETINGS)
def test_marta_says_hello_and_is_greeted_and_nothing_is_kept(front_desk, words):
    told = front_desk.told("words", words=words, lang="en")

    assert "It's nice to hear from you." in told
    assert "/news" in told
    assert "Tell someone" in told
    assert not front_desk.drafts()


def test_amara_says_hello_there_and_is_shown_what_she_can_type(front_desk):
    told = front_desk.told("words", words="hello there", sender=AMARA, lang="en")

    assert "/lesson Oak" in told
    assert not front_desk.drafts(AMARA)


@pytest.mark.parametrize(
    "words",
    [
        *("help", "hi he hits me", "ok i need help", "hello help", "hi hi help me", "hello, can you help", "please"),
        *("no", "yes", "stop", "bye", "goodbye", "good night", "sorry", "hi 😢", "😢", "?", "hello it's me again"),
        *("thanks for nothing", "ok he did it", "not ok", "i'm ok", "hi, good morning, he hit me", "hi-he hits me"),
        *("pomocy", "cześć on mnie bije", "ajutor", "bună ajutor", "مدد", "شكرا ساعدوني", "سلام مدد", "h i", "sos"),
    ],
)
def test_anything_else_that_sam_writes_is_caught_however_short(front_desk, words):
    front_desk("words", words=words, sender="502", lang="en")

    assert front_desk.drafts("502")


def test_sam_says_ok_to_the_question_and_is_asked_it_again_with_its_buttons(front_desk):
    front_desk("words", words=CANARY, sender="502", lang="en")

    told = front_desk.told("words", words="ok", sender="502", lang="en")

    assert "Do you want us to pass this on?" in front_desk("words", words="ok", sender="502", lang="en").document.title
    assert "Yes, pass it on" in told
    assert front_desk.drafts("502")


def test_sam_says_hi_where_his_report_is_awaited_and_it_is_still_awaited(front_desk):
    front_desk("report.about", sender="502", a="pupil", y="12")

    greeted = front_desk.told("words", words="hi", sender="502", lang="en")
    sent = front_desk.told("words", words=CANARY, sender="502", lang="en")

    assert "Tell us what happened, in your own words." in greeted
    assert "Thank you for telling us" in sent
    assert RECEIPT.search(sent)
    assert not front_desk.drafts("502")


def test_a_pupil_on_slack_is_offered_nothing_that_would_be_refused(front_desk):
    for told in (
        front_desk.told("lollipop", sender=PUPIL, lang="en"),
        front_desk.told("unknown", sender=PUPIL, lang="en"),
        front_desk.told("words", words="hi", sender=PUPIL, lang="en"),
    ):
        assert "/report" in told
        assert "/lesson" not in told
        assert "/assembly" not in told
        assert "/lollipop" not in told


def test_grace_who_does_not_teach_is_offered_all_but_lessons(front_desk):
    told = front_desk.told("lollipop", sender="U0GRACE", lang="en")

    assert "/lollipop coverage" in told
    assert "/lesson" not in told


def test_a_pupil_on_slack_is_asked_for_the_years_of_their_own_school(front_desk):
    (years,) = front_desk("report.start", sender=PUPIL, lang="en").form.fields

    school = front_desk.product.house.schools["oakfield"]
    asked = sorted({*school.years, *school.reporting.dm_years})
    assert [option.value for option in years.options] == [*(year.code for year in asked), "unsaid"]
    assert set(school.years) < set(asked)
    assert str(years.options[-1].label) == "I'd rather not say"


def test_a_pupil_who_would_rather_not_say_is_shown_the_form_that_is_open_to_all(front_desk):
    answer = front_desk("report.year", sender=PUPIL, lang="en", year="unsaid")

    assert answer.form is None
    assert [choice.href for row in answer.choices for choice in row] == ["http://127.0.0.1:8000/report"]


@pytest.mark.parametrize("sender", ["502", PUPIL])
def test_a_receipt_comes_with_the_place_to_ask(front_desk, sender):
    told = front_desk.told("words", words=CANARY, sender=sender, lang="en")

    assert "http://127.0.0.1:8000/report/receipt" in told


def test_marta_taps_no_thanks_and_nothing_of_hers_is_stored(front_desk):
    told = front_desk("join.no", g="pl", lang="en")

    assert told.lang == "pl"
    assert "That's fine. You have not joined" in repr(told.document)
    with front_desk.product.house.units.read("oakfield") as unit:
        assert unit.families.by_address(via="telegram", address="501") is None
