"""Training: which module is for whom and when, and how far somebody has come in one. Pages, people and days alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from pages import Document, ModuleFront, Page, QuizItem, Shelf
from school.evidence import EvidenceBook
from school.people import Person, Role
from school.school import School
from school.words import Refusal, Text
from staff.checks import Rhythm, last_day, period_of
from staff.duties import Duty, DutyState, DutyStore, Sort, answer_duty

# Every module is evidence for these: safe use is taught, training is formal and yearly, and it covers the five parts.
ALWAYS = ("C4", "C21", "C59")
INDUCTION = "C23"
# School days to do a module in, and to have done those of the induction in; and to look at a scenario in.
MODULE_DAYS, SCENARIO_DAYS = 20, 10
# Nobody finds more than so many modules waiting at once, but for what whoever is new has to know.
MOST_WAITING = 2
# How a scenario was answered is told from so many answers on: with a few, each could be guessed.
FEWEST = 5
# Where nobody holds the role that a module is for, whoever stands in for it learns it.
STANDS_IN: Mapping[Role, tuple[Role, ...]] = {
    Role.TECHNICIAN: (Role.ESAFETY_LEAD, Role.HEAD),
    Role.ESAFETY_LEAD: (Role.HEAD,),
}


class NoSuchModuleError(Refusal):
    """Its page is not here any more."""

    text = Text("That module isn't here any more. Look at your list again: another may have taken its place.")


class NotYoursError(Refusal):
    """A colleague's."""

    text = Text("That is a colleague's to do, and nobody can do it for them. Yours are under /lollipop training.")


class NoSuchOptionError(Refusal):
    """A button that does not belong to the question."""

    text = Text("That answer doesn't belong to this question. Open the module again from /lollipop training.")


@dataclass(frozen=True, kw_only=True)
class Module:
    """One module: its page and its front matter, and `steps`, what is read one after another."""

    page: Page
    front: ModuleFront

    @property
    def id(self) -> str:
        """The page's."""
        return self.page.id

    @property
    def title(self) -> str:
        """The page's."""
        return self.front.title

    @property
    def steps(self) -> tuple[Document, ...]:
        """Its `##` sections in their order."""
        return tuple(self.page.parts.values())

    @property
    def quiz(self) -> tuple[QuizItem, ...]:
        """Its questions."""
        return self.front.quiz

    @property
    def clauses(self) -> tuple[str, ...]:
        """What doing it is evidence for. A scenario is no formal training."""
        return tuple(dict.fromkeys((*(() if self.front.scenario else ALWAYS), *self.front.clauses)))


@dataclass(frozen=True, kw_only=True)
class Marked:
    """An answer: whether it was right, and how far its module has come. `first` says that it counted now."""

    right: bool
    duty: Duty
    first: bool


def all_modules(shelf: Shelf) -> tuple[Module, ...]:
    """Every module, those of the year's first months on top, and of a month those for all staff; no scenario."""
    return tuple(each for each in _modules(shelf) if not each.front.scenario)


def all_scenarios(shelf: Shelf) -> tuple[Module, ...]:
    """Every scenario, by its month as a school year has them."""
    return tuple(each for each in _modules(shelf) if each.front.scenario)


def _modules(shelf: Shelf) -> tuple[Module, ...]:
    found = (Module(page=page, front=page.front) for page in shelf.all("module") if isinstance(page.front, ModuleFront))
    return tuple(sorted(found, key=lambda each: ((each.front.month - 9) % 12, bool(each.front.for_roles), each.id)))


def module_of(duty: Duty, *, shelf: Shelf) -> Module:
    """The one that a duty is for. Raises NoSuchModuleError."""
    for each in _modules(shelf):
        if each.id == duty.subject:
            return each
    raise NoSuchModuleError


def staff_of(school: School) -> tuple[Person, ...]:
    """Everybody on the staff; governors are not."""
    return tuple(person for person in school.people if person.on_staff)


def learners(front: ModuleFront, *, school: School) -> tuple[Person, ...]:
    """Whom a module is for: all staff, or whoever holds one of its roles, or else whoever stands in for that."""
    if not front.for_roles:
        return staff_of(school)
    found: dict[str, Person] = {}
    for role in front.for_roles:
        way = (role, *STANDS_IN.get(role, ()))
        held = next((people for each in way if (people := school.holders(each))), ())
        found |= {person.id: person for person in held}
    return tuple(found.values())


