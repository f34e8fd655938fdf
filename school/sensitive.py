"""Sensitive: words that must never be seen by a log, a traceback or a screen by accident."""


class Sensitive:
    """Holds a person's own words. `repr`, `str` and formatting show only a length; `.reveal()` is easy to grep.

    It cannot be pickled or compared by content, so that neither a cache nor a failing assertion prints it.
    """

    __slots__ = ("_words",)

    def __init__(self, words: str) -> None:
        self._words = words

    def reveal(self) -> str:
        """The words. Every caller of this is a place that a privacy review reads."""
        return self._words

    def __len__(self) -> int:
        return len(self._words)

    def __bool__(self) -> bool:
        return bool(self._words.strip())

    def __repr__(self) -> str:
        return f"<Sensitive: {len(self._words)} characters>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> str | tuple[object, ...]:
        msg = "Sensitive words are never pickled"
        raise TypeError(msg)


class SecretKey:
    """Key bytes that no log, traceback or screen shows; `.reveal()` is easy to grep."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def reveal(self) -> bytes:
        """The bytes."""
        return self._key

    def __repr__(self) -> str:
        return "<SecretKey>"

    __str__ = __repr__

    def __reduce__(self) -> str | tuple[object, ...]:
        msg = "A SecretKey is never pickled"
        raise TypeError(msg)
