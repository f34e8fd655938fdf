"""Each pupil is spoken to in words of their own level, in every channel, and told what is kept where they act."""

import re
from dataclasses import dataclass, replace

import pytest

from bot.channels.email.render import render
from bot.desk import Reception
from bot.desk.asks import RECEIPT_FOR
from bot.desk.wording import in_two
from bot.languages import page_in
from bot.wire import Incoming, Look, Via
from pages import Page, Shelf, Told, paragraph, plain, plain_text
from parents import Invitation
from safeguarding import Level, Wording, page_at
from school.sensitive import Sensitive
from tests.desk.conftest import MARTA, NOW, FrontDesk, front_desk, read

__all__ = ["front_desk"]

INTRO = {
    Level.KS1: "A grown-up can help you type.",
    Level.KS2: "It can be about you or someone else.",
    Level.KS3: "someone you hardly know",
}
THANKS = {
    Level.KS1: "Well done. That was brave.",
    Level.KS2: "You did a good thing.",
    Level.KS3: "That can't have been easy",
}
NOTICE = "What we keep about you"
WORDS = "Somebody in the game keeps asking where I live."


def asks(
    desk: FrontDesk, verb: str, *, via: Via = Via.WEB, sender: str = "", lang: str = "en", words: str = "", **args
):
    said = {"words": Sensitive(words)} if words else {}
    asked = Incoming(school="oakfield", via=via, sender=sender, verb=verb, args=args, words=said, lang=lang)
    return Reception(desk.product.house).receive(asked)


def links(document) -> list[str]:
    spans = [span for block in document.blocks for span in getattr(block, "inline", ())]
    return [span.href for span in spans if span.href]


def quiet(answer) -> list[tuple[str, str]]:
    return [
        (str(choice.label), choice.args["level"])
        for row in answer.choices
        for choice in row
        if choice.look is Look.QUIET
    ]


@pytest.mark.parametrize("level", Level)
def test_a_page_at_a_level_speaks_in_its_words_before_and_after(front_desk, level):
    form = asks(front_desk, "report.form", level=level)
    sent = asks(front_desk, "report.send", words=WORDS, about="pupil", **form.form.args)

    assert INTRO[level] in read(form)
    assert THANKS[level] in read(sent)
    assert [said for said in INTRO.values() if said in read(form)] == [INTRO[level]]
    assert f"http://127.0.0.1:8000/about/privacy-pupil-{level}" in links(form.form.more)


@pytest.mark.parametrize("asked", ["", "ks9", "KS1", "../..", "staff"])
def test_a_level_that_there_is_not_is_the_usual_one(front_desk, asked):
    form = asks(front_desk, "report.form", level=asked)

    assert INTRO[Level.KS2] in read(form)
    assert "level" not in form.form.args


def test_a_child_may_ask_for_other_words_quietly(front_desk):
    assert quiet(asks(front_desk, "report.form")) == [
        ("Make the words easier", "ks1"),
        ("I am at secondary school", "ks3"),
    ]
    assert quiet(asks(front_desk, "report.form", level="ks1")) == [
        ("Show the usual words", "ks2"),
        ("I am at secondary school", "ks3"),
    ]
    assert quiet(asks(front_desk, "report.form", level="ks3")) == [("Make the words easier", "ks2")]


@pytest.mark.parametrize("via", [Via.WEB, Via.TELEGRAM, Via.SLACK])
@pytest.mark.parametrize("level", Level)
def test_the_receipt_is_the_first_thing_on_the_page_of_thanks_with_what_it_is_for(front_desk, level, via):
    sent = asks(front_desk, "report.send", via=via, sender="502", words=WORDS, about="pupil", level=level)

    first, second, third = sent.document.blocks[:3]
    assert re.fullmatch(r"Your receipt: ([0-9A-Z]{4}-){3}[0-9A-Z]{4}", plain(first.inline))
    assert second == paragraph(RECEIPT_FOR[level])
    assert THANKS[level] in plain(third.inline)


@pytest.mark.parametrize("lang", ["pl", "ro", "ar", "ur"])
@pytest.mark.parametrize("level", Level)
def test_a_child_who_reads_another_language_reads_it_at_every_level(front_desk, lang, level):
    form = asks(front_desk, "report.form", lang=lang, level=level)
    sent = asks(front_desk, "report.send", lang=lang, words=WORDS, about="pupil", level=level)

    assert form.form.intro.lang == lang
    assert sent.document.lang == lang


