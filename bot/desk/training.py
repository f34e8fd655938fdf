"""Training at the desk: what is mine to learn, a module step by step, and its questions one by one."""

from collections.abc import Mapping
from dataclasses import replace

from bot.desk.may import may
from bot.desk.needs import needs_map
from bot.desk.training_roll import roll_of_training
from bot.desk.visit import Handler, Visit, button, day_of, id_carried
from bot.wire import Answer, Choice, Look, Show
from pages import Block, Bullets, Document, Heading, QuizItem, Tone, note, paragraph, says
from school.words import Text, counted
from staff import (
    Duty,
    DutyState,
    Module,
    NoSuchModuleError,
    NoSuchOptionError,
    Sort,
    mark,
    module_of,
    newcomers,
    own_duty,
    place,
    read_on,
)

TITLE = Text("Your training")
BACK = button(Text("Back to your training"), "training")
LEARNT = (Sort.MODULE, Sort.SCENARIO)
MOST_LISTED, MOST_DONE = 12, 6
# Words after /lollipop training for whoever minds the others', with the verb of each and what answers it.
OTHERS = {"roll": "training.roll", "needs": "training.needs"}
ASKED: Mapping[str, Handler] = {"roll": roll_of_training, "needs": needs_map}


def listed(visit: Visit) -> Answer:
    """`/lollipop training`: what is open, each with its minutes, and what was done last; or `training roll`."""
    assert visit.person is not None
    asked = visit.incoming.args.get("rest", "").casefold()
    if asked in OTHERS and may(OTHERS[asked], incoming=visit.incoming, person=visit.person):
        return ASKED[asked](visit)
    waiting = [each for each in visit.unit.duties.waiting(person=visit.person.id) if each.sort in LEARNT]
    theirs = [each for sort in LEARNT for each in visit.unit.duties.of(sort) if each.person == visit.person.id]
    done = sorted((each for each in theirs if each.said is DutyState.DONE), key=_when, reverse=True)
    blocks: list[Block] = []
    rows: list[tuple[Choice, ...]] = []
    for duty in waiting[:MOST_LISTED]:
        module = _module(visit, duty)
        if module is None:
            continue
        blocks.append(paragraph(_open_line(visit, duty, module)))
        late = Look.PRIMARY if duty.due < visit.today else Look.PLAIN
        rows.append((button(Text("{title}", {"title": module.title}), "training.open", late, {"d": duty.id.hex}),))
    if not blocks:
        blocks.append(note(Text("Nothing waits for you."), Tone.GOOD))
    if done:
        blocks.append(Heading(says(Text("Done")), 3))
        blocks.append(Bullets(tuple(says(_done_line(visit, each)) for each in done[:MOST_DONE])))
    show = Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE
    if may("training.roll", incoming=visit.incoming, person=visit.person):
        rows.append(
            (button(Text("Who has done what"), "training.roll"), button(Text("How sure we are"), "training.needs"))
        )
    return Answer(document=Document(TITLE, tuple(blocks)), choices=tuple(rows), show=show)


def _when(duty: Duty) -> float:
    return duty.said_at.timestamp() if duty.said_at else 0.0


def _module(visit: Visit, duty: Duty) -> Module | None:
    try:
        return module_of(duty, shelf=visit.house.shelf)
    except NoSuchModuleError:
        return None


def _open_line(visit: Visit, duty: Duty, module: Module) -> Text:
    values: dict[str, str | int | Text] = {
        "title": module.title,
        "count": module.front.minutes,
        "day": f"{duty.due:%d/%m/%Y}",
    }
    if duty.due < visit.today:
        return counted(
            "{title} ({count} minute): was due by {day}", "{title} ({count} minutes): was due by {day}", values
        )
    return counted("{title} ({count} minute): by {day}", "{title} ({count} minutes): by {day}", values)


def _done_line(visit: Visit, duty: Duty) -> Text:
    day = day_of(visit, duty.said_at) if duty.said_at else ""
    return Text("{title}: {day}", {"title": visit.house.shelf.title(duty.subject), "day": day})


def _mine(visit: Visit) -> tuple[Duty, Module]:
    """What a button is about. Raises NotYoursError or NoSuchModuleError."""
    assert visit.person is not None
    meant = id_carried(visit, "d")
    duty = own_duty(meant, person=visit.person, duties=visit.unit.duties, sorts=LEARNT)
    return duty, module_of(duty, shelf=visit.house.shelf)


def opened(visit: Visit) -> Answer:
    """Where they left it: a step, or a question; or what came of it."""
    duty, module = _mine(visit)
    return _at(duty, module)


def onward(visit: Visit) -> Answer:
    """Next: the place moves on."""
    duty, module = _mine(visit)
    return _at(read_on(duty, module, to=_number(visit, "s"), duties=visit.unit.duties), module)


def _number(visit: Visit, name: str) -> int:
    typed = visit.incoming.args.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) <= 3 else -1


