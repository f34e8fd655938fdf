"""Help lines: one dated file, and every number that anybody reads is in it."""

import ast
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.channels.email.render import render as as_email
from bot.channels.slack.render import fallback_text
from bot.channels.telegram.render import render as as_telegram
from bot.commands.content import data_faults
from bot.languages import translator
from bot.library import load_library
from pages import Document
from safeguarding import Audience, HelpLineFault, help_lines, load_help_lines, stale_faults
from safeguarding.helplines import OUT_OF_HOURS, WORDS
from school.calendar import Calendar
from school.people import LocalService, Reporting
from school.school import School

TOP = Path(__file__).resolve().parents[2]
ROOMS = ("lessons", "parents", "safeguarding", "staff")
NUMBER = re.compile(r"(?<![\d/:.-])(?:0800 \d{3,4}(?: \d{3,4})?|03\d\d \d{3} \d{4}|116 \d{3}|999|85258)(?![\d/:-])")
LINE = """\
[[line]]
id = "one"
name = "One"
for_whom = "Anyone"
phone = "0800 1111"
checked = 2026-02-28
source = "Ourselves"

[[line]]
id = "two"
name = "Two"
for_whom = "Anyone"
phone = "{phone}"
checked = {checked}
source = "Ourselves"
"""


def a_school(**rest) -> School:
    calendar = Calendar(zone=ZoneInfo("Europe/London"), half_terms=())
    return School(id="oakfield", name="Oakfield", calendar=calendar, classes=(), people=(), languages=(), **rest)


def written(folder: Path, *, phone: str = "0800 1112", checked: str = "2026-11-24") -> Path:
    file = folder / "helplines.toml"
    file.write_text(LINE.format(phone=phone, checked=checked), "utf-8")
    return file


def test_an_author_is_told_the_line_of_a_number_that_is_none(tmp_path):
    file = written(tmp_path, phone="O800 1111")

    with pytest.raises(HelpLineFault, match=r"helplines\.toml:13: phone: "):
        load_help_lines(file)


def test_an_author_is_told_the_line_of_a_key_that_does_not_belong(tmp_path):
    file = written(tmp_path)
    file.write_text(file.read_text("utf-8") + 'fone = "1"\n', "utf-8")

    with pytest.raises(HelpLineFault, match=r"helplines\.toml:16: fone: "):
        load_help_lines(file)


def test_an_author_is_told_of_a_line_that_nobody_has_checked_for_a_year_and_of_no_other(tmp_path):
    file = written(tmp_path)
    year_on = date(2027, 2, 28)

    assert stale_faults(year_on, file) == ()
    (fault,) = stale_faults(year_on + timedelta(days=1), file)
    assert fault.startswith(f"{file}:6: one was last checked on 2026-02-28")


def test_every_word_of_a_line_that_is_shown_can_be_translated():
    marked = {text.msgid for text in WORDS}

    loose = [
        words
        for line in load_help_lines()
        if line.show
        for words in (line.lead, line.link, line.hours)
        if words and words not in marked
    ]

    assert loose == []


def test_nobody_is_shown_a_line_that_nobody_has_verified():
    assert [line.id for line in load_help_lines() if line.show and not line.verified] == []


def test_every_line_names_the_published_page_that_it_was_read_on_and_says_how():
    lines = load_help_lines()

    assert [line.id for line in lines if "https://" not in line.source and "http://" not in line.source] == []
    assert [line.id for line in lines if not re.search("read in (?:a stored copy|stored copies)", line.source)] == []
    assert [line.id for line in lines if "notes, section" in line.source.casefold()] == []


@pytest.mark.parametrize("audience", Audience)
def test_sam_marta_and_dilys_are_each_told_of_999_first_and_of_the_schools_own_number_and_services(audience):
    school = a_school(
        reporting=Reporting(out_of_hours_phone="01632 960 999"),
        services=(LocalService(id="mash", name="Children's services", phone="01632 960 111", hours="Day and night"),),
    )

    told = as_email(Document("Help", help_lines(audience, school=school).blocks), lang="en").text

    assert told.splitlines()[2] == "- In danger now? Call 999"
    assert f"- {OUT_OF_HOURS} 01632 960 999\n- Children's services 01632 960 111 Day and night" in told


def test_dilys_is_told_of_the_lado_and_sam_and_marta_are_not():
    services = tuple(LocalService(id=name, name=name.upper(), phone="01632 960 111") for name in ("lado", "prevent"))
    school = a_school(services=services)

    told = {audience: str(help_lines(audience, school=school)) for audience in Audience}

    assert [audience for audience, words in told.items() if "LADO" in words or "PREVENT" in words] == [Audience.STAFF]


def test_sam_reads_the_same_help_lines_in_an_e_mail_in_telegram_and_in_slack():
    document = Document("Help", help_lines(Audience.PUPIL, school=None).blocks)
    telegram = "".join(as_telegram(document, (), lang="en", mint=lambda _: "").parts)
    seen = {
        "email": as_email(document, lang="en").text,
        "telegram": re.sub(r"<[^>]+>", "", telegram),
        "slack": fallback_text(document, translate=translator("en")),
    }

    for said in (
        "In danger now? Call 999",
        "Talk to Childline 0800 1111 Free, day and night",
        "By text Text SHOUT to 85258",
        "Grown-ups can call the NSPCC 0808 800 5000",
    ):
        assert [channel for channel, words in seen.items() if said not in words] == []


def _texts(file: Path) -> str:
    """What people read of a file: a page whole, of a module only its strings."""
    if file.suffix == ".md":
        return file.read_text("utf-8")
    tree = ast.parse(file.read_text("utf-8"))
    return "\n".join(
        argument.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )


def test_every_help_line_that_anybody_reads_is_one_that_was_verified():
    known = {number for line in load_help_lines() if line.verified for number in (line.phone, line.sms.split(" ")[0])}
    files = [file for room in ROOMS for file in (TOP / room / "content").rglob("*.md")]
    files += [
        file for place in (*ROOMS, "bot") for file in (TOP / place).rglob("*.py") if "playground" not in file.parts
    ]

    strange = {
        f"{file.relative_to(TOP)}: {number}"
        for file in files
        for number in NUMBER.findall(_texts(file))
        if number not in known
    }

    assert strange == set()


def test_an_author_hears_of_old_and_wrong_help_lines_and_of_steps_without_a_page(tmp_path):
    found = load_library()
    campaign = next(iter(found.campaigns.values()))
    lost = campaign.model_copy(update={"step": (campaign.step[0].model_copy(update={"page": "lost"}),)})

    sound = data_faults(found, on=date(2026, 11, 24))
    old = data_faults(found, on=date(2026, 11, 24), help_lines=written(tmp_path, checked="2025-11-23"))
    wrong = data_faults(found, on=date(2026, 11, 24), help_lines=written(tmp_path, phone="call us"))
    stray = data_faults(replace(found, campaigns={lost.id: lost}), on=date(2026, 11, 24))

    assert sound == []
    assert [fault.partition(".toml:")[2][:12] for fault in old + wrong] == ["14: two was ", "13: phone: S"]
    assert stray == [f"{lost.id}: {lost.step[0].id}: there is no page lost"]
