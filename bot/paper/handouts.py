"""What can be taken away of a lesson: slides, notes, a sheet for home, a poster. Of no pupil and no parent."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from bot.addresses import Handout
from bot.languages import own_words, owning_up
from bot.paper.printing import Look, pdf, poster_pdf
from bot.paper.slides import pptx
from curriculum import Framework
from lessons import deck, door_poster, home_sheet, lesson, teacher_notes
from pages import LessonFront, Page, Shelf
from parents import HOME
from safeguarding import Audience, help_lines
from school.school import School

# The author of a file that is made without a school.
NOBODY = "Lollipop"
BETWEEN_EM = 0.85
HOME_SIZES_PT = (18, 17, 16, 15, 14, 13, 12, 11)
# About 60 kB each.
MOST_KEPT = 200

Key = tuple[Handout, str, str, str]


@dataclass
class Handouts:
    """Makes each once for as long as its page stays as it is, and keeps the newest."""

    shelf: Shelf
    framework: Framework
    _kept: OrderedDict[Key, bytes] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def kept(self, handout: Handout, lesson_id: str, *, lang: str, school: School | None) -> bytes | None:
        """What was made before, where it is still here. Raises NoSuchLessonError."""
        page, _ = lesson(lesson_id, shelf=self.shelf, lang=lang)
        with self._lock:
            return self._kept.get(_key(handout, page, lang, school))

    def made(self, handout: Handout, lesson_id: str, *, lang: str, school: School | None, screen: str = "") -> bytes:
        """The file, with what we say in it in `lang`: up to a second. Raises NoSuchLessonError and NoPaperError.

        `screen` is the address of the lesson on the big screen of that school, for its poster.
        """
        page, front = lesson(lesson_id, shelf=self.shelf, lang=lang)
        kept = self.kept(handout, lesson_id, lang=lang, school=school)
        if kept is not None:
            return kept
        made = self._make(handout, page, front, lang=lang, school=school, screen=screen)
        with self._lock:
            self._kept[_key(handout, page, lang, school)] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made

    def _make(
        self, handout: Handout, page: Page, front: LessonFront, *, lang: str, school: School | None, screen: str
    ) -> bytes:
        name, colour = school.name if school else "", self.framework.strand(front.strand).colour
        author = name or NOBODY
        match handout:
            case Handout.SLIDES:
                return pptx(deck(page, front, framework=self.framework), lang=lang, author=author)
            case Handout.POSTER:
                # Pupils read it: all of it is in the page's language.
                return poster_pdf(door_poster(page, front), address=screen, author=author, accent=colour)
            case Handout.NOTES:
                document = teacher_notes(page, front, framework=self.framework)
                look = Look(accent=colour, between_em=BETWEEN_EM)
            case Handout.HOME:
                lines = help_lines(Audience.ADULT, school=school)
                home = own_words(self.shelf.part(page.id, HOME, lang))
                document = home_sheet(home, school=name, help_lines=lines)
                look = Look(accent=colour, sizes_pt=HOME_SIZES_PT, between_em=BETWEEN_EM)
        return pdf(owning_up(document, lang), lang=lang, author=author, look=look, words_in=document.lang)


def _key(handout: Handout, page: Page, lang: str, school: School | None) -> Key:
    return handout, page.content_hash, lang, school.id if school else ""
