"""What an adult in school reads and signs: the list, the text, its questions, the signature, and what was signed."""

from bot.desk.ladder import LADDER_BESIDE
from bot.desk.signed_words import as_signed
from bot.desk.visit import Visit, button, day_of, id_carried
from bot.wire import Answer, Choice, Look, Show
from pages import Block, Bullets, Document, Facts, Heading, Span, Tone, note, paragraph, says
from school.words import Text
from staff import (
    ChangedSinceError,
    Duty,
    DutyState,
    NoSuchDutyError,
    QuestionsFirstError,
    Sort,
    ToSign,
    documents_to_sign,
    holds_now,
    lay_signs,
    questions_before,
    sign_document,
    try_option,
)

TITLE = Text("What you sign")
BACK = button(Text("Back to what you sign"), "sign", args={"n": "1"})
Rows = tuple[tuple[Choice, ...], ...]


def listed(visit: Visit) -> Answer:
    """What waits to be signed, and what they signed before; the text at once where one document waits, and it alone."""
    assert visit.person is not None
    _ask_them(visit)
    mine = _mine(visit)
    waiting = [each for each in mine if each.waits]
    if len(waiting) == len(mine) == 1:
        return _shown(visit, waiting[0])
    return _list(visit, mine)


def _ask_them(visit: Visit) -> None:
    """Whoever comes to sign need not wait for the morning on which everybody is asked."""
    lay_signs(
        documents_to_sign(visit.house.shelf),
        school=visit.school,
        duties=visit.unit.duties,
        new_id=lambda _: visit.house.new_id(visit.house.machine_clock.now()),
        now=visit.now,
        person=visit.person,
    )


def _mine(visit: Visit) -> tuple[Duty, ...]:
    """Theirs, the newest first, without what was dropped."""
    assert visit.person is not None
    every = visit.unit.duties.of(Sort.SIGN)
    return tuple(each for each in every if each.person == visit.person.id and each.said is not DutyState.DROPPED)


def _list(visit: Visit, mine: tuple[Duty, ...], said: Text | None = None) -> Answer:
    blocks: list[Block] = [note(said, Tone.GOOD)] if said else []
    waiting, signed = [each for each in mine if each.waits], [each for each in mine if not each.waits]
    if waiting:
        blocks.append(Bullets(tuple(says(_waits(visit, each)) for each in waiting)))
    elif said is None:
        blocks.append(note(Text("There is nothing for you to sign now."), Tone.GOOD))
    if signed:
        blocks += [Heading((Span(Text("What you signed")),), 3), Bullets(tuple(says(_was(visit, e)) for e in signed))]
    buttons = [_opener(visit, each, Look.PRIMARY) for each in waiting]
    buttons += [_opener(visit, each, Look.PLAIN) for each in signed if _readable(visit, each)]
    return Answer(
        document=Document(TITLE, tuple(blocks)), choices=tuple((each,) for each in buttons), show=_where(visit)
    )


def _where(visit: Visit) -> Show:
    """What was typed is answered below it; a tap takes the card's place."""
    return Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE


def _opener(visit: Visit, duty: Duty, look: Look) -> Choice:
    title = visit.house.shelf.title(duty.subject)
    label = Text("{title}", {"title": title[:75]})
    if not duty.waits and not _holds(visit, duty):
        label = Text("{title}, version {version}", {"title": title[:55], "version": duty.version})
    return button(label, "sign.read", look, _at(duty))


def _waits(visit: Visit, duty: Duty) -> Text:
    values = {"title": visit.house.shelf.title(duty.subject), "day": f"{duty.due:%d/%m/%Y}"}
    if duty.due < visit.today:
        return Text("{title}: please sign, it was due by {day}", {**values})
    return Text("{title}: please sign by {day}", {**values})


def _was(visit: Visit, duty: Duty) -> Text:
    values: dict[str, str | int | Text] = {
        "title": visit.house.shelf.title(duty.subject),
        "version": duty.version,
        "day": day_of(visit, duty.said_at) if duty.said_at else "",
    }
    if duty.said_by != duty.person:
        return Text("{title}, version {version}: on paper, on {day}", values)
    return Text("{title}, version {version}: on {day}", values)


def _at(duty: Duty) -> dict[str, str]:
    return {"d": duty.id.hex}


def _meant(visit: Visit) -> Duty:
    """The duty that a button carries: one's own, and a signature. Raises NoSuchDutyError."""
    meant = id_carried(visit, "d")
    duty = visit.unit.duties.one(meant) if meant else None
    if duty is None or visit.person is None or duty.person != visit.person.id or duty.sort is not Sort.SIGN:
        raise NoSuchDutyError
    return duty


def _document(visit: Visit, duty: Duty) -> ToSign | None:
    return next((each for each in documents_to_sign(visit.house.shelf) if each.id == duty.subject), None)


def _readable(visit: Visit, duty: Duty) -> bool:
    return _holds(visit, duty) or as_signed(visit, duty) is not None


def _holds(visit: Visit, duty: Duty) -> bool:
    document = _document(visit, duty)
    return document is not None and holds_now(duty, document, school=visit.school, on=visit.today)


def opened(visit: Visit) -> Answer:
    """The text, and what comes next."""
    return _shown(visit, _meant(visit))


