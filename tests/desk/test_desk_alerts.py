"""Dilys brings in what her other systems saw: looked at first, kept once, told of once, and sealed like a report."""

from datetime import timedelta

import pytest

from bot import demo
from bot.desk import Counter, Reception
from bot.wire import Answer, Incoming, Via
from safeguarding import Act, Outcome, Part, guessed, sheet_of
from school.sensitive import Sensitive
from tests.desk.test_desk_cases import acts, go_to, rows, told
from tests.desk.test_desk_inbox import ask, labels, product, reference_of, shown, sqlite_template
from tests.rooms.alert_files import AMERICAN, LETTER, SEARCHES

__all__ = ["ask", "product", "sqlite_template"]

MINUTE = timedelta(minutes=1)


class Bringing:
    """Somebody at the page for alerts, with a file before them."""

    def __init__(self, product) -> None:
        self.counter = Counter(Reception(product.house))
        self._reception = Reception(product.house)

    async def asks(self, verb: str, brought: str = "", person: str = "dilys", **args: str) -> Answer:
        key = None
        if person:
            key = self._reception.unlock(school="oakfield", person=person, passphrase=Sensitive(demo.PASSPHRASE))
        words = {"sheet": Sensitive(brought)} if brought else {}
        return await self.counter.ask(
            Incoming(school="oakfield", via=Via.WEB, sender=person, verb=verb, args=args, words=words, key=key)
        )

    async def keeps(self, brought: str, person: str = "dilys", **args: str) -> Answer:
        """Looks at it and keeps it as it is shown."""
        given = {"kind": "csv", "source": "Filter", **args}
        looked = await self.asks("alerts.look", brought, person, **given)
        if looked.form is None:
            return looked
        fields = {field.name: field.initial for field in looked.form.fields}
        return await self.asks("alerts.keep", brought, person, **{**fields, **looked.form.args})


@pytest.fixture
def bringing(product):
    made = Bringing(product)
    yield made
    made.counter.close()


def many(count: int) -> str:
    return "Date,User,Text\n" + "".join(
        f"24/11/2026 09:{n % 60:02}:{n // 60:02},u{n},words {n}\n" for n in range(count)
    )


async def test_dilys_sees_what_is_in_it_before_anything_is_kept(bringing, ask):
    looked = await bringing.asks("alerts.look", SEARCHES + "31/02/2026,x,,,y,,,\n", kind="csv", source="Filter")

    said = shown(looked)
    assert "Can be kept: 2" in said
    assert "Can't be read: 1" in said
    assert "Line 4: Its time can't be read" in said
    assert "how to hurt yourself" in said
    chosen = {field.name: field.initial for field in looked.form.fields}
    assert chosen["column-what"] == "4"
    assert chosen["about"] == "pupil"
    assert not ask("inbox.list", "dilys").cards


async def test_what_dilys_keeps_is_sealed_and_read_like_any_report(bringing, ask, product):
    done = await bringing.keeps(SEARCHES)

    assert "Kept: 2" in shown(done)
    cards = ask("inbox.list", "femi").cards
    assert len(cards) == 2
    page = shown(ask("inbox.read", "femi", ref=cards[0].choices[0][0].args["ref"]))
    assert "source: Filter" in page
    assert "alert time: 2026-11-24T09:" in page
    assert "Dilys" in page
    assert "brought it in from another system" in page
    assert [each for each in acts(product) if each[0] == Act.BROUGHT_IN] == [(Act.BROUGHT_IN, "dilys")] * 2


async def test_the_words_of_an_alert_lie_in_no_table_in_the_clear(bringing, tmp_path):
    await bringing.keeps(SEARCHES)

    kept = b"".join(file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file())
    assert b"alerts-notice" in kept
    assert b"hurt yourself" not in kept
    assert b"oak.pupil07" not in kept


async def test_the_same_alerts_in_another_file_are_not_kept_twice(bringing, ask):
    await bringing.keeps(SEARCHES)
    again = await bringing.keeps(SEARCHES.replace("\r\n", "\n"))
    twice_in_one = await bringing.keeps("Date,User,Text\n" + "24/11/2026 10:00,a,same\n" * 3)

    assert "Nothing new was kept" in shown(again)
    assert "not kept twice: 2" in shown(again)
    assert "Kept: 1" in shown(twice_in_one)
    assert len(ask("inbox.list", "dilys").cards) == 3


async def test_five_hundred_alerts_are_one_notice_for_each_who_is_told(bringing, ask, product):
    done = await bringing.keeps(many(500))

    assert "Kept: 500" in shown(done)
    assert len(ask("inbox.list", "dilys").cards) == 500
    assert told(product) == [("dilys", "alerts-notice")]
    go_to(product, 15 * MINUTE)
    assert told(product)[1:] == [("femi", "concern-waiting")]
    assert not ask("inbox.list", "hannah").cards

    go_to(product, 31 * MINUTE)
    assert told(product)[2:] == [("hannah", "concern-waiting")]
    assert len(ask("inbox.list", "hannah").cards) == 500


