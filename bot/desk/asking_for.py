"""Asking for something that others decide: a site, a research topic, a program, a time without the filter."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.desk.request_words import KINDS, NO_NAMES, books_of
from bot.desk.visit import Visit, button, once_more
from bot.wire import Answer, Choice, Form, FormField, Kind, Look, Option, Show
from pages import Document, Tone, note, paragraph
from school.calendar import BeyondTheCalendarError
from school.sensitive import Sensitive
from school.words import Refusal, Text, counted
from staff import (
    AS_SOON,
    AS_SOON_WITHIN,
    SUBJECT_LENGTH,
    WHY_LENGTH,
    Ask,
    RequestState,
    StaffRequest,
    WrongTimesError,
    ask_for,
    lapses_on,
    plain_words,
    tidied,
)

WEEKS, USUAL_WEEKS = (1, 2, 3, 4, 6, 8, 12), 2
MINUTES, USUAL_MINUTES = (10, 15, 30, 45, 60, 90, 120), 30
SEVERAL, NOW = "several", AS_SOON
DAYS_AHEAD = 5
# Half hours in which somebody may be at work.
FIRST_SLOT, LAST_SLOT = 13, 40
LIST = button(Text("All requests"), "requests")


def half_hours(first: int, last: int) -> Iterator[Option]:
    """From so many half hours after midnight, both included."""
    for half in range(first, last + 1):
        at = f"{half // 2:02}:{half % 2 * 30:02}"
        yield Option(value=at, label=Text("{time}", {"time": at}))


def a_choice(
    name: str, label: Text, options: Iterable[Option], *, initial: str = "", hint: Text | None = None
) -> FormField:
    """A list to pull down."""
    return FormField(
        name=name, label=label, kind=Kind.CHOICE, options=tuple(options), initial=initial, hint=hint, compact=True
    )


def a_text(name: str, label: Text, *, hint: Text, most: int = WHY_LENGTH, optional: bool = False) -> FormField:
    """Staff's words. They travel wrapped."""
    return FormField(
        name=name, label=label, kind=Kind.LONG_TEXT, hint=hint, private=True, optional=optional, max_length=most
    )


def typed(visit: Visit, name: str) -> str:
    """What was written in a field; empty where nothing was."""
    return (visit.incoming.words.get(name) or Sensitive("")).reveal()


def unblock(visit: Visit) -> Answer:
    """What is asked of whoever wants a site unblocked."""
    return Answer(form=_unblock_form(visit), show=Show.FORM)


def _unblock_form(visit: Visit) -> Form:
    said = Text(
        "Technician, head and e-safety lead each look at it and say yes or no. When its time is over the site is "
        "blocked again. Look at it yourself first, as a pupil would see it."
    )
    return _form(
        Ask.UNBLOCK,
        said,
        "unblock.send",
        a_text(
            "address",
            Text("Its address"),
            hint=Text("Copy it from the browser. What stands after a ? or # is left out: it may name somebody."),
            most=2000,
        ),
        _why_field(Text("Such as: maps for our river topic.")),
        _class_field(visit),
        _weeks_field(visit, Text("Until when?")),
    )


def _form(kind: Ask, said: Text, verb: str, *fields: FormField) -> Form:
    title = KINDS[kind]
    intro = Document(title, (paragraph(said), note(NO_NAMES, Tone.CALM)))
    return Form(title=title, submit=Text("Send it"), verb=verb, fields=fields, intro=intro)


def _why_field(hint: Text) -> FormField:
    return a_text("why", Text("Why is it needed?"), hint=hint)


def _class_field(visit: Visit) -> FormField:
    theirs = [klass.id for klass in visit.school.classes if visit.person and klass.id in visit.person.classes]
    return a_choice(
        "class",
        Text("For which class?"),
        (
            *(Option(value=klass.id, label=Text("{name}", {"name": klass.name})) for klass in visit.school.classes),
            Option(value=SEVERAL, label=Text("Several, or no class")),
        ),
        initial=theirs[0] if theirs else SEVERAL,
    )


def _weeks_field(visit: Visit, label: Text) -> FormField:
    def option(weeks: int) -> Option:
        day: dict[str, str | int | Text] = {"count": weeks, "date": f"{visit.today + timedelta(weeks=weeks):%d/%m/%Y}"}
        return Option(
            value=str(weeks), label=counted("For {count} week, to {date}", "For {count} weeks, to {date}", day)
        )

    return a_choice("weeks", label, map(option, WEEKS), initial=str(USUAL_WEEKS))


