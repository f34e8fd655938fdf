"""A school year of newsletters and four campaigns for four hundred families in eleven languages.

Real: the product whole (desk, rounds, ledger, delivery, SQLite), python-telegram-bot over HTTP to the stand-in, Slack's
Bolt over HTTP and WebSocket, SMTP over a socket, and what is asserted: what the stand-in and the mail server received.
Not real: the clock, which is moved; the platforms' speed limits, which would make it minutes (test_flow_pacing has
them); and the first tap of most families, who come in through the room that the tap calls. Fifteen come by real taps.
"""

import json
import logging
import re
from collections import Counter, defaultdict
from datetime import datetime, time

import pytest
from sqlalchemy import select

from bot.channels.email.send import EmailSender
from bot.channels.slack.send import SlackSender
from bot.channels.telegram.send import TelegramSender
from bot.storage.tables import delivery
from parents import Meant, dues_of
from school.people import YearGroup
from tests.channels.mail_double import MailServer, listening
from tests.flows.rig import AMARA, Rig, school_up
from tests.flows.year_families import LANGS, OAKFIELD, Gate, Home, Letters, Received, in_chats, school_text
from tests.flows.year_plot import CANCELLED, FIRST, PAUSED, SLEPT_THROUGH, UNAPPROVED, Plot

WHOLE_YEAR_LANGS = ("en", "pl", "ro", "ur", "ar", "cy", "bn", "uk")
# What was sent to somebody whom nothing reaches any more: refused by the platform, and the only one.
FOUND_OUT = 4
TOLD = [delivery.c[each] for each in ("state", "reason", "attempts", "due_at", "not_after", "not_before")]


def no_limit(_self: object, _address: str) -> tuple[str, ...]:
    return ()


class Story:
    """What should have reached whom, told from the files and the plot alone, beside what did."""

    def __init__(self, plot: Plot) -> None:
        self.rig, self.plot = plot.rig, plot
        self.shelf, self.school = plot.rig.product.library.shelf, plot.rig.product.school
        self.homes = plot.gate.homes
        self.dues = {page.id: plot.wall(page.front.send_on, time(16)) for page in self.shelf.all(kind="newsletter")}
        self.steps = {
            step.page: due
            for campaign in plot.rig.product.library.campaigns.values()
            for step, due in dues_of(campaign, school=self.school)
            if step.to is Meant.FAMILIES
        }
        self.dues |= self.steps
        self.pages = {(self.title(page, lang), lang): page for page in self.dues for lang in LANGS}
        self.all: list[Received] = [*in_chats(self.rig), *plot.letters.received()]
        self.at: dict[str, list[Received]] = defaultdict(list)
        for each in self.all:
            self.at[each.address].append(each)

    def title(self, page: str, lang: str) -> str:
        return str(self.shelf.get(page, lang).front.title)

    def meant(self, home: Home, page: str) -> bool:
        years = set(map(YearGroup.parse, self.shelf.get(page, "en").front.years))
        theirs = {year for each in self.school.classes if each.id == home.class_id for year in each.years}
        return not home.class_id or bool(years & theirs)

    def expected(self, home: Home) -> set[str]:
        return {
            page
            for page, due in self.dues.items()
            if page not in {CANCELLED, UNAPPROVED} and home.there(due) and self.meant(home, page)
        }

    def news(self, home: Home) -> list[tuple[str, Received]]:
        """What reached it that is a newsletter or a step, in its own language; anything else is none of it."""
        mine = [each for address in home.addresses for each in self.at[address]]
        return [(self.pages[each.title, home.lang], each) for each in mine if (each.title, home.lang) in self.pages]


@pytest.mark.clause(15, 16, 17, 18)
async def test_four_hundred_families_have_a_year_of_news_once_each_in_their_language_and_in_peace(
    tmp_path, monkeypatch
) -> None:
    for sender in (TelegramSender, SlackSender, EmailSender):
        monkeypatch.setattr(sender, "pacing_keys", no_limit)
    (tmp_path / "school.toml").write_text(school_text(), "utf-8")
    letters = Letters()
    server = MailServer(letters=letters)
    begins = datetime.fromisoformat(f"{FIRST}T09:00+01:00")
    async with (
        listening(server) as port,
        school_up(tmp_path, second_person=True, smtp_url=f"smtp://127.0.0.1:{port}", begins=begins) as rig,
    ):
        rig.telegram.shown_clock = rig.slack.shown_clock = rig.clock.now
        letters.clock = rig.clock
        # Half a million lines about sockets, of which nothing here is asked.
        logging.getLogger().setLevel(logging.INFO)
        plot = Plot(rig=rig, gate=Gate(rig), server=server, letters=letters)

        await plot.run()

        story = Story(plot)
        each_got_what_was_meant(story)
        nobody_was_disturbed(story)
        the_accounts_balance(story)
        the_plot_went_as_told(story)


