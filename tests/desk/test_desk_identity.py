"""Sam writes on Telegram that he may be in danger: who can find out that it was he, and how."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.demo import PASSPHRASE
from bot.desk import Reception
from bot.wire import Incoming, Via
from safeguarding import Act, Outcome
from school.sensitive import Sensitive
from tests.desk.test_desk_cases import acts, go_to, rows, told
from tests.desk.test_desk_inbox import MORNING, ask, labels, product, reference_of, shown, sqlite_template

__all__ = ["ask", "product", "sqlite_template"]

WORDS = "I am on the bridge by the canal and I don't want to go on."
WHY = "They write that they are on a bridge."
ACCOUNT, NAME = "4711-canary", "Sam Canary (@samcanary)"
FIND_OUT = "Somebody is in danger: find out who wrote"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def grace(product):
    """The chair of governors has a key as well."""
    with product.house.units.write("oakfield") as unit:
        pair = product.house.vault.pair(
            person="grace", key_id=product.house.new_id(MORNING), passphrase=Sensitive(PASSPHRASE)
        )
        unit.concerns.add_key(pair, now=MORNING)
        unit.commit()


@pytest.fixture
def write(product):
    """Sam on Telegram, or on another channel."""

    def written(verb="report.send", words=WORDS, *, via=Via.TELEGRAM, sender=ACCOUNT, called=NAME, **args):
        said = {"words": Sensitive(words)} if words else {}
        return Reception(product.house).receive(
            Incoming(
                school="oakfield",
                via=via,
                sender=sender,
                verb=verb,
                args=args,
                words=said,
                called=Sensitive(called) if called else None,
            )
        )

    return written


@pytest.fixture
def case(ask, write):
    """Sam's report about himself; its reference."""
    write(about="pupil")
    return reference_of(ask("inbox.list", "dilys"))


@pytest.mark.clause(41)
def test_dilys_asks_hannah_agrees_and_each_sees_once_that_it_was_sam(product, ask, case):
    page = ask("inbox.read", "dilys", ref=case)
    assert FIND_OUT in labels(page)
    assert ACCOUNT not in shown(page)
    assert NAME not in shown(page)
    form = ask("identity.ask", "dilys", ref=case)
    assert "call 999 first" in shown(replace(form, document=form.form.intro))

    asked = ask("identity.ask.send", "dilys", ref=case, words=WHY)
    assert WHY in shown(asked), "the reason stands in the case"
    assert ("hannah", "identity-asked") in told(product)
    assert ("grace", "identity-asked") in told(product)
    assert labels(ask("inbox.list", "hannah"))[0] == "A colleague asks for your agreement"

    look = ask("identity.look", "hannah", ref=case)
    assert WHY in shown(look)
    assert "Dilys Morgan" in shown(look)
    assert WORDS not in shown(look), "the words are not hers to read"
    seen = ask("identity.agree", "hannah", ref=case)
    for said in (ACCOUNT, NAME, "Telegram", "shown to you once"):
        assert said in shown(seen)
    assert ask("identity.agree", "hannah", ref=case).refused

    assert ("dilys", "identity-agreed") in told(product)
    assert "See who wrote, once" in labels(ask("inbox.read", "dilys", ref=case))
    assert ACCOUNT in shown(ask("identity.see", "dilys", ref=case))
    again = ask("identity.see", "dilys", ref=case)
    assert again.refused
    assert ACCOUNT not in shown(again)


@pytest.mark.clause(41)
def test_the_others_are_told_and_every_step_stands_in_the_log_with_its_name(product, ask, case):
    ask("identity.ask.send", "dilys", ref=case, words=WHY)
    ask("identity.agree", "hannah", ref=case)
    ask("identity.see", "dilys", ref=case)

    uncovered = sorted(each for each, page in told(product) if page == "identity-uncovered")
    assert uncovered == ["femi", "grace"]
    done = acts(product)
    assert [each for each in done if each[0] in {Act.IDENTITY_ASKED, Act.UNCOVERED, Act.IDENTITY_SEEN}] == [
        (Act.IDENTITY_ASKED, "dilys"),
        (Act.UNCOVERED, "hannah"),
        (Act.IDENTITY_SEEN, "dilys"),
    ]
    page = shown(ask("inbox.read", "femi", ref=case))
    assert "Hannah Lewis agreed and saw who wrote" in page
    assert "Dilys Morgan asked to find out who wrote" in page
    assert ACCOUNT not in page