def unblock_sent(visit: Visit) -> Answer:
    """It waits for its three."""

    def made() -> StaffRequest:
        return _request(
            visit,
            Ask.UNBLOCK,
            subject=tidied(typed(visit, "address")).address,
            why=plain_words(typed(visit, "why")),
            class_id=_class(visit),
            ends=_weeks_on(visit, visit.today),
        )

    return _sent(visit, made, _unblock_form)


def _request(
    visit: Visit,
    kind: Ask,
    *,
    subject: str = "",
    why: str = "",
    more: str = "",
    class_id: str = "",
    starts: datetime | None = None,
    ends: datetime | None = None,
) -> StaffRequest:
    return StaffRequest(
        id=visit.house.new_id(visit.now),
        reference=visit.house.vault.reference(),
        kind=kind,
        asked_by=visit.person.id if visit.person else "",
        asked=visit.now,
        state=RequestState.WAITING,
        subject=subject,
        why=why,
        more=more,
        class_id=class_id,
        starts=starts,
        ends=ends,
        lapses=lapses_on(kind, asked=visit.now, ends=ends),
    )


def _class(visit: Visit) -> str:
    chosen = visit.incoming.args.get("class", "")
    return chosen if chosen in {klass.id for klass in visit.school.classes} else ""


def _weeks_on(visit: Visit, first: date) -> datetime:
    """The end of the school day so many weeks on. Raises WrongTimesError."""
    chosen = visit.incoming.args.get("weeks", "")
    if chosen not in set(map(str, WEEKS)):
        raise WrongTimesError
    return visit.school.calendar.at(first + timedelta(weeks=int(chosen)), visit.school.calendar.open_until)


def _sent(visit: Visit, made: Callable[[], StaffRequest], form: Callable[[Visit], Form]) -> Answer:
    """Kept, and whoever decides is told. What can't be taken is said above the form, which keeps what was typed."""
    try:
        request = ask_for(made(), books=books_of(visit))
    except Refusal as refusal:
        return once_more(Answer(form=form(visit), show=Show.FORM), refusal)
    said = Text(
        "{reference} is with those who decide. You hear in Slack how it goes.", {"reference": request.reference}
    )
    document = Document(KINDS[request.kind], (note(said, Tone.GOOD),))
    return Answer(document=document, choices=((_open(request), LIST),), show=Show.REPLACE)


def _open(request: StaffRequest) -> Choice:
    return button(
        Text("Open {reference}", {"reference": request.reference}), "req.read", Look.PLAIN, {"ref": request.reference}
    )


def research(visit: Visit) -> Answer:
    """What is asked of whoever lets a class research what the filter would block."""
    return Answer(form=_research_form(visit), show=Show.FORM)


def _research_form(visit: Visit) -> Form:
    said = Text(
        "For a topic that a lesson needs and the filter blocks. E-safety lead and technician say yes or no. Steer the "
        "class to the sources that you name; when the time is over, the topic is blocked again."
    )
    return _form(
        Ask.RESEARCH,
        said,
        "research.send",
        a_text("topic", Text("The topic"), hint=Text("Such as: the Holocaust, Year 9 history."), most=SUBJECT_LENGTH),
        _class_field(visit),
        a_choice("from", Text("From which day?"), _days(visit), initial=visit.today.isoformat()),
        _weeks_field(visit, Text("For how long?")),
        a_text("sources", Text("Safe sources"), hint=Text("Addresses or names of those that you have looked at.")),
    )


def _days(visit: Visit) -> Iterator[Option]:
    """Today, and the next school days as far as the calendar goes."""
    days = [visit.today]
    try:
        while len(days) < DAYS_AHEAD:
            days.append(visit.school.calendar.next_school_day(days[-1] + timedelta(days=1)))
    except BeyondTheCalendarError:
        pass
    for day in days:
        yield Option(value=day.isoformat(), label=Text("{day}", {"day": f"{day:%d/%m/%Y}"}))


