"""Guidance cards: what Dilys or Hannah does with a report, by when, and whom they call."""

import re
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.channels.email.render import render as as_email
from bot.channels.slack.render import fallback_text
from bot.channels.telegram.render import render as as_telegram
from bot.commands.content import data_faults
from bot.languages import translator
from pages import Span, inlines, plain_text
from safeguarding import (
    LOCALS,
    GuidanceFault,
    NoSuchCardError,
    Unit,
    card_faults,
    guidance,
    load_cards,
    load_help_lines,
)
from school.calendar import Calendar
from school.people import LocalService, Reporting
from school.school import School

CARD = """\
[[card]]
id = "one"
title = "One"
when = "Something happened."
steps = ["Do this.", "Then do that."]
within = { text = "At once.", count = 0, unit = "hour" }
call = ["emergency", "lado"]
checked = 2026-02-28
review_by = 2027-02-28
source = "Ourselves"
"""
NUMBER = re.compile(r"(?<![\d/:.-])(?:0800 \d{3,4}(?: \d{3,4})?|03\d\d \d{3} \d{4}|999|101|7726|85258)(?![\d/:-])")
TODAY = date(2026, 11, 25)


def a_school(**rest) -> School:
    calendar = Calendar(zone=ZoneInfo("Europe/London"), half_terms=())
    return School(id="oakfield", name="Oakfield", calendar=calendar, classes=(), people=(), languages=(), **rest)


def written(folder: Path, text: str) -> Path:
    file = folder / "guidance.toml"
    file.write_text(text, "utf-8")
    return file


def links(card: str, school: School | None) -> list[Span]:
    spans = [span for block in guidance(card, school=school).blocks for inline in inlines(block) for span in inline]
    return [span for span in spans if span.href]


@pytest.mark.clause(40)
def test_dilys_has_a_card_for_each_kind_of_report():
    assert [card.id for card in load_cards()] == [
        *("concern", "bullying", "grooming", "nudes", "self-harm", "prevent", "money", "filtering"),
        *("adult", "low-level", "head"),
    ]


@pytest.mark.parametrize("card", load_cards(), ids=lambda card: card.id)
def test_every_card_says_what_to_do_by_when_and_where_that_was_read(card):
    known = {line.id for line in load_help_lines() if line.verified} | set(LOCALS)

    assert 2 <= len(card.steps) <= 6
    assert card.when
    assert card.within.text
    assert len(card.source) > 40
    assert card.checked <= card.review_by <= card.checked + timedelta(days=365)
    assert [name for name in card.call if name not in known] == []


@pytest.mark.clause(40)
@pytest.mark.parametrize("card", ["adult", "head"])
def test_hannah_and_grace_call_the_lado_first_and_within_one_working_day(card):
    found = next(each for each in load_cards() if each.id == card)

    assert (found.within.count, found.within.unit) == (1, Unit.WORKING_DAY)
    assert found.call[0] == "lado"
    assert "investigate" in " ".join(found.steps)


@pytest.mark.parametrize("card", ["grooming", "nudes"])
def test_dilys_is_told_to_begin_at_once_where_minutes_count(card):
    found = next(each for each in load_cards() if each.id == card)

    assert (found.within.count, found.within.unit) == (0, Unit.HOUR)
    assert found.call[0] == "emergency"


def test_dilys_is_told_first_of_all_not_to_look_at_a_childs_picture():
    card = next(card for card in load_cards() if card.id == "nudes")

    assert card.steps[0].startswith("Never look at the pictures.")
    assert "report-remove" in card.call


def test_every_number_in_the_steps_is_one_that_was_verified():
    known = {number for line in load_help_lines() if line.verified for number in (line.phone, line.sms.split(" ")[0])}

    said = {number for card in load_cards() for step in card.steps for number in NUMBER.findall(step)}

    assert said
    assert said <= known


@pytest.mark.clause(40)
def test_hannah_taps_the_schools_own_number_of_the_lado():
    school = a_school(services=(LocalService(id="lado", name="LADO team", phone="01632 960 222", hours="9 to 5"),))

    told = as_email(guidance("adult", school=school), lang="en").text

    assert "LADO team: 01632 960 222 9 to 5" in told
    assert "Emergency services: Call 999" in told
    first = links("adult", school)[0]
    assert (first.href, first.text) == ("tel:01632960222", "01632 960 222")


@pytest.mark.parametrize("school", [None, a_school()], ids=["no-school", "no-numbers"])
def test_hannah_is_told_whom_to_ask_where_the_school_file_has_no_number(school):
    told = plain_text(guidance("adult", school=school))

    assert "Ask your local authority's children's services for the LADO" in told
    assert "The number is not in the school file yet." in told
    assert "Ask your local authority's switchboard for children's services." in told
    assert all("lado" not in str(span.href) for span in links("adult", school))


