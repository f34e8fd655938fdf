"""Taking a case out as a file, to put it into the records: everything is in it, and each copy is logged."""

import pytest

from bot.desk import Reception
from bot.languages import translator
from bot.paper import csv_table, pdf
from bot.wire import Incoming, Via
from pages import Bullets, Document, Facts, Quote
from safeguarding import Act, Outcome
from school.sensitive import Sensitive
from tests.desk.test_desk_cases import MORE, REPLY, WHY, acts, case, desk, holder, rows
from tests.desk.test_desk_inbox import ask, labels, product, reference_of, shown, sqlite_template

__all__ = ["ask", "case", "desk", "holder", "product", "sqlite_template"]

NOTE, SERVICE, WHERE = "I rang home at ten.", "Children's services, Ms Hall, because of the pictures.", "CP-2211"
VERBATIM = "=cmd|' /C calc'!A1\n\n  أنا خائف  \nmummy said 'no' 😢"


def words_of(document: Document) -> str:
    said = [document.title]
    for block in document.blocks:
        match block:
            case Facts(pairs):
                said += [each for pair in pairs for each in pair]
            case Quote(paragraphs):
                said += ["".join(str(span.text) for span in line) for line in paragraphs]
            case Bullets(items):
                said += ["".join(str(span.text) for span in line) for line in items]
            case _:
                said += [str(span.text) for span in block.inline]
    return "\n".join(map(str, said))


@pytest.fixture
def full(ask, holder, case) -> str:
    """The reference of a case with one of everything in it, handed over at the end."""
    reference, receipt = case
    ask("inbox.read", "dilys", ref=reference)
    ask("inbox.acknowledge", "dilys", ref=reference)
    ask("inbox.reply.send", "dilys", ref=reference, words=REPLY)
    holder("report.add", receipt, MORE)
    ask("inbox.note.send", "femi", ref=reference, words=NOTE)
    ask("inbox.refer.send", "dilys", ref=reference, words=SERVICE)
    ask("inbox.close.send", "dilys", ref=reference, words=WHY)
    assert ask("inbox.close.agree", "dilys", ref=reference).refused
    ask("inbox.hand_over.send", "dilys", ref=reference, words=WHERE)
    return reference


@pytest.mark.clause(42)
def test_dilys_finds_the_files_where_she_says_that_it_is_in_the_record_system(ask, case):
    reference, _ = case
    asked = ask("inbox.hand_over", "dilys", ref=reference)

    said = shown(asked)
    files = [choice for card in asked.cards for row in card.choices for choice in row]
    assert "Keep the file in CPOMS and nowhere else. Then delete it from your downloads folder" in said
    assert "within 5 days" in said
    assert [(str(choice.label), dict(choice.args)) for choice in files] == [
        ("Download it as a PDF", {"ref": reference, "as": "pdf"}),
        ("Download it as a CSV", {"ref": reference, "as": "csv"}),
    ]
    assert asked.form is not None
    assert str(asked.form.fields[0].label) == "Its reference in CPOMS"


@pytest.mark.clause(42)
def test_everything_that_there_is_of_a_case_is_in_its_pages(ask, full):
    paper = ask("inbox.paper", "femi", ref=full, **{"as": "pdf"}).paper
    said = words_of(paper.document)

    assert paper.name == full
    for words in (full, REPLY, MORE, NOTE, SERVICE, WHY, WHERE, "a pupil", "handed over", "Femi Adeyemi"):
        assert words in said
    assert said.index("Logged in CPOMS, reference") < said.index(WHERE) < said.index("Their own words")
    for words in (
        "The sender added, 24/11/2026 11:00",
        "A private note of Femi Adeyemi",
        "Why it is with a service outside, by Dilys",
        "Why it needs no record, by Dilys",
        "Where it is recorded, by Dilys",
        "Tried and refused: Dilys",
        "Femi Adeyemi took it out as a file",
    ):
        assert words in said
    assert pdf(paper.document, lang="en", author="Oakfield").startswith(b"%PDF")


def test_the_whole_log_of_a_case_is_in_its_table_with_its_marks(product, ask, full):
    paper = ask("inbox.paper", "dilys", ref=full, **{"as": "csv"}).paper
    say = translator("en")
    log = [[say(cell) if not isinstance(cell, str) else cell for cell in row] for row in paper.rows]

    kept = [row for row in rows(product) if row.subject == full]
    assert [(row[1], row[6]) for row in log if row[0] == "log"] == [
        (str(each.number), each.mark.hex()) for each in kept
    ]
    assert kept[-1].act == Act.EXPORTED
    assert {len(row) for row in log} == {len(paper.head)}
    assert log[0][:6] == ["report", "", "", "", "Reference", full]
    assert [row[5] for row in log if row[0] == "added"] == [REPLY, MORE, NOTE, SERVICE, WHY, WHERE]
    assert next(row for row in log if row[0] == "log")[2] == "2026-11-24T11:00:00+00:00"
    assert csv_table(paper.head, paper.rows, lang="en").count(full.encode()) == 1


