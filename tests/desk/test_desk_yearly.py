"""The yearly report: what a head sends to governors says how much was done, and nothing of anybody."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from babel.messages.extract import extract_from_dir

from bot.desk import year_words, yearly
from bot.desk.year_book import as_long, so_far, year_book, year_from
from pages import Heading, inlines, plain, plain_text
from parents import SMALLEST_SHOWN
from school.events import EventKind, SchoolEvent
from school.evidence import Evidence
from school.words import Text
from staff import Duty, DutyState, Sort, policy_of, weigh
from tests.desk.conftest import NOW

DAY = timedelta(days=1)
YEAR_AGO = 370


def note(desk, clause, kind, *, days=1, times=1):
    with desk.product.house.units.write("oakfield") as unit:
        for _ in range(times):
            unit.evidence.write(Evidence(clause=clause, kind=kind, when=NOW - days * DAY, what="", by="amara"))
        unit.commit()


def asked_of(desk, sort, *, said=DutyState.OPEN, due=-1, said_at=NOW - 2 * DAY, days=20):
    """A duty of Amara's; `due` is in days from now, `days` since when it was laid."""
    with desk.product.house.units.write("oakfield") as unit:
        number = len(unit.duties.of(sort))
        duty = Duty(
            id=desk.product.house.new_id(NOW),
            sort=sort,
            subject=f"subject-{number}",
            period="2026",
            person="amara",
            laid=NOW - days * DAY,
            due=(NOW + due * DAY).date(),
            said=said,
            said_at=said_at if said is DutyState.DONE else None,
        )
        assert unit.duties.lay(duty)
        unit.commit()


def report(desk, *, begins=2026, standings=(), events=(), before=None):
    school = replace(desk.product.house.schools["oakfield"], events=tuple(events))
    with desk.product.house.units.read("oakfield") as unit:
        earlier = year_from(school, before) if before else None
        return yearly.yearly(
            unit, school=school, year=year_from(school, begins), standings=standings, now=NOW, before=earlier
        )


def said(desk, **of):
    return plain_text(report(desk, **of))


def evening(day, *, kind=EventKind.PARENTS_EVENING, cancelled=False):
    return SchoolEvent(id=f"evening-{day}", name="Sam Carter's evening", day=day, kind=kind, cancelled=cancelled)


@pytest.mark.clause(3)
def test_the_year_is_counted_and_small_numbers_of_families_and_reporters_are_hidden(front_desk):
    for days in (1, 5, 500):
        note(front_desk, "C6", "lesson.taught", days=days)
    note(front_desk, "C40", "concern.received", times=4)
    note(front_desk, "C16", "family.joined", times=5)
    note(front_desk, "C12", "find.reported")

    now, before = said(front_desk), said(front_desk, begins=2025)

    assert "It looks at 01/09/2026 to 24/11/2026. The year is not over yet." in now
    assert "Teachers taught 2 online safety lessons." in now
    assert "Fewer than five concerns were received." in now
    assert "Fewer than five times something unsuitable turned up" in now
    assert "5 families joined the news." in now
    assert "It looks at 01/09/2025 to 31/08/2026. Every number" in before
    assert "Nothing was written down in this time" in before
    assert SMALLEST_SHOWN == 5, "the report says it in words"


def test_of_nothing_at_all_a_head_is_told_so_and_not_given_a_row_of_noughts(front_desk):
    assert "concerns" not in said(front_desk)
    assert "Nothing was written down in this time" in said(front_desk)


def test_no_concern_and_one_concern_read_alike(front_desk):
    note(front_desk, "C6", "lesson.taught")
    none = said(front_desk)
    note(front_desk, "C40", "concern.received")

    assert "Fewer than five concerns were received." in none
    assert said(front_desk) == none


