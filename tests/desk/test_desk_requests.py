"""Requests over the real desk: who decides, what a second tap does, and what is said to whom."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.desk import Reception
from bot.scheduling.request_round import follow_requests
from bot.storage.tables import delivery
from bot.storage.tables import evidence as evidence_table
from bot.wire import Incoming, Show, Via
from school.school import Approvers, Filtering
from school.sensitive import Sensitive
from tests.desk.conftest import NOW, read
from tests.desk.test_desk_revisits import buttons

FEMI, AMARA, HANNAH, BEN, DILYS = "U0FEMI", "U0AMARA", "U0HANNAH", "U0BEN", "U0DILYS"
CANARY = "zebra maps for Samira"
SITE = {"address": "https://www.example.org/maps?child=Samira", "why": CANARY}


def send(front_desk, verb, *, sender=FEMI, words=None, **args):
    wrapped = {name: Sensitive(said) for name, said in (words or {}).items()}
    asked = Incoming(school="oakfield", via=Via.SLACK, sender=sender, verb=verb, args=args, words=wrapped)
    return Reception(front_desk.product.house).receive(asked)


def tap(front_desk, verb, *, sender, ref, words=None, **args):
    return send(front_desk, verb, sender=sender, words=words, ref=ref, **args)


def unblock(front_desk, *, sender=FEMI, **changed):
    args = {"class": "elm", "weeks": "2", **{name: said for name, said in changed.items() if name not in SITE}}
    words = {**SITE, **{name: said for name, said in changed.items() if name in SITE}}
    return send(front_desk, "unblock.send", sender=sender, words=words, **args)


def kept(front_desk):
    with front_desk.product.house.units.read("oakfield") as unit:
        return unit.requests.newest(limit=9)


def told(front_desk, page):
    chosen = select(delivery).where(delivery.c.page == page).order_by(delivery.c.recipient)
    with front_desk.product.engines.reading() as connection:
        return connection.execute(chosen).all()


def evidence(front_desk, clause):
    columns = evidence_table.c
    with front_desk.product.engines.reading() as connection:
        here = select(columns.kind, columns.what).where(columns.clause == clause).order_by(columns.at, columns.id)
        return [tuple(row) for row in connection.execute(here).all()]


def later(front_desk, wait):
    """The round, so long after now."""
    house = front_desk.product.house
    house.school_clock.move_to(NOW + wait)
    return follow_requests(house.units, house.schools["oakfield"], NOW + wait)


def change_school(front_desk, **changed):
    house = front_desk.product.house
    house.schools["oakfield"] = replace(house.schools["oakfield"], **changed)


@pytest.mark.clause(36)
def test_a_site_is_unblocked_when_three_have_said_yes_and_blocked_again_by_a_tap(front_desk):
    assert front_desk("unblock", sender=FEMI, lang="en").show is Show.FORM
    thanks = unblock(front_desk)

    (asked,) = kept(front_desk)
    ref = asked.reference
    assert ref in read(thanks)
    assert asked.subject == "https://www.example.org/maps"
    assert {each.recipient for each in told(front_desk, "request-waits")} == {"amara", "hannah", "ben"}
    for sender in (BEN, HANNAH):
        card = tap(front_desk, "req.read", sender=sender, ref=ref)
        assert CANARY in read(card)
        tap(front_desk, buttons(card)["Yes"].verb, sender=sender, ref=ref)
        assert kept(front_desk)[0].state == "waiting"
    assert "It is granted" in read(tap(front_desk, "req.yes", sender=AMARA, ref=ref))
    assert [each.recipient for each in told(front_desk, "request-granted")] == ["femi"]
    assert [each.recipient for each in told(front_desk, "request-to-do")] == ["ben"]

    assert later(front_desk, timedelta(days=13)) == 0
    for day in (15, 16):
        assert later(front_desk, timedelta(days=day)) == 1
        assert later(front_desk, timedelta(days=day, minutes=1)) == 0
    assert [each.recipient for each in told(front_desk, "request-to-undo")] == ["ben", "ben"]
    assert "Waiting for you" in read(front_desk("requests", sender=BEN, lang="en"))
    tap(front_desk, "req.done", sender=BEN, ref=ref)

    assert later(front_desk, timedelta(days=17)) == 0
    assert (kept(front_desk)[0].state, kept(front_desk)[0].closed_by) == ("closed", "ben")
    assert [each.recipient for each in told(front_desk, "request-ended")] == ["femi"]
    kinds = sorted(kind.removeprefix("request.") for kind, _ in evidence(front_desk, "C36"))
    assert kinds == sorted(["asked", "yes", "yes", "yes", "granted", "chased", "chased", "undone"])
    assert {what for _, what in evidence(front_desk, "C36")} == {f"unblock a site: {ref}"}


@pytest.mark.clause(36)
def test_one_no_refuses_with_its_reason_and_nothing_changes_after(front_desk):
    unblock(front_desk)
    (asked,) = kept(front_desk)
    tap(front_desk, "req.yes", sender=BEN, ref=asked.reference)

    again = tap(front_desk, "req.no.send", sender=HANNAH, ref=asked.reference, words={"why": " "})
    tap(front_desk, "req.no.send", sender=HANNAH, ref=asked.reference, words={"why": "It has a chat"})
    late = tap(front_desk, "req.yes", sender=AMARA, ref=asked.reference)

    assert again.refused
    assert late.refused
    assert "changed nothing" in read(late)
    assert kept(front_desk)[0].state == "refused"
    assert [each.recipient for each in told(front_desk, "request-refused")] == ["femi"]
    assert "It has a chat" in read(tap(front_desk, "req.read", sender=FEMI, ref=asked.reference))


@pytest.mark.clause(36)
def test_a_button_that_is_tapped_or_delivered_twice_counts_once(front_desk):
    unblock(front_desk)
    (asked,) = kept(front_desk)
    yes = Incoming(
        school="oakfield", via=Via.SLACK, sender=BEN, verb="req.yes", args={"ref": asked.reference}, transport_id="t1"
    )
    desk = Reception(front_desk.product.house)

    desk.receive(yes)
    desk.answered([yes])
    delivered_again = desk.receive(yes)
    desk.receive(replace(yes, transport_id="t2"))

    assert delivered_again.show is Show.SILENT
    with front_desk.product.house.units.read("oakfield") as unit:
        assert [each.person for each in unit.requests.votes(asked.id)] == ["ben"]
    assert kept(front_desk)[0].state == "waiting"


@pytest.mark.clause(36)
def test_whoever_asks_and_whoever_has_no_seat_can_neither_grant_nor_refuse(front_desk):
    unblock(front_desk, sender=AMARA)
    (asked,) = kept(front_desk)

    card = read(tap(front_desk, "req.read", sender=AMARA, ref=asked.reference))
    own = tap(front_desk, "req.yes", sender=AMARA, ref=asked.reference)
    other = tap(front_desk, "req.yes", sender="U0GRACE", ref=asked.reference)

    assert "No, because" not in card
    assert "E-safety lead: Dilys Morgan" in card
    assert own.refused
    assert "no request by that reference" in read(other)
    with front_desk.product.house.units.read("oakfield") as unit:
        assert unit.requests.votes(asked.id) == ()


def test_what_cannot_be_granted_is_said_plainly_before_anything_is_kept(front_desk):
    change_school(front_desk, approvers=Approvers())

    answer = unblock(front_desk, sender=AMARA)

    assert answer.refused
    assert answer.form is not None
    assert "nobody can say yes as e-safety lead" in read(answer)
    assert kept(front_desk) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"address": "a page"}, "no address of a web page"),
        ({"why": ""}, "write a few words"),
        ({"why": "ring 0161 496 0000"}, "leave out the long number"),
        ({"weeks": "99"}, "don't fit together"),
    ],
)
def test_what_cannot_be_taken_is_asked_again_and_nobody_is_told(front_desk, changed, said):
    answer = unblock(front_desk, **changed)

    assert answer.refused
    assert answer.form is not None
    assert said in read(answer)
    assert kept(front_desk) == ()
    assert told(front_desk, "request-waits") == []


def test_nobody_s_words_stand_in_a_notice_or_in_evidence(front_desk):
    unblock(front_desk)

    with front_desk.product.engines.reading() as connection:
        rows = repr(connection.execute(select(delivery)).all())
        rows += repr(connection.execute(select(evidence_table)).all())
    assert kept(front_desk)[0].reference in rows
    assert "zebra" not in rows
    assert "Samira" not in rows
    assert "example.org" not in rows


def test_a_request_that_nobody_decides_lapses_and_femi_is_told(front_desk):
    unblock(front_desk)

    moved = later(front_desk, timedelta(days=14))

    assert moved == 1
    assert kept(front_desk)[0].state == "lapsed"
    assert [each.recipient for each in told(front_desk, "request-lapsed")] == ["femi"]


def off(front_desk, *, sender=BEN, **changed):
    args = {"day": "2026-11-24", "time": "as_soon", "minutes": "30", **changed}
    return send(front_desk, "filteroff.send", sender=sender, words={"why": "The new filter"}, **args)


@pytest.mark.clause(37)
def test_the_filter_is_off_by_two_and_head_and_lead_are_told_until_it_is_on_again(front_desk):
    assert front_desk("filteroff", sender=FEMI, lang="en").refused
    off(front_desk)
    (asked,) = kept(front_desk)
    ref = asked.reference
    assert {each.recipient for each in told(front_desk, "request-waits")} == {"amara", "hannah"}
    assert tap(front_desk, "req.off", sender=BEN, ref=ref).refused
    tap(front_desk, "req.yes", sender=AMARA, ref=ref)
    tap(front_desk, "req.yes", sender=HANNAH, ref=ref)

    card = tap(front_desk, "req.off", sender=BEN, ref=ref)
    assert list(buttons(card)) == ["On again", "All requests"]
    assert later(front_desk, timedelta(minutes=29)) == 0
    assert later(front_desk, timedelta(minutes=30)) == 1
    assert later(front_desk, timedelta(minutes=44)) == 0
    assert later(front_desk, timedelta(minutes=45)) == 1
    alarms = told(front_desk, "filter-left-off")
    assert sorted({each.recipient for each in alarms}) == ["amara", "ben", "hannah"]
    assert len(alarms) == 6
    assert {each.lane for each in alarms} == {"safeguarding"}
    tap(front_desk, "req.on", sender=HANNAH, ref=ref)

    assert later(front_desk, timedelta(minutes=90)) == 0
    assert tap(front_desk, "req.off", sender=BEN, ref=ref).refused
    kinds = sorted(kind.removeprefix("request.") for kind, _ in evidence(front_desk, "C37"))
    assert kinds == sorted(["asked", "yes", "yes", "granted", "off", "alarm", "alarm", "on"])


@pytest.mark.clause(37)
def test_the_filter_may_be_off_only_when_it_was_agreed_and_the_head_s_own_wish_needs_her_deputy(front_desk):
    off(front_desk, sender=HANNAH, time="15:00")
    (asked,) = kept(front_desk)
    tap(front_desk, "req.yes", sender=BEN, ref=asked.reference)
    assert tap(front_desk, "req.yes", sender=HANNAH, ref=asked.reference).refused
    tap(front_desk, "req.yes", sender=AMARA, ref=asked.reference)
    assert kept(front_desk)[0].state == "waiting"
    tap(front_desk, "req.yes", sender=DILYS, ref=asked.reference)

    assert kept(front_desk)[0].state == "granted"
    assert "at the time that was agreed" in read(tap(front_desk, "req.off", sender=BEN, ref=asked.reference))
    later(front_desk, timedelta(hours=5))
    assert kept(front_desk)[0].state == "lapsed"


FAULT = {"address": "https://www.example.org/bad", "where": "Room 3", "why": "zebra"}


@pytest.mark.clause(38)
def test_a_fault_goes_to_the_technician_and_femi_gets_a_text_for_the_provider(front_desk):
    answer = send(front_desk, "filterfault.send", words=FAULT, choice="lets_through")

    (fault,) = kept(front_desk)
    said = read(answer)
    assert "Please send this to the filter's provider" in said
    assert f"Our reference: {fault.reference}" in said
    assert "https www[.]example[.]org/bad" in said
    assert "zebra" not in said
    assert [each.recipient for each in told(front_desk, "filter-fault")] == ["ben"]
    assert told(front_desk, "filter-fault-provider") == []
    closed = tap(front_desk, "req.close.send", sender=BEN, ref=fault.reference, words={"why": "Mended by 3 pm"})
    assert "Kept with" in read(closed)
    assert "Mended by 3 pm" in read(tap(front_desk, "req.read", sender=FEMI, ref=fault.reference))
    assert sorted(kind for kind, _ in evidence(front_desk, "C38")) == ["request.closed", "request.told"]


@pytest.mark.clause(38)
def test_where_there_is_an_address_for_faults_the_provider_is_e_mailed_without_femi_s_words(front_desk):
    change_school(front_desk, filtering=Filtering(provider="Safe Net", fault_email="faults@example.net"))
    house = replace(front_desk.product.house, letters=True)
    words = {name: Sensitive(said) for name, said in FAULT.items()}
    asked = Incoming(
        school="oakfield", via=Via.SLACK, sender=FEMI, verb="filterfault.send", args={"choice": "blocks"}, words=words
    )

    answer = Reception(house).receive(asked)

    (mail,) = told(front_desk, "filter-fault-provider")
    assert "The provider is e-mailed" in read(answer)
    assert (mail.to_kind, mail.channel, mail.lane) == ("provider", "email", "safeguarding")
    assert set(mail.values) == {"reference", "what", "address"}
    assert "zebra" not in repr(mail.values)


@pytest.mark.clause(43)
def test_a_program_needs_two_and_is_closed_when_it_is_installed(front_desk):
    words = {"name": "Scratch", "why": "Coding with Year 5", "devices": "The Year 5 tablets"}
    send(front_desk, "install.send", words=words)
    (asked,) = kept(front_desk)

    tap(front_desk, "req.yes", sender=BEN, ref=asked.reference)
    assert kept(front_desk)[0].state == "waiting"
    tap(front_desk, "req.yes", sender=AMARA, ref=asked.reference)
    card = tap(front_desk, "req.read", sender=BEN, ref=asked.reference)
    tap(front_desk, buttons(card)["Installed"].verb, sender=BEN, ref=asked.reference)

    assert kept(front_desk)[0].state == "closed"
    kinds = sorted(kind.removeprefix("request.") for kind, _ in evidence(front_desk, "C43"))
    assert kinds == sorted(["asked", "yes", "yes", "granted", "done"])


@pytest.mark.clause(14)
def test_a_topic_is_open_for_its_time_and_ben_is_asked_to_block_it_again(front_desk):
    words = {"topic": "The Holocaust", "sources": "https://www.example.org/history"}
    args = {"class": "elm", "from": "2026-11-25", "weeks": "1"}
    send(front_desk, "research.send", words=words, **args)
    (asked,) = kept(front_desk)
    for sender in (AMARA, BEN):
        tap(front_desk, "req.yes", sender=sender, ref=asked.reference)

    assert later(front_desk, timedelta(days=8)) == 0
    assert later(front_desk, timedelta(days=9)) == 1
    assert [each.recipient for each in told(front_desk, "request-to-undo")] == ["ben"]
    tap(front_desk, "req.done", sender=BEN, ref=asked.reference)

    kinds = sorted(kind.removeprefix("request.") for kind, _ in evidence(front_desk, "C14"))
    assert kinds == sorted(["asked", "yes", "yes", "granted", "chased", "undone"])


def breach(front_desk, **changed):
    args = {"choice": "lost", "personal": "not_sure", "day": "2026-11-24", "time": "09:00", **changed}
    return send(front_desk, "breach.send", words={"why": "A stick"}, **args)


@pytest.mark.clause(33)
def test_a_breach_is_told_at_once_and_the_head_is_asked_until_it_is_decided(front_desk):
    change_school(front_desk, data_protection="grace")
    said = read(breach(front_desk))

    (found,) = kept(front_desk)
    ref = found.reference
    assert "27/11/2026, 09:00" in said
    assert {each.recipient for each in told(front_desk, "breach-told")} == {"amara", "ben", "dilys", "grace", "hannah"}
    assert {each.lane for each in told(front_desk, "breach-told")} == {"safeguarding"}
    noticed = [timedelta(hours=hours) - timedelta(hours=2) for hours in (24, 48, 66)]
    assert later(front_desk, timedelta()) == 1
    for wait in noticed:
        assert later(front_desk, wait - timedelta(minutes=1)) == 0
        assert later(front_desk, wait) == 1
    prompts = [each for each in told(front_desk, "breach-clock") if each.recipient == "hannah"]
    assert sorted(int(each.values["hours"]) for each in prompts) == [6, 24, 48, 70]
    card = tap(front_desk, "req.read", sender=HANNAH, ref=ref)
    assert "by 27/11/2026, 09:00" in read(card)
    assert list(buttons(card)) == ["Say what was decided about the ICO", "All requests"]

    assert tap(front_desk, "req.close.send", sender=HANNAH, ref=ref, words={"why": "Over"}).refused
    tap(front_desk, "req.ico.send", sender=HANNAH, ref=ref, words={"why": "It was empty"}, how="not_reported")
    assert later(front_desk, timedelta(hours=71)) == 0
    tap(front_desk, "req.close.send", sender=HANNAH, ref=ref, words={"why": "Sticks are no longer used"})

    assert kept(front_desk)[0].state == "closed"
    kinds = sorted(kind.removeprefix("request.") for kind, _ in evidence(front_desk, "C33"))
    assert kinds == sorted(["told", *["prompted"] * 4, "not_reported", "closed"])


@pytest.mark.parametrize("changed", [{"time": "23:00"}, {"personal": ""}, {"choice": "zebra"}, {"day": "2026-01-01"}])
def test_a_breach_that_is_not_yet_or_half_told_is_asked_again(front_desk, changed):
    answer = breach(front_desk, **changed)

    assert answer.refused
    assert answer.form is not None
    assert kept(front_desk) == ()


@pytest.mark.clause(33)
def test_without_personal_data_there_is_no_clock(front_desk):
    breach(front_desk, personal="no")
    (found,) = kept(front_desk)

    assert later(front_desk, timedelta(hours=30)) == 0
    card = tap(front_desk, "req.read", sender=HANNAH, ref=found.reference)
    assert list(buttons(card)) == ["Close it", "Personal data may be involved", "All requests"]


def test_those_who_only_teach_read_no_one_else_s_request_and_are_told_where_to_ask(front_desk):
    breach(front_desk, choice="login")
    (found,) = kept(front_desk)

    other = tap(front_desk, "req.read", sender="U0GRACE", ref=found.reference)
    card = front_desk("requests", sender="U0GRACE", lang="en")

    assert other.refused
    assert list(buttons(tap(front_desk, "req.read", sender=FEMI, ref=found.reference))) == ["All requests"]
    assert tap(front_desk, "req.ico.send", sender=FEMI, ref=found.reference, words={"why": "x"}, how="reported").refused
    assert "Nothing waits for you" in read(card)
    assert "Unblock a site" in buttons(card)
    assert "Switch the filter off" not in buttons(card)