def _at(duty: Duty, module: Module) -> Answer:
    if duty.said is DutyState.DONE:
        return _over(duty, module)
    if module.front.scenario:
        return _scenario(duty, module)
    at = place(duty, module)
    if at < len(module.steps):
        return _step(duty, module, at)
    return _question(duty, module, at - len(module.steps))


def _step(duty: Duty, module: Module, at: int) -> Answer:
    part = module.steps[at]
    where = Text("{title}: step {number} of {total}", _where(module, at, len(module.steps)))
    last = at + 1 == len(module.steps)
    label = Text("To the questions") if last else Text("Next")
    onward_button = button(label, "training.next", Look.PRIMARY, {"d": duty.id.hex, "s": str(at + 1)})
    document = Document(where, (Heading(says(part.title, strong=True), 2), *part.blocks), part.lang)
    return Answer(document=document, choices=((onward_button,), (BACK,)), show=Show.REPLACE)


def _where(module: Module, at: int, total: int) -> Mapping[str, str | int | Text]:
    return {"title": module.title, "number": at + 1, "total": total}


def _question(duty: Duty, module: Module, at: int) -> Answer:
    item = module.quiz[at]
    where = Text("{title}: question {number} of {total}", _where(module, at, len(module.quiz)))
    document = Document(where, (paragraph(item.ask),), module.page.lang)
    return Answer(document=document, choices=(*_options(duty, item, at), (BACK,)), show=Show.REPLACE)


def _options(duty: Duty, item: QuizItem, at: int) -> tuple[tuple[Choice, ...], ...]:
    return tuple(
        (
            button(
                Text("{option}", {"option": option}),
                "training.answer",
                args={"d": duty.id.hex, "q": str(at), "o": str(number)},
            ),
        )
        for number, option in enumerate(item.options, start=1)
    )


def _scenario(duty: Duty, module: Module) -> Answer:
    (item,) = module.quiz
    told = (*(block for part in module.steps for block in part.blocks), paragraph(item.ask))
    document = Document(Text("{title}", {"title": module.title}), told, module.page.lang)
    return Answer(document=document, choices=(*_options(duty, item, 0), (BACK,)), show=Show.REPLACE)


def answered(visit: Visit) -> Answer:
    """An answer was tapped: right or not, why, and what comes next."""
    assert visit.person is not None
    duty, module = _mine(visit)
    if module.front.scenario:
        duty = read_on(duty, module, to=1, duties=visit.unit.duties)
    question, option = _number(visit, "q"), _number(visit, "o")
    marked = mark(
        duty,
        module,
        question=question,
        option=option,
        person=visit.person,
        new=is_new(visit),
        duties=visit.unit.duties,
        evidence=visit.unit.evidence,
        now=visit.now,
    )
    if not marked.first and not 0 <= question < len(module.quiz):
        raise NoSuchOptionError
    item = module.quiz[question]
    blocks: list[Block] = [paragraph(item.ask)]
    if marked.right:
        blocks.append(
            note(Text("✔ Right: {answer}.", {"answer": item.options[item.answer - 1].rstrip(".")}), Tone.PLAIN)
        )
    else:
        values = {"chosen": item.options[option - 1].rstrip("."), "answer": item.options[item.answer - 1].rstrip(".")}
        blocks.append(paragraph(Text("You said: {chosen}.", values)))
        blocks.append(note(Text("Better: {answer}.", values), Tone.PLAIN))
    blocks.append(paragraph(item.why))
    if marked.duty.said is DutyState.DONE:
        over = _over(marked.duty, module)
        assert over.document is not None
        document = Document(Text("{title}", {"title": module.title}), (*blocks, *over.document.blocks))
        return replace(over, document=document)
    where = Text("{title}: question {number} of {total}", _where(module, question, len(module.quiz)))
    following = button(Text("Next question"), "training.open", Look.PRIMARY, {"d": duty.id.hex})
    document = Document(where, tuple(blocks), module.page.lang)
    return Answer(document=document, choices=((following,), (BACK,)), show=Show.REPLACE)


def is_new(visit: Visit) -> bool:
    """Whether they came to the staff this school year."""
    assert visit.person is not None
    return visit.person.id in newcomers(school=visit.school, book=visit.unit.learning, now=visit.now)


def _over(duty: Duty, module: Module) -> Answer:
    values: dict[str, str | int | Text] = {"right": duty.right, "total": len(module.quiz), "title": module.title}
    said = (
        Text("Thank you for thinking about it. How many of you chose what is never shown by name.")
        if module.front.scenario
        else Text("{right} of {total} right. It is written down that you did it.", values)
    )
    document = Document(Text("{title}", values), (note(said, Tone.GOOD),))
    todo = button(Text("Back to your list"), "todo")
    return Answer(document=document, choices=((BACK, todo),), show=Show.REPLACE)