@pytest.mark.clause(41)
@pytest.mark.parametrize("person", ["dilys", "femi"])
def test_neither_whoever_asked_nor_another_lead_can_agree(ask, case, product, person):
    ask("identity.ask.send", "dilys", ref=case, words=WHY)

    for verb in ("identity.look", "identity.agree", "identity.refuse"):
        answer = ask(verb, person, ref=case)
        assert answer.refused
        assert ACCOUNT not in shown(answer)

    assert [row.actor for row in rows(product) if row.outcome == Outcome.REFUSED] == [person] * 3
    assert ask("identity.see", "dilys", ref=case).refused, "nobody has agreed"


@pytest.mark.clause(41)
@pytest.mark.parametrize(
    ("about", "reader", "second", "accused"),
    [
        ("adult", "hannah", "grace", {"dilys", "femi"}),
        ("head", "grace", "dilys", {"hannah"}),
        ("lead", "hannah", "grace", {"dilys", "femi"}),
    ],
)
def test_whoever_it_may_be_about_takes_no_part_and_hears_nothing(product, ask, write, about, reader, second, accused):
    write(about=about)
    reference = reference_of(ask("inbox.list", reader))
    ask("identity.ask.send", reader, ref=reference, words=WHY)

    for person in accused:
        for verb in ("identity.ask", "identity.look", "identity.agree", "identity.see", "identity.take_back"):
            assert ask(verb, person, ref=reference).refused
        assert not ask("identity.list", person).cards
    assert ACCOUNT in shown(ask("identity.agree", second, ref=reference))
    assert ACCOUNT in shown(ask("identity.see", reader, ref=reference))
    assert not {each for each, _ in told(product)} & accused


def test_hannah_does_not_agree_and_dilys_hears_so_and_nobody_sees_anything(product, ask, case):
    ask("identity.ask.send", "dilys", ref=case, words=WHY)

    refused = ask("identity.refuse", "hannah", ref=case)

    assert "Nobody sees who wrote" in shown(refused)
    assert ("dilys", "identity-refused") in told(product)
    assert ask("identity.agree", "grace", ref=case).refused
    assert ask("identity.see", "dilys", ref=case).refused
    assert not ask("identity.ask.send", "dilys", ref=case, words="They have written again.").refused


def test_dilys_takes_it_back(ask, case):
    ask("identity.ask.send", "dilys", ref=case, words=WHY)
    assert ask("identity.ask.send", "femi", ref=case, words=WHY).refused, "somebody has asked already"
    assert ask("identity.take_back", "femi", ref=case).refused, "it is not hers to take back"

    assert "Taken back." in shown(ask("identity.take_back", "dilys", ref=case))

    assert ask("identity.agree", "hannah", ref=case).refused
    assert not ask("identity.list", "hannah").cards


