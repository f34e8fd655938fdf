"""A desk of the sample school, and what somebody who reads a language is told there."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from bot import demo
from bot.channels.email.render import render
from bot.clock import SetClock
from bot.desk import Reception
from bot.languages import translator
from bot.main import Library, Product, build, load_library
from bot.storage import QUICK, SqlVault
from bot.wire import Answer, Incoming, Via
from parents import Family, FamilyState
from school.sensitive import Sensitive
from tests.databases import sqlite_template

__all__ = ["sqlite_template"]

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
MARTA = "501"


@cache
def ours() -> Library:
    """The pages are read once for all these people."""
    return load_library()


@dataclass(frozen=True)
class FrontDesk:
    """The desk of a school that is up; Marta writes on Telegram unless it is said otherwise."""

    product: Product

    def __call__(self, verb: str, *, words: str = "", sender: str = MARTA, lang: str = "pl", **args: str) -> Answer:
        """What somebody is answered."""
        via = Via.SLACK if sender.startswith("U") else Via.TELEGRAM
        said = {"words": Sensitive(words)} if words else {}
        asked = Incoming(
            school="oakfield", via=via, sender=sender, place=sender, verb=verb, args=args, words=said, lang=lang
        )
        return Reception(self.product.house).receive(asked)

    def told(self, verb: str, *, words: str = "", sender: str = MARTA, lang: str = "pl", **args: str) -> str:
        """What they read, in the language it is answered in."""
        return read(self(verb, words=words, sender=sender, lang=lang, **args))

    def joined(self, lang: str, *, state: FamilyState = FamilyState.ACTIVE) -> None:
        """Marta has joined the news, and chose a language."""
        house = self.product.house
        with house.units.write("oakfield") as unit:
            family_id = house.new_id(NOW)
            unit.families.save(
                Family(
                    id=family_id, via="telegram", address=MARTA, lang=lang, classes=("oak",), state=state, joined=NOW
                )
            )
            unit.commit()

    def drafts(self, sender: str = MARTA) -> bool:
        """Whether words of theirs are locked away."""
        via = Via.SLACK if sender.startswith("U") else Via.TELEGRAM
        mark = self.product.house.vault.sender("oakfield", via=via, address=sender)
        with self.product.house.units.read("oakfield") as unit:
            return unit.concerns.draft_of(mark) is not None


def read(answer: Answer) -> str:
    """An answer as its reader reads it, with its buttons."""
    document = render(answer.document, lang=answer.lang).text if answer.document else ""
    say = translator(answer.lang)
    labels = [say(choice.label) for row in answer.choices for choice in row]
    # A letter breaks its lines where it likes.
    return " ".join((document + "\n" + "\n".join(labels)).split())


@pytest.fixture
def front_desk(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FrontDesk]:
    """A desk over SQLite on a school day, where the lead has a key."""
    make: Callable[..., Library] = lambda own: ours()  # noqa: E731
    monkeypatch.setattr("bot.main.load_library", make)
    shutil.copyfile(sqlite_template, tmp_path / "lollipop.db")
    settings = demo.prepare(tmp_path, 8000)
    product = build(settings, school_clock=SetClock(NOW), make_vault=lambda engines: SqlVault(engines, costs=QUICK))
    with product.house.units.write("oakfield") as unit:
        pair = product.house.vault.pair(
            person="dilys", key_id=product.house.new_id(NOW), passphrase=Sensitive(demo.PASSPHRASE)
        )
        unit.concerns.add_key(pair, now=NOW)
        unit.commit()
    yield FrontDesk(product)
    product.counter.close()
    product.engines.close()
