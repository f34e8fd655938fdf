"""The register of low-level concerns: Amara writes into it, Hannah alone reads it, Grace reads what is about Hannah."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.demo import PASSPHRASE
from bot.desk import Reception
from bot.desk.may import MAY
from bot.desk.verbs import VERBS
from bot.storage.columns import METADATA
from bot.wire import Incoming, Via
from safeguarding import Act, figures, spans
from school.people import Role
from school.sensitive import Sensitive
from tests.desk.test_desk_cases import acts, go_to, rows, told
from tests.desk.test_desk_inbox import MORNING, ask, labels, product, reference_of, shown, sqlite_template

__all__ = ["ask", "product", "sqlite_template"]

WORDS = "He took pictures of the class with his own phone, canary-8c21."
NAME = "Ellis Ward-Canary"


@pytest.fixture(autouse=True)
def grace(product):
    """The chair of governors has a key as well."""
    with product.house.units.write("oakfield") as unit:
        new_id = product.house.new_id(MORNING)
        unit.concerns.add_key(
            product.house.vault.pair(person="grace", key_id=new_id, passphrase=Sensitive(PASSPHRASE)), now=MORNING
        )
        unit.commit()


@pytest.fixture
def write(product):
    """What somebody on the staff writes on Slack."""
    by_name = {person.id: person.slack for person in product.house.schools["oakfield"].people}

    def written(words=WORDS, *, name=NAME, whom="adult", by="amara", **rest):
        said = {key: Sensitive(value) for key, value in (("words", words), ("name", name)) if value}
        return Reception(product.house).receive(
            Incoming(
                school="oakfield",
                via=Via.SLACK,
                sender=by_name[by],
                verb="lowlevel.send",
                args={"whom": whom},
                words=said,
                **rest,
            )
        )

    return written


def entry_of(ask, reader="hannah"):
    return reference_of(ask("lowlevel.list", reader))


@pytest.mark.clause(40)
def test_what_amara_writes_is_read_by_hannah_alone(ask, write):
    assert "It is in the register" in shown(write())
    reference = entry_of(ask)

    page = shown(ask("lowlevel.read", "hannah", ref=reference))
    assert WORDS in page
    assert NAME in page
    assert "Amara" in page
    for other in ("dilys", "femi", "grace"):
        assert not ask("lowlevel.list", other).cards
        assert not ask("inbox.list", other).cards
        refused = ask("lowlevel.read", other, ref=reference)
        assert refused.refused
        assert WORDS not in shown(refused)
        assert ask("inbox.read", other, ref=reference).refused


@pytest.mark.clause(40)
@pytest.mark.parametrize(
    "whom",
    [
        {"whom": "head", "name": ""},
        {"whom": "adult", "name": "HANNAH  Lewis"},
        {"whom": "adult", "name": "Mrs Lewis"},
        {"whom": "adult", "name": "the headteacher"},
        {"whom": "adult", "name": "Mrs H. Lewis, head"},
        {"whom": "myself", "name": "", "by": "hannah"},
    ],
)
def test_what_is_about_hannah_however_that_is_said_goes_to_grace_and_never_to_her(product, ask, write, whom):
    write(**whom)

    assert not ask("lowlevel.list", "hannah").cards
    assert WORDS in shown(ask("lowlevel.read", "grace", ref=entry_of(ask, "grace")))
    assert [each for each, _ in told(product)] == ["grace"]


def test_amara_may_write_about_herself_and_hannah_sees_that_it_came_from_her(ask, write):
    write(whom="myself", name="")

    page = shown(ask("lowlevel.read", "hannah", ref=entry_of(ask)))

    assert "About: Amara" in page
    assert "the adult themselves" in page


def test_the_form_welcomes_amara_to_write_about_herself_and_says_who_reads_it(ask, product):
    form = Reception(product.house).receive(
        Incoming(school="oakfield", via=Via.WEB, sender="hannah", verb="lowlevel.form", key=_key(product, "hannah"))
    )

    assert form.form is not None
    from_page = " ".join(str(block) for block in form.form.intro.blocks)
    assert "It can be about you" in from_page
    assert "Only the headteacher can read it" in from_page


def _key(product, person):
    return Reception(product.house).unlock(school="oakfield", person=person, passphrase=Sensitive(PASSPHRASE))


def test_hannah_sees_who_comes_again_only_after_opening_the_register(product, ask, write):
    write("He was short with her.", name="Mr Ward")
    write("He gave a lift home.", name="ellis  ward")
    write("She is often late.", name="Joan Pike")

    listed = shown(ask("lowlevel.list", "hannah"))
    assert "Ward" not in listed
    assert "Joan" not in listed
    by_person = shown(ask("lowlevel.people", "hannah"))

    assert "ellis ward / Mr Ward: 2" in by_person
    assert "Joan Pike: 1" in by_person
    assert by_person.index("Mr Ward: 2") < by_person.index("Joan Pike: 1")
    assert (Act.REGISTER_OPENED, "hannah") in acts(product)


@pytest.mark.clause(40)
def test_neither_the_database_nor_the_log_nor_a_notice_says_whom_it_is_about_or_who_wrote(product, write):
    write()

    held = []
    with product.engines.reading() as connection:
        for table in METADATA.sorted_tables:
            if table.name not in {"school", "vault_key", "inbox"}:
                held += [repr(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{table.name}"'))]
    everything = "\n".join(held)
    for word in ("canary-8c21", "Ward-Canary", "amara"):
        assert word not in everything
    assert [(row.act, row.actor) for row in rows(product) if row.act == Act.LOW_LEVEL] == [(Act.LOW_LEVEL, "sender")]


def test_the_notice_that_hannah_gets_looks_like_any_other_and_waits_for_the_morning(product, write):
    product.house.school_clock.move_to(MORNING.replace(hour=22))
    write()

    assert told(product) == [("hannah", "concern-notice")]
    with product.house.units.read("oakfield") as unit:
        (line,) = unit.deliveries.lines(limit=9)
    assert line.due > MORNING + timedelta(hours=12)


@pytest.mark.clause(41)
def test_hannah_makes_it_an_allegation_and_it_is_a_concern_about_an_adult_with_its_clock(product, ask, write):
    write()
    reference = entry_of(ask)
    assert "Yes, make it an allegation" in labels(ask("lowlevel.allege", "hannah", ref=reference))
    done = ask("lowlevel.allege.yes", "hannah", ref=reference)

    assert not done.refused
    assert not ask("lowlevel.list", "hannah").cards
    assert ask("lowlevel.read", "hannah", ref=reference).refused
    new = reference_of(ask("inbox.list", "hannah"))
    assert new in labels(done)[0]
    assert not ask("inbox.list", "dilys").cards
    go_to(product, timedelta(minutes=16))
    assert ("grace", "concern-waiting") in told(product)
    page = shown(ask("inbox.read", "hannah", ref=new))
    assert WORDS in page
    assert NAME in page
    assert reference in page
    assert "LADO" in page
    assert (Act.ALLEGED, "hannah") in acts(product)


def test_an_allegation_about_hannah_made_by_grace_never_reaches_hannah(ask, write, product):
    write(whom="head", name="")
    done = ask("lowlevel.allege.yes", "grace", ref=entry_of(ask, "grace"))

    assert not done.refused
    assert ask("inbox.list", "grace").cards
    assert not ask("inbox.list", "hannah").cards
    go_to(product, timedelta(days=3))
    assert "hannah" not in {each for each, _ in told(product)}


def test_hannah_ends_it_and_nothing_is_left(product, ask, write):
    write()
    reference = entry_of(ask)
    assert "Yes, destroy it" in labels(ask("lowlevel.end", "hannah", ref=reference))
    assert ask("lowlevel.list", "hannah").cards, "asked is not done"
    ask("lowlevel.end.yes", "hannah", ref=reference)

    assert not ask("lowlevel.list", "hannah").cards
    with product.engines.reading() as connection:
        for table in ("vault_lowlevel", "vault_lowlevel_copy"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
    assert (Act.DESTROYED, "hannah") in acts(product)


def test_the_register_stays_for_years_until_hannah_ends_it(product, ask, write):
    write()

    go_to(product, timedelta(days=900))

    assert WORDS in shown(ask("lowlevel.read", "hannah", ref=entry_of(ask)))


def follow(product, *, head):
    """The school file names another head from now on."""
    school = product.house.schools["oakfield"]
    others = [each for each in school.people if each.id not in {"hannah", head.id}]
    was = replace(next(each for each in school.people if each.id == "hannah"), roles=frozenset({Role.HEAD}))
    product.house.schools["oakfield"] = replace(school, people=(*others, was, head))


def test_hannah_lets_the_next_head_read_the_register_but_for_what_is_about_them(product, ask, write):
    write("He gave a lift home.", name="Ellis Ward")
    write("She shouts.", name="Femi Adeyemi")
    write("I lost my temper.", whom="myself", name="", by="femi")
    femi = next(each for each in product.house.schools["oakfield"].people if each.id == "femi")
    follow(product, head=replace(femi, roles=frozenset({Role.HEAD})))
    assert not ask("lowlevel.list", "femi").cards

    page = ask("lowlevel.people", "hannah")
    assert "Let Femi Adeyemi read 1 of these as well" in labels(page)
    assert "They can read 1 more now." in shown(ask("lowlevel.share", "hannah", to="femi"))

    assert "Ellis Ward" in shown(ask("lowlevel.people", "femi"))
    assert "She shouts." not in shown(ask("lowlevel.read", "femi", ref=entry_of(ask, "femi")))
    assert len(ask("lowlevel.list", "femi").cards) == 1
    assert [row.actor for row in rows(product) if row.act == Act.SHARED] == ["hannah"]
    assert "They can read 0 more now." in shown(ask("lowlevel.share", "hannah", to="femi"))


@pytest.mark.parametrize("to", ["dilys", "grace", "amara", "nobody", ""])
def test_the_register_is_shared_with_nobody_else(product, ask, write, to):
    write()

    ask("lowlevel.share", "hannah", to=to)

    assert not [row for row in rows(product) if row.act == Act.SHARED and row.outcome == "done"]
    assert len(ask("lowlevel.list", "hannah").cards) == 1
    for other in ("dilys", "grace"):
        assert not ask("lowlevel.list", other).cards


def test_what_was_written_about_the_head_stays_about_whoever_was_head_then(product, ask, write):
    write(whom="head", name="")
    femi = next(each for each in product.house.schools["oakfield"].people if each.id == "femi")
    follow(product, head=replace(femi, roles=frozenset({Role.HEAD})))

    assert "About: Hannah Lewis" in shown(ask("lowlevel.read", "grace", ref=entry_of(ask, "grace")))


@pytest.mark.parametrize("step", ["read", "allege", "allege.yes", "end", "end.yes"])
@pytest.mark.parametrize("person", ["dilys", "femi", "grace"])
def test_who_holds_no_key_can_do_nothing_with_it_and_the_try_is_written_down(product, ask, write, step, person):
    write()
    reference = entry_of(ask)

    assert ask(f"lowlevel.{step}", person, ref=reference).refused

    assert rows(product)[-1].actor == person
    assert rows(product)[-1].subject == reference
    assert ask("lowlevel.list", "hannah").cards


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": ""}, "Please write the name of the adult."),
        ({"name": " \u200b "}, "Please write the name of the adult."),
        ({"words": ""}, "There are no words yet."),
        ({"name": "x" * 121}, "That is longer than a name (121 characters; the most is 120)."),
        ({"whom": "nobody", "name": ""}, "Please write the name of the adult."),
    ],
)
def test_what_cannot_be_taken_is_said_above_the_form_and_nothing_is_kept(product, ask, write, given, sentence):
    answer = write(**given)

    assert answer.refused
    assert sentence in shown(answer)
    assert answer.form is not None
    assert answer.form.verb == "lowlevel.send"
    assert not ask("lowlevel.list", "hannah").cards
    assert told(product) == []


def test_a_form_that_was_sent_back_is_taken_when_it_comes_again_under_the_same_mark(ask, write):
    mark = {"transport_id": "T1", "semantic_id": "view:V1:h1"}
    assert write(name="", **mark).refused

    assert "It is in the register" in shown(write(**mark))

    assert len(ask("lowlevel.list", "hannah").cards) == 1


def test_where_the_reader_has_no_key_it_is_not_taken_and_amara_is_told_to_say_it_in_person(product, ask, write):
    with product.engines.writing() as connection:
        connection.execute(text("DELETE FROM vault_key WHERE person = 'grace'"))
        connection.commit()

    answer = write(whom="head", name="")

    assert answer.refused
    assert "Please tell them in person today." in shown(answer)
    assert not ask("lowlevel.list", "hannah").cards


def test_a_copy_that_was_changed_or_put_in_another_place_does_not_open_and_the_rest_does(product, ask, write):
    write("The first one.", name="Joan Pike")
    write("The second one.", name="Ellis Ward")
    with product.engines.writing() as connection:
        first, second = connection.execute(text("SELECT entry_id, sealed FROM vault_lowlevel_copy")).all()
        moved = text("UPDATE vault_lowlevel_copy SET sealed = :sealed WHERE entry_id = :entry")
        connection.execute(moved, {"sealed": second.sealed, "entry": first.entry_id})
        connection.commit()

    page = shown(ask("lowlevel.people", "hannah"))

    assert "This can't be read" in page
    assert page.count(": 1") == 1


def test_somebody_who_is_not_on_the_staff_can_neither_open_the_form_nor_send_it(product):
    for verb in ("lowlevel.form", "lowlevel.send"):
        asked = Incoming(
            school="oakfield", via=Via.SLACK, sender="U0NOBODY", verb=verb, words={"words": Sensitive(WORDS)}
        )
        assert Reception(product.house).receive(asked).refused


def test_amara_finds_the_way_in_on_her_home_tab_and_above_the_report_form(product):
    slack = next(person.slack for person in product.house.schools["oakfield"].people if person.id == "amara")
    desk = Reception(product.house)
    for verb in ("home", "report.start"):
        answer = desk.receive(Incoming(school="oakfield", via=Via.SLACK, sender=slack, verb=verb))
        assert "Log a low-level concern about an adult" in labels(answer)
    pupil = desk.receive(Incoming(school="oakfield", via=Via.SLACK, sender="U0NOBODY", verb="home"))
    assert "Log a low-level concern about an adult" not in labels(pupil)


def test_the_way_in_to_read_is_shown_to_hannah_and_to_no_lead(ask):
    assert "Low-level concerns about adults" in labels(ask("inbox.list", "hannah"))
    assert "Low-level concerns about adults" not in labels(ask("inbox.list", "dilys"))


def test_it_is_counted_among_no_reports(product, ask, write):
    write()
    ask("lowlevel.read", "hannah", ref=entry_of(ask))

    with product.house.units.read("oakfield") as unit:
        assert unit.concerns.for_reader("hannah") == ()
    assert figures(spans(rows(product))).received == 0


def test_every_verb_of_the_register_says_who_may():
    assert {verb for verb in VERBS if verb.startswith("lowlevel.")} <= set(MAY)