def lay_modules(
    modules: Iterable[Module],
    *,
    school: School,
    new: Iterable[str],
    duties: DutyStore,
    new_id: Callable[[datetime], UUID],
    now: datetime,
) -> int:
    """Lay down what is due to be learnt today, once a school year and person; how many. Nothing on a day off.

    `new` are the ids of those who came to the staff this school year: they get all of the induction at once, within
    MODULE_DAYS of the day on which it is laid. Of what comes by the month nobody has more than MOST_WAITING waiting,
    so that a school that begins in spring is not buried. The caller commits.
    """
    calendar, on, fresh = school.calendar, school.calendar.today(now), frozenset(new)
    if not calendar.is_school_day(on):
        return 0
    due, laid = last_day(MODULE_DAYS, on=on, calendar=calendar), 0
    waiting: dict[str, int] = {}
    had: dict[tuple[str, str], list[Duty]] = {}
    for duty in duties.of(Sort.MODULE):
        if duty.said is DutyState.DROPPED:
            # They had left, or so the school file said: what was open is asked anew.
            continue
        waiting[duty.person] = waiting.get(duty.person, 0) + duty.waits
        had.setdefault((duty.person, duty.subject), []).append(duty)
    for module in modules:
        period = period_of(Rhythm.YEARLY, on=on, calendar=calendar, month=module.front.month)
        if period is None:
            continue
        for person in learners(module.front, school=school):
            inducted = module.front.induction and person.id in fresh
            before = had.get((person.id, module.id), [])
            if not inducted and (on < period.first or waiting.get(person.id, 0) >= MOST_WAITING):
                continue
            if any(each.period == period.id for each in before) or (before and not module.front.yearly):
                continue
            duty = new_duty(Sort.MODULE, module, period=period.id, person=person.id, due=due, id=new_id(now), now=now)
            added = duties.lay(duty)
            waiting[person.id] = waiting.get(person.id, 0) + added
            laid += added
    return laid


def new_duty(sort: Sort, module: Module, *, period: str, person: str, due: date, id: UUID, now: datetime) -> Duty:  # noqa: A002 - it is the duty's
    """What somebody is asked to learn or to think about."""
    return Duty(
        id=id,
        sort=sort,
        subject=module.id,
        version=module.page.version,
        period=period,
        person=person,
        laid=now,
        due=due,
    )


def lay_scenarios(
    scenarios: Iterable[Module],
    *,
    school: School,
    duties: DutyStore,
    new_id: Callable[[datetime], UUID],
    now: datetime,
) -> int:
    """Lay this month's scenario for all staff; how many. Nothing on a day off. The caller commits.

    One of another month that still waits goes quietly: it was something to think about, and nobody is chased into it.
    """
    calendar, on = school.calendar, school.calendar.today(now)
    if not calendar.is_school_day(on):
        return 0
    for old in duties.waiting():
        if old.sort is Sort.SCENARIO and old.period != f"{on:%Y-%m}":
            duties.answer(old.id, said=DutyState.DROPPED, by="", note="", now=now)
    due, laid = last_day(SCENARIO_DAYS, on=on, calendar=calendar), 0
    for module in scenarios:
        if module.front.month != on.month:
            continue
        period = f"{on:%Y-%m}"
        theirs = (each for each in duties.of(Sort.SCENARIO, subject=module.id) if each.period == period)
        had = {each.person for each in theirs if each.said is not DutyState.DROPPED}
        for person in (each for each in learners(module.front, school=school) if each.id not in had):
            duty = new_duty(Sort.SCENARIO, module, period=period, person=person.id, due=due, id=new_id(now), now=now)
            laid += duties.lay(duty)
    return laid


def own_duty(duty_id: UUID | None, *, person: Person, duties: DutyStore, sorts: Sequence[Sort]) -> Duty:
    """One that is theirs: nobody learns for somebody else, whatever they mind. Raises NotYoursError."""
    duty = duties.one(duty_id) if duty_id else None
    if duty is None or duty.person != person.id or duty.sort not in sorts:
        raise NotYoursError
    return duty


def place(duty: Duty, module: Module) -> int:
    """How many steps and questions are behind them; at the last one where the page has grown shorter meanwhile."""
    return min(duty.step, len(module.steps) + len(module.quiz) - 1)


