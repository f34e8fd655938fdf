"""Greetings: closed lists of what is said out of politeness alone, and is no worry of anybody's; and of a plain no."""

import re
import unicodedata

from school.sensitive import Sensitive

# By language. No goodbyes: one may be meant for ever. No yes and no: they may answer what somebody was just asked.
GREETINGS: dict[str, tuple[str, ...]] = {
    "en": (
        *("hi", "hiya", "hi there", "hello", "hello there", "hey", "hey there"),
        *("good morning", "good afternoon", "good evening"),
        *("thanks", "thanks a lot", "many thanks", "thank you", "thank you very much", "thank you so much"),
        *("ok", "okay"),
    ),
    "pl": (
        *("cześć", "hej", "witam", "dzień dobry", "dobry wieczór"),
        *("dzięki", "dziękuję", "dziękuję bardzo", "bardzo dziękuję", "okej"),
    ),
    "ro": (
        *("bună", "salut", "bună ziua", "bună dimineața", "bună seara"),
        *("mersi", "mulțumesc", "vă mulțumesc", "mulțumesc mult", "mulțumesc frumos"),
    ),
    "ur": (
        *("سلام", "السلام علیکم", "ہیلو", "شکریہ", "بہت شکریہ", "ٹھیک ہے"),
        *("salam", "assalam o alaikum", "assalamualaikum", "shukria", "shukriya"),
    ),
    "ar": (
        *("مرحبا", "أهلا", "السلام عليكم", "صباح الخير", "مساء الخير"),
        *("شكرا", "شكرا لكم", "شكرا جزيلا", "حسنا"),
    ),
}
# What somebody types, instead of tapping, when they don't want their words to go. Nothing else may stand beside it:
# “stop it”, “no please” may be what a child says of somebody else.
NO: tuple[str, ...] = (
    *("no", "no thanks", "no thank you", "nope", "cancel", "don't", "dont", "don't send", "dont send"),
    *("don't send it", "dont send it", "do not send it", "please don't send it", "please dont send it", "no don't"),
    *("no dont", "no don't send it", "no dont send it", "don't pass it on", "dont pass it on", "throw it away"),
    *("nie", "nie wysyłaj", "nu", "nu trimite", "لا", "لا ترسل", "نہیں", "مت بھیجیں", "nahi"),
)
# What may stand around them. A sad face is not among these, and so is caught.
_AROUND = re.compile(r"[\s.,!?…،؟۔👋🙂😊👍🙏]+")


def _plain(words: str) -> str:
    """In small letters without marks: many a phone has no ś, and Arabic is seldom written with its vowels."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return _AROUND.sub(" ", "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")).strip()


_PLAIN = frozenset(_plain(greeting) for greetings in GREETINGS.values() for greeting in greetings)


def only_greets(said: Sensitive) -> bool:
    """Whether it is one of the list, or two of them after each other such as “ok, thanks”, and nothing more."""
    words = _plain(said.reveal()).split(" ")
    return any(
        " ".join(words[:place]) in _PLAIN and (place == len(words) or " ".join(words[place:]) in _PLAIN)
        for place in range(1, len(words) + 1)
    )


_PLAIN_NO = frozenset(_plain(each) for each in NO)


def only_says_no(said: Sensitive) -> bool:
    """Whether it is a no to what was just asked, and nothing more."""
    return _plain(said.reveal().replace("’", "'")) in _PLAIN_NO
