import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from sqlalchemy import func, select

from bot import demo
from bot.clock import SetClock
from bot.desk.verbs import VERBS
from bot.main import Product, build, load_library
from bot.storage import QUICK, SqlVault, new_id
from bot.storage.errors import DiskFullError
from bot.storage.tables import evidence, inbox, vault_concern
from bot.wire import SILENCE, Answer, Incoming, Show, Via
from school.sensitive import Sensitive
from tests.databases import database_url, postgresql, postgresql_template, sqlite_template
from tests.flows.rig import MONDAY

__all__ = ["database_url", "postgresql", "postgresql_template", "sqlite_template"]

AMARA, SAM = "U0AMARA", "502"


class Lives:
    """A school whose process may die: each life is a new process on the same database."""

    def __init__(self, folder, url):
        self._settings = replace(demo.prepare(folder, 8000), database_url=url)
        self._product: Product | None = None

    @property
    def product(self) -> Product:
        if self._product is None:
            self._product = build(
                self._settings,
                school_clock=SetClock(MONDAY),
                make_vault=lambda engines: SqlVault(engines, costs=QUICK),
            )
        return self._product

    @property
    def desk(self):
        return self.product.counter

    def dies(self) -> None:
        """What the process knew is gone: nobody says any more that an answer went out."""
        if self._product is not None:
            for pool in self._product.counter._pools.values():
                pool.shutdown(wait=True)
            self._product.engines.close()
        self._product = None

    def stops(self) -> None:
        """In good order."""
        self.product.counter.close()
        self.product.engines.close()
        self._product = None

    def count(self, table) -> int:
        with self.product.engines.reading() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    def states(self) -> list[str]:
        with self.product.engines.reading() as connection:
            return list(connection.execute(select(vault_concern.c.state)).scalars())

    def answered(self) -> int:
        with self.product.engines.reading() as connection:
            return connection.execute(select(func.count(inbox.c.answered))).scalar_one()

    async def written(self) -> None:
        """Wait until everything that was said to be answered so far is kept."""
        while writing := self.desk._writing:
            await asyncio.wait({writing})


@cache
def ours():
    """The pages are read once for all these lives."""
    return load_library()


@pytest.fixture
def lives(tmp_path, database_url, monkeypatch) -> Iterator[Lives]:
    monkeypatch.setattr("bot.main.load_library", lambda own: ours())
    made = Lives(tmp_path, database_url)
    house = made.product.house
    pair = house.vault.pair(person="dilys", key_id=new_id(MONDAY), passphrase=Sensitive("four words of passphrase"))
    with house.units.write("oakfield") as unit:
        unit.concerns.add_key(pair, now=MONDAY)
        unit.commit()
    yield made
    made.dies()


def said(verb: str, number: int, *, words: str = "", sender: str = SAM, via: Via = Via.TELEGRAM, **args) -> Incoming:
    return Incoming(
        school="oakfield",
        via=via,
        sender=sender,
        verb=verb,
        args=args,
        words={"words": Sensitive(words)} if words else {},
        transport_id=str(number),
        semantic_id=f"{sender}:{number}",
    )


def text_of(answer: Answer) -> str:
    return repr(answer.document)


def verbs_of(answer: Answer) -> list[str]:
    return [choice.verb for row in answer.choices for choice in row]


async def test_sam_is_asked_again_about_words_whose_answer_was_lost(lives):
    caught = said("words", 1, words="someone keeps writing to me")
    await lives.desk.ask(caught)
    lives.dies()

    told = await lives.desk.ask(caught)

    assert lives.states() == ["draft"]
    assert verbs_of(told) == ["draft.pass", "draft.drop"]
    assert "A receipt can be shown only once" in text_of(told)
    assert told.delete_incoming
    assert "0800 1111" in text_of(told)


@pytest.mark.clause(40)
async def test_sam_hears_that_his_report_arrived_although_the_answer_was_lost(lives):
    await lives.desk.ask(said("report.about", 1, a="pupil", y="12"))
    report = said("words", 2, words="someone keeps writing to me")
    await lives.desk.ask(report)
    lives.dies()

    told = await lives.desk.ask(report)

    assert lives.states() == ["new"]
    assert "it has reached the adults at school" in text_of(told)
    assert all(each in text_of(told) for each in ("999", "0800 1111"))
    assert told.choices == ()
    assert told.delete_incoming


@pytest.mark.clause(40)
async def test_a_pupil_who_presses_send_again_after_a_crash_has_reported_once(lives):
    form = said("report.send", 1, words="someone keeps writing to me", sender="U0PUPIL", via=Via.SLACK, about="pupil")
    await lives.desk.ask(form)
    lives.dies()

    told = await lives.desk.ask(replace(form, transport_id="another press"))

    assert lives.states() == ["new"]
    assert "Your report has reached the adults at school" in text_of(told)
    assert told.show is Show.REPLACE


