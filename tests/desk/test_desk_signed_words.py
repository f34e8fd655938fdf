"""The words of what adults sign: kept at the signature, shown once the page has others, and never changed unseen."""

from dataclasses import replace

from pages import Shelf, page_of
from school.people import Role
from tests.desk.conftest import FrontDesk, read
from tests.desk.test_desk_revisits import buttons
from tests.desk.test_desk_signing import ON, STAFF, TITLE, YES, signatures, signs, through_the_questions
from tests.desk.test_desk_todo import holder, tap

OLD, NEW, THIRD = "be it day or night", "at any hour", "within the hour"
WORDS = "What was signed: " + TITLE[:50]


def with_words(desk, *changes):
    """The same desk, where the text of the staff's document has been edited."""
    house = desk.product.house
    page = house.shelf.get(STAFF, "en")
    text = page.source
    for was, is_ in changes:
        assert was in text
        text = text.replace(was, is_)
    edited = replace(page_of(text, lang="en"), path=page.path)
    pages = [edited if each.id == STAFF else each for each in house.shelf.all(lang="en")]
    return FrontDesk(replace(desk.product, house=replace(house, shelf=Shelf(pages))))


def roll(desk):
    return desk("roll", sender=holder(desk, Role.ESAFETY_LEAD).slack, lang="en")


def words(desk, label=WORDS):
    lead = holder(desk, Role.ESAFETY_LEAD).slack
    card = tap(desk, lead, roll(desk), WORDS)
    return card if label == WORDS else tap(desk, lead, card, label)


def test_what_ben_signed_is_shown_from_the_roll_and_to_ben_once_the_page_has_another_version(front_desk):
    ben = holder(front_desk, Role.TECHNICIAN)
    signs(front_desk, ben)
    later = with_words(front_desk, (OLD, NEW), ("version: 1", "version: 2"))
    signs(later, holder(front_desk, Role.HEAD))

    newest = words(later)
    assert NEW in read(newest)
    assert OLD not in read(newest)
    (first,) = [label for label in buttons(newest) if label.startswith("Version 1 (text ")]
    assert OLD in read(words(later, first))
    his = later("sign", sender=ben.slack, lang="en", topic="sign")
    labels = [choice for row in his.choices for choice in row]
    before = later(labels[1].verb, sender=ben.slack, lang="en", **labels[1].args)
    assert OLD in read(before)
    assert "24/11/2026" in read(before)


def test_nothing_is_kept_of_what_nobody_signed_and_a_lesson_s_text_is_no_document(front_desk):
    assert WORDS not in buttons(roll(front_desk))
    lead, lesson = holder(front_desk, Role.ESAFETY_LEAD).slack, front_desk.product.house.plan[0].lesson
    front_desk("lesson.this", sender=lead, lang="en", c="oak", l=lesson)

    said = read(front_desk("roll.words", sender=lead, lang="en", p=lesson))

    assert "isn't there any more" in said


def test_a_colleague_who_minds_no_roll_reads_no_words_from_it(front_desk):
    ben = holder(front_desk, Role.TECHNICIAN)
    signs(front_desk, ben)

    assert OLD not in read(front_desk("roll.words", sender=ben.slack, lang="en", p=STAFF))


def test_a_page_whose_words_change_under_one_version_is_told_of_on_the_roll(front_desk):
    signs(front_desk, holder(front_desk, Role.TECHNICIAN))
    told = "The words of this page have changed"

    assert told not in read(roll(front_desk))
    edited = with_words(front_desk, (OLD, NEW))
    assert told in read(roll(edited))
    assert "version: 2" in read(roll(edited))
    assert told not in read(roll(with_words(front_desk, (OLD, NEW), ("version: 1", "version: 2"))))
    assert told not in read(roll(with_words(front_desk, ("Say so at once, to the", "Say so now, to the"))))


def test_each_signature_stands_under_the_words_that_were_read_though_the_version_is_one(front_desk):
    ben, hannah = holder(front_desk, Role.TECHNICIAN), holder(front_desk, Role.HEAD)
    signs(front_desk, ben)
    edited = with_words(front_desk, (OLD, NEW))
    signs(edited, hannah)
    third = with_words(front_desk, (OLD, THIRD))

    for person, read_by_them in ((ben, OLD), (hannah, NEW)):
        (duty,) = [
            choice
            for row in third("sign", sender=person.slack, lang="en", topic="sign").choices
            for choice in row
            if choice.verb == "sign.read"
        ]
        assert read_by_them in read(third("sign.read", sender=person.slack, lang="en", **duty.args))


def test_a_card_that_was_opened_before_the_words_changed_signs_nothing_and_shows_them_as_they_are(front_desk):
    ben = holder(front_desk, Role.TECHNICIAN)
    card = front_desk("sign", sender=ben.slack, lang="en", topic="sign")
    last = through_the_questions(front_desk, ben.slack, tap(front_desk, ben.slack, card, ON))
    later = with_words(front_desk, (OLD, NEW))

    shown = tap(later, ben.slack, last, YES)

    assert "This has changed since you opened it" in read(shown)
    assert NEW in read(shown)
    assert signatures(later)["ben", 1].waits
    assert "You have signed" in read(tap(later, ben.slack, shown, YES))
