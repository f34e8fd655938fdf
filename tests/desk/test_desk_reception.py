import shutil
from functools import cache

import pytest

from bot import demo
from bot.clock import SetClock
from bot.desk import Reception
from bot.desk.may import MAY
from bot.desk.repeats import READ_AGAIN, TOLD_AGAIN, WITH_RECEIPT
from bot.desk.verbs import SAFEGUARDING, VERBS
from bot.library import load_library
from bot.main import build
from bot.storage import QUICK, SqlVault
from bot.storage.errors import DiskFullError
from bot.wire import SILENCE, Answer, Incoming, Via
from school.sensitive import SecretKey
from tests.databases import sqlite_template
from tests.flows.rig import MONDAY

__all__ = ["sqlite_template"]

STAFF_ONLY = "That is for school staff whose account the office has set up. If that is you, please ask the office."
ANOTHER_ROLE = "That belongs to another role at school. /lollipop who says who does what."
AMARA, DILYS, FEMI, HANNAH, GRACE = "U0AMARA", "U0DILYS", "U0FEMI", "U0HANNAH", "U0GRACE"
STRANGER = "U0PUPIL"


@cache
def ours():
    """The pages are read once for all these people."""
    return load_library()


@pytest.fixture
def desk(tmp_path, sqlite_template, monkeypatch):
    monkeypatch.setattr("bot.main.load_library", lambda own: ours())
    shutil.copyfile(sqlite_template, tmp_path / "lollipop.db")
    settings = demo.prepare(tmp_path, 8000)
    product = build(settings, school_clock=SetClock(MONDAY), make_vault=lambda engines: SqlVault(engines, costs=QUICK))
    yield Reception(product.house)
    product.counter.close()
    product.engines.close()


def on_slack(sender, verb, transport_id=None, **args):
    return Incoming(school="oakfield", via=Via.SLACK, sender=sender, verb=verb, args=args, transport_id=transport_id)


def words_of(answer):
    return "" if answer.document is None else repr(answer.document)


def refused(answer):
    return answer.refused and any(words in words_of(answer) for words in (STAFF_ONLY, ANOTHER_ROLE))


def test_ben_whom_the_office_knows_hears_that_it_is_another_role_and_a_stranger_is_sent_to_the_office(desk):
    known, stranger = (words_of(desk.receive(on_slack(sender, "policy"))) for sender in ("U0BEN", STRANGER))

    assert ANOTHER_ROLE in known
    assert STAFF_ONLY in stranger
    assert STAFF_ONLY not in known


def test_nobody_can_ask_for_anything_that_nobody_decided_who_may():
    assert set(VERBS) == set(MAY)
    assert all(MAY.values())


def test_nobody_is_shown_a_receipt_that_opens_nothing():
    assert not READ_AGAIN & WITH_RECEIPT
    assert not READ_AGAIN & set(TOLD_AGAIN)
    assert set(VERBS) >= READ_AGAIN | set(TOLD_AGAIN)


def test_nobody_is_kept_waiting_for_a_verb_that_is_not_there():
    assert set(VERBS) >= WITH_RECEIPT | SAFEGUARDING


@pytest.mark.parametrize(
    ("verb", "may"),
    [
        ("lesson", {AMARA, FEMI, HANNAH}),
        ("assembly", {AMARA, DILYS, FEMI, HANNAH, GRACE}),
        ("coverage", {AMARA, DILYS, FEMI, HANNAH, GRACE}),
        ("deliveries", {AMARA, DILYS, FEMI, HANNAH, GRACE}),
        ("inbox.list", set()),  # on the web only
        ("language", set()),  # in a family's chat only
        ("help", {AMARA, DILYS, FEMI, HANNAH, GRACE, STRANGER}),
        ("report.start", {AMARA, DILYS, FEMI, HANNAH, GRACE, STRANGER}),
        ("home", {AMARA, DILYS, FEMI, HANNAH, GRACE, STRANGER}),
    ],
)
def test_each_person_on_slack_may_do_what_their_role_allows_and_no_more(desk, verb, may):
    everybody = {AMARA, DILYS, FEMI, HANNAH, GRACE, STRANGER}
    args = {"class": "oak"} if verb == "lesson" else {}

    allowed = {person for person in everybody if not refused(desk.receive(on_slack(person, verb, **args)))}

    assert allowed == may


