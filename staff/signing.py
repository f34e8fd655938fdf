"""Signatures: which documents each adult in school signs this year, the questions that come first, and who has signed.

Each is a duty of the sort SIGN: once a school year, and again when the page has a new version.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID

from curriculum import Edition, EditionStore, edition_of
from pages import AgreementFront, QuizItem, Shelf, Signers
from school.evidence import Evidence, EvidenceBook
from school.people import Person, Role
from school.school import School, SignRule
from school.words import Refusal, Text
from staff.checks import Rhythm, last_day, period_of
from staff.duties import MINDERS, DoneAlreadyError, Duty, DutyState, DutyStore, NoSuchDutyError, Sort

# School days to sign in, from the day on which somebody is first asked.
WITHIN = 10
# What the first signature of somebody new is evidence for, beside the document's own clauses.
INDUCTION = "C23"
NOON = time(12)
_ORDER = tuple(Signers)


class ChangedSinceError(Refusal):
    """What they read is not what holds now, or not this year's."""

    text = Text("This has changed since you opened it. Please read it as it is now, and sign that.")


class QuestionsFirstError(Refusal):
    """Not every question is answered yet."""

    text = Text("There are questions to answer before you sign. They take two minutes.")


class PaperDayError(Refusal):
    """A day on which nobody can have signed this."""

    text = Text("Write the day that stands on the paper, from {first} to today, such as {today}. Nothing was kept.")


class OwnPaperError(Refusal):
    """Somebody would vouch for themselves."""

    text = Text("Your own signature is yours to give: type /lollipop sign, or ask a colleague who minds the roll.")


@dataclass(frozen=True, kw_only=True)
class ToSign:
    """A document as it stands now. `words` are its text, which is kept once somebody signs it."""

    id: str
    title: str
    version: int
    words: Edition
    signers: Signers
    clauses: tuple[str, ...]
    quiz: tuple[QuizItem, ...]

    @property
    def mark(self) -> str:
        """The beginning of the text's hash: it says in the evidence which words were signed."""
        return self.words.content_hash[:12]


@dataclass(frozen=True, kw_only=True)
class SignLine:
    """One person on a roll: their duty for the version that holds now, None before they are asked.

    `earlier` is the newest version that they signed before it this school year.
    """

    person: Person
    duty: Duty | None = None
    earlier: Duty | None = None

    @property
    def signed(self) -> datetime | None:
        """When, if they have."""
        return self.duty.said_at if self.duty is not None and self.duty.said is DutyState.DONE else None

    @property
    def on_paper(self) -> bool:
        """Whether somebody else wrote down that they signed."""
        return self.duty is not None and self.signed is not None and self.duty.said_by != self.person.id


@dataclass(frozen=True, kw_only=True)
class SignSheet:
    """A document's roll: everybody who is to sign it, by name."""

    document: ToSign
    lines: tuple[SignLine, ...]

    @property
    def waiting(self) -> tuple[SignLine, ...]:
        """Who has not signed what holds now."""
        return tuple(each for each in self.lines if each.signed is None)


def documents_to_sign(shelf: Shelf) -> tuple[ToSign, ...]:
    """Every document that somebody signs, those for staff first."""
    found = []
    for page in shelf.all(kind="agreement", lang="en"):
        front = page.front
        assert isinstance(front, AgreementFront)
        found.append(
            ToSign(
                id=page.id,
                title=front.title,
                version=page.version,
                words=edition_of(page),
                signers=front.signers,
                clauses=front.clauses,
                quiz=front.quiz,
            )
        )
    return tuple(sorted(found, key=lambda each: (_ORDER.index(each.signers), each.id)))


def signers_of(document: ToSign, *, school: School) -> tuple[Person, ...]:
    """Who is to sign it, in the order of the school file: the school's own choice of roles, or whom it is for."""
    roles = school.agreements.get(document.id, SignRule()).roles
    if roles is not None:
        return tuple(person for person in school.people if person.holds(*roles))
    match document.signers:
        case Signers.STAFF:
            return tuple(person for person in school.people if person.on_staff)
        case Signers.VOLUNTEERS:
            return school.holders(Role.VOLUNTEER)
        case Signers.GOVERNORS:
            return tuple(each for each in school.people if each.holds(Role.GOVERNOR, Role.CHAIR_OF_GOVERNORS))


