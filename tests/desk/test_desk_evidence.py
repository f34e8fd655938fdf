"""How the policy stands: who may look, what they see of it, and what nobody ever sees in it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.desk import Reception
from bot.paper import csv_table
from bot.paper.glyphs import Care
from bot.paper.printing import Draughtsman
from bot.storage.tables import evidence as evidence_table
from bot.wire import Incoming, Via
from pages import Document, Heading, plain_text
from parents import newsletter_of
from school.evidence import Evidence
from school.sensitive import SecretKey, Sensitive
from staff import Version, default_text
from tests.desk.conftest import MARTA, NOW, read

KEY = SecretKey(b"k" * 32)
CANARY = "the canary sat on the purple windowsill"
DAY = timedelta(days=1)


def on_the_web(desk, verb="evidence", sender="hannah", **args):
    asked = Incoming(school="oakfield", via=Via.WEB, sender=sender, verb=verb, key=KEY, args=args)
    return Reception(desk.product.house).receive(asked)


def note(desk, clause, kind, *, days=1, what="Something was done"):
    with desk.product.house.units.write("oakfield") as unit:
        unit.evidence.write(Evidence(clause=clause, kind=kind, when=NOW - days * DAY, what=what, by="amara"))
        unit.commit()


def written(desk, clause):
    columns = evidence_table.c
    with desk.product.engines.reading() as connection:
        here = select(columns.kind, columns.what, columns.at).where(columns.clause == clause)
        return [tuple(row) for row in connection.execute(here).all()]


def headings(answer):
    blocks = [card.document.blocks[0] for card in answer.cards]
    return ["".join(str(span.text) for span in block.inline) for block in blocks if isinstance(block, Heading)]


@pytest.mark.parametrize("who", ["hannah", "grace", "dilys", "femi", "amara"])
def test_whoever_answers_for_the_policy_sees_all_of_it(front_desk, who):
    answer = on_the_web(front_desk, sender=who)

    assert len(answer.cards) == 69
    assert answer.grid is not None
    assert answer.both_ends, "the files are not below 69 clauses alone"
    assert not answer.refused


def test_ben_who_looks_after_the_computers_is_kindly_refused(front_desk):
    answer = on_the_web(front_desk, sender="ben")

    assert answer.refused
    assert answer.cards == ()
    assert "C29" not in read(front_desk("lollipop", sender="U0BEN", lang="en", rest="evidence"))


def test_a_family_gets_nothing_of_it(front_desk):
    front_desk.joined("en")

    assert "C29" not in front_desk.told("evidence", lang="en")


def test_amara_reads_on_slack_what_is_not_green_and_what_to_do_next(front_desk):
    note(front_desk, "C29", "check.done", days=200)

    said = read(front_desk("evidence", sender="U0AMARA", lang="en"))

    assert "of 69 clauses 0 are green, 1 are amber and 68 are red" in said
    assert "C2: The head and the chair of governors approve" in said
    assert "and 59 more" in said


def test_one_colour_or_one_clause_is_shown_alone(front_desk):
    note(front_desk, "C29", "check.done", days=200, what="server-room, 2026-summer: done")
    for days in range(1, 8):
        note(front_desk, "C6", "lesson.taught", days=days)

    assert headings(on_the_web(front_desk, c="amber")) == ["C29 … Amber"]
    assert headings(on_the_web(front_desk, c="green")) == ["C6 ✔ Green"]
    one = read(on_the_web(front_desk, c="C29"))
    assert "“Servers, wireless and cabling are locked away”, summer 2026/27: done (Amara Okafor)" in one
    assert read(on_the_web(front_desk, c="C6")).count("Something was done") == 7
    assert len(on_the_web(front_desk, c="purple").cards) == 69


def test_a_school_s_own_check_is_called_by_its_title_also_once_it_is_not_asked_any_more(front_desk):
    own = (
        '\n[[check]]\nid = "printer"\ntitle = "The 3D printer"\nask = "Was an adult there?"\nclauses = ["C29"]\n'
        'who = "teacher"\nrhythm = "termly"\n'
    )
    note(front_desk, "C29", "check.done", what="printer, 2026-autumn: done")
    for number, more in enumerate((own, ""), 1):
        with front_desk.product.house.units.write("oakfield") as unit:
            unit.policies.add(Version(number=number, text=default_text() + more, loaded=NOW, loaded_by="hannah"))
            unit.commit()

        assert "“The 3D printer”, autumn 2026/27: done (Amara Okafor)" in read(on_the_web(front_desk, c="C29"))
        after = on_the_web(front_desk, "evidence.paper", **{"as": "pdf"}).paper.after
        assert "“The 3D printer”, autumn 2026/27: done" in plain_text(Document("", after))


@pytest.mark.clause(20)
def test_families_who_look_at_what_to_do_are_counted_once_a_day_and_nobody_can_tell_who_or_what(front_desk):
    front_desk.joined("en")
    for page in ("", "blackmail", "menu", "blackmail"):
        front_desk("whatif", lang="en", p=page)
    front_desk("whatif", sender="U0AMARA", lang="en")

    ((kind, what, at),) = written(front_desk, "C20")
    assert kind == "whatif.shown"
    assert "blackmail" not in what
    assert MARTA not in what
    assert (at.hour, at.minute, at.second) == (0, 0, 0)
    assert headings(on_the_web(front_desk, c="green")) == ["C20 ✔ Green"]


@pytest.mark.clause(45, 46, 50)
def test_a_lesson_on_reputation_is_evidence_for_pictures_of_oneself_and_of_others(front_desk):
    lesson = next(
        each.lesson
        for each in front_desk.product.house.plan
        if each.strand == "online-reputation" and each.year.code == "4"
    )

    front_desk("lesson.taught", sender="U0AMARA", lang="en", c="oak", l=lesson, t="0")

    for clause in ("C6", "C45", "C46", "C50"):
        assert [(kind, what) for kind, what, _ in written(front_desk, clause)] == [
            ("lesson.taught", f"{lesson} with Oak")
        ]
    assert len(headings(on_the_web(front_desk, c="green"))) == 4


@pytest.mark.parametrize(
    ("strand", "clauses"),
    [
        pytest.param("online-bullying", {"C6", "C54", "C56"}, marks=pytest.mark.clause(54, 56)),
        pytest.param("managing-online-information", {"C6", "C8", "C65"}, marks=pytest.mark.clause(8, 65)),
        pytest.param("privacy-and-security", {"C6", "C32", "C46", "C56"}, marks=pytest.mark.clause(32, 46, 56)),
        pytest.param("health-wellbeing-and-lifestyle", {"C4", "C6"}, marks=pytest.mark.clause(4)),
    ],
)
def test_a_lesson_that_amara_has_taught_is_evidence_for_what_its_strand_teaches(front_desk, strand, clauses):
    plan = front_desk.product.house.plan
    lesson = next(each.lesson for each in plan if each.strand == strand and each.year.code == "4")

    front_desk("lesson.taught", sender="U0AMARA", lang="en", c="oak", l=lesson, t="0")

    found = {f"C{number}" for number in range(1, 70) if written(front_desk, f"C{number}")}
    assert found == clauses


@pytest.mark.clause(19)
def test_every_newsletter_leads_to_organisations(front_desk):
    shelf = front_desk.product.house.shelf

    issues = [newsletter_of(page, shelf=shelf) for page in shelf.all(kind="newsletter")]

    assert len(issues) >= 9
    assert all(each.leads_to for each in issues)
    assert any("www.childnet.com" in each.leads_to for each in issues)


def test_no_word_of_a_report_no_address_and_no_name_of_a_family_stands_in_page_pack_or_table(front_desk):
    front_desk.joined("en")
    sent = Incoming(
        school="oakfield",
        via=Via.WEB,
        sender="",
        verb="report.send",
        args={"about": "pupil"},
        words={"words": Sensitive(CANARY)},
    )
    assert not Reception(front_desk.product.house).receive(sent).refused

    page = on_the_web(front_desk)
    pack = on_the_web(front_desk, "evidence.paper", **{"as": "pdf"}).paper
    table = on_the_web(front_desk, "evidence.paper", **{"as": "csv"}).paper
    drawn = Draughtsman("en", Care.USUAL).blocks(pack.after)
    made = csv_table(table.head, table.rows, lang="en").decode()

    seen = f"{page!r} {page.cards!r} {drawn!r} {made} {pack.document!r}"
    assert "A concern was received" in seen
    for hidden in (CANARY, "purple", f"'{MARTA}'", f" {MARTA}"):
        assert hidden not in seen