def test_before_it_is_handed_over_there_is_a_line_to_write_the_reference_on(ask, case):
    reference, _ = case

    said = words_of(ask("inbox.paper", "dilys", ref=reference, **{"as": "pdf"}).paper.document)

    assert "Logged in CPOMS, reference\n………" in said
    assert "What was written since\nNothing." in said


def test_a_child_s_words_are_in_it_as_they_were_typed(ask):
    ask("report.send", words=VERBATIM, about="pupil")
    reference = reference_of(ask("inbox.list", "dilys"))

    table = ask("inbox.paper", "dilys", ref=reference, **{"as": "csv"}).paper
    page = ask("inbox.paper", "dilys", ref=reference, **{"as": "pdf"}).paper

    assert VERBATIM in [row[5] for row in table.rows]
    assert VERBATIM in words_of(page.document)


@pytest.mark.clause(41)
def test_every_copy_stands_in_the_log_and_so_does_every_try(product, ask, full):
    before = [each for each in acts(product) if each[0] == Act.EXPORTED]
    ask("inbox.paper", "dilys", ref=full, **{"as": "pdf"})
    ask("inbox.paper", "dilys", ref=full, **{"as": "csv"})

    assert before == []
    assert [each for each in acts(product) if each[0] == Act.EXPORTED] == [(Act.EXPORTED, "dilys")] * 2
    for person in ("hannah", ""):
        refused = ask("inbox.paper", person, ref=full, **{"as": "pdf"})
        assert refused.refused
        assert refused.paper is None
    tried = [row for row in rows(product) if row.outcome == Outcome.REFUSED and row.act == Act.EXPORTED]
    assert [row.actor for row in tried] == ["hannah", "sender"]
    assert "Dilys" in shown(ask("inbox.read", "femi", ref=full))
    assert "took it out as a file" in shown(ask("inbox.read", "femi", ref=full))


def test_it_can_be_taken_out_once_more_while_it_is_there(ask, full):
    assert "Take it out as a file" in labels(ask("inbox.read", "dilys", ref=full))

    again = ask("inbox.papers", "dilys", ref=full)

    assert labels(again) == ["Download it as a PDF", "Download it as a CSV", "Back to the report"]
    assert "delete it from your downloads folder" in shown(again)


def test_nobody_takes_out_a_report_that_is_somebody_else_s(ask):
    ask("report.send", words="The teacher shouted.", about="adult")
    reference = reference_of(ask("inbox.list", "hannah"))

    for verb in ("inbox.papers", "inbox.paper"):
        assert ask(verb, "dilys", ref=reference, **{"as": "csv"}).refused


def test_what_a_case_says_is_in_no_log_line_of_an_answer(ask, full):
    answer = ask("inbox.paper", "dilys", ref=full, **{"as": "csv"})

    assert NOTE not in repr(answer)


@pytest.mark.clause(42)
def test_nothing_in_a_file_says_which_chat_sam_wrote_from(product, ask):
    reception, chat = Reception(product.house), "904215502"

    def sam(verb: str, words: str = "", **args: str):
        said = {"words": Sensitive(words)} if words else {}
        asked = Incoming(school="oakfield", via=Via.TELEGRAM, sender=chat, verb=verb, args=args, words=said)
        return reception.receive(asked)

    sam("report.about", a="pupil", y="13")
    sent = sam("words", "Somebody asks for pictures.")
    buttons = [choice for row in sent.choices for choice in row]
    wanted = next(choice for choice in buttons if choice.verb == "report.tell")
    sam(wanted.verb, **wanted.args)
    reference = reference_of(ask("inbox.list", "dilys"))

    page = words_of(ask("inbox.paper", "dilys", ref=reference, **{"as": "pdf"}).paper.document)
    table = ask("inbox.paper", "dilys", ref=reference, **{"as": "csv"}).paper.rows

    assert "Somebody asks for pictures." in page
    assert "The sender is told in a chat when you write" in page, "that it is so, and not where"
    for told in (page, " ".join(str(cell) for row in table for cell in row)):
        assert chat not in told
    assert "What was written since\nNothing." in page


def test_what_a_report_is_about_by_its_sender_s_word_stands_in_its_file(ask):
    ask("report.send", words="Somebody asks for pictures.", about="pupil", topic="nudes")
    reference = reference_of(ask("inbox.list", "dilys"))

    page = words_of(ask("inbox.paper", "dilys", ref=reference, **{"as": "pdf"}).paper.document)

    assert "By its sender's word" in page
    assert "topic" not in page