async def test_sam_is_not_told_that_an_empty_message_is_safe_with_us(lives):
    empty = said("words", 1, words="\u200b \u200b")
    first = await lives.desk.ask(empty)
    lives.dies()

    assert await lives.desk.ask(empty) == first
    assert "nothing was kept" in text_of(first)
    assert lives.states() == []


@pytest.mark.parametrize("tap", ["draft.pass", "draft.drop"])
async def test_sam_is_told_nothing_false_about_a_tap_whose_answer_was_lost(lives, tap):
    caught = said("words", 1, words="someone keeps writing to me")
    await lives.desk.ask(caught)
    await lives.desk.ask(said("draft.drop", 2))
    tapped = said(tap, 3)
    await lives.desk.ask(tapped)
    lives.dies()

    told = await lives.desk.ask(tapped)

    assert lives.states() == []
    assert "Nothing of yours is waiting" in text_of(told)


async def test_amara_sees_the_assembly_whose_answer_was_lost_and_it_is_counted_once(lives):
    asked = said("assembly", 1, sender=AMARA, via=Via.SLACK)
    first = await lives.desk.ask(asked)
    lives.dies()

    assert await lives.desk.ask(asked) == first
    assert lives.count(evidence) == 1


async def test_amara_is_answered_once_while_her_first_delivery_is_on_its_way(lives):
    asked = said("help", 1, sender=AMARA, via=Via.SLACK)

    answers = await asyncio.gather(*(lives.desk.ask(asked) for _ in range(3)))
    later = await lives.desk.ask(asked)

    assert [answer == SILENCE for answer in answers].count(False) == 1
    assert later == SILENCE


async def test_amara_is_answered_once_although_her_message_comes_again_in_another_life(lives):
    asked = said("help", 1, sender=AMARA, via=Via.SLACK)
    await lives.desk.ask(asked)
    lives.desk.answered(asked)
    await lives.written()
    assert lives.answered() == 1
    lives.dies()

    assert await lives.desk.ask(asked) == SILENCE


async def test_an_answer_that_went_out_just_before_a_stop_is_not_given_again(lives):
    asked = [said("help", number, sender=AMARA, via=Via.SLACK) for number in range(20)]
    for each in asked:
        await lives.desk.ask(each)
        lives.desk.answered(each)
    lives.stops()

    assert lives.answered() == 20
    assert [await lives.desk.ask(each) for each in asked] == [SILENCE] * 20


async def test_amara_whose_answer_could_not_be_shown_may_ask_for_it_again(lives):
    asked = said("help", 1, sender=AMARA, via=Via.SLACK)
    first = await lives.desk.ask(asked)
    lives.desk.answered(asked, sent=False)

    assert await lives.desk.ask(asked) == first


async def test_sam_who_blocked_the_bot_is_never_told_anything_again(lives):
    blocked = said("blocked", 1)
    assert await lives.desk.ask(blocked) == SILENCE
    assert lives.answered() == 1
    lives.dies()

    assert await lives.desk.ask(blocked) == SILENCE


async def test_a_page_shows_its_answer_itself(lives):
    form = replace(said("report.send", 1, words="on a page", via=Via.WEB, sender="", about="pupil"), transport_id=None)
    await lives.desk.ask(form)

    assert lives.answered() == 1
    assert await lives.desk.ask(form) == SILENCE
    assert lives.states() == ["new"]


async def test_nobody_is_hurt_when_it_cannot_be_written_that_they_were_answered(lives, monkeypatch):
    asked = [said("help", number, sender=AMARA, via=Via.SLACK) for number in range(2)]

    def full(_):
        raise DiskFullError

    for each in asked:
        assert (await lives.desk.ask(each)).document
    with monkeypatch.context() as broken:
        broken.setattr(type(lives.desk._reception), "answered", lambda *_: full(_))
        lives.desk.answered(asked[0])
        await lives.written()
        assert await lives.desk.ask(asked[0]) == SILENCE

    lives.desk.answered(asked[1])
    await lives.written()
    assert lives.answered() == 2
    assert await lives.desk.ask(asked[0]) == SILENCE


async def test_a_message_that_failed_once_is_handled_when_its_second_delivery_waits_behind_it(lives, monkeypatch):
    handler, calls = VERBS["help"], []

    def breaks_once(visit):
        calls.append(visit)
        if len(calls) == 1:
            raise ZeroDivisionError
        return handler(visit)

    monkeypatch.setitem(VERBS, "help", breaks_once)
    asked = said("help", 1, sender=AMARA, via=Via.SLACK)

    answers = await asyncio.gather(lives.desk.ask(asked), lives.desk.ask(asked), return_exceptions=True)

    assert sorted(type(answer).__name__ for answer in answers) == ["Answer", "ZeroDivisionError"]
    assert SILENCE not in answers
