"""Something unsuitable is on a screen: what Amara is told at once, what she sends, and who reads and ends it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.channels.slack.reading import Reader
from bot.desk import Reception
from bot.storage.tables import delivery
from bot.storage.tables import evidence as evidence_table
from bot.wire import Incoming, Show, Via
from school.people import Role
from school.roles import Leave
from school.sensitive import Sensitive
from tests.desk.conftest import NOW, read
from tests.desk.test_desk_revisits import AMARA, buttons, press

CANARY = "https://www.example.org/win/it?child=Samira"
GIVEN = {"kind": "sales", "device": "tablet", "when": "now", "year": "4", "seen": "yes", "upset": "no"}


def send(front_desk, *, address=CANARY, mark="iPad 14", **args):
    words = {"address": Sensitive(address), "mark": Sensitive(mark)}
    asked = Incoming(
        school="oakfield", via=Via.SLACK, sender=AMARA, verb="found.send", args={**GIVEN, **args}, words=words
    )
    return Reception(front_desk.product.house).receive(asked)


def sample(front_desk):
    return front_desk.product.house.schools["oakfield"]


def slack_of(front_desk, *roles):
    """Somebody on Slack with one of these roles, and with none that leads on safeguarding where that isn't asked."""
    leads = {Role.DSL, Role.DEPUTY_DSL, Role.HEAD} - set(roles)
    return next(each.slack for each in sample(front_desk).people if each.holds(*roles) and not each.roles & leads)


def told(front_desk):
    chosen = select(delivery).where(delivery.c.page == "find-waiting").order_by(delivery.c.recipient)
    with front_desk.product.engines.reading() as connection:
        return connection.execute(chosen).all()


def kept(front_desk):
    with front_desk.product.house.units.read("oakfield") as unit:
        return unit.finds.newest(limit=9)


def evidence(front_desk):
    columns = evidence_table.c
    with front_desk.product.engines.reading() as connection:
        here = select(columns.kind, columns.what).where(columns.clause == "C12").order_by(columns.at, columns.id)
        return [tuple(row) for row in connection.execute(here).all()]


@pytest.mark.clause(12)
def test_amara_is_told_at_once_what_to_do_and_no_word_of_hers_is_read():
    reader = Reader("oakfield", lambda token: ("", {}), lambda: "1", lambda user: "en")
    body = {"command": "/found", "text": "Samira saw a knife", "user_id": AMARA, "trigger_id": "t"}

    asked = reader.command(body)

    assert (asked.verb, dict(asked.args), dict(asked.words)) == ("found", {}, {})


@pytest.mark.clause(12)
def test_amara_reads_calm_steps_before_anything_is_asked(front_desk):
    answer = front_desk("found", sender=AMARA, lang="en")

    said = read(answer)
    assert said.index("Turn the screen off") < said.index("Don't search for it again")
    assert "Nobody is in trouble" in said
    assert "don't look again and don't copy anything" in said
    assert "999" in said
    assert answer.show is Show.REPLY
    assert list(buttons(answer)) == ["Tell whoever looks after the filter", "Log a concern for a child"]


@pytest.mark.clause(12)
def test_the_filter_s_owner_and_the_lead_hear_a_reference_and_nothing_else(front_desk):
    form = press(front_desk, front_desk("found", sender=AMARA, lang="en"), "Tell whoever looks after the filter").form
    assert [field.name for field in form.fields if field.private] == ["address", "mark"]
    answer = send(front_desk)

    (find,) = kept(front_desk)
    recipients = {each.recipient for each in told(front_desk)}
    people = [person for person in sample(front_desk).people if person.id in recipients]
    assert any(person.holds(Role.TECHNICIAN, Role.ESAFETY_LEAD) for person in people)
    assert any(person.holds(Role.DSL) for person in people)
    assert {tuple(each.values.items()) for each in told(front_desk)} == {(("reference", find.reference),)}
    assert {each.lane for each in told(front_desk)} == {"safeguarding"}
    assert find.reference in read(answer)
    assert evidence(front_desk) == [("find.reported", find.reference)]


