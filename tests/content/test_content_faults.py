"""An author is told what is wrong, by file and line."""

from pathlib import Path

import pytest

from bot.library import LibraryError, load_library
from pages import CAPS, ContentFaults, Reader, load_shelf
from pages.front_matter import FRONTS
from tests.content.desk_of_an_author import NEWSLETTER, lesson, report, write

HARD = (
    "Notwithstanding considerable organisational responsibilities, administrators universally "
    "acknowledge technological accountability."
)


def test_an_author_of_whole_pages_is_told_nothing(tmp_path: Path) -> None:
    write(tmp_path, "kind-words.en.md", NEWSLETTER)
    write(tmp_path, "year-4/strong-passwords.en.md", lesson())
    write(tmp_path, "README.md", "# How to write")
    write(tmp_path, "sid/campaign.toml", "id = 1")

    assert report(tmp_path, known_strands={"privacy-and-security"}) == []


def test_an_author_is_told_of_a_statement_that_is_not_there_or_of_another_strand(tmp_path: Path) -> None:
    write(tmp_path, "a.en.md", lesson().replace("[privacy-4-1]", "[privacy-4-1, privacy-4-2, friends-4-1]"))
    statements = {"privacy-4-1": "privacy-and-security", "friends-4-1": "online-relationships"}

    assert report(tmp_path, known_statements=statements) == [
        "a.en.md:12: statements.2: there is no statement “privacy-4-2”; did you mean “privacy-4-1”?",
        "a.en.md:12: statements.3: “friends-4-1” belongs to the strand “online-relationships”",
    ]


