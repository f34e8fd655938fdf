"""A desk that is closed: for commands that need a channel or a page, and listen to nobody."""

from typing import NoReturn

from school.words import Refusal


class ClosedDesk:
    """A FrontDesk that refuses whatever it is asked."""

    async def _closed(self, *_: object, **__: object) -> NoReturn:
        raise Refusal

    ask = give_up = keys = _closed

    def answered(self, *_: object, **__: object) -> NoReturn:
        """Nothing was asked, so nothing was answered."""
        raise Refusal
