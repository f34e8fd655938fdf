"""What leaves the staff's own pages as evidence: no pupil, no family, nothing typed, and no small number."""

import io
import json
from datetime import timedelta

import pytest
from pypdf import PdfReader

from bot.commands.policy import _object
from bot.desk import Reception
from bot.desk.evidence_outside import OTHERWISE, records_outside, told_outside
from bot.desk.evidence_sheet import HEAD, NEWEST, clause_page, cover, pack, rows, sheet, titled
from bot.desk.year_book import year_from
from bot.desk.yearly import yearly
from bot.paper import csv_table, pack_pdf
from bot.web import page_file
from bot.wire import Incoming, Via
from pages import plain_text
from school.evidence import Evidence
from school.sensitive import Sensitive
from staff import Duty, DutyState, Sort, answer_duty, load_clauses, policy_of, titles_of, weigh
from tests.desk.conftest import MARTA, NOW, read
from tests.desk.test_desk_events import bind
from tests.desk.test_desk_evidence import on_the_web
from tests.desk.test_desk_found import send as find
from tests.desk.test_desk_requests import unblock
from tests.desk.test_desk_sites import add as add_site

CANARIES = ("Samira", "zebra", "purple windowsill", "wobbly ladder", "OAK-73", "AAAA2222", "iPad 14", "example.org")
DAY = timedelta(days=1)


def write(desk, clause, kind, *, what="", by="", days=1, times=1):
    with desk.product.house.units.write("oakfield") as unit:
        for _ in range(times):
            unit.evidence.write(Evidence(clause=clause, kind=kind, when=NOW - days * DAY, what=what, by=by))
        unit.commit()


def titles(desk):
    with desk.product.house.units.read("oakfield") as unit:
        return titles_of(desk.product.house.shelf, policies=unit.policies, releases=unit.releases).by_id


def look(desk):
    """The school's clauses with their trails, as the pack is made of them."""
    with desk.product.house.units.read("oakfield") as unit:
        found = weigh(policy_of(unit.policies).clauses, book=unit.evidence.by_kind(), now=NOW)
        return found, unit.evidence.trails(limit=NEWEST)


def outside(desk, clause):
    """One clause as a governor reads it."""
    found, trails = look(desk)
    standing = next(each for each in found if each.clause.id == clause)
    school = desk.product.house.schools["oakfield"]
    return plain_text(clause_page(standing, trails[clause], school=school, title_of=titles(desk), outside=True))


def report_concern(desk):
    words = {"words": Sensitive("The canary sat on the purple windowsill, says Samira")}
    sent = Incoming(school="oakfield", via=Via.WEB, sender="", verb="report.send", args={"about": "pupil"}, words=words)
    assert not Reception(desk.product.house).receive(sent).refused


def answer_with_a_note(desk):
    house = desk.product.house
    school = house.schools["oakfield"]
    duty = Duty(
        id=house.new_id(NOW),
        sort=Sort.CHECK,
        subject="server-room",
        period="2026-autumn",
        person="ben",
        laid=NOW,
        due=NOW.date(),
    )
    with house.units.write("oakfield") as unit:
        unit.duties.lay(duty)
        answer_duty(
            duty,
            said=DutyState.WRONG,
            note="Samira stood on a wobbly ladder",
            clauses=("C29",),
            person=school.person("ben"),
            duties=unit.duties,
            evidence=unit.evidence,
            now=NOW,
        )
        unit.commit()


@pytest.fixture
def lived(front_desk):
    """A school where a name was typed wherever something can be typed, by the real ways."""
    bind(front_desk, MARTA, "OAK-73", "AAAA2222")
    unblock(front_desk)
    find(front_desk)
    add_site(front_desk, address="https://www.example.org/maps?child=Samira", purpose="zebra maps for Samira")
    report_concern(front_desk)
    answer_with_a_note(front_desk)
    write(front_desk, "C17", "event.notice", what="event-evening: samira-zebra to 12 families")
    write(front_desk, "C28", "check.done", what="photo-event, event-samira-zebra: done", by="ben")
    write(front_desk, "C1", "register.typed", what="Samira has a zebra", by="hannah")
    return front_desk


def squashed(pdf):
    """A PDF's words without the places where a line may break."""
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return text.replace("\u200b", "").replace("\xa0", " ")


