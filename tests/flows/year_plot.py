"""What happens in the year: who comes, goes, moves and blocks, and what staff hold, cancel and approve."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from bot import demo
from parents import approve, newsletter_of
from tests.channels.mail_double import MailServer
from tests.flows.rig import AMARA, HANNAH, Rig, button_of
from tests.flows.year_families import OAKFIELD, Gate, Home, Letters

FIRST, LAST = date(2026, 9, 2), date(2027, 7, 21)
EARLY, MORNING, NOON, AFTERNOON, EVENING = time(7, 35), time(8, 45), time(10, 0), time(16, 5), time(20, 30)
# More than twice a day: most is due on Tuesdays, and what is held overnight goes early; on Saturdays nothing does.
MORE = {1: (EVENING,), 2: (EARLY,), 5: (NOON,)}
# By real taps: at the beginning and in the middle of the campaign.
TAPPED, TAPPED_LATE = (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12), (391, 393, 394, 395)
IN_CROWDS = tuple(each for each in range(360) if each not in TAPPED)
# After the first step of the campaign, and an hour after the second one was due, which is held just then.
LATE, AFTER_DUE = tuple(range(360, 391)), (392, 396, 397, 398, 399)
# Who was 13, from another account.
NEW_PHONE = 1_013
PAUSED, CANCELLED = "sid-2027-2", "sid-2027-3"
UNAPPROVED, SLEPT_THROUGH = "newsletter-2027-06", "newsletter-2027-03"
BY_TAPS = frozenset({"newsletter-2026-09", "newsletter-2026-12", "newsletter-2027-02"})

Act = Callable[[], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Plot:
    """One year at one school."""

    rig: Rig
    gate: Gate
    server: MailServer
    letters: Letters

    def wall(self, on: date, at: time) -> datetime:
        """A time on the school's wall."""
        return self.rig.product.school.calendar.at(on, at)

    def home(self, number: int) -> Home:
        """A family by its number."""
        return self.gate.homes[number]

    def acts(self) -> dict[datetime, list[Act]]:
        """What people do, by instants."""
        planned: list[tuple[date, time, Act]] = [
            (FIRST, NOON, self.term_begins),
            (date(2026, 9, 16), NOON, self.a_quiz),
            (date(2026, 10, 7), NOON, self.some_block),
            (date(2026, 11, 10), NOON, self.some_leave),
            (date(2026, 12, 2), NOON, self.phones_change),
            (date(2027, 1, 20), NOON, self.more_come),
            (date(2027, 1, 25), NOON, self.a_step_is_held),
            (date(2027, 1, 26), time(17, 0), self.a_few_come),
            (date(2027, 1, 26), EVENING, self.it_goes_on),
            (date(2027, 2, 1), NOON, self.a_step_is_cancelled),
            (date(2027, 2, 10), NOON, self.one_is_erased),
        ]
        found: dict[datetime, list[Act]] = {}
        for on, at, act in planned:
            found.setdefault(self.wall(on, at), []).append(act)
        for page in self.rig.product.library.shelf.all(kind="newsletter"):
            if page.id != UNAPPROVED:
                at = self.wall(page.front.send_on - timedelta(days=2), NOON)
                found.setdefault(at, []).append(lambda page=page: self.two_look(page))
        return found

    async def run(self) -> None:
        """The mornings and afternoons of every day in term, and what `MORE` says.

        On 9 March the machine is off from the morning until the evening.
        """
        acts = self.acts()
        day, ticks = FIRST, set(acts)
        while day <= LAST:
            times = (MORNING, AFTERNOON) if self.rig.product.school.calendar.is_term_day(day) else ()
            ticks |= {self.wall(day, each) for each in (*times, *MORE.get(day.weekday(), ()))}
            day += timedelta(days=1)
        asleep = self.wall(date(2027, 3, 9), time(15, 0)), self.wall(date(2027, 3, 9), time(20, 0))
        for instant in sorted(ticks):
            if asleep[0] < instant < asleep[1]:
                continue
            self.rig.clock.move_to(instant)
            for act in acts.get(instant, ()):
                await act()
            await self.rig.settle()

    async def term_begins(self) -> None:
        self.gate.come(IN_CROWDS)
        for number in TAPPED:
            await self.gate.tap_in(number)

    async def more_come(self) -> None:
        self.gate.come(LATE)
        for number in TAPPED_LATE:
            await self.gate.tap_in(number)

    async def a_few_come(self) -> None:
        self.gate.come(list(AFTER_DUE))

    async def a_quiz(self) -> None:
        rig = self.rig
        for number in TAPPED[:4]:
            chat = self.home(number).chat
            rig.telegram.say(chat, "/quiz")
            await rig.until(lambda chat=chat: _polls(rig, chat))
            rig.telegram.vote(chat, _polls(rig, chat)[-1]["message_id"], [0])

    async def some_block(self) -> None:
        """Two say so at once; two find out with the next message, as do an account and a mailbox that are gone."""
        for number in (20, 21):
            self.rig.telegram.block(self._gone(number).chat)
        for number in (22, 23):
            self.rig.telegram.bot().chats[self._gone(number).chat].blocked = True
        self.rig.telegram.deactivate(self._gone(25).chat)
        self.server.gone.add(self._gone(24).address)
        await self.rig.until(lambda: not self._active(20) and not self._active(21))

    async def some_leave(self) -> None:
        """By a word: in Polish, in Urdu, by the command; and by one click below a letter."""
        for number, word in ((34, "Koniec"), (36, "بند"), (30, "/stop")):
            home = self._gone(number)
            self.rig.telegram.say(home.chat, word)
        leaving = self._gone(40)
        letter = [each for each in self.server.to(leaving.address) if each["List-Unsubscribe"]][-1]
        address = urlsplit(letter["List-Unsubscribe"].strip("<>")).path
        said = await self.rig.web.post(address, data={"List-Unsubscribe": "One-Click"})
        assert said.status_code == 200
        await self.rig.until(lambda: not any(map(self._active, (34, 36, 30, 40))))

    async def phones_change(self) -> None:
        """A chat gets another address by the platform; somebody joins anew from another account, and blocks the old."""
        telegram = self.rig.telegram
        home = self.home(14)
        telegram.add_person(800_014, "Family 14", home.lang, started=True)
        telegram.bot().chats[home.chat].migrated_to = 800_014
        home.moved = "800014"
        await self.gate.tap_in(NEW_PHONE)
        telegram.block(self._gone(13).chat)
        await self.rig.until(lambda: not self._active(13))

    async def one_is_erased(self) -> None:
        home = self._gone(11)
        assert home.lang == "en"
        self.rig.telegram.say(home.chat, "/privacy")
        await self.rig.tap(home.chat, "Erase it all")
        await self.rig.tap(home.chat, "Yes, erase it all")
        await self.rig.until(lambda: not self.gate.known(home))

    async def a_step_is_held(self) -> None:
        await self._steer("Show me your favourite", "Pause")

    async def it_goes_on(self) -> None:
        """At half past eight in the evening: what is held is let go, and families are asleep."""
        await self._steer("Show me your favourite", "Go on")

    async def a_step_is_cancelled(self) -> None:
        await self._steer("Who can you tell?", "Cancel what is left")

    async def two_look(self, page) -> None:
        """Three newsletters by real taps in Slack; the others by the room that these call."""
        if page.id in BY_TAPS:
            for person in (HANNAH, AMARA):
                await self._says_yes(
                    person, f"Newsletter of {page.front.send_on:%d/%m}: it waits for two people's look"
                )
            return
        house = self.rig.product.house
        school, newsletter = house.schools[OAKFIELD], newsletter_of(page, shelf=house.shelf)
        with house.units.write(OAKFIELD) as unit:
            (header,) = [each for each in unit.mailings.unlaid("newsletter:") if each.mailing.page == page.id]
            for person in ("hannah", "amara"):
                approve(
                    newsletter,
                    header,
                    seen=newsletter.digest,
                    person=school.person(person),
                    school=school,
                    approvals=unit.approvals,
                    evidence=unit.evidence,
                    now=self.rig.clock.now(),
                )
            unit.commit()

    async def _says_yes(self, person: str, door: str) -> None:
        yes = "It's ready" if person == HANNAH else "Approve"
        before = len(self.rig.slack.dm_messages(person))
        await self.rig.slack.slash(person, "/lollipop", "status")
        for label in (door, yes):
            await self._press(person, label, after=before)
        await self.rig.until(lambda: "yes" in str([each.blocks for each in self.rig.slack.dm_messages(person)[-1:]]))

    async def _steer(self, title: str, label: str) -> None:
        """Dilys, on the web, presses a button of the card with this title."""
        web = self.rig.web
        await web.post("/inbox/sign-in", data={"person": "dilys", "passphrase": demo.PASSPHRASE})
        page = (await web.get("/deliveries")).text
        card = page[page.index(f">{title}</h2>") :]
        buttons = re.findall(r'name="go" value="([^"]*)">(.*?)<button[^>]*>([^<]*)</button>', card, re.DOTALL)
        go, hidden = next((go, hidden) for go, hidden, shown in buttons if shown == label)
        (csrf,) = re.findall(r'name="csrf" value="([^"]*)"', hidden)
        said = await web.post("/deliveries", data={"go": go, "csrf": csrf})
        assert said.status_code == 200, said.text

    async def _press(self, person: str, label: str, *, after: int) -> None:
        slack = self.rig.slack

        def found():
            told = reversed(slack.dm_messages(person)[after:])
            return next((card for card in told if any(_has(block, label) for block in card.blocks)), None)

        await self.rig.until(found)
        card = found()
        await slack.press(person, slack.dm(person).id, card.ts, *button_of(card.blocks, label))

    def _gone(self, number: int) -> Home:
        home = self.home(number)
        home.gone = self.rig.clock.now()
        return home

    def _active(self, number: int) -> bool:
        home = self.home(number)
        with self.rig.product.house.units.read(OAKFIELD) as unit:
            family = unit.families.by_address(via=home.via, address=home.address)
        return family is not None and family.state.value == "active"


def _polls(rig: Rig, person: int):
    return [each for each in rig.telegram.snapshot(person)["messages"] if each["kind"] == "poll"]


def _has(block, label: str) -> bool:
    return block["type"] == "actions" and label in [each["text"]["text"] for each in block["elements"]]
