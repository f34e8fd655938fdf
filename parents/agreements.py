"""Agreements sent home and photo consent: what waits for an adult, what was answered, and what the school may do.

Answers are a log that is only added to, by the school's own code of a pupil and the number of an adult. What the school
may do comes from all adults; what an adult is shown comes from that adult alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from curriculum import EditionStore, edition_of
from lessons import agreement_page
from pages import Shelf
from parents.children import Child, ChildStore, FamilyCode, NoSuchPupilError
from parents.families import Family, FamilyState
from school.evidence import Evidence, EvidenceBook
from school.people import SchoolClass
from school.words import Refusal, Text

# What the office asks by name; the pupils' own agreement is the page of the class's age.
PUPIL, PARENT, PHOTOS = "pupil-agreement", "parent-agreement", "photo-consent"
SHEETS = (PUPIL, PARENT, PHOTOS)
CLAUSES: Mapping[str, str] = {PUPIL: "C69", PARENT: "C47", PHOTOS: "C52"}


class Use(StrEnum):
    """What a photo may be for. Each is asked by itself."""

    SCHOOL = "school"
    WEB = "web"
    MEDIA = "media"


class Said(StrEnum):
    """What became of a page with an adult."""

    SHOWN = "shown"
    AGREED = "agreed"
    YES = "yes"
    NO = "no"


class NotYoursError(Refusal):
    """A child that this chat may not answer for, or not any more; which of them is not said."""

    text = Text(
        "We can't take that answer here. Send /agree to see what waits for you, or ask the school office: paper is "
        "always fine.",
    )


class NothingAskedYetError(Refusal):
    """A page that nobody has asked about."""

    text = Text("There is no such page: {name}. There are: {known}")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One page as it stands now. `name` is what the office calls it."""

    name: str
    page: str
    version: int

    @property
    def uses(self) -> tuple[str, ...]:
        """What is answered one by one; a page without such is answered as a whole."""
        return tuple(Use) if self.name == PHOTOS else ("",)