def test_dilys_taps_the_number_that_is_answered_when_school_is_closed_from_either_place_of_the_file():
    by_setting = a_school(reporting=Reporting(out_of_hours_phone="01632 960 999"))
    by_service = a_school(services=(LocalService(id="out-of-hours", name="Duty team", phone="01632 960 888"),))

    assert "When school is closed: 01632 960 999" in plain_text(guidance("concern", school=by_setting))
    assert "Duty team: 01632 960 888" in plain_text(guidance("concern", school=by_service))
    assert "ask your local authority's emergency duty team" in plain_text(guidance("concern", school=None))


@pytest.mark.parametrize("spelling", ["childrens-services", "mash", "childrens-social-care"])
def test_childrens_services_are_found_by_each_of_their_names(spelling):
    school = a_school(services=(LocalService(id=spelling, name="Front door", phone="01632 960 111"),))

    assert "Front door: 01632 960 111" in plain_text(guidance("concern", school=school))


@pytest.mark.parametrize("card", load_cards(), ids=lambda card: card.id)
def test_dilys_reads_the_same_card_on_each_channel(card):
    document = guidance(card.id, school=None)
    telegram = "".join(as_telegram(document, (), lang="en", mint=lambda _: "").parts)
    seen = {
        "email": as_email(document, lang="en").text,
        "telegram": re.sub(r"<[^>]+>", "", telegram).replace("&#x27;", "'").replace("&quot;", '"'),
        "slack": fallback_text(document, translate=translator("en")),
    }

    for said in (*card.steps, card.within.text, "Checked on 25 November 2026"):
        assert [channel for channel, words in seen.items() if said not in words] == [], said


def test_a_card_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(NoSuchCardError, match=r"“vaping”\. The cards are: concern, bullying, "):
        guidance("vaping", school=None)


def test_an_author_is_told_of_every_fault_with_its_line_in_one_report(tmp_path):
    text = CARD.replace('steps = ["Do this.", "Then do that."]', 'steps = ["Do this."]')
    text += "\n" + CARD.replace('call = ["emergency", "lado"]', 'call = ["emergency", "ghost", "iwf"]')
    text += "\n" + CARD.replace('"one"', '"three"').replace('"hour"', '"fortnight"').replace("2027-02-28", "2028-03-01")
    file = written(tmp_path, text + 'fone = "1"\n')

    with pytest.raises(GuidanceFault) as caught:
        load_cards(file)

    faults = [line.removeprefix(f"{file}:") for line in str(caught.value).splitlines()]
    assert [fault.partition(":")[0] for fault in faults] == ["13", "5", "18", "28", "31", "33"]
    assert "there are two cards with the id one" in faults[0]
    assert "5: steps: " in faults[1]
    assert "ghost, iwf (nobody has verified it)" in faults[2]
    assert "within.unit" in faults[3]
    assert "at most twelve months later" in faults[4]
    assert "fone" in faults[5]


def test_an_author_is_told_the_head_of_a_card_where_a_key_is_missing_and_of_toml_that_is_none(tmp_path):
    with pytest.raises(GuidanceFault, match=r"guidance\.toml:1: source: "):
        load_cards(written(tmp_path, CARD.replace('source = "Ourselves"\n', "")))
    with pytest.raises(GuidanceFault, match=r"guidance\.toml: "):
        load_cards(written(tmp_path, "[[card"))
    with pytest.raises(GuidanceFault, match=r"guidance\.toml:1: card: "):
        load_cards(written(tmp_path, 'title = "no cards"\n'))


def test_an_author_is_told_of_a_card_that_is_due_and_of_no_other(tmp_path):
    file = written(tmp_path, CARD + "\n" + CARD.replace('"one"', '"two"').replace("2027-02-28", "2026-12-31"))

    assert card_faults(date(2026, 12, 31), file) == ()
    (fault,) = card_faults(date(2027, 2, 28), file)
    assert fault.startswith(f"{file}:20: two was to be looked at again by 2026-12-31")
    assert len(card_faults(date(2027, 3, 1), file)) == 2


def test_an_author_is_told_of_a_card_that_is_too_hard_to_read(tmp_path):
    hard = (
        "Notwithstanding institutional accountability, comprehensively operationalise interdisciplinary considerations."
    )
    file = written(tmp_path, CARD.replace("Do this.", hard))

    (fault,) = card_faults(TODAY, file)

    assert fault.startswith(f"{file}:5: one has a reading age of ")


def test_an_office_hears_of_old_and_wrong_cards_where_it_hears_of_all_content(tmp_path):
    old = data_faults(None, on=date(2027, 3, 1), cards=written(tmp_path, CARD))
    wrong = data_faults(None, on=TODAY, cards=written(tmp_path, CARD.replace('"hour"', '"age"')))

    assert data_faults(None, on=TODAY) == []
    assert [fault for fault in old if "guidance.toml:9: one was to be looked at again" in fault]
    assert [fault for fault in wrong if "guidance.toml:6: within.unit: " in fault]
