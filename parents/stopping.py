"""The one word that ends the news, in each language that families read here. Nothing else is guessed."""

import unicodedata

STOP_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset({"stop"}),
    "pl": frozenset({"stop", "koniec"}),
    # As a phone's keyboard may spell it: with a comma below, with a cedilla, with neither.
    "ro": frozenset({"stop", "opriți", "opriţi", "opriti"}),
    "ur": frozenset({"بند"}),
    "ar": frozenset({"توقف", "إيقاف", "ايقاف"}),
    "cy": frozenset({"stop", "stopio", "stopiwch"}),
    "pa": frozenset({"ਬੰਦ", "ਰੁਕੋ"}),
    "bn": frozenset({"বন্ধ", "থামুন"}),
    "pt": frozenset({"stop", "parar", "pare"}),
    "es": frozenset({"stop", "parar", "pare", "alto"}),
    "uk": frozenset({"стоп", "зупинити"}),
}
_ALL = frozenset().union(*STOP_WORDS.values())
# Full stops of Bengali, Punjabi and Urdu beside ours; marks of direction that a keyboard adds unseen.
_AROUND = "/.!।۔\u200e\u200f\u061c"


def asks_to_stop(typed: str) -> bool:
    """Whether a message is that word alone, in any of the languages, with or without a slash and a full stop."""
    word = unicodedata.normalize("NFC", typed).strip().strip(_AROUND).strip().casefold()
    return word in _ALL
