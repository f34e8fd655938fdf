"""The App Home of each role: at most five lines of what needs somebody now, and one tap for each."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.channels.slack.views import home as drawn
from bot.desk import Reception
from bot.languages import translator
from bot.wire import Incoming, Look, Show, Via
from school.people import Person, Role
from school.school import Approvers
from school.sensitive import Sensitive
from staff import DutyState, RequestState
from tests.desk.conftest import NOW, read
from tests.desk.test_desk_newsletters import asks
from tests.desk.test_desk_requests import CANARY, kept, unblock
from tests.desk.test_desk_revisits import buttons
from tests.desk.test_desk_todo import round_on, rounds_until, tap

AMARA, BEN, FEMI, HANNAH, GRACE, DILYS = "U0AMARA", "U0BEN", "U0FEMI", "U0HANNAH", "U0GRACE", "U0DILYS"
EVERYBODY = (AMARA, BEN, FEMI, HANNAH, GRACE, DILYS)
MORNING = datetime(2026, 11, 16, 9, 35, tzinfo=ZoneInfo("Europe/London"))
TAKE = "Take these clauses as our policy"
WORRY = "He said zebra would hurt me after swimming"


def at_home(desk, slack):
    return desk("home", sender=slack, lang="en")


def lines(answer):
    """Each with the one button beside it."""
    found = {}
    for card in answer.cards:
        for row in card.choices:
            (choice,) = row
            found[str(translator("en")(card.document.blocks[0].inline[0].text))] = choice
    return found


def said(answer, words):
    (line,) = [each for each in lines(answer) if words in each]
    return line, lines(answer)[line]


def goes(desk, slack, choice):
    """Somebody taps it: what they are shown."""
    return desk(choice.verb, sender=slack, lang="en", **choice.args)


def send(desk, slack, verb, args=None, **words):
    asked = Incoming(
        school="oakfield",
        via=Via.SLACK,
        sender=slack,
        verb=verb,
        args=args or {},
        words={name: Sensitive(typed) for name, typed in words.items()},
        lang="en",
    )
    return Reception(desk.product.house).receive(asked)


def reports(desk, words=WORRY):
    args = {"year": "4", "about": "pupil"}
    return send(desk, "U0PUPIL", "report.send", args, words=words)


def breach(desk, slack=BEN):
    args = {"choice": "lost", "personal": "yes", "day": "2026-11-24", "time": "09:00"}
    return send(desk, slack, "breach.send", args, why="A stick with marks")


def hold(desk, role):
    """One more person with a role and nothing else, as the office and a volunteer are not in the sample school."""
    house, slack = desk.product.house, f"U0{role.value.upper()}"
    person = Person(id=role.value, name="Robin Hale", roles=frozenset({role}), slack=slack)
    school = house.schools["oakfield"]
    house.schools["oakfield"] = replace(school, people=(*school.people, person))
    return slack


def full(desk):
    """A school in which everything waits at once."""
    rounds_until(desk, MORNING, MORNING + timedelta(days=6))
    tap(desk, HANNAH, desk("policy", sender=HANNAH, lang="en"), TAKE)
    unblock(desk)
    breach(desk)
    reports(desk)
    send(desk, FEMI, "ask.send", words="Which apps are right for eight?")
    found = {"kind": "sales", "device": "tablet", "when": "now", "year": "4", "seen": "no", "upset": "no"}
    send(desk, FEMI, "found.send", found, address="https://www.example.org/win", mark="iPad 14")
    desk.product.rounds.go()


def test_where_nothing_waits_it_is_said_warmly_and_what_somebody_does_most_is_on_top(front_desk):
    for slack, first in (
        (AMARA, ["Next for Oak", "How the policy stands", "This week's assembly", "Who has signed"]),
        (BEN, ["Requests", "Checked sites", "The filter has a fault"]),
        (HANNAH, ["How the policy stands", "Who has signed", "Families in numbers"]),
        (GRACE, ["Our policy", "How the policy stands", "Who does what"]),
        (DILYS, ["What has turned up", "How the policy stands", "Who does what"]),
    ):
        home = at_home(front_desk, slack)

        assert lines(home) == {}
        assert "Nothing waits for you. Thank you" in read(home)
        assert home.show is Show.HOME
        assert [str(choice.label) for choice in home.choices[0]] == first
        for choice in home.choices[0]:
            assert not goes(front_desk, slack, choice).refused, choice.label


def test_those_who_are_in_few_school_files_have_a_home_that_leads_somewhere(front_desk):
    for role in (Role.OFFICE, Role.VOLUNTEER, Role.GOVERNOR, Role.STAFF):
        slack = hold(front_desk, role)

        home = at_home(front_desk, slack)

        assert "Good to see you, Robin Hale." in read(home)
        for choice in (choice for row in home.choices for choice in row):
            assert not goes(front_desk, slack, choice).refused, choice.label


def test_a_full_home_has_five_lines_at_most_and_each_button_opens_what_its_line_says(front_desk):
    full(front_desk)
    front_desk.product.house.school_clock.instant = NOW + timedelta(days=1)

    for slack in EVERYBODY:
        home = at_home(front_desk, slack)
        shown = repr(drawn_of(home))

        # Of a report, a question or a request no word stands there.
        for words in ("zebra", "swimming", CANARY, "Which apps", "example.org", "stick"):
            assert words not in shown
        assert 1 <= len(lines(home)) <= 5
        for line, choice in lines(home).items():
            assert len(str(choice.label)) <= 16
            assert choice.href or leads_to(goes(front_desk, slack, choice)), line
        assert {"Report a concern", "Something on a screen"} <= set(buttons(home))


def leads_to(answer):
    return not answer.refused and bool(answer.document or answer.form)


def test_people_come_before_papers_and_a_clock_before_a_day(front_desk):
    full(front_desk)

    hannah = list(lines(at_home(front_desk, HANNAH)))
    dilys = list(lines(at_home(front_desk, DILYS)))

    assert hannah[0].startswith("A suspected breach: decide about telling the ICO by 27/11/2026")
    assert hannah[1].startswith("Something found on a screen on 24/11/2026")
    assert hannah[2].startswith("Unblock a site: Femi Adeyemi asks for your yes or no by ")
    assert dilys[0] == "A report of 24/11/2026 waits for somebody to take it on"
    assert not [line for line in lines(at_home(front_desk, AMARA)) if "report" in line]

    # Each with its button beside it, within Slack's limits.
    view = drawn_of(at_home(front_desk, HANNAH))
    beside = [block for block in view["blocks"] if block.get("accessory")]
    assert len(beside) == 5
    ids = [block["accessory"]["action_id"] for block in beside]
    ids += [each["action_id"] for block in view["blocks"] if block["type"] == "actions" for each in block["elements"]]
    assert len(set(ids)) == len(ids)
    assert len(view["blocks"]) <= 20


def drawn_of(home):
    def mint(choice):
        return f"{choice.verb} {sorted(choice.args.items())}"

    return drawn(home.document, home.choices, cards=home.cards, translate=translator("en"), mint=mint)


def test_the_lead_alone_hears_that_a_report_waits_and_goes_to_the_inbox_on_the_web(front_desk):
    reports(front_desk)
    reports(front_desk, "Something else altogether")

    line, choice = said(at_home(front_desk, DILYS), "report")

    assert line == "2 reports wait for somebody to take them on, the oldest since 24/11/2026"
    assert choice.href == "http://127.0.0.1:8000/inbox"


def test_what_is_late_stands_in_one_line_with_its_day_and_so_does_what_is_still_in_time(front_desk):
    round_on(front_desk, MORNING)
    line, choice = next(iter(lines(at_home(front_desk, BEN)).items()))
    assert re.fullmatch(r"[0-9]+ things for you to do, the first by [0-9/]{10}: .+", line)
    assert choice.verb == "todo"
    front_desk.product.house.school_clock.instant = MORNING + timedelta(days=30)

    line, choice = next(iter(lines(at_home(front_desk, BEN)).items()))

    assert re.fullmatch(r"[0-9]+ things of yours are late, the first since [0-9/]{10}: .+", line)
    assert choice.look is Look.PRIMARY
    assert line.partition(": ")[2] in read(goes(front_desk, BEN, choice))


def test_the_one_thing_that_waits_is_named_and_opened_in_one_tap(front_desk):
    round_on(front_desk, MORNING)
    with front_desk.product.house.units.write("oakfield") as unit:
        first, *others = unit.duties.waiting(person="grace")
        for each in others:
            unit.duties.answer(each.id, said=DutyState.DONE, by="grace", note="", now=NOW)
        unit.commit()

    line, choice = next(iter(lines(at_home(front_desk, GRACE)).items()))

    assert line.endswith((f": by {first.due:%d/%m/%Y}", f": was due by {first.due:%d/%m/%Y}"))
    title = line.partition(": ")[0]
    assert title in read(goes(front_desk, GRACE, choice))


def test_one_decision_is_told_by_kind_and_name_and_several_by_their_number(front_desk):
    unblock(front_desk)
    line, choice = said(at_home(front_desk, BEN), "yes or no")
    assert line.startswith("Unblock a site: Femi Adeyemi asks for your yes or no by ")
    assert "Yes" in buttons(goes(front_desk, BEN, choice))

    unblock(front_desk)
    line, choice = said(at_home(front_desk, BEN), "yes or no")
    assert line.startswith("2 requests wait for your yes or no, the first by ")
    assert "Waiting for you" in read(goes(front_desk, BEN, choice))
    assert {each.state for each in kept(front_desk)} == {RequestState.WAITING}


def test_whoever_has_looked_at_a_newsletter_is_not_asked_again(front_desk):
    front_desk.product.rounds.go()
    line, choice = said(at_home(front_desk, HANNAH), "newsletter")
    assert line == "The newsletter of 01/12/2026 waits for your look"

    card = goes(front_desk, HANNAH, choice)
    tap(front_desk, HANNAH, card, "It's ready")

    assert not [line for line in lines(at_home(front_desk, HANNAH)) if "newsletter" in line]
    assert [line for line in lines(at_home(front_desk, DILYS)) if "newsletter" in line]
    assert not [line for line in lines(asks(front_desk, "home", FEMI)) if "newsletter" in line]


def test_the_version_of_the_policy_is_asked_of_head_and_chair_until_they_agree(front_desk):
    tap(front_desk, HANNAH, front_desk("policy", sender=HANNAH, lang="en"), TAKE)

    for slack in (HANNAH, GRACE):
        line, choice = said(at_home(front_desk, slack), "policy")
        assert line == "Version 1 of the policy waits for your agreement since 24/11/2026"
        tap(front_desk, slack, goes(front_desk, slack, choice), "I agree to version 1")
        assert not [line for line in lines(at_home(front_desk, slack)) if "policy" in line]


def test_the_head_is_told_of_an_office_that_nobody_holds(front_desk):
    house = front_desk.product.house
    school = house.schools["oakfield"]
    people = tuple(each for each in school.people if not each.holds(Role.TECHNICIAN))
    house.schools["oakfield"] = replace(school, people=people)
    # The deputy may say yes instead; yet the part is vacant, and the head alone can mend that.
    assert list(lines(at_home(front_desk, HANNAH))) == ["1 part is vacant, or one person's alone"]
    house.schools["oakfield"] = replace(school, people=people, approvers=Approvers())

    line, choice = said(at_home(front_desk, HANNAH), "Nobody is there today as")

    assert line.endswith(": Technician")
    assert choice.verb == "who"
    assert "Nobody is there" not in str(lines(at_home(front_desk, DILYS)))


def test_ben_is_told_that_the_filter_is_off_and_until_when(front_desk):
    front_desk.product.house.school_clock.instant = datetime(2026, 11, 24, 11, tzinfo=UTC)
    args = {"day": "2026-11-24", "from": "now", "minutes": "30"}
    asked = front_desk("filteroff", sender=BEN, lang="en").form
    given = {field.name: field.options[0].value for field in asked.fields if field.options}
    send(front_desk, BEN, "filteroff.send", {**args, **given}, why="An update of the server")
    (request,) = kept(front_desk)
    for slack in (HANNAH, AMARA):
        front_desk("req.yes", sender=slack, lang="en", ref=request.reference)
    line, _ = said(at_home(front_desk, BEN), "Switch the filter off: granted for")
    front_desk("req.off", sender=BEN, lang="en", ref=request.reference)

    line, choice = said(at_home(front_desk, BEN), "The filter is off")

    assert line.startswith("The filter is off: switch it on again by 24/11/2026")
    assert "On again" in buttons(goes(front_desk, BEN, choice))