def said_to(rig: Rig, person: str) -> list[str]:
    """What the bot wrote to somebody on Slack: the words of each message, run together."""
    shown = [json.dumps(each.blocks, ensure_ascii=False) for each in rig.slack.dm_messages(person)]
    return ["".join(re.findall(r'"text": "((?:[^"\\\\]|\\\\.)*)"', each)) for each in shown]


def each_got_what_was_meant(story: Story) -> None:
    """Exactly once, in the language of the family where the page has it."""
    assert len(story.homes) == 401
    assert Counter(home.lang for home in story.homes.values()).most_common()[-1][1] >= 36
    wrong = {}
    for home in story.homes.values():
        got, due = Counter(page for page, _ in story.news(home)), Counter(story.expected(home))
        if got != due:
            wrong[home.number] = {"missing": due - got, "too many": got - due}
    assert not wrong, f"{the_ledger_says(story, wrong)}\n{str(wrong)[:3000]}"
    for page in story.dues:
        for lang in WHOLE_YEAR_LANGS:
            assert story.shelf.get(page, lang).lang == lang


def the_ledger_says(story: Story, wrong: dict[int, dict[str, Counter[str]]]) -> str:
    """What became of the first that are missing, a line each: it tells a late one from a doubtful one."""
    missing = [(number, page) for number, each in sorted(wrong.items()) for page in each["missing"]]
    product, lines = story.rig.product, []
    with product.house.units.read(OAKFIELD) as unit, product.engines.reading() as connection:
        for number, page in missing[:20]:
            home = story.homes[number]
            found = (unit.families.by_address(via=home.via, address=each) for each in home.addresses)
            ids = [str(family.id) for family in found if family is not None]
            rows = connection.execute(select(*TOLD).where(delivery.c.page == page, delivery.c.recipient.in_(ids)))
            told = [{key: str(value) for key, value in row.items()} for row in rows.mappings()]
            lines.append(f"{number} by {home.via}, {page}: {told or 'nothing was laid'}")
    return "\n".join(lines)


def nobody_was_disturbed(story: Story) -> None:
    """Nothing in a quiet hour, nothing twice, nothing to those who had gone."""
    seen = Counter((each.address, each.text) for each in story.all if each.text)
    assert [each for each, count in seen.items() if count > 1] == []
    for each in story.all:
        wall = story.school.calendar.local(each.at).time()
        assert time(7, 30) <= wall < time(20), each
    gone = {home.address: home.gone for home in story.homes.values() if home.gone}
    assert [each for each in story.all if each.address in gone and each.at > gone[each.address]] == []


def the_accounts_balance(story: Story) -> None:
    with story.rig.product.house.units.read(OAKFIELD) as unit:
        found = unit.deliveries.progress(limit=1_000)
    received = Counter(page for home in story.homes.values() for page, _ in story.news(home))
    failed = 0
    for each in found:
        assert each.balanced, each
        assert (each.pending, each.states.get("unknown", 0)) == (0, 0), each
        if each.header.mailing.page in story.dues:
            assert each.states.get("sent", 0) == received[each.header.mailing.page], each
            failed += each.states.get("failed", 0)
    assert failed == FOUND_OUT
    assert sum(received.values()) > 8_000
    assert {each.header.mailing.page for each in found if each.header.state.value == "cancelled"} == {
        CANCELLED,
        UNAPPROVED,
    }
    # Nobody said yes to it: its audience was never so much as counted.
    (unapproved,) = (each for each in found if each.header.mailing.page == UNAPPROVED)
    assert (unapproved.header.frozen, dict(unapproved.states)) == (None, {})


def the_plot_went_as_told(story: Story) -> None:
    """The held step and the one that was slept through came the next morning; the report says what was received."""
    when = defaultdict(set)
    for home in story.homes.values():
        for page, each in story.news(home):
            when[page].add(story.school.calendar.local(each.at).strftime("%d/%m %H:%M"))
    assert when[PAUSED] == {"27/01 07:35"}
    assert when[SLEPT_THROUGH] == {"10/03 07:35"}
    assert when["sid-2027-4"] == {"09/02 16:05"}
    sent = [(page, home.number) for home in story.homes.values() for page, _ in story.news(home)]
    sid = [(page, number) for page, number in sent if page.startswith("sid-") and page != "sid-2027-6"]
    (report,) = [text for text in said_to(story.rig, AMARA) if "your one-page report" in text]
    counted = f"Messages sent to families: {len(sid)}. Families reached: {len({number for _, number in sid})}. "
    assert counted in report.replace(",", "")
    assert sum("A newsletter did not go out" in text for text in said_to(story.rig, AMARA)) == 1
