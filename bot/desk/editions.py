"""Which text of a lesson a class has: the one it began, even where the library has another by now."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.desk.classes import big_screen
from bot.desk.visit import Visit, button
from bot.wire import Choice
from curriculum import Begun, Outcome, Standing, edition_of
from lessons import NoSuchLessonError, lesson
from pages import Document, LessonFront, Note, Page, Span, page_of
from school.people import SchoolClass
from school.words import Text

GOES_ON = Text("{name} began version {version} of this lesson and goes on with it. There is a newer one.")
NOT_ON_SCREEN = Text("The big screen and the files show the newer one, so they are not offered here.")
_IN_IT = frozenset({Outcome.TAUGHT, Outcome.PARTLY})


@dataclass(frozen=True, kw_only=True)
class InHand:
    """A lesson as a class has it. `newer` says that the library's text is another by now."""

    page: Page
    front: LessonFront
    newer: bool


def in_hand(visit: Visit, klass: SchoolClass, lesson_id: str) -> InHand:
    """As the class began it; as the library has it where it did not. Raises NoSuchLessonError."""
    return _as(visit, lesson_id, _begun(visit, klass, lesson_id))


def begin(visit: Visit, klass: SchoolClass, lesson_id: str) -> InHand:
    """The same, which the class goes on with from now on. Raises NoSuchLessonError."""
    had = _begun(visit, klass, lesson_id)
    found = _as(visit, lesson_id, had)
    if found.page.content_hash != had:
        _keep(visit, klass, found.page)
    return found


def change(visit: Visit, klass: SchoolClass, lesson_id: str) -> None:
    """The class takes the library's text from now on. Raises NoSuchLessonError."""
    page, _ = lesson(lesson_id, shelf=visit.house.shelf)
    _keep(visit, klass, page)


def put_away(visit: Visit, klass: SchoolClass, lesson_id: str, *, outcome: Outcome, now: Standing) -> None:
    """After a mark: taught is over, and so is what was put off before any of it was taught. `now` is from before."""
    begun = [each.outcome for each in now.this_year if each.lesson == lesson_id and each.outcome in _IN_IT]
    part_way = bool(begun) and begun[-1] is Outcome.PARTLY
    if outcome is Outcome.TAUGHT or (outcome is Outcome.NOT_TODAY and not part_way):
        visit.unit.editions.over(klass.id, lesson_id)


def as_taught(visit: Visit, lesson_id: str, now: Standing) -> InHand:
    """As it was taught to the class last: those are the questions to be asked again. Raises NoSuchLessonError."""
    had = [
        each.content_hash
        for each in (*now.before, *now.this_year)
        if each.lesson == lesson_id and each.outcome is Outcome.TAUGHT
    ]
    return _as(visit, lesson_id, had[-1] if had else "")


def offer(held: InHand, klass: SchoolClass, at: Mapping[str, str]) -> tuple[Document, tuple[tuple[Choice, ...], ...]]:
    """Where there is a newer text: that the class goes on with its own, and one tap to change; else nothing."""
    if not held.newer:
        return Document(""), ()
    goes_on = Text(GOES_ON.msgid, {"name": klass.name, "version": held.page.version})
    said = (Span(goes_on), Span(" "), Span(NOT_ON_SCREEN))
    return Document("", (Note(said),)), ((button(Text("Change to the newer one"), "lesson.newer", args=at),),)


def on_screen(visit: Visit, held: InHand) -> tuple[tuple[Choice, ...], ...]:
    """A way to what pupils see, in a row of its own; none where the school has no web address.

    Nor where the class has another text in hand than the pages show: questions and hands would not match.
    """
    return () if held.newer else big_screen(visit, held.page.id)


def _begun(visit: Visit, klass: SchoolClass, lesson_id: str) -> str:
    """The hash of what the class has in hand, else empty. What the room's children of last year left is not theirs."""
    found = visit.unit.editions.begun(klass.id, lesson_id)
    calendar = visit.school.calendar
    if found is None or calendar.today(found.when) < calendar.year_began(visit.today):
        return ""
    return found.content_hash


def _keep(visit: Visit, klass: SchoolClass, page: Page) -> None:
    begun = Begun(class_id=klass.id, lesson=page.id, content_hash=page.content_hash, when=visit.now)
    visit.unit.editions.begin(begun, edition_of(page))


def _as(visit: Visit, lesson_id: str, content_hash: str) -> InHand:
    """By its hash; as the library has it where there is no hash, or a form that this Lollipop can't read any more."""
    try:
        page, front = lesson(lesson_id, shelf=visit.house.shelf)
    except NoSuchLessonError:
        if (kept := _kept(visit, content_hash)) is None:
            raise
        return InHand(page=kept[0], front=kept[1], newer=False)
    if page.content_hash == content_hash or (kept := _kept(visit, content_hash)) is None:
        return InHand(page=page, front=front, newer=False)
    return InHand(page=kept[0], front=kept[1], newer=True)


def _kept(visit: Visit, content_hash: str) -> tuple[Page, LessonFront] | None:
    found = visit.unit.editions.edition(content_hash) if content_hash else None
    page = page_of(found.text, lang=found.lang) if found else None
    return (page, page.front) if page and isinstance(page.front, LessonFront) else None
