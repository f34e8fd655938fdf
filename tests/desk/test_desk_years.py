"""Who may report where: every year on every channel, written out. Nobody is a pupil in any table."""

import re
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import select

from bot.desk import Reception
from bot.storage.columns import METADATA
from bot.tokens import Signer
from bot.wire import Incoming, Via
from school.people import Reporting, YearGroup
from school.sensitive import Sensitive
from tests.desk.test_commands import own_environment, run, school, sqlite_template

__all__ = ["own_environment", "school", "sqlite_template"]

PUPIL, FEMI, SAM = "U0PUPIL", "U0FEMI", "502"
CANARY = "zebra umbrella seventeen lighthouse"
# What somebody says of themselves: whether the guided report is for them by Slack, by Telegram, and on the web form.
WHO_MAY = """
    year        slack   telegram   web
    R           no      no         yes
    1           no      no         yes
    2           no      no         yes
    3           no      no         yes
    4           no      no         yes
    5           no      no         yes
    6           no      no         yes
    7           no      no         yes
    8           no      no         yes
    9           no      no         yes
    10          no      no         yes
    11          no      no         yes
    12          yes     yes        yes
    13          yes     yes        yes
    nothing     no      no         yes
    unsaid      no      no         yes
    parent      no      no         yes
    14          no      no         yes
    -1          no      no         yes
    twelve      no      no         yes
    12.0        no      no         yes
"""
TABLE = [
    (year, via, says == "yes")
    for year, *cells in (line.split() for line in WHO_MAY.strip().splitlines()[1:])
    for via, says in zip((Via.SLACK, Via.TELEGRAM, Via.WEB), cells, strict=True)
]
SENDERS = {Via.SLACK: PUPIL, Via.TELEGRAM: SAM, Via.WEB: ""}


def ask(front_desk, verb, *, via, words="", sender=None, **args):
    said = {"words": Sensitive(words)} if words else {}
    who = SENDERS[via] if sender is None else sender
    return Reception(front_desk.product.house).receive(
        Incoming(school="oakfield", via=via, sender=who, verb=verb, args=args, words=said)
    )


def is_shown_the_web_form(answer) -> bool:
    links = [choice.href for row in answer.choices for choice in row if choice.href]
    return bool(links) and all(link.startswith("http://127.0.0.1:8000/report") for link in links)


def goes_on(answer) -> bool:
    """With the report's form, or the question that comes before its words."""
    asked = {choice.verb for row in answer.choices for choice in row}
    return (answer.form is not None and answer.form.verb == "report.send") or "report.about" in asked


@pytest.mark.clause(40)
@pytest.mark.parametrize(("year", "via", "may"), TABLE)
def test_the_guided_report_is_for_every_year_on_the_web_and_from_sixteen_on_in_a_chat(front_desk, year, via, may):
    said = {"nothing": ""}.get(year, year)
    verb = "report.form" if via is Via.WEB else "report.year"

    answer = ask(front_desk, verb, via=via, year=said)

    assert goes_on(answer) is may
    assert is_shown_the_web_form(answer) is not may


@pytest.mark.parametrize(("year", "via", "may"), [row for row in TABLE if row[1] is not Via.WEB])
def test_no_other_way_in_a_chat_leads_round_the_question(front_desk, year, via, may):
    said = {"nothing": ""}.get(year, year)

    assert goes_on(ask(front_desk, "report.form", via=via, year=said)) is may
    ask(front_desk, "report.about", via=via, a="pupil", y=said)
    told = ask(front_desk, "words", via=via, words=CANARY)

    asked = {choice.verb for row in told.choices for choice in row}
    assert ("draft.pass" in asked) is not may, "whoever may goes on with a report; whoever may not is caught"


@pytest.mark.clause(40)
@pytest.mark.parametrize(("year", "via", "may"), [row for row in TABLE if row[1] is not Via.WEB and not row[2]])
def test_what_a_child_types_who_may_not_is_sealed_all_the_same(front_desk, year, via, may):
    ask(front_desk, "report.year", via=via, year=year)

    ask(front_desk, "words", via=via, words=CANARY)

    assert front_desk.drafts(SENDERS[via])


@pytest.mark.parametrize(("via", "sender"), [(Via.SLACK, PUPIL), (Via.TELEGRAM, SAM)])
def test_a_form_that_comes_back_is_taken_whatever_it_says_of_a_year(front_desk, via, sender):
    answer = ask(front_desk, "report.send", via=via, sender=sender, words=CANARY, about="pupil", year="7")

    assert not answer.refused
    assert "Your receipt" in repr(answer.document)


@pytest.mark.parametrize("named", [{7, 8}, {11, 12}, {10}, set()])
def test_a_school_that_names_younger_years_lets_none_of_them_in(named):
    reporting = Reporting(dm_years=frozenset(YearGroup(year) for year in named))

    assert reporting.years_by_dm == ((YearGroup(12),) if 12 in named else ())
    assert not any(reporting.dm_allowed(YearGroup(year)) for year in range(12))


def test_the_years_that_are_offered_are_those_that_may(front_desk):
    house = front_desk.product.house
    school = house.schools["oakfield"]
    house.schools["oakfield"] = replace(school, reporting=replace(school.reporting, dm_years=frozenset({YearGroup(9)})))
    try:
        offered = ask(front_desk, "report.start", via=Via.TELEGRAM)
    finally:
        house.schools["oakfield"] = school

    assert [choice.args["year"] for row in offered.choices for choice in row] == [""]


