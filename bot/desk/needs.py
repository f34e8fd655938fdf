"""How sure staff are: the survey as a form, its map for whoever leads, and the plan that follows in one tap."""

from bot.desk.visit import Visit, button, id_carried, once_more
from bot.wire import Answer, Form, FormField, Kind, Look, Option, Show
from pages import Block, Bullets, Document, Span, Tone, note, paragraph, says
from school.words import Refusal, Text, counted
from staff import (
    NEEDS,
    PLAN,
    SMALLEST_SHOWN,
    Duty,
    Needs,
    NoPlanError,
    Sort,
    Warmth,
    accept_plan,
    all_modules,
    all_topics,
    answer_survey,
    needs_of,
    own_duty,
)

TITLE, MAP_TITLE = Text("How sure are you?"), Text("How sure we are")
HOW_SURE = (Text("Not sure"), Text("A little"), Text("Fairly sure"), Text("Very sure"))
BAR = 10


def _mine(visit: Visit) -> Duty:
    assert visit.person is not None
    meant = id_carried(visit, "d")
    return own_duty(meant, person=visit.person, duties=visit.unit.duties, sorts=(Sort.SURVEY,))


def opened(visit: Visit) -> Answer:
    """From the list: the survey's form, or for a lead the map with its plan."""
    duty = _mine(visit)
    return needs_map(visit) if duty.subject == PLAN else _form(duty)


def _form(duty: Duty) -> Answer:
    intro = Document(
        TITLE,
        (
            paragraph(Text("Two minutes, once a year. It shows what we should learn next, and is no test.")),
            note(Text("We keep that you answered, and count the answers without names.")),
        ),
    )
    options = tuple(Option(value=str(sure), label=label) for sure, label in enumerate(HOW_SURE, start=1))
    fields = tuple(
        FormField(name=topic.id, label=Text("{ask}", {"ask": topic.ask}), kind=Kind.CHOICE, options=options)
        for topic in all_topics()
    )
    made = Form(
        title=TITLE,
        submit=Text("Send it"),
        verb="training.survey.send",
        args={"d": duty.id.hex},
        fields=fields,
        intro=intro,
    )
    return Answer(form=made, show=Show.FORM)


def survey_sent(visit: Visit) -> Answer:
    """The answers came back: counted, and nobody's."""
    assert visit.person is not None
    duty = _mine(visit)
    if duty.subject != NEEDS:
        raise NoPlanError
    try:
        answer_survey(
            duty,
            said=visit.incoming.args,
            person=visit.person,
            duties=visit.unit.duties,
            book=visit.unit.learning,
            evidence=visit.unit.evidence,
            now=visit.now,
        )
    except Refusal as refusal:
        return once_more(_form(duty), refusal)
    thanks = Text("Thank you. Your answers are counted, and nobody sees which are yours.")
    todo = button(Text("Back to your list"), "todo")
    return Answer(document=Document(TITLE, (note(thanks, Tone.GOOD),)), choices=((todo,),), show=Show.REPLACE)


def _standing(visit: Visit) -> Needs:
    period = str(visit.school.calendar.year_began(visit.today).year)
    return needs_of(period, duties=visit.unit.duties, book=visit.unit.learning, on=visit.today)


def needs_map(visit: Visit) -> Answer:
    """Topic by topic, once the survey is over; and what would help, to be accepted."""
    found = _standing(visit)
    show = Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE
    back = button(Text("Back to your training"), "training")
    if not found.asked:
        none = Text("The yearly survey is asked in January. Its map stands here as soon as it is over.")
        return Answer(document=Document(MAP_TITLE, (note(none),)), choices=((back,),), show=show)
    values: dict[str, str | int | Text] = {"answered": found.answered, "count": found.asked}
    blocks: list[Block] = [
        paragraph(
            counted(
                "{answered} of {count} person asked has answered.",
                "{answered} of {count} people asked have answered.",
                values,
            )
        )
    ]
    if not found.warmth:
        few = Text(
            "The map opens when everybody has answered or had their time, and at least {least} have. That way nobody "
            "can tell whose answer is whose.",
            {"least": SMALLEST_SHOWN},
        )
        return Answer(document=Document(MAP_TITLE, (*blocks, note(few))), choices=((back,),), show=show)
    blocks.append(Bullets(tuple((Span(_bar(each), code=True), Span(" "), Span(_warm(each))) for each in found.warmth)))
    blocks.append(paragraph(Text("What would help most, from what people are least sure of:")))
    titles = [visit.house.shelf.title(topic.module) for topic in found.least]
    blocks.append(Bullets(tuple(says(title) for title in titles), ordered=True))
    plan = _open_plan(visit, found.period)
    accept = (
        (button(Text("Yes, plan these for everybody"), "training.plan", Look.PRIMARY, {"d": plan.id.hex}),)
        if plan
        else ()
    )
    if plan is None:
        blocks.append(note(Text("The plan for this year has been accepted, or is a colleague's to accept.")))
    return Answer(document=Document(MAP_TITLE, tuple(blocks)), choices=((*accept, back),), show=show)


def _bar(warm: Warmth) -> str:
    full = warm.percent * BAR // 100
    return "■" * full + "□" * (BAR - full)


def _warm(warm: Warmth) -> Text:
    values: dict[str, str | int | Text] = {"percent": warm.percent, "ask": warm.topic.ask}
    return Text("about {percent} in 100 are sure: “{ask}”", values)


def _open_plan(visit: Visit, period: str) -> Duty | None:
    assert visit.person is not None
    waiting = visit.unit.duties.waiting(person=visit.person.id)
    return next((each for each in waiting if each.subject == PLAN and each.period == period), None)


def plan_accepted(visit: Visit) -> Answer:
    """The modules are asked of everybody, within the usual days."""
    assert visit.person is not None
    duty = _mine(visit)
    if duty.subject != PLAN:
        raise NoPlanError
    laid = accept_plan(
        duty,
        all_modules(visit.house.shelf),
        school=visit.school,
        person=visit.person,
        duties=visit.unit.duties,
        book=visit.unit.learning,
        evidence=visit.unit.evidence,
        new_id=visit.house.new_id,
        now=visit.now,
    )
    said = counted(
        "It is planned: {count} module more is on somebody's list.",
        "It is planned: {count} modules more are on people's lists.",
        {"count": laid},
    )
    roll_button = button(Text("Who has done what"), "training.roll")
    return Answer(document=Document(MAP_TITLE, (note(said, Tone.GOOD),)), choices=((roll_button,),), show=Show.REPLACE)
