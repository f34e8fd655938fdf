"""Receipts: what a reporter keeps to ask again, with no account."""

from dataclasses import dataclass, field

from school.sensitive import SecretKey
from school.words import Refusal, Text

# Crockford's base 32: no I, L, O, U; 16 characters hold 80 bits (crockford.com/base32.html).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


class UnknownReceiptError(Refusal):
    """A receipt that no concern has, or that was mistyped."""

    text = Text("We can't find that receipt. Please check each letter and number and try again.")


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A fresh receipt and the two halves that one slow hash makes of it.

    `shown` is for the reporter's eyes once and is never stored. `lookup` finds the row; `wrapping` opens the
    reporter's copy of the report's key.
    """

    shown: str = field(repr=False)
    lookup: bytes = field(repr=False)
    wrapping: SecretKey


def write_receipt(raw: bytes) -> str:
    """Ten random bytes as four groups of four characters."""
    number = int.from_bytes(raw[:10], "big")
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(letters[start : start + 4] for start in range(0, LENGTH, 4))


def typed_receipt(typed: str) -> str:
    """A receipt as somebody typed it, in its one spelling without dashes. Raises UnknownReceiptError."""
    letters = "".join(typed.split()).replace("-", "").upper().translate(READ_AS)
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        raise UnknownReceiptError
    return letters
