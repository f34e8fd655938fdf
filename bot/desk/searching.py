"""Before pupils search freely: what adults watch for, and one tap afterwards that says so. The watching is people's."""

from bot.desk.visit import Visit, button, says_only
from bot.wire import Answer, Choice, Show
from pages import Block, Bullets, Document, Tone, note, paragraph, says
from school.evidence import Evidence
from school.people import SchoolClass
from school.words import Text

CLAUSE, WATCHED = "C13", "watching.done"
TITLE = Text("Before pupils search freely")
ONLINE = Text("Pupils are online in this lesson. Walk round and see every screen, most of all when they search freely.")
SEARCH = Text(
    "For free searches use the child-safe search that your filter keeps on, and try the words yourself first."
)
LOOK_OUT = (
    Text("Screens face where an adult can see them, and somebody walks round the whole time"),
    SEARCH,
    Text("Every helper knows what to do if something turns up: cover it, stay calm, /found"),
)
DID = Text("We searched freely and adults watched")
# Whoever searches in another lesson than one of ours.
ANY_LESSON = "any-lesson"
# So many of the newest are looked through for a second tap of the same day.
NEWEST = 50


def card(visit: Visit) -> Answer:
    """`/lollipop searching`: for any lesson, in any subject."""
    _remind(visit, ANY_LESSON)
    blocks: tuple[Block, ...] = (
        paragraph(Text("A filter doesn't see everything, so adults do.")),
        Bullets(tuple(says(each) for each in LOOK_OUT)),
    )
    return Answer(document=Document(TITLE, blocks), choices=((watched_button(ANY_LESSON),),))


def watched_button(lesson: str, klass: SchoolClass | None = None) -> Choice:
    """The one tap, of a lesson and a class where it is one of ours."""
    return button(DID, "searching.done", args={"l": lesson, **({"c": klass.id} if klass else {})})


def before_lesson(
    visit: Visit, klass: SchoolClass, lesson: str, *, online: bool, searches: bool
) -> tuple[tuple[Block, ...], tuple[tuple[Choice, ...], ...]]:
    """What a lesson's card says where pupils are `online` in it, or search freely; and the tap. Else nothing."""
    if not online and not searches:
        return (), ()
    _remind(visit, lesson)
    words = (note(ONLINE, Tone.CALM), *((paragraph(SEARCH),) if searches else ()))
    return words, ((watched_button(lesson, klass),),)


def watched(visit: Visit) -> Answer:
    """Adults watched: kept once for a day, an adult, a class and a lesson."""
    args = visit.incoming.args
    lesson = args.get("l", ANY_LESSON)
    what = ", ".join(filter(None, (lesson, visit.school.class_named(args["c"]).name if args.get("c") else "")))
    if _told_today(visit, what):
        return _said(Text("It is written down already for today. Thank you."))
    visit.unit.evidence.write(Evidence(clause="C13", kind="watching.done", when=visit.now, what=what, by=_who(visit)))
    return _said(
        Text("Thank you. It is written down. If something turned up, /found says what to do and whom to tell.")
    )


def _said(words: Text) -> Answer:
    return says_only(words, title=TITLE, tone=Tone.GOOD, show=Show.REPLY)


def _told_today(visit: Visit, what: str) -> bool:
    newest = visit.unit.evidence.trails(limit=NEWEST, clause=CLAUSE).get(CLAUSE, ())
    today = (each for each in newest if visit.school.calendar.today(each.when) == visit.today)
    return any((each.kind, each.what, each.by) == (WATCHED, what, _who(visit)) for each in today)


def _remind(visit: Visit, what: str) -> None:
    """That somebody was reminded, beside the clause: it is no watching."""
    visit.unit.evidence.write(
        Evidence(clause="C13", kind="watching.reminded", when=visit.now, what=what, by=_who(visit))
    )


def _who(visit: Visit) -> str:
    return visit.person.id if visit.person else ""