@dataclass(frozen=True, kw_only=True)
class AdultAnswer:
    """One line of the log. `use` is empty for an agreement; `family` is None for paper, or once a family was erased."""

    id: UUID
    pupil: str
    adult: int
    page: str
    use: str
    said: Said
    version: int
    lang: str
    source: str
    when: datetime
    family: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Asking:
    """The office asked a class. `pages` are names with versions; `stage` is how many notices have been planned."""

    id: str
    class_id: str
    pages: tuple[str, ...]
    opened: datetime
    stage: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Without the versions."""
        return tuple(each.partition("@")[0] for each in self.pages)


class AnswerStore(Protocol):
    """What adults of one school answered, and what they were asked."""

    def add(self, answer: AdultAnswer) -> None:
        """Add to the log."""

    def of_pupils(self, pupils: Collection[str]) -> tuple[AdultAnswer, ...]:
        """All about them, oldest first."""

    def of_family(self, family_id: UUID) -> tuple[AdultAnswer, ...]:
        """All that a chat said, oldest first."""

    def drop(self, pupil: str) -> int:
        """Forget all about a pupil; how many lines."""

    def ask(self, asking: Asking) -> bool:
        """Keep that a class is asked; False where the same was asked already."""

    def asked(self, class_id: str = "") -> tuple[Asking, ...]:
        """What a class was asked, or every class; oldest first."""

    def go_on(self, asking_id: str, *, stage: int) -> None:
        """So many notices have been planned."""


def sheets_of(klass: SchoolClass | None, names: Iterable[str], *, shelf: Shelf) -> tuple[Sheet, ...]:
    """The pages behind names, as they stand now, in the order in which we ask. Raises NothingAskedYetError."""
    wanted = set(names)
    for name in wanted - set(SHEETS):
        raise NothingAskedYetError(name=name, known=", ".join(SHEETS))
    pages = {name: agreement_page(klass) if name == PUPIL and klass else name for name in SHEETS}
    return tuple(
        Sheet(name=name, page=pages[name], version=shelf.get(pages[name], "en").version)
        for name in SHEETS
        if name in wanted and (name != PUPIL or klass is not None)
    )


def asked_of(klass: SchoolClass | None, *, answers: AnswerStore, shelf: Shelf) -> tuple[Sheet, ...]:
    """What a class has been asked so far."""
    if klass is None:
        return ()
    names = {name for asking in answers.asked(klass.id) for name in asking.names}
    return sheets_of(klass, names, shelf=shelf)


def heard(codes: Iterable[FamilyCode], *, answers: AnswerStore) -> tuple[AdultAnswer, ...]:
    """The log of these letters' pupils, oldest first, without what ended when the office took a letter back.

    `codes` are all letters of each adult, in the order in which they were made. A new phone's letter is made in the
    step that ends the one before, and what was said goes on; whoever is given a letter later than that begins anew, for
    it may be somebody else.
    """
    since: dict[tuple[str, int], datetime] = {}
    ended: dict[tuple[str, int], datetime | None] = {}
    pupils = []
    for each in codes:
        whose = (each.pupil, each.adult)
        pupils.append(each.pupil)
        before = ended.get(whose)
        if before is not None and before < each.made:
            since[whose] = each.made
        ended[whose] = each.withdrawn
    log = answers.of_pupils(frozenset(pupils))
    return tuple(each for each in log if (begun := since.get((each.pupil, each.adult))) is None or each.when >= begun)


def last_said(log: Iterable[AdultAnswer], *, pupil: str, adult: int, page: str, use: str = "") -> AdultAnswer | None:
    """The newest answer of one adult; that a page was shown is none."""
    theirs = [
        each
        for each in log
        if (each.pupil, each.adult, each.page, each.use) == (pupil, adult, page, use) and each.said is not Said.SHOWN
    ]
    return theirs[-1] if theirs else None


def still_open(sheet: Sheet, log: Sequence[AdultAnswer], *, pupil: str, adult: int) -> bool:
    """Whether one adult has something of a page left to answer in the version that holds now."""
    for use in sheet.uses:
        last = last_said(log, pupil=pupil, adult=adult, page=sheet.page, use=use)
        if last is None or last.version != sheet.version:
            return True
    return False


def adult_of(family: Family, pupil: str, *, children: ChildStore) -> FamilyCode:
    """By which letter this chat answers for a child. Raises NotYoursError."""
    theirs = children.of_family(family.id) if family.state is FamilyState.ACTIVE else ()
    found = next((each for each in theirs if each.binds and each.pupil == pupil), None)
    if found is None:
        raise NotYoursError
    return found


def note_answer(
    sheet: Sheet,
    said: Said,
    *,
    code: FamilyCode,
    use: str = "",
    lang: str,
    source: str,
    answer_id: UUID,
    shelf: Shelf,
    children: ChildStore,
    answers: AnswerStore,
    editions: EditionStore,
    evidence: EvidenceBook,
    now: datetime,
) -> bool:
    """Add an answer to the log; False where it would say the same again, as a second tap does. The caller commits.

    The words that were answered are kept, in the language in which they were read, and in English, which holds.
    """
    read = shelf.get(sheet.page, lang)
    lang, log = read.lang, heard(children.of_pupil(code.pupil), answers=answers)
    if _says_again(log, sheet, said, code=code, use=use, lang=lang):
        return False
    answers.add(
        AdultAnswer(
            id=answer_id,
            pupil=code.pupil,
            adult=code.adult,
            page=sheet.page,
            use=use,
            said=said,
            version=sheet.version,
            lang=lang,
            source=source,
            when=now,
            family=code.family if source != "paper" else None,
        ),
    )
    if said is not Said.SHOWN:
        for page in (read, shelf.get(sheet.page, "en")):
            editions.keep(edition_of(page))
        what = f"{sheet.page} version {sheet.version}: an adult answered ({source})"
        evidence.write(Evidence(clause=CLAUSES[sheet.name], kind="family.answered", when=now, what=what))
    return True


def _says_again(log: Sequence[AdultAnswer], sheet: Sheet, said: Said, *, code: FamilyCode, use: str, lang: str) -> bool:
    if said is Said.SHOWN:
        seen = (code.pupil, code.adult, sheet.page, sheet.version, lang, Said.SHOWN)
        return any((each.pupil, each.adult, each.page, each.version, each.lang, each.said) == seen for each in log)
    last = last_said(log, pupil=code.pupil, adult=code.adult, page=sheet.page, use=use)
    return last is not None and (last.said, last.version) == (said, sheet.version)


def paper_code(pupil: str, adult: int, *, children: ChildStore) -> FamilyCode:
    """The adult whose paper the office has in hand. Raises NoSuchPupilError."""
    found = [each for each in children.of_pupil(pupil) if each.adult == adult and each.withdrawn is None]
    if not found:
        raise NoSuchPupilError(pupil=pupil, adult=adult)
    return found[-1]


def whose_word_counts(codes: Iterable[FamilyCode]) -> frozenset[tuple[str, int]]:
    """Adults, by pupil and number, whom the office has not taken back. Whoever left the chat still counts."""
    return frozenset((each.pupil, each.adult) for each in codes if each.withdrawn is None)


def pictured(
    pupil: str, *, log: Iterable[AdultAnswer], counts: Collection[tuple[str, int]], version: int
) -> Mapping[Use, Said | None]:
    """What a photo of a child may be for: YES, NO, or None where nobody has said. Only YES is a yes.

    The newest word of each adult whose word counts: any NO wins, in whatever version it was said; a YES is to the words
    that were read, and ends with them.
    """
    newest: dict[tuple[str, int], AdultAnswer] = {}
    for each in log:
        if (
            each.page == PHOTOS
            and each.pupil == pupil
            and (pupil, each.adult) in counts
            and each.said is not Said.SHOWN
        ):
            newest[each.use, each.adult] = each
    found: dict[Use, Said | None] = {}
    for use in Use:
        said = [each for (about, _), each in newest.items() if about == use]
        if any(each.said is Said.NO for each in said):
            found[use] = Said.NO
        else:
            is_yes = any(each.said is Said.YES and each.version == version for each in said)
            found[use] = Said.YES if is_yes else None
    return found


def take_back_photos(
    family: Family, *, children: ChildStore, answers: AnswerStore, ids: Iterable[UUID], now: datetime
) -> None:
    """What an adult allowed ends before the adult is forgotten. Their NO stays: it protects the child."""
    fresh = iter(ids)
    for code in (each for each in children.of_family(family.id) if each.withdrawn is None):
        log = heard(children.of_pupil(code.pupil), answers=answers)
        for use in Use:
            last = last_said(log, pupil=code.pupil, adult=code.adult, page=PHOTOS, use=use)
            if last is not None and last.said is Said.YES:
                answers.add(_taken_back(last, answer_id=next(fresh), now=now))


def _taken_back(last: AdultAnswer, *, answer_id: UUID, now: datetime) -> AdultAnswer:
    return AdultAnswer(
        id=answer_id,
        pupil=last.pupil,
        adult=last.adult,
        page=last.page,
        use=last.use,
        said=Said.NO,
        version=last.version,
        lang=last.lang,
        source="erased",
        when=now,
    )


def open_for(child: Child, sheets: Iterable[Sheet], log: Sequence[AdultAnswer], *, adult: int) -> tuple[Sheet, ...]:
    """What waits for one adult about one child."""
    return tuple(each for each in sheets if still_open(each, log, pupil=child.pupil, adult=adult))
