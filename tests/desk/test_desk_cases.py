"""A case from the report to its end: what its readers do with it, and what whoever reported sees of that."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.channels.email.render import render
from bot.desk import Reception
from bot.wire import Answer, Incoming, Via
from safeguarding import Act, LogRow, Outcome, first_break
from school.sensitive import Sensitive
from tests.desk.test_desk_inbox import MORNING, WORDS, ask, labels, product, reference_of, shown, sqlite_template

__all__ = ["ask", "product", "sqlite_template"]

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
REPLY, MORE, WHY = "Tell me a little more about the game.", "It is the one with the blocks.", "It was a test."


@pytest.fixture
def desk(product):
    return Reception(product.house)


@pytest.fixture
def holder(desk) -> Callable[..., Answer]:
    """Whoever holds a receipt, on the page for that."""

    def asked(verb: str, receipt: str, words: str = "", via: Via = Via.WEB) -> Answer:
        said = {"receipt": Sensitive(receipt), **({"words": Sensitive(words)} if words else {})}
        return desk.receive(Incoming(school="oakfield", via=via, sender="", verb=verb, words=said))

    return asked


@pytest.fixture
def case(ask) -> tuple[str, str]:
    """A report about a pupil: its reference and its receipt."""
    thanks = render(ask("report.send", words=WORDS, about="pupil").document, lang="en").text
    receipt = next(word for word in thanks.split() if word.count("-") == 3)
    return reference_of(ask("inbox.list", "dilys")), receipt


def rows(product) -> list[LogRow]:
    with product.house.units.read("oakfield") as unit:
        return list(unit.concerns.log.rows(after=0, limit=999))


def acts(product, outcome: Outcome = Outcome.DONE) -> list[tuple[str, str]]:
    return [(row.act, row.actor) for row in rows(product) if row.outcome == outcome]


def go_to(product, later: timedelta) -> int:
    product.house.school_clock.move_to(MORNING + later)
    return product.rounds.go()


def told(product, *, marks: bool = False) -> list[tuple[str, str]]:
    """Who was left which notice, in order; the daily marks, or all the others."""
    with product.house.units.read("oakfield") as unit:
        lines = unit.deliveries.lines(limit=99)
    left = [(line.to.removeprefix("person "), line.page) for line in reversed(lines)]
    return [each for each in left if (each[1] == "vault-mark") == marks]


@pytest.mark.clause(41)
def test_dilys_and_whoever_reported_write_to_each_other_without_a_name(ask, holder, case):
    reference, receipt = case
    ask("inbox.read", "dilys", ref=reference)
    ask("inbox.reply.send", "dilys", ref=reference, words=REPLY)

    seen = holder("report.status", receipt)
    assert REPLY in shown(seen)
    assert "Dilys" not in shown(seen)
    assert MORE in shown(holder("report.add", receipt, MORE))

    page = shown(ask("inbox.read", "dilys", ref=reference))
    assert page.index(WORDS) < page.index(REPLY) < page.index(MORE)


def test_femi_reads_a_private_note_and_whoever_reported_never_does(ask, holder, case):
    reference, receipt = case
    ask("inbox.note.send", "dilys", ref=reference, words="I rang home at ten.")

    assert "I rang home at ten." in shown(ask("inbox.read", "femi", ref=reference))
    assert "I rang home" not in shown(holder("report.status", receipt))


def test_nobody_s_words_are_repeated_in_a_chat(ask, holder, case):
    reference, receipt = case
    ask("inbox.reply.send", "dilys", ref=reference, words=REPLY)

    seen = shown(holder("report.status", receipt, via=Via.TELEGRAM))

    assert REPLY not in seen
    assert "/report/receipt" in seen


def test_those_who_may_read_it_are_told_that_something_was_added_and_whose_it_is_alone(product, ask, holder, case):
    reference, receipt = case
    holder("report.add", receipt, MORE)
    assert sorted(each for each in told(product) if each[1] == "concern-added") == [
        ("dilys", "concern-added"),
        ("femi", "concern-added"),
    ]

    ask("inbox.assign.to", "dilys", ref=reference, to="femi")
    holder("report.add", receipt, MORE)
    assert [each for each in told(product) if each[1] == "concern-added"].count(("femi", "concern-added")) == 2
    assert "Femi Adeyemi" in shown(ask("inbox.read", "dilys", ref=reference))


def test_a_case_is_given_to_nobody_who_cannot_open_it(ask, case):
    reference, _ = case

    assert ask("inbox.assign.to", "dilys", ref=reference, to="amara").refused
    assert ask("inbox.assign.to", "dilys", ref=reference, to="hannah").refused, "her key is in reserve"


@pytest.mark.clause(41)
def test_a_report_that_nobody_opens_goes_to_femi_and_then_to_hannah_and_then_to_all_of_them_hour_by_hour(
    product, ask, case
):
    reference, _ = case
    assert told(product) == [("dilys", "concern-notice")]
    assert not ask("inbox.list", "hannah").cards

    assert go_to(product, 14 * MINUTE) == 0
    go_to(product, 15 * MINUTE)
    assert told(product)[1:] == [("femi", "concern-waiting")]
    assert ask("inbox.read", "hannah", ref=reference).refused

    go_to(product, 31 * MINUTE)
    assert told(product)[2:] == [("hannah", "concern-waiting")]
    assert reference_of(ask("inbox.list", "hannah")) == reference

    go_to(product, 47 * MINUTE)
    assert sorted(told(product)[3:]) == [(each, "concern-alarm") for each in ("dilys", "femi", "hannah")]
    go_to(product, 108 * MINUTE)
    assert len(told(product)) == 9

    assert WORDS in shown(ask("inbox.read", "hannah", ref=reference))
    go_to(product, 3 * DAY)
    assert len(told(product)) == 9
    assert [act for act, actor in acts(product) if actor == "lollipop"] == [
        Act.ESCALATED,
        Act.ESCALATED,
        Act.ALARMED,
        Act.ALARMED,
    ]


@pytest.mark.clause(41)
def test_out_of_hours_a_report_waits_for_the_morning_unless_a_sign_of_danger_stands_in_it(product, ask):
    product.house.school_clock.move_to(MORNING.replace(hour=22))
    ask("report.send", words=WORDS, about="pupil")
    ask("report.send", words="I want to die", about="pupil")
    first = told(product)
    assert sorted(each for each, _ in first) == ["dilys", "dilys", "femi"], "both at once where it is urgent"

    product.house.school_clock.move_to(MORNING.replace(hour=22, minute=16))
    product.rounds.go()
    assert told(product)[3:] == [("hannah", "concern-waiting")]

    product.house.school_clock.move_to(MORNING.replace(day=25, hour=8, minute=44))
    product.rounds.go()
    assert ("femi", "concern-waiting") not in told(product)
    product.house.school_clock.move_to(MORNING.replace(day=25, hour=8, minute=45))
    product.rounds.go()
    assert ("femi", "concern-waiting") in told(product)


@pytest.mark.clause(42)
def test_a_case_that_was_handed_over_is_destroyed_after_thirty_days_and_not_a_day_before(product, ask, holder, case):
    reference, receipt = case
    ask("inbox.read", "dilys", ref=reference)
    page = ask("inbox.hand_over.send", "dilys", ref=reference, words="CPOMS 2041")
    assert "Our copy is destroyed on 24/12/2026." in shown(page)
    assert labels(page) == ["Open it again", "Take it out as a file", "Back to the list"]
    assert ask("inbox.reply.send", "dilys", ref=reference, words=REPLY).refused

    go_to(product, 29 * DAY)
    assert WORDS in shown(ask("inbox.read", "dilys", ref=reference))
    go_to(product, 31 * DAY)

    assert not ask("inbox.list", "dilys").cards
    assert holder("report.status", receipt).refused
    assert acts(product)[-1] == (Act.DESTROYED, "lollipop") or (Act.DESTROYED, "lollipop") in acts(product)


@pytest.mark.clause(42)
def test_nothing_that_nobody_opened_or_handed_over_is_ever_destroyed(product, ask, case):
    reference, _ = case
    assert ask("inbox.hand_over.send", "dilys", ref=reference, words="CPOMS 2041").refused, "nobody has read it"
    ask("report.send", words=WORDS, about="pupil")

    go_to(product, 400 * DAY)

    assert len(ask("inbox.list", "dilys").cards) == 2


def test_what_is_added_the_day_before_keeps_a_case_for_good(product, ask, holder, case):
    reference, receipt = case
    ask("inbox.read", "dilys", ref=reference)
    ask("inbox.hand_over.send", "dilys", ref=reference, words="CPOMS 2041")
    product.house.school_clock.move_to(MORNING + 29 * DAY)
    holder("report.add", receipt, MORE)

    go_to(product, 40 * DAY)

    assert MORE in shown(ask("inbox.read", "dilys", ref=reference))


@pytest.mark.clause(42)
def test_a_case_is_closed_by_two_people_and_never_by_one(product, ask, case):
    reference, _ = case
    ask("inbox.read", "dilys", ref=reference)
    assert ask("inbox.close.agree", "dilys", ref=reference).refused, "nobody has asked"
    asked = ask("inbox.close.send", "dilys", ref=reference, words=WHY)
    assert "I agree that it needs no record" not in labels(asked)
    assert ask("inbox.close.agree", "dilys", ref=reference).refused, "the same person"
    ask("inbox.refer.send", "dilys", ref=reference, words="Children's services")
    assert ask("inbox.close.agree", "femi", ref=reference).refused, "it is not nothing any more"

    ask("inbox.close.send", "dilys", ref=reference, words=WHY)
    page = ask("inbox.read", "femi", ref=reference)
    assert WHY in shown(page)
    assert "I agree that it needs no record" in labels(page)
    assert "Closed." in shown(ask("inbox.close.agree", "femi", ref=reference))


@pytest.mark.clause(40)
@pytest.mark.parametrize(("about", "reader", "step"), [("pupil", "dilys", "CPOMS"), ("adult", "hannah", "LADO")])
def test_whoever_reads_it_sees_what_to_do_and_whom_to_call(ask, about, reader, step):
    ask("report.send", words=WORDS, about=about)

    assert step in shown(ask("inbox.read", reader, ref=reference_of(ask("inbox.list", reader))))


def test_a_step_without_words_is_refused_with_a_sentence_and_changes_nothing(product, ask, case):
    reference, _ = case
    ask("inbox.read", "dilys", ref=reference)
    steps = ("reply", "note", "refer", "hand_over", "close")

    for step in steps:
        answer = ask(f"inbox.{step}.send", "dilys", ref=reference)
        assert answer.refused
        assert "There are no words yet." in shown(answer)

    assert "State: opened" in shown(ask("inbox.list", "dilys"))


STEPS = ("read", "reply.send", "note.send", "assign.to", "refer.send", "hand_over.send", "close.send", "close.agree")


@pytest.mark.clause(41)
@pytest.mark.parametrize("step", STEPS)
def test_whoever_holds_no_key_can_do_nothing_with_a_case_and_the_try_is_written_down(product, ask, case, step):
    reference, _ = case

    answer = ask(f"inbox.{step}", "hannah", ref=reference, words="x", to="")

    assert answer.refused
    assert "There is no concern with that reference that you can open." in shown(answer)
    (refused,) = [row for row in rows(product) if row.outcome == Outcome.REFUSED]
    assert (refused.actor, refused.subject) == ("hannah", reference)


def test_what_is_typed_where_a_reference_belongs_is_not_written_down(product, ask, case):
    ask("inbox.read", "dilys", ref="my stepfather")

    (refused,) = [row for row in rows(product) if row.outcome == Outcome.REFUSED]
    assert (refused.actor, refused.subject) == ("dilys", "")


@pytest.mark.clause(41)
def test_every_look_stands_in_the_log_and_the_log_holds(product, ask, holder, case):
    reference, receipt = case
    ask("inbox.read", "femi", ref=reference)
    holder("report.status", receipt)
    page = shown(ask("inbox.read", "dilys", ref=reference))

    assert "Femi Adeyemi opened it" in page
    assert "Somebody asked about it with the receipt" in page
    done = acts(product)
    assert (Act.RECEIVED, "sender") in done
    assert (Act.SIGNED_IN, "femi") in done
    with product.house.units.read("oakfield") as unit:
        assert first_break(rows(product), school="oakfield", head=unit.concerns.log.head()) is None


@pytest.mark.clause(41)
def test_hannah_is_told_each_day_where_the_log_stands_so_that_it_can_be_compared(product, ask, case):
    reference, _ = case
    assert told(product, marks=True) == []

    go_to(product, DAY)
    first = told(product, marks=True)
    ask("inbox.read", "dilys", ref=reference)
    go_to(product, 3 * DAY)
    second = told(product, marks=True)
    go_to(product, 4 * DAY)

    assert first == [("hannah", "vault-mark")]
    assert second == first * 2
    assert told(product, marks=True) == second, "nothing was done since"


def test_a_wrong_passphrase_and_a_wrong_receipt_leave_a_row(product, desk, holder):
    with pytest.raises(Exception, match="passphrase"):
        desk.unlock(school="oakfield", person="dilys", passphrase=Sensitive("not this one"))
    assert holder("report.status", "0000-0000-0000-0000").refused

    assert acts(product, Outcome.REFUSED) == [(Act.SIGNED_IN, "dilys"), (Act.ASKED, "sender")]