def _shown(visit: Visit, duty: Duty, *, changed: bool = False) -> Answer:
    document, kept = _document(visit, duty), as_signed(visit, duty) if duty.said is DutyState.DONE else None
    holds = document is not None and holds_now(duty, document, school=visit.school, on=visit.today)
    if kept is None and not holds:
        return _as_it_is_now(visit)
    page = kept or visit.house.shelf.get(duty.subject, "en").document
    head: list[Block] = [note(ChangedSinceError().text, Tone.URGENT)] if changed else []
    facts: list[tuple[Text, str | Text]] = [(Text("Version"), str(duty.version))]
    if duty.said_at and not duty.waits:
        facts.append((Text("Signed on"), day_of(visit, duty.said_at)))
    else:
        facts.append((Text("Please sign by"), f"{duty.due:%d/%m/%Y}"))
    shown = Document(page.title, (*head, Facts(tuple(facts)), *page.blocks), page.lang)
    rows = _next(visit, duty, document) if document else ()
    return Answer(document=shown, choices=(*rows, (BACK, LADDER_BESIDE)), show=_where(visit))


def _next(visit: Visit, duty: Duty, document: ToSign) -> Rows:
    """The way on from the text: the questions, the signature, or nothing where it is signed."""
    if not duty.waits:
        return ()
    if duty.right < len(questions_before(document, school=visit.school)):
        return ((button(Text("I have read it: on to the questions"), "sign.ask", Look.PRIMARY, _at(duty)),),)
    return ((_sign_it(duty, document),),)


def _sign_it(duty: Duty, document: ToSign) -> Choice:
    """It carries the mark of the text that was read: other words are not signed by it."""
    args = {**_at(duty), "h": document.mark}
    return button(Text("I have read it and will keep to it"), "sign.yes", Look.PRIMARY, args)


def _as_it_is_now(visit: Visit) -> Answer:
    """Something else holds by now: it is asked for at once, with the reason why."""
    _ask_them(visit)
    answer = _list(visit, _mine(visit))
    assert answer.document is not None
    blocks = (note(ChangedSinceError().text, Tone.URGENT), *answer.document.blocks)
    return Answer(document=Document(TITLE, blocks), choices=answer.choices, show=answer.show)


def asked(visit: Visit) -> Answer:
    """The question that comes next."""
    return _question(visit, _meant(visit))


def _question(visit: Visit, duty: Duty, said: Block | None = None) -> Answer:
    document = _document(visit, duty)
    if document is None or not holds_now(duty, document, school=visit.school, on=visit.today):
        return _as_it_is_now(visit)
    questions = questions_before(document, school=visit.school)
    if not duty.waits or duty.right >= len(questions):
        return _shown(visit, duty)
    item, before = questions[duty.right], (said,) if said else ()
    at: dict[str, str | int | Text] = {"number": duty.right + 1, "of": len(questions)}
    title = Text("Question {number} of {of}", at)
    options = tuple(
        (button(Text("{option}", {"option": option}), "sign.answer", args=_chose(duty, number)),)
        for number, option in enumerate(item.options, 1)
    )
    again = (button(Text("Read it again"), "sign.read", args=_at(duty)),)
    return Answer(
        document=Document(title, (*before, paragraph(item.ask))), choices=(*options, again), show=Show.REPLACE
    )


def _chose(duty: Duty, option: int) -> dict[str, str]:
    return {**_at(duty), "q": str(duty.right), "o": str(option)}


def answered(visit: Visit) -> Answer:
    """The reason why, and the next question, or the same again where it was another answer."""
    duty = _meant(visit)
    document = _document(visit, duty)
    args = visit.incoming.args
    number, option = args.get("q", ""), args.get("o", "")
    if document is None or not holds_now(duty, document, school=visit.school, on=visit.today):
        return _as_it_is_now(visit)
    if not (number.isdecimal() and option.isdecimal()):
        return _question(visit, duty)
    right = try_option(
        duty, document, question=int(number), option=int(option), school=visit.school, duties=visit.unit.duties
    )
    if right is None:
        return _question(visit, duty)
    why = {"why": questions_before(document, school=visit.school)[duty.right].why}
    if not right:
        return _question(visit, duty, note(Text("Not quite. {why} Please try once more.", {**why}), Tone.CALM))
    duty = _meant(visit)
    said = Text("Yes. {why}", {**why})
    if duty.right < len(questions_before(document, school=visit.school)):
        return _question(visit, duty, note(said, Tone.GOOD))
    last = paragraph(Text("Those were all the questions. If a line of the text can't work in your job, ask first."))
    rows: Rows = ((_sign_it(duty, document),), (button(Text("Read it again"), "sign.read", args=_at(duty)),))
    title = Text("{title}", {"title": document.title})
    return Answer(document=Document(title, (note(said, Tone.GOOD), last)), choices=rows, show=Show.REPLACE)


def signed(visit: Visit) -> Answer:
    """They have read it and will keep to it. Tapped twice, it is signed once."""
    assert visit.person is not None
    duty = _meant(visit)
    document = _document(visit, duty)
    if document is None or not holds_now(duty, document, school=visit.school, on=visit.today):
        return _as_it_is_now(visit)
    answered_all = duty.right >= len(questions_before(document, school=visit.school))
    if duty.waits and answered_all and visit.incoming.args.get("h") != document.mark:
        return _shown(visit, duty, changed=True)
    if duty.waits:
        try:
            sign_document(
                duty,
                document,
                person=visit.person,
                school=visit.school,
                duties=visit.unit.duties,
                editions=visit.unit.editions,
                evidence=visit.unit.evidence,
                now=visit.now,
            )
        except QuestionsFirstError as first:
            return _question(visit, duty, note(first.text, Tone.CALM))
    words = Text("Thank you. You have signed “{title}”, version {version}.", _called(document))
    return _list(visit, _mine(visit), words)


def _called(document: ToSign) -> dict[str, str | int | Text]:
    return {"title": document.title, "version": document.version}