@pytest.mark.clause(40)
@pytest.mark.parametrize("lang", ["en", "pl", "ro", "ar", "ur"])
@pytest.mark.parametrize("level", Level)
def test_danger_and_who_reads_it_are_never_folded_away_in_any_language(front_desk, lang, level):
    page = page_in(front_desk.product.house.shelf, page_at(level, wording=Wording.INTRO), lang)

    first, more = in_two(page)

    # A greeting, danger, and who reads it, with what cannot be promised; a translation first owns up to being one.
    assert len(first.blocks) == (3 if lang == "en" else 4)
    assert "999" in plain_text(first)
    assert "0800 1111" in plain_text(more)
    # Of a translation that nobody has checked the English stands below, with every number once more.
    assert plain_text(more).count("999") == (0 if lang == "en" else 1)
    assert plain_text(more).count("0800 1111") == (1 if lang == "en" else 2)
    assert first.blocks + more.blocks == page.blocks
    assert (first.lang, more.lang) == (lang, lang)


@dataclass
class Untranslated:
    """A shelf on which only the middle level is in Polish."""

    shelf: Shelf

    def get(self, page_id: str, lang: str, /) -> Page:
        return self.shelf.get(page_id, "en" if page_id.endswith(("-ks1", "-ks3")) else lang)

    def told(self, page_id: str, lang: str, /) -> Told:
        return self.shelf.told(page_id, self.get(page_id, lang).lang)


def test_a_child_who_reads_another_language_reads_it_rather_than_english_at_their_level(front_desk):
    house = front_desk.product.house
    front_desk = FrontDesk(replace(front_desk.product, house=replace(house, shelf=Untranslated(house.shelf))))
    form = asks(front_desk, "report.form", lang="pl", level="ks1")
    sent = asks(front_desk, "report.send", lang="pl", words=WORDS, about="pupil", level="ks1")

    assert form.form.intro.lang == "pl"
    assert sent.document.lang == "pl"
    assert quiet(form) == [], "what there is not is not offered"


def test_staff_are_offered_no_level_and_read_their_own_notice(front_desk):
    form = asks(front_desk, "report.form", via=Via.WEB, sender="dilys")

    assert quiet(form) == []
    assert "http://127.0.0.1:8000/about/privacy-staff" in links(form.document)
    assert form.form.args == {}


@pytest.mark.parametrize(("year", "level"), [("13", Level.KS3), ("12", Level.KS3)])
def test_sam_on_telegram_reads_the_words_of_the_year_that_he_chose(front_desk, year, level):
    front_desk.joined("en")
    chosen = front_desk("report.year", lang="en", year=year)
    question = front_desk("report.about", lang="en", **chosen.choices[0][0].args)
    thanks = front_desk("words", lang="en", words=WORDS)

    assert INTRO[level] in read(chosen)
    assert NOTICE in read(chosen)
    assert "Tell us what happened" in read(question)
    assert THANKS[level] in read(thanks)


def test_words_that_sam_types_before_he_says_whom_it_is_about_are_a_draft_as_ever(front_desk):
    front_desk("report.year", lang="en", year="13")

    caught = front_desk("words", lang="en", words=WORDS)

    assert "pass it on" in read(caught)
    assert front_desk.drafts(MARTA)


def test_sam_on_slack_reads_the_words_of_the_year_that_he_chose(front_desk):
    form = asks(front_desk, "report.year", via=Via.SLACK, sender="U777", year="13")
    sent = asks(front_desk, "report.send", via=Via.SLACK, sender="U777", words=WORDS, about="pupil", **form.form.args)

    assert INTRO[Level.KS3] in render(form.form.intro, lang="en").text
    assert THANKS[Level.KS3] in read(sent)
    assert quiet(form) == []


def test_a_parent_reads_what_is_kept_before_the_tap_that_joins(front_desk):
    with front_desk.product.house.units.write("oakfield") as unit:
        unit.families.add_invitation(Invitation(code="ABCD1234", class_id="oak", created=NOW))
        unit.commit()

    ask = front_desk("join.lang", lang="en", c="ABCD1234", g="en")

    assert "http://127.0.0.1:8000/about/privacy-parent" in links(ask.document)


def test_the_home_page_in_slack_says_what_is_kept_of_whoever_opens_it(front_desk):
    dilys = front_desk.product.house.schools["oakfield"].person("dilys")
    assert dilys is not None

    for sender, page in (("U777", "privacy-pupil-ks2"), (dilys.slack, "privacy-staff")):
        home = asks(front_desk, "home", via=Via.SLACK, sender=sender)
        shown = [home.document, *(card.document for card in home.cards)]
        assert f"http://127.0.0.1:8000/about/{page}" in [link for each in shown for link in links(each)]
