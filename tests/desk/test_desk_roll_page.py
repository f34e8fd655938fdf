"""The roll by person on the web, and the papers of an INSET day: Hannah reads, filters and takes them along."""

import asyncio
import io
from datetime import timedelta

import httpx
import pytest
from pptx import Presentation

from bot.desk import Reception
from bot.languages import translator
from bot.wire import Incoming, Via
from pages import plain_text
from school.people import Role
from school.sensitive import SecretKey
from staff import DutyState, Sort, inset_agenda
from tests.desk.conftest import NOW, read
from tests.desk.test_desk_meetings import opened
from tests.desk.test_desk_todo import holder, round_on, school_of

ROUND = NOW.replace(hour=9, minute=35)
KEY = SecretKey(b"k" * 32)


def on_web(desk, verb, person="hannah", **args):
    asked = Incoming(school="oakfield", via=Via.WEB, sender=person, key=KEY, verb=verb, args=args, lang="en")
    return Reception(desk.product.house).receive(asked)


def in_slack(desk, verb, slack):
    return desk(verb, sender=slack, lang="en", topic=verb)


def cards(answer):
    """The lines of each card, by the name on it."""
    say = translator("en")
    found = {}
    for card in answer.cards:
        heading, _, lines = card.document.blocks
        found[heading.inline[0].text] = ["".join(say(span.text) for span in item) for item in lines.items]
    return found


def laid(desk):
    """Staff are asked for their signatures and their modules; Ben has done his first module."""
    round_on(desk, ROUND)
    with desk.product.house.units.write("oakfield") as unit:
        first = next(each for each in unit.duties.waiting(person="ben") if each.sort is Sort.MODULE)
        unit.duties.answer(first.id, said=DutyState.DONE, by="ben", note="", now=NOW)
        unit.commit()
    return desk.product.house.shelf.title(first.subject)


@pytest.mark.clause(25)
def test_hannah_reads_who_has_finished_what_and_who_is_late_first(front_desk):
    title = laid(front_desk)

    roll = on_web(front_desk, "roll.people")
    ben = cards(roll)["Ben Carter"]
    assert f"Finished: {title}, 24/11/2026" in ben
    assert any(
        line.startswith("Not yet: What staff agree about screens, data and life online, due by ") for line in ben
    )
    assert "Nobody here is late" in read(roll)
    progress = roll.cards[list(cards(roll)).index("Ben Carter")].progress
    assert progress.done == 1
    assert progress.of == len(ben)

    front_desk.product.house.school_clock.instant = NOW + timedelta(days=60)
    late = on_web(front_desk, "roll.people", r="late")
    assert "are late." in read(late)
    assert any(line.startswith("Late: What staff agree") for line in cards(late)["Ben Carter"])


def test_a_meeting_stands_there_with_its_day_until_somebody_says_that_they_were_there(front_desk):
    opened(front_desk, holder(front_desk, Role.ESAFETY_LEAD), "23/11/2026")

    (waits,) = [line for line in cards(on_web(front_desk, "roll.people"))["Ben Carter"] if "INSET" in line]

    assert waits.startswith("Not yet: INSET day, 23/11/2026, due by ")


def test_one_office_is_shown_by_its_link_and_an_office_that_there_is_not_shows_everybody(front_desk):
    laid(front_desk)

    everybody = on_web(front_desk, "roll.people")
    technicians = on_web(front_desk, "roll.people", r="technician")

    assert list(cards(technicians)) == ["Ben Carter"]
    assert cards(on_web(front_desk, "roll.people", r="<script>")) == cards(everybody)
    links = {str(choice.label): choice.args for choice in everybody.choices[0]}
    assert links["Everybody"] == {}
    assert links["Technician"] == {"r": "technician"}
    assert "Office" not in links
    assert cards(on_web(front_desk, "roll.people", r="late")) == {}
    assert read(technicians).startswith("Who has finished what: Technician")
    assert "nobody to show" in read(on_web(front_desk, "roll.people", r="late"))


