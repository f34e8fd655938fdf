"""A school's first policy file: what is wrong is said by its line, in words that say what to do."""

import pytest

from staff import default_text, read_policy
from staff.policy import PolicyFault
from staff.versions import read_new_policy

TEXT = default_text()


def last_line(text, begins):
    """The number of the last line that begins so, from 1."""
    return max(number for number, line in enumerate(text.splitlines(), 1) if line.startswith(begins))


def clause(**changes):
    values = {
        "id": '"C70"',
        "theme": '"network"',
        "text": '"The phone box is locked."',
        "who": '["OFF"]',
        "rhythm": '"termly"',
        "counts": '["check."]',
        **changes,
    }
    return "\n[[clause]]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())


def check(**changes):
    values = {
        "id": '"phone-box"',
        "title": '"The phone box"',
        "ask": '"Is it locked?"',
        "clauses": '["C70"]',
        "who": '"office"',
        "rhythm": '"termly"',
        **changes,
    }
    return "\n[[check]]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())


def faults(text):
    with pytest.raises(PolicyFault) as told:
        read_new_policy(text)
    return str(told.value)


def test_an_own_clause_needs_no_more_than_what_a_school_can_say():
    found = read_new_policy(TEXT + clause() + check())

    assert (found.clauses[-1].reach, found.checks[-1].id) == ("R", "phone-box")
    assert "/lollipop todo" in found.clauses[-1].next


def test_the_example_in_the_file_is_a_clause_and_a_check_once_its_marks_are_taken_away():
    at = TEXT.index("# [[clause]]")
    own = "".join(line.removeprefix("# ").removeprefix("#") for line in TEXT[at:].splitlines(keepends=True))

    found = read_new_policy(TEXT[:at] + own)

    assert (found.clauses[-1].id, found.checks[-1].id, len(found.clauses)) == ("C70", "phone-box", 70)


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        (TEXT.replace('rhythm = "each version"', 'rhytm = "each version"'), "rhytm", "Did you mean “rhythm”?"),
        (TEXT + clause(vendor='"Ours"'), "vendor", "there is no “vendor” in a clause. It may have: id, theme"),
        (TEXT.replace('id = "C2"', 'id = "C1"'), 'id = "C1"', "clause C1 stands on line"),
        (TEXT + clause(id='"E1"') + check(), 'id = "E1"', "C and a number up to 99: C70 is free"),
        (TEXT + clause(text='" "') + check(), 'text = " "', "text has no words"),
        (TEXT + clause(who="[]") + check(), "who = []", "nobody is named"),
        (TEXT + clause(who='["technician"]') + check(), 'who = ["technician"]', "For technician write TEC"),
        (TEXT + clause(who='["Caretaker"]') + check(), 'who = ["Caretaker"]', "OFF school office"),
        (TEXT + clause(who='"OFF"') + check(), 'who = "OFF"', 'who is a list, with something in it. Write: who = ["'),
        (TEXT + clause(theme='"phones"') + check(), 'theme = "phones"', "It is one of: policy, pupils"),
        (TEXT + clause(counts='["asembly."]'), 'counts = ["asembly."]', "Did you mean “assembly.”?"),
        (TEXT + clause(), 'counts = ["check."]', 'Add a [[check]] with clauses = ["C70"]'),
        (TEXT + clause(counts='["lesson."]') + check(), 'clauses = ["C70"]', 'Add "check." to counts of clause C70'),
        (TEXT + clause(evidence_days='"a year"') + check(), "evidence_days = ", "a whole number, without quotation"),
        (TEXT + clause() + check(who='"TEC"'), 'who = "TEC"', "For TEC write technician"),
        (TEXT + clause() + check(id='"Phone Box"'), 'id = "Phone', "small letters, digits and hyphens"),
        (TEXT + clause() + check(id='"backups"'), 'id = "backups"', "comes with Lollipop"),
        (TEXT + check(), 'clauses = ["C70"]', "there is no clause C70"),
        (TEXT + "\n[clause]\n", "[clause]", "write two brackets on each side: [[clause]]"),
        (TEXT.replace("every year.", "every year.”").replace('"The policy is', "“The policy is"), "text = “", "curly"),
        (TEXT.replace('every year."', "every year."), 'text = "The policy is', "quotation mark at the end is missing"),
        ('vendor = "Ours"\n' + TEXT, "vendor", "belongs to no clause"),
    ],
)
def test_each_slip_is_said_with_its_line_and_what_to_do(text, at, said):
    told = faults(text).splitlines()

    assert [line for line in told if line.startswith(f"line {last_line(text, at)}: ") and said in line]


def test_a_misspelt_word_is_one_fault_and_no_word_of_the_machine_is_said():
    told = faults(TEXT.replace('rhythm = "each version"', 'rhytm = "each version"') + check(rhythm='"weekly"'))

    assert len(told.splitlines()) == 2
    assert not [word for word in ("Field required", "Input should", "Extra inputs", "pattern") if word in told]


def test_a_file_without_a_clause_says_how_to_begin():
    assert "lollipop policy export" in faults("")


def test_a_version_that_was_kept_stays_readable_when_more_is_asked_of_new_ones():
    text = TEXT + clause(who='["Caretaker"]', counts='["asembly."]')

    assert read_policy(text).clauses[-1].who == ("Caretaker",)
