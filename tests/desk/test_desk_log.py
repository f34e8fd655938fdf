"""What the desk writes of every Incoming: enough to follow it, and no word of anybody's."""

import shutil

import pytest

from bot import demo
from bot.main import build
from bot.storage.errors import DiskFullError
from bot.wire import Incoming, Via
from school.sensitive import Sensitive
from tests.databases import sqlite_template

__all__ = ["sqlite_template"]

TROUBLE = "somebody in the park took my photo"


@pytest.fixture
def product(tmp_path, sqlite_template):
    shutil.copyfile(sqlite_template, tmp_path / "lollipop.db")
    product = build(demo.prepare(tmp_path, 8000))
    yield product
    product.counter.close()
    product.engines.close()


def handled(caplog):
    return [record.fields for record in caplog.records if record.message == "desk.handled"]


def incoming(verb, number, sender="U0AMARA"):
    return Incoming(
        school="oakfield",
        via=Via.SLACK,
        sender=sender,
        verb=verb,
        words={"words": Sensitive(TROUBLE)},
        transport_id=f"T{number}",
        correlation=f"c{number}",
    )


async def test_amaras_every_request_can_be_followed_and_nothing_that_she_typed_can_be_read(product, caplog):
    caplog.set_level("INFO", "bot")

    await product.counter.ask(incoming("coverage", 1))
    await product.counter.ask(incoming("coverage", 1))
    await product.counter.ask(incoming("coverage", 2, sender="U0STRANGER"))
    await product.counter.ask(incoming(TROUBLE, 3))

    lines = handled(caplog)
    assert [(line["correlation"], line["verb"], line["outcome"]) for line in lines] == [
        ("c1", "coverage", "done"),
        ("c1", "coverage", "silent"),
        ("c2", "coverage", "refused"),
        ("c3", "unknown", "done"),
    ]
    for line in lines:
        assert set(line) == {"event", "correlation", "school", "via", "verb", "outcome", "duration_ms"}
        assert (line["via"], line["school"]) == ("slack", "oakfield")
        assert line["duration_ms"] > 0
        assert TROUBLE not in str(line)


async def test_what_amara_asked_while_the_disk_was_full_is_noted_as_failed_with_its_kind(product, caplog, monkeypatch):
    def full(*_, **__):
        raise DiskFullError

    caplog.set_level("INFO", "bot")
    monkeypatch.setattr(type(product.house.units), "write", full)

    with pytest.raises(DiskFullError):
        await product.counter.ask(incoming("coverage", 1))

    (line,) = handled(caplog)
    assert (line["outcome"], line["error"], line["correlation"]) == ("failed", "DiskFullError", "c1")
    monkeypatch.undo()