def questions_before(document: ToSign, *, school: School) -> tuple[QuizItem, ...]:
    """What is asked before the signature; nothing where the school has switched that off."""
    return document.quiz if school.agreements.get(document.id, SignRule()).quiz else ()


def signing_year(school: School, *, on: date) -> str:
    """The period of a signature: the year in which the school year began."""
    period = period_of(Rhythm.YEARLY, on=on, calendar=school.calendar)
    assert period is not None
    return period.id


def lay_signs(
    documents: Sequence[ToSign],
    *,
    school: School,
    duties: DutyStore,
    new_id: Callable[[datetime], UUID],
    now: datetime,
    person: Person | None = None,
) -> int:
    """Ask everybody, or one person, for what they have not signed this year as it stands; how many are asked anew.

    What waits for an earlier version, an earlier year or for nobody who has to sign any more is dropped. Everybody is
    asked on days with staff, INSET too; one person on any day, for they have come to sign. The caller commits.
    """
    on = school.calendar.today(now)
    if person is None and not school.calendar.is_term_day(on):
        return 0
    year, due = signing_year(school, on=on), last_day(WITHIN, on=on, calendar=school.calendar)
    wanted = {
        (document.id, document.version, year, each.id)
        for document in documents
        for each in signers_of(document, school=school)
        if person is None or each.id == person.id
    }
    for duty in duties.waiting(person=person.id if person else None):
        if duty.sort is Sort.SIGN and _key(duty) not in wanted:
            duties.answer(duty.id, said=DutyState.DROPPED, by="", note="", now=now)
    known = {_key(duty) for duty in duties.of(Sort.SIGN) if duty.said is not DutyState.DROPPED}
    asked = 0
    for subject, version, period, who in sorted(wanted - known):
        duty = Duty(
            id=new_id(now),
            sort=Sort.SIGN,
            subject=subject,
            version=version,
            period=period,
            person=who,
            laid=now,
            due=due,
        )
        asked += duties.lay(duty)
    return asked


def _key(duty: Duty) -> tuple[str, int, str, str]:
    return duty.subject, duty.version, duty.period, duty.person


def try_option(
    duty: Duty, document: ToSign, *, question: int, option: int, school: School, duties: DutyStore
) -> bool | None:
    """Whether an option, from 1, was the right one; None where another question is asked by now. The caller commits.

    Nothing is kept of a wrong answer. `right` of the duty is how many questions are answered.
    """
    asked = questions_before(document, school=school)
    if not duty.waits or question != duty.right or question >= len(asked):
        return None
    if option != asked[question].answer:
        return False
    duties.move(duty.id, was=duty.step, step=duty.step, right=question + 1)
    return True


def sign_document(
    duty: Duty,
    document: ToSign,
    *,
    person: Person,
    school: School,
    duties: DutyStore,
    editions: EditionStore,
    evidence: EvidenceBook,
    now: datetime,
) -> Duty:
    """They have read it and will keep to it; the duty as it is now. The caller commits.

    Nobody signs for somebody else. Raises NoSuchDutyError, ChangedSinceError, QuestionsFirstError, DoneAlreadyError.
    """
    if duty.person != person.id or duty.sort is not Sort.SIGN:
        raise NoSuchDutyError
    if not duty.waits and duty.said is not DutyState.DROPPED:
        raise DoneAlreadyError
    if not holds_now(duty, document, school=school, on=school.calendar.today(now)):
        raise ChangedSinceError
    if duty.right < len(questions_before(document, school=school)):
        raise QuestionsFirstError
    return _signed(
        duty,
        document,
        by=person,
        at=now,
        how="signed",
        school=school,
        duties=duties,
        editions=editions,
        evidence=evidence,
    )


def sign_on_paper(
    duty: Duty,
    document: ToSign,
    *,
    day: date,
    by: Person,
    school: School,
    duties: DutyStore,
    editions: EditionStore,
    evidence: EvidenceBook,
    now: datetime,
) -> Duty:
    """Whoever minds the roll holds a sheet that somebody signed on a day; the duty as it is now. The caller commits.

    Raises NoSuchDutyError, OwnPaperError, ChangedSinceError, PaperDayError, DoneAlreadyError.
    """
    today = school.calendar.today(now)
    first = _first_day(duty, school=school, duties=duties, on=today)
    if duty.sort is not Sort.SIGN or not by.holds(*MINDERS):
        raise NoSuchDutyError
    if duty.person == by.id:
        raise OwnPaperError
    if duty.said is DutyState.DROPPED or not holds_now(duty, document, school=school, on=today):
        raise ChangedSinceError
    if not first <= day <= today:
        raise PaperDayError(first=f"{first:%d/%m/%Y}", today=f"{today:%d/%m/%Y}")
    at, how = min(school.calendar.at(day, NOON), now), "signed on paper"
    return _signed(
        duty, document, by=by, at=at, how=how, school=school, duties=duties, editions=editions, evidence=evidence
    )


