"""What is told of at once and nobody has to grant: a fault of the filter, and a breach with its 72-hour clock."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.desk.asking_for import LIST, NOW, a_choice, a_text, half_hours, typed
from bot.desk.request_words import BREACH_KINDS, FAULT_KINDS, KINDS, NO_NAMES, PERSONAL, REPORTED, books_of, when
from bot.desk.visit import Visit, button, once_more
from bot.wire import Answer, Form, FormField, Kind, Look, Option, Show
from pages import Block, Document, Quote, Tone, note, paragraph, says
from school.words import Refusal, Text
from staff import (
    FAULTS,
    ICO_HOURS,
    SUBJECT_LENGTH,
    Ask,
    Fault,
    Reported,
    RequestState,
    StaffRequest,
    WrongTimesError,
    ask_for,
    close_request,
    decide_report,
    has_clock,
    never_a_link,
    plain_words,
    request_for,
    tidied,
)

DECIDE, END = Text("Say what was decided about the ICO"), Text("Close it")
# UK GDPR, article 34.
HIGH_RISK = Text("Where the risk to people is likely to be high, they are told as well, without delay.")
DAYS_BACK, LAST_HALF_HOUR = 8, 47


class NotChosenError(Refusal):
    """One of the answers is missing."""

    text = Text("Please choose an answer to each question: nothing was sent.")


def filter_fault(visit: Visit) -> Answer:  # noqa: ARG001 - all handlers look alike
    """What is asked of whoever met a fault of the filter."""
    return Answer(form=_fault_form(), show=Show.FORM)


def _fault_form() -> Form:
    title = KINDS[Ask.FILTER_FAULT]
    goes = Text("The technician is told at once. You get a text for the provider, or it is e-mailed there.")
    unfit = Text("Is something unfit on a screen now? Turn the screen off first, then type /found.")
    return Form(
        title=title,
        submit=Text("Send it"),
        verb="filterfault.send",
        intro=Document(title, (paragraph(goes), note(unfit, Tone.URGENT), note(NO_NAMES, Tone.CALM))),
        fields=(
            FormField(
                name="choice",
                label=Text("What does it do?"),
                kind=Kind.CHOICE,
                options=tuple(Option(value=value, label=label) for value, label in FAULT_KINDS.items()),
            ),
            a_text(
                "address",
                Text("At which address?"),
                hint=Text("From your notes; don't open it again. Leave it empty if you don't know it."),
                most=2000,
                optional=True,
            ),
            a_text("where", Text("Where?"), hint=Text("Such as: Room 3, all tablets."), most=SUBJECT_LENGTH),
            a_text(
                "why", Text("What did you see?"), hint=Text("In a few words. No child's name, please."), optional=True
            ),
        ),
    )


def filter_fault_sent(visit: Visit) -> Answer:
    """The technician is told, and the provider where an address for that is known."""
    provider = visit.school.filtering
    mail = bool(provider.fault_email) and visit.house.letters
    try:
        address = typed(visit, "address").strip()
        request = _told_of(
            visit,
            Ask.FILTER_FAULT,
            choice=_chosen(FAULT_KINDS, visit.incoming.args.get("choice", "")),
            subject=tidied(address).address if address else "",
            more=plain_words(typed(visit, "where"), most=SUBJECT_LENGTH),
            why=plain_words(typed(visit, "why"), needed=False, links=True),
        )
        ask_for(request, books=books_of(visit), mail=mail)
    except Refusal as refusal:
        return once_more(Answer(form=_fault_form(), show=Show.FORM), refusal)
    return _thanks(request, tuple(_about_the_provider(visit, request, mailed=mail)))


def _told_of(
    visit: Visit,
    kind: Ask,
    *,
    choice: str,
    subject: str = "",
    more: str = "",
    why: str = "",
    personal: str = "",
    starts: datetime | None = None,
) -> StaffRequest:
    return StaffRequest(
        id=visit.house.new_id(visit.now),
        reference=visit.house.vault.reference(),
        kind=kind,
        asked_by=visit.person.id if visit.person else "",
        asked=visit.now,
        state=RequestState.OPEN,
        subject=subject,
        why=why,
        more=more,
        choice=choice,
        personal=personal,
        starts=starts,
    )


def _chosen(known: Iterable[StrEnum], value: str) -> str:
    """Raises NotChosenError."""
    if value not in {each.value for each in known}:
        raise NotChosenError
    return value


def _about_the_provider(visit: Visit, request: StaffRequest, *, mailed: bool) -> Iterator[Block]:
    """What was e-mailed, or the text to send: it says which school, what and where, and no word that is not needed."""
    provider = visit.school.filtering.provider
    if mailed:
        yield note(
            Text("The provider is e-mailed what kind of fault it is, the address and the reference, nothing else."),
            Tone.GOOD,
        )
        return
    named = Text("{provider}", {"provider": provider}) if provider else Text("the filter's provider")
    yield note(
        Text("Nothing goes to the provider by itself here. Please send this to {provider} now:", {"provider": named})
    )
    values: dict[str, str | int | Text] = {
        "school": visit.school.name,
        "what": FAULTS[Fault(request.choice)],
        "address": never_a_link(request.subject) or Text("not known"),
        "where": request.more,
        "date": when(visit, request.asked),
        "reference": request.reference,
    }
    yield Quote(
        (
            says(
                Text(
                    "{school}: {what}. Address: {address}. Where: {where}. When: {date}. Our reference: {reference}. "
                    "Please tell us what you find, and when it is mended.",
                    values,
                )
            ),
        )
    )


def _thanks(request: StaffRequest, more: tuple[Block, ...]) -> Answer:
    reference = {"reference": request.reference}
    said = note(Text("Thank you. {reference} is kept, and whoever looks after it is told now.", reference), Tone.GOOD)
    opens = button(Text("Open {reference}", reference), "req.read", Look.PLAIN, {"ref": request.reference})
    document = Document(KINDS[request.kind], (said, *more))
    return Answer(document=document, choices=((opens, LIST),), show=Show.REPLACE)


def breach(visit: Visit) -> Answer:
    """What is asked of whoever suspects a breach. Nobody is blamed for telling."""
    return Answer(form=_breach_form(visit), show=Show.FORM)


def _breach_form(visit: Visit) -> Form:
    title = KINDS[Ask.BREACH]
    intro = (
        paragraph(Text("Head, technician and the leads are told now. Telling is right, even if you are not sure.")),
        paragraph(
            Text("Leave the device as it is: don't wipe, restart or repair it. Change a password that is known.")
        ),
        note(
            Text("Please write nobody's name here. A child in danger is a concern: type /report, or call 999."),
            Tone.URGENT,
        ),
    )
    today = visit.today.isoformat()
    return Form(
        title=title,
        submit=Text("Tell them now"),
        verb="breach.send",
        intro=Document(title, intro),
        fields=(
            FormField(
                name="choice",
                label=Text("What happened?"),
                kind=Kind.CHOICE,
                options=tuple(Option(value=value, label=label) for value, label in BREACH_KINDS.items()),
            ),
            a_choice("day", Text("On which day was it noticed?"), _days_back(visit), initial=today),
            a_choice(
                "time",
                Text("At what time?"),
                (Option(value=NOW, label=Text("Just now")), *half_hours(0, LAST_HALF_HOUR)),
                initial=NOW,
                hint=Text("From then on there are 72 hours to tell the ICO, where that is needed."),
            ),
            FormField(
                name="personal",
                label=Text("May personal data be involved?"),
                kind=Kind.CHOICE,
                options=tuple(Option(value=value, label=label) for value, label in PERSONAL.items()),
                hint=Text("Whatever says something about a person: names, marks, pictures, addresses."),
            ),
            a_text("why", Text("In a few words"), hint=Text("What, not who."), optional=True),
        ),
    )


def _days_back(visit: Visit) -> Iterator[Option]:
    for back in range(DAYS_BACK):
        day = visit.today - timedelta(days=back)
        yield Option(value=day.isoformat(), label=Text("{day}", {"day": f"{day:%d/%m/%Y}"}))


def breach_sent(visit: Visit) -> Answer:
    """Whoever has to know is told at once, at any hour."""
    args = visit.incoming.args
    try:
        request = _told_of(
            visit,
            Ask.BREACH,
            choice=_chosen(BREACH_KINDS, args.get("choice", "")),
            personal=_chosen(PERSONAL, args.get("personal", "")),
            why=plain_words(typed(visit, "why"), needed=False),
            starts=_noticed(visit),
        )
        ask_for(request, books=books_of(visit))
    except Refusal as refusal:
        return once_more(Answer(form=_breach_form(visit), show=Show.FORM), refusal)
    return _thanks(request, tuple(_clock_runs(visit, request)))


def _clock_runs(visit: Visit, request: StaffRequest) -> Iterator[Block]:
    if has_clock(request) and request.starts is not None:
        by = {"by": when(visit, request.starts + timedelta(hours=ICO_HOURS))}
        yield paragraph(Text("The head decides about a report to the ICO, by {by} at the latest.", by))


def _noticed(visit: Visit) -> datetime:
    """When it was noticed. Raises WrongTimesError, also for a time that is yet to come."""
    day, at = visit.incoming.args.get("day", ""), visit.incoming.args.get("time", "")
    days = {option.value for option in _days_back(visit)}
    if day not in days or at not in {NOW, *(option.value for option in half_hours(0, LAST_HALF_HOUR))}:
        raise WrongTimesError
    on = next(visit.today - timedelta(days=back) for back in range(DAYS_BACK) if _iso(visit, back) == day)
    if at == NOW:
        # "Just now" of another day is that day's beginning: the clock may run too early, and never too late.
        return visit.now if on == visit.today else visit.school.calendar.at(on, time.min)
    return visit.school.calendar.at(on, time.fromisoformat(at))


def _iso(visit: Visit, back: int) -> str:
    return (visit.today - timedelta(days=back)).isoformat()


def _meant(visit: Visit) -> StaffRequest:
    assert visit.person is not None
    return request_for(visit.incoming.args.get("ref", ""), person=visit.person, books=books_of(visit))


def report_form(visit: Visit) -> Answer:
    """What was decided about telling the ICO."""
    return Answer(form=_report_form(_meant(visit)), show=Show.FORM)


def _report_form(request: StaffRequest) -> Form:
    title = Text("About the ICO")
    where = Text(
        "Reports go to ico.org.uk/for-organisations/report-a-breach. Where it is decided not to report, the reason "
        "has to be on record."
    )
    return Form(
        title=title,
        submit=Text("Keep it"),
        verb="req.ico.send",
        args={"ref": request.reference},
        intro=Document(title, (paragraph(where), paragraph(HIGH_RISK), note(NO_NAMES, Tone.CALM))),
        fields=(
            FormField(
                name="how",
                label=Text("What was decided?"),
                kind=Kind.CHOICE,
                options=tuple(Option(value=value, label=label) for value, label in REPORTED.items()),
            ),
            a_text("why", Text("Because …"), hint=Text("Why so, and by whom it was decided.")),
        ),
    )


def report_decided(visit: Visit) -> Answer:
    """The clock stops."""
    assert visit.person is not None
    request = _meant(visit)
    try:
        why = plain_words(typed(visit, "why"))
        how = Reported(_chosen(REPORTED, visit.incoming.args.get("how", "")))
        decided = decide_report(request, how=how, why=why, person=visit.person, books=books_of(visit), now=visit.now)
    except Refusal as refusal:
        return once_more(Answer(form=_report_form(request), show=Show.FORM), refusal)
    return _kept(decided)


def _kept(request: StaffRequest) -> Answer:
    reference = {"reference": request.reference}
    opens = button(Text("Open {reference}", reference), "req.read", Look.PLAIN, {"ref": request.reference})
    said = note(Text("Kept with {reference}.", reference), Tone.GOOD)
    return Answer(document=Document(KINDS[request.kind], (said,)), choices=((opens, LIST),), show=Show.REPLACE)


def close_form(visit: Visit) -> Answer:
    """How it ended."""
    return Answer(form=_close_form(_meant(visit)), show=Show.FORM)


def _close_form(request: StaffRequest) -> Form:
    fault = request.kind is Ask.FILTER_FAULT
    label = Text("What did the provider say or do?") if fault else Text("What was done, and what do we change?")
    return Form(
        title=END,
        submit=END,
        verb="req.close.send",
        args={"ref": request.reference},
        intro=Document(END, (note(NO_NAMES, Tone.CALM),)),
        fields=(a_text("why", label, hint=Text("In a few words.")),),
    )


def closed(visit: Visit) -> Answer:
    """It is over, with a note."""
    assert visit.person is not None
    request = _meant(visit)
    try:
        said = plain_words(typed(visit, "why"))
        ended = close_request(request, note=said, person=visit.person, books=books_of(visit), now=visit.now)
    except Refusal as refusal:
        return once_more(Answer(form=_close_form(request), show=Show.FORM), refusal)
    return _kept(ended)
