"""What staff see of coverage: in a chat as lines, on the web as a map, and as files for governors."""

import csv
import io
import json
import shutil
from datetime import UTC, datetime
from functools import cache

import pytest
from click.testing import CliRunner

from bot import demo
from bot.__main__ import cli
from bot.channels.email.render import render
from bot.clock import SetClock
from bot.desk import Reception
from bot.desk.coverage import SIGNS
from bot.languages import translator
from bot.main import build, load_library
from bot.paper import csv_table, grid_pdf, grid_picture
from bot.paper.printing import SHADES, Draughtsman
from bot.wire import Incoming, Via
from curriculum import Outcome, State, Taught
from pages import Shade
from school.sensitive import SecretKey
from tests.databases import sqlite_template

__all__ = ["sqlite_template"]

MORNING = datetime(2026, 11, 24, 11, tzinfo=UTC)
KEY = SecretKey(b"k" * 32)


@cache
def ours():
    """The pages are read once for all these people."""
    return load_library()


@pytest.fixture
def product(tmp_path, sqlite_template):
    shutil.copyfile(sqlite_template, tmp_path / "lollipop.db")
    product = build(demo.prepare(tmp_path, 8000), school_clock=SetClock(MORNING), library=ours())
    yield product
    product.counter.close()
    product.engines.close()


def ask(product, verb="coverage", *, via=Via.WEB, sender="hannah", key=KEY, **args):
    asked = Incoming(school="oakfield", via=via, sender=sender, verb=verb, key=key, args=args)
    return Reception(product.house).receive(asked)


def teach(product, *lessons, klass="oak"):
    with product.house.units.write("oakfield") as unit:
        for turn, lesson in enumerate(lessons):
            strand = next(entry.strand for entry in product.house.plan if entry.lesson == lesson)
            taught = Taught(
                class_id=klass,
                turn=turn,
                lesson=lesson,
                version=1,
                strand=strand,
                outcome=Outcome.TAUGHT,
                hands=(),
                by="amara",
                when=MORNING,
            )
            assert unit.progress.record(taught)
        unit.commit()


def due_first(product):
    """Year 4's lessons of the first half-term, which is over."""
    return [each.lesson for each in product.house.plan if each.year.code == "4" and each.half_term == "autumn-1"]


def shades(answer, name="Oak"):
    row = next(row for row in answer.grid.rows if row.name == name)
    return [square.shade for square in row.squares]


def test_hannah_sees_every_class_and_all_eight_strands_and_what_waits_in_words(product):
    teach(product, *due_first(product))

    answer = ask(product)

    assert [row.name for row in answer.grid.rows] == ["Oak", "Elm"]
    assert len(answer.grid.columns) == len(shades(answer)) == 8
    assert shades(answer).count(Shade.DONE) == shades(answer, "Elm").count(Shade.WAITS) == 2
    assert Shade.WAITS not in shades(answer)
    said = render(answer.document, lang="en").text
    assert "2 of 4 have been taught" in said
    assert "Elm since 23/10/2026, lessons that wait: 2" in said
    words = [str(square.words) for row in answer.grid.rows for square in row.squares]
    assert "Due and not taught: 0 of 1 taught, 0 secure" in words
    assert [str(choice.label) for choice in answer.choices[0]] == [
        "Download it as a PDF",
        "Download it as a picture (PNG)",
        "Download it as a CSV",
    ]


def test_no_state_is_told_by_its_colour_alone():
    signs = [sign for sign, _, _ in SIGNS.values()]

    assert set(SIGNS) == set(State)
    assert len(set(signs)) == len({str(words) for _, _, words in SIGNS.values()}) == len(State)


def test_amara_reads_first_what_waits_on_slack_and_no_map(product):
    answer = ask(product, via=Via.SLACK, sender="U0AMARA", key=None)

    said = render(answer.document, lang="en").text
    assert answer.grid is None
    assert answer.choices == ()
    assert said.index("What waits") < said.index("0 of 1 taught, 0 secure")


def test_nobody_who_is_not_signed_in_sees_it_or_takes_it_away(product):
    for verb in ("coverage", "coverage.paper"):
        assert ask(product, verb, key=None).refused
        assert ask(product, verb, sender="nobody").refused
    assert ask(product, "coverage.paper", via=Via.SLACK, sender="U0AMARA", key=None).refused


def test_hannah_takes_the_same_figures_away_as_a_table(product):
    teach(product, *due_first(product))
    paper = ask(product, "coverage.paper", **{"as": "csv"}).paper

    text = csv_table(paper.head, paper.rows, lang="en").decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text, newline=""))

    assert head[:8] == ["Class", "Year", "Strand", "Planned", "Due by now", "Taught", "Secure", "State"]
    assert len(rows) == 16
    assert [row[7] for row in rows if row[0] == "Oak"].count("Taught") == 2
    assert [row[7] for row in rows if row[0] == "Elm"].count("Due and not taught") == 2


@pytest.mark.parametrize("lang", ["en", "pl", "ro", "ur", "ar"])
def test_governors_get_one_tagged_sheet_and_the_same_as_a_picture(product, lang):
    paper = ask(product, "coverage.paper", **{"as": "pdf"}).paper

    sheet = grid_pdf(paper.document, paper.grid, lang=lang, author="Oakfield")
    picture = grid_picture(paper.document, paper.grid, lang=lang, author="Oakfield")

    assert sheet.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in sheet
    assert b"pdfuaid" in sheet
    assert b"/Type/Pages/Count 1/" in sheet
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) == 1754
    told = Draughtsman(lang, 0).sheet(paper.document, paper.grid, author="Oakfield")
    assert told["title"] == translator(lang)(paper.document.title)
    assert [len(row["squares"]) for row in told["rows"]] == [8, 8]


