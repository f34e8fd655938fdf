"""Receipts: what a reporter keeps to ask again, with no account."""

import re
from dataclasses import dataclass, field

from school.sensitive import SecretKey, Sensitive
from school.words import Refusal, Text

# Crockford's base 32: no I, L, O, U; 16 characters hold 80 bits (crockford.com/base32.html).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})

# Four groups of four: with dashes of any kind, with spaces, or all in one.
_GROUP = "[A-Za-z0-9]{4}"
_FORM = re.compile(
    rf"(?<![A-Za-z0-9-]){_GROUP}(?:([ \u2010-\u2015-]){_GROUP}\1{_GROUP}\1{_GROUP}|(?:{_GROUP}){{3}})(?![A-Za-z0-9-])",
)
_DASH = re.compile(r"[\u2010-\u2015-]")
_BETWEEN_WORDS = re.compile(r"[\s.,:;!?…()\"“”„،؟۔\u2010-\u2015-]+")
# What people say around a receipt when all they ask is how it stands. Whatever is not here is somebody's own words.
MOST_ASKING_WORDS = 12
_ASKING = (
    "a about any anyone are can check checked code could did do does for happened has have hello here hi how i i'm is",
    "it it's its look looked my news number of on please read receipt report seen stand standing stands state status",
    "thank thanks the this to up update what what's with you",
    "cześć co czy dzień dobry dziękuję dzięki jak jaki jest kod ktoś mam mi mojego moje mój o potwierdzenia proszę",
    "potwierdzenie przeczytał się sprawdzić status stoi to z zgłoszenia zgłoszenie zgłoszeniem",
    "a aceasta bună ce citit codul confirmare cum de este meu mulțumesc rog raportul s-a salut stadiul te vă ziua",
    "إيصال الإيصال إيصالي إيصالكم بلاغ بلاغي تقريري حالة رمز رمزي شكرا شكرًا كيف ما ماذا هذا هل هو مرحبا حدث",
    "آپ اپنی براہ براہِ رپورٹ رسید سلام شکریہ کا کرم کوڈ کی کیا کیسی میرا میری ہوا ہے یہ",
)
ASKING = frozenset(word for line in _ASKING for word in line.split())
TAKEN_OUT = "(a receipt)"


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


@dataclass(frozen=True, kw_only=True)
class AskedAbout:
    """A receipt that somebody typed into a chat. Where it is not `sure`, it may be four short words of theirs."""

    typed: Sensitive
    sure: bool


def write_receipt(raw: bytes) -> str:
    """Ten random bytes as four groups of four characters."""
    number = int.from_bytes(raw[:10], "big")
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(letters[start : start + 4] for start in range(0, LENGTH, 4))


def typed_receipt(typed: str) -> str:
    """A receipt as somebody typed it, in its one spelling without dashes. Raises UnknownReceiptError."""
    letters = _DASH.sub("", "".join(typed.split())).upper().translate(READ_AS)
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        raise UnknownReceiptError
    return letters


def asked_about(said: Sensitive) -> AskedAbout | None:
    """The receipt, where it is all that was said, or stands in a short question of well-known words.

    None for anything else: a word more may be a child's trouble, and words are lost by no rule of ours.
    """
    found = [match.group() for match in _FORM.finditer(said.reveal()) if _perhaps(match.group())]
    if len(found) != 1:
        return None
    around = _BETWEEN_WORDS.split(said.reveal().replace(found[0], " ").replace("’", "'").casefold())
    words = [word for word in around if word]
    if len(words) > MOST_ASKING_WORDS or not ASKING.issuperset(words):
        return None
    return AskedAbout(typed=Sensitive(found[0]), sure=_surely(found[0]))


def without_receipts(said: Sensitive) -> Sensitive:
    """The words with each sure receipt taken out: whoever reads them shall not hold the key of another report."""
    return Sensitive(
        _FORM.sub(lambda found: TAKEN_OUT if _surely(found.group()) else found.group(), said.reveal()),
    )


def _perhaps(typed: str) -> bool:
    return any(letter.isdigit() for letter in typed) or bool(_DASH.search(typed))


def _surely(typed: str) -> bool:
    """Whether it can be nothing else: “help help help help” has the form as well, but neither dash nor number.

    All in numbers it is that of a bank card, which is evidence: of 100 million receipts not one is without a letter.
    """
    told = any(letter.isdigit() for letter in typed) and any(letter.isalpha() for letter in typed)
    return told and bool(_DASH.search(typed))