def test_nothing_that_was_typed_and_nobody_stands_in_pack_page_table_json_or_yearly_report(lived):
    school = lived.product.house.schools["oakfield"]
    found, trails = look(lived)
    after = pack(found, trails, school=school, title_of=titles(lived))
    front, (_, grid) = cover(found, school=school, on=NOW.date()), sheet(found, school=school, on=NOW.date())
    with lived.product.house.units.read("oakfield") as unit:
        year = yearly(unit, school=school, year=year_from(school, 2026), standings=found, now=NOW)

    seen = {
        "PDF": squashed(pack_pdf(front, grid, after, lang="en", author=school.name)),
        "HTML": page_file(front, grid, after, lang="en"),
        "CSV": csv_table(HEAD, tuple(rows(found, school=school)), lang="en").decode("utf-8-sig"),
        "JSON": json.dumps(_object(found, school=school, now=NOW)),
        "year": plain_text(year),
        # The picture is made of the map alone.
        "PNG": repr(grid),
    }

    assert {
        where: word for where, told in seen.items() for word in CANARIES if word.casefold() in told.casefold()
    } == {}
    assert "“Servers, wireless and cabling are locked away”, autumn 2026/27: something is wrong" in " ".join(
        seen["PDF"].split()
    )
    for words in ("Concerns were received.", "Families were told of an event.", "before an event", str(OTHERWISE)):
        assert words in seen["HTML"]
    assert "1 was to unblock a site." in seen["year"]


def test_staff_still_read_on_their_own_page_which_site_was_looked_at(lived):
    assert "www.example.org" in read(on_the_web(lived, c="C11"))


@pytest.mark.parametrize(("times", "said"), [(1, "fewer than five"), (4, "fewer than five"), (5, "5"), (6, "6")])
def test_of_concerns_a_governor_reads_the_month_and_no_small_number(front_desk, times, said):
    write(front_desk, "C40", "concern.received", what="A concern was received by web", by="dilys", times=times)

    told = outside(front_desk, "C40")

    assert f"Records: {said}" in told
    assert told.count("11/2026: Concerns were received.") == 1
    assert "23/11/2026" not in told
    assert "Dilys" not in told


def test_of_a_familys_question_a_governor_reads_neither_the_day_nor_who_answered(front_desk):
    for clause, whose in (("C20", "family"), ("C26", "member of staff")):
        write(front_desk, clause, "question.answered", what=f"A question of a {whose} was answered", by="amara")

    assert "11/2026: Questions of families were answered.\n" in outside(front_desk, "C20") + "\n"
    assert "Amara" not in outside(front_desk, "C20")
    assert "23/11/2026: A question of a member of staff was answered (Amara\xa0Okafor)" in outside(front_desk, "C26")


def test_no_concern_at_all_is_red_and_says_so(front_desk):
    found, _ = look(front_desk)

    assert {str(records_outside(each)) for each in found} == {"0"}


def test_the_table_and_the_cover_do_not_tell_the_small_number_either(front_desk):
    write(front_desk, "C40", "concern.received", times=3)
    write(front_desk, "C29", "check.done", times=7)
    school = front_desk.product.house.schools["oakfield"]
    found, _ = look(front_desk)

    table = {str(row[0]): [str(cell) for cell in row] for row in rows(found, school=school)}

    assert table["C40"][6:8] == ["fewer than five", "11/2026"]
    assert table["C29"][6:8] == ["7", "23/11/2026"]
    assert "Records that count: 7" in plain_text(cover(found, school=school, on=NOW.date()))


def test_a_handful_of_families_is_not_counted_out(front_desk):
    write(front_desk, "C15", "home.told", what="lesson-y4-privacy-1 to 3 families of Oak")
    write(front_desk, "C15", "home.told", what="lesson-y4-privacy-1 to 13 families of Oak", days=2)

    told = outside(front_desk, "C15")

    assert "to fewer than five families of Oak" in told
    assert "to 13 families of Oak" in told


@pytest.mark.parametrize("clause", load_clauses(), ids=lambda clause: clause.id)
def test_every_kind_that_counts_has_words_for_governors(clause):
    """A new kind is told in the sentence that says least, until somebody says that its words are ours."""
    for kind in clause.counts:
        told = told_outside(Evidence(clause=clause.id, kind=kind, when=NOW, what="Samira", by=""))
        known = told == "Samira" or str(told) != str(OTHERWISE)
        assert known or kind in {"register.", "audit.", "induction.", "inset.", "publish.", "card."}


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("refresh-ai, 2026: done", "“The policy: generative AI”, 2026: done"),
        ("server-room, 2026-summer: done", "“Servers, wireless and cabling are locked away”, summer 2026/27: done"),
        (
            "server-room, 2026-autumn-2: done",
            "“Servers, wireless and cabling are locked away”, autumn 2026/27, second half: done",
        ),
        ("safer-internet-day-2027: 20 messages", "“Safer internet day 2027”: 20 messages"),
        ("Version 1, 3f2a-91c0", "Version 1, 3f2a-91c0"),
        ("no-such-page with Oak", "“No such page” with Oak"),
        ("An e-safety question was answered", "An e-safety question was answered"),
        (
            "server-room leads to www.young-minds.org.uk",
            "“Servers, wireless and cabling are locked away” leads to www.young-minds.org.uk",
        ),
    ],
)
def test_an_id_is_said_as_its_title_and_a_term_as_the_school_calls_it(front_desk, what, said):
    assert titled(what, titles(front_desk)) == said