def test_amara_asks_for_one_class_and_reads_it_by_half_term(product):
    teach(product, *due_first(product))

    answer = ask(product, "lollipop", via=Via.SLACK, sender="U0AMARA", key=None, topic="coverage", rest="oak")

    said = " ".join(render(answer.document, lang="en").text.split())
    assert "Coverage: Oak" in said
    assert said.index("Autumn 1") < said.index("Autumn 2") < said.index("Summer 2")
    assert said[said.index("Autumn 1") : said.index("Autumn 2")].count("Taught: 1 of 1 taught, 0 secure") == 2
    assert "Elm" not in said


def test_amara_is_told_the_classes_where_there_is_none_of_that_name(product):
    answer = ask(product, "lollipop", via=Via.SLACK, sender="U0AMARA", key=None, topic="coverage", rest="Ash")

    assert answer.refused
    said = render(answer.document, lang="en").text
    assert "There is no class called “Ash”. The classes are: Oak, Elm." in " ".join(said.split())


@pytest.mark.parametrize(("typed", "classes"), [("oak", 1), ("4", 2), ("Year 4", 2)])
def test_hannah_opens_a_class_or_a_year_from_the_map_and_takes_it_away_in_every_form(product, typed, classes):
    teach(product, *due_first(product))
    doors = {str(choice.label): choice for row in ask(product).choices for choice in row}
    assert doors["Oak by half-term"].args == {"class": "oak"}
    assert doors["Year 4"].args == {"class": "4"}

    answer = ask(product, **{"class": typed})

    assert [str(column.name) for column in answer.grid.columns][:2] == ["Autumn 1", "Autumn 2"]
    squares = [square for row in answer.grid.rows for square in row.squares]
    assert (len(answer.grid.rows), len(squares)) == (8 * classes, 48 * classes)
    assert [square.shade for square in squares].count(Shade.DONE) == 2
    assert [square.shade for square in squares].count(Shade.NONE) == 40 * classes
    assert str(answer.choices[-1][0].label) == "Back to the whole school"
    files = [ask(product, choice.verb, **choice.args).paper for choice in answer.choices[0]]
    assert grid_pdf(files[0].document, files[0].grid, lang="en", author="Oakfield").startswith(b"%PDF-1.7")
    assert files[1].picture
    head, *rows = csv.reader(
        io.StringIO(csv_table(files[2].head, files[2].rows, lang="en").decode("utf-8-sig"), newline="")
    )
    assert head[:7] == ["Class", "Year", "Strand", "Half-term", "Planned", "Due by now", "Taught"]
    assert len(rows) == 48 * classes
    assert sum(int(row[6]) for row in rows) == 2


def test_it_says_mapped_to_and_never_that_anybody_complies(product):
    answer = ask(product)

    said = " ".join([*map(str, answer.grid.notes), render(answer.document, lang="en").text])
    assert "mapped to themes" in said
    assert "Relationships, sex and health education" in said
    assert "content 1, 3, 5, 6, 8; contact 2, 4, 7; conduct 1, 2, 3, 4, 8; commerce 5, 6, 7" in said
    assert "compl" not in said.casefold()


def _light(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("shade", Shade)
def test_every_square_on_paper_can_be_read(shade):
    paper, ink = (_light(colour) for colour in SHADES[shade])

    assert (max(paper, ink) + 0.05) / (min(paper, ink) + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


@pytest.fixture
def shell(tmp_path, sqlite_template):
    """The command line over a school's files."""
    home = tmp_path / "var"
    home.mkdir()
    shutil.copyfile(sqlite_template, home / "lollipop.db")
    demo.prepare(home, 8000)
    (home / "school.toml").rename(tmp_path / "school.toml")
    return lambda *words: CliRunner().invoke(cli, ["--school-file", str(tmp_path / "school.toml"), "coverage", *words])


def test_an_office_gets_the_forms_it_had_and_more_of_them(shell, tmp_path):
    assert shell().stdout.splitlines()[0] == "class,strand,planned,taught,secure"
    (oak, _) = json.loads(shell("--json").stdout)["classes"]
    assert (oak["class"], oak["year"], len(oak["cells"])) == ("Oak", "4", 8)
    assert {"strand", "planned", "taught", "secure", "due", "state"} <= set(oak["cells"][0])
    head, first, *_ = shell("--csv").stdout.splitlines()
    assert head == "class,year,strand,planned,due,taught,secure,state,besides"
    assert first.startswith("Oak,4,self-image-and-identity,1,")

    head, *rows = shell("--class", "Oak").stdout.splitlines()
    assert head == "class,year,strand,half_term,planned,due,taught,secure,state,besides"
    assert len(rows) == 48
    assert sum(int(row.split(",")[4]) for row in rows) == 8
    assert len(json.loads(shell("--class", "Year 4", "--json").stdout)["cells"]) == 96
    nobody = shell("--class", "Ash")
    assert nobody.exit_code
    assert "The classes are: Oak, Elm." in str(nobody.exception)

    written = shell("--png", str(tmp_path / "map.png"), "--pdf", str(tmp_path / "map.pdf"))

    assert (written.exit_code, written.stdout) == (0, "")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "map.pdf").read_bytes().startswith(b"%PDF-1.7")
