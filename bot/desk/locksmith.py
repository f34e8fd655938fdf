"""The locksmith: passphrases, second factors, recovery keys and new pairs. Slow hashes are outside of transactions."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from bot.desk.codes import app_address, fresh_secret, step_of
from bot.desk.keynews import tell_of_a_key
from bot.desk.refused import note_act
from bot.desk.visit import House
from bot.keydesk import Replaced, Sheet, Then
from bot.unit import Unit
from safeguarding import Act, CodeRefusedError, Outcome, RecoveryWrap, WrappedKey, WrongRecoveryKeyError
from school.sensitive import SecretKey, Sensitive
from school.words import Refusal, Text

# Wrapped keys moved in one transaction: a few milliseconds of SQLite's one writer.
CHUNK = 50


class EnrolmentCodeError(Refusal):
    """An enrolment code that is unknown, used or too old."""

    text = Text("That code isn't in use. Please ask for a new one: it works once and for 14 days.")


class NoKeyYetError(Refusal):
    """Somebody who has not set a passphrase yet."""

    text = Text("You haven't set a passphrase yet. Please ask for a one-time code and start there.")


class SecondFactorGoneError(Refusal):
    """The log says that a second factor was set up, and it is not in the database, or is another one."""

    text = Text(
        "Your second factor can't be read any more. Please tell the head or the safeguarding lead: "
        "it has to be reset before you can sign in."
    )


class ChangedMeanwhileError(Refusal):
    """Two did something with one key at the same time."""

    text = Text("Something was done with this key just now, in another window perhaps. Nothing was changed here.")


@dataclass(frozen=True)
class Locksmith:
    """Implements KeyDesk."""

    house: House

    @property
    def _now(self) -> datetime:
        return self.house.school_clock.now()

    def unlock(self, *, school: str, person: str, passphrase: Sensitive) -> SecretKey:
        """See KeyDesk."""
        try:
            _, key = self._unlocked(school, person, passphrase)
        except Refusal:
            self._note_refused(Act.SIGNED_IN, school=school, person=person)
            raise
        act = Act.UNLOCKED if self._asks_for_a_code(school) else Act.SIGNED_IN
        note_act(act, school=school, actor=person, units=self.house.units, now=self._now)
        return key

    def _unlocked(self, school: str, person: str, passphrase: Sensitive) -> tuple[WrappedKey, SecretKey]:
        """The newest pair and its private half. Raises WrongPassphraseError, NoKeyYetError."""
        with self.house.units.read(school) as unit:
            newest = unit.keyring.newest(person)
            spent = newest is not None and unit.keyring.spent(newest.log_mark)
        if newest is None:
            raise NoKeyYetError
        # What was put back after its end takes as long as a wrong passphrase, and is one.
        return newest, self.house.vault.unlock([] if spent else [newest], passphrase)

    def _asks_for_a_code(self, school: str) -> bool:
        return self.house.schools[school].reporting.second_factor

    def _note_refused(self, act: Act, *, school: str, person: str) -> None:
        note_act(act, school=school, actor=person, units=self.house.units, now=self._now, outcome=Outcome.REFUSED)

    def then(self, *, school: str, person: str) -> Then:
        """See KeyDesk. What was set up stands in the log: a row that somebody took away opens no shorter way."""
        if not self._asks_for_a_code(school):
            return Then.INBOX
        with self.house.units.read(school) as unit:
            return Then.CODE if unit.keyring.standing(Act.SECOND_FACTOR_SET, person) else Then.SET_UP

    def give_code(self, *, school: str, person: str, key: SecretKey, code: Sensitive) -> None:
        """See KeyDesk. The step is used up in the transaction that notes the sign-in."""
        try:
            with self.house.units.write(school) as unit:
                second = unit.keyring.second_factor(person)
                if second is None or second.mark != unit.keyring.standing(Act.SECOND_FACTOR_SET, person):
                    raise SecondFactorGoneError
                secret = self.house.vault.open_second(second, half=key)
                step = step_of(secret, code, now=self.house.machine_clock.now())
                if step is None or not unit.keyring.take_step(second, step=step):
                    raise CodeRefusedError
                unit.concerns.log.write(Act.SIGNED_IN, actor=person, now=self._now)
                unit.commit()
        except Refusal:
            self._note_refused(Act.CODE_GIVEN, school=school, person=person)
            raise

    def fresh_secret(self) -> Sensitive:
        """See KeyDesk."""
        return fresh_secret()

    def app_address(self, *, school: str, person: str, secret: Sensitive) -> Sensitive:
        """See KeyDesk."""
        at = self.house.schools[school]
        known = at.person(person)
        return app_address(secret, name=known.name if known else person, issuer=f"Lollipop, {at.name}")

    def set_up(self, *, school: str, person: str, key: SecretKey, secret: Sensitive, code: Sensitive) -> None:
        """See KeyDesk."""
        step = step_of(secret, code, now=self.house.machine_clock.now())
        if step is None:
            self._note_refused(Act.CODE_GIVEN, school=school, person=person)
            raise CodeRefusedError
        with self.house.units.write(school) as unit:
            newest = unit.keyring.newest(person)
            if newest is None or unit.keyring.standing(Act.SECOND_FACTOR_SET, person):
                raise ChangedMeanwhileError
            second = self.house.vault.seal_second(secret, key=newest, half=key)
            unit.keyring.keep_second_factor(replace(second, last_step=step), now=self._now)
            unit.concerns.log.write(Act.SECOND_FACTOR_SET, actor=person, now=self._now, subject=second.mark)
            unit.concerns.log.write(Act.SIGNED_IN, actor=person, now=self._now)
            unit.commit()

    def enrol(self, *, school: str, code: Sensitive, passphrase: Sensitive) -> Sheet:
        """See KeyDesk. The slow derivations are between two transactions, never inside one."""
        now = self.house.machine_clock.now()
        with self.house.units.write(school) as unit:
            person = unit.enrolments.use(code=code, now=now)
            if person is None or self.house.schools[school].person(person) is None:
                raise EnrolmentCodeError
        pair, _, letters, wrap = self._fresh_pair(person, passphrase, now)
        with self.house.units.write(school) as unit:
            if unit.enrolments.use(code=code, now=now) != person:
                raise EnrolmentCodeError
            again = unit.keyring.newest(person) is not None
            _end_second_factor(unit, person=person, now=self._now)
            unit.concerns.add_key(pair, now=now)
            unit.concerns.log.write(Act.KEY_MADE, actor=person, now=self._now, subject=pair.mark)
            # The sheet of an earlier pair stays good for that pair: it may be the last that opens something.
            _keep_sheet(unit, wrap, now=self._now)
            if again:
                self._tell(unit, school, person=person, mark=pair.mark)
            unit.commit()
        return Sheet(person=person, mark=wrap.mark, letters=letters)

    def _fresh_pair(
        self, person: str, passphrase: Sensitive, now: datetime
    ) -> tuple[WrappedKey, SecretKey, Sensitive, RecoveryWrap]:
        pair = self.house.vault.pair(person=person, key_id=self.house.new_id(now), passphrase=passphrase)
        half = self.house.vault.unlock([pair], passphrase)
        return pair, half, *self.house.vault.recovery(pair, half)

    def recover(self, *, school: str, person: str, typed: Sensitive, passphrase: Sensitive) -> Sheet:
        """See KeyDesk."""
        with self.house.units.read(school) as unit:
            pair, wrap = unit.keyring.newest(person), unit.keyring.recovery(person)
            standing = unit.keyring.standing(Act.RECOVERY_MADE, person)
        try:
            half = self.house.vault.recover(wrap if wrap and wrap.mark == standing else None, typed)
            if pair is None or wrap is None:
                raise WrongRecoveryKeyError
            fresh = self.house.vault.rewrap(pair, half, passphrase=passphrase)
            letters, sheet = self.house.vault.recovery(pair, half)
            with self.house.units.write(school) as unit:
                if not unit.keyring.use_recovery(wrap) or not unit.keyring.replace_wrap(fresh, instead_of=pair):
                    raise WrongRecoveryKeyError
                unit.concerns.log.write(Act.RECOVERED, actor=person, now=self._now, subject=wrap.mark)
                unit.concerns.log.write(Act.PASSPHRASE_CHANGED, actor=person, now=self._now, subject=pair.log_mark)
                _end_second_factor(unit, person=person, now=self._now)
                _keep_sheet(unit, sheet, now=self._now)
                self._tell(unit, school, person=person, mark=sheet.mark)
                unit.commit()
        except Refusal:
            self._note_refused(Act.RECOVERED, school=school, person=person)
            raise
        return Sheet(person=person, mark=sheet.mark, letters=letters)

    def print_sheet(self, *, school: str, person: str, passphrase: Sensitive) -> Sheet:
        """See KeyDesk."""
        pair, half = self._again(Act.RECOVERY_MADE, school, person, passphrase)
        letters, wrap = self.house.vault.recovery(pair, half)
        with self.house.units.write(school) as unit:
            newest = unit.keyring.newest(person)
            if newest is None or newest.key_id != pair.key_id:
                raise ChangedMeanwhileError
            _keep_sheet(unit, wrap, now=self._now, instead_of=unit.keyring.standing(Act.RECOVERY_MADE, person))
            self._tell(unit, school, person=person, mark=wrap.mark)
            unit.commit()
        return Sheet(person=person, mark=wrap.mark, letters=letters)

    def change_passphrase(self, *, school: str, person: str, old: Sensitive, new: Sensitive) -> None:
        """See KeyDesk."""
        pair, half = self._again(Act.PASSPHRASE_CHANGED, school, person, old)
        fresh = self.house.vault.rewrap(pair, half, passphrase=new)
        with self.house.units.write(school) as unit:
            if not unit.keyring.replace_wrap(fresh, instead_of=pair):
                raise ChangedMeanwhileError
            unit.concerns.log.write(Act.PASSPHRASE_CHANGED, actor=person, now=self._now, subject=pair.log_mark)
            self._tell(unit, school, person=person, mark=fresh.mark)
            unit.commit()

    def _again(self, act: Act, school: str, person: str, passphrase: Sensitive) -> tuple[WrappedKey, SecretKey]:
        """The passphrase once more, of somebody who is signed in: a session that was left open is not enough."""
        try:
            return self._unlocked(school, person, passphrase)
        except Refusal:
            self._note_refused(act, school=school, person=person)
            raise

    def replace_key(self, *, school: str, person: str, passphrase: Sensitive) -> Replaced:
        """See KeyDesk. From the commit on every report is sealed to the new pair; the older one opens with it."""
        older, half = self._again(Act.KEY_REPLACED, school, person, passphrase)
        now = self.house.machine_clock.now()
        pair, key, letters, wrap = self._fresh_pair(person, passphrase, now)
        with self.house.units.write(school) as unit:
            last = unit.keyring.recovery(person)
            if not unit.keyring.succeed(pair, older=older, half=half, now=now):
                raise ChangedMeanwhileError
            self._carry_second_factor(unit, pair=pair, half=half, key=key)
            unit.concerns.log.write(Act.KEY_REPLACED, actor=person, now=self._now, subject=older.log_mark)
            unit.concerns.log.write(Act.KEY_MADE, actor=person, now=self._now, subject=pair.mark)
            if last is not None:
                unit.keyring.use_recovery(last)
            _keep_sheet(unit, wrap, now=self._now, instead_of=last.mark if last else "")
            self._tell(unit, school, person=person, mark=pair.mark)
            unit.commit()
        return Replaced(key=key, sheet=Sheet(person=person, mark=wrap.mark, letters=letters))

    def _carry_second_factor(self, unit: Unit, *, pair: WrappedKey, half: SecretKey, key: SecretKey) -> None:
        """The same authenticator goes on, under the new private half."""
        second = unit.keyring.second_factor(pair.person)
        standing = unit.keyring.standing(Act.SECOND_FACTOR_SET, pair.person)
        if second is None or second.mark != standing:
            return
        secret = self.house.vault.open_second(second, half=half)
        fresh = self.house.vault.seal_second(secret, key=pair, half=key)
        unit.keyring.keep_second_factor(replace(fresh, last_step=second.last_step), now=self._now)
        unit.concerns.log.write(Act.SECOND_FACTOR_RESET, actor=pair.person, now=self._now, subject=second.mark)
        unit.concerns.log.write(Act.SECOND_FACTOR_SET, actor=pair.person, now=self._now, subject=fresh.mark)

    def carry_over(self, *, school: str, person: str, key: SecretKey) -> int:
        """See KeyDesk. A chunk a transaction: whoever is cut off goes on at the next sign-in."""
        after: UUID | None = None
        while True:
            with self.house.units.write(school) as unit:
                moved, after = unit.keyring.move(person, key=key, after=after, limit=CHUNK)
                unit.commit()
            if after is None:
                return moved.left + self._carry_copies(school=school, person=person, key=key)

    def _carry_copies(self, *, school: str, person: str, key: SecretKey) -> int:
        left = 0
        while True:
            with self.house.units.write(school) as unit:
                moved, stays = unit.keyring.move_copies(person, key=key, skip=left, limit=CHUNK)
                unit.commit()
            left += stays
            if moved + stays < CHUNK:
                return left

    def _tell(self, unit: Unit, school: str, *, person: str, mark: str) -> None:
        tell_of_a_key(self.house.schools[school], person=person, mark=mark, outbox=unit.outbox)


def _end_second_factor(unit: Unit, *, person: str, now: datetime) -> None:
    unit.keyring.drop_second_factor(person)
    standing = unit.keyring.standing(Act.SECOND_FACTOR_SET, person)
    if standing:
        unit.concerns.log.write(Act.SECOND_FACTOR_RESET, actor=person, now=now, subject=standing)


def _keep_sheet(unit: Unit, wrap: RecoveryWrap, *, now: datetime, instead_of: str = "") -> None:
    """`instead_of` is the mark of the last one, which opens nothing any more."""
    if instead_of:
        unit.concerns.log.write(Act.RECOVERY_REPLACED, actor=wrap.person, now=now, subject=instead_of)
    unit.keyring.keep_recovery(wrap, now=now)
    unit.concerns.log.write(Act.RECOVERY_MADE, actor=wrap.person, now=now, subject=wrap.mark)