SPOILT = {
    "a misspelt key": (
        ("title: Kind", "titel: Kind"),
        ["1: title: is missing", "4: titel: there is no such key here; did you mean “title”?"],
    ),
    "a missing key": (("send_on: 2026-11-02\n", ""), ["1: send_on: is missing"]),
    "a key of another kind": (
        ("send_on: 2026", "week: 3\nsend_on: 2026"),
        ["12: week: there is no such key here"],
    ),
    "a misspelt key further in": (
        ("    checked:", "    cheked:"),
        [
            "9: sources 1, checked: is missing",
            "11: sources 1, cheked: there is no such key here; did you mean “checked”?",
        ],
    ),
    "a number for a title": (("Kind words online", "2026"), ["4: title: should be text; put it in quotes"]),
    "text for a number": (("version: 1", "version: one"), ["5: version: should be a whole number"]),
    "a truth for a number": (("version: 1", "version: true"), ["5: version: should be a whole number"]),
    "a long title": (("Kind words online", "a" * 81), ["4: title: is too long: at most 80 characters"]),
    "a bad day": (
        ("send_on: 2026-11-02", "send_on: 2026-11-31"),
        ["12: send_on: should be a day of the calendar, such as 2026-09-01"],
    ),
    "a bad id": (("id: kind-words", "id: Kind_words"), ["2: id: should be small letters, digits and single hyphens"]),
    "a year too many": (("[R, 4]", "[R, 14]"), ["6: years 2: should be R or a year from 1 to 13"]),
    "an unknown reader": (
        ("reader: parent", "reader: parents"),
        ["7: reader: should be one of: pupil-ks1, pupil-ks2, pupil-ks3, parent, staff, everyone"],
    ),
    "an unknown kind": (
        ("kind: newsletter", "kind: newsleter"),
        ["3: kind: there is no kind “newsleter”; did you mean “newsletter”?"],
    ),
    "no kind": (
        ("kind: newsletter\n", ""),
        [f"1: kind: is missing; it is one of: {', '.join(FRONTS)}"],
    ),
    "a plain http source": (
        ("https://www", "http://www"),
        ["10: sources 1, url: should be an address that begins with https://"],
    ),
    "a key twice": (("version: 1", "version: 1\nversion: 2"), ["6: version: this key is here twice"]),
    "an alias": (
        ("title: Kind", "title: *Kind"),
        ["4: front matter: nothing can be named with & or repeated with * here"],
    ),
    "a tag": (
        ("title: Kind", "title: !!python/name:os.system Kind"),
        ["4: title: tags such as “!this” are not used here"],
    ),
    "broken YAML": (("[R, 4]", "[R, 4"), ["7: front matter: expected ',' or ']', but got ':'"]),
    "no front matter": (
        ("---\nid", "id"),
        ["1: front matter: is missing: the first line is ---, then come the keys, then --- again"],
    ),
    "a picture": (
        ("- Read", "![a cat](https://example.org/a.png)\n- Read"),
        ["20: text: pictures are not used here: describe it in words"],
    ),
    "a table": (
        ("- Ask", "| a | b |\n|---|---|\n| c | d |\n\n- Ask"),
        ["19: text: tables are not used here: a phone cannot show them"],
    ),
    "a block of code": (("- Ask", "```\ncode\n```\n\n- Ask"), ["19: text: blocks of code are not used here"]),
    "an indented line": (("- Ask", "    code\n\n- Ask"), ["19: text: a line that begins with four spaces is code"]),
    "a list in a list": (
        ("- Read", "  - Deeper\n- Read"),
        ["20: text: an item of a list is one paragraph, and holds no list"],
    ),
    "a title in the text": (
        ("## At", "# At"),
        ["17: text: the title stands in the front matter; begin headings with ##"],
    ),
    "a heading too deep": (("## At", "#### At"), ["17: text: headings are ## or ###"]),
    "a heading twice": (
        ("## At home", "## At home\n\nHi.\n\n## At home"),
        ["21: section “At home”: there is another section called “at-home” on line 17"],
    ),
    "a link that runs code": (
        ("Hello.", "Hello\n[you](javascript:alert)."),
        ["16: text: a link begins with https:, tel:, mailto: or page: and has no space in it, not “javascript:alert”"],
    ),
    "a link with a space": (
        ("Hello.", "Call [us](tel:0800 1111)."),
        ["15: text: a link begins with https:, tel:, mailto: or page: and has no space in it, not “tel:0800 1111”"],
    ),
    "a link to no page": (
        ("Hello.", "Hello [you](page:kind-word)."),
        ["15: text: there is no page “kind-word” to link to; did you mean “kind-words”?"],
    ),
    "a page too long": (
        ("- Read", "- " + "Hi. " * 900 + "Read"),
        ["15: text: is too long by 200 characters: at most 3,500 on the whole page"],
    ),
    "a control character": (
        ("Hello.", "Hello\x07."),
        ["15: file: there is a control character here (U+0007); take it out"],
    ),
    "hard words": (
        ("Hello.", HARD),
        ["15: text: reading age "],
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_an_author_is_told_the_line_of(name: str, tmp_path: Path) -> None:
    (good, bad), expected = SPOILT[name]
    assert good in NEWSLETTER
    write(tmp_path, "kind-words.en.md", NEWSLETTER.replace(good, bad, 1))

    found = report(tmp_path)

    assert len(found) == len(expected), found
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(f"kind-words.en.md:{start}"), line


SPOILT_LESSONS = {
    "a missing section": (("## Hook", "## Hok"), ["3: section “Hook”: is missing; a lesson needs it; is it “Hok”?"]),
    "an empty section": (("## Recall\n\nSay it now.", "## Recall\n"), ["35: section “Recall”: is empty"]),
    "a section too long": (
        ("## Recall\n\n", "## Recall\n\n" + "Say it. " * 330),
        ["35: section “Recall”: is too long by 51 characters: at most 2,600"],
    ),
    "words before the first section": (
        ("## Card", "Welcome.\n\n## Card"),
        ["23: text: this stands before the first ## heading, where no card shows it"],
    ),
    "an unknown strand": (
        ("strand: privacy-and-security", "strand: privacy-and-securty"),
        ["8: strand: there is no strand “privacy-and-securty”; did you mean “privacy-and-security”?"],
    ),
    "an answer that is no option": (
        ("answer: 2", "answer: 4"),
        ["19: quiz 1, answer: the answer is option 4, but there are only 3"],
    ),
    "a long option": (("[My friends", "[" + "a" * 76), ["18: quiz 1, options 1: is too long: at most 75 characters"]),
    "a single option": (
        ('[My friends, "My parent, or carer", No]', "[No]"),
        ["18: quiz 1, options: needs at least 2"],
    ),
    "the same option twice": (("No]", "My friends]"), ["18: quiz 1, options: two options are the same"]),
    "a misspelt key of a question": (
        ("    why:", "    wy:"),
        ["17: quiz 1, why: is missing", "20: quiz 1, wy: there is no such key here; did you mean “why”?"],
    ),
    "a long question": (("Who may", "Who may" + "y" * 300), ["17: quiz 1, ask: is too long: at most 300 characters"]),
    "a half-term that is none": (
        ("autumn-1", "autumn-3"),
        ["11: half_term: should be autumn-1, autumn-2, spring-1, spring-2, summer-1 or summer-2"],
    ),
    "no time at all": (("minutes: 40", "minutes: 0"), ["9: minutes: should be 1 or more"]),
}


@pytest.mark.parametrize("name", SPOILT_LESSONS)
def test_an_author_of_a_lesson_is_told_the_line_of(name: str, tmp_path: Path) -> None:
    (good, bad), expected = SPOILT_LESSONS[name]
    assert good in lesson()
    write(tmp_path, "strong-passwords.en.md", lesson().replace(good, bad, 1))

    found = report(tmp_path, known_strands={"privacy-and-security"})

    assert found == [f"strong-passwords.en.md:{line}" for line in expected]


def test_an_author_is_told_which_sentence_is_the_longest(tmp_path: Path) -> None:
    write(tmp_path, "kind-words.en.md", NEWSLETTER.replace("Hello.", HARD))

    (fault,) = report(tmp_path)

    assert "is over 11, the most for parent" in fault
    assert "the longest, here, has 9: “Notwithstanding" in fault
    assert report(tmp_path, ages=False) == []
    assert report(tmp_path, proven=[tmp_path]) == []
    assert report(tmp_path, proven=[tmp_path.parent]) == [fault]


def test_a_start_does_not_wait_for_reading_ages_of_ours_and_a_check_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    write(ours, "kind-words.en.md", NEWSLETTER.replace("Hello.", HARD))
    monkeypatch.setattr("bot.library.CONTENT", (ours,))

    assert load_library().shelf.get("kind-words", "en").reading_age > CAPS[Reader.PARENT]
    with pytest.raises(LibraryError, match="the longest, here, has 9"):
        load_library(again=True)
    write(theirs, "more-words.en.md", NEWSLETTER.replace("Hello.", HARD).replace("kind-words", "more-words"))
    with pytest.raises(LibraryError, match="the longest, here, has 9"):
        load_library(theirs)


def test_an_author_is_told_the_byte_that_is_not_utf_8(tmp_path: Path) -> None:
    write(tmp_path, "kind-words.en.md", NEWSLETTER.encode().replace(b"Hello.", b"Hello \xe9."))

    assert report(tmp_path) == ["kind-words.en.md:15: file: is not UTF-8: byte 0xe9; save it as UTF-8"]


def test_an_author_is_told_how_to_name_a_file(tmp_path: Path) -> None:
    write(tmp_path, "Kind words.md", NEWSLETTER)

    (fault,) = report(tmp_path)
    assert fault == (
        "Kind words.md:1: file name: “Kind words.md” should be called <slug>.<language>.md, "
        "such as strong-passwords.en.md"
    )


def test_an_author_is_told_where_the_other_page_of_the_same_name_is(tmp_path: Path) -> None:
    write(tmp_path, "a.en.md", NEWSLETTER)
    write(tmp_path, "b.en.md", NEWSLETTER)

    assert report(tmp_path) == ["b.en.md:2: id: “kind-words” in en is already in a.en.md"]


def test_a_translator_is_told_when_the_kind_changed_on_the_way(tmp_path: Path) -> None:
    write(tmp_path, "a.en.md", NEWSLETTER)
    write(
        tmp_path, "a.pl.md", NEWSLETTER.replace("kind: newsletter", "kind: story").replace("send_on: 2026-11-02\n", "")
    )

    assert report(tmp_path) == ["a.pl.md:3: kind: is story here but newsletter in English"]


def test_a_school_is_told_that_its_folder_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ContentFaults) as caught:
        load_shelf([tmp_path / "nowhere"])

    (fault,) = caught.value.faults
    assert (fault.path, fault.line, fault.what) == (tmp_path / "nowhere", 1, "there is no such folder")


def test_an_author_sees_all_faults_of_all_pages_in_one_report(tmp_path: Path) -> None:
    write(tmp_path, "b.en.md", lesson().replace("minutes: 40", "minutes: forty").replace("## Hook", "### Hook"))
    write(
        tmp_path,
        "a.en.md",
        NEWSLETTER.replace("titl", "tilt").replace("2026-11-02", "soon").replace("- Read", "- [x](ftp:y)"),
    )

    assert [line.rsplit(": ", 1)[0].split(": ")[0] for line in report(tmp_path)] == [
        "a.en.md:1",
        "a.en.md:4",
        "a.en.md:12",
        "a.en.md:20",
        "b.en.md:3",
        "b.en.md:9",
    ]


def test_an_author_on_windows_is_told_the_same_lines(tmp_path: Path) -> None:
    text = "\ufeff" + NEWSLETTER.replace("version: 1", "version: one").replace("\n", "\r\n")
    write(tmp_path, "kind-words.en.md", text)

    assert report(tmp_path) == ["kind-words.en.md:5: version: should be a whole number"]