def read_on(duty: Duty, module: Module, *, to: int, duties: DutyStore) -> Duty:
    """The next step was asked for: the place is kept. A second tap, or one on an older card, changes nothing."""
    if to != place(duty, module) + 1 or to > len(module.steps) or not duty.waits:
        return duty
    if not duties.move(duty.id, was=duty.step, step=to, right=duty.right):
        return duties.one(duty.id) or duty
    return replace(duty, step=to)


def mark(
    duty: Duty,
    module: Module,
    *,
    question: int,
    option: int,
    person: Person,
    new: bool,
    duties: DutyStore,
    evidence: EvidenceBook,
    now: datetime,
) -> Marked:
    """Mark one answer, `question` from 0 and `option` from 1; the first tap counts, and any is explained.

    After the last question the module is done, and evidence is written: for whoever is `new` also that of the
    induction. Nobody fails: a wrong answer is explained, and that is when people learn. The caller commits. Raises
    NoSuchOptionError.
    """
    if not 0 <= question < len(module.quiz) or not 1 <= option <= len(module.quiz[question].options):
        raise NoSuchOptionError
    right = module.quiz[question].answer == option
    at = len(module.steps) + question
    step, score = at + 1, duty.right + right
    here = place(duty, module) == at and duty.waits
    if not here or not duties.move(duty.id, was=duty.step, step=step, right=score):
        return Marked(right=right, duty=duties.one(duty.id) or duty, first=False)
    moved = replace(duty, step=step, right=score)
    if step < len(module.steps) + len(module.quiz):
        return Marked(right=right, duty=moved, first=True)
    clauses = (*module.clauses, *((INDUCTION,) if new and module.front.induction else ()))
    done = answer_duty(
        moved,
        said=DutyState.DONE,
        note="",
        clauses=tuple(dict.fromkeys(clauses)),
        person=person,
        duties=duties,
        evidence=evidence,
        now=now,
    )
    return Marked(right=right, duty=done, first=True)


@dataclass(frozen=True, kw_only=True)
class RollLine:
    """How a module stands this school year: how many have done it, and who has not."""

    module: Module
    done: int
    open: tuple[Person, ...]

    @property
    def asked(self) -> int:
        """Of how many."""
        return self.done + len(self.open)


def roll(modules: Iterable[Module], *, school: School, duties: DutyStore, on: date) -> tuple[RollLine, ...]:
    """Each module that anybody was asked for this school year, with who has not done it; nobody who has left."""
    period = str(school.calendar.year_began(on).year)
    asked: dict[str, list[Duty]] = {}
    for duty in duties.of(Sort.MODULE):
        if duty.period == period and duty.said is not DutyState.DROPPED:
            asked.setdefault(duty.subject, []).append(duty)
    lines = []
    for module in modules:
        theirs = asked.get(module.id, [])
        people = sorted({each.person for each in theirs if each.waits})
        here = tuple(person for each in people if (person := school.person(each)))
        done = sum(each.said is DutyState.DONE for each in theirs)
        if theirs:
            lines.append(RollLine(module=module, done=done, open=here))
    return tuple(lines)


@dataclass(frozen=True, kw_only=True)
class Thought:
    """How a month's scenario went: of so many `asked`, how many answered; `right` in a hundred, by tens.

    It is None under five answers, and while somebody may still answer: looked at before and after one colleague, it
    would tell their answer.
    """

    title: str
    asked: int
    answered: int
    right: int | None


def thought_about(scenarios: Iterable[Module], *, duties: DutyStore, on: date) -> Thought | None:
    """This month's scenario; None where none was laid. Never who chose what, and nobody who has left."""
    titles = {module.id: module.title for module in scenarios}
    every = duties.of(Sort.SCENARIO)
    laid = [each for each in every if each.period == f"{on:%Y-%m}" and each.said is not DutyState.DROPPED]
    if not laid:
        return None
    done = [each for each in laid if each.said is DutyState.DONE]
    last = max((each.due for each in laid if each.waits), default=None)
    is_over = last is None or on > last
    right = round(10 * sum(each.right for each in done) / len(done)) * 10 if is_over and len(done) >= FEWEST else None
    title = titles.get(laid[0].subject, laid[0].subject)
    return Thought(title=title, asked=len(laid), answered=len(done), right=right)