@pytest.mark.parametrize(
    ("person", "key", "may"),
    [
        *(("dilys", True, True), ("femi", True, True), ("hannah", True, True), ("grace", True, True)),
        *(("amara", True, False), ("dilys", False, False), ("", True, False), ("nobody", True, False)),
    ],
)
def test_only_a_safeguarding_person_with_a_key_may_list_concerns(desk, person, key, may):
    unlocked = SecretKey(b"k" * 32) if key else None
    incoming = Incoming(school="oakfield", via=Via.WEB, sender=person, verb="inbox.list", key=unlocked)

    assert refused(desk.receive(incoming)) is not may


def test_a_parent_on_telegram_may_do_nothing_that_is_for_staff(desk):
    for verb in ("lesson", "assembly", "coverage", "deliveries", "inbox.list"):
        assert refused(desk.receive(Incoming(school="oakfield", via=Via.TELEGRAM, sender="501", verb=verb)))


def test_a_person_who_asks_for_something_unknown_is_told_what_there_is(desk):
    assert "That isn't something I know." in words_of(desk.receive(on_slack(AMARA, "rm -rf")))


def test_a_teacher_whose_message_is_delivered_twice_is_answered_once(desk):
    asked = on_slack(AMARA, "help", "Ev1")
    first = desk.receive(asked)
    desk.answered([asked])

    assert first.document is not None
    assert desk.receive(asked) == SILENCE


def test_a_teacher_who_asks_twice_is_answered_twice(desk):
    answers = [desk.receive(on_slack(AMARA, "help", f"Ev{n}")) for n in range(2)]

    assert SILENCE not in answers


def test_a_parent_on_telegram_is_answered_although_slack_used_the_same_id(desk):
    desk.receive(on_slack(AMARA, "help", "1"))

    answer = desk.receive(
        Incoming(school="oakfield", via=Via.TELEGRAM, sender="501", verb="help", transport_id="1"),
    )

    assert answer != SILENCE


def test_a_teacher_whose_message_cannot_be_handled_is_given_up_on_at_the_third_try(desk, monkeypatch):
    def breaks(visit):
        raise ZeroDivisionError

    incoming = on_slack(AMARA, "help", "Ev1")
    monkeypatch.setitem(VERBS, "help", breaks)
    parked = []
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            desk.receive(incoming)
        parked.append(desk.give_up(incoming))

    assert parked == [False, False, True]
    assert desk.receive(incoming) == SILENCE


def test_a_teacher_whose_message_failed_once_is_answered_when_it_comes_again(desk, monkeypatch):
    def breaks(visit):
        raise ZeroDivisionError

    incoming = on_slack(AMARA, "help", "Ev1")
    with monkeypatch.context() as broken:
        broken.setitem(VERBS, "help", breaks)
        with pytest.raises(ZeroDivisionError):
            desk.receive(incoming)
        assert not desk.give_up(incoming)

    assert desk.receive(incoming).document is not None
    desk.answered([incoming])
    assert desk.receive(incoming) == SILENCE


def test_nobody_is_given_up_on_where_nothing_says_which_message_it_was(desk):
    assert [desk.give_up(on_slack(AMARA, "help")) for _ in range(4)] == [False] * 4


def test_a_teacher_is_never_answered_while_the_disk_is_full(desk, monkeypatch):
    def full(visit):
        raise DiskFullError

    monkeypatch.setitem(VERBS, "help", full)

    with pytest.raises(DiskFullError):
        desk.receive(on_slack(AMARA, "help", "Ev1"))


def test_a_teacher_is_not_forgotten_when_the_disk_has_room_again(desk, monkeypatch):
    def full(visit):
        raise DiskFullError

    with monkeypatch.context() as broken:
        broken.setitem(VERBS, "help", full)
        with pytest.raises(DiskFullError):
            desk.receive(on_slack(AMARA, "help", "Ev1"))

    assert isinstance(answer := desk.receive(on_slack(AMARA, "help", "Ev1")), Answer)
    assert answer != SILENCE
