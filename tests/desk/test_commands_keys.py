"""What an office does about readers' keys from the shell: a lost phone, and keys that only one person holds."""

import json

import pytest

from bot.storage import QUICK, Posting, SqlUnits, SqlVault, new_id, open_engines
from safeguarding import About, Act, NewConcern, State
from school.sensitive import Sensitive
from tests.desk.test_commands import own_environment, run, school, sqlite_template
from tests.storage.conftest import NOW, SetClock

__all__ = ["own_environment", "school", "sqlite_template"]

PASSPHRASE = Sensitive("correct horse battery staple")


class Stores:
    """The school's own database, from outside of the command."""

    def __init__(self, engines) -> None:
        clock = SetClock(NOW)
        self.units = SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock))
        self.units.add_school("oakfield")
        self.vault = SqlVault(engines, costs=QUICK)

    def enrols(self, person: str, *, at=NOW) -> None:
        pair = self.vault.pair(person=person, key_id=new_id(at), passphrase=PASSPHRASE)
        with self.units.write("oakfield") as unit:
            unit.concerns.add_key(pair, now=at)
            unit.commit()

    def sets_up(self, person: str) -> str:
        with self.units.write("oakfield") as unit:
            pair = unit.keyring.newest(person)
            half = self.vault.unlock([pair], PASSPHRASE)
            second = self.vault.seal_second(Sensitive("JBSWY3DPEHPK3PXP"), key=pair, half=half)
            unit.keyring.keep_second_factor(second, now=NOW)
            unit.concerns.log.write(Act.SECOND_FACTOR_SET, actor=person, now=NOW, subject=second.mark)
            unit.commit()
        return second.mark

    def report(self, *readers: str, reserve: tuple[str, ...] = ()) -> None:
        with self.units.write("oakfield") as unit:
            unit.concerns.add(
                NewConcern(
                    id=new_id(NOW),
                    reference=self.vault.reference(),
                    about=About.PUPIL,
                    via="web",
                    state=State.NEW,
                    received=NOW,
                    urgent=False,
                    words=Sensitive("words"),
                    routed=unit.concerns.recipients(readers),
                    reserve=unit.concerns.recipients(reserve),
                    receipt=self.vault.receipt("oakfield"),
                )
            )
            unit.commit()


@pytest.fixture
def at(school):
    engines = open_engines(f"sqlite:///{school.parent / 'var' / 'lollipop.db'}")
    yield Stores(engines)
    engines.close()


def faults(school) -> dict[str, str]:
    found = json.loads(run(school, "check", "--json").stdout)["faults"]
    return {each["what"]: each["severity"] for each in found if each["where"] == "keys"}


def test_dilys_who_lost_her_phone_is_reset_at_hannahs_word(school, at):
    at.enrols("dilys")
    mark = at.sets_up("dilys")

    result = run(school, "keys", "second-factor-reset", "dilys", "--by", "hannah")

    assert result.exit_code == 0, result.output
    assert "sets up an authenticator app anew" in result.stdout
    with at.units.read("oakfield") as unit:
        assert unit.keyring.second_factor("dilys") is None
        last = unit.concerns.log.of(mark)[-1]
        assert (last.act, last.actor) == (Act.SECOND_FACTOR_RESET, "hannah")
        assert len(unit.deliveries.lines(limit=99)) == 4
    again = run(school, "keys", "second-factor-reset", "dilys", "--by", "hannah")
    assert again.exit_code == 1
    assert "has no second factor" in str(again.exception)


def test_an_office_that_invites_somebody_again_hears_of_the_sheet_in_the_safe(school, at):
    assert "/inbox/recover" not in run(school, "keys", "invite", "dilys").stdout
    at.enrols("dilys")

    result = run(school, "keys", "invite", "dilys")

    assert result.exit_code == 0
    assert "the sheet in the safe is better" in result.stdout


@pytest.mark.parametrize("by", ["dilys", "amara", "femi", "nobody"])
def test_nobody_resets_their_own_and_not_everybody_may_say_so(school, at, by):
    at.enrols("dilys")
    at.sets_up("dilys")

    result = run(school, "keys", "second-factor-reset", "dilys", "--by", by)

    assert result.exit_code == 1
    assert ("--by hannah" in str(result.exception)) == (by != "nobody")
    with at.units.read("oakfield") as unit:
        assert unit.keyring.second_factor("dilys") is not None


def test_check_says_which_reports_hang_by_one_key_or_by_none(school, at):
    for person in ("dilys", "femi", "hannah", "grace"):
        at.enrols(person)
    at.report("dilys", "femi")
    assert faults(school) == {}

    at.report("dilys")
    assert faults(school) == {"1 of the open reports can be opened by one person only.": "warning"}

    at.enrols("dilys", at=NOW.replace(hour=NOW.hour + 1))
    assert faults(school) == {
        "dilys lost a passphrase since, and can't open 2 of the open reports any more.": "warning",
        "nobody with a safeguarding role can open 1 of the open reports.": "fault",
        "1 of the open reports can be opened by one person only.": "warning",
    }