def _first_day(duty: Duty, *, school: School, duties: DutyStore, on: date) -> date:
    """The first on which a paper can have been signed: of this school year, or since this version took another's place.

    Nobody knows when a year's first version was written, but when a later one was first asked for.
    """
    began = school.calendar.year_began(on)
    this_year = [each for each in duties.of(Sort.SIGN, subject=duty.subject) if each.period == duty.period]
    if all(each.version >= duty.version for each in this_year):
        return began
    same = (school.calendar.today(each.laid) for each in this_year if each.version == duty.version)
    return max(began, min(same, default=began))


def holds_now(duty: Duty, document: ToSign, *, school: School, on: date) -> bool:
    """Whether a duty is for the document as it stands and for this school year, and is not dropped."""
    same = (duty.subject, duty.version, duty.period) == (document.id, document.version, signing_year(school, on=on))
    return same and duty.said is not DutyState.DROPPED


def _signed(
    duty: Duty,
    document: ToSign,
    *,
    by: Person,
    at: datetime,
    how: str,
    school: School,
    duties: DutyStore,
    editions: EditionStore,
    evidence: EvidenceBook,
) -> Duty:
    if not duties.answer(duty.id, said=DutyState.DONE, by=by.id, note=document.mark, now=at):
        raise DoneAlreadyError
    editions.keep(document.words)
    what = f"{document.id} version {document.version} (text {document.mark}), {duty.period}: {how}"
    is_new = _is_joiner(duty, duties.of(Sort.SIGN, subject=duty.subject), school=school)
    for clause in (*document.clauses, *([INDUCTION] if is_new else [])):
        evidence.write(Evidence(clause=clause, kind="sign.done", when=at, what=what, by=by.id))
    return replace(duty, said=DutyState.DONE, said_at=at, said_by=by.id, note=document.mark)


def words_signed(duty: Duty, *, editions: EditionStore) -> Edition | None:
    """The text that a signature stands under; None where it was not kept, as none was at first.

    The note of a signature is the mark of its text. Where none stands there, it is the one text of that version.
    """
    kept = [each for each in editions.of_page(duty.subject) if each.version == duty.version]
    found = [each for each in kept if each.content_hash.startswith(duty.note)]
    return found[0] if len(found) == 1 else None


def _is_joiner(duty: Duty, everybody: Iterable[Duty], *, school: School) -> bool:
    """Whether somebody is asked for a document for the first time, and others were asked on an earlier day."""
    others = [each for each in everybody if each.id != duty.id]
    first = school.calendar.today(duty.laid)
    return all(each.person != duty.person for each in others) and any(
        school.calendar.today(each.laid) < first for each in others
    )


def sheets_to_sign(
    documents: Sequence[ToSign], *, school: School, duties: DutyStore, on: date
) -> tuple[SignSheet, ...]:
    """The roll of each document that anybody signs, this school year."""
    year = signing_year(school, on=on)
    theirs = {_key(duty): duty for duty in duties.of(Sort.SIGN) if duty.said is not DutyState.DROPPED}
    sheets = []
    for document in documents:
        lines = (
            SignLine(
                person=person,
                duty=theirs.get((document.id, document.version, year, person.id)),
                earlier=next(_earlier(theirs, document, year, person), None),
            )
            for person in sorted(signers_of(document, school=school), key=lambda each: (each.name.casefold(), each.id))
        )
        if found := tuple(lines):
            sheets.append(SignSheet(document=document, lines=found))
    return tuple(sheets)


def _earlier(
    theirs: dict[tuple[str, int, str, str], Duty], document: ToSign, year: str, person: Person
) -> Iterator[Duty]:
    """Signed versions before the one that holds now, the newest first."""
    for version in range(document.version - 1, 0, -1):
        duty = theirs.get((document.id, version, year, person.id))
        if duty is not None and duty.said is DutyState.DONE:
            yield duty
