"""A lesson as Amara takes it to class and home: slides, notes with the answers, one calm page for families."""

import io
import shutil
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pptx import Presentation
from pptx.oxml.ns import qn
from pypdf import PdfReader

from bot.addresses import Handout
from bot.languages import translator
from bot.library import CONTENT, load_library
from bot.paper import Handouts
from bot.paper.slides import HEIGHT_PT, SIZES_PT, _height, _titles, faces, pptx
from lessons import Deck, Slide, deck, home_sheet, lesson, screens, teacher_notes
from pages import Bullets, Document, LessonFront, Paragraph, load_shelf, plain_text, says
from safeguarding import Audience, help_lines
from school.calendar import Calendar
from school.people import LANGUAGES, Person, Reporting, Role, SchoolClass, YearGroup
from school.school import School
from school.words import Text

LIBRARY = load_library()
LESSONS = [page for page in LIBRARY.shelf.all(kind="lesson") if isinstance(page.front, LessonFront)]
# One of each strand: every one of them is drawn. What needs no press is looked at in all lessons.
A_STRAND_EACH = list({page.front.strand: page.id for page in LESSONS}.values())
PRIVACY = "lesson-y4-privacy-1"
HANDOUTS = Handouts(LIBRARY.shelf, LIBRARY.framework)


@cache
def made(handout: Handout, lesson_id: str = PRIVACY, lang: str = "en") -> bytes:
    return HANDOUTS.made(handout, lesson_id, lang=lang, school=None)


def front_of(lesson_id: str) -> LessonFront:
    return lesson(lesson_id, shelf=LIBRARY.shelf)[1]


def read_pdf(file: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(file))
    return reader, squeezed("\n".join(page.extract_text() for page in reader.pages))


def squeezed(words: str) -> str:
    """Without what a line's end does to words: places to break an address are invisible."""
    return "".join(words.replace("\u200b", "").split())


def is_in(said: str, page: str) -> bool:
    return squeezed(said) in page