async def test_of_an_import_whatever_is_still_unopened_goes_on_up_the_ladder(bringing, ask, product):
    await bringing.keeps(many(3))
    opened = reference_of(ask("inbox.list", "dilys"))
    ask("inbox.read", "dilys", ref=opened)

    go_to(product, 16 * MINUTE)
    go_to(product, 32 * MINUTE)

    assert len(ask("inbox.list", "hannah").cards) == 2
    assert opened not in shown(ask("inbox.list", "hannah"))


async def test_nothing_is_kept_by_columns_that_nobody_saw(bringing, ask):
    looked = await bringing.asks("alerts.look", SEARCHES, kind="csv", source="Filter")
    fields = {field.name: field.initial for field in looked.form.fields}

    for change in ({"column-what": "3"}, {"about": "adult"}, {"source": "Other"}, {"column-time": ""}):
        again = await bringing.asks("alerts.keep", SEARCHES, **{**fields, **change, **looked.form.args})
        assert "please look once more" in shown(again)
    other_file = await bringing.asks(
        "alerts.keep", SEARCHES.replace("pupil07", "pupil70"), **{**fields, **looked.form.args}
    )

    assert "please look once more" in shown(other_file)
    assert not ask("inbox.list", "dilys").cards


async def test_an_american_file_is_kept_as_it_was_shown_to_its_last_part(bringing, ask):
    rows_of_it = "".join(f"11/0{n % 9 + 1}/2026 09:0{n % 10} AM,x{n}\n" for n in range(20))
    await bringing.keeps("When,Text\n" + rows_of_it + "11/23/2026 09:15 AM,last\n")

    pages = [
        shown(ask("inbox.read", "dilys", ref=card.choices[0][0].args["ref"]))
        for card in ask("inbox.list", "dilys").cards
    ]
    assert len(pages) == 21
    assert all("alert time: 2026-11-" in page for page in pages)


async def test_an_e_mail_is_kept_as_one_alert(bringing, ask):
    done = await bringing.keeps(LETTER, kind="letter")

    assert "Kept: 1" in shown(done)
    page = shown(ask("inbox.read", "dilys", ref=reference_of(ask("inbox.list", "dilys"))))
    assert "i don't want to be here any more" in page


async def test_alerts_about_an_adult_go_to_the_head_and_to_nobody_else(bringing, ask):
    looked = await bringing.asks("alerts.look", AMERICAN, kind="csv", source="Filter", about="adult")
    fields = {field.name: field.initial for field in looked.form.fields}
    await bringing.asks("alerts.keep", AMERICAN, **{**fields, **looked.form.args})

    assert not ask("inbox.list", "dilys").cards
    assert len(ask("inbox.list", "hannah").cards) == 2


@pytest.mark.parametrize("person", ["hannah", ""])
async def test_nobody_but_the_lead_and_the_deputies_brings_in_alerts(bringing, ask, product, person):
    for verb in ("alerts", "alerts.look", "alerts.keep"):
        assert (await bringing.asks(verb, SEARCHES, person, kind="csv")).refused
    assert not ask("inbox.list", "dilys").cards
    refused = [row for row in rows(product) if row.act == Act.BROUGHT_IN]
    assert [(row.actor, row.outcome) for row in refused] == [(person or "sender", Outcome.REFUSED)]


async def test_the_lead_finds_the_page_from_the_list_and_the_head_does_not(ask):
    assert "Bring in an alert" in labels(ask("inbox.list", "dilys"))
    assert "Bring in an alert" in labels(ask("inbox.list", "femi"))
    assert "Bring in an alert" not in labels(ask("inbox.list", "hannah"))


async def test_no_receipt_leads_to_an_alert(bringing, product):
    vault = product.house.vault

    one, another = vault.unheld(), vault.unheld()

    assert one.shown == ""
    assert one.lookup != another.lookup
    assert one.wrapping.reveal() != another.wrapping.reveal()


async def test_an_import_that_broke_off_is_finished_by_bringing_it_in_again(bringing, ask, monkeypatch):
    real, calls = Reception.receive, []

    def breaks(self, incoming, **more):
        calls.append(incoming)
        if incoming.verb == "alerts.keep" and len(calls) > 4:
            raise RuntimeError("the machine stopped")
        return real(self, incoming, **more)

    monkeypatch.setattr(Reception, "receive", breaks)
    with pytest.raises(RuntimeError):
        await bringing.keeps(many(40))
    monkeypatch.setattr(Reception, "receive", real)
    part = len(ask("inbox.list", "dilys").cards)

    done = await bringing.keeps(many(40))

    assert 0 < part < 40
    assert f"Kept: {40 - part}" in shown(done)
    assert len(ask("inbox.list", "dilys").cards) == 40


def test_the_guess_is_only_a_guess():
    assert guessed(sheet_of("Wann,Was\n1,2\n").head) == {}
    assert guessed(sheet_of("Name,Name\n1,2\n").head) == {Part.WHO: 0}