@pytest.mark.parametrize(
    ("clause", "kind", "words"),
    [
        ("C14", "request.asked", "1 was to open a hard topic for research"),
        ("C33", "request.told", "1 told of a breach of security that was suspected."),
        ("C36", "request.asked", "1 was to unblock a site."),
        ("C37", "request.asked", "1 was to turn the filter off for a short time."),
        ("C38", "request.told", "1 told of a fault in the filter."),
        ("C43", "request.asked", "1 was to install a program."),
        ("C26", "question.answered", "answered 1 question of a colleague."),
        ("C7", "assembly.given", "There was 1 assembly."),
        ("C5", "starter.given", "Once a lesson in another subject began"),
        ("C9", "agreement.signed", "One class talked about its agreement and signed it."),
        ("C11", "site.checked", "Once a site was looked at before pupils used it."),
        ("C16", "newsletter.planned", "Families were sent 1 newsletter"),
        ("C18", "campaign.planned", "with 1 message to families or staff."),
        ("C24", "cpd.logged", "wrote down 1 piece of learning"),
        ("C25", "meeting.opened", "on the agenda of 1 meeting."),
        ("C17", "event.notice", "Families were told of 1 event beforehand."),
    ],
)
def test_each_sort_of_thing_is_counted_once_in_its_own_sentence(front_desk, clause, kind, words):
    note(front_desk, clause, kind)
    # What follows the first step of a request is the same request.
    note(front_desk, clause, f"{kind.partition('.')[0]}.yes" if kind.startswith("request") else "other.kind")

    assert words in said(front_desk)


def test_a_request_is_one_however_many_steps_it_took(front_desk):
    for kind in ("asked", "yes", "yes", "granted", "done", "undone"):
        note(front_desk, "C36", f"request.{kind}")

    assert "Staff made 1 request" in said(front_desk)


def test_checks_training_and_signatures_say_what_was_asked_what_was_late_and_what_still_waits(front_desk):
    asked_of(front_desk, Sort.CHECK, said=DutyState.DONE, due=-1)
    asked_of(front_desk, Sort.CHECK, said=DutyState.DONE, due=-9)
    asked_of(front_desk, Sort.CHECK, said=DutyState.WRONG)
    asked_of(front_desk, Sort.CHECK)
    asked_of(front_desk, Sort.CHECK, said=DutyState.DROPPED)
    asked_of(front_desk, Sort.MODULE, said=DutyState.DONE)
    asked_of(front_desk, Sort.SIGN, due=3)

    told = said(front_desk)

    assert (
        "4 checks of the network, the filter, the website and the like were asked for. 2 are done. Of these, 1 was "
        "done after its day. 1 still waits although its day is over. In 1, something was found wrong"
    ) in told
    assert "work through 1 module of training. 1 is done. All of these were done in time." in told
    assert "1 signature under the agreements of staff was asked for. 0 are done." in told


def test_what_is_done_after_midnight_is_done_on_the_next_day_of_the_school(front_desk):
    """Half past midnight in a British summer is 23:30 of the day before by UTC."""
    school = front_desk.product.house.schools["oakfield"]
    after_midnight = datetime(2026, 9, 10, 23, 30, tzinfo=UTC)
    asked_of(front_desk, Sort.CHECK, said=DutyState.DONE, due=-75, said_at=after_midnight, days=80)

    with front_desk.product.house.units.read("oakfield") as unit:
        counted = year_book(unit, school=school, year=year_from(school, 2026), now=NOW).duties[Sort.CHECK]

    assert (NOW - 75 * DAY).date() == after_midnight.date()
    assert (counted.done, counted.late) == (1, 1)


def test_parents_evenings_that_were_held_are_counted_and_no_event_is_named(front_desk):
    note(front_desk, "C6", "lesson.taught")
    held, other = evening(date(2026, 10, 6)), evening(date(2026, 10, 7), kind=EventKind.OTHER)
    to_come, off = evening(date(2026, 12, 1)), evening(date(2026, 11, 3), cancelled=True)

    told = said(front_desk, events=(held, other, to_come, off))

    assert "One parents' evening had its talking points" in told
    assert "Carter" not in told
    assert "No parents' evening has been held yet" in said(front_desk, events=(to_come, off))


