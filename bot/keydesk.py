"""What the web pages know of the desk where people look after their keys: signing in, recovering, replacing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from school.sensitive import SecretKey, Sensitive


class Then(StrEnum):
    """What comes after the right passphrase."""

    INBOX = "inbox"
    CODE = "code"
    SET_UP = "set up"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A recovery key, to be shown once and printed. `mark` says which it is, and opens nothing."""

    person: str
    mark: str
    letters: Sensitive


@dataclass(frozen=True, kw_only=True)
class Replaced:
    """A new pair: its private half, for the session, and the sheet that goes with it."""

    key: SecretKey
    sheet: Sheet


class KeyDesk(Protocol):
    """Every method runs in a thread, opens transactions of its own, and raises Refusal where it does nothing.

    `key` is the private half of whoever is signed in, or half-way in.
    """

    def unlock(self, *, school: str, person: str, passphrase: Sensitive) -> SecretKey:
        """Somebody's newest private half: the first step of a sign-in. Raises Refusal, slowly."""

    def then(self, *, school: str, person: str) -> Then:
        """What is asked of somebody after their passphrase."""

    def give_code(self, *, school: str, person: str, key: SecretKey, code: Sensitive) -> None:
        """A code of their authenticator app; each works once."""

    def fresh_secret(self) -> Sensitive:
        """A secret for an authenticator app, in base 32. It is kept nowhere until `set_up`."""

    def app_address(self, *, school: str, person: str, secret: Sensitive) -> Sensitive:
        """The secret as apps read it from a QR code (`otpauth://`)."""

    def set_up(self, *, school: str, person: str, key: SecretKey, secret: Sensitive, code: Sensitive) -> None:
        """Keep the secret under the private half, once a code shows that the app has it."""

    def enrol(self, *, school: str, code: Sensitive, passphrase: Sensitive) -> Sheet:
        """A new recipient sets a passphrase with the one-time code from the command line."""

    def recover(self, *, school: str, person: str, typed: Sensitive, passphrase: Sensitive) -> Sheet:
        """A new passphrase for the same pair, by the recovery key; the sheet that was printed after it."""

    def print_sheet(self, *, school: str, person: str, passphrase: Sensitive) -> Sheet:
        """Another recovery key in place of the last one."""

    def change_passphrase(self, *, school: str, person: str, old: Sensitive, new: Sensitive) -> None:
        """The same pair under another passphrase."""

    def replace_key(self, *, school: str, person: str, passphrase: Sensitive) -> Replaced:
        """A new pair in place of the one that is."""

    def carry_over(self, *, school: str, person: str, key: SecretKey) -> int:
        """Wrap what hangs on older pairs to the newest; how many could not be moved. What is cut short goes on here."""