def test_nothing_of_a_child_is_kept(front_desk):
    send(front_desk)

    (find,) = kept(front_desk)
    assert "Samira" not in repr(find)
    assert (find.address, find.mark, find.year.code, find.at) == ("https://www.example.org/win/it", "iPad 14", "4", NOW)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({"kind": ""}, "choose an answer to each question"),
        ({"device": "knife"}, "choose an answer to each question"),
        ({"address": "some page"}, "no address of a web page"),
        ({"mark": "Samira's iPad"}, "No names, please"),
    ],
)
def test_amara_is_asked_again_and_loses_nothing(front_desk, given, asked):
    answer = send(front_desk, **given)

    assert answer.refused
    assert answer.form is not None
    assert asked in read(answer)
    assert kept(front_desk) == ()
    assert told(front_desk) == []


def test_amara_who_knows_no_address_and_no_number_is_heard(front_desk):
    answer = send(front_desk, address="", mark="", year="unsaid", upset="yes")

    (find,) = kept(front_desk)
    assert (find.address, find.mark, find.year) == ("", "", None)
    assert buttons(answer)["Log a concern for a child"].verb == "report.start"
    assert "log a concern: it is one tap" in read(answer)


@pytest.mark.clause(12)
def test_the_filter_s_owner_reads_it_and_says_what_was_done(front_desk):
    owner = slack_of(front_desk, Role.TECHNICIAN, Role.ESAFETY_LEAD)
    send(front_desk)
    (find,) = kept(front_desk)

    waiting = front_desk("found.list", sender=owner, lang="en", topic="finds")
    opened = front_desk("found.read", sender=owner, lang="en", ref=find.reference)
    form = front_desk("found.deal", sender=owner, lang="en", ref=find.reference).form
    done = front_desk(form.verb, sender=owner, lang="en", **form.args, how="provider")
    twice = front_desk(form.verb, sender=owner, lang="en", **form.args, how="nothing")

    assert f"{find.reference}, told on 24/11/2026, 11:00: waits for you" in read(waiting)
    assert "example[.]org/win/it" in read(opened)
    assert "https://" not in read(opened)
    assert "iPad 14" in read(opened)
    assert "Blocked by the filter's provider, on 24/11/2026, by" in read(done)
    assert "already" in read(twice)
    assert ("find.dealt_with", f"{find.reference}: provider") in evidence(front_desk)
    assert "dealt with" in read(front_desk("found.list", sender=owner, lang="en", topic="finds"))


def test_a_colleague_who_owns_no_filter_reads_nothing_of_it(front_desk):
    send(front_desk)
    (find,) = kept(front_desk)
    owners = {Role.TECHNICIAN, Role.ESAFETY_LEAD, Role.DSL, Role.DEPUTY_DSL, Role.HEAD}
    colleague = next(each.slack for each in sample(front_desk).people if each.slack and not each.roles & owners)

    for verb in ("found.list", "found.read", "found.deal", "found.deal.send"):
        answer = front_desk(verb, sender=colleague, lang="en", ref=find.reference)
        assert answer.refused
        assert "example" not in read(answer)


@pytest.mark.clause(12)
def test_what_may_be_a_crime_to_look_at_goes_to_the_safeguarding_lead_alone(front_desk):
    owner = slack_of(front_desk, Role.TECHNICIAN, Role.ESAFETY_LEAD)
    lead = slack_of(front_desk, Role.DSL)
    answer = send(front_desk, kind="child_abuse")
    (find,) = kept(front_desk)

    recipients = {each.recipient for each in told(front_desk)}
    assert all(sample(front_desk).person(each).holds(Role.DSL) for each in recipients)
    assert "Tell them in person too, now" in read(answer)
    assert "nothing by that reference" in read(front_desk("found.read", sender=owner, lang="en", ref=find.reference))
    assert find.reference not in read(front_desk("found.list", sender=owner, lang="en", topic="finds"))
    assert "Don't open its address" in read(front_desk("found.read", sender=lead, lang="en", ref=find.reference))


def test_where_the_lead_is_away_a_deputy_or_the_head_hears_of_it(front_desk, monkeypatch):
    school = sample(front_desk)
    away = tuple(Leave(person=each.id, first=NOW.date(), last=NOW.date()) for each in school.holders(Role.DSL))
    monkeypatch.setitem(front_desk.product.house.schools, "oakfield", replace(school, leave=away))

    send(front_desk, kind="child_abuse")

    (found,) = told(front_desk)
    assert school.person(found.recipient).holds(Role.DEPUTY_DSL, Role.HEAD)


def test_a_pupil_on_slack_is_sent_to_what_is_theirs(front_desk):
    answer = front_desk("found", sender="U0NOBODY", lang="en")

    assert answer.refused
    assert "school staff" in read(answer)