def test_staff_are_known_and_asked_for_no_year(front_desk):
    answer = ask(front_desk, "report.start", via=Via.SLACK, sender=FEMI)

    assert answer.form is not None
    assert answer.form.verb == "report.send"
    assert answer.form.args == {}


def test_a_parent_is_one_whose_chat_joined_and_nobody_else(front_desk):
    assert not goes_on(ask(front_desk, "report.year", via=Via.TELEGRAM, sender="501", year="parent"))

    front_desk.joined("en")

    assert goes_on(ask(front_desk, "report.year", via=Via.TELEGRAM, sender="501", year="parent"))
    assert not goes_on(ask(front_desk, "report.year", via=Via.TELEGRAM, sender=SAM, year="parent"))


def test_nobody_is_a_pupil_in_the_database_and_no_year_is_kept_of_anybody(front_desk):
    for via in (Via.SLACK, Via.TELEGRAM):
        ask(front_desk, "report.start", via=via)
        ask(front_desk, "report.year", via=via, year="12")
        ask(front_desk, "report.about", via=via, y="12", a="pupil")

    # Of a class, not of anybody in it: whom a site is for, which class was there when something turned up, and of which
    # years a family asked to hear.
    of_classes = {"checked_site.year_from", "checked_site.year_to", "unsuitable_find.year", "family.years"}
    # The office's own codes, which lead to a child with the list alone that stays in the office (0045).
    of_classes |= {"adult_answer.pupil", "event_reply.pupil", "family_code.pupil"}
    columns = {
        f"{table.name}.{column.name}" for table in METADATA.sorted_tables for column in table.columns
    } - of_classes
    assert not [name for name in columns if re.search("pupil|child|year", name)]
    with front_desk.product.engines.reading() as connection:
        for table in METADATA.sorted_tables:
            if table.name != "school":  # the school's own file names its classes' years
                assert "'12'" not in str(connection.execute(select(table)).all())


# Posters.


def signer_of(front_desk) -> Signer:
    return front_desk.product.house.signers["oakfield"]


@pytest.mark.parametrize("year", range(14))
def test_a_posters_code_is_six_letters_that_say_a_year_and_a_school(year):
    keys = ((2, b"b" * 32), (1, b"a" * 32))
    ours, theirs, older = Signer("oakfield", keys), Signer("beechwood", keys), Signer("oakfield", keys[1:])
    code = ours.poster_code(year)

    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{6}", code)
    for spelt in (code, code.lower(), f" {code[:3]}-{code[3:]} ", code.replace("0", "o").replace("1", "l")):
        assert ours.poster_year(spelt) == year
    assert theirs.poster_year(code) is None
    assert ours.poster_year(older.poster_code(year)) == year, "posters stay good when keys rotate"
    for wrong in ("", "7", code[:5], code + "0", code[:5] + ("0" if code[5] != "0" else "1"), "é" * 6, "......"):
        assert ours.poster_year(wrong) is None


@pytest.mark.parametrize(("year", "may"), [(0, False), (4, False), (11, False), (12, True), (13, True)])
def test_a_posters_code_in_a_chat_is_as_if_the_year_had_been_chosen(front_desk, year, may):
    code = signer_of(front_desk).poster_code(year)

    answer = ask(front_desk, "start", via=Via.TELEGRAM, code=code)

    assert goes_on(answer) is may
    if not may:
        assert [choice.href for row in answer.choices for choice in row] == [
            f"http://127.0.0.1:8000/report?code={code}"
        ]


def test_a_wrong_code_in_a_chat_is_told_so_and_starts_nothing(front_desk):
    answer = ask(front_desk, "start", via=Via.TELEGRAM, code="0" * 6)

    assert answer.refused
    assert not goes_on(answer)


async def test_a_posters_address_sets_the_year_of_the_form_and_of_nothing_else(front_desk):
    code = signer_of(front_desk).poster_code(4)
    transport = httpx.ASGITransport(front_desk.product.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as web:
        page = (await web.get(f"/report?code={code}")).text
        plain = (await web.get("/report")).text
        wrong = (await web.get("/report?code=000000&lang=en")).text
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        sent = await web.post(f"/report?code={code}", data={**hidden, "f-about": "pupil", "w-words": CANARY})

    assert "This is the form for Year 4." in page
    assert f'action="/report?code={code}"' in page
    assert "This is the form for" not in plain
    assert "This is the form for" not in wrong
    assert "000000" not in wrong, "a code that is none of ours is not carried on"
    assert sent.status_code == 200
    assert not sent.cookies
    assert read_details(front_desk) == (("year_group", "4"),)


def read_details(front_desk):
    house = front_desk.product.house
    with house.units.read("oakfield") as unit:
        (pair, *_), (concern, *_) = unit.concerns.wrapped_keys("dilys"), unit.concerns.for_reader("dilys")
        key = house.vault.unlock([pair], Sensitive("three kind lollipops"))
        return unit.concerns.open(concern.id, person="dilys", key=key).details


def test_an_office_prints_a_poster_for_a_year(school, tmp_path):
    file = tmp_path / "year-4.svg"

    result = run(school, "report", "poster", "4", "--file", str(file))

    assert result.exit_code == 0, result.output
    code = re.search(r"/report\?code=([0-9A-Z]{6})", result.stdout)
    assert code
    assert f"/start {code[1]}" in result.stdout
    assert code[1] in file.read_text("utf-8")
    for wrong in ("14", "fourteen"):
        assert "no year group" in str(run(school, "report", "poster", wrong).exception)
