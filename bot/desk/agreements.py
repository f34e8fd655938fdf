"""A class's agreement: its words, how to read it aloud, and the sign roll, which names no child."""

from bot.desk.classes import class_meant, lesson_meant, stands
from bot.desk.visit import Visit, button
from bot.wire import Answer, Choice, Form, FormField, Kind, Look, Show
from lessons import NAMES, agreement_page, last_signed, names_from, sign, signed_said
from pages import Document, Note, Page, Tone, note, paragraph
from school.people import SchoolClass
from school.words import Text

READ_ALOUD = "aua-lesson"


def agreement(visit: Visit) -> Answer:
    """The agreement of a class's age, when it was signed, how to read it aloud, and where to say that it is signed."""
    klass = class_meant(visit) if _names_a_class(visit) else None
    if klass is None:
        words = Text("Say whose, for example: /lollipop agreement {name}", {"name": visit.school.classes[0].name})
        return Answer(document=Document(Text("The class's agreement"), (paragraph(words),)))
    page = _agreement_for(visit, klass)
    row = (button(Text("How to read it aloud"), "agreement.read", args=_at(klass, page)), _sign_it(klass, page))
    document = page.document
    card = Document(document.title, (_roll(visit, klass, page), *document.blocks), document.lang)
    show = Show.REPLACE if "again" in visit.incoming.args else Show.REPLY
    return Answer(document=card, choices=(row,), show=show)


def read_aloud(visit: Visit) -> Answer:
    """The fifteen minutes in which a class hears its agreement and signs it."""
    klass, *_ = lesson_meant(visit)
    page, how = _agreement_for(visit, klass), visit.house.shelf.get(READ_ALOUD, "en").document
    row = (_sign_it(klass, page), _back(klass))
    card = Document(how.title, (_roll(visit, klass, page), *how.blocks), how.lang)
    return Answer(document=card, choices=(row,), show=Show.REPLACE)


def sign_form(visit: Visit) -> Answer:
    """How many names are on the sheet."""
    klass, *_ = lesson_meant(visit)
    page = _agreement_for(visit, klass)
    count = FormField(
        name="names",
        label=NAMES,
        kind=Kind.NUMBER,
        optional=True,
        hint=Text("Names, drawings, thumbs and dots all count. Leave it empty if you did not count."),
    )
    form = Form(
        title=Text("Signed: {name}", {"name": klass.name}),
        submit=Text("Keep"),
        verb="agreement.signed",
        args=_at(klass, page),
        fields=(count,),
        intro=Document(
            page.front.title, (paragraph(Text("No child's name is kept here: only the day and how many.")),)
        ),
    )
    return Answer(form=form, show=Show.FORM)


def signed(visit: Visit) -> Answer:
    """The class has signed: which version, on which day, and how many. No child is named."""
    klass, *_ = lesson_meant(visit)
    page = _agreement_for(visit, klass)
    sign(
        page,
        klass=klass,
        names=names_from(visit.incoming.args.get("names", "")),
        taught=stands(visit, klass).this_year,
        by=visit.person.id if visit.person else "",
        progress=visit.unit.progress,
        editions=visit.unit.editions,
        evidence=visit.unit.evidence,
        calendar=visit.school.calendar,
        now=visit.now,
    )
    words = Text("{name} has signed its agreement. Put the sheet where the class can see it.", {"name": klass.name})
    document = Document(page.front.title, (note(words, Tone.GOOD), _roll(visit, klass, page)))
    return Answer(document=document, choices=((_back(klass),),), show=Show.REPLACE, buttons_spent=True)


def _roll(visit: Visit, klass: SchoolClass, page: Page) -> Note:
    entry = last_signed(stands(visit, klass).this_year)
    said = signed_said(entry, page, class_name=klass.name, calendar=visit.school.calendar)
    return note(said, Tone.PLAIN)


def _sign_it(klass: SchoolClass, page: Page) -> Choice:
    words = Text("{name} has signed", {"name": klass.name})
    return button(words, "agreement.sign", Look.PRIMARY, _at(klass, page))


def _back(klass: SchoolClass) -> Choice:
    return button(Text("Back to the agreement"), "agreement", args={"class": klass.id, "again": "1"})


def _at(klass: SchoolClass, page: Page) -> dict[str, str]:
    return {"c": klass.id, "l": page.id, "t": "0"}


def _names_a_class(visit: Visit) -> bool:
    return bool(visit.incoming.args.get("class") or (visit.person and len(visit.person.classes) == 1))


def _agreement_for(visit: Visit, klass: SchoolClass) -> Page:
    return visit.house.shelf.get(agreement_page(klass), "en")
