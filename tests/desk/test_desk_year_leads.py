"""Idris leads Year 4: he reads what is about a pupil of Year 4, as long as it is known to be, and nothing else."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.storage.keys import WrongPassphraseError
from bot.storage.tables import conversation
from bot.wire import Incoming, Via
from pages import Facts
from safeguarding import State
from school.people import Person, Role, YearGroup, YearRoute
from school.roles import Leave
from school.sensitive import Sensitive
from tests.desk.test_commands import own_environment, run, school
from tests.desk.test_desk_cases import MINUTE, told
from tests.desk.test_desk_inbox import MORNING, WORDS, labels, product, reference_of, shown, sqlite_template
from tests.desk.test_desk_sharing import Staff

__all__ = ["own_environment", "product", "school", "sqlite_template"]

IDRIS = Person(id="idris", name="Idris Khan", roles=frozenset({Role.TEACHER, Role.YEAR_LEAD}))
YEAR_4 = YearRoute(years=(YearGroup(4),), also=("idris",))
LEAD = '\n[[people]]\nid = "idris"\nname = "Idris Khan"\nroles = ["teacher", "year_lead"]\n'


@pytest.fixture
def staff(product) -> Staff:
    staff = Staff(product)
    staff.joins(IDRIS)
    staff.enrols("grace")
    staff.is_now(replace(staff.school, routing=(YEAR_4,)))
    return staff


def reported(staff: Staff, *, reader: str = "dilys", **answers: str) -> str:
    staff.ask("report.send", words=WORDS, **{"about": "pupil", **answers})
    return reference_of(staff.ask("inbox.list", reader))


@pytest.mark.clause(41)
@pytest.mark.parametrize(
    ("answers", "reader", "reads"),
    [
        ({"year": "4"}, "dilys", True),
        ({"year": "5"}, "dilys", False),
        ({}, "dilys", False),
        ({"year": "four"}, "dilys", False),
        ({"year": "4", "about": "adult"}, "hannah", False),
        ({"year": "4", "about": "not_sure"}, "hannah", False),
        ({"year": "4", "about": "lead"}, "hannah", False),
        ({"year": "4", "about": "head"}, "grace", False),
    ],
)
def test_idris_reads_what_is_about_a_pupil_of_his_year_and_hears_of_nothing_else(
    staff, product, answers, reader, reads
):
    reference = reported(staff, reader=reader, **answers)

    assert staff.reads("idris", reference) is reads
    assert staff.reads(reader, reference)
    assert (("idris", "concern-notice") in told(product)) is reads
    assert (reference in shown(staff.ask("inbox.list", "idris"))) is reads


@pytest.mark.clause(41)
def test_femi_logs_what_a_child_of_year_4_said_and_idris_reads_it(staff):
    def by_slack(verb: str, words: str = "", **args: str):
        said = {"words": Sensitive(words)} if words else {}
        asked = {"school": "oakfield", "via": Via.SLACK, "sender": "U0FEMI", "verb": verb, "args": args}
        return staff.desk.receive(Incoming(**asked, words=said))

    form = by_slack("report.start").form
    (year,) = [field for field in form.fields if field.name == "year"]
    assert [option.value for option in year.options] == ["4", "unsaid"]
    assert year.initial == "unsaid"
    by_slack("report.send", WORDS, about="pupil", year="4")
    reference = reference_of(staff.ask("inbox.list", "idris"))
    by_slack("report.send", WORDS, about="pupil", year="unsaid")

    assert staff.reads("idris", reference)
    assert "year group: 4" in shown(staff.ask("inbox.read", "dilys", ref=reference))
    assert len(re.findall("Reference", shown(staff.ask("inbox.list", "idris")))) == 1


def by_telegram(staff: Staff, verb: str, words: str = "", **args: str):
    said = {"words": Sensitive(words)} if words else {}
    asked = {"school": "oakfield", "via": Via.TELEGRAM, "sender": "502", "verb": verb, "args": args}
    return staff.desk.receive(Incoming(**asked, words=said))


def held(product) -> list[dict[str, str]]:
    with product.engines.reading() as connection:
        return list(connection.execute(select(conversation.c.held)).scalars())


@pytest.mark.clause(41)
@pytest.mark.parametrize(
    ("about", "year", "reader", "reads"),
    [("pupil", 12, "dilys", True), ("pupil", 13, "dilys", False), ("adult", 12, "hannah", False)],
)
def test_sam_comes_to_telegram_by_his_year_s_poster_and_whoever_leads_that_year_reads_it(
    staff, product, about, year, reader, reads
):
    staff.is_now(replace(staff.school, routing=(YearRoute(years=(YearGroup(12),), also=("idris",)),)))
    code = staff.house.signers["oakfield"].poster_code(year)
    asked = by_telegram(staff, "start", code=code)
    (tapped,) = [each for row in asked.choices for each in row if each.args.get("a") == about]

    by_telegram(staff, tapped.verb, **tapped.args)
    assert [("year" in each) for each in held(product)] == [reads], "no year is kept where it changes nothing"
    by_telegram(staff, "words", WORDS)
    reference = reference_of(staff.ask("inbox.list", reader))

    assert held(product) == []
    assert staff.reads("idris", reference) is reads
    assert staff.reads(reader, reference)
    assert ("year group: 12" in shown(staff.ask("inbox.read", reader, ref=reference))) is reads


def test_a_school_without_year_leads_asks_its_staff_for_no_year(staff):
    staff.is_now(replace(staff.school, routing=()))

    form = staff.desk.receive(Incoming(school="oakfield", via=Via.SLACK, sender="U0FEMI", verb="report.start")).form

    assert "year" not in [field.name for field in form.fields]


@pytest.mark.clause(41)
def test_idris_ends_no_case_and_is_offered_no_way_to(staff):
    reference = reported(staff, year="4")

    offered = labels(staff.ask("inbox.read", "idris", ref=reference))
    refused = [
        staff.ask(verb, "idris", ref=reference, words="Nothing in it.").refused
        for verb in ("inbox.close.send", "inbox.close.agree", "inbox.hand_over.send", "inbox.papers", "identity.ask")
    ]

    assert {"I am dealing with this", "Write to the sender", "Let a colleague read it"} <= {*offered}
    assert not [label for label in offered if "Close" in label or "CPOMS" in label or "file" in label]
    assert all(refused)


def state_of(product, reference: str) -> State:
    with product.house.units.read("oakfield") as unit:
        return unit.concerns.by_reference(reference).state


@pytest.mark.clause(41)
def test_the_clock_goes_on_when_idris_has_only_looked_and_stops_when_he_takes_it_on(staff, product):
    reference = reported(staff, year="4")
    assert staff.reads("idris", reference)
    assert state_of(product, reference) is State.NEW
    before = len(told(product))

    staff.house.school_clock.move_to(MORNING + 16 * MINUTE)
    staff.rounds.go()
    assert told(product)[before:] == [("femi", "concern-waiting")]
    staff.ask("inbox.acknowledge", "idris", ref=reference)
    staff.house.school_clock.move_to(MORNING + 60 * MINUTE)
    staff.rounds.go()

    assert state_of(product, reference) is State.ACKNOWLEDGED
    assert told(product)[before:] == [("femi", "concern-waiting")]


@pytest.mark.clause(40)
def test_what_is_added_while_dilys_is_away_goes_up_although_idris_is_in(staff, product):
    staff.enrols("hannah")
    thanks = shown(staff.ask("report.send", words=WORDS, about="pupil", year="4"))
    receipt = next(word for word in thanks.split() if word.count("-") == 3)
    day = staff.house.school_clock.now().date()
    away = tuple(Leave(person=each, first=day, last=day) for each in ("dilys", "femi"))
    staff.is_now(replace(staff.school, leave=away))
    before = len(told(product))

    sent = {"receipt": Sensitive(receipt), "words": Sensitive("There is more.")}
    staff.desk.receive(Incoming(school="oakfield", via=Via.WEB, sender="", verb="report.add", words=sent))

    assert sorted(told(product)[before:]) == [("hannah", "concern-added"), ("idris", "concern-added")]


def test_idris_who_is_new_to_the_year_is_let_in_by_dilys_and_only_to_his_years(staff):
    staff.is_now(replace(staff.school, routing=()))
    theirs = reported(staff, year="4")
    staff.is_now(replace(staff.school, routing=(YEAR_4,)))
    assert not staff.reads("idris", theirs)

    assert "Let Idris Khan read it" in labels(staff.ask("inbox.give", "dilys", ref=theirs))
    staff.ask("inbox.give.to", "dilys", ref=theirs, to="idris")
    other = reported(staff, year="5")

    assert staff.reads("idris", theirs)
    assert "Let Idris Khan read it" not in labels(staff.ask("inbox.give", "dilys", ref=other))
    staff.ask("inbox.give.to", "dilys", ref=other, to="idris")
    assert not staff.reads("idris", other)


def test_idris_sees_what_was_done_with_his_own_key_and_with_nobody_else_s(staff):
    for person in ("dilys", "idris"):
        with pytest.raises(WrongPassphraseError):
            staff.desk.unlock(school="oakfield", person=person, passphrase=Sensitive("not theirs at all"))
    staff.house.school_clock.move_to(MORNING + 60 * MINUTE)

    assert "A wrong passphrase was given for Idris Khan" in (page := shown(staff.ask("inbox.keys", "idris")))
    assert "Dilys Morgan" not in page
    assert "A wrong passphrase was given for Idris Khan" in shown(staff.ask("inbox.keys", "dilys"))


@pytest.mark.clause(41)
def test_the_readers_see_who_gets_which_report(staff):
    page = " ".join(shown(staff.ask("inbox.routing", "idris")).split())

    assert "About: a pupil – years: 4" in page
    assert "About: a pupil – any other year, or none said" in page
    assert page.count("May read at once: Dilys Morgan, Femi Adeyemi, Idris Khan") == 1
    assert "Self-harm, or not wanting to live" in page
    assert staff.ask("inbox.routing").refused, "nobody who is not signed in sees it"


def facts(answer) -> list[list[tuple[str, str]]]:
    blocks = answer.document.blocks
    return [[(str(label), str(value)) for label, value in block.pairs] for block in blocks if isinstance(block, Facts)]


@pytest.mark.clause(41)
def test_the_readers_read_each_row_once_and_none_that_is_empty(staff):
    staff.is_now(replace(staff.school, routing=()))
    staff.enrols("hannah")

    answer = staff.ask("inbox.routing", "dilys")
    page = " ".join(shown(answer).split())
    rows = facts(answer)

    assert "any other year" not in page, "where no year has readers of its own, nobody is told of years"
    assert "About: a pupil" in page
    assert [value for row in rows for _, value in row if value in {"", "–"}] == []
    assert len({str(row) for row in rows}) == len(rows)
    assert "Something else; I'd rather not say: " in page
    assert ("Told first, in a hurry or not", "Hannah Lewis") in next(row for row in rows if row[0][1] == "Hannah Lewis")


def test_the_readers_are_told_which_report_nobody_could_take(staff):
    school = staff.school
    staff.is_now(replace(school, people=tuple(each for each in school.people if each.id != "grace")))

    (row,) = [row for row in facts(staff.ask("inbox.routing", "dilys")) if "not taken" in str(row)]

    assert row[0] == ("May read at once", "Nobody yet, so that such a report is not taken")


@pytest.mark.clause(41)
def test_an_office_prints_the_whole_routing_of_its_school(school):
    text = school.read_text("utf-8") + LEAD + '\n[[routing]]\nyears = [4]\nalso = ["idris"]\n'
    school.write_text(text, "utf-8")

    result = run(school, "routing")

    assert result.exit_code == 0, result.output
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in result.stdout.splitlines() if "|" in line]
    whole = next(row for row in rows if row[0] == "a pupil – years: 4")
    # Nobody has a key yet, which the table says of each.
    assert whole[6] == "Dilys Morgan, Femi Adeyemi, Hannah Lewis, Idris Khan"
    assert whole[7] == "Grace Chen"
    pupils = [row[0] for row in rows if row[0].startswith("a pupil")]
    assert pupils == ["a pupil – years: 4", "a pupil – any other year, or none said"]
    assert next(row for row in rows if row[0].startswith("the headteacher"))[6:] == [
        "Grace Chen",
        "Dilys Morgan, Femi Adeyemi, Hannah Lewis, Idris Khan",
    ]
