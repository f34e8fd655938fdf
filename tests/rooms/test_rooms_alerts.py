"""What Dilys's filtering and monitoring systems hand her, read as tables: whatever they call their columns."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding import (
    MOST_ROWS,
    NoRowsError,
    NotTextError,
    Part,
    TooManyRowsError,
    decoded,
    guessed,
    letter_of,
    look,
    months_first,
    sheet_of,
)
from school.calendar import Calendar
from school.school import School
from tests.rooms.alert_files import AMERICAN, LETTER, SCREENS, SEARCHES, TITLED
from tests.rooms.test_rooms_routing import USUAL

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
SCHOOL: School = USUAL
assert isinstance(SCHOOL.calendar, Calendar)


def read(text: str, *, letter: bool = False, source: str = "Filter"):
    sheet = (letter_of if letter else sheet_of)(text)
    columns = guessed(sheet.head)
    month_first = months_first(sheet, columns, school=SCHOOL)
    return look(sheet, columns, source=source, school=SCHOOL, now=NOW, month_first=month_first)


def chosen(text: str, *, letter: bool = False) -> dict[Part, str]:
    sheet = (letter_of if letter else sheet_of)(text)
    return {part: sheet.head[at] for part, at in guessed(sheet.head).items()}


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        (
            SEARCHES,
            {
                Part.TIME: "Date/Time",
                Part.WHAT: "Search Term",
                Part.WHO: "Username",
                Part.KIND: "Category",
                Part.WHERE: "Client IP",
            },
        ),
        (
            SCREENS,
            {
                Part.TIME: "Violation Date",
                Part.CLOCK: "Violation Time",
                Part.WHAT: "Captured Text",
                Part.WHO: "Student Name",
                Part.KIND: "Library",
                Part.WHERE: "Device Name",
            },
        ),
        (
            AMERICAN,
            {Part.TIME: "createdAt", Part.WHAT: "content", Part.WHO: "userEmail", Part.KIND: "alertType"},
        ),
        (TITLED, {Part.TIME: "Timestamp", Part.WHAT: "Alert", Part.WHO: "User", Part.WHERE: "Computer"}),
    ],
)
def test_the_columns_of_each_kind_of_product_are_known_by_their_names(file, columns):
    assert chosen(file) == columns
    assert read(file).bad == ()


def test_every_cell_is_kept_with_its_column_s_name_and_what_matters_stands_first():
    first = read(SEARCHES).alerts[0].words.reveal().split("\n")

    assert first[:2] == ["Search Term: how to hurt yourself", "Username: oak.pupil07"]
    assert len(first) == 8
    assert "URL: https://search.example/?q=1" in first
    assert "i want to kms\nsoon" in read(SCREENS).alerts[0].words.reveal()


@pytest.mark.parametrize(
    ("file", "at"),
    [
        (SEARCHES, datetime(2026, 11, 24, 9, 15, tzinfo=UTC)),
        (SCREENS, datetime(2026, 11, 24, 8, 59, 31, tzinfo=UTC)),
        (AMERICAN, datetime(2026, 11, 23, 9, 15, tzinfo=UTC)),
        (TITLED, datetime(2026, 11, 24, 9, tzinfo=UTC)),
    ],
)
def test_each_is_read_at_the_time_that_its_system_meant(file, at):
    assert read(file).alerts[0].at == at


def test_an_american_file_is_read_month_first_to_its_last_row():
    assert read(AMERICAN).alerts[1].at == datetime(2026, 11, 3, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("24 November 2026 09:15", datetime(2026, 11, 24, 9, 15, tzinfo=UTC)),
        ("Tue, 24 Nov 2026, 09:15:02", datetime(2026, 11, 24, 9, 15, 2, tzinfo=UTC)),
        ("Tue, 24 Nov 2026 08:47:00 +0200", datetime(2026, 11, 24, 6, 47, tzinfo=UTC)),
        ("2026-07-01 09:15:00", datetime(2026, 7, 1, 8, 15, tzinfo=UTC)),
        ("01/07/2026 09:15 BST", datetime(2026, 7, 1, 8, 15, tzinfo=UTC)),
        ("01/07/2026 09:15 UTC", datetime(2026, 7, 1, 9, 15, tzinfo=UTC)),
        ("24/11/26 9.15", datetime(2026, 11, 24, 9, 15, tzinfo=UTC)),
        ("24.11.2026", datetime(2026, 11, 24, tzinfo=UTC)),
        ("11/24/2026 9:15 PM", datetime(2026, 11, 24, 21, 15, tzinfo=UTC)),
        ("24/24/2026 9:15", None),
        ("yesterday", None),
    ],
)
def test_times_are_read_in_the_ways_in_which_systems_write_them(said, at):
    found = read(f'When,Text\n"{said}",x\n').alerts

    assert [each.at for each in found] == ([at] if at else [])


def test_an_e_mail_is_one_alert_with_all_of_its_words():
    looked = read(LETTER, letter=True)

    (alert,) = looked.alerts
    assert alert.at == datetime(2026, 11, 24, 8, 47, tzinfo=UTC)
    assert alert.words.reveal() == LETTER.strip()
    assert chosen(LETTER, letter=True)[Part.WHO] == "Student"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_file_is_read_whatever_machine_it_was_written_on(encoding):
    text = "Date;Text;User\n24/11/2026;café “quoted” £5;Zoë\n"

    assert decoded(text.encode(encoding)) == text
    assert "café “quoted” £5" in read(decoded(text.encode(encoding))).alerts[0].words.reveal()


@pytest.mark.parametrize("raw", [b"PK\x03\x04workbook", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n\0\0\0", b"\x81\x8d", b"a\0b"])
def test_what_is_no_text_is_refused_with_what_to_do(raw):
    with pytest.raises(NotTextError, match="save it as CSV"):
        decoded(raw)


def test_a_bad_row_is_named_by_its_line_and_the_good_ones_are_not_lost():
    looked = read(
        "Date,User,Text\n"
        "24/11/2026 09:00,a,good\n"
        "31/02/2026 09:00,b,no such day\n"
        ",c,no time\n"
        "24/11/2026 09:00,d,\n"
        "24/11/2027 09:00,e,next year\n"
        "24/11/2026 09:00,f,one,two,three\n"
        f"24/11/2026 09:00,g,{'x' * 20_001}\n"
        "\n"
        "24/11/2026 09:01,h,good too\n"
    )

    assert [alert.line for alert in looked.alerts] == [2, 10]
    assert [(row.line, str(row.why)) for row in looked.bad] == [
        (3, "Its time can't be read: “31/02/2026 09:00”."),
        (4, "It has no time."),
        (5, "There is nothing in the column “Text”."),
        (6, "Its time is in the future: “24/11/2027 09:00”."),
        (7, "It has 5 cells, and there are 3 columns."),
        (8, "It is too long: 20038 characters; the most is 20000."),
    ]


def test_a_quotation_mark_that_is_never_closed_loses_only_what_comes_after_it():
    looked = read('Date,Text\n24/11/2026,good\n24/11/2026,"never closed\n24/11/2026,after\n')

    assert len(looked.alerts) == 1
    assert "quotation mark" in str(looked.bad[-1].why)


@pytest.mark.parametrize("text", ["", " \n\n", "Date,Text\n", "\ufeff", "just words", "sep=;\n"])
def test_nothing_is_said_to_be_nothing(text):
    with pytest.raises(NoRowsError):
        sheet_of(text)


def test_more_than_one_import_takes_is_refused_whole():
    with pytest.raises(TooManyRowsError, match="501"):
        sheet_of("Date,Text\n" + "24/11/2026,x\n" * (MOST_ROWS + 1))
    assert len(sheet_of("Date,Text\n" + "24/11/2026,x\n" * MOST_ROWS).lines) == MOST_ROWS


def test_a_name_or_a_cell_that_wants_to_be_something_else_is_only_words():
    hostile = 'Date,<script>alert(1)</script>,Text\n24/11/2026,=HYPERLINK("x"),@SUM(1)\x00\x1b[31m {ref} %s\n'

    (alert,) = read(hostile.replace('"', '""').replace("=HYPERLINK", '"=HYPERLINK').replace('")', '")"')).alerts

    assert '<script>alert(1)</script>: =HYPERLINK("x")' in alert.words.reveal()
    assert "@SUM(1)[31m {ref} %s" in alert.words.reveal()


def test_the_same_alert_is_known_again_in_another_export_and_another_is_not():
    first, other = (each.known_by.reveal() for each in read(SEARCHES).alerts)
    wider = "Row,Date/Time,Username,Search Term\n77,24/11/2026 09:15:00,oak.pupil07,how to hurt yourself\n"

    assert read(wider, source=" filter ").alerts[0].known_by.reveal() == first
    assert read(wider, source="Another").alerts[0].known_by.reveal() != first
    assert read(wider.replace("pupil07", "pupil08")).alerts[0].known_by.reveal() not in {first, other}
    assert read(wider.replace("09:15:00", "09:15:01")).alerts[0].known_by.reveal() != first


@given(st.text(max_size=400))
def test_whatever_is_brought_it_is_read_or_refused(text):
    for letter in (False, True):
        try:
            read(text, letter=letter)
        except (NoRowsError, TooManyRowsError):
            continue


@given(st.binary(max_size=400))
def test_whatever_bytes_are_brought_they_are_text_or_refused(raw):
    try:
        assert "\0" not in decoded(raw)
    except NotTextError:
        return
