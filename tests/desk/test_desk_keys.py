"""Signing in with two things, coming back with a sheet from the safe, and what the log says of both."""

import shutil
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pyotp
import pytest
from nacl.secret import SecretBox
from sqlalchemy import delete, insert, select, update

from bot import demo
from bot.clock import SetClock
from bot.desk import Reception, reset_second_factor
from bot.keydesk import Then
from bot.main import build
from bot.storage import QUICK, SqlVault, WrongPassphraseError, new_code
from bot.storage.key_tables import vault_recovery, vault_second
from bot.storage.slow import SlowHash
from bot.storage.tables import vault_key
from bot.wire import Incoming, Via
from safeguarding import Act, CodeRefusedError, Outcome, WrongRecoveryKeyError
from school.sensitive import Sensitive
from school.words import Refusal
from tests.databases import sqlite_template
from tests.desk.test_desk_cases import acts, rows, told
from tests.desk.test_desk_inbox import MORNING, ours

__all__ = ["sqlite_template"]

SCHOOL = "oakfield"
OLD, NEW = Sensitive(demo.PASSPHRASE), Sensitive("eight loud purple teapots")
HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
def product(tmp_path, sqlite_template):
    """A school that asks for a code; Dilys, Femi and Hannah are enrolled."""
    shutil.copyfile(sqlite_template, tmp_path / "lollipop.db")
    settings = demo.prepare(tmp_path, 8000)
    file = settings.school_file
    file.write_text(file.read_text("utf-8").replace('second_factor = "off"', 'second_factor = "required"'), "utf-8")
    product = build(
        settings,
        machine_clock=SetClock(MORNING),
        school_clock=SetClock(MORNING),
        make_vault=lambda engines: SqlVault(engines, costs=QUICK),
        library=ours(),
    )
    yield product
    product.counter.close()
    product.engines.close()


@pytest.fixture
def keys(product):
    return Reception(product.house).locksmith


@pytest.fixture
def sheets(product, keys) -> dict[str, Sensitive]:
    """Each one's recovery key."""
    return {person: enrolled(product, keys, person).letters for person in ("dilys", "femi", "hannah")}


def enrolled(product, keys, person, passphrase=OLD):
    code = new_code()
    with product.house.units.write(SCHOOL) as unit:
        unit.enrolments.invite(code=code, person=person, now=MORNING)
        unit.commit()
    return keys.enrol(school=SCHOOL, code=code, passphrase=passphrase)


def at(person: str) -> dict[str, str]:
    return {"school": SCHOOL, "person": person}


def app(secret: Sensitive, product, *, steps: int = 0) -> Sensitive:
    """What an authenticator shows, so many half minutes from now."""
    when = product.house.machine_clock.now() + steps * HALF_MINUTE
    return Sensitive(pyotp.TOTP(secret.reveal()).at(when))


@pytest.fixture
def secret(product, keys, sheets) -> Sensitive:
    """Of Dilys's authenticator, which is set up."""
    secret = keys.fresh_secret()
    key = keys.unlock(**at("dilys"), passphrase=OLD)
    keys.set_up(**at("dilys"), key=key, secret=secret, code=app(secret, product))
    return secret


def later(product, wait: timedelta) -> None:
    clock = product.house.machine_clock
    clock.move_to(clock.now() + wait)


def test_dilys_sets_up_an_app_once_and_gives_a_code_from_then_on(product, keys, sheets) -> None:
    key = keys.unlock(**at("dilys"), passphrase=OLD)
    assert keys.then(**at("dilys")) is Then.SET_UP
    secret = keys.fresh_secret()
    with pytest.raises(CodeRefusedError):
        keys.set_up(**at("dilys"), key=key, secret=secret, code=Sensitive("12345"))
    assert keys.then(**at("dilys")) is Then.SET_UP

    keys.set_up(**at("dilys"), key=key, secret=secret, code=app(secret, product))

    assert keys.then(**at("dilys")) is Then.CODE
    assert keys.then(**at("femi")) is Then.SET_UP
    later(product, HALF_MINUTE)
    keys.give_code(**at("dilys"), key=key, code=app(secret, product))
    with pytest.raises(Refusal):
        keys.set_up(**at("dilys"), key=key, secret=secret, code=app(secret, product))


def test_the_secret_is_in_no_column(product, secret) -> None:
    with product.engines.reading() as connection:
        (row,) = connection.execute(select(vault_second)).all()

    assert secret.reveal().encode() not in row.sealed
    assert secret.reveal() not in repr(row)