def tags(reader: PdfReader) -> list[str]:
    """The kinds of every element of the structure tree, in reading order."""
    found: list[str] = []

    def walk(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(str(node["/S"]))
            walk(node.get("/K", []))

    walk(reader.trailer["/Root"]["/StructTreeRoot"].get("/K", []))
    return found


def links(reader: PdfReader) -> set[str]:
    notes = [each.get_object() for page in reader.pages for each in page.get("/Annots", [])]
    return {note["/A"]["/URI"] for note in notes if note["/Subtype"] == "/Link"}


def read_slides(file: bytes):
    return Presentation(io.BytesIO(file))


def on_screen(slide) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def spoken(slide) -> str:
    return slide.notes_slide.notes_text_frame.text


@pytest.mark.parametrize("lesson_id", A_STRAND_EACH)
@pytest.mark.parametrize("handout", [Handout.NOTES, Handout.HOME])
def test_whoever_listens_to_a_paper_hears_its_title_its_language_and_its_headings(handout, lesson_id):
    reader, _ = read_pdf(made(handout, lesson_id))
    root = reader.trailer["/Root"]

    assert reader.metadata.title == front_of(lesson_id).title
    assert reader.metadata.author == "Lollipop"
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    kinds = tags(reader)
    assert {"/Title", "/H1", "/P", "/L", "/LBody"} <= set(kinds)
    assert kinds.index("/Title") < kinds.index("/P") < kinds.index("/H1")
    assert [round(float(side) * 25.4 / 72) for side in reader.pages[0].mediabox[2:]] == [210, 297]


@pytest.mark.parametrize("lesson_id", A_STRAND_EACH)
def test_amaras_notes_have_every_part_the_answers_and_what_each_statement_is_mapped_to(lesson_id):
    page, front = lesson(lesson_id, shelf=LIBRARY.shelf)
    reader, words = read_pdf(made(Handout.NOTES, lesson_id))

    parts = [str(part.title) for name, part in page.parts.items() if name != "home"]
    assert [title for title in parts if not is_in(title, words)] == []
    answers = [f"Right answer: {'ABCD'[item.answer - 1]}, “{item.options[item.answer - 1]}”." for item in front.quiz]
    assert [said for said in answers if not is_in(said, words)] == []
    assert [item.why for item in front.quiz if not is_in(item.why, words)] == []
    assert [word for word, meaning in front.vocabulary.items() if not is_in(f"{word}: {meaning}", words)] == []
    assert [need for need in front.needs if not is_in(need, words)] == []
    items = LIBRARY.framework.mapped_to(front.statements)
    assert items
    assert [item.text for item in items if not is_in(item.text, words)] == []
    assert {source.url for source in front.sources} == links(reader)


@pytest.mark.parametrize("lesson_id", A_STRAND_EACH)
def test_a_family_gets_one_page_with_whom_to_call_and_no_answer(lesson_id):
    page, front = lesson(lesson_id, shelf=LIBRARY.shelf)
    reader, words = read_pdf(made(Handout.HOME, lesson_id))

    assert len(reader.pages) == 1
    assert [line for line in plain_text(page.part("home")).splitlines() if not is_in(line, words)] == []
    assert [number for number in ("999", "0800 1111", "0808 800 5000") if not is_in(number, words)] == []
    assert not is_in("Right answer", words)
    assert [item.ask for item in front.quiz if is_in(item.ask, words)] == []
    assert [item.why for item in front.quiz if is_in(item.why, words)] == []


@pytest.mark.parametrize("lesson_id", A_STRAND_EACH)
def test_each_slide_has_a_title_of_its_own_its_language_and_letters_for_the_back_of_the_room(lesson_id):
    slides = list(read_slides(made(Handout.SLIDES, lesson_id)).slides)

    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles[0] == front_of(lesson_id).title
    assert len(set(titles)) == len(titles)
    assert "" not in titles
    for slide in slides:
        # Read aloud in this order, and nothing else is on it that would need words in its place.
        assert [shape.placeholder_format.idx for shape in slide.placeholders] == [0, 1]
        assert len(slide.shapes) == 2
        runs = [run for shape in slide.shapes for each in shape.text_frame.paragraphs for run in each.runs]
        assert {run._r.rPr.get("lang") for run in runs} == {"en-GB"}
    bodies = [slide.placeholders[1] for slide in slides[1:]]
    sizes = {run.font.size.pt for body in bodies for each in body.text_frame.paragraphs for run in each.runs}
    assert min(sizes) >= 28


def test_no_layout_makes_a_slides_letters_smaller_than_28_points():
    file = read_slides(made(Handout.SLIDES))
    holders = [file.slide_master, *file.slide_layouts]

    styles = file.slide_master.element.find(qn("p:txStyles"))
    styles.remove(styles.find(qn("p:otherStyle")))  # of what stands in no placeholder: there is nothing

    sizes = [int(each.get("sz", "9999")) for holder in holders for each in holder.element.iter(qn("a:defRPr"))]

    assert [layout.name for layout in file.slide_layouts] == ["Title Slide", "Title and Content"]
    assert min(sizes) >= 2800
    assert [1 for holder in holders for _ in holder.element.iter(qn("a:normAutofit"))] == []
    assert file.slide_width / file.slide_height == pytest.approx(16 / 9)


@pytest.mark.parametrize("lesson_id", A_STRAND_EACH)
def test_pupils_see_no_answer_and_amara_has_each_in_her_notes(lesson_id):
    page, front = lesson(lesson_id, shelf=LIBRARY.shelf)
    slides = list(read_slides(made(Handout.SLIDES, lesson_id)).slides)
    seen, said = "\n".join(map(on_screen, slides)), "\n".join(map(spoken, slides))

    assert "Right answer" not in seen
    assert "Expect" not in seen
    assert [item.why for item in front.quiz if item.why in seen] == []
    assert [item.why for item in front.quiz if item.why not in said] == []
    assert [slide.slide_id for slide in slides if not spoken(slide).strip()] == []
    assert plain_text(page.part("safe-teaching")).splitlines()[0] in spoken(slides[0])


@pytest.mark.parametrize("page", LESSONS, ids=lambda page: page.id)
def test_the_slides_of_each_lesson_are_its_screens_and_every_one_fits(page):
    made_of = deck(page, page.front, framework=LIBRARY.framework)
    drawn = list(faces(made_of.slides))

    shown = screens(page.parts, page.front.quiz, words=page.front.vocabulary, board=page.front.board)
    assert len(made_of.slides) == len(shown)
    assert [s.shown[:1] for s, screen in zip(made_of.slides, shown, strict=True) if screen.document] == [
        screen.document.blocks for screen in shown if screen.document
    ]
    assert [face.slide.title for face in drawn if _height(face.slide.shown, face.size_pt) > HEIGHT_PT] == []
    titles = [title if isinstance(title, str) else translator("en")(title) for title in _titles(drawn)]
    assert len({*titles, page.front.title}) == len(titles) + 1


def test_oak_has_the_new_words_with_their_meanings_and_the_columns_on_slides_too():
    slides = list(read_slides(made(Handout.SLIDES)).slides)

    words = next(slide for slide in slides if slide.shapes.title.text_frame.text == "Words to know")
    assert "private: only for me, or for people I choose" in on_screen(words)
    assert "Teach: step 3, 10 minutes" in spoken(words)
    pizza = next(slide for slide in slides if "Favourite pizza" in on_screen(slide))
    assert on_screen(pizza).splitlines()[1] == "Anyone · People I trust · Just me"


def test_the_columns_stand_above_a_list_that_takes_two_slides_on_both_and_never_alone():
    page, front = lesson(PRIVACY, shelf=LIBRARY.shelf)
    sorting = [face for face in faces(deck(page, front, framework=LIBRARY.framework).slides) if face.slide.board]

    lists = [face for face in sorting if any(isinstance(block, Bullets) for block in face.slide.shown)]
    assert len(lists) >= 3
    for face in sorting:
        assert face.slide.shown[: len(face.slide.board)] == face.slide.board
        assert len(face.slide.shown) > len(face.slide.board)


def test_a_poster_is_one_sheet_with_the_lessons_title_and_its_address_and_says_so_to_whoever_listens():
    screen = f"https://safe.oakfield.example/lessons/{PRIVACY}/present"
    reader, words = read_pdf(HANDOUTS.made(Handout.POSTER, PRIVACY, lang="pl", school=None, screen=screen))

    assert len(reader.pages) == 1
    assert [
        said for said in (front_of(PRIVACY).title, screen, "See it on the classroom") if not is_in(said, words)
    ] == []
    assert reader.metadata.title == front_of(PRIVACY).title
    assert "/Figure" in tags(reader)
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()
    assert not is_in("Right answer", words)


@pytest.mark.parametrize("page", LESSONS, ids=lambda page: page.id)
def test_the_teachers_words_of_each_step_of_each_lesson_are_in_some_slides_notes(page):
    made_of = deck(page, page.front, framework=LIBRARY.framework)
    said = "\n".join(plain_text(Document("", slide.notes)) for slide in made_of.slides)

    steps = ("hook", "recall", "teach", "practise", "exit-check", "close")
    lines = [line for step in steps for line in plain_text(page.part(step)).splitlines()]
    assert [line for line in lines if line not in said] == []


@pytest.mark.parametrize("page", LESSONS, ids=lambda page: page.id)
def test_each_lesson_has_notes_and_a_sheet_for_home(page):
    notes = plain_text(teacher_notes(page, page.front, framework=LIBRARY.framework))
    lines = help_lines(Audience.ADULT, school=None)
    home = plain_text(home_sheet(page.part("home"), school="Oakfield", help_lines=lines))

    assert notes.count("Right answer") == len(page.front.quiz)
    assert "Right answer" not in home
    assert len(home.split()) < 260, "more than this is not one calm page"


def test_a_list_too_long_for_a_slide_goes_on_to_the_next_with_the_numbers_that_follow():
    items = tuple(says(f"Number {number}: " + "word " * 25) for number in range(1, 9))
    slide = Slide(title="Practise", shown=(Bullets(items, ordered=True),), notes=(Paragraph(says("For Amara")),))

    drawn = list(faces([slide]))

    assert len(drawn) > 1
    assert all(face.size_pt > SIZES_PT[-1] for face in drawn), "they share it evenly, and are as large as they can be"
    starts = [block.first for face in drawn for block in face.slide.shown if isinstance(block, Bullets)]
    lengths = [len(block.items) for face in drawn for block in face.slide.shown if isinstance(block, Bullets)]
    assert starts == [1 + sum(lengths[:place]) for place in range(len(lengths))]
    assert sum(lengths) == 8
    assert {face.slide.notes for face in drawn} == {slide.notes}


def test_what_xml_cannot_hold_is_spelled_on_a_slide():
    slide = Slide(title="Odd", shown=(Paragraph(says("a\x00b\ud83d")),), notes=())
    odd = Deck(title="Odd one", under=(), notes=(), slides=(slide,), colour="#1F5AA8", lang="en")

    made_of_it = read_slides(pptx(odd, lang="en", author="Oakfield"))

    assert on_screen(made_of_it.slides[1]) == "Odd\na[U+0000]b[U+D83D]"


@pytest.fixture(scope="module")
def in_urdu(tmp_path_factory: pytest.TempPathFactory) -> Handouts:
    """A school that has the lesson in Urdu as well, as far as the Home goes."""
    folder = tmp_path_factory.mktemp("content")
    (english,) = [path for path in CONTENT[0].rglob("*.en.md") if f"id: {PRIVACY}\n" in path.read_text("utf-8")]
    text = english.read_text("utf-8")
    start = text.index("## Home")
    (folder / english.name.replace(".en.", ".ur.")).write_text(
        text[:start] + "## Home\n\nآپ کے بچے نے آج پاس ورڈ کے بارے میں سیکھا۔\n", "utf-8"
    )
    return Handouts(load_shelf([CONTENT[0], folder], ages=False), LIBRARY.framework)


def test_a_family_that_reads_urdu_gets_the_sheet_in_urdu_from_right_to_left(in_urdu):
    reader, words = read_pdf(in_urdu.made(Handout.HOME, PRIVACY, lang="ur", school=None))

    assert reader.trailer["/Root"]["/Lang"] == "ur"
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/Direction"] == "/R2L"
    assert len(reader.pages) == 1
    assert is_in("0800 1111", words) or is_in("1111 0800", words)
    assert any("\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufeff" for letter in words)
    assert not is_in("This is in English", words)


def test_a_class_that_is_taught_in_urdu_has_slides_from_right_to_left(in_urdu):
    slides = read_slides(in_urdu.made(Handout.SLIDES, PRIVACY, lang="ur", school=None)).slides

    paragraphs = [each for shape in slides[1].shapes for each in shape.text_frame.paragraphs]
    assert {each._p.pPr.get("rtl") for each in paragraphs} == {"1"}
    assert {run._r.rPr.get("lang") for each in paragraphs for run in each.runs} == {"ur-PK"}
    noted = slides[1].notes_slide.notes_text_frame.paragraphs
    assert {run._r.rPr.get("lang") for each in noted for run in each.runs} == {"ur-PK"}


def test_a_family_whose_language_the_page_lacks_is_told_so_and_has_all_else_in_it(tmp_path):
    (english,) = [path for path in CONTENT[0].rglob("*.en.md") if f"id: {PRIVACY}\n" in path.read_text("utf-8")]
    shutil.copy(english, tmp_path)
    in_english_alone = Handouts(load_shelf([tmp_path], ages=False), LIBRARY.framework)

    _, words = read_pdf(in_english_alone.made(Handout.HOME, PRIVACY, lang="pl", school=None))

    say = translator("pl")
    assert is_in(say(Text("Where to get help")), words)
    assert is_in(say(Text("This is in English. We don't have it in your language yet.")), words)
    assert say(Text("Where to get help")) != "Where to get help"


def test_an_arabic_family_takes_home_no_mark_spelled_out_and_the_english_of_what_nobody_has_checked():
    sheet = HANDOUTS.made(Handout.HOME, "lesson-y6-wellbeing-1", lang="ar", school=None)

    _, words = read_pdf(sheet)

    assert "U+20" not in words
    assert is_in("The NSPCC helps adults on 0808 800 5000. In danger now: 999.", words)


def test_every_sentence_of_ours_on_the_papers_can_be_translated():
    _, words = read_pdf(made(Handout.HOME, lang="en-XA"))

    assert is_in(translator("en-XA")(Text("Where to get help")).strip("⟦⟧"), words)
    assert not is_in("Where to get help", words)


def test_of_a_school_its_papers_have_the_name_and_its_number_and_nobody_who_is_in_it():
    amara = Person(id="amara", name="Amara Quillfeather", roles=frozenset({Role.TEACHER}), classes=("elmtree",))
    school = School(
        id="oakfield",
        name="Oakfield Primary School",
        calendar=Calendar(zone=ZoneInfo("Europe/London"), half_terms=()),
        classes=(SchoolClass(id="elmtree", name="Elmtree", years=(YearGroup(4),)),),
        people=(amara,),
        languages=(LANGUAGES["en"],),
        reporting=Reporting(out_of_hours_phone="01632 960 999"),
    )

    files = {each: HANDOUTS.made(each, PRIVACY, lang="en", school=school) for each in Handout}
    _, home = read_pdf(files[Handout.HOME])
    _, notes = read_pdf(files[Handout.NOTES])
    slides = read_slides(files[Handout.SLIDES])
    words = home + notes + "".join(on_screen(slide) + spoken(slide) for slide in slides.slides)

    assert is_in("For families, from Oakfield Primary School", home)
    assert is_in("01632 960 999", home)
    assert slides.core_properties.author == "Oakfield Primary School"
    assert not is_in("Quillfeather", words)
    assert not is_in("Elmtree", words)


def test_a_paper_is_made_once_for_as_long_as_its_page_stays_as_it_is():
    fresh = Handouts(LIBRARY.shelf, LIBRARY.framework)
    asked = {"lang": "en", "school": None}

    assert fresh.kept(Handout.HOME, PRIVACY, **asked) is None
    first = fresh.made(Handout.HOME, PRIVACY, **asked)
    began = time.perf_counter()
    again = fresh.made(Handout.HOME, PRIVACY, **asked)

    assert again is first is fresh.kept(Handout.HOME, PRIVACY, **asked)
    assert time.perf_counter() - began < 0.05
    assert fresh.kept(Handout.HOME, PRIVACY, lang="pl", school=None) is None


def test_a_start_never_waits_for_the_library_that_knows_the_format():
    asked = "import sys, bot.paper, bot.web; sys.exit(bool({'pptx', 'lxml', 'PIL'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", asked], cwd=Path(__file__).parents[2], check=False).returncode == 0