def test_the_table_has_what_the_page_shows_and_a_name_that_says_the_day(front_desk):
    title = laid(front_desk)

    paper = on_web(front_desk, "roll.table", r="technician").paper

    assert paper.name == "roll-2026-11-24"
    rows = [[str(cell) for cell in row] for row in paper.rows]
    assert {row[0] for row in rows} == {"Ben Carter"}
    (done,) = [row for row in rows if row[4] == "finished"]
    assert done[3] == title or title in done[3]
    assert done[6] == "2026-11-24"
    assert len(rows[0]) == len(paper.head)


def test_the_roll_is_for_whoever_minds_it_and_signed_in(front_desk):
    laid(front_desk)

    for verb in ("roll.people", "roll.table"):
        assert on_web(front_desk, verb, "dilys").refused
        assert on_web(front_desk, verb, "grace").refused
        assert in_slack(front_desk, verb, "U0HANNAH").refused
        assert not on_web(front_desk, verb).refused


def links_of(answer):
    return {str(each.label): each.href for row in answer.choices for each in row if each.href}


def get(desk, href):
    """Whoever has the link opens it, with no more than that."""

    async def asked():
        transport = httpx.ASGITransport(desk.product.app, raise_app_exceptions=False, client=("127.0.0.1", 4000))
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.get(href)

    return asyncio.run(asked())


@pytest.mark.clause(25)
def test_amara_takes_slides_and_a_sheet_to_sign_from_slack_without_a_key(front_desk):
    amara = holder(front_desk, Role.ESAFETY_LEAD)
    links = links_of(in_slack(front_desk, "inset", amara.slack))

    slides = get(front_desk, links["Slides (PPTX)"])
    sheet = get(front_desk, links["Agenda and signing sheet (PDF)"])

    assert (slides.status_code, sheet.status_code) == (200, 200)
    assert slides.headers["content-disposition"] == 'attachment; filename="inset-2026-11-24.pptx"'
    assert slides.headers["cache-control"] == "no-store"
    titles = [slide.shapes.title.text for slide in Presentation(io.BytesIO(slides.content)).slides]
    assert titles[:2] == ["Our e-safety policy", "Agenda"]
    assert sheet.content.startswith(b"%PDF")


def test_the_sheet_has_a_line_for_each_of_the_staff_and_nobody_s_name_but_the_lead_s(front_desk):
    school = school_of(front_desk)

    sheet = inset_agenda(school=school, on=NOW.date())

    staff = [person for person in school.people if person.on_staff]
    assert f"\n{len(staff)}." in plain_text(sheet)
    assert f"\n{len(staff) + 1}." not in plain_text(sheet)
    assert [person.name for person in school.people if person.name in str(sheet)] == ["Dilys Morgan"]


def test_a_link_that_was_cut_changed_or_made_for_a_lesson_opens_nothing(front_desk):
    amara = holder(front_desk, Role.ESAFETY_LEAD)
    href = links_of(in_slack(front_desk, "inset", amara.slack))["Slides (PPTX)"]
    ticket = href.split("/")[-2]
    signer = front_desk.product.house.signers["oakfield"]
    house = front_desk.product.house
    lesson = signer.papers("strong-passwords", on=house.machine_clock.now().date())
    old = signer.papers("inset", on=house.machine_clock.now().date() - timedelta(days=200))

    for other in (ticket[:-3], ticket[::-1], lesson, old, "x"):
        answered = get(front_desk, href.replace(ticket, other))
        assert answered.status_code == 403
        assert "link" in answered.text or "button" in answered.text
        assert not answered.content.startswith(b"PK")


def test_whoever_does_not_lead_gets_no_link_and_hannah_has_a_page_with_both(front_desk):
    assert links_of(in_slack(front_desk, "inset", "U0BEN")) == {}
    page = on_web(front_desk, "inset")
    assert set(links_of(page)) == {"Slides (PPTX)", "Agenda and signing sheet (PDF)"}
    assert on_web(front_desk, "inset", "dilys").refused