def test_like_is_compared_with_like_and_a_year_without_records_with_nothing(front_desk):
    note(front_desk, "C6", "lesson.taught", times=3)
    note(front_desk, "C16", "newsletter.planned", times=2)
    assert "Beside the year before" not in said(front_desk, before=2025)

    note(front_desk, "C6", "lesson.taught", days=YEAR_AGO, times=2)
    note(front_desk, "C6", "lesson.taught", days=YEAR_AGO - 30, times=9)
    note(front_desk, "C16", "newsletter.planned", days=YEAR_AGO, times=2)
    note(front_desk, "C7", "assembly.given", days=YEAR_AGO)
    told = said(front_desk, before=2025)

    assert "The same part of the year before was 01/09/2025 to 24/11/2025." in told
    assert "There was more of this: lessons (2 then, 3 now)." in told
    assert "There was less of this: assemblies (1 then, 0 now)." in told
    assert "There was as much of this: newsletters (2 then, 2 now)." in told


def test_what_is_not_green_comes_next_with_red_first(front_desk):
    with front_desk.product.house.units.read("oakfield") as unit:
        clauses = policy_of(unit.policies).clauses
    book = {"C6": {"lesson.taught": (3, NOW)}, "C29": {"check.done": (1, NOW - 200 * DAY)}}
    found = weigh(clauses, book=book, now=NOW)

    told = said(front_desk, standings=found)
    few = said(front_desk, standings=[each for each in found if each.clause.id in {"C6", "C7", "C29"}])
    green = said(front_desk, standings=[each for each in found if each.clause.id == "C6"])

    assert "Our policy has 69 clauses. For 1 of them there is fresh evidence" in told
    assert "68 clauses wait for something to be done." in told
    assert "And 56 more, which the pack has." in told
    assert few.index("C7, Red: ") < few.index("C29, Amber: ")
    assert "more, which the pack has" not in few
    assert "/lollipop" not in told, "governors type no commands"
    assert "Every clause is green today." in green


def test_a_year_to_come_and_a_year_gone_by_have_their_own_ends(front_desk):
    school = front_desk.product.house.schools["oakfield"]
    this, last = year_from(school, 2026), year_from(school, 2025)

    assert so_far(last, today=NOW.date()) == last
    assert so_far(this, today=NOW.date()).after == date(2026, 11, 25)
    assert so_far(year_from(school, 2027), today=NOW.date()).after == date(2027, 9, 1)
    assert as_long(last, this).after <= last.after


def test_every_sentence_is_found_by_whoever_collects_them_for_translators(front_desk):
    for clause, kind in (("C6", "lesson.taught"), ("C36", "request.asked"), ("C5", "starter.given")):
        note(front_desk, clause, kind, times=7)
        note(front_desk, clause, kind, days=YEAR_AGO)
    for sort in (Sort.CHECK, Sort.MODULE, Sort.SIGN, Sort.SCENARIO):
        asked_of(front_desk, sort, said=DutyState.DONE)
    folder = year_words.__file__.rpartition("/")[0]
    keywords = {"Text": None, "counted": (1, 2)}
    found = extract_from_dir(folder, [("year*.py", "python")], keywords=keywords)
    marked = {form for each in found for form in ((each[2],) if isinstance(each[2], str) else each[2])}

    spans = [span for block in report(front_desk, before=2025).blocks for line in inlines(block) for span in line]
    texts = [span.text for span in spans if span.text != " "]

    assert len(texts) > 25
    assert all(isinstance(each, Text) for each in texts)
    assert [each.msgid for each in texts if each.msgid not in marked] == []
    assert [each.plural for each in texts if each.plural and each.plural not in marked] == []


def test_it_reads_as_paragraphs_under_headings(front_desk):
    note(front_desk, "C6", "lesson.taught", times=7)

    blocks = report(front_desk).blocks

    headings = [plain(block.inline) for block in blocks if isinstance(block, Heading)]
    assert headings == [
        "What pupils were taught",
        "What families heard",
        "What staff learned and signed",
        "What was checked",
        "What was asked and decided",
        "Concerns",
    ]
