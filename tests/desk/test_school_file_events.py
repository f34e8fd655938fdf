"""Events in the school file: what is refused, with its line and cure, and what only a person can judge."""

from datetime import date, time

import pytest

from bot.commands.check import Written, _to_fill_in
from bot.commands.sample import SCHOOL
from bot.school_file import SchoolFile, SchoolFileError
from school.events import EventKind
from school.people import YearGroup

WHOLE = SCHOOL.format(id="oakfield", name="Oakfield Primary School")
PLAY = 'id = "winter-play"\n'


def faults(old: str, new: str) -> list[str]:
    assert old in WHOLE
    with pytest.raises(SchoolFileError) as refused:
        SchoolFile.parse(WHOLE.replace(old, new, 1), place="school.toml")
    return str(refused.value).splitlines()[1:]


def line_of(part: str, *, after: str = "") -> int:
    lines = WHOLE.splitlines()
    start = next((at for at, line in enumerate(lines) if after in line), 0)
    return next(at for at, line in enumerate(lines[start:], start + 1) if part in line)


def test_the_sample_has_a_play_for_all_and_an_evening_for_a_year() -> None:
    play, evening = SchoolFile.parse(WHOLE, place="school.toml").school().events

    assert (play.kind, play.day, play.starts, play.notice, play.rsvp) == (
        *(EventKind.PHOTOS, date(2026, 12, 15), time(14), 5, False),
    )
    assert play.for_all
    assert (evening.years, evening.places, evening.rsvp) == ((YearGroup(4),), 40, True)


@pytest.mark.parametrize(
    ("old", "new", "at", "told"),
    [
        (
            PLAY,
            f'{PLAY}classes = ["okk"]\n',
            line_of("winter-play") + 1,
            "'winter-play' is for 'okk', which is not a class (did you mean 'oak'?)",
        ),
        (
            'id = "year-4-evening"',
            'id = "winter-play"',
            line_of("year-4-evening"),
            "there are two events with the id 'winter-play': give one of them another",
        ),
        (
            "day = 2026-12-15",
            "day = 2025-12-15",
            line_of("day = 2026-12-15"),
            "before the first term began on 2026-09-01: take it out, or write its new day",
        ),
        (
            "rsvp = true\n",
            "",
            line_of("[[events]]", after='kind = "photos"'),
            "places are counted by replies: add rsvp = true, or take places out",
        ),
        ('kind = "photos"', 'kind = "disco"', line_of('kind = "photos"'), "'photos', 'parents_evening'"),
        ("places = 40", "places = 0", line_of("places = 40"), "greater than or equal to 1"),
        ("years = [4]\nkind", "years = [44]\nkind", line_of("years = [4]", after="year-4-evening"), "year group 44"),
    ],
)
def test_an_office_is_told_the_line_and_the_cure(old: str, new: str, at: int, told: str) -> None:
    (fault,) = faults(old, new)

    assert fault.startswith(f"school.toml:{at}: ")
    assert told in fault


def test_a_day_in_the_holidays_is_a_warning_and_an_example_left_standing_is_a_fault() -> None:
    text = WHOLE.replace("day = 2026-12-15", "day = 2026-12-22")
    file = SchoolFile.parse(text, place="school.toml")

    found = [*_to_fill_in("", Written("school.toml", lambda: text, lambda: file), file.school())]

    (holiday,) = [each for each in found if each.severity == "warning"]
    assert "'winter-play' is on 2026-12-22, which is not a school day" in holiday.what
    examples = [each for each in found if "families would hear of it" in each.what]
    assert [each.severity for each in examples] == ["fault"]
    assert f"school.toml:{line_of('Parents')}: Parents' evening for Year 4" in examples[0].what