def research_sent(visit: Visit) -> Answer:
    """It waits for its two."""

    def made() -> StaffRequest:
        first = _day(visit, "from")
        return _request(
            visit,
            Ask.RESEARCH,
            subject=plain_words(typed(visit, "topic"), most=SUBJECT_LENGTH),
            more=plain_words(typed(visit, "sources"), links=True),
            class_id=_class(visit),
            starts=max(visit.now, visit.school.calendar.at(first, time.min)),
            ends=_weeks_on(visit, first),
        )

    return _sent(visit, made, _research_form)


def _day(visit: Visit, name: str) -> date:
    """A day that the form offers. Raises WrongTimesError."""
    chosen = visit.incoming.args.get(name, "")
    if chosen not in {option.value for option in _days(visit)}:
        raise WrongTimesError
    return date.fromisoformat(chosen)


def install(visit: Visit) -> Answer:
    """What is asked of whoever wants a program."""
    return Answer(form=_install_form(visit), show=Show.FORM)


def _install_form(visit: Visit) -> Form:  # noqa: ARG001 - all forms are made alike
    said = Text(
        "Nobody installs programs or apps on the school's devices by themselves. Technician and e-safety lead look at "
        "its licence, age limit and data, and say yes or no."
    )
    return _form(
        Ask.INSTALL,
        said,
        "install.send",
        a_text("name", Text("Its name"), hint=Text("As its maker calls it."), most=SUBJECT_LENGTH),
        _why_field(Text("Such as: coding with Year 5.")),
        a_text("devices", Text("On which devices?"), hint=Text("Such as: the Year 5 tablets."), most=SUBJECT_LENGTH),
    )


def install_sent(visit: Visit) -> Answer:
    """It waits for its two."""

    def made() -> StaffRequest:
        return _request(
            visit,
            Ask.INSTALL,
            subject=plain_words(typed(visit, "name"), most=SUBJECT_LENGTH),
            why=plain_words(typed(visit, "why"), links=True),
            more=plain_words(typed(visit, "devices"), most=SUBJECT_LENGTH),
        )

    return _sent(visit, made, _install_form)


def filter_off(visit: Visit) -> Answer:
    """What is asked of the technician or the head who needs a time without the filter."""
    return Answer(form=_filter_off_form(visit), show=Show.FORM)


def _filter_off_form(visit: Visit) -> Form:
    said = Text(
        "The head and one more of e-safety lead and technician say yes, never whoever asks. No pupil uses a device "
        "meanwhile. If it is not on again in time, head and e-safety lead are told until it is."
    )
    return _form(
        Ask.FILTER_OFF,
        said,
        "filteroff.send",
        a_text("why", Text("What for?"), hint=Text("Such as: moving to the new filter.")),
        a_choice("day", Text("On which day?"), _days(visit), initial=visit.today.isoformat()),
        a_choice(
            "time",
            Text("From when?"),
            (Option(value=NOW, label=Text("As soon as it is granted, today")), *half_hours(FIRST_SLOT, LAST_SLOT)),
        ),
        a_choice(
            "minutes",
            Text("For how long?"),
            (Option(value=str(each), label=Text("{minutes} minutes", {"minutes": each})) for each in MINUTES),
            initial=str(USUAL_MINUTES),
        ),
    )


def filter_off_sent(visit: Visit) -> Answer:
    """It waits for its two."""

    def made() -> StaffRequest:
        starts = _starts(visit)
        minutes = visit.incoming.args.get("minutes", "")
        if minutes not in set(map(str, MINUTES)):
            raise WrongTimesError
        ends = starts + timedelta(minutes=int(minutes))
        soon = visit.incoming.args.get("time") == NOW
        made = _request(visit, Ask.FILTER_OFF, why=plain_words(typed(visit, "why")), starts=starts, ends=ends)
        return replace(made, choice=AS_SOON, lapses=visit.now + AS_SOON_WITHIN) if soon else made

    return _sent(visit, made, _filter_off_form)


def _starts(visit: Visit) -> datetime:
    chosen: Mapping[str, str] = visit.incoming.args
    if chosen.get("time") == NOW:
        return visit.now
    if chosen.get("time") not in {option.value for option in half_hours(FIRST_SLOT, LAST_SLOT)}:
        raise WrongTimesError
    return visit.school.calendar.at(_day(visit, "day"), time.fromisoformat(chosen["time"]))