@pytest.mark.clause(41)
def test_a_request_holds_for_a_day_and_then_what_was_passed_on_is_destroyed(product, ask, case):
    ask("identity.ask.send", "dilys", ref=case, words=WHY)
    product.house.school_clock.move_to(MORNING + DAY)
    assert ask("identity.agree", "hannah", ref=case).refused, "too old, whether or not it has been put away"

    go_to(product, DAY + timedelta(minutes=1))

    with product.engines.reading() as connection:
        for table in ("vault_uncovering", "vault_uncovering_copy"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
    assert (Act.IDENTITY_ENDED, "lollipop") in acts(product)
    assert FIND_OUT in labels(ask("inbox.read", "dilys", ref=case))


def test_what_dilys_may_see_she_may_see_for_a_day_after_it_was_agreed_to(product, ask, case):
    ask("identity.ask.send", "dilys", ref=case, words=WHY)
    go_to(product, timedelta(hours=20))
    ask("identity.agree", "hannah", ref=case)
    go_to(product, timedelta(hours=30))
    assert "See who wrote, once" in labels(ask("inbox.read", "dilys", ref=case))

    go_to(product, timedelta(hours=45))

    assert ask("identity.see", "dilys", ref=case).refused


def test_dilys_cannot_ask_without_a_reason_and_is_shown_the_form_again(product, ask, case):
    answer = ask("identity.ask.send", "dilys", ref=case)

    assert answer.refused
    assert answer.form is not None
    assert "There are no words yet." in shown(answer)
    assert ("hannah", "identity-asked") not in told(product)


@pytest.mark.clause(41)
def test_words_typed_out_of_the_blue_carry_who_wrote_as_well_and_go_by_the_answer(ask, write, product):
    write("words")
    write("draft.about", "", a="head")
    reference = reference_of(ask("inbox.list", "grace"))

    assert ask("identity.ask.send", "hannah", ref=reference, words=WHY).refused
    ask("identity.ask.send", "grace", ref=reference, words=WHY)
    assert ask("identity.agree", "hannah", ref=reference).refused
    assert NAME in shown(ask("identity.agree", "dilys", ref=reference))
    assert "hannah" not in {each for each, _ in told(product)}


def test_of_a_report_from_the_web_and_of_one_by_staff_there_is_nobody_to_find_out(ask, write, product):
    write(via=Via.WEB, sender="", called="", about="pupil")
    reference = reference_of(ask("inbox.list", "dilys"))
    assert FIND_OUT not in labels(ask("inbox.read", "dilys", ref=reference))
    assert ask("identity.ask", "dilys", ref=reference).refused
    assert ask("identity.ask.send", "dilys", ref=reference, words=WHY).refused

    write(via=Via.SLACK, sender="U0AMARA", about="pupil")
    for card in ask("inbox.list", "dilys").cards:
        assert FIND_OUT not in labels(ask("inbox.read", "dilys", ref=card.choices[0][0].args["ref"]))


def without(product, *people):
    with product.engines.writing() as connection:
        for person in people:
            connection.execute(text("DELETE FROM vault_key WHERE person = :person"), {"person": person})
        connection.commit()


@pytest.mark.clause(41)
@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ((), "Two adults together can unlock it"),
        (("grace",), "two adults together may be able to unlock it"),
        (("grace", "hannah"), "can't look up here which account you use"),
    ],
)
def test_sam_is_told_truly_before_he_writes_whether_he_could_be_found_out(product, write, gone, said):
    without(product, *gone)

    assert said in shown(write("report.start", ""))
    assert said in shown(write("words"))
    for via, sender in ((Via.WEB, ""), (Via.SLACK, "U0AMARA")):
        form = write("report.form", "", via=via, sender=sender)
        assert "account you use" not in " ".join(str(block) for block in form.form.intro.blocks)


def test_where_there_are_not_two_such_people_nothing_is_kept_of_who_wrote(product, ask, write):
    without(product, "grace", "hannah")
    write(about="pupil")
    reference = reference_of(ask("inbox.list", "dilys"))

    assert FIND_OUT not in labels(ask("inbox.read", "dilys", ref=reference))
    with product.engines.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM vault_identity")).scalar() == 0


def test_a_row_that_was_changed_is_told_with_a_sentence_and_nothing_is_lost(product, ask, case):
    ask("identity.ask.send", "dilys", ref=case, words=WHY)
    with product.engines.writing() as connection:
        connection.execute(text("UPDATE vault_identity SET sealed = substr(sealed, 1, 40)"))
        connection.commit()

    answer = ask("identity.agree", "hannah", ref=case)

    assert answer.refused
    assert "call the police on 999" in shown(answer)
    assert WORDS in shown(ask("inbox.read", "dilys", ref=case))
