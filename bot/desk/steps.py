"""A lesson step by step: what it says, until when it goes, and a short word when its time is up."""

from datetime import UTC, datetime, timedelta

from bot.desk.classes import lesson_meant
from bot.desk.editions import begin, in_hand, offer, on_screen
from bot.desk.visit import Visit, button
from bot.wire import Answer, Choice, Look, Show
from lessons import STEPS, forget_reminders, minutes_of, remind, step_card
from pages import Document
from school.people import SchoolClass
from school.words import Text

MINUTES = Text("{minutes} minutes: began at {began}, until {until}.")
TOLD = Text("You get a short message at {until}, unless you go on before.")
OVER = Text("Its {minutes} minutes are over already.")


def step(visit: Visit) -> Answer:
    """One step of the lesson; back and on. One that is newly come to begins now, and a reminder of the last is void."""
    began, told = _began(visit), visit.incoming.args.get("r") == "1"
    if began is None:
        told = False
    if not told:
        take_back(visit)
    return _shown(visit, began or visit.now, told=told)


def remind_me(visit: Visit) -> Answer:
    """A message when the step's time is up, once; for a step whose time is up already there is none."""
    klass, lesson_id, _ = lesson_meant(visit)
    page = in_hand(visit, klass, lesson_id).page
    number, began = _number(visit), _began(visit) or visit.now
    ends = began + timedelta(minutes=minutes_of(page, number))
    if visit.person is None or ends <= visit.now:
        return _shown(visit, began, told=False)
    remind(
        page,
        step=number,
        klass=klass,
        teacher=visit.person.id,
        ends=ends,
        key=str(visit.house.new_id(visit.now)),
        outbox=visit.unit.outbox,
    )
    return _shown(visit, began, told=True)


def take_back(visit: Visit) -> None:
    """No reminder of a step waits for whoever acts any more."""
    if visit.person is not None:
        forget_reminders(visit.person.id, outbox=visit.unit.outbox)


def _shown(visit: Visit, began: datetime, *, told: bool) -> Answer:
    klass, lesson_id, turn = lesson_meant(visit)
    held = begin(visit, klass, lesson_id)
    page, front = held.page, held.front
    number = _number(visit)
    at = {"c": klass.id, "l": lesson_id, "t": str(turn)}
    here = {**at, "n": str(number), "b": str(int(began.timestamp()))}
    newer, change_it = offer(held, klass, at)
    minutes = minutes_of(page, number)
    card = step_card(
        page, front, step=number, class_name=klass.name, time=_time(visit, began, minutes=minutes, told=told)
    )
    ends = began + timedelta(minutes=minutes)
    return Answer(
        document=Document(card.title, newer.blocks + card.blocks, card.lang),
        choices=(
            _on(number, at),
            (*_reminder(here, told=told, over=ends <= visit.now), _poll(klass)),
            (
                button(Text("Help for this lesson"), "lesson.more", args={**here, **({"r": "1"} if told else {})}),
                button(Text("Only partly done"), "lesson.partly", args=at),
                button(Text("A child told me something"), "report.start"),
            ),
            *on_screen(visit, held),
            *change_it,
        ),
        show=Show.REPLACE,
    )


def _on(number: int, at: dict[str, str]) -> tuple[Choice, ...]:
    row: list[Choice] = []
    if number > 0:
        row.append(button(Text("Back"), "lesson.step", args={**at, "n": str(number - 1)}))
    if number < len(STEPS) - 1:
        row.append(button(Text("Next step"), "lesson.step", Look.PRIMARY, {**at, "n": str(number + 1)}))
    else:
        row.append(button(Text("Mark as taught"), "lesson.hands", Look.PRIMARY, at))
    return tuple(row)


def _time(visit: Visit, began: datetime, *, minutes: int, told: bool) -> tuple[Text, ...]:
    """From when until when, as the school's wall shows it; nothing where the page does not say how long."""
    if not minutes:
        return ()
    local, ends = visit.school.calendar.local, began + timedelta(minutes=minutes)
    values: dict[str, str | int | Text] = {
        "minutes": minutes,
        "began": f"{local(began):%H:%M}",
        "until": f"{local(ends):%H:%M}",
    }
    said = (Text(MINUTES.msgid, values),)
    if ends <= visit.now:
        return (*said, Text(OVER.msgid, values))
    return (*said, Text(TOLD.msgid, values)) if told else said


def _reminder(here: dict[str, str], *, told: bool, over: bool) -> tuple[Choice, ...]:
    if over:
        return ()
    if told:
        return (button(Text("No reminder"), "lesson.step", args=here),)
    return (button(Text("Remind me when time is up"), "lesson.remind", args=here),)


def _poll(klass: SchoolClass) -> Choice:
    return button(Text("Quick poll"), "poll", args={"c": klass.id})


def _number(visit: Visit) -> int:
    return max(0, min(int(visit.incoming.args.get("n", "0")), len(STEPS) - 1))


def _began(visit: Visit) -> datetime | None:
    """When the step that is shown again began; None for one that is newly come to."""
    typed = visit.incoming.args.get("b", "")
    return datetime.fromtimestamp(int(typed), UTC) if typed else None