def test_a_code_works_once_and_not_after_a_later_one(product, keys, secret) -> None:
    key = keys.unlock(**at("dilys"), passphrase=OLD)
    with pytest.raises(CodeRefusedError):
        keys.give_code(**at("dilys"), key=key, code=app(secret, product))  # taken when it was set up

    later(product, 10 * HALF_MINUTE)
    early, now, ahead, far = (app(secret, product, steps=steps) for steps in (-2, -1, 1, 2))
    for refused in (early, far):
        with pytest.raises(CodeRefusedError):
            keys.give_code(**at("dilys"), key=key, code=refused)
    keys.give_code(**at("dilys"), key=key, code=ahead)
    for refused in (ahead, now, app(secret, product)):
        with pytest.raises(CodeRefusedError):
            keys.give_code(**at("dilys"), key=key, code=refused)


def test_of_two_who_give_one_code_at_one_time_one_gets_in(product, keys, secret) -> None:
    key = keys.unlock(**at("dilys"), passphrase=OLD)
    later(product, HALF_MINUTE)
    code, start, got = app(secret, product), Barrier(4), []

    def give() -> None:
        start.wait()
        try:
            keys.give_code(**at("dilys"), key=key, code=code)
            got.append("in")
        except CodeRefusedError:
            got.append("out")

    threads = [Thread(target=give) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(got) == ["in", "out", "out", "out"]


@pytest.mark.parametrize("code", ["", "１２３４５６", "12345a", "0" * 7, "12 34", "ضضضضضض"])
def test_whatever_else_is_typed_is_refused_and_stands_in_the_log(product, keys, secret, code) -> None:
    key = keys.unlock(**at("dilys"), passphrase=OLD)
    later(product, HALF_MINUTE)
    with pytest.raises(CodeRefusedError):
        keys.give_code(**at("dilys"), key=key, code=Sensitive(code))

    assert acts(product, Outcome.REFUSED)[-1] == (Act.CODE_GIVEN, "dilys")


def test_the_log_tells_the_passphrase_from_the_sign_in(product, keys, sheets) -> None:
    before = len(acts(product))
    with pytest.raises(WrongPassphraseError):
        keys.unlock(**at("dilys"), passphrase=NEW)
    key = keys.unlock(**at("dilys"), passphrase=OLD)
    assert acts(product)[before:] == [(Act.UNLOCKED, "dilys")]

    secret = keys.fresh_secret()
    keys.set_up(**at("dilys"), key=key, secret=secret, code=app(secret, product))

    assert acts(product)[before + 1 :] == [(Act.SECOND_FACTOR_SET, "dilys"), (Act.SIGNED_IN, "dilys")]
    assert acts(product, Outcome.REFUSED) == [(Act.SIGNED_IN, "dilys")]


def test_who_takes_the_row_of_a_second_factor_away_opens_no_shorter_way(product, keys, secret) -> None:
    key = keys.unlock(**at("dilys"), passphrase=OLD)
    with product.engines.writing() as connection:
        connection.execute(delete(vault_second))
        connection.commit()

    assert keys.then(**at("dilys")) is Then.CODE
    later(product, HALF_MINUTE)
    with pytest.raises(Refusal, match="has to be reset"):
        keys.give_code(**at("dilys"), key=key, code=app(secret, product))


def test_a_second_factor_that_was_reset_is_worth_nothing_when_it_is_put_back(product, keys, secret) -> None:
    with product.engines.reading() as connection:
        row = connection.execute(select(vault_second)).one()._asdict()
    with product.house.units.write(SCHOOL) as unit:
        assert reset_second_factor(product.house.schools[SCHOOL], person="dilys", by="hannah", unit=unit, now=MORNING)
        unit.commit()
    with product.engines.writing() as connection:
        connection.execute(insert(vault_second).values(row))
        connection.commit()

    assert keys.then(**at("dilys")) is Then.SET_UP
    key = keys.unlock(**at("dilys"), passphrase=OLD)
    later(product, HALF_MINUTE)
    with pytest.raises(Refusal):
        keys.give_code(**at("dilys"), key=key, code=app(secret, product))
    fresh = keys.fresh_secret()
    keys.set_up(**at("dilys"), key=key, secret=fresh, code=app(fresh, product))
    assert keys.then(**at("dilys")) is Then.CODE


def test_a_reset_is_told_to_all_of_them_without_a_name(product, keys, secret) -> None:
    before = len(told(product))
    with product.house.units.write(SCHOOL) as unit:
        reset_second_factor(product.house.schools[SCHOOL], person="dilys", by="hannah", unit=unit, now=MORNING)
        unit.commit()

    assert sorted(told(product)[before:]) == [
        ("dilys", "key-yours"),
        ("femi", "key-colleague"),
        ("grace", "key-colleague"),
        ("hannah", "key-colleague"),
    ]
    assert acts(product)[-1] == (Act.SECOND_FACTOR_RESET, "hannah")


def test_dilys_comes_back_with_the_sheet_and_reads_with_the_same_key(product, keys, sheets, secret) -> None:
    before = keys.unlock(**at("dilys"), passphrase=OLD)

    sheet = keys.recover(**at("dilys"), typed=sheets["dilys"], passphrase=NEW)

    assert keys.unlock(**at("dilys"), passphrase=NEW).reveal() == before.reveal()
    with pytest.raises(WrongPassphraseError):
        keys.unlock(**at("dilys"), passphrase=OLD)
    with pytest.raises(WrongRecoveryKeyError):
        keys.recover(**at("dilys"), typed=sheets["dilys"], passphrase=OLD)
    assert keys.then(**at("dilys")) is Then.SET_UP, "whoever lost the passphrase may have lost the phone"
    keys.recover(**at("dilys"), typed=sheet.letters, passphrase=OLD)
    assert keys.unlock(**at("dilys"), passphrase=OLD).reveal() == before.reveal()


def test_nobody_comes_in_by_a_colleagues_sheet(product, keys, sheets) -> None:
    for person, typed in (("femi", sheets["dilys"]), ("grace", sheets["dilys"]), ("dilys", Sensitive("0" * 20))):
        with pytest.raises(WrongRecoveryKeyError):
            keys.recover(**at(person), typed=typed, passphrase=NEW)

    assert acts(product, Outcome.REFUSED) == [(Act.RECOVERED, person) for person in ("femi", "grace", "dilys")]
    assert keys.unlock(**at("femi"), passphrase=OLD)


def test_what_is_over_is_over_although_its_row_is_put_back(product, keys, sheets) -> None:
    """The passphrase and the sheet that a recovery ended, back in the database, letter for letter."""
    with product.engines.reading() as connection:
        pair = connection.execute(select(vault_key).where(vault_key.c.person == "dilys")).one()._asdict()
        sheet = connection.execute(select(vault_recovery).where(vault_recovery.c.person == "dilys")).one()._asdict()
    keys.recover(**at("dilys"), typed=sheets["dilys"], passphrase=NEW)
    with product.engines.writing() as connection:
        connection.execute(update(vault_key).where(vault_key.c.id == pair["id"]).values(pair))
        connection.execute(update(vault_recovery).where(vault_recovery.c.key_id == pair["id"]).values(sheet))
        connection.commit()

    with pytest.raises(WrongPassphraseError):
        keys.unlock(**at("dilys"), passphrase=OLD)
    with pytest.raises(WrongRecoveryKeyError):
        keys.recover(**at("dilys"), typed=sheets["dilys"], passphrase=OLD)


def test_a_changed_passphrase_ends_a_wrap_from_before_there_were_marks(product, keys, sheets) -> None:
    half, salt = keys.unlock(**at("femi"), passphrase=OLD), bytes(16)
    wrapping = SlowHash(QUICK)(OLD.reveal().encode(), salt=salt, size=32)
    of_old = QUICK.head(version=1, algorithm=4) + bytes(SecretBox(wrapping).encrypt(half.reveal()))
    femi = update(vault_key).where(vault_key.c.person == "femi")

    def put_back() -> None:
        with product.engines.writing() as connection:
            connection.execute(femi.values(salt=salt, wrapped=of_old, mark=""))
            connection.commit()

    put_back()
    assert keys.unlock(**at("femi"), passphrase=OLD).reveal() == half.reveal()
    keys.change_passphrase(**at("femi"), old=OLD, new=NEW)
    assert keys.unlock(**at("femi"), passphrase=NEW).reveal() == half.reveal()
    put_back()

    with pytest.raises(WrongPassphraseError):
        keys.unlock(**at("femi"), passphrase=OLD)


def test_femi_changes_his_passphrase_and_keeps_key_app_and_sheet(product, keys, sheets) -> None:
    before = keys.unlock(**at("femi"), passphrase=OLD)
    with pytest.raises(WrongPassphraseError):
        keys.change_passphrase(**at("femi"), old=NEW, new=OLD)

    keys.change_passphrase(**at("femi"), old=OLD, new=NEW)

    assert keys.unlock(**at("femi"), passphrase=NEW).reveal() == before.reveal()
    with pytest.raises(WrongPassphraseError):
        keys.unlock(**at("femi"), passphrase=OLD)
    assert keys.recover(**at("femi"), typed=sheets["femi"], passphrase=OLD)
    assert acts(product, Outcome.REFUSED)[0] == (Act.PASSPHRASE_CHANGED, "femi")


def test_another_sheet_ends_the_one_before_it(product, keys, sheets) -> None:
    sheet = keys.print_sheet(**at("hannah"), passphrase=OLD)

    with pytest.raises(WrongRecoveryKeyError):
        keys.recover(**at("hannah"), typed=sheets["hannah"], passphrase=NEW)
    assert keys.recover(**at("hannah"), typed=sheet.letters, passphrase=NEW)


def pairs_of(product, person: str) -> int:
    with product.engines.reading() as connection:
        return len(connection.execute(select(vault_key).where(vault_key.c.person == person)).all())


def test_the_older_pair_goes_the_night_after_nothing_hangs_on_it_and_not_before(product, keys, sheets, secret) -> None:
    ask = Reception(product.house).receive
    words = {"words": Sensitive("I keep getting messages.")}
    ask(Incoming(school=SCHOOL, via=Via.WEB, sender="", verb="report.send", args={"about": "pupil"}, words=words))

    replaced = keys.replace_key(**at("dilys"), passphrase=OLD)
    for clock in (product.house.machine_clock, product.house.school_clock):
        clock.move_to(MORNING + timedelta(days=1))
    product.rounds.go()
    assert pairs_of(product, "dilys") == 2, "a report hangs on the older one"
    assert keys.carry_over(**at("dilys"), key=replaced.key) == 0
    product.house.school_clock.move_to(MORNING + timedelta(days=2))
    product.rounds.go()

    assert pairs_of(product, "dilys") == 1
    assert acts(product)[-1] == (Act.KEY_DESTROYED, "lollipop")
    assert keys.unlock(**at("dilys"), passphrase=OLD).reveal() == replaced.key.reveal()


def test_a_new_key_keeps_the_app_and_ends_the_sheet(product, keys, sheets, secret) -> None:
    replaced = keys.replace_key(**at("dilys"), passphrase=OLD)

    assert keys.then(**at("dilys")) is Then.CODE
    with pytest.raises(CodeRefusedError):
        keys.give_code(**at("dilys"), key=replaced.key, code=app(secret, product))  # taken before
    later(product, HALF_MINUTE)
    keys.give_code(**at("dilys"), key=replaced.key, code=app(secret, product))
    with pytest.raises(WrongRecoveryKeyError):
        keys.recover(**at("dilys"), typed=sheets["dilys"], passphrase=NEW)
    keys.recover(**at("dilys"), typed=replaced.sheet.letters, passphrase=NEW)
    assert keys.unlock(**at("dilys"), passphrase=NEW).reveal() == replaced.key.reveal()


def test_of_two_recoveries_with_one_sheet_one_succeeds(product, keys, sheets) -> None:
    start, got = Barrier(2), []

    def come_back(passphrase: Sensitive) -> None:
        start.wait()
        try:
            got.append(keys.recover(**at("dilys"), typed=sheets["dilys"], passphrase=passphrase))
        except WrongRecoveryKeyError:
            got.append(None)

    threads = [Thread(target=come_back, args=(each,)) for each in (OLD, NEW)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([each for each in got if each]) == 1


def test_no_letters_of_a_sheet_and_no_passphrase_are_in_the_log_or_a_notice(product, keys, sheets, secret) -> None:
    keys.recover(**at("dilys"), typed=sheets["dilys"], passphrase=NEW)
    told_of = repr(rows(product)) + repr(told(product))

    for hidden in (sheets["dilys"], sheets["femi"], secret, OLD, NEW):
        assert hidden.reveal() not in told_of


def test_a_school_that_asks_for_no_code_asks_for_none(product, keys, sheets) -> None:
    school = product.house.schools[SCHOOL]
    off = replace(school, reporting=replace(school.reporting, second_factor=False))
    house = replace(product.house, schools={SCHOOL: off})
    keys = Reception(house).locksmith

    keys.unlock(**at("dilys"), passphrase=OLD)

    assert keys.then(**at("dilys")) is Then.INBOX
    assert acts(product)[-1] == (Act.SIGNED_IN, "dilys")
