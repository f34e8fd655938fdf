"""Kicks: "this school has work", said in the transaction that made the work and again after it."""

from typing import Any, Protocol


class Kicks(Protocol):
    """Carries kicks to whoever sends. It may lose one: that costs delay, never a message, for somebody looks anyway."""

    def within(self, connection: Any, school: str, *, urgent: bool) -> None:
        """Before the commit, on the driver's own connection; falls with the transaction. Raises nothing."""

    def after(self, school: str) -> None:
        """After the commit, from any thread. Raises nothing."""


class NoKicks:
    """Nobody is told: whoever sends finds it when it looks next."""

    def within(self, connection: Any, school: str, *, urgent: bool) -> None:
        """See Kicks."""

    def after(self, school: str) -> None:
        """See Kicks."""
