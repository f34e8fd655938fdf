"""Questions to whoever leads on e-safety: who may ask, what is never taken for one, and how an answer comes back."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from bot.channels.slack.reading import Reader
from bot.desk import Reception
from bot.storage.question_tables import question as question_table
from bot.storage.tables import delivery
from bot.storage.tables import evidence as evidence_table
from bot.wire import Incoming, Show, Via
from parents import FamilyState
from school.people import Role
from school.sensitive import Sensitive
from staff import ADVISERS, Asker, Question
from tests.desk.conftest import MARTA, NOW, read
from tests.desk.test_desk_revisits import AMARA, buttons

ASKED = "From what age would you let a child have a phone of their own?"
DANGER = "My daughter says she wants to kill herself, which app should we block?"
ANSWERED = "There is no one right age. Many families wait until Year 7."


def units(front_desk):
    return front_desk.product.house.units


def kept(front_desk):
    with units(front_desk).read("oakfield") as unit:
        return unit.questions.waiting(limit=9)


def lead(front_desk):
    people = front_desk.product.house.schools["oakfield"].people
    return next(each for each in people if each.holds(Role.ESAFETY_LEAD))


def teacher(front_desk):
    people = front_desk.product.house.schools["oakfield"].people
    return next(each.slack for each in people if each.slack and not each.holds(*ADVISERS))


def told(front_desk, page):
    with front_desk.product.engines.reading() as connection:
        return connection.execute(select(delivery).where(delivery.c.page == page)).all()


def send(front_desk, sender, verb, args=None, **words):
    said = {name: Sensitive(each) for name, each in words.items()}
    asked = Incoming(school="oakfield", via=Via.SLACK, sender=sender, verb=verb, args=args or {}, words=said)
    return Reception(front_desk.product.house).receive(asked)


def press(front_desk, answer, label, *, sender):
    chosen = buttons(answer)[label]
    return front_desk(chosen.verb, sender=sender, lang="en", **chosen.args)


def marta_asks(front_desk):
    front_desk.joined("en")
    front_desk("ask", lang="en")
    return front_desk("words", words=ASKED, lang="en")


@pytest.mark.clause(26, 60)
def test_marta_reads_what_it_is_for_before_she_asks_and_the_lead_hears_no_word(front_desk):
    front_desk.joined("en")

    before = read(front_desk("ask", lang="en"))
    thanks = read(front_desk("words", words=ASKED, lang="en"))

    assert before.index("A worry about a child doesn't go here") < before.index("Send your question")
    assert "/report" in before
    assert "5 school days" in before
    assert "with the person who leads on e-safety" in thanks
    (question,) = kept(front_desk)
    assert (question.words.reveal(), question.asker) == (ASKED, Asker.FAMILY)
    (notice,) = told(front_desk, "question-waits")
    assert (notice.recipient, notice.values) == (lead(front_desk).id, {})
    assert not front_desk.drafts()


def test_the_words_lie_sealed_in_the_database(front_desk):
    marta_asks(front_desk)

    with front_desk.product.engines.reading() as connection:
        (row,) = connection.execute(select(question_table)).all()
    assert b"phone" not in row.words


@pytest.mark.clause(26)
@pytest.mark.parametrize("typed_with_it", [True, False])
def test_words_with_a_sign_of_danger_are_sealed_and_are_no_question(front_desk, typed_with_it):
    front_desk.joined("en")

    if typed_with_it:
        answer = front_desk("ask", words=DANGER, lang="en")
    else:
        front_desk("ask", lang="en")
        answer = front_desk("words", words=DANGER, lang="en")

    assert kept(front_desk) == ()
    assert front_desk.drafts()
    assert answer.delete_incoming
    assert "Send it now" in buttons(answer)
    assert not told(front_desk, "question-waits")


@pytest.mark.parametrize("state", [None, FamilyState.STOPPED])
def test_sam_who_is_no_family_is_answered_as_a_report_is_and_his_words_are_sealed(front_desk, state):
    if state:
        front_desk.joined("en", state=state)

    assert "Which year are you in?" in front_desk.told("ask", lang="en")
    front_desk("ask", words="Is it OK if someone films me", lang="en")

    assert kept(front_desk) == ()
    assert front_desk.drafts()


def test_sam_on_slack_is_no_staff_and_his_words_are_sealed(front_desk):
    send(front_desk, "U0PUPIL", "ask", words="Is it OK if someone films me")

    assert kept(front_desk) == ()
    assert front_desk.drafts("U0PUPIL")


def test_what_comes_long_after_ask_is_sealed_like_any_other_words(front_desk):
    front_desk.joined("en")
    front_desk("ask", lang="en")
    front_desk.product.house.school_clock.move_to(NOW + timedelta(minutes=31))

    front_desk("words", words=ASKED, lang="en")

    assert kept(front_desk) == ()
    assert front_desk.drafts()


@pytest.mark.clause(20, 26)
def test_the_lead_answers_and_marta_reads_it_when_she_types_ask(front_desk):
    marta_asks(front_desk)
    slack = lead(front_desk).slack
    (question,) = kept(front_desk)

    queue = send(front_desk, slack, "ask.list", {"topic": "questions"})
    assert ASKED not in read(queue)
    opened = press(front_desk, queue, f"Open {question.reference}", sender=slack)
    assert ASKED in read(opened)
    assert MARTA not in read(opened)
    ref = {"ref": question.reference}
    shown = send(front_desk, slack, "ask.answer.send", ref, answer=ANSWERED)

    assert "Keep as a FAQ" in buttons(shown)
    (notice,) = told(front_desk, "question-answered")
    assert (notice.channel, notice.values) == ("telegram", {})
    assert ANSWERED in front_desk.told("ask", lang="en")
    again = send(front_desk, slack, "ask.answer.send", ref, answer="Another")
    assert again.refused
    assert "already" in read(again)
    columns = evidence_table.c
    with front_desk.product.engines.reading() as connection:
        written = connection.execute(select(columns.clause, columns.what).where(columns.kind == "question.answered"))
        assert [tuple(row) for row in written] == [("C20", "A question of a family was answered")]


@pytest.mark.clause(26)
def test_a_colleague_of_amara_s_asks_in_a_form_and_hears_back(front_desk):
    colleague = teacher(front_desk)
    form = send(front_desk, colleague, "ask").form
    assert [field.name for field in form.fields if field.private] == ["words"]
    thanks = send(front_desk, colleague, "ask.send", words="Which filter setting is right for tablets?")
    assert "Thank you for asking" in read(thanks)
    assert thanks.show is Show.REPLACE
    (question,) = kept(front_desk)

    send(front_desk, lead(front_desk).slack, "ask.answer.send", {"ref": question.reference}, answer=ANSWERED)

    (notice,) = told(front_desk, "question-answered-staff")
    assert notice.to_kind == "person"
    assert ANSWERED in read(send(front_desk, colleague, "ask"))
    for verb in ("ask.list", "ask.read", "ask.close", "ask.worry", "faq.form", "faq.off"):
        assert send(front_desk, colleague, verb, {"ref": question.reference}).refused


def test_amara_s_words_travel_wrapped(front_desk):
    reader = Reader("oakfield", lambda token: ("", {}), lambda: "1", lambda user: "en")
    body = {"command": "/lollipop", "text": "ask May I film Oak?", "user_id": AMARA, "trigger_id": "t"}

    asked = reader.command(body)

    assert (asked.verb, dict(asked.args)) == ("ask", {"topic": "ask"})
    assert asked.words["words"].reveal() == "May I film Oak?"


@pytest.mark.clause(26, 60)
def test_what_is_a_worry_goes_to_safeguarding_and_marta_is_not_written_to(front_desk):
    marta_asks(front_desk)
    slack = lead(front_desk).slack
    (question,) = kept(front_desk)
    ref = {"ref": question.reference}

    assert send(front_desk, slack, "ask.worry", ref).form is not None
    thanks = send(front_desk, slack, "ask.worry.send", {**ref, "about": "pupil"})

    assert thanks.show is Show.REPLACE
    assert told(front_desk, "concern-notice")
    assert kept(front_desk) == ()
    assert not told(front_desk, "question-answered")
    assert "The school has read this" in front_desk.told("ask", lang="en")


def test_marta_may_have_three_waiting_and_is_told_so(front_desk):
    front_desk.joined("en")
    for _ in range(3):
        front_desk("ask", words=ASKED, lang="en")

    refused = front_desk("ask", words=ASKED, lang="en")

    assert refused.refused
    assert "3 questions of yours wait" in read(refused)
    assert len(kept(front_desk)) == 3


def test_all_that_marta_asked_is_deleted_when_she_leaves(front_desk):
    marta_asks(front_desk)

    front_desk("stop", lang="en")

    assert kept(front_desk) == ()


def test_an_answered_question_is_deleted_after_90_days_and_not_before(front_desk):
    front_desk.joined("en")
    old = Question(
        id=front_desk.product.house.new_id(NOW),
        reference="LP-0LD0-22",
        asker=Asker.FAMILY,
        by="x",
        lang="en",
        words=Sensitive(ASKED),
        asked=NOW,
    )
    with units(front_desk).write("oakfield") as unit:
        unit.questions.add(old)
        unit.questions.settle(old.reference, answer=Sensitive(ANSWERED), by="dsl", now=NOW)
        unit.commit()

        ends = NOW + timedelta(days=90)
        far = NOW - timedelta(days=1)
        assert unit.questions.forget(before=ends - timedelta(days=90), asked_before=far, limit=9) == 0
        assert unit.questions.forget(before=ends - timedelta(days=89), asked_before=far, limit=9) == 1


@pytest.mark.clause(26)
def test_a_faq_is_written_anew_and_everybody_reads_it(front_desk):
    marta_asks(front_desk)
    slack = lead(front_desk).slack
    (question,) = kept(front_desk)
    ref = {"ref": question.reference}
    send(front_desk, slack, "ask.answer.send", ref, answer=ANSWERED)

    form = send(front_desk, slack, "faq.form", ref).form
    assert [field.initial for field in form.fields] == ["", ""]
    refused = send(front_desk, slack, "faq.keep", ref, ask="At what age a phone?", answer="x" * 1001)
    assert refused.refused
    assert refused.form is not None
    send(front_desk, slack, "faq.keep", ref, ask="At what age a phone?", answer="When they are ready.")

    for answer in (front_desk("faq", lang="en"), send(front_desk, teacher(front_desk), "faq")):
        assert "At what age a phone?" in read(answer)
        assert ASKED not in read(answer)
        assert not [each for each in buttons(answer).values() if each.verb.startswith("faq.")]
    send(front_desk, slack, "faq.off", ref)
    assert "At what age a phone?" not in front_desk.told("faq", lang="en")


def test_only_the_lead_and_the_head_have_the_queue(front_desk):
    marta_asks(front_desk)
    for person in front_desk.product.house.schools["oakfield"].people:
        if person.slack:
            answer = send(front_desk, person.slack, "ask.list", {"topic": "questions"})
            assert answer.refused is not person.holds(*ADVISERS)


@pytest.mark.clause(20)
def test_marta_finds_a_page_on_blackmail_in_two_taps_and_the_way_back(front_desk):
    menu = front_desk("whatif", lang="en")
    assert len(buttons(menu)) == 14
    page = press(front_desk, menu, "Someone is blackmailing my child", sender=MARTA)

    assert "Don't pay" in read(page)
    assert {"Back", "Ask the school"} <= set(buttons(page))
    assert len(buttons(press(front_desk, page, "Back", sender=MARTA))) == 14
    assert len(buttons(front_desk("whatif", lang="en", p="no-such-page"))) == 14
    for answer in (front_desk("help", lang="en"), front_desk("news", lang="en")):
        assert "What to do if ..." in buttons(answer)


@pytest.mark.clause(20)
def test_marta_reads_what_to_do_in_polish_with_the_english_below_it_until_somebody_has_checked_it(front_desk):
    front_desk.joined("pl")

    assert front_desk("whatif", lang="pl", p="blackmail").document.lang == "pl"
    told = front_desk.told("whatif", p="blackmail")
    assert "Nikt jeszcze tego nie sprawdził." in told
    assert "This is a crime, and your child is not to blame." in told


def test_a_menu_s_buttons_fit_in_telegram_s_64_bytes(front_desk):
    signer = front_desk.product.house.signers["oakfield"]
    for row in front_desk("whatif", lang="en").choices:
        for choice in row:
            assert len(signer.button(choice.verb, choice.args, on=NOW.date()).encode()) <= 64


@pytest.mark.clause(20, 60)
async def test_the_same_pages_are_open_on_the_web_and_the_front_page_leads_to_them(front_desk):
    transport = httpx.ASGITransport(app=front_desk.product.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
        front = (await browser.get("/")).text
        menu = (await browser.get("/whatif")).text
        page = (await browser.get("/whatif/blackmail", params={"lang": "pl"})).text
        faq = await browser.get("/faq")

        assert 'href="/whatif"' in front
        assert 'href="/faq"' in front
        assert menu.count('href="/whatif/') == 14
        assert "pay, and send nothing" in page
        assert "angielsku" in page
        assert faq.status_code == 200
        assert "No question has been kept here yet." in faq.text
        for missing in ("/whatif/menu", "/whatif/join-ask", "/whatif/nothing"):
            assert (await browser.get(missing)).status_code == 404
