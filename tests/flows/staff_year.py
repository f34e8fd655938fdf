"""A school year of the policy: who does what on which day, each act by the way that a person would do it."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot import demo
from staff import all_checks, all_topics
from tests.flows.rig import AMARA, HANNAH, MARTA, Rig
from tests.flows.staffroom import Staffroom
from tests.flows.test_flow_registers import press, signed_in
from tests.flows.test_flow_reports import report_on_the_web

FEMI, BEN, GRACE, PRIYA = "U0FEMI", "U0BEN", "U0GRACE", "U0PRIYA"
OAKFIELD, LETTER = "oakfield", "OAK-07"
FIRST, NEW_YEAR, LAST = date(2026, 9, 2), date(2027, 1, 4), date(2027, 7, 21)
MORNING, MID_MORNING, AFTERNOON = time(8, 45), time(10, 0), time(16, 5)
TITLES = {check.title for check in all_checks()}
# What Ben finds in July and nobody has put right as the year ends.
WRONG = "Updates, antivirus and the firewall are in order"
# Wednesdays, about one a month, on which everybody sees to what waits for them.
ANSWERED = (
    *("2026-09-09", "2026-09-30", "2026-10-14", "2026-11-11", "2026-12-09", "2027-01-13", "2027-02-03"),
    *("2027-03-10", "2027-04-21", "2027-05-12", "2027-06-09", "2027-07-07"),
)

Act = Callable[[], Awaitable[None]]


@dataclass
class StaffYear:
    """One part of a year: the school is stopped and started between them, since somebody new is in its file."""

    rig: Rig
    first: date
    last: date
    shell: Callable[..., str]
    room: Staffroom = field(init=False)

    def __post_init__(self) -> None:
        self.room = Staffroom(self.rig)

    async def run(self) -> None:
        """The mornings of Mondays and Tuesdays and of days on which people do something, at ten; the afternoons on
        which news may go. On the others the machine is off, so that a year is a minute."""
        acts, calendar = self.acts(), self.rig.product.school.calendar
        day = self.first
        while day <= self.last:
            if calendar.is_term_day(day) and (day in acts or day.weekday() < 2):
                await self._at(day, MORNING)
                self.rig.clock.move_to(self.wall(day, MID_MORNING))
                for act in acts.get(day, ()):
                    await act()
                if day in acts or day.weekday() == 1:
                    await self._at(day, AFTERNOON)
            day += timedelta(days=1)

    async def _at(self, day: date, at: time) -> None:
        self.rig.clock.move_to(self.wall(day, at))
        await self.rig.settle()

    def wall(self, day: date, at: time) -> datetime:
        """A time on the school's wall."""
        return self.rig.product.school.calendar.at(day, at)

    def acts(self) -> dict[date, list[Act]]:
        """What people do, by days."""
        planned: list[tuple[date, Act]] = [
            (date(2026, 9, 3), self.the_policy_is_agreed),
            (date(2026, 9, 8), self.marta_joins),
            (date(2026, 9, 14), self.staff_sign),
            (date(2026, 9, 16), self.oak_signs),
            (date(2026, 9, 21), self.something_unsuitable_turns_up),
            (date(2026, 10, 5), self.a_site_is_listed),
            (date(2026, 10, 8), self.marta_asks),
            (date(2026, 10, 12), self.three_decide_on_a_site),
            (date(2026, 10, 15), self.two_decide_on_a_topic),
            (date(2026, 11, 5), self.two_decide_on_a_program),
            (date(2026, 11, 9), self.the_filter_is_turned_off),
            (date(2026, 11, 12), self.a_fault_and_a_breach),
            (date(2026, 11, 16), self.a_child_reports),
            (date(2026, 11, 19), self.families_are_asked),
            (date(2026, 12, 8), self.they_learn),
            (date(2027, 1, 18), self.staff_say_how_sure_they_are),
            (date(2027, 1, 20), self.priya_is_new),
            (date(2027, 3, 2), self.a_staff_meeting),
            (date(2027, 3, 4), self.amara_logs_what_she_took_part_in),
            (date(2027, 2, 3), self.they_learn),
            (date(2027, 3, 9), self.they_learn),
            (date(2027, 3, 11), self.femi_asks_the_lead),
            (date(2027, 5, 18), self.they_learn),
            (date(2027, 4, 20), self.marta_asks),
            (date(2027, 4, 22), self.a_site_is_listed),
        ]
        planned += [(day, self.lessons) for day in self._days(date(2026, 9, 24), 28)]
        planned += [(date.fromisoformat(day), self.all_answer) for day in ANSWERED]
        found: dict[date, list[Act]] = {}
        for day, act in sorted(planned, key=lambda each: each[0]):
            found.setdefault(day, []).append(act)
        return found

    def _days(self, first: date, every: int) -> Iterator[date]:
        """From a day on, the next school day after each so many."""
        calendar, day = self.rig.product.school.calendar, first
        while day < LAST:
            yield calendar.next_school_day(day)
            day += timedelta(days=every)

    async def the_policy_is_agreed(self) -> None:
        await self.room.asks(HANNAH, "policy")
        await self.room.taps(HANNAH, "Take these clauses as our policy")
        for person in (HANNAH, GRACE):
            await self.room.asks(person, "policy")
            if any(each.startswith("I agree") for each in self.room.labels(person)):
                await self.room.taps(person, "I agree")
        assert "In force" in self.room.says(GRACE)

    async def all_answer(self) -> None:
        """Each answers the checks that wait for them; the lead and the head also what is late with colleagues."""
        for person in self.staff():
            await self.room.asks(person, "todo")
            for _ in range(30):
                mine = next((each for each in self.room.labels(person) if each in TITLES), None)
                if mine is None:
                    break
                await self.room.taps(person, mine)
                if mine == WRONG and self.rig.clock.now().date() >= date(2027, 7, 1):
                    await self.room.taps(person, "Something is wrong")
                    await self.room.fills(person, "It stays on the list", note="Two tablets have had no updates.")
                    break
                await self.room.taps(person, "All is well")

    def staff(self) -> tuple[str, ...]:
        """Whoever is on the staff by now."""
        return tuple(each.slack for each in self.rig.product.school.people if each.slack)

    async def lessons(self) -> None:
        """Amara's class has its lesson, an assembly, a starter in science and the routine for judging a source."""
        room = self.room
        await room.asks(AMARA, "Oak", "/lesson")
        if "Mark as taught" in room.labels(AMARA):
            await room.taps(AMARA, "Mark as taught")
            await room.fills(AMARA, h0_0="20", h0_1="4")
        await room.asks(AMARA, "", "/assembly")
        await room.asks(AMARA, "starter Science")
        await room.asks(AMARA, "check")

    async def oak_signs(self) -> None:
        await self.room.asks(AMARA, "agreement Oak")
        await self.room.taps(AMARA, "Oak has signed")
        await self.room.fills(AMARA, "has signed its agreement", names="27")

    async def staff_sign(self) -> None:
        for person in (AMARA, BEN):
            await self._signs(person)

    async def _signs(self, person: str) -> None:
        room, shelf = self.room, self.rig.product.house.shelf
        page = shelf.get("staff-aup", "en")
        await room.asks(person, "sign")
        if page.front.title in room.labels(person):
            await room.taps(person, page.front.title)
        right = [each.options[each.answer - 1] for each in page.front.quiz]
        await room.reads_on(person, right, until="I have read it and will keep to it")
        await room.taps(person, "I have read it and will keep to it")
        assert "You have signed" in room.says(person)

    async def something_unsuitable_turns_up(self) -> None:
        await self.room.asks(AMARA, "", "/found")
        await self.room.taps(AMARA, "Tell whoever looks after the filter")
        seen = {"kind": "violent", "device": "board", "when": "now", "year": "4", "seen": "yes", "upset": "yes"}
        await self.room.fills(AMARA, "You did the right thing", **seen, address="https://www.example.org/x", mark="3")

    async def a_site_is_listed(self) -> None:
        await self.room.asks(AMARA, "sites")
        if self.room.labels(AMARA)[0].startswith("Still fine"):
            await self.room.taps(AMARA, "Still fine")
        await self.room.taps(AMARA, "Add a site")
        typed = {"address": f"https://www.example.org/{self.rig.clock.now():%B}", "purpose": "Maps of rivers"}
        chosen = {"youngest": "4", "oldest": "4", "lesson": "none", "looked": "looked"}
        await self.room.fills(AMARA, "It is on the list", **typed, **chosen)

    async def three_decide_on_a_site(self) -> None:
        await self.room.asks(FEMI, "unblock")
        address = {"address": "https://www.example.org/maps", "why": "Maps of rivers", "class": "elm", "weeks": "2"}
        await self.room.fills(FEMI, **address)
        await self._say_yes(BEN, HANNAH, AMARA)

    async def two_decide_on_a_topic(self) -> None:
        await self.room.asks(FEMI, "research")
        await self.room.fills(FEMI, topic="The Blitz", sources="A museum's pages", weeks="2", **{"class": "elm"})
        await self._say_yes(AMARA, BEN)

    async def two_decide_on_a_program(self) -> None:
        await self.room.asks(FEMI, "install")
        await self.room.fills(FEMI, name="A coding tool", why="Coding with Year 4", devices="The Year 4 tablets")
        await self._say_yes(BEN, AMARA)

    async def the_filter_is_turned_off(self) -> None:
        await self.room.asks(BEN, "filteroff")
        await self.room.fills(BEN, why="Moving to the new filter", minutes="30", time="as_soon")
        await self._say_yes(HANNAH, AMARA)
        await self.room.opens_the_notice(BEN, f"Open {self._newest_request()}", then="Off now")
        await self.room.taps_there(BEN, "Off now", then="'text': 'On again'")
        await self.room.taps_there(BEN, "On again", then="the filter is on")

    async def _say_yes(self, *people: str) -> None:
        """Each opens the notice in their own chat and says yes."""
        reference = self._newest_request()
        for person in people:
            await self.room.opens_the_notice(person, f"Open {reference}", then="'text': 'Yes'")
            await self.room.taps_there(person, "Yes", then="granted" if person == people[-1] else "Your yes is kept")

    def _newest_request(self) -> str:
        with self.rig.product.house.units.read(OAKFIELD) as unit:
            return unit.requests.newest(limit=1)[0].reference

    async def a_fault_and_a_breach(self) -> None:
        await self.room.asks(FEMI, "filterfault")
        await self.room.fills(FEMI, choice="lets_through", address="", where="Room 3", why="A game site")
        await self.room.asks(FEMI, "breach")
        day = f"{self.rig.clock.now():%Y-%m-%d}"
        await self.room.fills(FEMI, choice="lost", day=day, time="as_soon", personal="no", why="")

    async def a_child_reports(self) -> None:
        """On the form without an account; Dilys reads it, and takes it up."""
        await report_on_the_web(self.rig)
        async with signed_in(self.rig, "dilys") as dilys:
            listed = (await dilys.get("/inbox")).text
            (reference,) = set(re.findall(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}", listed))
            case = await press(dilys, listed, f"Open {reference}")
            await press(dilys, case, "I am dealing with this")

    async def they_learn(self) -> None:
        """Amara and Ben do the modules and the scenario that wait for them, step by step, with their questions."""
        for person in (AMARA, BEN):
            await self._learn(person, most=6)

    async def femi_asks_the_lead(self) -> None:
        await self.room.asks(FEMI, "ask")
        await self.room.fills(FEMI, words="May my class use a drawing app with accounts?")
        await self.rig.settle()
        await self._answers_a_question("Ask the office first: it may need a look at data protection.")

    async def _answers_a_question(self, answer: str) -> None:
        await self.room.asks(AMARA, "questions")
        await self.room.taps(AMARA, "Open ")
        await self.room.taps(AMARA, "Answer")
        await self.room.fills(AMARA, answer=answer)

    async def _learn(self, person: str, *, most: int) -> None:
        room, shelf = self.room, self.rig.product.house.shelf
        pages = {page.front.title: page for page in shelf.all(kind="module", lang="en")}
        for _ in range(most):
            await room.asks(person, "training")
            title = next((each for each in room.labels(person) if each in pages), None)
            if title is None:
                return
            await room.taps(person, title)
            right = [each.options[each.answer - 1] for each in pages[title].front.quiz]
            until = "Thank you for thinking about it" if pages[title].front.scenario else "It is written down"
            await room.reads_on(person, right, until=until)

    async def priya_is_new(self) -> None:
        await self._signs(PRIYA)
        await self._learn(PRIYA, most=2)

    async def staff_say_how_sure_they_are(self) -> None:
        """All but the governor, who is no staff."""
        for person in self.staff():
            await self.room.asks(person, "todo")
            if person == GRACE:
                assert "How sure are you?" not in self.room.says(GRACE)
                continue
            await self.room.taps(person, "How sure are you?")
            await self.room.fills(person, **{topic.id: "3" for topic in all_topics()})

    async def a_staff_meeting(self) -> None:
        await self.room.asks(AMARA, "inset")
        await self.room.taps(AMARA, "Open a roll")
        await self.room.fills(AMARA, "The roll is open", kind="staff-meeting", day=f"{self.rig.clock.now():%d/%m/%Y}")

    async def amara_logs_what_she_took_part_in(self) -> None:
        await self.room.asks(AMARA, "cpd")
        await self.room.taps(AMARA, "Add something")
        day = f"{self.rig.clock.now():%d/%m/%Y}"
        await self.room.fills(AMARA, "Webinar on AI", what="Webinar on AI", day=day, minutes="60")

    async def marta_joins(self) -> None:
        rig = self.rig
        rig.telegram.start(MARTA, rig.invite)
        await rig.tap(MARTA, "English")
        await rig.tap(MARTA, "Yes, join")
        await rig.until(lambda: "Thank you for joining" in str(rig.chat(MARTA)))

    async def marta_asks(self) -> None:
        """She looks at what to do, asks the school, and Amara answers her."""
        rig = self.rig
        rig.telegram.say(MARTA, "/whatif")
        await rig.tap(MARTA, "Someone is blackmailing my child")
        await rig.tap(MARTA, "Ask the school")
        await rig.until(lambda: "Send your question" in rig.chat(MARTA)[-1])
        rig.telegram.say(MARTA, "From what age a phone of their own?")
        await rig.until(lambda: "Thank you for asking" in rig.chat(MARTA)[-1])
        await rig.settle()
        await self._answers_a_question("There is no one right age.")

    async def families_are_asked(self) -> None:
        """The office makes a letter and asks; Marta reads, agrees, and says yes and no to pictures."""
        rig = self.rig
        (code,) = re.findall(
            r'"code": "([^"]+)"',
            self.shell(
                "parents", "codes", "Oak", "--pupils", LETTER, "--adults", "1", "--bot", demo.BOT_NAME, "--json"
            ),
        )
        self.shell("parents", "ask", "Oak", "--agreements", "pupil-agreement,photo-consent")
        rig.telegram.say(MARTA, f"/agree {code}")
        await rig.tap(MARTA, "Yes, join")
        await rig.until(lambda: "Thank you" in rig.chat(MARTA)[-1])
        rig.telegram.say(MARTA, "/agree")
        await rig.tap(MARTA, "Our agreement for life on screens: Years 3 to 6")
        await rig.tap(MARTA, "I have read it and I agree")
        await rig.tap(MARTA, "Back")
        await rig.tap(MARTA, "Photos and films of your child")
        await rig.tap(MARTA, "Website: no")
        await rig.tap(MARTA, "In school: yes")

    async def dilys_looks(self) -> str:
        """What the page of evidence says, as Dilys opens it."""
        async with signed_in(self.rig, "dilys") as dilys:
            return (await dilys.get("/evidence")).text
