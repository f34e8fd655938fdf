"""A new deputy, a lead who was away, a colleague who leaves: who can read what came before, and what comes of keys."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import demo
from bot.desk import Reception
from bot.wire import Incoming, Via
from safeguarding import Act, Outcome
from school.people import Person, Role
from school.roles import Leave
from school.sensitive import Sensitive
from tests.desk.test_desk_cases import acts, holder, rows, told
from tests.desk.test_desk_inbox import MORNING, WORDS, labels, product, reference_of, shown, sqlite_template

__all__ = ["holder", "product", "sqlite_template"]

SCHOOL = "oakfield"
PASSPHRASE = Sensitive(demo.PASSPHRASE)
IDRIS = Person(id="idris", name="Idris Khan", roles=frozenset({Role.DEPUTY_DSL}))


class Staff:
    """The school as it is now: its people change, and with them the desk and the rounds."""

    def __init__(self, product) -> None:
        self.product = product
        self.is_now(product.house.schools[SCHOOL])

    def is_now(self, school) -> None:
        self.school = school
        self.house = replace(self.product.house, schools={SCHOOL: school})
        self.desk = Reception(self.house)
        self.rounds = replace(self.product.rounds, schools={SCHOOL: school})

    def joins(self, person: Person, *, enrolled: bool = True) -> None:
        self.is_now(replace(self.school, people=(*self.school.people, person)))
        if enrolled:
            self.enrols(person.id)

    def enrols(self, person: str, *, at=MORNING) -> None:
        vault = self.house.vault
        pair = vault.pair(person=person, key_id=self.house.new_id(at), passphrase=PASSPHRASE)
        with self.house.units.write(SCHOOL) as unit:
            unit.concerns.add_key(pair, now=at)
            unit.commit()

    def leaves(self, *gone: str) -> None:
        """They stay in the school, as teachers."""
        people = [
            replace(each, roles=frozenset({Role.TEACHER})) if each.id in gone else each for each in self.school.people
        ]
        self.is_now(replace(self.school, people=tuple(people)))

    def night(self, *, days: int = 1) -> None:
        self.house.school_clock.move_to(self.house.school_clock.now() + timedelta(days=days))
        self.rounds.go()

    def ask(self, verb: str, person: str = "", *, words: str = "", **args: str):
        key = self.desk.unlock(school=SCHOOL, person=person, passphrase=PASSPHRASE) if person else None
        said = {"words": Sensitive(words)} if words else {}
        asked = {"school": SCHOOL, "via": Via.WEB, "sender": person, "verb": verb, "args": args}
        return self.desk.receive(Incoming(**asked, words=said, key=key))

    def report(self, about: str = "pupil", *, reader: str = "dilys") -> str:
        self.ask("report.send", words=WORDS, about=about)
        return reference_of(self.ask("inbox.list", reader))

    def reads(self, person: str, reference: str) -> bool:
        return WORDS in shown(self.ask("inbox.read", person, ref=reference))


@pytest.fixture
def staff(product) -> Staff:
    return Staff(product)


def test_idris_who_is_new_reads_what_dilys_lets_him_read_and_is_told(staff: Staff, product) -> None:
    reference = staff.report()
    staff.joins(IDRIS)
    assert not staff.reads("idris", reference)
    before = len(told(product))

    asked = staff.ask("inbox.give", "dilys", ref=reference)
    assert "Let Idris Khan read it" in labels(asked)
    done = staff.ask("inbox.give.to", "dilys", ref=reference, to="idris")

    assert "Idris Khan can read it now" in shown(done)
    assert staff.reads("idris", reference)
    assert told(product)[before:] == [("idris", "concern-given")]
    assert [act for act in acts(product) if act[0] in {Act.SHARED, Act.LET_IN}] == [
        (Act.SHARED, "dilys"),
        (Act.LET_IN, "idris"),
    ]
    assert "Dilys Morgan let a colleague read it" in shown(staff.ask("inbox.read", "idris", ref=reference))


def test_hannah_reads_sooner_than_the_ladder_says_where_dilys_lets_her(staff: Staff) -> None:
    reference = staff.report()
    assert not staff.reads("hannah", reference)

    staff.ask("inbox.give.to", "dilys", ref=reference, to="hannah")

    assert staff.reads("hannah", reference)


@pytest.mark.clause(40)
@pytest.mark.parametrize(
    ("about", "reader", "never"),
    [
        ("lead", "hannah", ["dilys", "femi", "idris", "amara"]),
        ("adult", "hannah", ["dilys", "femi", "idris", "amara"]),
        ("head", "grace", ["hannah", "dilys", "femi", "idris"]),
    ],
)
def test_whom_the_routing_leaves_out_is_given_nothing(staff: Staff, product, about, reader, never) -> None:
    staff.enrols("grace")
    staff.joins(IDRIS)
    reference = staff.report(about, reader=reader)
    before = len(told(product))

    offered = labels(staff.ask("inbox.give", reader, ref=reference))
    for person in never:
        assert staff.ask("inbox.give.to", reader, ref=reference, to=person).refused
        staff.ask("inbox.share.to", reader, to=person)

    assert not any(staff.reads(person, reference) for person in never if person != "amara")
    assert not [label for label in offered for name in ("Dilys", "Femi", "Idris", "Amara") if name in label]
    assert told(product)[before:] == []
    assert acts(product, Outcome.REFUSED).count((Act.SHARED, reader)) == len(never)


def test_who_is_away_or_has_no_key_is_given_nothing_until_they_are_back(staff: Staff) -> None:
    reference = staff.report()
    staff.joins(IDRIS, enrolled=False)
    assert staff.ask("inbox.give.to", "dilys", ref=reference, to="idris").refused
    staff.enrols("idris")
    away = Leave(person="idris", first=MORNING.date(), last=MORNING.date())
    here, staff_away = staff.school, replace(staff.school, leave=(away,))
    staff.is_now(staff_away)
    assert staff.ask("inbox.give.to", "dilys", ref=reference, to="idris").refused

    staff.is_now(here)

    assert not staff.ask("inbox.give.to", "dilys", ref=reference, to="idris").refused


def test_somebody_who_cannot_read_a_report_gives_it_to_nobody(staff: Staff) -> None:
    reference = staff.report()
    staff.joins(IDRIS)

    for person in ("hannah", "idris"):
        assert staff.ask("inbox.give", person, ref=reference).refused
        assert staff.ask("inbox.give.to", person, ref=reference, to="idris").refused
    assert not staff.reads("idris", reference)


def test_a_case_that_is_over_is_opened_again_before_anybody_is_let_in(staff: Staff) -> None:
    reference = staff.report()
    staff.joins(IDRIS)
    staff.ask("inbox.read", "dilys", ref=reference)
    staff.ask("inbox.hand_over.send", "dilys", ref=reference, words="12/3")

    assert staff.ask("inbox.give.to", "dilys", ref=reference, to="idris").refused
    staff.ask("inbox.reopen", "dilys", ref=reference)
    assert not staff.ask("inbox.give.to", "dilys", ref=reference, to="idris").refused


def test_all_open_ones_are_shared_a_chunk_at_a_time_and_none_twice(staff: Staff, product) -> None:
    references = [staff.report() for _ in range(23)]
    kept_back = staff.report("adult", reader="hannah")
    staff.joins(IDRIS)
    assert "Share with Idris Khan" in labels(staff.ask("inbox.share", "dilys"))

    first = staff.ask("inbox.share.to", "dilys", to="idris")
    assert "Shared with Idris Khan: 20." in shown(first)
    (on,) = [choice for row in first.choices for choice in row if choice.args]
    second = staff.ask("inbox.share.to", "dilys", **on.args)

    assert "Shared with Idris Khan: 3." in shown(second)
    assert all(staff.reads("idris", reference) for reference in references)
    assert not staff.reads("idris", kept_back)
    assert len([row for row in rows(product) if row.act == Act.SHARED]) == 23
    assert "Shared with Idris Khan: 0." in shown(staff.ask("inbox.share.to", "dilys", to="idris"))


@pytest.mark.clause(41)
def test_the_night_after_femi_left_his_keys_are_destroyed_and_dilys_reads_on(staff: Staff, product) -> None:
    reference = staff.report()
    staff.leaves("femi")

    staff.night()

    assert staff.reads("dilys", reference)
    assert staff.ask("inbox.list", "dilys").cards
    with product.house.units.read(SCHOOL) as unit:
        assert "femi" not in unit.concerns.by_reference(reference).readers
        assert unit.concerns.wrapped_keys("femi") == ()
    assert ("lollipop", Act.KEY_LEFT) in [(actor, act) for act, actor in acts(product)]
    assert ("lollipop", Act.KEY_DESTROYED) in [(actor, act) for act, actor in acts(product)]


@pytest.mark.clause(41)
def test_where_all_who_may_read_now_have_left_the_next_on_the_ladder_is_let_in_and_told(staff: Staff, product) -> None:
    reference = staff.report()
    staff.ask("inbox.acknowledge", "dilys", ref=reference)
    staff.leaves("dilys", "femi")
    before = len(told(product))

    staff.night()

    assert staff.reads("hannah", reference)
    assert [each for each in told(product)[before:] if each[1] == "concern-given"] == [("hannah", "concern-given")]
    with product.house.units.read(SCHOOL) as unit:
        assert unit.concerns.by_reference(reference).readers == ("hannah",)


@pytest.mark.clause(40)
def test_the_last_key_is_kept_and_the_chair_is_told_once_a_week_and_nobody_else(staff: Staff, product) -> None:
    reference = staff.report("adult", reader="hannah")  # Grace has no key, so that it is Hannah's alone
    staff.ask("inbox.acknowledge", "hannah", ref=reference)
    school = staff.school
    staff.leaves("hannah")

    staff.night()
    staff.night()

    assert [each for each in told(product) if each[1] == "key-last"] == [("grace", "key-last")]
    staff.night(days=7)
    assert [each for each in told(product) if each[1] == "key-last"] == [("grace", "key-last")] * 2
    staff.is_now(school)
    assert staff.reads("hannah", reference), "nothing was lost"
    staff.enrols("grace")
    staff.ask("inbox.give.to", "hannah", ref=reference, to="grace")
    staff.leaves("hannah")
    staff.night()
    assert staff.reads("grace", reference)
    with product.house.units.read(SCHOOL) as unit:
        assert unit.keyring.newest("hannah") is None


def test_a_rung_of_which_everybody_left_does_not_make_the_ladder_skip_the_next(staff: Staff, product) -> None:
    """Dilys was told at once; Femi is next, although nobody stands on the first rung any more."""
    staff.house.school_clock.move_to(MORNING.replace(hour=20))
    staff.report()
    staff.leaves("dilys")
    staff.night()
    before = [each for each in told(product) if each[1] in {"concern-waiting", "concern-alarm"}]

    for _ in range(3):
        staff.house.school_clock.move_to(staff.house.school_clock.now() + timedelta(minutes=16))
        staff.rounds.go()

    after = [each for each in told(product) if each[1] in {"concern-waiting", "concern-alarm"}]
    assert [*before, *after][0] == ("femi", "concern-waiting")


def test_dilys_makes_a_new_key_and_reads_all_she_could_read(staff: Staff, product) -> None:
    references = [staff.report() for _ in range(3)]
    locksmith = staff.desk.locksmith
    who = {"school": SCHOOL, "person": "dilys"}
    old = locksmith.unlock(**who, passphrase=PASSPHRASE)

    replaced = locksmith.replace_key(**who, passphrase=PASSPHRASE)
    fresh = staff.report()
    assert all(staff.reads("dilys", reference) for reference in [*references, fresh])
    assert locksmith.carry_over(**who, key=replaced.key) == 0

    assert replaced.key.reveal() != old.reveal()
    assert all(staff.reads("dilys", reference) for reference in [*references, fresh])
    asked = {"school": SCHOOL, "via": Via.WEB, "sender": "dilys", "verb": "inbox.read", "key": old}
    for reference in [*references, fresh]:
        assert staff.desk.receive(Incoming(**asked, args={"ref": reference})).refused, "the old key is worth nothing"
    with product.house.units.read(SCHOOL) as unit:
        assert unit.keyring.hanging("dilys") == 0


def test_the_page_of_keys_shows_what_was_done_and_by_whom_and_no_secret(staff: Staff) -> None:
    sheet = staff.desk.locksmith.print_sheet(school=SCHOOL, person="dilys", passphrase=PASSPHRASE)
    staff.desk.locksmith.change_passphrase(school=SCHOOL, person="femi", old=PASSPHRASE, new=Sensitive("x" * 12))
    with pytest.raises(Exception, match="passphrase"):
        staff.desk.unlock(school=SCHOOL, person="femi", passphrase=PASSPHRASE)

    page = shown(staff.ask("inbox.keys", "dilys"))

    assert sheet.mark in page
    for line in (
        "Dilys Morgan printed a recovery key",
        "Femi Adeyemi changed their passphrase",
        "A wrong passphrase was given for Femi Adeyemi",
    ):
        assert line in page
    assert sheet.letters.reveal() not in page
    assert staff.ask("inbox.keys").refused
